//! What names a revision of a task definition: a number, `latest`, `FAMILY:NUMBER`, a family for its newest, or a
//! resource name.

use super::error::NameError;
use super::find::elsewhere;
use super::form::{Kind, Name};
use crate::text::Clean;

/// What stands for the newest revision.
const LATEST: &str = "latest";

/// What may be typed.
const FORMS: &str = "give a number, FAMILY:NUMBER or the resource name of a task definition";

/// A revision as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionName {
    /// Its family. Absent: that of what it is for.
    pub family: Option<Clean>,
    /// Its number. Absent: the newest.
    pub number: Option<u32>,
}

/// Reads the name of a revision.
///
/// # Errors
/// When it is none, names something else, or is the resource name of another account or region.
pub fn revision(
    typed: &str,
    region: &str,
    account: Option<&str>,
) -> Result<RevisionName, NameError> {
    let typed = typed.trim();
    if let Some(number) = number(typed) {
        let (family, number) = (None, Some(number));
        return Ok(RevisionName { family, number });
    }
    if typed == LATEST {
        let (family, number) = (None, None);
        return Ok(RevisionName { family, number });
    }
    // A family may be called like a kind: where revisions are named, `service:7` is the seventh of that family.
    if let Some((family, revision)) = typed.split_once(':')
        && let Some(number) = number(revision)
        && is_family(family)
    {
        return Ok(RevisionName {
            family: Some(Clean::new(family)),
            number: Some(number),
        });
    }
    let name = Name::new(typed);
    if let Some(elsewhere) = elsewhere(&name, region, account) {
        return Err(elsewhere);
    }
    let is = match (&name.foreign, name.kind) {
        (Some(what), _) => Some(what.to_string()),
        (None, Some(Kind::Family) | None) => None,
        (None, Some(kind)) => Some(kind.word().to_owned()),
    };
    if let Some(is) = is {
        let article = if is.starts_with("a ") { "" } else { "a " };
        return Err(NameError::Other {
            typed: name.typed.clone(),
            is: format!("{article}{is}"),
            takes: "revision".to_owned(),
            hint: Some(FORMS),
        });
    }
    // What has no letter was meant for a number.
    let is_number = name.definition.is_none() && !name.bare.contains(char::is_alphabetic);
    let is_none = name.revision() == Some(0);
    if name.cluster.is_some() || is_number || is_none || !is_family(&name.bare) {
        return Err(unreadable(&name.typed));
    }
    Ok(RevisionName {
        family: Some(name.bare.clone()),
        number: name.revision(),
    })
}

/// What is said of a text that names no revision, or not which one.
pub fn unreadable(typed: &str) -> NameError {
    NameError::Unknown {
        what: "revision".to_owned(),
        typed: Clean::new(typed),
        hint: Some(FORMS.to_owned()),
        available: Vec::new(),
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number > 0)
}

/// Source: ECS API reference, RegisterTaskDefinition, `family`.
fn is_family(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (1..=255).contains(&text.len()) && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7";

    fn read(typed: &str) -> Result<(Option<String>, Option<u32>), String> {
        let read = revision(typed, "us-east-1", Some("123456789012"));
        let read = read.map_err(|error| error.to_string())?;
        Ok((read.family.map(|family| family.to_string()), read.number))
    }

    #[test]
    fn a_revision_can_be_named_in_every_way_in_which_something_is_copied() {
        let web = || Some("web".to_owned());
        assert_eq!(read(" 7 "), Ok((None, Some(7))));
        assert_eq!(read("latest"), Ok((None, None)));
        assert_eq!(read("web:7"), Ok((web(), Some(7))));
        assert_eq!(read(ARN), Ok((web(), Some(7))));
        assert_eq!(read("web"), Ok((web(), None)));
        assert_eq!(read("family:web"), Ok((web(), None)));
        let service = Some("service".to_owned());
        assert_eq!(read("service:7"), Ok((service, Some(7))));
    }

    #[test]
    fn what_names_something_else_or_nothing_is_refused_with_what_is_wanted() {
        for (typed, says) in [
            (
                "arn:aws:ecs:us-east-1:123456789012:service/prod/web",
                "it is a service",
            ),
            (
                "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7",
                "give --region eu-west-1",
            ),
            (
                "arn:aws:ecs:us-east-1:210987654321:task-definition/web:7",
                "credentials of that account",
            ),
            ("task:abcd", "it is a task"),
            ("prod/web", "FAMILY:NUMBER"),
            ("0", "FAMILY:NUMBER"),
            ("-1", "FAMILY:NUMBER"),
            ("web:0", "FAMILY:NUMBER"),
            ("", "FAMILY:NUMBER"),
            ("web:7:8", "FAMILY:NUMBER"),
        ] {
            let why = read(typed).unwrap_err();
            assert!(why.contains(says), "{typed}: {why}");
        }
    }
}
