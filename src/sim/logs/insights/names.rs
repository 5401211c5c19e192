//! Names of fields, as queries write them.

/// A field's bare name.
pub(super) fn bare(field: &str) -> String {
    field.trim().trim_matches('`').to_owned()
}
