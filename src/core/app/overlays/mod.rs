//! What lies over the panes: a line of input, a form, text to look at; and what keys do there.

pub(in crate::app) mod form;
pub(in crate::app) mod help;
pub(in crate::app) mod offers;
pub(in crate::app) mod palette;
pub(in crate::app) mod prompt;
pub(in crate::app) mod query;
pub(in crate::app) mod results;
pub(in crate::app) mod sources;
pub(in crate::app) mod viewer;
