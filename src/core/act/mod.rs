//! Writes. Every one is an [`Intent`] and goes one way:
//!
//! capture → preview → confirm → read again → guard → journal → send once →
//! reconcile by reading → outcome.
//!
//! A builder (one file an action, pure) makes the intent out of what is on the
//! screen: its [`Step`]s, each the very [`Request`] that is sent and the
//! [`Goal`] that shows that it was applied; and its [`Guard`], what must still
//! be true. Guard and goals say what has to be read ([`Look`]); what was read
//! is [`Seen`]. The worker reads, sends and writes down, and knows no action
//! by name. No other way to a writing call exists.
//!
//! What somebody wants is a [`Wish`], the same from a key, a form and a command. The table of
//! verbs and wishes is here, beside the modules that build what they name.
//!
//! A new action is a builder; a new kind of request is a variant of
//! [`Request`], a function in the adapter's `writes`, and a [`Goal`] where no
//! present one shows that it was applied.

mod autoscaling;
mod decider;
mod deploy;
mod drain;
mod error;
mod goal;
mod guard;
pub mod history;
mod hook;
mod intent;
mod made;
mod order;
mod outcome;
mod redeploy;
mod redrive;
mod request;
mod resend;
mod rollback;
#[cfg(test)]
mod round_trips;
mod run;
#[cfg(test)]
pub(crate) mod sample;
mod scale;
mod seen;
mod stop;
mod subject;
mod undo;
mod verb;
mod wish;

use verb::verbs;

use crate::domain::Arn;
use crate::text::Clean;

pub use autoscaling::{bounds, nothing_scales, resume, suspend};
pub use decider::Decider;
pub use deploy::deploy;
pub(crate) use deploy::repository;
pub use drain::{drain, restore};
pub use error::ActError;
pub use goal::{Goal, ServiceGoal, Settlement};
pub use guard::{Expect, Guard, Refusal, ServiceSeen};
pub use history::{History, Record, RecordedStep, State};
pub use hook::answer_hook;
pub use intent::{Change, Intent, IntentId, Step};
pub use made::Made;
pub use order::{Order, OrderVariable};
pub use outcome::{Outcome, OutcomeKind, Stage};
pub use redeploy::redeploy;
pub use redrive::redrive;
pub use request::{
    AwsVpc, Capacity, CapacityProvider, ContainerOverride, ContinueServiceDeployment, HookAction,
    MOST_AT_ONCE, MOST_OVERRIDES, NetworkConfiguration, NewImage, Overrides,
    RegisterScalableTarget, RegisterTaskDefinition, Request, Revision, RunTask,
    StartMessageMoveTask, StopServiceDeployment, StopTask, StopType, SuspendedState, Tag,
    UpdateService, Variable,
};
pub use resend::{Supplied, WITHHELD, Withheld, resend, withheld};
pub use rollback::{Comeback, WayBack, ended_badly, rollback, way_back};
pub use run::{MOST_TASKS, TaskRun, run};
pub use scale::{autoscaling_words, scale};
pub use seen::{Look, Seen};
pub use stop::stop;
pub use subject::{Subject, Target};
pub use undo::undo;
pub use verb::{Changed, Recorded, Word};
pub use wish::{Scaling, VariableValue, WorkItem};

// A journal outlives the version that wrote it: a word never changes.
verbs! {
    /// Starts tasks.
    Run "run";
    /// Sets a service's desired count.
    Scale "scale";
    /// Brings an earlier revision back.
    Rollback "rollback";
    /// Replaces every task of a service, at the same revision.
    Redeploy "redeploy";
    /// Registers a revision with another image, and sets the service to it.
    Deploy "deploy";
    /// Stops tasks.
    Stop "stop";
    /// Takes a service to zero.
    Drain "drain";
    /// Brings a service back from zero.
    Restore "restore";
    /// Suspends, resumes or limits what scales a service.
    Autoscaling "autoscaling";
    /// Answers the lifecycle hook that a deployment waits at.
    Continue "continue";
    /// Moves the messages of a dead-letter queue back.
    Redrive "redrive";
    /// Takes an earlier write back.
    Undo "undo";
}

/// What somebody wants changed, as a key, a form or a command says it.
///
/// The invariant: it names its target by resource name, so that rows may move under it, and holds nothing that was
/// read. What is left open is asked for: a key leaves open what its form asks.
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
        /// What the journal does not hold. Absent: a form asks, where there is any.
        given: Option<Supplied>,
    },
    /// Take a write back.
    Undo {
        /// Its id, or the first characters of it. Absent: the last one of this account and region.
        id: Option<String>,
    },
}
