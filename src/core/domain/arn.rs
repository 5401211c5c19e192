//! Amazon resource names, and what can be read off them.

use serde::{Deserialize, Serialize};

use crate::text::Clean;

/// An Amazon resource name as AWS gave it, or a short name where AWS gives one.
///
/// Shape: `arn:partition:service:region:account:resource`. The accessors give
/// an empty string for a part that is not there, so that a short name is
/// harmless.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Arn(Clean);

impl Arn {
    /// Takes a resource name that came from AWS or from a person.
    pub fn new(raw: &str) -> Self {
        Self(Clean::new(raw))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The whole name, as text that may be drawn.
    pub fn clean(&self) -> &Clean {
        &self.0
    }

    fn part(&self, at: usize) -> &str {
        self.as_str().splitn(6, ':').nth(at).unwrap_or_default()
    }

    /// The region, for example `us-east-1`.
    pub fn region(&self) -> &str {
        self.part(3)
    }

    /// The account, twelve digits.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// What comes after the account, for example `service/cluster/name`; the whole of a short name.
    pub fn resource(&self) -> &str {
        if self.as_str().starts_with("arn:") {
            self.part(5)
        } else {
            self.as_str()
        }
    }

    /// The last part: a service's or cluster's name, a task's id, `family:revision`, a queue's name.
    pub fn name(&self) -> &str {
        let resource = self.resource();
        resource.rsplit('/').next().unwrap_or(resource)
    }

    /// The family of a task definition, without its revision.
    pub fn family(&self) -> &str {
        self.name()
            .rsplit_once(':')
            .map_or(self.name(), |(family, _)| family)
    }

    /// The revision of a task definition, from 1.
    pub fn revision(&self) -> Option<u32> {
        self.name()
            .rsplit_once(':')
            .and_then(|(_, revision)| revision.parse().ok())
    }
}

impl std::fmt::Display for Arn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_definition_names_family_and_revision() {
        let arn = Arn::new("arn:aws:ecs:us-east-1:123456789012:task-definition/backend:42");
        assert_eq!((arn.family(), arn.revision()), ("backend", Some(42)));
        assert_eq!((arn.region(), arn.account()), ("us-east-1", "123456789012"));
    }

    #[test]
    fn a_service_is_named_by_its_last_part() {
        assert_eq!(
            Arn::new("arn:aws:ecs:us-east-1:1:service/cluster/web").name(),
            "web"
        );
        assert_eq!(
            Arn::new("arn:aws:ecs:us-east-1:1:service/old-format").name(),
            "old-format"
        );
    }

    #[test]
    fn a_short_name_is_its_own_name_and_has_no_account() {
        let short = Arn::new("default");
        assert_eq!(
            (short.name(), short.account(), short.resource()),
            ("default", "", "default")
        );
    }
}
