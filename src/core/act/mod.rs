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

mod decider;
mod error;
mod goal;
mod guard;
mod intent;
mod made;
mod outcome;
mod request;
mod scale;
mod seen;
mod subject;

pub use decider::Decider;
pub use error::ActError;
pub use goal::{Goal, ServiceGoal, Settlement};
pub use guard::{Expect, Guard, Refusal, ServiceSeen};
pub use intent::{Change, Intent, IntentId, Step};
pub use made::Made;
pub use outcome::{Outcome, Stage};
pub use request::{Request, Revision, UpdateService};
pub use scale::scale;
pub use seen::{Look, Seen};
pub use subject::{Subject, Target};
