//! How the log group that a call names is found, and what the pages of calls have in common.

use serde_json::Value;

use super::{Group, Logs};
use crate::wire::{ApiError, Args};

/// The most events on a page.
pub(super) const PAGE: i64 = 10_000;

/// A limit between 1 and `most`.
pub(super) fn limit(args: &Args, default: i64, most: i64) -> Result<usize, ApiError> {
    let limit = args.number("limit")?.unwrap_or(default);
    if !(1..=most).contains(&limit) {
        return Err(ApiError::invalid_parameter(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: \
             Member must have value between 1 and {most}"
        )));
    }
    Ok(usize::try_from(limit).unwrap_or_default())
}

/// The log group that a call names, by name or ARN.
pub(super) fn group<'a>(logs: &'a Logs, args: &Args) -> Result<(&'a str, &'a Group), ApiError> {
    let named = match (args.text("logGroupName")?, args.text("logGroupIdentifier")?) {
        (Some(name), None) | (None, Some(name)) => name,
        _ => {
            return Err(ApiError::invalid_parameter(
                "Exactly one of logGroupName and logGroupIdentifier must be given.",
            ));
        }
    };
    let name = named
        .split_once(":log-group:")
        .map_or(named, |(_, name)| name.trim_end_matches(":*"));
    logs.groups
        .get_key_value(name)
        .map(|(name, group)| (name.as_str(), group))
        .ok_or_else(|| missing("log group"))
}

pub(super) fn missing(what: &str) -> ApiError {
    ApiError::client(
        "ResourceNotFoundException",
        format!("The specified {what} does not exist."),
    )
}

pub(super) fn with_token(mut answer: Value, token: Option<String>) -> Value {
    if let (Some(token), Some(answer)) = (token, answer.as_object_mut()) {
        answer.insert("nextToken".to_owned(), Value::String(token));
    }
    answer
}
