//! Decks: files that name the parts of one system and say who owns what.
//!
//! A deck only names things that exist in AWS; it creates none. The invariant:
//! a [`Deck`] that was parsed is whole, so its names refer to each other, its
//! patterns compile and its bounds are in order. Nobody checks that again.

mod builtin;
mod forms;
mod model;
mod parse;
mod problem;
mod run;
mod spot;
mod unread;
mod validate;
mod watch;

pub use builtin::BUILTIN;
pub use model::{CountOwner, Deck, Drain, Log, MetricRef, Query, Queue, Service, States, Table};
pub use problem::{DeckError, DeckProblem};
pub use run::{Fill, Launch, Network, Run, Variable};
pub use watch::{Alarm, Instance, Link, Metric, Probe};
