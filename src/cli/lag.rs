//! How far a log that is followed is behind, said once each way.

use std::time::Duration;

use ecsdeck_core::app::{Model, length};

use super::say;

/// Seconds that a followed log is behind where that is told.
const BEHIND: i64 = 30;

/// Whether it was told that the log lags.
#[derive(Debug, Default)]
pub(super) struct Lag(bool);

impl Lag {
    /// Says once that the log lags, and once that it does not any more.
    pub(super) fn look(&mut self, model: &Model) {
        match model.logs.behind(model.now()) {
            Some(seconds) if !self.0 && seconds >= BEHIND => {
                let length = length(Duration::from_secs(seconds.unsigned_abs()));
                say(&format!(
                    "{length} behind: lines come faster than CloudWatch lets them be read"
                ));
                self.0 = true;
            }
            None if std::mem::take(&mut self.0) => say("up to date again"),
            _ => {}
        }
    }
}
