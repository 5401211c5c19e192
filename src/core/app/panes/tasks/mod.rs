//! The tasks pane: the tasks of the selected row.

pub(in crate::app) mod rows;
