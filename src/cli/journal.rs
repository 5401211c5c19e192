//! `journal`: what was done, by whom, with what result. It asks AWS nothing.

use std::time::Duration;

use ecsdeck_core::act::history::markdown;
use ecsdeck_core::act::{History, Record};
use ecsdeck_core::domain::Time;
use ecsdeck_core::text::parse_duration;

use serde_json::{Value, json};

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
    parse_duration(text)
        .ok_or_else(|| format!("invalid duration {text:?}; use for example 10m, 2h or 7d"))
}

pub(super) fn run(show: &Show) -> Result<Exit, Failed> {
    let history = read()?;
    let from = show
        .since
        .and_then(|since| Time::now().checked_sub(since).ok());
    let writes: Vec<&Record> = history
        .records()
        .iter()
        .filter(|write| from.is_none_or(|from| write.at >= from))
        .collect();
    if writes.is_empty() {
        say("the journal is empty");
        return Ok(Exit::Done);
    }
    match show.export {
        Some(Format::Md) => print::out(&markdown(writes)),
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
fn read() -> Result<History, Failed> {
    let Some(journal) = ask::journal(None) else {
        return Err(Failed::NoSuch(
            "no directory for the journal. Hint: set HOME or XDG_STATE_HOME".to_owned(),
        ));
    };
    let contents = journal
        .read()
        .map_err(|error| Failed::NoSuch(error.to_string()))?;
    for warning in &contents.warnings {
        say(&format!("{}: {warning}", journal.path().display()));
    }
    Ok(contents.history())
}

/// What a write did, in a line: `scale web: desired count 2 -> 4`.
fn change(write: &Record) -> String {
    let head = format!("{} {}", write.verb, write.target.subject.name());
    match write.change_words("->") {
        changes if changes.is_empty() => head,
        changes => format!("{head}: {changes}"),
    }
}

/// How it ended, and why.
fn result(write: &Record) -> String {
    match write.detail() {
        Some(detail) => format!("{} ({detail})", write.result_words()),
        None => write.result_words(),
    }
}

fn at(time: Time) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Who it was, without the partition and account that the resource name begins with.
fn who(write: &Record) -> &str {
    let arn = write.who.arn.as_str();
    arn.splitn(6, ':').nth(5).unwrap_or(arn)
}

fn lines(writes: &[&Record]) -> String {
    let rows: Vec<Vec<String>> = writes
        .iter()
        .map(|write| {
            let mark = if write.state().is_settled() { "" } else { "?" };
            vec![
                mark.to_owned(),
                at(write.at),
                write.id.short().to_owned(),
                who(write).to_owned(),
                change(write),
                result(write),
            ]
        })
        .collect();
    print::table(&["", "AT", "ID", "WHO", "WHAT", "RESULT"], &rows)
}

fn document(write: &Record) -> Value {
    let ended = write.ended.as_ref();
    json!({
        "id": write.id,
        "at": write.at,
        "ended": ended.map(|ended| ended.at),
        "who": write.who,
        "verb": write.verb,
        "target": write.target,
        "changes": write.changes,
        "requests": write.steps.iter().map(|step| {
            json!({ "operation": step.operation, "request": step.request })
        }).collect::<Vec<_>>(),
        "made": write.made,
        "outcome": ended.map(|ended| &ended.outcome),
        "detail": write.detail(),
        "settled": write.state().is_settled(),
        "attempts": ended.and_then(|ended| ended.attempts),
        "request_ids": write.request_ids(),
        "undoes": write.undoes,
        "undone_by": write.undone_by,
    })
}
