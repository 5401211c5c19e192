//! Errors in AWS's words, before a protocol gives them their shape.

use serde_json::Value;

/// An error that an action answers with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The short name of the error's shape, such as `ServiceNotFoundException`.
    pub(crate) code: String,
    pub(crate) message: String,
    /// What the member is called that has the message, where it is not called as in the
    /// service's other errors: services differ in its case.
    pub(crate) message_member: Option<&'static str>,
    /// Further members of the error's shape.
    pub(crate) members: Vec<(String, Value)>,
}

impl ApiError {
    /// An error of the caller's: HTTP status 400.
    pub(crate) fn client(code: &str, message: impl Into<String>) -> Self {
        ApiError {
            status: 400,
            code: code.to_owned(),
            message: message.into(),
            message_member: None,
            members: Vec::new(),
        }
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// With its message in a member of that name.
    pub(crate) fn told_in(mut self, member: &'static str) -> Self {
        self.message_member = Some(member);
        self
    }

    pub(crate) fn with(mut self, member: &str, value: Value) -> Self {
        self.members.push((member.to_owned(), value));
        self
    }

    pub(crate) fn invalid_parameter(message: impl Into<String>) -> Self {
        ApiError::client("InvalidParameterException", message)
    }

    /// The body is not what the protocol can read.
    pub(crate) fn serialization(message: impl Into<String>) -> Self {
        ApiError::client("SerializationException", message)
    }

    /// A value that AWS's validation of inputs refuses.
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        ApiError::client("ValidationException", message)
    }

    pub(crate) fn unknown_operation(name: &str) -> Self {
        ApiError::client(
            "UnknownOperationException",
            format!("The requested operation {name} is not recognized by the service."),
        )
    }
}
