//! No request of a write goes out after its time: what was read for it would be older than anybody may act on.

use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

tokio::task_local! {
    /// Until when the request that this task sends may go out.
    static NOT_AFTER: Duration;
}

/// Sends, but not after this time of [`uptime`].
pub(crate) async fn not_after<F: Future>(time: Duration, sending: F) -> F::Output {
    NOT_AFTER.scope(time, sending).await
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
        match NOT_AFTER.try_with(|time| uptime() > *time) {
            Ok(true) => Err(TooLate.into()),
            // Reads have no such time.
            Ok(false) | Err(_) => Ok(()),
        }
    }
}

/// How long the machine has been up, its sleep included: the kernel's CLOCK_BOOTTIME, which /proc/uptime shows
/// (source: Linux, fs/proc/uptime.c). Where there is no such file, the wall's clock: it goes on in sleep too.
pub(crate) fn uptime() -> Duration {
    let up = std::fs::read_to_string("/proc/uptime").ok();
    let up = up.and_then(|text| text.split(' ').next()?.parse().ok());
    up.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use ecsdeck_worker::ports::{Writes, is_too_late};

    use super::*;
    use crate::loopback::{Server, ok};

    #[tokio::test]
    async fn a_request_whose_time_has_passed_is_not_sent() {
        let server = Server::start(vec![ok("{}")]).await;
        let writer = server.aws().writer();
        let request = crate::writes::sample();
        let error = writer.send(&request, Duration::ZERO).await.unwrap_err();
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
