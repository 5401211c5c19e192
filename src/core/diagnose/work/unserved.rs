//! Work waits and nobody works on it.
//!
//! One reading does not tell for how long a message has waited. It is enough where the deck wants a task even for an
//! empty queue; else messages must have been seen waiting for longer than a start takes.

use super::finding::Finding;
use super::load::{ItemState, Keeps};
use super::{Load, QueueLoad, TableLoad};
use crate::diagnose::EvidenceSource;
use crate::diagnose::cause::CauseId;
use crate::domain::Time;
use crate::keys::Command;
use crate::text::coarse;

/// One for each queue or table that nobody works off.
pub(super) fn of(load: &Load, now: Time) -> Vec<Finding> {
    let workers = &load.workers;
    if workers.running > 0 || !workers.at_rest(now) {
        return Vec::new();
    }
    let queues = load
        .queues
        .iter()
        .filter_map(|queue| queue_of(load, queue, now));
    let tables = load
        .tables
        .iter()
        .filter_map(|table| table_of(load, table, now));
    queues.chain(tables).collect()
}

fn queue_of(load: &Load, queue: &QueueLoad, now: Time) -> Option<Finding> {
    let visible = queue.visible().filter(|visible| *visible > 0)?;
    let since = queue.history.waiting_since()?;
    let patience = load.workers.patience();
    let seen = now.duration_since(since).as_secs() >= patience;
    let always = queue.formula.min.is_some_and(|min| min > 0);
    if !seen && !always {
        return None;
    }
    let wants = queue.formula.wants(visible);
    let wants = wants.map(|wants| format!(", {wants}")).unwrap_or_default();
    let rests = if seen {
        format!("; seen waiting for {}", coarse(since, now))
    } else {
        let minutes = patience / 60;
        format!("; one reading: no task started or ended in the last {minutes} min")
    };
    let text = format!("{}, {}{wants}", queue.waits(visible), load.workers.words());
    let confidence = if seen { 0.95 } else { 0.8 };
    let place = (EvidenceSource::Queue, &queue.name, seen.then_some(since));
    let mut finding = Finding::of(
        CauseId::BacklogUnserved,
        confidence,
        place,
        format!("{text}{rests}"),
        helps(load, queue.formula.wanted(visible)),
    );
    finding.headline = crate::text::Clean::own(text);
    Some(finding)
}

/// A table's items have no count that the deck wants: they must have been seen waiting.
fn table_of(load: &Load, table: &TableLoad, now: Time) -> Option<Finding> {
    let known = table.unknown.is_none();
    let patience = load.workers.patience();
    let waited = |since: Time| now.duration_since(since).as_secs() >= patience;
    let waiting = table
        .items
        .iter()
        .filter(|item| known && item.state == ItemState::Waiting && waited(item.since));
    let since = waiting.clone().map(|item| item.since).min()?;
    let what = match waiting.count() {
        1 => format!("1 item waits in {}", table.name),
        count => format!("{count} items wait in {}", table.name),
    };
    Some(Finding::of(
        CauseId::BacklogUnserved,
        0.9,
        (EvidenceSource::Table, &table.name, Some(since)),
        format!("{what}, {}", load.workers.words()),
        helps(load, None),
    ))
}

/// More tasks help: of a family somebody runs them; of a service its count is raised, where it is lower than is wanted.
pub(super) fn helps(load: &Load, wanted: Option<u64>) -> Vec<Command> {
    match load.workers.keeps {
        Keeps::Family => vec![Command::Run, Command::Queues],
        Keeps::Service { desired } if u64::from(desired) < wanted.unwrap_or(1) => {
            vec![Command::Scale, Command::Queues]
        }
        Keeps::Service { .. } => vec![Command::Queues],
    }
}
