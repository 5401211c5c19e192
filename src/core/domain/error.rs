//! What went wrong when AWS was asked, so that a person knows what to do.

use serde::Serialize;

use super::Arn;
use crate::text::Clean;

/// The kind of a failed call, as far as it changes what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// No credentials were found.
    NoCredentials,
    /// The credentials are past their time.
    Expired,
    /// AWS does not know the credentials or their signature.
    WrongCredentials,
    /// The credentials may not do this.
    Denied,
    /// Too many calls; certainly not applied.
    Throttled,
    /// It does not exist.
    NotFound,
    /// AWS refused the parameters.
    Invalid,
    /// It clashes with something else.
    Conflict,
    /// No connection was made; certainly not applied.
    Unreachable,
    /// No answer in time; it may have been applied.
    TimedOut,
    /// AWS's own fault; it may have been applied.
    Server,
    /// An answer that makes no sense; it may have been applied.
    Malformed,
    /// Anything else; it may have been applied.
    Other,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{operation}: {}{message}", .code.as_ref().map(|code| format!("{code}: ")).unwrap_or_default())]
pub struct CloudError {
    /// The operation as IAM names it, for example `ecs:ListServices`.
    pub operation: &'static str,
    /// What kind of failure.
    pub kind: ErrorKind,
    /// AWS's error code.
    pub code: Option<Clean>,
    /// AWS's words, or the transport's.
    pub message: Clean,
    /// AWS's request id, for a support case.
    pub request_id: Option<Clean>,
}

impl CloudError {
    /// A failure that is told in our own words: AWS gave neither a code nor a request id.
    pub fn new(operation: &'static str, kind: ErrorKind, message: Clean) -> Self {
        Self {
            operation,
            kind,
            code: None,
            message,
            request_id: None,
        }
    }

    /// An answer that makes no sense.
    pub fn malformed(operation: &'static str, message: &'static str) -> Self {
        Self::new(operation, ErrorKind::Malformed, Clean::literal(message))
    }

    /// What a person can do about it; empty where nothing general can be said.
    pub fn hint(&self) -> &'static str {
        match self.kind {
            ErrorKind::NoCredentials => {
                "no AWS credentials: log in (aws sso login) or set AWS_PROFILE"
            }
            ErrorKind::Expired => "credentials expired: log in again (aws sso login)",
            ErrorKind::WrongCredentials => {
                "AWS does not accept these credentials: check AWS_PROFILE and the keys"
            }
            ErrorKind::Denied => "your role lacks this permission",
            ErrorKind::Throttled => "AWS is throttling this account",
            ErrorKind::Unreachable => {
                "AWS cannot be reached: network, VPN, proxy or AWS_ENDPOINT_URL"
            }
            ErrorKind::TimedOut => "AWS did not answer in time",
            ErrorKind::Server => "AWS server error (5xx)",
            ErrorKind::NotFound
            | ErrorKind::Invalid
            | ErrorKind::Conflict
            | ErrorKind::Malformed
            | ErrorKind::Other => "",
        }
    }

    /// The same, with what the console does about it meanwhile: it goes on asking. A command that ends promises nothing.
    pub fn hint_while_asking(&self) -> String {
        let goes_on = match self.kind {
            ErrorKind::NoCredentials | ErrorKind::Expired => "; ecsdeck retries after you log in",
            ErrorKind::Throttled => "; retrying more slowly",
            ErrorKind::TimedOut | ErrorKind::Server => "; retrying",
            _ => "",
        };
        format!("{}{goes_on}", self.hint())
    }

    /// Whether it is about who we are: then every other call would fail the same way.
    pub fn is_about_credentials(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::NoCredentials | ErrorKind::Expired | ErrorKind::WrongCredentials
        )
    }

    /// Whether the same call may go through later though nobody does anything: who waits goes on waiting.
    pub fn may_pass(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Throttled
                | ErrorKind::Unreachable
                | ErrorKind::TimedOut
                | ErrorKind::Server
                | ErrorKind::Malformed
        )
    }

    /// Whether a write that failed so was certainly not applied, so that it may be sent again: no connection was
    /// made, or AWS itself refused it as a throttle.
    pub fn certainly_not_applied(&self) -> bool {
        match self.kind {
            ErrorKind::Unreachable => true,
            ErrorKind::Throttled => self.is_throttle_of_aws(),
            _ => false,
        }
    }

    /// Whether a write that failed so may have been applied all the same.
    pub fn may_have_been_applied(&self) -> bool {
        match self.kind {
            ErrorKind::TimedOut | ErrorKind::Server | ErrorKind::Malformed | ErrorKind::Other => {
                true
            }
            ErrorKind::Throttled => !self.is_throttle_of_aws(),
            _ => false,
        }
    }

    /// Whether AWS itself says that it has not taken the call: with a code that the service's model has for
    /// this, and a request id. A bare 429 or 503 may come from anybody on the way, after AWS has done it.
    fn is_throttle_of_aws(&self) -> bool {
        let service = self.operation.split(':').next().unwrap_or_default();
        // Source: the API reference of each service, "Common errors" and the errors of its operations.
        let codes: &[&str] = match service {
            "sqs" => &["RequestThrottled", "ThrottlingException"],
            "ecs" | "application-autoscaling" => &["ThrottlingException"],
            // StartQuery says so where too many queries run: this one was not begun.
            "logs" => &["ThrottlingException", "LimitExceededException"],
            _ => &[],
        };
        let known = |code: &Clean| codes.contains(&code.as_str());
        self.request_id.is_some() && self.code.as_ref().is_some_and(known)
    }
}

/// An item that a call, though it answered 200, could not give (`failures[]`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What was asked for.
    pub arn: Arn,
    /// MISSING, ACCESS_DENIED … in AWS's words.
    pub reason: Clean,
    /// More words, where there are any.
    pub detail: Option<Clean>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(operation: &'static str, code: Option<&str>, id: Option<&str>) -> CloudError {
        CloudError {
            code: code.map(Clean::new),
            request_id: id.map(Clean::new),
            ..CloudError::new(operation, ErrorKind::Throttled, Clean::literal("slow down"))
        }
    }

    #[test]
    fn only_a_throttle_in_awss_own_form_was_certainly_not_applied() {
        let (ecs, sqs) = ("ecs:UpdateService", "sqs:StartMessageMoveTask");
        let (code, id) = (Some("ThrottlingException"), Some("req-1"));
        for (error, certain) in [
            (throttle(ecs, code, id), true),
            (throttle(sqs, Some("RequestThrottled"), id), true),
            (throttle(ecs, None, None), false),
            (throttle(ecs, code, None), false),
            (throttle(ecs, None, id), false),
            // Of another service's model: LimitExceeded is also said of what has been done in part.
            (throttle(ecs, Some("LimitExceededException"), id), false),
            (throttle(ecs, Some("RequestThrottled"), id), false),
        ] {
            assert_eq!(error.certainly_not_applied(), certain, "{error:?}");
            assert_eq!(error.may_have_been_applied(), !certain, "{error:?}");
        }
    }

    #[test]
    fn without_a_connection_nothing_was_applied() {
        let message = Clean::literal("refused");
        let error = CloudError::new("ecs:RunTask", ErrorKind::Unreachable, message);
        assert!(error.certainly_not_applied() && !error.may_have_been_applied());
    }

    #[test]
    fn only_who_goes_on_asking_says_so() {
        let error = CloudError::new("ecs:ListClusters", ErrorKind::Expired, Clean::default());
        assert_eq!(
            error.hint(),
            "credentials expired: log in again (aws sso login)"
        );
        assert_eq!(
            error.hint_while_asking(),
            "credentials expired: log in again (aws sso login); ecsdeck retries after you log in"
        );
    }
}
