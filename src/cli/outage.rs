//! What a command that waits does while AWS cannot be asked: it says so once, and goes on.

use std::collections::BTreeMap;

use ecsdeck_core::app::{Model, Slot};
use ecsdeck_core::domain::{CloudError, ErrorKind};

use super::failed::Failed;
use crate::say::say;

/// Outages of a command that waits.
#[derive(Debug, Default)]
pub(super) struct Outage {
    told: bool,
    /// Something was read: then credentials that expire are waited for too, as somebody may log in again.
    worked: bool,
}

impl Outage {
    /// Takes in that something could not be read.
    ///
    /// # Errors
    /// Where that does not pass by itself.
    pub(super) fn failed(&mut self, error: &CloudError) -> Result<(), Failed> {
        let login = matches!(error.kind, ErrorKind::Expired | ErrorKind::NoCredentials);
        let passes = error.may_pass() || login && self.worked;
        if !passes {
            return Err(Failed::Cloud(Box::new(error.clone())));
        }
        if !std::mem::replace(&mut self.told, true) {
            say(&format!("waiting until AWS answers again: {error}"));
        }
        Ok(())
    }

    /// Takes in that something was read.
    pub(super) fn went_well(&mut self) {
        self.worked = true;
        if std::mem::take(&mut self.told) {
            say("AWS answers again");
        }
    }

    /// Takes in how the readings stand that a command waits for.
    ///
    /// # Errors
    /// The first failure that does not pass by itself.
    pub(super) fn look(
        &mut self,
        model: &Model,
        needs: impl Fn(&Slot) -> bool,
    ) -> Result<(), Failed> {
        let readings = model.readings.iter().filter(|(slot, _)| needs(slot));
        let readings: BTreeMap<_, _> = readings.collect();
        let mut well = !readings.is_empty();
        for reading in readings.values() {
            if let Some(error) = &reading.error {
                self.failed(error)?;
                well = false;
            }
            well &= reading.is_known();
        }
        if well {
            self.went_well();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::text::Clean;

    use super::*;

    fn error(kind: ErrorKind) -> CloudError {
        CloudError {
            operation: "logs:FilterLogEvents",
            kind,
            code: None,
            message: Clean::default(),
            request_id: None,
        }
    }

    #[test]
    fn what_passes_is_waited_out_and_what_does_not_ends_the_wait() {
        let mut outage = Outage::default();
        for kind in [
            ErrorKind::Throttled,
            ErrorKind::Unreachable,
            ErrorKind::TimedOut,
            ErrorKind::Server,
        ] {
            assert!(outage.failed(&error(kind)).is_ok(), "{kind:?}");
        }
        for kind in [
            ErrorKind::NotFound,
            ErrorKind::Denied,
            ErrorKind::Invalid,
            ErrorKind::WrongCredentials,
        ] {
            assert!(outage.failed(&error(kind)).is_err(), "{kind:?}");
        }
    }

    #[test]
    fn credentials_that_expire_are_waited_for_once_they_have_worked() {
        let mut outage = Outage::default();
        assert!(outage.failed(&error(ErrorKind::Expired)).is_err());
        outage.went_well();
        assert!(outage.failed(&error(ErrorKind::Expired)).is_ok());
    }
}
