//! What is known for choosing a log: the account's groups, and what is marked.

use super::log_target::LogTarget;
use crate::text::Clean;

/// The state of choosing a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    /// The offer that the cursor stands on, from 0.
    pub chosen: usize,
    /// Those that are marked, in the order in which they were.
    pub marked: Vec<LogTarget>,
    /// The account's groups, as they were read last.
    pub groups: Vec<Clean>,
    /// The account has more groups than these.
    pub more: bool,
}

impl Sources {
    /// Another choice begins: what was marked is forgotten, what was read is kept.
    pub(in crate::app) fn begin(&mut self) {
        (self.chosen, self.marked) = (0, Vec::new());
    }
}
