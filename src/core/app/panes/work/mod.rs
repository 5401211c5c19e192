//! The work pane: tables and their work items.

pub(in crate::app) mod rows;
