//! The one place through which every call to AWS goes.
//!
//! A call waits for its turn, is counted against the calls in flight, and is
//! tried again only where trying again can help. Writes go through
//! [`Caller::once`] and are never tried again here.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::domain::{CloudError, ErrorKind};
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;

use crate::pace::{Api, Gaps, Pace};
use crate::ports::Reply;

/// Readings' calls in flight at most.
const READING: usize = 16;
/// Calls in flight at most for writes and what is read for them: a lane of their own, so that
/// sixteen calls that hang cannot hold up a rollback.
const ACTING: usize = 4;
/// How often a reading call is sent at most.
pub(crate) const ATTEMPTS: u32 = 3;

/// Calls AWS at a bearable pace.
pub(crate) struct Caller<R> {
    /// The ports, to be named inside of [`Caller::call`] only.
    pub(crate) reads: Arc<R>,
    pace: Arc<Pace>,
    permits: Arc<Semaphore>,
    renewing: watch::Receiver<bool>,
}

impl<R> Caller<R> {
    /// For readings. Calls wait while `renewing` says that the credentials are being loaded anew.
    pub(crate) fn new(reads: Arc<R>, renewing: watch::Receiver<bool>) -> Self {
        Self::with_gaps(reads, Gaps::Kept, renewing)
    }

    /// The same, with or without gaps between calls.
    pub(crate) fn with_gaps(reads: Arc<R>, gaps: Gaps, renewing: watch::Receiver<bool>) -> Self {
        Self {
            reads,
            pace: Arc::new(Pace::new(gaps)),
            permits: Arc::new(Semaphore::new(READING)),
            renewing,
        }
    }

    /// For writes: the same pace, another lane.
    pub(crate) fn for_acts(&self) -> Self {
        Self {
            reads: Arc::clone(&self.reads),
            pace: Arc::clone(&self.pace),
            permits: Arc::new(Semaphore::new(ACTING)),
            // A renewal waits for the writes in flight, so that they must not wait for it.
            renewing: watch::channel(false).1,
        }
    }

    /// Calls until it goes through, [`ATTEMPTS`] times at most. For reading calls only.
    ///
    /// # Errors
    /// The last attempt's.
    pub(crate) async fn call<T, F, Fut>(&self, api: Api, mut make: F) -> Reply<T>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Reply<T>>,
    {
        let mut attempt = 1;
        loop {
            match self.once(api, &mut make).await {
                Err(error) if attempt < ATTEMPTS && worth_another_try(&error) => {
                    tracing::debug!(operation = error.operation, attempt, kind = ?error.kind, "trying again");
                    sleep(pause(attempt, error.kind)).await;
                    attempt += 1;
                }
                reply => return reply,
            }
        }
    }

    /// Calls once.
    ///
    /// # Errors
    /// The call's.
    pub(crate) async fn once<T, F, Fut>(&self, api: Api, make: F) -> Reply<T>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Reply<T>>,
    {
        // A sender that is gone renews nothing any more, so an error here means go on.
        let _ = self.renewing.clone().wait_for(|renewing| !renewing).await;
        self.pace.turn(api).await;
        // The semaphore is never closed, so there is always a permit to wait for.
        let _permit = self.permits.acquire().await.ok();
        let reply = make().await;
        match &reply {
            Ok(_) => self.pace.went_through(api),
            Err(error) if error.kind == ErrorKind::Throttled => self.pace.throttled(api),
            Err(_) => {}
        }
        reply
    }
}

/// Whether a reading call that failed so may go through when it is sent again.
fn worth_another_try(error: &CloudError) -> bool {
    match error.kind {
        ErrorKind::Throttled
        | ErrorKind::Unreachable
        | ErrorKind::TimedOut
        | ErrorKind::Server
        | ErrorKind::Malformed => true,
        // Without a code it is not AWS's word but a connection that broke off.
        ErrorKind::Other => error.code.is_none(),
        ErrorKind::NoCredentials
        | ErrorKind::Expired
        | ErrorKind::WrongCredentials
        | ErrorKind::Denied
        | ErrorKind::NotFound
        | ErrorKind::Invalid
        | ErrorKind::Conflict => false,
    }
}

/// How long to wait after an attempt (from 1): doubling, and by chance between half and the whole
/// of it, so that many consoles do not come back at the same moment.
pub(crate) fn pause(attempt: u32, kind: ErrorKind) -> Duration {
    let base = if kind == ErrorKind::Throttled {
        1.0
    } else {
        0.25
    };
    let doubled = base * f64::from(1_u32 << attempt.saturating_sub(1).min(5));
    Duration::from_secs_f64(doubled * (0.5 + fastrand::f64() / 2.0))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::script::error;

    fn caller() -> Caller<()> {
        Caller::new(Arc::new(()), watch::channel(false).1)
    }

    async fn attempts(kind: ErrorKind) -> u32 {
        let made = Cell::new(0);
        let reply: Reply<()> = caller()
            .call(Api::Ecs, || {
                made.set(made.get() + 1);
                async { Err(error(kind)) }
            })
            .await;
        assert_eq!(reply, Err(error(kind)));
        made.get()
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_pass_is_tried_three_times() {
        for kind in [
            ErrorKind::Throttled,
            ErrorKind::Unreachable,
            ErrorKind::TimedOut,
            ErrorKind::Server,
        ] {
            assert_eq!(attempts(kind).await, 3, "{kind:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_will_not_pass_is_tried_once() {
        for kind in [
            ErrorKind::NoCredentials,
            ErrorKind::Expired,
            ErrorKind::WrongCredentials,
            ErrorKind::Denied,
            ErrorKind::NotFound,
            ErrorKind::Invalid,
        ] {
            assert_eq!(attempts(kind).await, 1, "{kind:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_goes_through_the_second_time_is_a_success() {
        let made = Cell::new(0);
        let reply = caller()
            .call(Api::Ecs, || {
                made.set(made.get() + 1);
                let made = made.get();
                async move {
                    if made == 1 {
                        Err(error(ErrorKind::Throttled))
                    } else {
                        Ok(made)
                    }
                }
            })
            .await;
        assert_eq!(reply, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_calls_are_in_flight_than_allowed() {
        let (now, most) = (Cell::new(0), Cell::new(0));
        let caller = caller();
        let calls = (0..50).map(|_| {
            caller.call(Api::Ecs, || async {
                now.set(now.get() + 1);
                most.set(most.get().max(now.get()));
                sleep(Duration::from_millis(100)).await;
                now.set(now.get() - 1);
                Ok(())
            })
        });
        futures_util::future::join_all(calls).await;
        assert_eq!(most.get(), READING);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_wait_while_the_credentials_are_renewed() {
        let (renewing, told) = watch::channel(true);
        let caller = Caller::new(Arc::new(()), told);
        let call = caller.call(Api::Sts, || async { Ok(()) });
        tokio::pin!(call);
        let early = tokio::time::timeout(Duration::from_secs(60), &mut call).await;
        assert!(early.is_err(), "the call did not wait");
        renewing.send_replace(false);
        assert_eq!(call.await, Ok(()));
    }

    #[test]
    fn pauses_double_within_their_bounds() {
        for attempt in 1..=3 {
            let longest = 0.25 * f64::from(1 << (attempt - 1));
            let pause = pause(attempt, ErrorKind::Server).as_secs_f64();
            assert!(
                (longest / 2.0..=longest).contains(&pause),
                "attempt {attempt}: {pause} s"
            );
        }
    }
}
