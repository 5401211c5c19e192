//! LastEvaluatedKey as a page token, and back without loss.
//!
//! The token is DynamoDB's own JSON (`{"id":{"S":"7"}}`). Keys are strings,
//! numbers or bytes (source: DynamoDB developer guide, "Primary key").

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::{Blob, base64};
use ecsdeck_worker::ports::PageToken;
use serde_json::{Map, Value, json};

/// One item: attribute names and their typed values.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The token of a key.
pub(super) fn write(key: &Item) -> PageToken {
    let attributes: Map<String, Value> = key
        .iter()
        .filter_map(|(name, value)| {
            let typed = match value {
                AttributeValue::S(text) => json!({ "S": text }),
                AttributeValue::N(digits) => json!({ "N": digits }),
                AttributeValue::B(bytes) => json!({ "B": base64::encode(bytes) }),
                _ => return None,
            };
            Some((name.clone(), typed))
        })
        .collect();
    PageToken(Value::Object(attributes).to_string())
}

/// The key of a token; none when it is not one of ours.
pub(super) fn read(token: &PageToken) -> Option<Item> {
    let attributes: Map<String, Value> = serde_json::from_str(&token.0).ok()?;
    attributes
        .into_iter()
        .map(|(name, typed)| Some((name, attribute(&typed)?)))
        .collect()
}

fn attribute(typed: &Value) -> Option<AttributeValue> {
    let (kind, value) = typed.as_object()?.iter().next()?;
    let value = value.as_str()?;
    match kind.as_str() {
        "S" => Some(AttributeValue::S(value.to_owned())),
        "N" => Some(AttributeValue::N(value.to_owned())),
        "B" => Some(AttributeValue::B(Blob::new(base64::decode(value).ok()?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_the_way_there_and_back() {
        let key = Item::from([
            (
                "id".into(),
                AttributeValue::S("a\"\u{1b}[2J\u{202e}é".into()),
            ),
            (
                "made".into(),
                AttributeValue::N("12345678901234567890123456789012345678".into()),
            ),
            ("raw".into(), AttributeValue::B(Blob::new([0, 255, 27]))),
        ]);
        assert_eq!(read(&write(&key)), Some(key));
    }

    #[test]
    fn a_token_that_is_not_ours_is_refused() {
        for token in [
            "",
            "7",
            "{\"id\":\"x\"}",
            "{\"id\":{\"M\":{}}}",
            "{\"id\":{\"B\":\"?\"}}",
        ] {
            assert_eq!(read(&PageToken(token.into())), None, "{token}");
        }
    }
}
