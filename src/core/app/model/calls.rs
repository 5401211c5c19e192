//! How many calls were made to AWS.

use std::time::Duration;

/// The calls of the last minute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calls {
    /// All calls so far.
    pub total: u64,
    /// Totals at earlier times, oldest first; at most a minute back and one sample a second.
    pub(in crate::app) samples: std::collections::VecDeque<(Duration, u64)>,
}
