//! What somebody has decided to do, with everything that was seen when they decided.

use serde::{Deserialize, Serialize};

use super::{Changed, Goal, Guard, Look, Made, Request, Seen, Settlement, Target, Verb};
use crate::domain::Time;
use crate::text::{Clean, Values};

/// Names an intent for good: 32 hexadecimal digits, made from the stamp's entropy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(Clean);

impl IntentId {
    /// Makes an id of 128 random bits.
    pub fn new(entropy: u128) -> Self {
        Self(Clean::own(format!("{entropy:032x}")))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The first digits, which are enough to name it.
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(self.as_str())
    }
}

/// One value that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What changes.
    pub what: Changed,
    /// As it was seen.
    pub before: Clean,
    /// As it shall be.
    pub after: Clean,
}

impl Change {
    /// What changes, in a line, for example `desired count 2 -> 4`.
    pub fn words(changes: &[Self], arrow: &str) -> String {
        let words =
            |change: &Self| format!("{} {} {arrow} {}", change.what, change.before, change.after);
        changes.iter().map(words).collect::<Vec<_>>().join(", ")
    }

    /// The change of a service's desired count, among others.
    pub fn of_count(changes: &[Self]) -> Option<&Self> {
        changes
            .iter()
            .find(|change| change.what == Changed::DesiredCount)
    }
}

/// One request of a write, and what shows that it was applied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The very request that is sent.
    pub request: Request,
    /// What shows that it was applied.
    pub goal: Goal,
}

/// One decided write.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Intent {
    /// Its id.
    pub id: IntentId,
    /// When it was decided, on AWS's clock.
    pub at: Time,
    /// What it does.
    pub verb: Verb,
    /// Where it goes.
    pub target: Target,
    /// What changes.
    pub changes: Vec<Change>,
    /// What else should be known before it is confirmed.
    pub notes: Vec<Clean>,
    /// A protected deck wants the subject's name typed before it.
    pub big: bool,
    /// It takes back what perhaps somebody else set: the subject's name is typed before it, in every deck.
    pub doubtful: bool,
    /// What is sent, in this order; the first that fails is the last.
    pub steps: Vec<Step>,
    /// What must still be true when it is sent.
    pub guard: Guard,
    /// The earlier intent that this one takes back.
    pub undoes: Option<IntentId>,
}

impl Intent {
    /// What changes, in a line, for example `desired count 2 -> 4`.
    pub fn change_words(&self, arrow: &str) -> String {
        Change::words(&self.changes, arrow)
    }

    /// The intent as it may be shown: for reading, and not to be sent.
    pub fn shown(&self, values: Values) -> Self {
        let mut shown = self.clone();
        for step in &mut shown.steps {
            step.request = step.request.shown(values);
        }
        shown
    }

    /// The same things for the AWS CLI, one line for a shell each.
    pub fn aws_commands(&self) -> Vec<String> {
        let region = &self.target.region;
        let command = |step: &Step| step.request.aws_command(region);
        self.steps.iter().map(command).collect()
    }

    /// What has to be read to find out whether these steps were applied.
    pub fn goal_looks(steps: &[&Step], made: &Made) -> Vec<Look> {
        let mut looks: Vec<Look> = steps
            .iter()
            .flat_map(|step| step.goal.looks(made))
            .collect();
        looks.sort();
        looks.dedup();
        looks
    }

    /// Reads off whether these steps were applied: all of them, or the first way in which one was not.
    pub fn settle(steps: &[&Step], seen: &Seen) -> Settlement {
        steps
            .iter()
            .map(|step| step.goal.settle(seen))
            .find(|settlement| *settlement != Settlement::Applied)
            .unwrap_or(Settlement::Applied)
    }

    /// What reading showed, for a person, of the first of these steps that was not applied.
    pub fn settlement_words(steps: &[&Step], kind: &str, seen: &Seen) -> String {
        let settled = steps.iter().map(|step| (step, step.goal.settle(seen)));
        let mut open = settled.filter(|(_, settlement)| *settlement != Settlement::Applied);
        match open.next() {
            Some((step, settlement)) => step.goal.words(kind, settlement, seen),
            None => format!("the {kind} shows the new values"),
        }
    }
}
