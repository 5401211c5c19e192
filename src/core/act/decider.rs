//! Who decides, when and where: what every intent has in common.

use super::{Change, Changed, Expect, Guard, Intent, IntentId, Step, Subject, Target, Verb};
use crate::domain::{Arn, Identity, Time};
use crate::text::Clean;

/// Who decides, when and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Decider<'a> {
    /// The id of the intent that is made.
    pub id: IntentId,
    /// Now, on AWS's clock.
    pub at: Time,
    /// Whose credentials the screen shows.
    pub identity: &'a Identity,
    /// The region that the screen shows.
    pub region: &'a Clean,
}

impl Decider<'_> {
    /// An intent without more than what must be there.
    pub(super) fn intent(
        self,
        verb: Verb,
        cluster: Option<Arn>,
        subject: Subject,
        steps: Vec<Step>,
        expects: Vec<Expect>,
    ) -> Intent {
        Intent {
            id: self.id,
            at: self.at,
            verb,
            target: Target {
                account: self.identity.account.clone(),
                region: self.region.clone(),
                role: Clean::new(self.identity.role()),
                cluster,
                subject,
            },
            changes: Vec::new(),
            notes: Vec::new(),
            big: false,
            doubtful: false,
            steps,
            guard: Guard {
                account: self.identity.account.clone(),
                principal: self.identity.principal(),
                expects,
            },
            undoes: None,
        }
    }
}

impl Change {
    /// A value that changes.
    pub(super) fn new(what: Changed, before: impl ToString, after: impl ToString) -> Self {
        Self {
            what,
            before: Clean::new(&before.to_string()),
            after: Clean::new(&after.to_string()),
        }
    }
}
