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

pub use autoscaling::{bounds, nothing_scales, resume, suspend};
pub use decider::Decider;
pub use deploy::deploy;
pub use drain::{drain, restore};
pub use error::ActError;
pub use goal::{Goal, ServiceGoal, Settlement};
pub use guard::{Expect, Guard, Refusal, ServiceSeen};
pub use history::{History, Record, RecordedStep, State};
pub use hook::answer_hook;
pub use intent::{Change, Intent, IntentId, Step};
pub use made::Made;
pub use order::{Given, Order};
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
pub use resend::{WITHHELD, resend, withheld};
pub use rollback::{Comeback, WayBack, rollback, way_back};
pub use run::{MOST_TASKS, Wanted, run};
pub use scale::{autoscaling_words, scale};
pub use seen::{Look, Seen};
pub use stop::stop;
pub use subject::{Subject, Target};
pub use undo::undo;
pub use verb::{Changed, Recorded, Verb, Word};
