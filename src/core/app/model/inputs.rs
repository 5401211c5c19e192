//! What some of the state was worked out from: while it is the same, so is that.

use std::collections::{BTreeMap, BTreeSet};

use super::filter::Filter;
use super::list::Sort;
use super::log_target::LogTarget;
use super::pane::{DetailMode, Pane};
use super::row_key::RowKey;
use crate::act::{IntentId, Stage};
use crate::domain::{Arn, CloudError};
use crate::text::Clean;

/// The rows of the services pane, and the verdicts in them.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct ServicesInputs {
    /// The revisions of the fleet, and of what was done.
    pub(in crate::app) fleet: u64,
    pub(in crate::app) done: u64,
    pub(in crate::app) problems_only: bool,
    pub(in crate::app) filter: Filter,
    pub(in crate::app) sort: Option<Sort>,
    /// The writes under way, and how far each is.
    pub(in crate::app) sending: Vec<(IntentId, Stage)>,
}

/// The rows of the tasks pane.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct TasksInputs {
    /// The revision of the fleet.
    pub(in crate::app) fleet: u64,
    /// Whose tasks they are.
    pub(in crate::app) row: Option<RowKey>,
    pub(in crate::app) show_stopped: bool,
    pub(in crate::app) one_by_one: bool,
    pub(in crate::app) filter: Filter,
    pub(in crate::app) sort: Option<Sort>,
}

/// The task definitions that are to be read.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct DefinitionsInputs {
    /// The revisions of the fleet, and of the rows of the services pane, which follow from its verdicts too.
    pub(in crate::app) fleet: u64,
    pub(in crate::app) rows: u64,
    pub(in crate::app) looked_at: Option<RowKey>,
    pub(in crate::app) why: Option<RowKey>,
    pub(in crate::app) check: Option<Arn>,
    pub(in crate::app) log: Option<LogTarget>,
    /// Whose logs a query searches.
    pub(in crate::app) queried: Option<LogTarget>,
    pub(in crate::app) detail: DetailMode,
    pub(in crate::app) zoom: Option<Pane>,
}

/// The streams of a log.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct LogInputs {
    pub(in crate::app) target: LogTarget,
    /// The revision of the fleet.
    pub(in crate::app) fleet: u64,
    /// Groups that are read whole.
    pub(in crate::app) whole: BTreeMap<Clean, BTreeSet<Clean>>,
    /// Why task definitions could not be read.
    pub(in crate::app) definitions: Option<CloudError>,
    /// It is followed already.
    pub(in crate::app) follows: bool,
}
