//! How fast each of AWS's services is asked.
//!
//! Nothing is held back until AWS throttles; then the pace is halved, and it
//! grows again call by call until it is open. AWS counts an account as a
//! whole, deploy pipelines included: hammering on would harm them too. Where a
//! quota is small, a console keeps to its share of it from the start.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::share::{Part, Share};

/// A service of AWS. Each has quotas of its own, so each is slowed on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Api {
    Sts,
    Ecs,
    Logs,
    /// FilterLogEvents alone.
    LogEvents,
    Sqs,
    DynamoDb,
    AutoScaling,
    LoadBalancing,
    /// DescribeAlarms alone.
    Alarms,
    Ecr,
    Secrets,
    Parameters,
    Iam,
}

impl Api {
    /// The least time from one call to the next, whether AWS throttles or not.
    ///
    /// ECS watches its deployments' alarms with the account's own quota of DescribeAlarms, 9 a second: whoever uses
    /// it up makes ECS miss an alarm and skip a rollback (source: ECS developer guide, "How CloudWatch alarms detect
    /// Amazon ECS deployment failures"). IAM is one for all regions of an account.
    fn gap(self) -> Option<Duration> {
        match self {
            Self::Alarms => Some(Duration::from_secs(60)),
            Self::Iam => Some(Duration::from_millis(500)),
            Self::Sts
            | Self::Ecs
            | Self::Logs
            | Self::LogEvents
            | Self::Sqs
            | Self::DynamoDb
            | Self::AutoScaling
            | Self::LoadBalancing
            | Self::Ecr
            | Self::Secrets
            | Self::Parameters => None,
        }
    }

    /// The part of its quota that one console takes, where the quota is small.
    ///
    /// FilterLogEvents has five calls a second for an account and a region where it has least, and AWS does not raise
    /// that (source: AWS knowledge center, "How do I determine throttling in my CloudWatch logs?"): a fifth of it.
    fn part(self) -> Option<Part> {
        (self == Self::LogEvents).then_some(Part {
            per_second: 1.0,
            at_once: 5.0,
        })
    }
}

/// Calls a second right after the first throttle.
const FIRST: f64 = 10.0;
/// Calls a second at the slowest.
const SLOWEST: f64 = 0.5;
/// What each call that goes through adds to the pace, in calls a second.
const STEP: f64 = 0.1;
/// From this pace on nothing is held back (source: ECS refills its reading buckets with 20 a second).
const OPEN: f64 = 20.0;
/// Throttles that come together are one: the pace is halved at most once in this time.
const TOGETHER: Duration = Duration::from_secs(1);

/// The pace of a service that throttled.
#[derive(Clone, Copy, Debug)]
struct Slowed {
    /// Calls a second.
    rate: f64,
    /// The next call's turn.
    next: Instant,
    /// When it was halved last.
    halved: Instant,
}

/// Whether the least times from one call to the next are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// They are: quotas are shared with others.
    #[default]
    Kept,
    /// They are not: for a simulated AWS whose clock is turned by hand. There a minute of its time is none of ours,
    /// and nobody shares its quotas.
    Open,
}

/// The paces of all services; those that are not in it are open.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    kept: Gaps,
    slowed: Mutex<BTreeMap<Api, Slowed>>,
    /// The next turns of those that have a gap.
    gaps: Mutex<BTreeMap<Api, Instant>>,
    shares: Mutex<BTreeMap<Api, Arc<Share>>>,
}

impl Pace {
    /// With or without gaps.
    pub(crate) fn new(kept: Gaps) -> Self {
        Self {
            kept,
            ..Self::default()
        }
    }

    fn slowed(&self) -> MutexGuard<'_, BTreeMap<Api, Slowed>> {
        self.slowed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The share of a service that one console has only a part of.
    fn share(&self, api: Api) -> Option<Arc<Share>> {
        let part = api.part().filter(|_| self.kept == Gaps::Kept)?;
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let share = shares
            .entry(api)
            .or_insert_with(|| Arc::new(Share::new(part)));
        Some(Arc::clone(share))
    }

    /// The turn of a call to a service that has a gap.
    fn after_gap(&self, api: Api) -> Option<Instant> {
        let gap = api.gap().filter(|_| self.kept == Gaps::Kept)?;
        let mut gaps = self.gaps.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let next = gaps.entry(api).or_insert(now);
        let turn = (*next).max(now);
        *next = turn + gap;
        Some(turn)
    }

    /// Waits until a call may go out.
    pub(crate) async fn turn(&self, api: Api) {
        if let Some(share) = self.share(api) {
            return share.turn().await;
        }
        let turn = self.slowed().get_mut(&api).map(|slowed| {
            let turn = slowed.next.max(Instant::now());
            slowed.next = turn + Duration::from_secs_f64(1.0 / slowed.rate);
            turn
        });
        if let Some(turn) = turn.max(self.after_gap(api)) {
            sleep_until(turn).await;
        }
    }

    /// A call was throttled.
    pub(crate) fn throttled(&self, api: Api) {
        if let Some(share) = self.share(api) {
            return share.throttled();
        }
        let now = Instant::now();
        let mut paces = self.slowed();
        let slowed = match paces.get(&api) {
            Some(slowed) if now.duration_since(slowed.halved) < TOGETHER => return,
            Some(slowed) => Slowed {
                rate: (slowed.rate / 2.0).max(SLOWEST),
                next: slowed.next.max(now),
                halved: now,
            },
            None => Slowed {
                rate: FIRST,
                next: now,
                halved: now,
            },
        };
        paces.insert(api, slowed);
    }

    /// A call went through.
    pub(crate) fn went_through(&self, api: Api) {
        if let Some(share) = self.share(api) {
            return share.went_through();
        }
        let mut paces = self.slowed();
        if let Some(slowed) = paces.get_mut(&api) {
            slowed.rate += STEP;
            if slowed.rate >= OPEN {
                paces.remove(&api);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn seconds_for(pace: &Pace, api: Api, calls: u32) -> f64 {
        let start = Instant::now();
        for _ in 0..calls {
            pace.turn(api).await;
        }
        start.elapsed().as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_held_back_before_the_first_throttle() {
        assert_eq!(seconds_for(&Pace::default(), Api::Ecs, 1_000).await, 0.0);
    }

    #[tokio::test(start_paused = true)]
    async fn alarms_are_asked_for_once_a_minute() {
        let seconds = seconds_for(&Pace::default(), Api::Alarms, 3).await;
        assert!((120.0..120.1).contains(&seconds), "{seconds} s");
    }

    #[tokio::test(start_paused = true)]
    async fn open_gaps_hold_nothing_back_and_a_throttle_still_does() {
        let pace = Pace::new(Gaps::Open);
        assert_eq!(seconds_for(&pace, Api::Alarms, 100).await, 0.0);
        pace.throttled(Api::Alarms);
        assert!(seconds_for(&pace, Api::Alarms, 11).await > 0.9);
    }

    #[tokio::test(start_paused = true)]
    async fn log_events_keep_to_their_share_and_open_gaps_open_it() {
        let seconds = seconds_for(&Pace::default(), Api::LogEvents, 65).await;
        assert!((59.9..60.2).contains(&seconds), "{seconds} s");
        let open = Pace::new(Gaps::Open);
        assert_eq!(seconds_for(&open, Api::LogEvents, 100).await, 0.0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_slows_its_own_service_only() {
        let pace = Pace::default();
        pace.throttled(Api::Ecs);
        let slow = seconds_for(&pace, Api::Ecs, 11).await;
        assert!(
            (0.9..1.2).contains(&slow),
            "eleven calls at ten a second took {slow} s"
        );
        assert_eq!(seconds_for(&pace, Api::Logs, 100).await, 0.0);
    }

    #[tokio::test(start_paused = true)]
    async fn throttles_that_come_together_halve_the_pace_once() {
        let pace = Pace::default();
        for _ in 0..16 {
            pace.throttled(Api::Ecs);
        }
        assert_eq!(pace.slowed()[&Api::Ecs].rate, FIRST);
        tokio::time::advance(TOGETHER).await;
        pace.throttled(Api::Ecs);
        assert_eq!(pace.slowed()[&Api::Ecs].rate, FIRST / 2.0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_pace_never_falls_below_the_slowest() {
        let pace = Pace::default();
        for _ in 0..20 {
            pace.throttled(Api::Sqs);
            tokio::time::advance(TOGETHER).await;
        }
        assert_eq!(pace.slowed()[&Api::Sqs].rate, SLOWEST);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_go_through_open_the_pace_again() {
        let pace = Pace::default();
        pace.throttled(Api::Ecs);
        for _ in 0..101 {
            pace.went_through(Api::Ecs);
        }
        assert_eq!(seconds_for(&pace, Api::Ecs, 1_000).await, 0.0);
    }
}
