//! What entries of all kinds have in common: names with their places, and plain defaults.

use toml::Spanned;

/// A name that refers to something declared elsewhere, with its place in the file.
pub(crate) type Name = Spanned<String>;

pub(super) fn yes() -> bool {
    true
}

pub(super) fn one() -> u32 {
    1
}
