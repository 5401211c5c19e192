//! What answers are made of: pages with their tokens, members that may be missing, times, tags.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::clock::Time;
use crate::ecs::service::Network;
use crate::random::name_key;
use crate::wire::{ApiError, Args, page};

/// The size of a page: between 1 and 100.
pub(super) fn page_size(args: &Args, default: i64) -> Result<usize, ApiError> {
    match args.number("maxResults")?.unwrap_or(default) {
        size @ 1..=100 => Ok(usize::try_from(size).unwrap_or_default()),
        _ => Err(ApiError::invalid_parameter(
            "maxResults must be between 1 and 100.",
        )),
    }
}

/// What a token is good for: the query that gave it, whatever the size of its pages.
pub(super) fn query_mark(args: &Args, member: &str) -> String {
    let mut query = args.value();
    if let Some(query) = query.as_object_mut() {
        query.remove("nextToken");
        query.remove("maxResults");
    }
    format!("{:016x}", name_key(&format!("{member}{query}")))
}

/// The key after which the page begins, of the query that answers with `member`.
pub(super) fn page_begin(args: &Args, member: &str) -> Result<String, ApiError> {
    let token = args.text("nextToken")?;
    let key = page::begin(token)?;
    if token.is_none() {
        return Ok(key);
    }
    key.strip_prefix(&query_mark(args, member))
        .map(str::to_owned)
        .ok_or_else(|| ApiError::invalid_parameter("Invalid token."))
}

/// `{member: items, nextToken?}`
pub(super) fn paged(args: &Args, member: &str, cut: page::Page<Value>) -> Value {
    let mut answer = json!({ member: cut.items });
    let next = cut.next.as_deref().and_then(page::unseal);
    let token = next.map(|key| page::seal(&format!("{}{key}", query_mark(args, member))));
    set(&mut answer, "nextToken", token.map(Value::String));
    answer
}

/// Sets members that are there.
pub(super) fn set(document: &mut Value, member: &str, value: impl Into<Option<Value>>) {
    if let (Some(value), Some(document)) = (value.into(), document.as_object_mut()) {
        document.insert(member.to_owned(), value);
    }
}

pub(super) fn time(at: Option<Time>) -> Option<Value> {
    at.map(Time::json_seconds)
}

pub(super) fn tags_json(tags: &BTreeMap<String, String>) -> Value {
    tags.iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect()
}

pub(super) fn network_json(network: &Network) -> Value {
    json!({ "awsvpcConfiguration": {
        "subnets": network.subnets,
        "securityGroups": network.security_groups,
        "assignPublicIp": if network.public_ip { "ENABLED" } else { "DISABLED" },
    }})
}

/// Whether a describe was asked for tags too.
pub(super) fn wants_tags(args: &Args) -> Result<bool, ApiError> {
    Ok(args.texts("include")?.contains(&"TAGS"))
}
