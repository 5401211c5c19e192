//! How each service refuses a call before it looks at what is asked: the same cause has
//! another code, status and wording in each protocol.
//!
//! source: AWS's reference of common errors for each service (CommonErrors), EC2's errors-overview, and
//! for throttling the codes that AWS's SDKs retry (aws-runtime, `retries/classifiers.rs`).
//! The conformance run holds codes and statuses against botocore's models where these name them.

use crate::service::Service;
use crate::wire::ApiError;
use crate::wire::reply::Protocol;

impl Service {
    fn is_query(self) -> bool {
        matches!(self.protocol(), Protocol::Query(_))
    }

    /// The action is none that the service has, or none that is simulated.
    pub(crate) fn unknown_operation(self, action: &str) -> ApiError {
        match self.protocol() {
            Protocol::Query(_) => ApiError::client(
                "InvalidAction",
                format!(
                    "Could not find operation {action} for version {}",
                    self.version()
                ),
            ),
            Protocol::Ec2(_) => ApiError::client(
                "InvalidAction",
                format!("The action {action} is not valid for this web service."),
            ),
            Protocol::Cbor => ApiError::unknown_operation(action).with_status(404),
            Protocol::Json(_) | Protocol::JsonWithQueryCodes(_) => {
                ApiError::unknown_operation(action)
            }
        }
    }

    fn version(self) -> &'static str {
        match self {
            Service::Elb => "2015-12-01",
            Service::Iam => "2010-05-08",
            _ => "2011-06-15",
        }
    }

    /// `caller`, an ARN, may not do that.
    pub(crate) fn access_denied(self, action: &str, caller: &str) -> ApiError {
        let action = format!("{}:{action}", self.name());
        let message = format!(
            "User: {caller} is not authorized to perform: {action} because no identity-based \
             policy allows the {action} action"
        );
        match self {
            Service::Ec2 => ApiError::client(
                "UnauthorizedOperation",
                format!("You are not authorized to perform this operation. {message}"),
            )
            .with_status(403),
            Service::Sqs => ApiError::client("AccessDenied", message).with_status(403),
            _ if self.is_query() => ApiError::client("AccessDenied", message).with_status(403),
            _ => ApiError::client("AccessDeniedException", message),
        }
    }

    /// There have been too many calls.
    pub(crate) fn throttled(self) -> ApiError {
        match self {
            Service::Sqs => ApiError::client("RequestThrottled", "Rate exceeded").with_status(403),
            Service::Ec2 => {
                ApiError::client("RequestLimitExceeded", "Request limit exceeded.").with_status(503)
            }
            _ if self.is_query() => ApiError::client("Throttling", "Rate exceeded"),
            _ => ApiError::client("ThrottlingException", "Rate exceeded"),
        }
    }

    /// The session of the credentials is over.
    pub(crate) fn expired(self) -> ApiError {
        let message = "The security token included in the request is expired";
        match self {
            Service::Ec2 => ApiError::client("RequestExpired", "Request has expired."),
            _ if self.is_query() => ApiError::client("ExpiredToken", message).with_status(403),
            _ => ApiError::client("ExpiredTokenException", message),
        }
    }

    /// Nobody knows these credentials.
    pub(crate) fn wrong_credentials(self) -> ApiError {
        let message = "The security token included in the request is invalid.";
        match self {
            Service::Ec2 => ApiError::client(
                "AuthFailure",
                "AWS was not able to validate the provided access credentials",
            )
            .with_status(401),
            _ if self.is_query() => {
                ApiError::client("InvalidClientTokenId", message).with_status(403)
            }
            _ => ApiError::client("UnrecognizedClientException", message),
        }
    }

    /// The request does not say who calls.
    ///
    /// source: AWS's reference of common errors (MissingAuthenticationToken); the wordings are
    /// those that its endpoints answer an unsigned request with.
    pub(crate) fn unsigned(self) -> ApiError {
        match self {
            Service::Ec2 => self.wrong_credentials(),
            _ if self.is_query() => ApiError::client(
                "MissingAuthenticationToken",
                "Request is missing Authentication Token",
            )
            .with_status(403),
            _ => ApiError::client(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            ),
        }
    }

    /// Something broke on AWS's side.
    pub(crate) fn internal(self, status: u16) -> ApiError {
        let code = match (self, status) {
            (Service::Ec2, 503) => "Unavailable",
            (_, 503) if self.is_query() => "ServiceUnavailable",
            (_, 503) => "ServiceUnavailableException",
            (Service::Ecs, _) => "ServerException",
            (Service::Ec2, _) => "InternalError",
            _ if self.is_query() => "InternalFailure",
            (Service::Dynamo, _) => "InternalServerError",
            _ => "InternalFailure",
        };
        ApiError::client(
            code,
            "Service is unable to process the request. Please try again later.",
        )
        .with_status(status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_operation_is_told_as_each_protocol_tells_it() {
        let told = |service: Service| {
            let error = service.unknown_operation("GetParameters");
            (error.code, error.status)
        };
        assert_eq!(
            told(Service::Parameters),
            ("UnknownOperationException".to_owned(), 400)
        );
        assert_eq!(
            told(Service::CloudWatch),
            ("UnknownOperationException".to_owned(), 404)
        );
        assert_eq!(told(Service::Elb), ("InvalidAction".to_owned(), 400));
        assert_eq!(told(Service::Ec2), ("InvalidAction".to_owned(), 400));
    }

    #[test]
    fn ec2_has_words_of_its_own_for_everything() {
        assert_eq!(Service::Ec2.throttled().code, "RequestLimitExceeded");
        assert_eq!(Service::Ec2.expired().code, "RequestExpired");
        assert_eq!(
            Service::Ec2.access_denied("StopInstances", "arn").code,
            "UnauthorizedOperation"
        );
    }
}
