//! Where the panes stood when a search began that is typed: who leaves it is back there.

/// Where it stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::app) struct SearchedFrom {
    /// The log: at its end, or the line at its bottom.
    pub(in crate::app) log: (bool, Option<u64>),
    /// The detail pane: the lines that it was scrolled by.
    pub(in crate::app) detail: usize,
}
