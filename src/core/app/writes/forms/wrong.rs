//! What is wrong with what was filled in.

use crate::app::model::field_name::FieldName;
use crate::text::Clean;

/// What is wrong with what was filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The field.
    pub field: FieldName,
    /// Why.
    pub why: Clean,
}

impl Wrong {
    /// Something is wrong with a field.
    pub(in crate::app) fn field(field: FieldName, why: impl Into<String>) -> Self {
        Self {
            field,
            why: Clean::new(&why.into()),
        }
    }
}
