//! What somebody has decided to do, with everything that was seen when they decided.

use serde::Serialize;

use super::{Guard, Request};
use crate::domain::{Arn, Time};
use crate::text::Clean;

/// Names an intent for good: 32 hexadecimal digits, made from the stamp's entropy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
}

/// Where the write goes, captured by resource name: never by a row's place on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The account that the screen showed, twelve digits.
    pub account: Clean,
    /// The region.
    pub region: Clean,
    /// The role that the screen showed.
    pub role: Clean,
    /// The cluster.
    pub cluster: Arn,
    /// The service.
    pub service: Arn,
}

/// One value that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What changes, for example `desired count`.
    pub what: Clean,
    /// As it was seen.
    pub before: Clean,
    /// As it shall be.
    pub after: Clean,
}

/// One decided write.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Intent {
    /// Its id.
    pub id: IntentId,
    /// When it was decided, on AWS's clock.
    pub at: Time,
    /// The verb as the command line names it, for example `scale`.
    pub verb: &'static str,
    /// Where it goes.
    pub target: Target,
    /// What changes.
    pub changes: Vec<Change>,
    /// The very request that is sent.
    pub request: Request,
    /// What must still be true when it is sent.
    pub guard: Guard,
}
