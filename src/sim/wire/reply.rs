//! Replies: status, headers and body in the shape of the service's protocol.

use serde_json::{Value, json};

use super::xml::{ec2_error, ec2_reply, query_reply};
use super::{ApiError, cbor, query};

/// The protocol in which a service answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// awsJson, with its version: `1.0` or `1.1`.
    Json(&'static str),
    /// awsJson 1.0 that also names the error code of the old query protocol; with the
    /// namespace of the service's errors.
    JsonWithQueryCodes(&'static str),
    /// awsQuery with the XML namespace of its replies.
    Query(&'static str),
    /// EC2's dialect of it.
    Ec2(&'static str),
    /// smithy rpcv2Cbor.
    Cbor,
}

/// What goes back to the client.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
    /// `x-amzn-query-error`, for services that once spoke the query protocol.
    pub(crate) query_error: Option<String>,
    /// The error code, for the call log.
    pub(crate) code: Option<String>,
    /// The live tail session that goes on in place of the body.
    pub(crate) tail: Option<u64>,
}

impl Protocol {
    fn content_type(self) -> &'static str {
        match self {
            Protocol::Json("1.1") => "application/x-amz-json-1.1",
            Protocol::Json(_) | Protocol::JsonWithQueryCodes(_) => "application/x-amz-json-1.0",
            Protocol::Query(_) | Protocol::Ec2(_) => "text/xml",
            Protocol::Cbor => "application/cbor",
        }
    }

    /// What an action answers when it does what it is asked.
    pub(crate) fn document(self, action: &str, document: &Value, request_id: &str) -> Reply {
        let body = match self {
            Protocol::Json(_) | Protocol::JsonWithQueryCodes(_) => {
                document.to_string().into_bytes()
            }
            Protocol::Query(namespace) => {
                query_reply(action, namespace, document, request_id).into_bytes()
            }
            Protocol::Ec2(namespace) => {
                ec2_reply(action, namespace, document, request_id).into_bytes()
            }
            Protocol::Cbor => cbor::encode(document),
        };
        Reply {
            status: 200,
            content_type: self.content_type(),
            body,
            query_error: None,
            code: None,
            tail: None,
        }
    }

    pub(crate) fn error(self, error: &ApiError, request_id: &str) -> Reply {
        let body = match self {
            Protocol::Query(namespace) => {
                query::error_xml(error, namespace, request_id).into_bytes()
            }
            Protocol::Ec2(_) => ec2_error(error, request_id).into_bytes(),
            Protocol::Json(_) | Protocol::JsonWithQueryCodes(_) | Protocol::Cbor => {
                let member = error.message_member.unwrap_or("message");
                let mut document = json!({ "__type": self.type_of(error), member: error.message });
                if let Some(members) = document.as_object_mut() {
                    members.extend(error.members.clone());
                }
                if self == Protocol::Cbor {
                    cbor::encode(&document)
                } else {
                    document.to_string().into_bytes()
                }
            }
        };
        let queryish = matches!(self, Protocol::JsonWithQueryCodes(_) | Protocol::Cbor);
        Reply {
            status: error.status,
            content_type: self.content_type(),
            body,
            query_error: queryish.then(|| format!("{};Sender", query_code(&error.code))),
            code: Some(error.code.clone()),
            tail: None,
        }
    }

    fn type_of(self, error: &ApiError) -> String {
        match self {
            Protocol::Json("1.0") | Protocol::JsonWithQueryCodes(_)
                if COMMON.contains(&error.code.as_str()) =>
            {
                format!("com.amazon.coral.service#{}", error.code)
            }
            Protocol::JsonWithQueryCodes(namespace) => format!("{namespace}#{}", error.code),
            // Of the services here only DynamoDB speaks plain awsJson 1.0.
            Protocol::Json("1.0") => match error.code.as_str() {
                "ValidationException" => "com.amazon.coral.validate#ValidationException".to_owned(),
                code => format!("com.amazonaws.dynamodb.v20120810#{code}"),
            },
            Protocol::Cbor => format!("com.amazonaws.cloudwatch#{}", error.code),
            _ => error.code.clone(),
        }
    }
}

/// Errors that every service has from the framework beneath it.
const COMMON: &[&str] = &[
    "AccessDeniedException",
    "ExpiredTokenException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "UnknownOperationException",
    "UnrecognizedClientException",
];

/// The code of the old query protocol for an error of SQS or CloudWatch.
fn query_code(code: &str) -> &str {
    match code {
        "InvalidParameterCombinationException" => "InvalidParameterCombination",
        "InvalidParameterValueException" => "InvalidParameterValue",
        "QueueDoesNotExist" => "AWS.SimpleQueueService.NonExistentQueue",
        "UnsupportedOperation" => "AWS.SimpleQueueService.UnsupportedOperation",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQS: Protocol = Protocol::JsonWithQueryCodes("com.amazonaws.sqs");

    #[test]
    fn sqs_errors_carry_the_code_of_the_query_protocol() {
        let error = ApiError::client("QueueDoesNotExist", "The specified queue does not exist.");
        let reply = SQS.error(&error, "id");
        assert_eq!(
            reply.query_error.as_deref(),
            Some("AWS.SimpleQueueService.NonExistentQueue;Sender")
        );
        assert!(
            String::from_utf8(reply.body)
                .unwrap()
                .contains("com.amazonaws.sqs#QueueDoesNotExist")
        );
    }

    #[test]
    fn json_errors_carry_the_further_members_of_their_shape() {
        let error =
            ApiError::client("ConflictException", "in use").with("resourceIds", json!(["a"]));
        let reply = Protocol::Json("1.1").error(&error, "id");
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            body,
            json!({"__type": "ConflictException", "message": "in use", "resourceIds": ["a"]})
        );
    }
}
