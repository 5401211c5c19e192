//! From an HTTP request to a service's action and back.

use axum::http::HeaderMap;
use serde_json::Value;

use crate::clouds::Cloud;
use crate::wire::reply::{Protocol, Reply};
use crate::wire::{Action, Answer, ApiError, Args, query};
use crate::{ecs, logs, sqs, sts};

/// The services that are simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Ecs,
    Logs,
    Sqs,
    Dynamo,
    Sts,
}

impl Service {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::Ecs => "ecs",
            Service::Logs => "logs",
            Service::Sqs => "sqs",
            Service::Dynamo => "dynamodb",
            Service::Sts => "sts",
        }
    }

    pub(crate) fn protocol(self) -> Protocol {
        match self {
            Service::Ecs | Service::Logs => Protocol::Json("1.1"),
            Service::Dynamo => Protocol::Json("1.0"),
            Service::Sqs => Protocol::JsonWithQueryCodes,
            Service::Sts => Protocol::Query(sts::NAMESPACE),
        }
    }

    /// The service of the first half of an `X-Amz-Target`.
    fn of_target(target: &str) -> Option<Self> {
        match target {
            "AmazonEC2ContainerServiceV20141113" => Some(Service::Ecs),
            "Logs_20140328" => Some(Service::Logs),
            "AmazonSQS" => Some(Service::Sqs),
            "DynamoDB_20120810" => Some(Service::Dynamo),
            _ => None,
        }
    }
}

/// What a request asks for, and who asks.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) service: Service,
    pub(crate) action: String,
    /// The access key id of the signature; empty when there is none.
    pub(crate) who: String,
    /// The region of the signature; empty when there is none.
    pub(crate) region: String,
    pub(crate) body: Vec<u8>,
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
    pub(crate) fn read(headers: &HeaderMap, body: Vec<u8>) -> Option<Self> {
        let (who, region, scope) = credential(headers);
        let target = headers
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok());
        let (service, action) = match target.and_then(|target| target.split_once('.')) {
            Some((service, action)) => (Service::of_target(service)?, action.to_owned()),
            None => {
                let form = query::form(std::str::from_utf8(&body).ok()?);
                let (_, action) = form.into_iter().find(|(name, _)| name == "Action")?;
                let known = scope == "sts" || action == "GetCallerIdentity";
                (known.then_some(Service::Sts)?, action)
            }
        };
        Some(Request {
            service,
            action,
            who: who.to_owned(),
            region: region.to_owned(),
            body,
        })
    }

    /// The body as JSON, for the call log.
    pub(crate) fn document(&self) -> Value {
        match self.service {
            Service::Sts => std::str::from_utf8(&self.body)
                .map(|body| {
                    query::form(body)
                        .into_iter()
                        .map(|(n, v)| (n, v.into()))
                        .collect()
                })
                .map_or(Value::Null, Value::Object),
            _ => serde_json::from_slice(&self.body).unwrap_or_default(),
        }
    }

    /// Answers the request from a cloud that is at the present.
    pub(crate) fn answer(&self, cloud: &mut Cloud, request_id: &str) -> Reply {
        let protocol = self.service.protocol();
        let answer = match self.service {
            Service::Ecs => self.act(cloud, ecs::api::ACTIONS),
            Service::Logs => self.act(cloud, logs::api::ACTIONS),
            Service::Sqs => self.act(cloud, sqs::api::ACTIONS),
            Service::Dynamo => Args::parse(&self.body).and_then(|args| {
                cloud
                    .dynamo
                    .call(&mut cloud.engine, &self.action, args.value())
            }),
            Service::Sts => match sts::call(&cloud.engine, &self.action, request_id) {
                Ok(xml) => {
                    let mut reply = protocol.document(&Value::Null);
                    reply.body = xml.into_bytes();
                    return reply;
                }
                Err(error) => Err(error),
            },
        };
        match answer {
            Ok(document) => protocol.document(&document),
            Err(error) => protocol.error(&error, request_id),
        }
    }

    fn act(&self, cloud: &mut Cloud, actions: &[Action]) -> Answer {
        let action = actions
            .iter()
            .find(|action| action.name == self.action)
            .ok_or_else(|| ApiError::unknown_operation(&self.action))?;
        let args = Args::parse(&self.body)?;
        // AWS lets unknown members pass in silence. Here they are an error, because
        // only a mistake of the caller sends one.
        if let Some(member) = args.unknown(action.members) {
            let what = format!("Unknown member '{member}' in the input of {}", action.name);
            return Err(ApiError::serialization(what));
        }
        cloud.act(self.service, action, &args)
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
        let request = Request::read(&headers, b"{}".to_vec()).unwrap();
        assert_eq!(
            (request.service, request.action.as_str()),
            (Service::Sqs, "ListQueues")
        );
        let form = b"Action=GetCallerIdentity&Version=2011-06-15".to_vec();
        let request = Request::read(&HeaderMap::new(), form).unwrap();
        assert_eq!(request.service, Service::Sts);
        assert!(Request::read(&HeaderMap::new(), b"Action=RunInstances".to_vec()).is_none());
    }
}
