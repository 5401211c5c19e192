//! What a request made, as the answer to it told.

use serde::{Deserialize, Serialize};

use crate::domain::{Arn, Failure};

/// What a request made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Made {
    /// The revision that was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<Arn>,
    /// The tasks that were started.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Arn>,
    /// What it did not make, though the answer was 200 (`failures[]` of RunTask).
    #[serde(skip)]
    pub failures: Vec<Failure>,
}

impl Made {
    /// Adds what a later request made.
    pub fn add(&mut self, later: Self) {
        self.revision = later.revision.or(self.revision.take());
        for task in later.tasks {
            // The same token gives the same tasks again.
            if !self.tasks.contains(&task) {
                self.tasks.push(task);
            }
        }
        self.failures.extend(later.failures);
    }

    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
