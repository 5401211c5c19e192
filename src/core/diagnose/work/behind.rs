//! More work arrives than is done.
//!
//! It is said of a backlog that has grown from each minute of ten to the next, but for one, while the number of tasks
//! stayed as it was and is too small for it: neither bursts, between which it is worked off, nor a scale-up look so. One
//! reading tells no rate.

use super::finding::Finding;
use super::history::Sample;
use super::unserved::helps;
use super::{Load, QueueLoad, WINDOW_SECONDS};
use crate::diagnose::EvidenceSource;
use crate::diagnose::cause::CauseId;
use crate::domain::Time;

/// The window is looked at in so many parts.
const PARTS: usize = 10;
/// So many of them may have no reading.
const GAPS: usize = 2;
/// Growth below this many messages is within what SQS calls approximate.
const LEAST: u64 = 5;

/// One for each queue that grows though tasks run.
pub(super) fn of(load: &Load, now: Time) -> Vec<Finding> {
    let workers = &load.workers;
    if workers.running == 0 || !workers.at_rest(now) {
        return Vec::new();
    }
    let queues = load.queues.iter();
    queues
        .filter_map(|queue| queue_of(load, queue, now))
        .collect()
}

fn queue_of(load: &Load, queue: &QueueLoad, now: Time) -> Option<Finding> {
    let visible = queue.visible().filter(|visible| *visible > 0)?;
    let samples: Vec<Sample> = queue.history.since(now, WINDOW_SECONDS + SLACK).collect();
    let (first, last) = (samples.first()?, samples.last()?);
    let seconds = last.at.duration_since(first.at).as_secs();
    let lows = lows(&samples, now)?;
    let falls = lows.windows(2).filter(|pair| pair.first() >= pair.last());
    let rises = falls.count() <= 1;
    let (from, to) = (*lows.first()?, *lows.last()?);
    let grown = to.saturating_sub(from);
    // Where the tasks that run are as many as the depth wants, it is being dealt with.
    let running = u64::from(load.workers.running);
    let wanted = queue.formula.wanted(visible);
    let at_most = queue
        .formula
        .max
        .is_some_and(|max| running >= u64::from(max));
    let short = wanted.is_none_or(|wanted| running < wanted) || at_most;
    if !rises || !short || seconds < WINDOW_SECONDS || grown < LEAST.max(from / 5) {
        return None;
    }
    let minutes = u64::try_from(seconds / 60).unwrap_or(1).max(1);
    let (then, present) = (first.backlog(), last.backlog());
    let rate = present.saturating_sub(then).div_ceil(minutes);
    let wants = queue.formula.wants(visible);
    let wants = wants.map(|wants| format!(", {wants}")).unwrap_or_default();
    let mut actions = helps(load, wanted);
    if at_most {
        // More than the deck allows is no advice.
        actions.retain(|command| !command.writes());
    }
    let text = format!(
        "{} grew from {then} to {present} messages in {minutes} min (about {rate} more a minute than are done), {}{wants}; \
         at this rate it never empties",
        queue.name,
        load.workers.words(),
    );
    let place = (EvidenceSource::Queue, &queue.name, Some(first.at));
    Some(Finding::of(
        CauseId::FallingBehind,
        0.85,
        place,
        text,
        actions,
    ))
}

/// A poll that came late still belongs to the window, in seconds.
const SLACK: i64 = 60;

/// The smallest backlog of each part of the window, the oldest first; none where too many parts were not seen. The
/// smallest counts, so that what is off in one reading tells nothing.
fn lows(samples: &[Sample], now: Time) -> Option<Vec<u64>> {
    let length = (WINDOW_SECONDS + SLACK).unsigned_abs() / PARTS as u64;
    let mut lows: Vec<Option<u64>> = vec![None; PARTS];
    for one in samples {
        let ago = now.duration_since(one.at).as_secs().max(0).unsigned_abs();
        let part = usize::try_from(ago / length)
            .unwrap_or(PARTS)
            .min(PARTS - 1);
        if let Some(low) = lows.get_mut(part) {
            *low = Some(low.map_or(one.backlog(), |low: u64| low.min(one.backlog())));
        }
    }
    let seen: Vec<u64> = lows.into_iter().rev().flatten().collect();
    (seen.len() + GAPS >= PARTS).then_some(seen)
}
