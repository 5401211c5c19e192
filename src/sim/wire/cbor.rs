//! The smithy rpcv2Cbor protocol: CBOR in and out, for services whose documents are
//! otherwise handled as JSON.
//!
//! Invariant: a timestamp is a number of seconds in JSON and a tagged one in CBOR; on
//! the way out the member's name tells which it is, as the API model names them.

use aws_smithy_cbor::data::Type;
use aws_smithy_cbor::decode::DeserializeError;
use aws_smithy_cbor::{Decoder, Encoder};
use aws_smithy_types::DateTime;
use serde_json::{Map, Number, Value};

use super::ApiError;

/// The deepest nesting that is read.
const DEEPEST: u32 = 32;

/// Reads a document; an empty body is an empty structure.
pub(crate) fn decode(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let mut decoder = Decoder::new(body);
    value(&mut decoder, 0)
        .map_err(|_| ApiError::serialization("The request body is not the CBOR of a structure"))
}

fn value(from: &mut Decoder<'_>, depth: u32) -> Result<Value, DeserializeError> {
    if depth > DEEPEST {
        return Err(DeserializeError::custom(
            "nested too deeply",
            from.position(),
        ));
    }
    Ok(match from.datatype()? {
        Type::Bool => Value::Bool(from.boolean()?),
        Type::Null | Type::Undefined => {
            from.skip()?;
            Value::Null
        }
        Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::I8
        | Type::I16
        | Type::I32
        | Type::I64
        | Type::Int => Value::from(from.long()?),
        Type::F16 | Type::F32 => number(f64::from(from.float()?)),
        Type::F64 => number(from.double()?),
        Type::String | Type::StringIndef => Value::String(from.string()?),
        Type::Tag => number(from.timestamp()?.as_secs_f64()),
        Type::Array | Type::ArrayIndef => {
            let mut left = from.list()?;
            let mut items = Vec::new();
            while more(from, &mut left)? {
                items.push(value(from, depth + 1)?);
            }
            Value::Array(items)
        }
        Type::Map | Type::MapIndef => {
            let mut left = from.map()?;
            let mut members = Map::new();
            while more(from, &mut left)? {
                let name = from.string()?;
                members.insert(name, value(from, depth + 1)?);
            }
            Value::Object(members)
        }
        _ => return Err(DeserializeError::custom("unexpected", from.position())),
    })
}

/// Whether another element follows, in a list or map of known or unknown length.
fn more(from: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, DeserializeError> {
    match left {
        Some(0) => Ok(false),
        Some(count) => {
            *count -= 1;
            Ok(true)
        }
        None if from.datatype()? == Type::Break => {
            from.skip()?;
            Ok(false)
        }
        None => Ok(true),
    }
}

fn number(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Writes a document.
pub(crate) fn encode(document: &Value) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder, document, false);
    encoder.into_writer()
}

/// Whether a member, or each item of it, is a timestamp in the API models.
fn is_time(member: &str) -> bool {
    let named = matches!(
        member,
        "Timestamps" | "StartTime" | "EndTime" | "CreateDate"
    );
    named || member.ends_with("Timestamp")
}

fn write(into: &mut Encoder, document: &Value, time: bool) {
    match document {
        Value::Null => into.null(),
        Value::Bool(flag) => into.boolean(*flag),
        Value::Number(number) if time => into.timestamp(&DateTime::from_secs_f64(
            number.as_f64().unwrap_or_default(),
        )),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => into.long(whole),
            None => into.double(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => into.str(text),
        Value::Array(items) => {
            into.array(items.len());
            items.iter().for_each(|item| write(into, item, time));
            into
        }
        Value::Object(members) => {
            into.map(members.len());
            for (name, member) in members {
                into.str(name);
                write(into, member, is_time(name));
            }
            into
        }
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_comes_back_as_it_went() {
        let document = json!({
            "Id": "m1", "Values": [1.5, 2.0, -3.25], "Timestamps": [1_795_000_000.0],
            "Flag": true, "Count": 7, "Nested": { "Empty": [] },
        });
        assert_eq!(decode(&encode(&document)).unwrap(), document);
    }

    #[test]
    fn a_timestamp_is_tagged_and_another_number_is_not() {
        // Tag 1 is 0xc1, a double 0xfb.
        assert!(
            encode(&json!({ "StartTime": 1.5 }))
                .windows(2)
                .any(|two| two == [0xc1, 0xfb])
        );
        assert!(!encode(&json!({ "Threshold": 1.5 })).contains(&0xc1));
    }

    #[test]
    fn maps_and_lists_of_unknown_length_are_read() {
        // {_ "a": [_ 1, 2]}
        let body = [0xbf, 0x61, b'a', 0x9f, 0x01, 0x02, 0xff, 0xff];
        assert_eq!(decode(&body).unwrap(), json!({ "a": [1, 2] }));
    }

    #[test]
    fn a_broken_body_is_a_serialization_exception() {
        assert_eq!(
            decode(&[0xa1, 0x61]).unwrap_err().code,
            "SerializationException"
        );
        assert_eq!(decode(b"").unwrap(), json!({}));
    }
}
