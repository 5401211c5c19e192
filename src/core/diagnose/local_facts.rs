//! What ecsdeck knows of a service without asking AWS: from the deck, the journal and earlier readings.
//!
//! Nothing of it costs a call, and nothing of it is AWS's word.

use std::collections::BTreeMap;

use crate::deck::CountOwner;
use crate::domain::{Arn, Time};
use crate::text::Clean;

/// What the deck says of a service, what was done to it from here, and what was seen from here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LocalFacts {
    /// Who sets its desired count.
    pub count_owner: Option<CountOwner>,
    /// The function or process that does.
    pub count_by: Option<Clean>,
    /// When somebody set the count from here, the last time.
    pub count_set: Option<CountSet>,
    /// When somebody sent it back to an earlier revision from here, the last time.
    pub sent_back: Option<SentBack>,
    /// When its tasks were first seen healthy, of those that were seen to become so.
    pub healthy_since: BTreeMap<Arn, Time>,
    /// When its desired count was seen to be raised, the last time that it changed.
    pub raised: Option<Time>,
}

/// Somebody set the count.
#[derive(Clone, Debug, PartialEq)]
pub struct CountSet {
    /// When that was done, on AWS's clock.
    pub at: Time,
    /// Who did it: a user, or a role's session.
    pub by: Option<Arn>,
    /// The count before.
    pub before: Clean,
    /// The count after.
    pub after: Clean,
}

/// Somebody asked for a rollback.
#[derive(Clone, Debug, PartialEq)]
pub struct SentBack {
    /// When that was done, on AWS's clock.
    pub at: Time,
    /// Who did it: a user, or a role's session.
    pub by: Clean,
}

impl LocalFacts {
    /// Whether Application Auto Scaling sets the count, as far as the deck knows.
    pub(super) fn is_autoscaled(&self) -> bool {
        self.count_owner == Some(CountOwner::Autoscaling)
    }

    /// Who else sets the count: somebody whom AWS cannot be asked about.
    pub(super) fn owner_words(&self) -> Option<String> {
        let owner = self.count_owner?;
        match owner {
            CountOwner::Lambda | CountOwner::Orchestrator => {
                Some(owner.words(self.count_by.as_deref()))
            }
            CountOwner::Autoscaling | CountOwner::People => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(owner: Option<CountOwner>, by: Option<&str>) -> Option<String> {
        let local = LocalFacts {
            count_owner: owner,
            count_by: by.map(Clean::new),
            ..LocalFacts::default()
        };
        local.owner_words()
    }

    #[test]
    fn whom_aws_cannot_be_asked_about_is_named() {
        assert_eq!(
            words(Some(CountOwner::Lambda), Some("agent-scaler")).unwrap(),
            "the deck says that Lambda agent-scaler sets this count"
        );
        assert_eq!(
            words(Some(CountOwner::Orchestrator), None).unwrap(),
            "the deck says that an orchestrator sets this count"
        );
        for owner in [
            None,
            Some(CountOwner::Autoscaling),
            Some(CountOwner::People),
        ] {
            assert_eq!(words(owner, Some("x")), None, "{owner:?}");
        }
    }
}
