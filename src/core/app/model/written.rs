//! A write as the journal tells it.

use crate::act::Record;
use crate::text::Clean;

/// A write as the journal tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What was done.
    pub record: Record,
    /// The identity that AWS gave.
    pub arn: Clean,
    /// The user of the operating system, and from where they came in.
    pub user: Option<Clean>,
    /// The deck.
    pub deck: Option<Clean>,
    /// Why it ended so, where there is more to say.
    pub detail: Option<Clean>,
    /// AWS's id of the request.
    pub request_id: Option<Clean>,
}
