//! The classifier as a whole: real messages, worded ones, and properties.

mod bent;
mod real;
pub(super) mod task;
mod worded;
