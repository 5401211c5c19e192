//! The services pane: clusters and services, the most broken first.

pub(in crate::app) mod rows;
