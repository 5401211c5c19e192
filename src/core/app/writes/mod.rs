//! The one road for writes: wish → facts → proposal → answer → worker → outcome.
//!
//! A key, a form and a command say the same [`Wish`]. The driver asks the step function what it leads to; the step
//! names the facts that are missing, asks for what somebody has to fill in, or makes the intent; it never calls back.
//! Facts are read since the wish. The intent with its notes is the [`Proposal`]: the console shows it as a question,
//! the command line prints it and asks.
//!
//! The invariant: a write leaves here only as the answer to a proposal, and only while nothing stands against it.

pub(in crate::app) mod allowed;
pub(in crate::app) mod deciding;
pub(in crate::app) mod driver;
mod facts;
mod failing;
pub(in crate::app) mod forms;
mod notes;
pub(in crate::app) mod preflight;
mod proposing;
mod record;
mod redrive;
mod retry;
mod revisions;
mod rollback;
pub(in crate::app) mod run;
pub(in crate::app) mod service;
pub(in crate::app) mod source;
mod stop;
pub(in crate::app) mod table;
pub(in crate::app) mod target;
