//! How a pattern is refused that is none.

use crate::wire::ApiError;

pub(super) fn invalid(why: &str) -> ApiError {
    ApiError::invalid_parameter(format!("Invalid filter pattern: {why}"))
}
