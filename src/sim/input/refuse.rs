//! In which words each service refuses what its tables do not allow.

use serde_json::Value;

use crate::service::Service;
use crate::wire::ApiError;

/// What is wrong with a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wrong {
    Missing,
    /// It is missing, and there are a code and words of its own for that.
    Told(&'static str, &'static str),
    Short(usize),
    Long(usize),
    Small(i64),
    Large(i64),
    Value(&'static [&'static str]),
    Letters(&'static str),
}

/// A value that is out of bounds.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) path: String,
    pub(super) value: Value,
    pub(super) wrong: Wrong,
}

impl Fault {
    fn value(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// As the framework beneath most services says it.
    ///
    /// source: the words of Application Auto Scaling, CloudWatch Logs and DynamoDB in reports
    /// of their users ("1 validation error detected: Value … at … failed to satisfy constraint: …").
    fn constraint(&self) -> String {
        let constraint = match self.wrong {
            Wrong::Missing | Wrong::Told(..) => "Member must not be null".to_owned(),
            Wrong::Short(least) => {
                format!("Member must have length greater than or equal to {least}")
            }
            Wrong::Long(most) => format!("Member must have length less than or equal to {most}"),
            Wrong::Small(least) => {
                format!("Member must have value greater than or equal to {least}")
            }
            Wrong::Large(most) => format!("Member must have value less than or equal to {most}"),
            Wrong::Value(values) => {
                format!(
                    "Member must satisfy enum value set: [{}]",
                    values.join(", ")
                )
            }
            Wrong::Letters(pattern) => {
                format!("Member must satisfy regular expression pattern: {pattern}")
            }
        };
        let value = match self.wrong {
            Wrong::Missing | Wrong::Told(..) => "null".to_owned(),
            _ => format!("'{}'", self.value()),
        };
        let path = member(&self.path);
        format!("Value {value} at '{path}' failed to satisfy constraint: {constraint}")
    }

    /// As ECS says it. That it refuses is in its reference; "longer than" is its own, the
    /// other wordings are ours.
    fn plain(&self) -> String {
        let Fault { path, value, .. } = self;
        match self.wrong {
            Wrong::Missing => format!("{path} cannot be empty."),
            Wrong::Told(_, words) => words.to_owned(),
            Wrong::Short(least) if !value.is_string() => {
                format!("{path} must have at least {least} elements.")
            }
            Wrong::Short(least) => format!("{path} must have at least {least} characters."),
            Wrong::Long(most) if !value.is_string() => {
                format!("{path} must have at most {most} elements.")
            }
            Wrong::Long(most) => format!("{path} longer than {most}."),
            Wrong::Small(least) => format!("{path} must be at least {least}."),
            Wrong::Large(most) => format!("{path} must be at most {most}."),
            Wrong::Value(_) => format!("Invalid {path}: {}", self.value()),
            Wrong::Letters(_) => format!("{path} contains invalid characters."),
        }
    }

    /// As SQS says it.
    fn queued(&self) -> ApiError {
        let Fault { path, .. } = self;
        match self.wrong {
            Wrong::Missing => ApiError::client(
                "MissingParameter",
                format!("The request must contain the parameter {path}."),
            ),
            Wrong::Small(bound) | Wrong::Large(bound) => {
                let side = if matches!(self.wrong, Wrong::Small(_)) {
                    ">="
                } else {
                    "<="
                };
                ApiError::client(
                    "InvalidParameterValue",
                    format!(
                        "Value {} for parameter {path} is invalid. Reason: Must be {side} {bound}, if provided.",
                        self.value()
                    ),
                )
            }
            _ => ApiError::client(
                "InvalidParameterValue",
                format!("Value {} for parameter {path} is invalid.", self.value()),
            ),
        }
    }
}

/// The framework's paths begin with a small letter, whatever the model's members do.
fn member(path: &str) -> String {
    let mut letters = path.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// The error of a service for what is out of bounds, of which `first` comes first.
pub(super) fn refuse(service: Service, first: &Fault, faults: &[Fault]) -> ApiError {
    match (service, first.wrong) {
        (_, Wrong::Told(code, words)) => ApiError::client(code, words),
        (Service::Ecs, _) => ApiError::invalid_parameter(first.plain()),
        (Service::Sqs, _) => first.queued(),
        _ => {
            let errors = if faults.len() == 1 { "error" } else { "errors" };
            let told: Vec<String> = faults.iter().map(Fault::constraint).collect();
            let message = format!(
                "{} validation {errors} detected: {}",
                faults.len(),
                told.join("; ")
            );
            match service {
                Service::Logs => ApiError::invalid_parameter(message),
                _ => ApiError::validation(message),
            }
        }
    }
}
