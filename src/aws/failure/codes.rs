//! What AWS's error codes mean for the next step.

use ecsdeck_core::domain::ErrorKind;

/// Throttles. Source: the SDK's own list (aws-runtime, retries/classifiers.rs).
const THROTTLES: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];

const EXPIRED: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "TokenRefreshRequired",
];

const WRONG_CREDENTIALS: &[&str] = &[
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestTimeTooSkewed",
    "AuthFailure",
];

/// The kind of an error that AWS answered with this code and HTTP status.
///
/// A throttle with a 5xx status is still a throttle, so the code goes first;
/// a code that nobody knows is judged by its status.
pub(super) fn kind(code: Option<&str>, status: u16) -> ErrorKind {
    code.map(|code| code.rsplit('#').next().unwrap_or(code))
        .and_then(by_code)
        .unwrap_or_else(|| by_status(code, status))
}

fn by_code(code: &str) -> Option<ErrorKind> {
    let kind = if THROTTLES.contains(&code) {
        ErrorKind::Throttled
    } else if EXPIRED.contains(&code) {
        ErrorKind::Expired
    } else if WRONG_CREDENTIALS.contains(&code) {
        ErrorKind::WrongCredentials
    } else if code.starts_with("AccessDenied")
        || code.contains("NotAuthorized")
        || code == "UnauthorizedOperation"
        || code == "OptInRequired"
        || code == "BlockedException"
    {
        ErrorKind::Denied
    } else if code.contains("NotFound")
        || code.contains("NonExistentQueue")
        || code.contains("QueueDoesNotExist")
        || code == "NoSuchEntity"
    {
        ErrorKind::NotFound
    } else if code == "RequestTimeout" || code == "RequestTimeoutException" {
        ErrorKind::TimedOut
    } else if code.starts_with("Conflict")
        || code.contains("InUse")
        || code == "ServiceNotActiveException"
    {
        ErrorKind::Conflict
    } else if code.starts_with("Validation")
        || code.starts_with("InvalidParameter")
        || code == "ClientException"
        || code == "InvalidAction"
        || code == "UnsupportedFeatureException"
    {
        ErrorKind::Invalid
    } else if code == "ServerException"
        || code == "ServiceException"
        || code.starts_with("InternalServer")
        || code == "InternalFailure"
        || code.starts_with("ServiceUnavailable")
    {
        ErrorKind::Server
    } else {
        return None;
    };
    Some(kind)
}

fn by_status(code: Option<&str>, status: u16) -> ErrorKind {
    match (status, code) {
        (429, _) => ErrorKind::Throttled,
        (500.., _) => ErrorKind::Server,
        // AWS names all its errors: a refusal without a name is a proxy's or a portal's.
        (400..500, Some(_)) => ErrorKind::Invalid,
        (_, None) => ErrorKind::Malformed,
        (_, Some(_)) => ErrorKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_has_its_kind() {
        let table = [
            ("ThrottlingException", 400, ErrorKind::Throttled),
            ("ThrottlingException", 503, ErrorKind::Throttled),
            ("RequestThrottled", 403, ErrorKind::Throttled),
            (
                "ProvisionedThroughputExceededException",
                400,
                ErrorKind::Throttled,
            ),
            ("ExpiredTokenException", 400, ErrorKind::Expired),
            ("ExpiredToken", 403, ErrorKind::Expired),
            ("RequestExpired", 400, ErrorKind::Expired),
            (
                "UnrecognizedClientException",
                400,
                ErrorKind::WrongCredentials,
            ),
            ("InvalidClientTokenId", 403, ErrorKind::WrongCredentials),
            ("SignatureDoesNotMatch", 403, ErrorKind::WrongCredentials),
            (
                "InvalidSignatureException",
                400,
                ErrorKind::WrongCredentials,
            ),
            ("AccessDeniedException", 400, ErrorKind::Denied),
            ("AccessDenied", 403, ErrorKind::Denied),
            ("NotAuthorized", 403, ErrorKind::Denied),
            ("UnauthorizedOperation", 403, ErrorKind::Denied),
            ("ClusterNotFoundException", 400, ErrorKind::NotFound),
            ("ServiceNotFoundException", 400, ErrorKind::NotFound),
            ("ResourceNotFoundException", 400, ErrorKind::NotFound),
            ("TargetGroupNotFound", 400, ErrorKind::NotFound),
            ("NoSuchEntity", 404, ErrorKind::NotFound),
            (
                "AWS.SimpleQueueService.NonExistentQueue",
                400,
                ErrorKind::NotFound,
            ),
            (
                "com.amazonaws.sqs#QueueDoesNotExist",
                400,
                ErrorKind::NotFound,
            ),
            ("ConflictException", 400, ErrorKind::Conflict),
            ("ServiceNotActiveException", 400, ErrorKind::Conflict),
            ("ValidationException", 400, ErrorKind::Invalid),
            ("InvalidParameterException", 400, ErrorKind::Invalid),
            ("ClientException", 400, ErrorKind::Invalid),
            ("ServerException", 500, ErrorKind::Server),
            ("InternalServerError", 500, ErrorKind::Server),
            ("ServiceUnavailable", 503, ErrorKind::Server),
        ];
        for (code, status, expected) in table {
            assert_eq!(kind(Some(code), status), expected, "{code} {status}");
        }
    }

    #[test]
    fn what_nobody_knows_is_judged_by_its_status() {
        assert_eq!(kind(Some("BrandNewException"), 400), ErrorKind::Invalid);
        assert_eq!(kind(Some("BrandNewException"), 502), ErrorKind::Server);
        assert_eq!(kind(None, 429), ErrorKind::Throttled);
        assert_eq!(kind(None, 500), ErrorKind::Server);
    }

    #[test]
    fn a_refusal_without_a_name_is_not_awss() {
        assert_eq!(kind(None, 407), ErrorKind::Malformed);
        assert_eq!(kind(None, 200), ErrorKind::Malformed);
    }
}
