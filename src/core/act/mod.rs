//! Writes. Every one is an [`Intent`] and goes one way:
//!
//! capture → preview → confirm → read again → guard → journal → send once →
//! reconcile by reading → outcome.
//!
//! The core builds the intent, its request and its guard; the worker carries
//! it out. No other way to a writing call exists.

mod guard;
mod intent;
mod outcome;
mod request;
mod scale;

pub use guard::{Guard, Refusal};
pub use intent::{Change, Intent, IntentId, Target};
pub use outcome::{Outcome, Settlement, Stage};
pub use request::{Request, UpdateService};
pub use scale::{ScaleError, scale};
