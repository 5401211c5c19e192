//! The log pane.

pub(in crate::app) mod keys;
