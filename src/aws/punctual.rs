//! No request of a write goes out after its time: what was read for it would be older than anybody may act on.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// A clock that goes on while the machine sleeps and while the process is stopped. Only lengths of time on it mean
/// anything.
#[derive(Clone)]
pub struct Uptime(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Uptime {
    /// What this tells.
    pub fn new(clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(clock))
    }

    /// The time.
    pub fn now(&self) -> Duration {
        (self.0)()
    }
}

impl fmt::Debug for Uptime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Uptime").field(&self.now()).finish()
    }
}

tokio::task_local! {
    /// Until when the request that this task sends may go out, and by which clock.
    static NOT_AFTER: (Duration, Uptime);
}

/// Sends, but not after this time of the clock.
pub(crate) async fn not_after<F: Future>(time: Duration, clock: &Uptime, sending: F) -> F::Output {
    NOT_AFTER.scope((time, clock.clone()), sending).await
}

/// The time has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its time has passed")]
pub(crate) struct TooLate;

/// Stops a request whose time has passed, when it is signed and about to go out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Punctual;

#[dyn_dispatch_hint]
impl Intercept for Punctual {
    fn name(&self) -> &'static str {
        "Punctual"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match NOT_AFTER.try_with(|(time, clock)| clock.now() > *time) {
            Ok(true) => Err(TooLate.into()),
            // Reads have no such time.
            Ok(false) | Err(_) => Ok(()),
        }
    }
}

/// A clock for tests: the process never sleeps.
#[cfg(test)]
pub(crate) fn awake() -> Uptime {
    let begun = std::time::Instant::now();
    Uptime::new(move || begun.elapsed())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use ecsdeck_worker::ports::{Writes, is_too_late};

    use super::*;
    use crate::loopback::{Server, ok};

    #[tokio::test]
    async fn a_request_whose_time_has_passed_is_not_sent() {
        let server = Server::start(vec![ok("{}")]).await;
        let slept = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&slept);
        let uptime = Uptime::new(move || Duration::from_secs(clock.load(Ordering::Relaxed)));
        let writer = server.aws().writer(uptime);
        let request = crate::writes::sample();
        let soon = writer.uptime() + Duration::from_secs(2);
        // The machine sleeps: no other clock of the process would tell.
        slept.store(70, Ordering::Relaxed);
        let error = writer.send(&request, soon).await.unwrap_err();
        assert!(
            is_too_late(&error) && error.certainly_not_applied(),
            "{error:?}"
        );
        assert_eq!(server.requests().len(), 0);
        let soon = writer.uptime() + Duration::from_secs(60);
        writer.send(&request, soon).await.unwrap();
        assert_eq!(server.requests().len(), 1);
    }
}
