//! The panes: a folder for each, with its rows, what its keys do and what it says.

pub(in crate::app) mod actions;
pub(in crate::app) mod describe;
pub(in crate::app) mod detail;
pub(in crate::app) mod gist;
pub(in crate::app) mod logs;
pub(in crate::app) mod moving;
pub(in crate::app) mod services;
pub(in crate::app) mod tasks;
pub(in crate::app) mod words;
pub(in crate::app) mod work;
