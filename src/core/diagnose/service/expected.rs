//! How long a rollout takes: by what the service's earlier ones took, else by what can be seen of its starts.
//!
//! A rollout that takes longer than ever is not stuck while it moves. It is called overdue when it has taken far
//! longer *and* nothing has moved for longer than one batch needs.

use super::percents::bounds;
use super::{ServiceSnapshot, shift};
use crate::domain::{Deployment, Task, TaskStatus, Time};

/// A rollout that takes longer than this without a fault is called overdue, in seconds, where no earlier one is
/// known. AWS's own guides speak of 10 to 15 minutes for an ordinary rollout.
const LONG_SECONDS: i64 = 20 * 60;
/// Where earlier ones are known, no rollout is overdue before this, in seconds.
const SHORTEST_SECONDS: i64 = 10 * 60;
/// A target drains for so long unless its group says otherwise, in seconds (source: Elastic Load Balancing,
/// "Deregistration delay"); a container that is told to stop has 30 s more.
const DRAIN_SECONDS: i64 = 330;
/// A target group may let its targets drain for so long, in seconds (source: Elastic Load Balancing, "Deregistration
/// delay").
const LONGEST_DRAIN_SECONDS: i64 = 3_600 + 30;
/// When a hook ended AWS does not tell: so long it may have held a rollout, in seconds.
const HOOK_SECONDS: i64 = 3_600;
/// An image may be pulled for so long, in seconds.
const PULL_SECONDS: i64 = 15 * 60;
/// Earlier rollouts that count.
const REMEMBERED: usize = 10;
/// A task that nobody has seen start takes so long, in seconds.
const START_SECONDS: i64 = 60;

/// Seconds that this rollout is likely to take in all.
pub(super) fn seconds(snapshot: ServiceSnapshot<'_>) -> u64 {
    if let Some(configured) = configured(snapshot) {
        return u64::try_from(configured).unwrap_or_default();
    }
    let typical = typical(snapshot);
    typical.unwrap_or_else(|| u64::try_from(estimated(snapshot)).unwrap_or_default())
}

/// What the configuration says, where traffic moves by itself and not with the tasks.
fn configured(snapshot: ServiceSnapshot<'_>) -> Option<i64> {
    let moving = shift::seconds(&snapshot.service.settings)?;
    Some(start(snapshot) + health(snapshot) + moving)
}

/// The median of the service's earlier rollouts that went through.
fn typical(snapshot: ServiceSnapshot<'_>) -> Option<u64> {
    let durations = snapshot.history()?.durations();
    median(durations.take(REMEMBERED).collect())
}

fn median(mut of: Vec<u64>) -> Option<u64> {
    of.sort_unstable();
    of.get(of.len() / 2).copied()
}

/// What the settings and the starts that were seen allow to expect.
fn estimated(snapshot: ServiceSnapshot<'_>) -> i64 {
    let service = snapshot.service;
    let (minimum, maximum) = bounds(service);
    let at_once = maximum
        .saturating_sub(minimum)
        .clamp(1, service.desired.max(1));
    let batches = service.desired.max(1).div_ceil(at_once);
    let bake = snapshot
        .history()
        .and_then(|history| history.ongoing()?.bake_minutes)
        .unwrap_or_default();
    i64::from(batches) * (start(snapshot) + health(snapshot)) + 30 + 60 * i64::from(bake)
}

/// Seconds from asking for a task to its running: the median of those that run.
fn start(snapshot: ServiceSnapshot<'_>) -> i64 {
    usual_start(snapshot).map_or(START_SECONDS, |seconds| seconds.clamp(5, PULL_SECONDS))
}

/// The same, where some were seen to start.
pub(super) fn usual_start(snapshot: ServiceSnapshot<'_>) -> Option<i64> {
    let took = |task: &&Task| {
        let seconds = task.started?.duration_since(task.created?).as_secs();
        u64::try_from(seconds).ok()
    };
    let median = median(snapshot.tasks.iter().filter_map(took).collect());
    median.and_then(|seconds| i64::try_from(seconds).ok())
}

/// Seconds from running to taking traffic.
fn health(snapshot: ServiceSnapshot<'_>) -> i64 {
    let groups = snapshot.service.load_balancers.iter();
    let groups = groups.filter_map(|balancer| balancer.target_group.as_ref());
    let checks = groups.map(|group| {
        let group = snapshot.facts.target_group(group);
        // ELB's defaults: five passes, 30 s apart.
        let interval = group.and_then(|group| group.interval_seconds).unwrap_or(30);
        let passes = group.and_then(|group| group.healthy_threshold).unwrap_or(5);
        i64::from(interval) * i64::from(passes)
    });
    checks.max().unwrap_or(0)
}

/// When something moved for the last time: a task came a step further or went, or AWS told of it.
fn last_move(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<Time> {
    let tasks = snapshot.tasks.iter().flat_map(|task| {
        let steps = if snapshot.owns(Some(primary), task) {
            [task.pull_started, task.pull_stopped, task.started]
        } else {
            [task.stopping, task.stopped, None]
        };
        steps.into_iter().flatten()
    });
    let moved = |message: &str| {
        [
            "has started ",
            "registered ",
            "has begun draining",
            "has stopped ",
        ]
        .iter()
        .any(|verb| message.contains(verb))
    };
    let events = snapshot.service.events.iter();
    let events = events
        .filter(|event| moved(event.message.as_str()))
        .filter_map(|event| event.at);
    tasks.chain(events).chain(primary.created).max()
}

/// Whether a rollout that has no fault takes far too long.
pub(super) fn is_overdue(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> bool {
    if let Some(configured) = configured(snapshot) {
        let settings = &snapshot.service.settings;
        let hooked = if may_be_hooked(snapshot) {
            HOOK_SECONDS
        } else {
            0
        };
        let grace = i64::from(snapshot.service.grace_seconds.unwrap_or_default());
        let slack = (2 * shift::step(settings)).max(SHORTEST_SECONDS);
        return snapshot.since(primary.created) > configured + grace + hooked + slack;
    }
    let limit = match typical(snapshot) {
        Some(typical) => (3 * i64::try_from(typical).unwrap_or(LONG_SECONDS)).max(SHORTEST_SECONDS),
        None => LONG_SECONDS,
    };
    if snapshot.since(primary.created) <= limit.max(2 * estimated(snapshot)) {
        return false;
    }
    let grace = i64::from(snapshot.service.grace_seconds.unwrap_or_default());
    let pulls = snapshot.tasks.iter().any(|task| {
        let open = task.pull_started.is_some() && task.pull_stopped.is_none();
        open && task.status < TaskStatus::Running
    });
    // Old tasks that are on their way out are what it waits for, and their target group says for how long.
    let drains = snapshot.tasks.iter().any(|task| {
        let leaves = task.status > TaskStatus::Running && !task.is_stopped();
        leaves && !snapshot.owns(Some(primary), task)
    });
    let hooked = may_be_hooked(snapshot);
    let batch = 2 * start(snapshot)
        + health(snapshot)
        + grace
        + if drains {
            LONGEST_DRAIN_SECONDS
        } else {
            DRAIN_SECONDS
        }
        + if hooked { HOOK_SECONDS } else { 0 }
        + if pulls { PULL_SECONDS } else { 0 };
    snapshot.since(last_move(snapshot, primary)) > batch.max(SHORTEST_SECONDS)
}

fn may_be_hooked(snapshot: ServiceSnapshot<'_>) -> bool {
    let ongoing = snapshot.history().and_then(|history| history.ongoing());
    ongoing.is_some_and(|ongoing| !ongoing.hooks.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_no_mean() {
        assert_eq!(median(Vec::new()), None);
        assert_eq!(median(vec![900, 60, 70]), Some(70));
    }
}
