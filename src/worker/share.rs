//! The part of a quota that belongs to one console.
//!
//! Invariant: calls never go out faster than the share allows, however many sources want them; a caller that is
//! dropped while it waits has used nothing of it. A throttle halves the pace, and what goes through opens it again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Calls a second, and how many may go out at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) per_second: f64,
    pub(crate) at_once: f64,
}

/// At the slowest the pace is this part of the share: who follows a log sees soon that CloudWatch answers again.
const SLOWEST: f64 = 1.0 / 8.0;
/// What each call that goes through gives back of the share.
const BACK: f64 = 1.0 / 16.0;
/// Throttles that come together are one.
const TOGETHER: Duration = Duration::from_secs(1);
/// A token that lacks less than this is whole: sums of fractions never come out even.
const WHOLE: f64 = 1.0 - 1e-6;

/// A share, and what is left of it now.
#[derive(Debug)]
pub(crate) struct Share {
    part: Part,
    /// Who holds it is the next to call.
    tokens: tokio::sync::Mutex<Tokens>,
    pace: Mutex<Pace>,
}

#[derive(Debug)]
struct Tokens {
    left: f64,
    at: Instant,
}

#[derive(Debug)]
struct Pace {
    /// What remains of the share, from [`SLOWEST`] to 1.
    of: f64,
    halved: Option<Instant>,
    /// Nothing goes out at once after a throttle.
    emptied: bool,
}

impl Share {
    pub(crate) fn new(part: Part) -> Self {
        Self {
            part,
            tokens: tokio::sync::Mutex::new(Tokens {
                left: part.at_once,
                at: Instant::now(),
            }),
            pace: Mutex::new(Pace {
                of: 1.0,
                halved: None,
                emptied: false,
            }),
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a call may go out.
    pub(crate) async fn turn(&self) {
        let mut tokens = self.tokens.lock().await;
        loop {
            let (rate, emptied) = {
                let mut pace = self.pace();
                let emptied = std::mem::take(&mut pace.emptied);
                (self.part.per_second * pace.of, emptied)
            };
            let now = Instant::now();
            let passed = now.duration_since(tokens.at).as_secs_f64();
            tokens.at = now;
            tokens.left = (tokens.left + passed * rate).min(self.part.at_once);
            if emptied {
                tokens.left = tokens.left.min(0.0);
            }
            if tokens.left >= WHOLE {
                tokens.left -= 1.0;
                return;
            }
            sleep(Duration::from_secs_f64((1.0 - tokens.left) / rate)).await;
        }
    }

    /// A call was throttled.
    pub(crate) fn throttled(&self) {
        let now = Instant::now();
        let mut pace = self.pace();
        if pace
            .halved
            .is_some_and(|halved| now.duration_since(halved) < TOGETHER)
        {
            return;
        }
        pace.of = (pace.of / 2.0).max(SLOWEST);
        pace.halved = Some(now);
        pace.emptied = true;
    }

    /// A call went through.
    pub(crate) fn went_through(&self) {
        let mut pace = self.pace();
        pace.of = (pace.of + BACK).min(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: Part = Part {
        per_second: 1.0,
        at_once: 5.0,
    };

    async fn seconds_for(share: &Share, calls: u32) -> f64 {
        let start = Instant::now();
        for _ in 0..calls {
            share.turn().await;
        }
        start.elapsed().as_secs_f64()
    }

    fn is_about(seconds: f64, wanted: f64) -> bool {
        (seconds - wanted).abs() < 0.1
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_go_out_at_once_and_the_rest_at_the_pace_of_the_share() {
        let share = Share::new(PART);
        assert!(is_about(seconds_for(&share, 5).await, 0.0));
        assert!(is_about(seconds_for(&share, 60).await, 60.0));
        tokio::time::advance(Duration::from_secs(3_600)).await;
        let after_a_pause = seconds_for(&share, 6).await;
        assert!(
            is_about(after_a_pause, 1.0),
            "no more is saved: {after_a_pause}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn many_that_want_it_at_the_same_time_share_it() {
        let share = Share::new(PART);
        let start = Instant::now();
        futures_util::future::join_all((0..25).map(|_| share.turn())).await;
        assert!(is_about(start.elapsed().as_secs_f64(), 20.0));
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_has_used_nothing() {
        let share = Share::new(PART);
        seconds_for(&share, 5).await;
        for _ in 0..50 {
            let waiting = tokio::time::timeout(Duration::from_millis(10), share.turn());
            assert!(waiting.await.is_err());
        }
        assert!(is_about(seconds_for(&share, 1).await, 0.5));
    }

    #[tokio::test(start_paused = true)]
    async fn each_throttle_halves_the_pace_and_what_goes_through_opens_it_again() {
        let share = Share::new(PART);
        for wanted in [2.0, 4.0, 8.0, 8.0] {
            share.throttled();
            share.throttled();
            assert!(is_about(seconds_for(&share, 1).await, wanted), "{wanted}");
        }
        (0..16).for_each(|_| share.went_through());
        seconds_for(&share, 1).await;
        assert!(is_about(seconds_for(&share, 10).await, 10.0));
    }
}
