//! The journal as it is shown: the writes of the last reading, and where the cursor stands in them.

use super::list::ListPane;
use crate::act::{IntentId, Record};
use crate::text::Clean;

/// The journal as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JournalPane {
    /// Cursor, filter and order.
    pub list: ListPane<IntentId>,
    /// The writes as they were read last, the oldest first, or why they could not be; none: not read yet.
    pub records: Option<Result<Vec<Record>, Clean>>,
    /// The revision of what was done when it was asked for; none while it is not shown.
    pub(in crate::app) asked: Option<u64>,
}
