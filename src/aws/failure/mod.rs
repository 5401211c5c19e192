//! From the SDK's errors to [`CloudError`].
//!
//! The invariant: a kind that promises "certainly not applied" is given only
//! where no byte of the request can have reached AWS. Whether a throttle is AWS's own
//! is judged by its code and request id. In doubt the kind is one that may have been applied.

mod chain;
mod codes;
mod foreign;

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ecs::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ecsdeck_core::domain::{CloudError, ErrorKind};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::too_late;

use crate::bounds::NoAnswer;
use crate::load::LoadError;
use crate::punctual::TooLate;

/// What a failed call means.
pub(crate) fn cloud_error<E>(
    operation: &'static str,
    error: &SdkError<E, HttpResponse>,
) -> CloudError
where
    E: Error + ProvideErrorMetadata + 'static,
{
    if chain::cause::<TooLate>(error).is_some() {
        return too_late(operation);
    }
    let code = error.code();
    let (kind, message) = match error {
        SdkError::ServiceError(answer) => {
            let words = match error.message() {
                Some(message) => chain::scrubbed(message),
                // AWS names all its errors.
                None if code.is_none() => foreign::words(answer.raw()),
                None => chain::words(answer.err()),
            };
            (codes::kind(code, answer.raw().status().as_u16()), words)
        }
        SdkError::ResponseError(answer) => {
            let status = answer.raw().status().as_u16();
            let kind = if status >= 500 {
                ErrorKind::Server
            } else {
                body(error)
            };
            let words = match chain::cause::<NoAnswer>(error) {
                Some(no_answer) => Clean::own(no_answer.to_string()),
                None if foreign::is_page(answer.raw()) => foreign::words(answer.raw()),
                None => chain::words(error),
            };
            (kind, words)
        }
        SdkError::TimeoutError(_) => (ErrorKind::TimedOut, chain::words(error)),
        SdkError::DispatchFailure(failure) => {
            // "dispatch failure: other:" says nothing that its cause does not say better.
            let connector = failure.as_connector_error();
            let cause = connector.and_then(Error::source);
            (
                connector.map_or(ErrorKind::Other, dispatch),
                cause.map_or_else(|| chain::words(error), chain::words),
            )
        }
        SdkError::ConstructionFailure(_) => (
            credentials(error).unwrap_or(ErrorKind::Invalid),
            chain::words(error),
        ),
        // The enum may grow: what we do not know may have been applied.
        _ => (ErrorKind::Other, chain::words(error)),
    };
    CloudError {
        operation,
        kind,
        code: code.map(Clean::new),
        message,
        request_id: error.request_id().map(Clean::new),
    }
}

/// No client could be made.
pub(crate) fn not_loaded(operation: &'static str, error: LoadError) -> CloudError {
    CloudError::new(operation, ErrorKind::Invalid, Clean::own(error.to_string()))
}

/// Whether AWS says with this code that the thing is not there: then that is the answer, and no failure.
pub(crate) fn absent(error: &CloudError, code: &str) -> bool {
    error.kind == ErrorKind::NotFound && error.code.as_deref() == Some(code)
}

/// An answer began but could not be used: it broke off, or it makes no sense.
fn body(error: &(dyn Error + 'static)) -> ErrorKind {
    if chain::cause::<std::io::Error>(error).is_some() {
        ErrorKind::Other
    } else {
        ErrorKind::Malformed
    }
}

/// No answer came at all.
fn dispatch(error: &ConnectorError) -> ErrorKind {
    if let Some(kind) = credentials(error) {
        kind
    } else if never_connected(error) {
        ErrorKind::Unreachable
    } else if error.is_timeout() {
        ErrorKind::TimedOut
    } else if error.is_user() {
        ErrorKind::Invalid
    } else {
        ErrorKind::Other
    }
}

/// Name resolution, TCP, proxy or TLS failed, within time or not: the request was not sent.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    chain::cause::<hyper_util::client::legacy::Error>(error)
        .is_some_and(hyper_util::client::legacy::Error::is_connect)
}

/// The request was not even signed, because no credentials could be had.
fn credentials(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    let Some(failed) = chain::cause::<CredentialsError>(error) else {
        // The identity cache gives up with a bare error of its own.
        let slow = chain::links(error)
            .any(|link| link.to_string().starts_with("identity resolver timed out"));
        return slow.then_some(ErrorKind::Unreachable);
    };
    let words = chain::words(failed).to_ascii_lowercase();
    let says = |marks: &[&str]| marks.iter().any(|mark| words.contains(mark));
    Some(match failed {
        // SSO answers UnauthorizedException once a session has ended on its side.
        _ if says(&[
            "expired",
            "session token not found or invalid",
            "unauthorizedexception",
        ]) =>
        {
            ErrorKind::Expired
        }
        CredentialsError::ProviderTimedOut(_) => ErrorKind::Unreachable,
        _ if never_connected(failed) => ErrorKind::Unreachable,
        CredentialsError::ProviderError(_)
            if says(&[
                "accessdenied",
                "invalidclienttokenid",
                "signaturedoesnotmatch",
                "invalididentitytoken",
            ]) =>
        {
            ErrorKind::WrongCredentials
        }
        _ => ErrorKind::NoCredentials,
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_ecs::operation::list_services::ListServicesError;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    use super::*;

    type Failed = SdkError<ListServicesError, HttpResponse>;

    fn response(status: u16) -> HttpResponse {
        let mut response =
            HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::empty());
        response.headers_mut().insert("x-amzn-requestid", "req-1");
        response
    }

    fn answered(code: &str, message: &str, status: u16) -> Failed {
        let meta = ErrorMetadata::builder().code(code).message(message).build();
        Failed::service_error(ListServicesError::generic(meta), response(status))
    }

    fn told(error: &Failed) -> CloudError {
        cloud_error("ecs:ListServices", error)
    }

    fn unsigned(error: CredentialsError) -> Failed {
        Failed::dispatch_failure(ConnectorError::other(error.into(), None))
    }

    #[test]
    fn an_answer_keeps_code_words_and_request_id() {
        let error = told(&answered(
            "AccessDeniedException",
            "User: x is not authorized",
            400,
        ));
        assert_eq!(error.kind, ErrorKind::Denied);
        assert_eq!(error.code.as_deref(), Some("AccessDeniedException"));
        assert_eq!(error.message, "User: x is not authorized");
        assert_eq!(error.request_id.as_deref(), Some("req-1"));
        assert_eq!(error.operation, "ecs:ListServices");
    }

    #[test]
    fn hostile_words_are_made_harmless() {
        let error = told(&answered(
            "Client\u{1b}[1mException",
            "a\u{202e}b\u{1b}[2J",
            400,
        ));
        assert_eq!(error.message, "a<202E>b");
        assert!(!error.code.unwrap().contains('\u{1b}'));
    }

    #[test]
    fn no_answer_in_time_may_have_been_applied() {
        let error = told(&Failed::timeout_error("15 s"));
        assert_eq!(error.kind, ErrorKind::TimedOut);
        assert!(error.may_have_been_applied());
        let read = Failed::dispatch_failure(ConnectorError::timeout("HTTP read timeout".into()));
        assert_eq!(told(&read).kind, ErrorKind::TimedOut);
    }

    #[test]
    fn a_broken_connection_may_have_been_applied() {
        let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let error = told(&Failed::dispatch_failure(ConnectorError::io(reset.into())));
        assert_eq!(error.kind, ErrorKind::Other);
        assert!(error.may_have_been_applied() && !error.certainly_not_applied());
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_malformed_unless_the_status_says_more() {
        assert_eq!(
            told(&Failed::response_error("not JSON", response(200))).kind,
            ErrorKind::Malformed
        );
        assert_eq!(
            told(&Failed::response_error("not JSON", response(502))).kind,
            ErrorKind::Server
        );
        let cut = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        assert_eq!(
            told(&Failed::response_error(cut, response(200))).kind,
            ErrorKind::Other
        );
    }

    #[test]
    fn each_way_to_have_no_credentials_has_its_kind() {
        let table = [
            (
                CredentialsError::not_loaded_no_source(),
                ErrorKind::NoCredentials,
            ),
            (
                CredentialsError::not_loaded("no providers in chain"),
                ErrorKind::NoCredentials,
            ),
            (
                CredentialsError::invalid_configuration("no such profile"),
                ErrorKind::NoCredentials,
            ),
            (
                CredentialsError::provider_error(
                    "the SSO token has expired and cannot be refreshed",
                ),
                ErrorKind::Expired,
            ),
            (
                CredentialsError::provider_error("ExpiredTokenException"),
                ErrorKind::Expired,
            ),
            (
                CredentialsError::provider_error("UnauthorizedException: Session token not found"),
                ErrorKind::Expired,
            ),
            (
                CredentialsError::provider_error("AccessDenied: not allowed to assume"),
                ErrorKind::WrongCredentials,
            ),
            (
                CredentialsError::provider_error("no such file"),
                ErrorKind::NoCredentials,
            ),
            (
                CredentialsError::provider_timed_out(std::time::Duration::from_secs(5)),
                ErrorKind::Unreachable,
            ),
        ];
        for (error, expected) in table {
            let words = format!("{error:?}");
            let error = told(&unsigned(error));
            assert_eq!(error.kind, expected, "{words}");
            assert!(!error.may_have_been_applied(), "nothing was sent: {words}");
        }
    }

    #[test]
    fn the_reason_for_having_no_credentials_is_told() {
        let error = told(&unsigned(CredentialsError::provider_error(
            "the SSO token has expired",
        )));
        assert!(
            error.message.contains("the SSO token has expired"),
            "{error}"
        );
    }

    #[test]
    fn without_a_region_it_is_said_how_to_give_one() {
        assert!(
            not_loaded("ecs:ListServices", LoadError::NoRegion)
                .message
                .contains("AWS_REGION")
        );
    }
}
