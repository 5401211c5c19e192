//! Actions that answer in pages, and pages that never end: the member in which a token goes and the one in which the
//! next comes.
//!
//! Invariant: whatever token a caller brings, a listing that a fault keeps going is answered with its first page.

use serde_json::{Map, Value, json};

use crate::engine::actions;
use crate::service::Service;
use crate::wire::reply::Protocol;
use crate::wire::{cbor, query};
use crate::world::FaultKind;

/// Members of inputs that take a token, and those of answers that bring the next one.
///
/// source: botocore, `paginators-1.json` of each service.
const MEMBERS: [(&str, &str); 3] = [
    ("nextToken", "nextToken"),
    ("NextToken", "NextToken"),
    ("Marker", "NextMarker"),
];

/// How an action pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paging {
    asks: &'static str,
    gives: &'static str,
    /// The token is the key of an item.
    keyed: bool,
}

/// How an action of a service pages; none where it gives everything at once.
pub(crate) fn of(service: Service, action: &str) -> Option<Paging> {
    let paging = |asks, gives, keyed| Some(Paging { asks, gives, keyed });
    match (service, action) {
        (Service::Dynamo, "Query" | "Scan") => {
            paging("ExclusiveStartKey", "LastEvaluatedKey", true)
        }
        (Service::Dynamo, "ListTables") => {
            paging("ExclusiveStartTableName", "LastEvaluatedTableName", false)
        }
        (Service::Dynamo, _) => None,
        (Service::Iam, "SimulatePrincipalPolicy") => paging("Marker", "Marker", false),
        _ => {
            let members = actions::members(service, action)?;
            let mut known = MEMBERS.iter();
            let (asks, gives) = known.find(|(asks, _)| members.contains(asks))?;
            paging(asks, gives, false)
        }
    }
}

/// Whether an action of this name answers in pages, of this service or of any.
pub(crate) fn is_paged(service: Option<&str>, action: &str) -> bool {
    let named = |one: &&Service| service.is_none_or(|service| one.name() == service);
    let mut services = Service::ALL.iter().filter(named);
    services.any(|service| of(*service, action).is_some())
}

impl Paging {
    /// The body of the request for the first page, from that of the request for any.
    pub(crate) fn first(self, protocol: Protocol, body: &[u8]) -> Vec<u8> {
        let without = |mut members: Map<String, Value>| {
            members.remove(self.asks);
            Value::Object(members)
        };
        match protocol {
            Protocol::Query(_) | Protocol::Ec2(_) => {
                let form = query::form(&String::from_utf8_lossy(body));
                let kept = form.iter().filter(|(name, _)| name != self.asks);
                query::written(kept).into_bytes()
            }
            Protocol::Json(_) | Protocol::JsonWithQueryCodes(_) => {
                match serde_json::from_slice(body) {
                    Ok(Value::Object(members)) => without(members).to_string().into_bytes(),
                    _ => body.to_vec(),
                }
            }
            Protocol::Cbor => match cbor::decode(body) {
                Ok(Value::Object(members)) => cbor::encode(&without(members)),
                _ => body.to_vec(),
            },
        }
    }

    /// A page after which another one comes, as a fault of that kind has it for call `number`.
    pub(crate) fn goes_on(self, mut page: Value, kind: FaultKind, number: u64) -> Value {
        let Some(members) = page.as_object_mut() else {
            return page;
        };
        if kind == FaultKind::EmptyPages {
            for member in members.values_mut().filter(|member| member.is_array()) {
                *member = json!([]);
            }
        }
        let token = match kind {
            FaultKind::SameToken => "once-more".to_owned(),
            _ => format!("page-{number}"),
        };
        let token = if self.keyed {
            json!({ "id": { "S": token } })
        } else {
            json!(token)
        };
        members.insert(self.gives.to_owned(), token);
        if self.gives == "Marker" {
            members.insert("IsTruncated".to_owned(), json!(true));
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_page_and_descriptions_do_not() {
        for (service, action) in [
            (Service::Ecs, "ListServices"),
            (Service::Logs, "FilterLogEvents"),
            (Service::Sqs, "ListQueues"),
            (Service::Dynamo, "Scan"),
            (Service::Elb, "DescribeTargetGroups"),
            (Service::Iam, "SimulatePrincipalPolicy"),
        ] {
            assert!(of(service, action).is_some(), "{action}");
        }
        for (service, action) in [
            (Service::Ecs, "DescribeServices"),
            (Service::Sts, "GetCallerIdentity"),
            (Service::Dynamo, "DescribeTable"),
        ] {
            assert_eq!(of(service, action), None, "{action}");
        }
        assert!(is_paged(Some("ecs"), "ListTasks") && is_paged(None, "Scan"));
        assert!(!is_paged(Some("sqs"), "ListTasks"));
    }

    #[test]
    fn whatever_token_comes_the_first_page_is_asked_for() {
        let first = |service: Service, action: &str, body: &str| {
            let paging = of(service, action).unwrap();
            String::from_utf8(paging.first(service.protocol(), body.as_bytes())).unwrap()
        };
        let body = r#"{"cluster":"main","nextToken":"page-7"}"#;
        let ecs = first(Service::Ecs, "ListServices", body);
        assert_eq!(ecs, r#"{"cluster":"main"}"#);
        let form = "Action=DescribeTargetGroups&Names.member.1=a%26b&Marker=page-7";
        let elb = first(Service::Elb, "DescribeTargetGroups", form);
        assert_eq!(elb, "Action=DescribeTargetGroups&Names.member.1=a%26b");
    }

    #[test]
    fn a_page_keeps_its_items_or_loses_them_and_its_token_is_new_or_the_same() {
        let page = json!({ "serviceArns": ["a"] });
        let ecs = of(Service::Ecs, "ListServices").unwrap();
        let next = |kind, number| ecs.goes_on(page.clone(), kind, number);
        let endless = next(FaultKind::EndlessPages, 7);
        assert_eq!(
            endless,
            json!({ "serviceArns": ["a"], "nextToken": "page-7" })
        );
        let empty = next(FaultKind::EmptyPages, 8);
        assert_eq!(empty, json!({ "serviceArns": [], "nextToken": "page-8" }));
        let same = next(FaultKind::SameToken, 9)["nextToken"].take();
        assert_eq!(same, next(FaultKind::SameToken, 10)["nextToken"]);
    }
}
