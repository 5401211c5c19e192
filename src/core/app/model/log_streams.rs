//! The streams of a group that is read whole, and whose streams are whose where several logs are shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::Clean;

/// The streams of a group that belong to a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct WantedStreams {
    pub(in crate::app) names: BTreeSet<Clean>,
    /// `prefix/container/`: tasks that are still to come have it too. Empty where the log is one task's.
    pub(in crate::app) prefixes: BTreeSet<Clean>,
}

/// One of several logs that are shown together: which lines are its own, and what stands beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct LogOwner {
    /// Its name beside its lines.
    pub(in crate::app) name: Clean,
    /// Its lines are several containers', which are named too.
    pub(in crate::app) has_containers: bool,
    /// Its groups, and which streams of them; none: all.
    pub(in crate::app) groups: BTreeMap<Clean, Option<WantedStreams>>,
}

impl LogOwner {
    /// Whether a stream is its own.
    pub(in crate::app) fn has(&self, group: &str, stream: &str) -> bool {
        match self.groups.get(group) {
            None => false,
            Some(None) => true,
            Some(Some(wanted)) => {
                wanted.names.contains(stream)
                    || stream.rsplit_once('/').is_some_and(|(prefix, _)| {
                        wanted.prefixes.contains(format!("{prefix}/").as_str())
                    })
            }
        }
    }
}
