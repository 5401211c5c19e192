//! An attribute's value as text: what it says at the top, compact JSON within.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::Blob;
use ecsdeck_core::text::Clean;
use serde_json::{Number, Value};

/// The text of a value.
pub(super) fn text(value: &AttributeValue) -> Clean {
    match value {
        AttributeValue::S(text) => Clean::new(text),
        AttributeValue::N(digits) => Clean::new(digits),
        AttributeValue::B(bytes) => Clean::own(size(bytes)),
        other => Clean::new(&json(other).to_string()),
    }
}

/// Bytes are named by their number: they mean nothing to a reader.
fn size(bytes: &Blob) -> String {
    format!("<{} bytes>", bytes.as_ref().len())
}

fn json(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => text.as_str().into(),
        AttributeValue::N(digits) => number(digits),
        AttributeValue::B(bytes) => size(bytes).into(),
        AttributeValue::Bool(truth) => (*truth).into(),
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::L(values) => values.iter().map(json).collect(),
        // The map comes in no order; text that changes with every reading cannot be read.
        AttributeValue::M(values) => values
            .iter()
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .map(|(name, value)| (name.clone(), json(value)))
            .collect(),
        AttributeValue::Ss(texts) => texts.iter().map(String::as_str).collect(),
        AttributeValue::Ns(numbers) => numbers.iter().map(|digits| number(digits)).collect(),
        AttributeValue::Bs(all) => all.iter().map(size).collect(),
        _ => "<unknown type>".into(),
    }
}

/// DynamoDB's numbers have 38 digits; one that JSON would round stays text.
fn number(digits: &str) -> Value {
    digits
        .parse::<i64>()
        .map(Number::from)
        .ok()
        .or_else(|| digits.parse().ok().and_then(Number::from_f64))
        .filter(|number| number.to_string() == digits)
        .map_or_else(|| digits.into(), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(text: &str) -> AttributeValue {
        AttributeValue::S(text.into())
    }

    #[test]
    fn plain_values_say_what_they_are() {
        let table = [
            (s("wait\u{1b}[2Jing"), "waiting"),
            (AttributeValue::N("3.10".into()), "3.10"),
            (AttributeValue::Bool(true), "true"),
            (AttributeValue::Null(true), "null"),
            (AttributeValue::B(Blob::new(vec![0; 12])), "<12 bytes>"),
        ];
        for (value, expected) in table {
            assert_eq!(text(&value), expected);
        }
    }

    #[test]
    fn nested_values_are_compact_json_in_a_fixed_order() {
        let inner = AttributeValue::M(
            [
                ("z".into(), AttributeValue::N("1".into())),
                ("a".into(), s("x")),
            ]
            .into(),
        );
        let list = AttributeValue::L(vec![
            inner,
            AttributeValue::Null(true),
            AttributeValue::B(Blob::new([1])),
        ]);
        assert_eq!(text(&list), r#"[{"a":"x","z":1},null,"<1 bytes>"]"#);
        assert_eq!(
            text(&AttributeValue::Ss(vec!["b".into(), "a".into()])),
            r#"["b","a"]"#
        );
        assert_eq!(text(&AttributeValue::Ns(vec!["1".into()])), "[1]");
    }

    #[test]
    fn a_number_is_never_rounded() {
        let exact = "12345678901234567890123456789012345678";
        assert_eq!(
            text(&AttributeValue::L(vec![AttributeValue::N(exact.into())])),
            format!("[\"{exact}\"]").as_str()
        );
        assert_eq!(
            text(&AttributeValue::L(vec![AttributeValue::N("1.5".into())])),
            "[1.5]"
        );
    }
}
