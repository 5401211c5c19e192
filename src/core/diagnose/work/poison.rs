//! Dead letters: messages that fail again and again.
//!
//! They came where each reading since some moment has more of them than any before it: SQS counts approximately, and a
//! count that flickers tells nothing. That there are some says nothing of when they came.

use super::finding::Finding;
use super::{Load, QueueLoad, WINDOW_SECONDS};
use crate::diagnose::EvidenceSource;
use crate::diagnose::cause::CauseId;
use crate::domain::Time;
use crate::keys::Command;
use crate::text::coarse;

/// So many readings, over so many seconds, say how many there were before.
const BEFORE: (usize, i64) = (4, 120);
/// So many say how many there are since.
const SINCE: usize = 2;

/// One for each queue whose dead letters grew in the window.
pub(super) fn of(load: &Load, now: Time) -> Vec<Finding> {
    let queues = load.queues.iter();
    queues.filter_map(|queue| queue_of(queue, now)).collect()
}

fn queue_of(queue: &QueueLoad, now: Time) -> Option<Finding> {
    let dead_letter = queue.dead_letter.as_ref()?;
    if queue.unknown.is_some() {
        return None;
    }
    let present = queue.history.last()?.dead.filter(|dead| *dead > 0)?;
    let readings = queue.history.since(now, WINDOW_SECONDS);
    let readings: Vec<(Time, u64)> = readings
        .filter_map(|one| Some((one.at, one.dead?)))
        .collect();
    let (since, came) = risen(&readings)?;
    let are = if present == 1 {
        "1 message is"
    } else {
        &format!("{present} messages are")
    };
    let text = format!(
        "{are} in {dead_letter}, {came} more than {} ago: messages of {} fail",
        coarse(since, now),
        queue.name,
    );
    // To move them back before the fault is mended has them fail again.
    Some(Finding::of(
        CauseId::PoisonMessages,
        0.9,
        (EvidenceSource::Queue, dead_letter, Some(since)),
        text,
        vec![Command::Tail, Command::Queues],
    ))
}

/// The last reading before they came, and how many came. None where nothing shows that any did.
fn risen(readings: &[(Time, u64)]) -> Option<(Time, u64)> {
    let (start, _) = *readings.first()?;
    let splits = BEFORE.0..=readings.len().checked_sub(SINCE)?;
    let rises = splits.filter_map(|at| {
        let (before, after) = readings.split_at_checked(at)?;
        let (last, _) = *before.last()?;
        let most = before.iter().map(|(_, dead)| *dead).max()?;
        let fewest = after.iter().map(|(_, dead)| *dead).min()?;
        let lasted = last.duration_since(start).as_secs() >= BEFORE.1;
        (lasted && fewest > most).then(|| (last, fewest - most))
    });
    rises.max_by_key(|(_, came)| *came)
}
