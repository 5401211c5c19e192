//! Items that are worked on for longer than the deck allows.
//!
//! How long it takes is told by the task that was given the item: the table has no time of it that the deck names.

use super::finding::{Finding, evidence};
use super::load::{Item, ItemState};
use super::{Load, TableLoad};
use crate::diagnose::cause::CauseId;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Task, TaskStatus, Time};
use crate::keys::Command;
use crate::text::{Clean, coarse, rounded};

/// Items that are named, at most.
const NAMED: usize = 3;

/// One for each table that has such items.
pub(super) fn of(load: &Load, now: Time) -> Vec<Finding> {
    let tables = load.tables.iter();
    tables.filter_map(|table| table_of(table, now)).collect()
}

fn table_of(table: &TableLoad, now: Time) -> Option<Finding> {
    let timeout = table.timeout.filter(|_| table.unknown.is_none())?;
    let mut late: Vec<(&Item, &Task, Time)> = table
        .items
        .iter()
        .filter_map(|item| {
            let (task, since) = worked_on(item)?;
            let seconds = now.duration_since(since).as_secs();
            (seconds > timeout).then_some((item, task, since))
        })
        .collect();
    late.sort_by_key(|(.., since)| *since);
    let limit = rounded(timeout.unsigned_abs());
    let lines: Vec<Evidence> = late
        .iter()
        .take(NAMED)
        .map(|(item, task, since)| {
            let (id, status) = (&item.id, &item.status);
            let text = format!(
                "{id} is {status} for {}, the deck's timeout is {limit}; its task {} runs",
                coarse(*since, now),
                task.short_id()
            );
            let place = (EvidenceSource::Table, id, Some(*since));
            evidence(CauseId::OverdueItems, 0.9, place, text)
        })
        .collect();
    let first = lines.first()?;
    let headline = match late.len() {
        1 => first.text.clone(),
        count => Clean::own(format!(
            "{count} items of {} run for longer than the deck's timeout of {limit}",
            table.name
        )),
    };
    Some(Finding {
        headline,
        since: first.at,
        actions: vec![Command::Tail, Command::Tasks, Command::Work],
        evidence: lines,
    })
}

/// The task that works on an item, and since when.
fn worked_on(item: &Item) -> Option<(&Task, Time)> {
    if item.state != ItemState::Running {
        return None;
    }
    let mut running = item.tasks.iter();
    let task = running.find(|task| task.status == TaskStatus::Running)?;
    Some((task, task.started?))
}
