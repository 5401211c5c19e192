//! How CloudWatch refuses what it is asked.

use crate::wire::ApiError;

pub(super) fn invalid_token() -> ApiError {
    ApiError::client("InvalidNextToken", "The specified next token is invalid.")
}

/// What CloudWatch calls a value that cannot be.
pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("InvalidParameterValueException", message)
}
