//! Whether a service serves anybody.

use crate::text::Clean;

/// Whether a service serves anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serving {
    /// No task serves, and some should.
    pub down: bool,
    /// In words; empty where the count says it all.
    pub words: Clean,
}
