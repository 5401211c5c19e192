//! What is wrong with what was filled in.

use crate::text::Clean;

/// What is wrong with what was filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The field; none of that name: the form as a whole.
    pub field: Clean,
    /// Why.
    pub why: Clean,
}

impl Wrong {
    /// Something is wrong with a field.
    pub(in crate::app) fn field(name: &str, why: impl Into<String>) -> Self {
        Self {
            field: Clean::new(name),
            why: Clean::new(&why.into()),
        }
    }
}
