//! CloudWatch: metrics by the minute, and the alarms on them.
//!
//! Invariant: what a world describes is computed, a function of the seed and the minute;
//! what follows from the state of other parts is measured each minute and kept. A minute
//! can be read once it is over.

mod alarm;
mod alarm_words;
mod alarms;
pub(crate) mod api;
mod data;
mod describe;
mod expression;
mod furnish;
mod key;
mod measure;
mod metrics;
mod part;
mod refused;
mod series;
mod statistic;
mod statistics;
#[cfg(test)]
mod tests;

pub(crate) use alarm::Alarm;
pub(crate) use data::Reading;
pub(crate) use key::Key;
pub(crate) use part::CloudWatch;
pub(crate) use series::{Measured, Series, Source, Wave};
pub(crate) use statistic::Statistic;
