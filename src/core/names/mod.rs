//! What a person types to name something, read in one way wherever it is typed.
//!
//! A [`Name`] is what the words say by their form alone; [`find`] holds it against what is known. The invariant: the
//! same words never mean two different things in two places, and what fits several things is refused with the choices
//! instead of guessed at.

mod cluster;
mod error;
mod find;
mod form;
mod revision;
#[cfg(test)]
mod tests;

pub use cluster::ClusterNames;
pub use error::{NameError, unknown};
pub use find::{Lookup, Takes, Thing, find, fitting};
pub use form::{Kind, Name};
pub use revision::{RevisionName, revision, unreadable};
