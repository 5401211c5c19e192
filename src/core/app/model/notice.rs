//! The line about what has just happened.

use std::time::Duration;

use crate::text::Clean;

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It was done.
    Good,
    /// It should be known.
    Plain,
    /// It did not work.
    Bad,
}

/// A line about what has just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What happened.
    pub text: Clean,
    /// Until when it is shown, since the console started; absent: until the next key.
    pub until: Option<Duration>,
}
