//! CloudWatch of an account in a region. What time makes of it, a whole minute makes of it:
//! who steps all parts has it measure and evaluate then.

use std::collections::BTreeMap;

use super::alarm::Alarm;
use super::metrics::Metrics;
use crate::desk::Desk;

/// The metrics and alarms of an account in a region.
#[derive(Debug)]
pub(crate) struct CloudWatch {
    pub(crate) desk: Desk<()>,
    pub(crate) metrics: Metrics,
    /// By name.
    pub(crate) alarms: BTreeMap<String, Alarm>,
}

impl CloudWatch {
    /// Without any metric or alarm.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        CloudWatch {
            desk,
            metrics: Metrics::default(),
            alarms: BTreeMap::new(),
        }
    }
}
