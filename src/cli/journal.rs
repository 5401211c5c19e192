//! `journal`: what was done, by whom, with what result. It asks AWS nothing.

use std::fmt::Write;
use std::time::Duration;

use ecsdeck_core::domain::Time;
use ecsdeck_core::text::{Clean, parse_duration};

use serde_json::{Value, json};

use super::history::{History, histories};
use super::{Failed, ask, print, say};
use crate::exit::Exit;

/// What to show of the journal.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Show {
    /// From how long ago on: 10m, 2h, 7d
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<Duration>,
    /// One JSON object a line
    #[arg(long, conflicts_with = "export")]
    json: bool,
    /// For the incident's page
    #[arg(long, value_name = "FORMAT")]
    export: Option<Format>,
}

/// A form that other tools take.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// A Markdown table
    Md,
}

fn since(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| format!("{text} is no length of time: 10m, 2h or 7d"))
}

pub(super) fn run(show: &Show) -> Result<Exit, Failed> {
    let writes = read()?;
    let from = show
        .since
        .and_then(|since| Time::now().checked_sub(since).ok());
    let writes: Vec<&History> = writes
        .iter()
        .filter(|write| from.is_none_or(|from| write.intent.at >= from))
        .collect();
    if writes.is_empty() {
        say("the journal is empty");
        return Ok(Exit::Done);
    }
    match show.export {
        Some(Format::Md) => print::out(&markdown(&writes)),
        None if show.json => {
            for write in &writes {
                if !print::line(&document(write).to_string()) {
                    break;
                }
            }
        }
        None => print::out(&lines(&writes)),
    }
    Ok(Exit::Done)
}

/// Every write of the user's journal, oldest first. What is wrong with the file is said.
pub(super) fn read() -> Result<Vec<History>, Failed> {
    let Some(journal) = ask::journal(None) else {
        return Err(Failed::Refused(
            "there is no place for a journal".to_owned(),
        ));
    };
    let contents = journal
        .read()
        .map_err(|error| Failed::Refused(error.to_string()))?;
    for warning in &contents.warnings {
        say(&format!("{}: {warning}", journal.path().display()));
    }
    Ok(histories(&contents.entries))
}

/// What a write did, in a line: `scale web: desired count 2 -> 4`.
fn change(write: &History) -> String {
    let intent = &write.intent;
    let changes: Vec<String> = intent
        .changes
        .iter()
        .map(|change| format!("{} {} -> {}", change.what, change.before, change.after))
        .collect();
    let head = format!("{} {}", intent.verb, intent.target.subject.name());
    if changes.is_empty() {
        head
    } else {
        format!("{head}: {}", changes.join(", "))
    }
}

/// How it ended, in words.
fn result(write: &History) -> String {
    let Some(outcome) = &write.outcome else {
        return "no outcome on record".to_owned();
    };
    let word = outcome.outcome.clone().unwrap_or_default();
    let detail = outcome.detail.as_ref().map(|detail| format!(" ({detail})"));
    let undone = write
        .undone_by
        .as_ref()
        .map(|by| format!(", undone by {}", short(by.as_str())));
    format!(
        "{word}{}{}",
        undone.unwrap_or_default(),
        detail.unwrap_or_default()
    )
}

/// The beginning of an id, which is enough for `undo`.
pub(super) fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

fn at(time: Time) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Who it was, without the partition and account that the resource name begins with.
fn who(write: &History) -> &str {
    let arn = write.intent.who.arn.as_str();
    arn.splitn(6, ':').nth(5).unwrap_or(arn)
}

fn lines(writes: &[&History]) -> String {
    let rows: Vec<Vec<String>> = writes
        .iter()
        .map(|write| {
            let mark = if write.is_unsettled() { "?" } else { "" };
            vec![
                mark.to_owned(),
                at(write.intent.at),
                short(write.intent.id.as_str()).to_owned(),
                who(write).to_owned(),
                change(write),
                result(write),
            ]
        })
        .collect();
    print::table(&["", "AT", "ID", "WHO", "WHAT", "RESULT"], &rows)
}

/// For a page of an incident: a table that needs nothing around it.
fn markdown(writes: &[&History]) -> String {
    let mut text = String::from(
        "| at | who | account, region | what | result | request |\n|---|---|---|---|---|---|\n",
    );
    for write in writes {
        let target = &write.intent.target;
        let cells = [
            at(write.intent.at),
            write.intent.who.arn.to_string(),
            format!("{}, {}", target.account, target.region),
            change(write),
            result(write),
            requests(write).join(", "),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        // Writing into a string does not fail.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// Text that says in Markdown what it says.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '&'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// AWS's ids of the requests that were sent.
fn requests(write: &History) -> Vec<Clean> {
    let Some(outcome) = &write.outcome else {
        return Vec::new();
    };
    if outcome.request_ids.is_empty() {
        outcome.request_id.iter().cloned().collect()
    } else {
        outcome.request_ids.clone()
    }
}

fn document(write: &History) -> Value {
    let intent = &write.intent;
    let outcome = write.outcome.as_ref();
    json!({
        "id": intent.id,
        "at": intent.at,
        "ended": outcome.map(|outcome| outcome.at),
        "who": intent.who,
        "verb": intent.verb,
        "target": intent.target,
        "changes": intent.changes,
        "requests": intent.steps.iter().map(|step| {
            json!({ "operation": step.operation, "request": step.request })
        }).collect::<Vec<_>>(),
        "made": write.made,
        "outcome": write.word(),
        "detail": outcome.and_then(|outcome| outcome.detail.clone()),
        "settled": !write.is_unsettled(),
        "attempts": outcome.and_then(|outcome| outcome.attempts),
        "request_ids": requests(write),
        "undoes": intent.undoes,
        "undone_by": write.undone_by,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_cannot_break_out_of_its_table() {
        assert_eq!(super::escaped("a|b <c> *d*"), r"a\|b \<c\> \*d\*");
    }
}
