//! What is read, each thing in a slot of its own: at most one reading of a slot is in flight.

use crate::diagnose::Question;
use crate::domain::Arn;
use crate::text::Clean;

/// Numbers the readings of a run, from 1. A reply with another number than its slot's newest is stale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// What a reading is about: a newer reading of the same slot replaces an older one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Who we are.
    Identity,
    /// The clusters.
    Clusters,
    /// All services of a cluster.
    Services(Arn),
    /// The few services of a cluster that are looked at or that move.
    Watched(Arn),
    /// All tasks of a cluster.
    Tasks(Arn),
    /// The tasks of one service (cluster, service name).
    TasksOf(Arn, Clean),
    /// The tasks of a cluster that were started from here and have not ended.
    Awaited(Arn),
    /// Task definitions.
    Definitions,
    /// Queue depths.
    Queues,
    /// The names of the tables.
    Tables,
    /// One table's rows, by its name.
    Work(Clean),
    /// The log pane.
    Logs,
    /// The names of the account's log groups.
    LogGroups,
    /// How much the log groups of a query hold.
    LogGroupSizes,
    /// A query of Logs Insights.
    Insights,
    /// One deciding question.
    Asked(Question),
    /// What an action that was begun needs.
    Prepared,
}

impl Slot {
    /// The cluster that it belongs to, where it belongs to one.
    pub fn cluster(&self) -> Option<&Arn> {
        match self {
            Self::Services(cluster)
            | Self::Watched(cluster)
            | Self::Awaited(cluster)
            | Self::Tasks(cluster)
            | Self::TasksOf(cluster, _) => Some(cluster),
            Self::Asked(question) => question.cluster(),
            Self::Identity
            | Self::Clusters
            | Self::Definitions
            | Self::Queues
            | Self::Tables
            | Self::Work(_)
            | Self::Logs
            | Self::LogGroups
            | Self::LogGroupSizes
            | Self::Insights
            | Self::Prepared => None,
        }
    }
}
