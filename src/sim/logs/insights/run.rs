//! Carrying a query out: from lines to rows, command by command.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::parse::{Command, Plan};
use super::query::Query;
use super::row::{Outcome, Row, Shown};
use super::stats::{Grouping, Measure};
use crate::logs::Group;
use crate::logs::lines::Place;
use crate::logs::stream::BESIDE;
use crate::wire::page;

/// The most lines that a query searches.
const SEARCHED: usize = 500_000;
/// The most rows of a query that sets no limit.
pub(super) const ROWS: usize = 10_000;

impl Query {
    /// The lines that the query is about, oldest first.
    fn lines(
        &self,
        groups: &BTreeMap<String, Group>,
        account: &str,
        outcome: &mut Outcome,
    ) -> Vec<Row> {
        let mut rows = Vec::new();
        for name in &self.groups {
            let streams = groups
                .get(name)
                .into_iter()
                .flat_map(|g| g.streams.values());
            for stream in streams {
                if stream.begins() > self.to
                    || stream.closed.is_some_and(|closed| closed < self.from)
                {
                    continue;
                }
                for line in stream.forwards(Place::start_of(self.from), self.to + 1) {
                    if line.ingested > self.started {
                        continue;
                    }
                    if outcome.scanned >= SEARCHED {
                        outcome.skipped += 1;
                        break;
                    }
                    outcome.scanned += 1;
                    outcome.bytes += line.message.len() + BESIDE;
                    rows.push(Row {
                        at: line.place.at,
                        ingested: line.ingested,
                        pointer: page::seal(&line.event_id(stream)),
                        message: line.message,
                        stream: stream.name.clone(),
                        log: format!("{account}:{name}"),
                        document: OnceCell::new(),
                        made: BTreeMap::new(),
                    });
                }
            }
        }
        rows.sort_by(|a, b| (a.at, &a.pointer).cmp(&(b.at, &b.pointer)));
        rows
    }

    pub(super) fn run(
        &self,
        groups: &BTreeMap<String, Group>,
        account: &str,
        limit: usize,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        let rows = self.lines(groups, account, &mut outcome);
        let Plan(commands) = &self.plan;
        let shown = carry_out(commands, rows, limit);
        outcome.matched = shown.matched;
        outcome.rows = shown.rows;
        outcome
    }
}

struct Result {
    rows: Vec<Shown>,
    matched: usize,
}

fn carry_out(commands: &[Command], mut rows: Vec<Row>, limit: usize) -> Result {
    let mut shown: Vec<(String, String)> = Vec::new();
    let mut most = limit;
    let mut sorted = false;
    // How many rows there were before a limit cut them.
    let mut matched = None;
    for (number, command) in commands.iter().enumerate() {
        match command {
            Command::Fields(fields) => shown.extend(fields.iter().cloned()),
            Command::Display(fields) => {
                shown = fields
                    .iter()
                    .map(|field| (field.clone(), field.clone()))
                    .collect();
            }
            Command::Filter(condition) => rows.retain(|row| condition.holds(row)),
            Command::Parse {
                field,
                regex,
                names,
            } => {
                rows.iter_mut()
                    .for_each(|row| parse(row, field, regex, names));
            }
            Command::Dedup(fields) => {
                if !sorted {
                    rows.reverse();
                }
                let mut seen = BTreeSet::new();
                rows.retain(|row| {
                    seen.insert(fields.iter().map(|f| row.get(f)).collect::<Vec<_>>())
                });
                sorted = true;
            }
            Command::Sort(by) => {
                rows.sort_by(|a, b| order(by, &|field| (a.get(field), b.get(field))));
                sorted = true;
            }
            Command::Limit(count) => {
                most = *count;
                matched.get_or_insert(rows.len());
                rows.truncate(if sorted { *count } else { usize::MAX });
            }
            Command::Stats { measures, by } => {
                let matched = matched.unwrap_or(rows.len());
                let grouped = grouped(&rows, measures, by);
                let rest = commands.get(number + 1..).unwrap_or_default();
                return Result {
                    rows: after_stats(rest, grouped, limit),
                    matched,
                };
            }
        }
    }
    // What is not sorted comes newest first.
    if !sorted {
        rows.reverse();
    }
    if shown.is_empty() {
        shown = ["@timestamp", "@message"]
            .map(|f| (f.to_owned(), f.to_owned()))
            .to_vec();
    }
    let matched = matched.unwrap_or(rows.len());
    let rows = rows
        .iter()
        .take(most)
        .map(|row| {
            let fields = shown
                .iter()
                .filter_map(|(field, name)| Some((name.clone(), row.get(field)?)));
            fields
                .chain([("@ptr".to_owned(), row.pointer.clone())])
                .collect()
        })
        .collect();
    Result { rows, matched }
}

fn parse(row: &mut Row, field: &str, regex: &regex::Regex, names: &[String]) {
    let Some(value) = row.get(field) else {
        return;
    };
    if let Some(found) = regex.captures(&value) {
        for (name, group) in names.iter().zip(found.iter().skip(1)) {
            if let Some(group) = group {
                row.made.insert(name.clone(), group.as_str().to_owned());
            }
        }
    }
}

/// The values that two rows have of a field.
type Pair = (Option<String>, Option<String>);

/// The order of two rows by fields; rows without a field come last.
fn order(by: &[(String, bool)], values: &dyn Fn(&str) -> Pair) -> Ordering {
    for (field, descending) in by {
        let order = match values(field) {
            (Some(a), Some(b)) => match (a.parse::<f64>(), b.parse::<f64>()) {
                (Ok(a), Ok(b)) => a.total_cmp(&b),
                _ => a.cmp(&b),
            },
            (a, b) => return b.is_some().cmp(&a.is_some()),
        };
        let order = if *descending { order.reverse() } else { order };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

fn grouped(rows: &[Row], measures: &[(Measure, String)], by: &[Grouping]) -> Vec<Shown> {
    let mut groups: BTreeMap<Vec<Option<String>>, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        groups
            .entry(by.iter().map(|one| one.of(row)).collect())
            .or_default()
            .push(row);
    }
    if by.is_empty() && groups.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    let mut all: Vec<Shown> = groups
        .into_iter()
        .map(|(key, rows)| {
            let names = by
                .iter()
                .zip(key)
                .filter_map(|(one, value)| Some((one.name(), value?)));
            let values = measures
                .iter()
                .filter_map(|(measure, name)| Some((name.clone(), measure.of(&rows)?)));
            names.chain(values).collect()
        })
        .collect();
    all.reverse();
    all
}

/// What may follow `stats`: sort, limit and display.
fn after_stats(commands: &[Command], mut rows: Vec<Shown>, limit: usize) -> Vec<Shown> {
    let value = |row: &Shown, field: &str| {
        row.iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
    };
    let mut most = limit;
    for command in commands {
        match command {
            Command::Sort(by) => {
                rows.sort_by(|a, b| order(by, &|field| (value(a, field), value(b, field))));
            }
            Command::Limit(count) => most = *count,
            Command::Display(fields) => {
                for row in &mut rows {
                    row.retain(|(name, _)| fields.contains(name));
                }
            }
            // Plan::parse lets nothing else follow.
            _ => {}
        }
    }
    rows.truncate(most);
    rows
}
