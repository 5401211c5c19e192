//! The input of a JSON action, read member by member with AWS's errors for wrong types.

use serde_json::{Map, Value};

use super::ApiError;

/// The members of a request's body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args(Map<String, Value>);

/// What Coral's parser calls a JSON value of the wrong type.
fn token(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    }
}

pub(crate) fn wrong(value: &Value, wanted: &str) -> ApiError {
    let token = token(value);
    ApiError::serialization(format!("{token} can not be converted to {wanted}"))
}

impl Args {
    /// Reads a body; an empty one is an empty object.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        if body.is_empty() {
            return Ok(Args::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Args(members)),
            Ok(other) => Err(wrong(&other, "a Structure")),
            Err(_) => Err(ApiError::serialization(
                "Unexpected token in the request body",
            )),
        }
    }

    /// The members of a body that was read otherwise.
    pub(crate) fn of(members: Map<String, Value>) -> Self {
        Args(members)
    }

    pub(crate) fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    pub(crate) fn into_members(self) -> Map<String, Value> {
        self.0
    }

    pub(crate) fn value(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// The first member that is not among the known ones.
    pub(crate) fn unknown(&self, known: &[&str]) -> Option<&str> {
        self.0
            .keys()
            .map(String::as_str)
            .find(|name| !known.contains(name))
    }

    /// A member that is there and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        self.get(name)
            .map(|value| value.as_str().ok_or_else(|| wrong(value, "a String")))
            .transpose()
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.get(name)
            .map(|value| value.as_i64().ok_or_else(|| wrong(value, "an Integer")))
            .transpose()
    }

    /// A whole number that a form spells out.
    pub(crate) fn spelled(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.text(name)?
            .map(|text| {
                text.parse().map_err(|_| {
                    ApiError::client(
                        "MalformedInput",
                        format!("'{text}' at '{name}' is not an integer"),
                    )
                })
            })
            .transpose()
    }

    /// A number with a fraction, or without.
    pub(crate) fn fraction(&self, name: &str) -> Result<Option<f64>, ApiError> {
        self.get(name)
            .map(|value| value.as_f64().ok_or_else(|| wrong(value, "a Double")))
            .transpose()
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.get(name)
            .map(|value| value.as_bool().ok_or_else(|| wrong(value, "a Boolean")))
            .transpose()
    }

    /// A list of strings; empty when it is not there.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&str>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(Vec::new());
        };
        let items = value.as_array().ok_or_else(|| wrong(value, "a List"))?;
        items
            .iter()
            .map(|item| item.as_str().ok_or_else(|| wrong(item, "a String")))
            .collect()
    }

    /// A structure; empty when it is not there.
    pub(crate) fn structure(&self, name: &str) -> Result<Args, ApiError> {
        match self.get(name) {
            None => Ok(Args::default()),
            Some(Value::Object(members)) => Ok(Args(members.clone())),
            Some(other) => Err(wrong(other, "a Structure")),
        }
    }

    /// A list of structures; empty when it is not there.
    pub(crate) fn structures(&self, name: &str) -> Result<Vec<Args>, ApiError> {
        let Some(value) = self.get(name) else {
            return Ok(Vec::new());
        };
        let items = value.as_array().ok_or_else(|| wrong(value, "a List"))?;
        items
            .iter()
            .map(|item| match item {
                Value::Object(members) => Ok(Args(members.clone())),
                other => Err(wrong(other, "a Structure")),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_of_the_wrong_type_gives_a_serialization_exception() {
        let args = Args::parse(br#"{"cluster": 7, "services": "web", "none": null}"#).unwrap();
        let error = args.text("cluster").unwrap_err();
        assert_eq!(error.code, "SerializationException");
        assert_eq!(
            error.message,
            "NUMBER_VALUE can not be converted to a String"
        );
        assert!(args.texts("services").is_err());
        assert_eq!(args.text("none").unwrap(), None);
    }

    #[test]
    fn an_empty_body_is_an_empty_structure_and_a_broken_one_an_error() {
        assert!(
            Args::parse(b"")
                .unwrap()
                .value()
                .as_object()
                .unwrap()
                .is_empty()
        );
        assert!(Args::parse(b"{").is_err());
        assert!(Args::parse(b"[]").is_err());
    }
}
