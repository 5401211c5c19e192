//! What lies over the panes, by the names that it has in the core.

pub(super) mod form;
mod offers;
pub(super) mod prompt;
mod query;
pub(super) mod question;
pub(super) mod results;
pub(super) mod sources;
pub(super) mod viewer;
pub(super) mod which_key;
