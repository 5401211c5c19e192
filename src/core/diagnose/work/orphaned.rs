//! Items that say that somebody works on them, and whose task is gone.
//!
//! An item is only held against tasks that were listed after it was seen so; a task that has just ended may still have
//! its last word on the way.

use super::finding::{Finding, evidence};
use super::load::{Item, ItemState};
use super::{Load, TableLoad};
use crate::diagnose::cause::{CauseId, Standing, Trait};
use crate::diagnose::evidence::failures;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Task, Time};
use crate::keys::Command;
use crate::text::{Clean, coarse};

/// What a task writes last is there within so many seconds of its end.
const LAST_WORD_SECONDS: i64 = 60;
/// Tasks that were listed so many seconds before an item was read had the item's task among them: a start takes longer.
const LISTED_SECONDS: i64 = 10;
/// Items that are named, at most.
const NAMED: usize = 3;

/// One for each table that has such items.
pub(super) fn of(load: &Load, now: Time) -> Vec<Finding> {
    let tables = load.tables.iter();
    tables
        .filter_map(|table| table_of(load, table, now))
        .collect()
}

/// An item without its task.
struct Orphan<'a> {
    item: &'a Item,
    /// The newest task that it had, where that is known.
    task: Option<&'a Task>,
}

fn table_of(load: &Load, table: &TableLoad, now: Time) -> Option<Finding> {
    let read_at = table.read_at.filter(|_| table.unknown.is_none())?;
    let tasks_at = table.tasks_at.filter(|_| load.workers.counted())?;
    let items = table.items.iter();
    let mut orphans: Vec<Orphan<'_>> = items
        .filter_map(|item| orphan(item, read_at, tasks_at))
        .collect();
    orphans.sort_by_key(|one| std::cmp::Reverse(one.task.and_then(|task| task.stopped)));
    let first = orphans.first()?;
    let lines: Vec<Evidence> = orphans
        .iter()
        .take(NAMED)
        .map(|one| line(one, now))
        .collect();
    let since = first.task.and_then(|task| task.stopped);
    let headline = match orphans.len() {
        1 => lines.first()?.text.clone(),
        count => Clean::own(format!(
            "{count} items of {} say that they are worked on, and their tasks are gone: {}",
            table.name,
            names(&orphans)
        )),
    };
    let mut actions = vec![Command::Work];
    // A task that died of what stays dies again.
    if orphans.iter().any(|one| !dies_again(one.task)) {
        actions.insert(0, Command::Retry);
    }
    Some(Finding {
        headline,
        since,
        evidence: lines,
        actions,
    })
}

fn names(orphans: &[Orphan<'_>]) -> String {
    let names: Vec<&str> = orphans.iter().map(|one| one.item.id.as_str()).collect();
    let shown: Vec<&str> = names.iter().take(NAMED).copied().collect();
    let more = if names.len() > NAMED { " …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn orphan(item: &Item, read_at: Time, tasks_at: Time) -> Option<Orphan<'_>> {
    if item.state != ItemState::Running || item.tasks.iter().any(|task| !task.is_stopped()) {
        return None;
    }
    let newest = item.tasks.iter().max_by_key(|task| task.created);
    let Some(task) = newest else {
        let listed = tasks_at.duration_since(item.since).as_secs() >= -LISTED_SECONDS;
        return listed.then_some(Orphan { item, task: None });
    };
    let ended = task.stopped?;
    let settled = read_at.duration_since(ended).as_secs() >= LAST_WORD_SECONDS;
    settled.then_some(Orphan {
        item,
        task: Some(task),
    })
}

/// What an item says, and what became of its task.
fn line(orphan: &Orphan<'_>, now: Time) -> Evidence {
    let (id, status) = (&orphan.item.id, &orphan.item.status);
    let at = orphan.task.and_then(|task| task.stopped);
    let text = match orphan.task {
        Some(task) => {
            let ago = at
                .map(|at| format!(" {} ago", coarse(at, now)))
                .unwrap_or_default();
            let why = why(task).map(|why| format!(": {why}")).unwrap_or_default();
            format!(
                "{id} is {status}, its task {} ended{ago}{why}",
                task.short_id()
            )
        }
        None => format!("{id} is {status}, and ECS knows no task of it"),
    };
    let place = (EvidenceSource::Table, id, at);
    evidence(CauseId::OrphanedItems, 0.9, place, text)
}

/// Why a task died, in one clause.
fn why(task: &Task) -> Option<Clean> {
    let died = failures(std::iter::once(task)).into_iter().next();
    let headline = died.map(|died| died.headline());
    headline.or_else(|| task.reason().cloned())
}

/// Whether the same task would die of the same again.
fn dies_again(task: Option<&Task>) -> bool {
    let died = task.and_then(|task| failures(std::iter::once(task)).into_iter().next());
    let best = died.and_then(|died| died.ranking.first().copied());
    best.is_some_and(|best| {
        best.cause.standing() == Standing::Fault && best.cause.has(Trait::Lasting)
    })
}
