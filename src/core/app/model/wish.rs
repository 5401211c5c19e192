//! What somebody wants changed, as a key, a form or a command says it.
//!
//! The invariant: it names its target by resource name, so that rows may move under it, and holds nothing that was
//! read. What is left open is asked for: a key leaves open what its form asks.

use crate::act::{HookAction, Order, Verb};
use crate::domain::Arn;
use crate::text::Clean;

/// What somebody wants changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Set a service's desired count.
    Scale {
        /// The service.
        service: Arn,
        /// The count as it was typed.
        count: String,
    },
    /// Restart all tasks of a service.
    Redeploy(Arn),
    /// Roll a service back.
    Rollback {
        /// The service.
        service: Arn,
        /// To this revision: a number, FAMILY:NUMBER or a resource name. Absent: the one that the facts name.
        to: Option<String>,
    },
    /// Deploy images.
    Deploy {
        /// The service.
        service: Arn,
        /// `[CONTAINER=]IMAGE` each. Absent: a form asks.
        images: Option<Vec<String>>,
        /// The revision that the person saw when they named the images, where they saw one.
        seen: Option<Arn>,
    },
    /// Take a service to zero, and suspend its autoscaling.
    Drain(Arn),
    /// Bring a service back from zero.
    Restore {
        /// The service.
        service: Arn,
        /// Stay at the revision that it has now.
        keep_revision: bool,
    },
    /// Suspend, resume or limit autoscaling.
    Autoscaling {
        /// The service.
        service: Arn,
        /// How. Absent: a form asks.
        to: Option<Scaling>,
    },
    /// Answer the hook at which a deployment is paused.
    Hook {
        /// The service.
        service: Arn,
        /// The answer. Absent: a form asks.
        answer: Option<HookAction>,
    },
    /// Stop tasks.
    Stop {
        /// The tasks.
        tasks: Vec<Arn>,
        /// What their stopped reason will say. Absent: who stopped them.
        reason: Option<String>,
    },
    /// Move a dead-letter queue's messages back.
    Redrive {
        /// The name of the dead-letter queue, or of the queue that it belongs to.
        queue: Clean,
        /// At most so many messages a second.
        rate: Option<u32>,
    },
    /// Run tasks.
    Run {
        /// Which, and how.
        order: Box<Order>,
        /// The work item that they do again.
        retries: Option<WorkItem>,
    },
    /// Send a run again of which no answer came.
    Resend {
        /// Its id, or the first characters of it.
        id: String,
        /// The values that the journal does not hold. Absent: a form asks, where there are any.
        values: Option<Vec<Variable>>,
    },
    /// Take a write back.
    Undo {
        /// Its id, or the first characters of it. Absent: the last one of this account and region.
        id: Option<String>,
    },
}

/// What becomes of a service's autoscaling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scaling {
    /// Nothing scales it any more.
    Suspend,
    /// It is scaled again.
    Resume,
    /// Other limits, as they were typed.
    Bounds {
        /// The minimum.
        min: String,
        /// The maximum.
        max: String,
    },
}

/// The value of an environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its container. Absent: every container that has such a variable.
    pub container: Option<Clean>,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Names a row of a table whose rows belong to tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// The table.
    pub table: Clean,
    /// The value of its key.
    pub key: Clean,
}

impl Wish {
    /// What it is, for the line that says that facts are read for it.
    pub fn words(&self) -> Clean {
        let of = |verb: Verb, arn: &Arn| Clean::new(&format!("{verb} {}", arn.name()));
        match self {
            Self::Scale { service, .. } => of(Verb::Scale, service),
            Self::Redeploy(service) => of(Verb::Redeploy, service),
            Self::Rollback { service, .. } => of(Verb::Rollback, service),
            Self::Deploy { service, .. } => of(Verb::Deploy, service),
            Self::Drain(service) => of(Verb::Drain, service),
            Self::Restore { service, .. } => of(Verb::Restore, service),
            Self::Autoscaling { service, .. } => of(Verb::Autoscaling, service),
            Self::Hook { service, .. } => of(Verb::Continue, service),
            Self::Stop { .. } => Clean::literal("stop"),
            Self::Redrive { queue, .. } => Clean::own(format!("redrive {queue}")),
            Self::Run { order, .. } => Clean::own(format!("run {}", order.name)),
            Self::Resend { .. } => Clean::literal("run again"),
            Self::Undo { .. } => Clean::literal("undo"),
        }
    }
}
