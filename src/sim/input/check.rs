//! An input against its table.
//!
//! Invariant: what cannot be read (unknown members, other types) is told before what is
//! out of bounds, as AWS parses an input before it validates it.

use serde_json::{Map, Value};

use super::refuse::{Fault, Wrong, refuse};
use super::shape::{Member, Need, Shape};
use crate::service::Service;
use crate::wire::{ApiError, Args, args};

/// Refuses what its table does not allow, as the service does.
pub(crate) fn check(
    service: Service,
    action: &str,
    table: &'static [Member],
    given: &Args,
) -> Result<(), ApiError> {
    let mut found = Found::default();
    found.structure("", table, given.members());
    if let Some(unreadable) = found.unreadable {
        return Err(match unreadable {
            Unreadable::Unknown(member) => ApiError::serialization(format!(
                "Unknown member '{member}' in the input of {action}"
            )),
            Unreadable::Type(error) => error,
        });
    }
    match found.faults.first() {
        None => Ok(()),
        Some(first) => Err(refuse(service, first, &found.faults)),
    }
}

enum Unreadable {
    Unknown(String),
    Type(ApiError),
}

#[derive(Default)]
struct Found {
    unreadable: Option<Unreadable>,
    faults: Vec<Fault>,
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

impl Found {
    fn unreadable(&mut self, what: Unreadable) {
        self.unreadable.get_or_insert(what);
    }

    fn fault(&mut self, path: &str, value: &Value, wrong: Wrong) {
        self.faults.push(Fault {
            path: path.to_owned(),
            value: value.clone(),
            wrong,
        });
    }

    fn structure(&mut self, path: &str, table: &'static [Member], given: &Map<String, Value>) {
        for name in given.keys() {
            // AWS lets unknown members pass in silence. Here they are an error, because
            // only a mistake of the caller sends one.
            if table.iter().all(|member| member.name != name) {
                self.unreadable(Unreadable::Unknown(below(path, name)));
            }
        }
        for member in table {
            let path = below(path, member.name);
            match given.get(member.name).filter(|value| !value.is_null()) {
                Some(value) => self.value(&path, member.shape, value),
                None => match member.need {
                    Need::No => {}
                    Need::Yes => self.fault(&path, &Value::Null, Wrong::Missing),
                    Need::Told(code, words) => {
                        self.fault(&path, &Value::Null, Wrong::Told(code, words));
                    }
                },
            }
        }
    }

    fn value(&mut self, path: &str, shape: Shape, value: &Value) {
        match (shape, value) {
            (Shape::Any, _)
            | (Shape::Fraction, Value::Number(_))
            | (Shape::Flag, Value::Bool(_)) => {}
            (
                Shape::Text {
                    least,
                    most,
                    letters,
                },
                Value::String(text),
            ) => {
                self.length(path, value, text.chars().count(), least, most);
                if !text.chars().all(letters.allows) {
                    self.fault(path, value, Wrong::Letters(letters.pattern));
                }
            }
            (Shape::OneOf(values), Value::String(text)) => {
                if !values.contains(&text.as_str()) {
                    self.fault(path, value, Wrong::Value(values));
                }
            }
            (Shape::Whole { least, most }, Value::Number(number)) => match number.as_i64() {
                Some(number) if number < least => self.fault(path, value, Wrong::Small(least)),
                Some(number) if number > most => self.fault(path, value, Wrong::Large(most)),
                Some(_) => {}
                None => self.unreadable(Unreadable::Type(args::wrong(value, "an Integer"))),
            },
            (Shape::Members(table), Value::Object(given)) => self.structure(path, table, given),
            (Shape::List { of, least, most }, Value::Array(items)) => {
                self.length(path, value, items.len(), least, most);
                for (number, item) in items.iter().enumerate() {
                    self.value(&format!("{path}.{}.member", number + 1), *of, item);
                }
            }
            (
                Shape::Map {
                    key,
                    of,
                    least,
                    most,
                },
                Value::Object(entries),
            ) => {
                self.length(path, value, entries.len(), least, most);
                for (name, entry) in entries {
                    self.value(path, *key, &Value::String(name.clone()));
                    self.value(&format!("{path}.{name}.member"), *of, entry);
                }
            }
            (shape, value) => {
                self.unreadable(Unreadable::Type(args::wrong(value, wanted(shape))));
            }
        }
    }

    fn length(&mut self, path: &str, value: &Value, length: usize, least: usize, most: usize) {
        if length < least {
            self.fault(path, value, Wrong::Short(least));
        } else if length > most {
            self.fault(path, value, Wrong::Long(most));
        }
    }
}

fn wanted(shape: Shape) -> &'static str {
    match shape {
        Shape::Text { .. } | Shape::OneOf(_) => "a String",
        Shape::Whole { .. } => "an Integer",
        Shape::Fraction => "a Double",
        Shape::Flag => "a Boolean",
        Shape::List { .. } => "a List",
        Shape::Map { .. } => "a Map",
        Shape::Members(_) | Shape::Any => "a Structure",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::*;
    use super::*;

    const TAG: Shape = members(&[need("key", text(1, 4).of(NAME)), may("value", TEXT)]);
    const TABLE: &[Member] = &[
        need("name", TEXT),
        may("count", whole(0, 9)),
        may("kind", one_of(&["A", "B"])),
        may("tags", list_of(&TAG, 0, 2)),
        may("options", map(&TEXT, &TEXT)),
        may("share", FRACTION),
        may("force", FLAG),
    ];

    fn told(service: Service, given: Value) -> Result<(), (String, String)> {
        let given = Args::parse(given.to_string().as_bytes()).unwrap();
        check(service, "Make", TABLE, &given).map_err(|error| (error.code, error.message))
    }

    #[test]
    fn what_the_table_allows_passes_and_null_is_as_good_as_missing() {
        let all = json!({
            "name": "n", "count": 9, "kind": "B", "tags": [{ "key": "k" }, { "key": "abcd", "value": "" }],
            "options": { "a": "b" }, "share": 1, "force": false,
        });
        assert_eq!(told(Service::Ecs, all), Ok(()));
        assert_eq!(
            told(Service::Ecs, json!({ "name": "n", "count": null })),
            Ok(())
        );
    }

    #[test]
    fn what_is_out_of_bounds_is_told_with_its_place() {
        for (given, words) in [
            (json!({}), "name cannot be empty."),
            (
                json!({ "name": "n", "count": 10 }),
                "count must be at most 9.",
            ),
            (
                json!({ "name": "n", "count": -1 }),
                "count must be at least 0.",
            ),
            (json!({ "name": "n", "kind": "C" }), "Invalid kind: C"),
            (
                json!({ "name": "n", "tags": [{}] }),
                "tags.1.member.key cannot be empty.",
            ),
            (
                json!({ "name": "n", "tags": [{ "key": "k" }, { "key": "k" }, { "key": "k" }] }),
                "tags must have at most 2 elements.",
            ),
            (
                json!({ "name": "n", "tags": [{ "key": "abcde" }] }),
                "tags.1.member.key longer than 4.",
            ),
        ] {
            let expected = Err(("InvalidParameterException".to_owned(), words.to_owned()));
            assert_eq!(told(Service::Ecs, given), expected);
        }
    }

    #[test]
    fn several_faults_are_told_together_where_the_service_does_so() {
        let (code, message) =
            told(Service::AutoScaling, json!({ "kind": "C", "count": 10 })).unwrap_err();
        assert_eq!(code, "ValidationException");
        assert_eq!(
            message,
            "3 validation errors detected: \
             Value null at 'name' failed to satisfy constraint: Member must not be null; \
             Value '10' at 'count' failed to satisfy constraint: Member must have value less than or equal to 9; \
             Value 'C' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [A, B]"
        );
    }

    #[test]
    fn what_cannot_be_read_is_told_before_what_is_out_of_bounds() {
        for (given, words) in [
            (
                json!({ "count": "many" }),
                "STRING_VALUE can not be converted to an Integer",
            ),
            (
                json!({ "count": 1.5 }),
                "NUMBER_VALUE can not be converted to an Integer",
            ),
            (
                json!({ "tags": [{ "key": 7 }] }),
                "NUMBER_VALUE can not be converted to a String",
            ),
            (
                json!({ "options": [] }),
                "START_ARRAY can not be converted to a Map",
            ),
            (
                json!({ "tags": [{ "kee": "k" }] }),
                "Unknown member 'tags.1.member.kee' in the input of Make",
            ),
        ] {
            let expected = Err(("SerializationException".to_owned(), words.to_owned()));
            assert_eq!(told(Service::Ecs, given), expected);
        }
    }
}
