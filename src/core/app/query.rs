//! What the core may ask of AWS, and the answers.
//!
//! One query is one thing a person wants to see; the worker turns it into
//! calls (pages, batches, retries). Its slot says which earlier query it
//! replaces: at most one is in flight for each slot.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::slot::Slot;
use crate::act::Look;
use crate::app::model::pending_wish::Prepared;
use crate::diagnose::{Fact, Question};
use crate::domain::{
    Arn, CloudError, Cluster, Failure, Identity, InsightsQuery, LogEvent, LogGroup, LogSource,
    QueryProblem, QueryResults, Queue, RolloutHistory, Service, TableShape, Task, TaskDefinition,
    Time, WorkTable,
};
use crate::text::Clean;

/// A question to AWS.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Who are we? sts:GetCallerIdentity.
    Identity,
    /// The clusters of these names, or every cluster where there are none.
    Clusters {
        /// Names or resource names.
        names: Vec<Clean>,
    },
    /// Every service of a cluster: ListServices 100 a page, DescribeServices 10 a call.
    Services {
        /// The cluster.
        cluster: Arn,
    },
    /// These services: DescribeServices 10 a call, nothing listed.
    Watched {
        /// The cluster.
        cluster: Arn,
        /// The services.
        services: Vec<Arn>,
    },
    /// Every task of a cluster, running and stopped: ListTasks twice, 100 a page, DescribeTasks 100 a call.
    Tasks {
        /// The cluster.
        cluster: Arn,
        /// Stopped tasks that are known already: they no longer change and are not described again.
        settled: Arc<BTreeSet<Arn>>,
    },
    /// The tasks of one service, running and stopped.
    TasksOf {
        /// The cluster.
        cluster: Arn,
        /// The service's name.
        service: Clean,
        /// As for [`Query::Tasks`].
        settled: Arc<BTreeSet<Arn>>,
    },
    /// These tasks: DescribeTasks 100 a call, nothing listed.
    Awaited {
        /// The cluster.
        cluster: Arn,
        /// The tasks.
        tasks: Vec<Arn>,
    },
    /// These task definitions, one call each.
    Definitions {
        /// `family:revision` or resource names.
        revisions: Vec<Arn>,
    },
    /// Queue depths, with their dead-letter queues'.
    Queues {
        /// Names or URLs. Those that are not there come back in `missing`.
        wanted: Vec<Clean>,
        /// Also every queue that sqs:ListQueues gives, up to this many; 0 lists nothing.
        list: u32,
    },
    /// The names of every table: dynamodb:ListTables.
    Tables,
    /// One table's rows.
    Work(WorkQuery),
    /// Lines of the log.
    Logs(LogQuery),
    /// The names of the account's log groups: logs:DescribeLogGroups, 50 a page.
    LogGroups,
    /// How much these log groups hold: logs:DescribeLogGroups, one call each.
    LogGroupSizes {
        /// The groups.
        groups: Vec<Clean>,
        /// Their region, where that is not the console's own.
        region: Option<Clean>,
    },
    /// Carry a query of Logs Insights out: logs:StartQuery once, logs:GetQueryResults until it is over. A query
    /// whose reading is stopped before that is stopped too: logs:StopQuery. It changes nothing and is paid for.
    Insights(InsightsQuery),
    /// What an action that was begun needs.
    Prepare {
        /// What is looked at.
        looks: Vec<Look>,
        /// The definition whose whole document is read.
        document: Option<Arn>,
    },
    /// What decides between causes.
    Ask {
        /// What is asked.
        question: Question,
        /// What is known of the rollouts already: what has ended is not described again.
        known: Option<Box<RolloutHistory>>,
    },
}

/// How to read a table of work items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkQuery {
    /// The table.
    pub table: Clean,
    /// How it can be asked, where that is known already; else it is described first.
    pub shape: Option<TableShape>,
    /// The attribute that holds the status; absent: the worker takes `status` or `state` where a row has it.
    pub status: Option<Clean>,
    /// A global secondary index whose partition key is the status: then each status is asked by Query.
    pub index: Option<Clean>,
    /// The statuses to ask the index for. Without index and statuses the table is scanned.
    pub statuses: Vec<Clean>,
    /// At most this many pages (1 MB each) in all; what is left out is said.
    pub pages: u32,
}

/// Which lines to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogQuery {
    /// Groups and their streams; one FilterLogEvents series for each.
    pub sources: Vec<LogSource>,
    /// Events from this time on.
    pub start: Time,
    /// Events before this time; absent: up to the newest.
    pub end: Option<Time>,
    /// CloudWatch's own filter pattern.
    pub pattern: Option<Clean>,
    /// At most this many pages for each source.
    pub pages: u32,
}

/// A part of the answer to a query. Parts come as pages arrive; the end is told apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// To [`Query::Identity`].
    Identity(Identity),
    /// Clusters that a page of the listing names, before they are described: their services can be listed at once.
    ClusterList(Vec<Arn>),
    /// To [`Query::Clusters`], once, whole.
    Clusters {
        /// Those that are there.
        clusters: Vec<Cluster>,
        /// Those that are not, and why.
        failures: Vec<Failure>,
    },
    /// Some services, whole.
    Services {
        /// Those that are there.
        services: Vec<Service>,
        /// Those that could not be described, and why.
        failures: Vec<Failure>,
    },
    /// The listing of [`Query::Services`] is complete: a service that is not in it is gone.
    ServiceList(BTreeSet<Arn>),
    /// Some tasks, whole.
    Tasks {
        /// Those that are there.
        tasks: Vec<Task>,
        /// Those that could not be described, and why (MISSING: gone).
        failures: Vec<Failure>,
    },
    /// The listing of [`Query::Tasks`] or [`Query::TasksOf`] is complete.
    TaskList(BTreeSet<Arn>),
    /// One task definition.
    Definition(Box<TaskDefinition>),
    /// One task definition that could not be read.
    NoDefinition(Arn, CloudError),
    /// Queues, once, whole.
    Queues {
        /// Those that are there.
        queues: Vec<Queue>,
        /// Wanted ones that are not there, by the name that was wanted.
        missing: Vec<Clean>,
        /// Those that could not be read, by name, and why.
        failed: Vec<(Clean, CloudError)>,
    },
    /// Names of tables, once, whole.
    Tables(Vec<Clean>),
    /// Rows of a table, once, whole (or capped, which it says).
    Work(Box<WorkTable>),
    /// Lines of one page of one source, oldest first.
    Logs(Vec<LogEvent>),
    /// To [`Query::LogGroups`], once.
    LogGroups {
        /// Their names.
        names: Vec<Clean>,
        /// There are no more than these.
        whole: bool,
    },
    /// To [`Query::LogGroupSizes`], once.
    LogGroupSizes {
        /// Those that are there.
        groups: Vec<LogGroup>,
        /// One that is not; the others were not looked for then.
        missing: Option<Clean>,
    },
    /// To [`Query::Insights`]: what it has found so far, again and again.
    QueryResults(Box<QueryResults>),
    /// To [`Query::Insights`]: AWS does not understand it, and has not begun.
    QueryWrong(QueryProblem),
    /// A log source that could not be read, and why; the others go on.
    LogSourceFailed(LogSource, CloudError),
    /// A log source had more pages than the query allows: there is a gap after the last line given.
    LogsCapped(LogSource),
    /// To [`Query::Prepare`], once, whole.
    Prepared(Box<Prepared>),
    /// To [`Query::Ask`], once, whole.
    Fact(Box<Fact>),
}

impl Query {
    /// What it is about.
    pub fn slot(&self) -> Slot {
        match self {
            Self::Identity => Slot::Identity,
            Self::Clusters { .. } => Slot::Clusters,
            Self::Services { cluster } => Slot::Services(cluster.clone()),
            Self::Watched { cluster, .. } => Slot::Watched(cluster.clone()),
            Self::Tasks { cluster, .. } => Slot::Tasks(cluster.clone()),
            Self::TasksOf {
                cluster, service, ..
            } => Slot::TasksOf(cluster.clone(), service.clone()),
            Self::Awaited { cluster, .. } => Slot::Awaited(cluster.clone()),
            Self::Definitions { .. } => Slot::Definitions,
            Self::Queues { .. } => Slot::Queues,
            Self::Tables => Slot::Tables,
            Self::Work(work) => Slot::Work(work.table.clone()),
            Self::Logs(_) => Slot::Logs,
            Self::LogGroups => Slot::LogGroups,
            Self::LogGroupSizes { .. } => Slot::LogGroupSizes,
            Self::Insights(_) => Slot::Insights,
            Self::Prepare { .. } => Slot::Prepared,
            Self::Ask { question, .. } => Slot::Asked(question.clone()),
        }
    }
}
