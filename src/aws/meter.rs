//! What is observed of every call: how many were sent, and AWS's own clock.
//!
//! One meter hangs on all clients, writing ones included. It outlives a change
//! of credentials, so counts never go back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use ecsdeck_worker::ports::{DateSample, present};

use crate::plain;

/// Counts attempts and keeps the newest `Date`. Cheap to clone: all clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<Readings>);

#[derive(Debug, Default)]
struct Readings {
    calls: AtomicU64,
    date: Mutex<Option<DateSample>>,
}

impl Meter {
    /// Attempts sent so far.
    pub(crate) fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::Relaxed)
    }

    /// The newest sample of AWS's clock.
    pub(crate) fn date(&self) -> Option<DateSample> {
        *self.0.date.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, header: &str, at: Instant) {
        let parsed = DateTime::from_str(header, Format::HttpDate).ok();
        if let Some(date) = plain::time(parsed.as_ref()) {
            let mut newest = self.0.date.lock().unwrap_or_else(PoisonError::into_inner);
            if newest.is_none_or(|sample| sample.at <= at) {
                *newest = Some(DateSample { date, at });
            }
        }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.calls.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(header) = context.response().headers().get("date") {
            self.record(header, present());
        }
        Ok(())
    }
}

/// Requests are signed with AWS's time as soon as it is known, so that a
/// laptop whose clock is wrong can work. The SDK's own correction is per
/// client and would have each of them refused once; it is switched off.
impl TimeSource for Meter {
    fn now(&self) -> SystemTime {
        self.date()
            .and_then(|sample| SystemTime::from(sample.date).checked_add(sample.age()))
            .unwrap_or_else(SystemTime::now)
    }
}

/// How far two clocks may be apart before a signature is refused for it, with a margin:
/// AWS allows five minutes.
const TOLERABLE: Duration = Duration::from_secs(4 * 60);

impl Meter {
    /// Whether what was signed at `signed`, by the clock of that moment, was
    /// signed with a time that we know to be wrong by now.
    pub(crate) fn was_skewed(&self, signed: (SystemTime, Instant)) -> bool {
        let passed = present().saturating_duration_since(signed.1);
        let Some(expected) = signed.0.checked_add(passed) else {
            return false;
        };
        let now = self.now();
        let apart = now
            .duration_since(expected)
            .or_else(|_| expected.duration_since(now))
            .unwrap_or_default();
        apart > TOLERABLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "Sat, 21 Nov 2026 12:00:00 GMT";

    #[test]
    fn the_newest_sample_wins_even_when_an_older_reply_comes_late() {
        let (meter, early) = (Meter::default(), Instant::now());
        let late = early + Duration::from_secs(1);
        meter.record("Sat, 21 Nov 2026 12:00:01 GMT", late);
        meter.record(NOON, early);
        assert_eq!(meter.date().unwrap().at, late);
    }

    #[test]
    fn a_date_that_is_none_changes_nothing() {
        let meter = Meter::default();
        meter.record("yesterday", Instant::now());
        assert_eq!(meter.date(), None);
    }

    #[test]
    fn time_is_awss_once_it_is_known() {
        let meter = Meter::default();
        meter.record(NOON, Instant::now());
        let noon: SystemTime = "2026-11-21T12:00:00Z"
            .parse::<ecsdeck_core::domain::Time>()
            .unwrap()
            .into();
        assert!(meter.now().duration_since(noon).unwrap() < Duration::from_secs(60));
    }

    #[test]
    fn a_clock_is_known_to_be_wrong_only_after_aws_has_told_the_time() {
        let (meter, signed) = (Meter::default(), (SystemTime::UNIX_EPOCH, Instant::now()));
        let right = (meter.now(), Instant::now());
        assert!(!meter.was_skewed(right));
        meter.record(NOON, Instant::now());
        assert!(meter.was_skewed(signed));
        assert!(!meter.was_skewed((meter.now(), Instant::now())));
    }
}
