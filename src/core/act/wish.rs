//! What a wish holds beside its target.

use crate::text::Clean;

/// What becomes of a service's autoscaling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scaling {
    /// Nothing scales it any more.
    Suspend,
    /// It is scaled again.
    Resume,
    /// Other limits, as they were typed.
    Bounds {
        /// The minimum.
        min: String,
        /// The maximum.
        max: String,
    },
}

/// The value of an environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableValue {
    /// Its container. Absent: every container that has such a variable.
    pub container: Option<Clean>,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Names a row of a table whose rows belong to tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// The table.
    pub table: Clean,
    /// The value of its key.
    pub key: Clean,
}
