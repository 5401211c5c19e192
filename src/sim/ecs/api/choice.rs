//! Members that take one of a few values, and texts that may be so long.

use crate::wire::{ApiError, Args};

/// The value of a member that is one of these, as the model's enum has them.
///
/// source: botocore `ecs`, the enums of the members; that an unknown value is refused is
/// common to all of them, the wording is ours.
pub(super) fn one_of<'a>(
    args: &'a Args,
    member: &str,
    values: &[&str],
) -> Result<Option<&'a str>, ApiError> {
    match args.text(member)? {
        Some(value) if !values.contains(&value) => Err(ApiError::invalid_parameter(format!(
            "Invalid {member}: {value}"
        ))),
        value => Ok(value),
    }
}

/// The value of a member that has at most so many characters.
///
/// source: ECS's own words in reports of its users ("startedBy longer than 36.", when that
/// was the most).
pub(super) fn at_most<'a>(
    args: &'a Args,
    member: &str,
    most: usize,
) -> Result<Option<&'a str>, ApiError> {
    match args.text(member)? {
        Some(text) if text.chars().count() > most => Err(ApiError::invalid_parameter(format!(
            "{member} longer than {most}."
        ))),
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ecs::input::LAUNCH_TYPE;

    fn args(value: &serde_json::Value) -> Args {
        Args::parse(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn a_value_that_the_enum_does_not_have_is_refused_with_its_member() {
        let given = args(&json!({ "launchType": "LAMBDA" }));
        let error = one_of(&given, "launchType", LAUNCH_TYPE).unwrap_err();
        assert_eq!(error.message, "Invalid launchType: LAMBDA");
        let given = args(&json!({ "launchType": "EC2" }));
        assert_eq!(one_of(&given, "launchType", LAUNCH_TYPE), Ok(Some("EC2")));
    }

    #[test]
    fn the_most_characters_are_characters_and_not_bytes() {
        let given = args(&json!({ "startedBy": "ä".repeat(128) }));
        assert!(at_most(&given, "startedBy", 128).is_ok());
        assert!(at_most(&given, "startedBy", 127).is_err());
    }
}
