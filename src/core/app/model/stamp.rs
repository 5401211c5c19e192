//! Time and chance: the core has neither of its own.

use std::time::Duration;

use crate::domain::Time;

/// Time and randomness for one update: the core has neither of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The time on AWS's clock: the `Date` of the last reply plus what has passed since.
    pub now: Time,
    /// Time since the console started, on a clock that never jumps. Polling goes by it.
    pub elapsed: Duration,
    /// 128 random bits, new for every stamp.
    pub entropy: u128,
}
