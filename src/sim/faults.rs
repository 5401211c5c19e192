//! Faults: rules that make calls fail, hang, or take their time.
//!
//! Invariant: the first rule that fits a call and is not used up applies, alone.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::dispatch::{Request, Service};
use crate::wire::ApiError;

/// What a rule does to a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Fault {
    /// It is accepted and not answered until the rule is gone.
    Stall,
    /// The connection is reset; the call is not carried out.
    Reset,
    /// The call is carried out, then the connection is reset.
    ResetAfter,
    /// It fails with this error.
    Error {
        code: String,
        #[serde(default = "bad_request")]
        status: u16,
        #[serde(default)]
        message: String,
    },
    /// It takes so many wall seconds longer.
    Latency { seconds: f64 },
    /// The credentials have expired.
    Expired,
    /// Nobody knows these credentials.
    WrongCredentials,
    /// The caller may not do that.
    AccessDenied,
    /// There have been too many calls.
    Throttle,
}

fn bad_request() -> u16 {
    400
}

/// A rule: which calls, from which of them on, how many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rule {
    #[serde(default)]
    id: u64,
    /// `ecs`, `logs`, `sqs`, `dynamodb` or `sts`; none means all.
    service: Option<String>,
    /// The name of an action; none means all.
    action: Option<String>,
    #[serde(flatten)]
    fault: Fault,
    /// Calls that are let pass first.
    #[serde(default)]
    skip: u64,
    /// Calls that it then applies to; none means all.
    times: Option<u64>,
}

impl Rule {
    fn fits(&self, request: &Request) -> bool {
        self.service
            .as_ref()
            .is_none_or(|s| s == request.service.name())
            && self.action.as_ref().is_none_or(|a| *a == request.action)
    }
}

/// The rules of a simulator.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Mutex<(u64, Vec<Rule>)>,
    /// Changes when rules do, so that stalled calls look again.
    changed: watch::Sender<u64>,
}

impl Faults {
    pub(crate) fn new() -> Self {
        Faults {
            rules: Mutex::new((0, Vec::new())),
            changed: watch::Sender::new(0),
        }
    }

    fn rules(&self) -> MutexGuard<'_, (u64, Vec<Rule>)> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a rule from its JSON form; its number.
    pub(crate) fn add(&self, rule: Value) -> Result<u64, String> {
        let mut rule: Rule = serde_json::from_value(rule).map_err(|error| error.to_string())?;
        let mut rules = self.rules();
        rules.0 += 1;
        rule.id = rules.0;
        rules.1.push(rule);
        Ok(rules.0)
    }

    /// Deletes one rule, or all.
    pub(crate) fn delete(&self, id: Option<u64>) {
        self.rules()
            .1
            .retain(|rule| id.is_some_and(|id| rule.id != id));
        self.changed.send_modify(|changes| *changes += 1);
    }

    pub(crate) fn list(&self) -> Value {
        json!(self.rules().1)
    }

    /// The fault that applies to a call, and the number of its rule.
    pub(crate) fn take(&self, request: &Request) -> Option<(u64, Fault)> {
        let mut rules = self.rules();
        for rule in rules.1.iter_mut().filter(|rule| rule.fits(request)) {
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            match &mut rule.times {
                Some(0) => continue,
                Some(times) => *times -= 1,
                None => {}
            }
            return Some((rule.id, rule.fault.clone()));
        }
        None
    }

    /// Waits until a rule is deleted.
    pub(crate) async fn until_deleted(&self, id: u64) {
        let mut changed = self.changed.subscribe();
        loop {
            if self.rules().1.iter().all(|rule| rule.id != id) || changed.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Fault {
    /// The error that the fault answers `caller`, an ARN, with, in the service's own words.
    pub(crate) fn error(&self, request: &Request, caller: &str) -> Option<ApiError> {
        let service = request.service;
        let query = service == Service::Sts;
        let error = match self {
            Fault::Stall | Fault::Reset | Fault::ResetAfter | Fault::Latency { .. } => return None,
            Fault::Error {
                code,
                status,
                message,
            } => ApiError::client(code, message.clone()).with_status(*status),
            Fault::Expired if query => ApiError::client(
                "ExpiredToken",
                "The security token included in the request is expired",
            )
            .with_status(403),
            Fault::Expired => ApiError::client(
                "ExpiredTokenException",
                "The security token included in the request is expired",
            ),
            Fault::WrongCredentials if query => ApiError::client(
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
            )
            .with_status(403),
            Fault::WrongCredentials => ApiError::client(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            ),
            Fault::AccessDenied => {
                let action = format!("{}:{}", service.name(), request.action);
                let message = format!(
                    "User: {caller} is not authorized to perform: {action} because no identity-based \
                     policy allows the {action} action"
                );
                match service {
                    Service::Sqs | Service::Sts => {
                        ApiError::client("AccessDenied", message).with_status(403)
                    }
                    _ => ApiError::client("AccessDeniedException", message),
                }
            }
            Fault::Throttle => match service {
                Service::Sqs => {
                    ApiError::client("RequestThrottled", "Rate exceeded").with_status(403)
                }
                Service::Sts => ApiError::client("Throttling", "Rate exceeded"),
                _ => ApiError::client("ThrottlingException", "Rate exceeded"),
            },
        };
        Some(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(service: Service, action: &str) -> Request {
        Request {
            service,
            action: action.to_owned(),
            who: "AKIA".to_owned(),
            region: "us-east-1".to_owned(),
            body: Vec::new(),
        }
    }

    #[test]
    fn a_rule_skips_then_applies_so_many_times() {
        let faults = Faults::new();
        let rule = json!({"service": "ecs", "kind": "throttle", "skip": 1, "times": 2});
        faults.add(rule).unwrap();
        let hit = |action| faults.take(&request(Service::Ecs, action)).is_some();
        assert_eq!(
            [hit("A"), hit("B"), hit("C"), hit("D")],
            [false, true, true, false]
        );
        assert!(faults.take(&request(Service::Sqs, "A")).is_none());
    }

    #[test]
    fn expired_credentials_look_as_each_protocol_says_it() {
        let json = Fault::Expired
            .error(&request(Service::Ecs, "ListClusters"), "")
            .unwrap();
        assert_eq!(
            (json.code.as_str(), json.status),
            ("ExpiredTokenException", 400)
        );
        let query = Fault::WrongCredentials
            .error(&request(Service::Sts, "GetCallerIdentity"), "")
            .unwrap();
        assert_eq!(
            (query.code.as_str(), query.status),
            ("InvalidClientTokenId", 403)
        );
    }

    #[test]
    fn a_rule_of_an_unknown_kind_is_refused() {
        assert!(Faults::new().add(json!({"kind": "gremlin"})).is_err());
    }
}
