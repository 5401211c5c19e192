//! What some of the state was worked out from: while it is the same, so is that.

use super::log_pane::LogTarget;
use super::pane::DetailMode;
use super::row_key::RowKey;

/// What the wanted definitions were worked out from: while it is the same, so are they.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct DefinitionsBasis {
    pub(in crate::app) changes: u64,
    pub(in crate::app) rows: u64,
    pub(in crate::app) looked_at: Option<RowKey>,
    pub(in crate::app) log: Option<LogTarget>,
    pub(in crate::app) detail: DetailMode,
}

/// What the streams of a log were worked out from: while it is the same, so are they.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct Basis {
    pub(in crate::app) target: LogTarget,
    pub(in crate::app) changes: u64,
}
