//! From an HTTP request to a service's action and back.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::clouds::Cloud;
use crate::cloudwatch::Reading;
use crate::engine::actions;
use crate::paging::Paging;
use crate::random::name_key;
pub(crate) use crate::service::Service;
use crate::wire::reply::{Protocol, Reply};
use crate::wire::{Answer, ApiError, Args, cbor, query};
use crate::world::FaultKind;

/// The service and the operation that the path of an rpcv2Cbor request names.
fn rpc(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("/service/")?.split_once("/operation/")
}

/// The members in which tokens come.
const TOKENS: [&str; 2] = ["nextToken", "NextToken"];

/// Further members in which tokens go, beside those in which they come.
const FURTHER_TOKENS: [&str; 2] = ["nextForwardToken", "nextBackwardToken"];

/// How a request is answered.
pub(crate) enum Answered {
    Now(Reply),
    /// By this, which needs nothing of the state any more.
    Later(Box<dyn FnOnce() -> Reply + Send>),
}

/// A listing that a fault keeps going.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GoingOn {
    pub(crate) paging: Paging,
    pub(crate) kind: FaultKind,
    /// The call.
    pub(crate) number: u64,
}

/// What a request asks for, and who asks.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) service: Service,
    /// The one that it is in: some services speak several.
    pub(crate) protocol: Protocol,
    pub(crate) action: String,
    /// The access key id of the signature; empty when there is none.
    pub(crate) who: String,
    /// The region of the signature; empty when there is none.
    pub(crate) region: String,
    /// It is at a host at which the service does not have this action.
    pub(crate) elsewhere: bool,
    pub(crate) body: Vec<u8>,
}

/// The hosts of which an action is behind a prefix, by service.
///
/// source: botocore `servicediscovery`, the `endpoint` traits of its operations.
const PREFIXED: &[(Service, &str, &str)] = &[(Service::CloudMap, "DiscoverInstances", "data-")];

/// Whether a request is at a host at which its service does not have its action.
fn elsewhere(service: Service, action: &str, host: &str) -> bool {
    let prefix = PREFIXED
        .iter()
        .find(|(of, name, _)| *of == service && *name == action);
    prefix.is_some_and(|(_, _, prefix)| !host.starts_with(prefix))
}

/// Access key id, region and service of a SigV4 `Authorization` header.
fn credential(headers: &HeaderMap) -> (&str, &str, &str) {
    let scope = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once("Credential="))
        .map_or("", |(_, rest)| rest.split(',').next().unwrap_or_default());
    let mut parts = scope.trim().split('/');
    let who = parts.next().unwrap_or_default();
    let region = parts.nth(1).unwrap_or_default();
    (who, region, parts.next().unwrap_or_default())
}

impl Request {
    /// Reads what a request asks for; `None` when it is for no service that is here.
    pub(crate) fn read(path: &str, headers: &HeaderMap, body: Vec<u8>) -> Option<Self> {
        let (who, region, scope) = credential(headers);
        let target = headers
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok());
        let (service, action) = if let Some((service, action)) = rpc(path) {
            (Service::of_target(service)?, action.to_owned())
        } else if let Some((service, action)) = target.and_then(|t| t.split_once('.')) {
            (Service::of_target(service)?, action.to_owned())
        } else {
            let form = query::form(std::str::from_utf8(&body).ok()?);
            let value = |wanted| {
                let pair = form.iter().find(|(name, _)| name == wanted);
                pair.map(|(_, value)| value.as_str())
            };
            let service = value("Version").and_then(Service::of_version);
            let sts = (scope == "sts").then_some(Service::Sts);
            (service.or(sts)?, value("Action")?.to_owned())
        };
        let protocol = match service {
            _ if rpc(path).is_some() => Protocol::Cbor,
            Service::CloudWatch => Protocol::JsonWithQueryCodes("com.amazonaws.cloudwatch"),
            _ => service.protocol(),
        };
        let host = headers.get("host").and_then(|host| host.to_str().ok());
        Some(Request {
            elsewhere: elsewhere(service, &action, host.unwrap_or_default()),
            service,
            protocol,
            action,
            who: who.to_owned(),
            region: region.to_owned(),
            body,
        })
    }

    /// The body as a structure, whatever protocol it is in.
    fn members(&self) -> Result<Map<String, Value>, ApiError> {
        let document = match self.protocol {
            Protocol::Json(_) | Protocol::JsonWithQueryCodes(_) => {
                return Args::parse(&self.body).map(Args::into_members);
            }
            Protocol::Query(_) | Protocol::Ec2(_) => {
                let form = query::form(&String::from_utf8_lossy(&self.body));
                let mut members = query::tree(&form);
                members.retain(|name, _| name != "Action" && name != "Version");
                Value::Object(members)
            }
            Protocol::Cbor => cbor::decode(&self.body)?,
        };
        match document {
            Value::Object(members) => Ok(members),
            _ => Err(ApiError::serialization("The input is not a structure")),
        }
    }

    /// The body as JSON, for the call log.
    pub(crate) fn document(&self) -> Value {
        self.members().map_or(Value::Null, Value::Object)
    }

    /// Answers the request from a cloud that is at the present, or tells how it will be
    /// answered without it: what takes long does not hold up other callers. A listing may be
    /// one that goes on and on.
    pub(crate) fn answer(
        &self,
        cloud: &mut Cloud,
        request_id: &str,
        going_on: Option<GoingOn>,
    ) -> Answered {
        let allowed = self.signed().and_then(|()| {
            let iam = &cloud.engine.iam;
            iam.authorize(self.service, &self.action)
        });
        let answer = match self.service {
            _ if allowed.is_err() => allowed.map(|()| Value::Null),
            Service::Dynamo => Args::parse(&self.body).and_then(|args| {
                actions::refuse(self.service, &self.action, &args)?;
                cloud
                    .dynamo
                    .call(&mut cloud.engine.rows, &self.action, args.value())
            }),
            Service::CloudWatch if self.action == "GetMetricData" => {
                let reading = self
                    .args(actions::members(self.service, &self.action))
                    .and_then(|args| Reading::of(&cloud.engine.cloudwatch, &args));
                match reading {
                    Err(error) => Err(error),
                    Ok(reading) => {
                        let (request, id) = (self.clone(), request_id.to_owned());
                        return Answered::Later(Box::new(move || {
                            let answer = reading.answer();
                            request.reply(answer.map(|found| request.with_mark(found)), &id)
                        }));
                    }
                }
            }
            _ => self.act(cloud),
        };
        let answer = answer.map(|page| match going_on {
            Some(GoingOn {
                paging,
                kind,
                number,
            }) => paging.goes_on(page, kind, number),
            None => page,
        });
        let mut reply = self.reply(answer, request_id);
        let told = reply.code.is_none();
        if told && self.service == Service::Logs && self.action == "StartLiveTail" {
            reply.tail = Some(cloud.engine.logs.tailed);
            reply.content_type = "application/vnd.amazon.eventstream";
        }
        Answered::Now(reply)
    }

    fn reply(&self, answer: Answer, request_id: &str) -> Reply {
        match answer {
            Ok(document) => self.protocol.document(&self.action, &document, request_id),
            Err(mut error) => {
                let member = self.service.message_member();
                error.message_member.get_or_insert(member);
                self.protocol.error(&error, request_id)
            }
        }
    }

    /// Whether it says who calls; that it proves it is not asked for.
    fn signed(&self) -> Result<(), ApiError> {
        if self.who.is_empty() {
            return Err(self.service.unsigned());
        }
        Ok(())
    }

    fn act(&self, cloud: &mut Cloud) -> Answer {
        if self.elsewhere {
            return Err(self.service.unknown_operation(&self.action));
        }
        let args = self.args(actions::members(self.service, &self.action))?;
        let document = cloud.act(self.service, &self.action, &args)?;
        Ok(self.with_mark(document))
    }

    /// The input, whose members must be those of the model; none where there is no such action.
    fn args(&self, members: Option<&[&str]>) -> Result<Args, ApiError> {
        let members = members.ok_or_else(|| self.service.unknown_operation(&self.action))?;
        let args = Args::of(self.without_mark(self.members()?));
        // AWS lets unknown members pass in silence. Here they are an error, because
        // only a mistake of the caller sends one. A table tells them itself.
        let tabled = actions::input(self.service, &self.action).is_some();
        if let (false, Some(member)) = (tabled, args.unknown(members)) {
            let what = format!("Unknown member '{member}' in the input of {}", self.action);
            return Err(ApiError::serialization(what));
        }
        Ok(args)
    }

    /// What tokens of this action begin with, so that no other action takes them.
    fn mark(&self) -> String {
        let action = format!("{}:{}", self.service.name(), self.action);
        format!("{:016x}", name_key(&action))
    }

    /// Takes the mark off a token; one of another action becomes one that nobody reads.
    fn without_mark(&self, mut members: Map<String, Value>) -> Map<String, Value> {
        for name in TOKENS {
            if let Some(Value::String(token)) = members.get_mut(name) {
                *token = token.strip_prefix(&self.mark()).unwrap_or("!").to_owned();
            }
        }
        members
    }

    fn with_mark(&self, mut document: Value) -> Value {
        for name in TOKENS.iter().chain(&FURTHER_TOKENS) {
            if let Some(Value::String(token)) = document.get_mut(*name) {
                token.insert_str(0, &self.mark());
            }
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_tells_who_calls_and_in_which_region() {
        let mut headers = HeaderMap::new();
        let value = "AWS4-HMAC-SHA256 Credential=AKIA1/20261120/eu-west-1/ecs/aws4_request, SignedHeaders=a";
        headers.insert("authorization", value.parse().unwrap());
        assert_eq!(credential(&headers), ("AKIA1", "eu-west-1", "ecs"));
        assert_eq!(credential(&HeaderMap::new()), ("", "", ""));
    }

    #[test]
    fn json_targets_and_query_forms_are_told_apart() {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-target", "AmazonSQS.ListQueues".parse().unwrap());
        let request = Request::read("/", &headers, b"{}".to_vec()).unwrap();
        assert_eq!(
            (request.service, request.action.as_str()),
            (Service::Sqs, "ListQueues")
        );
        let form = b"Action=GetCallerIdentity&Version=2011-06-15".to_vec();
        let request = Request::read("/", &HeaderMap::new(), form).unwrap();
        assert_eq!(request.service, Service::Sts);
        assert!(Request::read("/", &HeaderMap::new(), b"Action=RunInstances".to_vec()).is_none());
        let path = "/service/GraniteServiceVersion20100801/operation/ListMetrics";
        let request = Request::read(path, &HeaderMap::new(), Vec::new()).unwrap();
        assert_eq!(request.service, Service::CloudWatch);
    }
}
