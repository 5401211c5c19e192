//! `tail`: log lines, once or for as long as they come.

use std::time::Duration;

use ecsdeck_core::app::{LogPane, LogRange, LogTarget, Model, Msg, Pane, Slot};
use ecsdeck_core::text::{Clean, parse_duration};
use serde_json::json;

use super::ask::Asked;
use super::name::Name;
use super::{Failed, print, say};
use crate::exit::Exit;
use crate::settings::Options;

/// What to tail.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Tail {
    /// A service, a family, a task's id, a log of the deck, or a log group
    target: String,
    /// From how long ago on: 30s, 10m, 2h, 1d
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = since)]
    since: Duration,
    /// CloudWatch's filter pattern
    #[arg(long, value_name = "PATTERN")]
    filter: Option<String>,
    /// Only this container
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
    /// Go on as lines come in
    #[arg(long)]
    follow: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

fn since(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| format!("{text} is no length of time: 30s, 10m, 2h or 1d"))
}

pub(super) async fn run(options: &Options, tail: Tail) -> Result<Exit, Failed> {
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Tasks, Pane::Logs]).await?;
    let named = asked
        .model()
        .setup
        .deck
        .iter()
        .flat_map(|deck| &deck.logs)
        .any(|log| log.name == tail.target);
    let target = if named || tail.target.starts_with('/') {
        LogTarget::Group(Clean::new(&tail.target))
    } else {
        asked.until(Model::is_listed).await?;
        find(asked.model(), &tail.target).ok_or_else(|| {
            let names = asked
                .model()
                .service_rows()
                .iter()
                .map(|row| row.name.to_string())
                .collect::<Vec<_>>();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Failed::Refused(crate::settings::unknown(
                "service, task or log",
                &tail.target,
                &names,
            ))
        })?
    };
    let seconds = i64::try_from(tail.since.as_secs()).unwrap_or(i64::MAX);
    let pattern = tail.filter.as_deref().map(Clean::new);
    asked.session.take(Msg::LogAsked {
        target,
        range: LogRange { seconds, label: "" },
        pattern,
    });
    let mut printed = 0;
    loop {
        let before = asked
            .model()
            .readings
            .get(&Slot::Logs)
            .map(|reading| (reading.read_at, reading.failures));
        asked.step().await?;
        let model = asked.model();
        if let Some((source, error)) = &model.logs.failed {
            let _ = source;
            return Err(Failed::Cloud(Box::new(error.clone())));
        }
        if let Some(error) = model
            .readings
            .error_of(|slot| matches!(slot, Slot::Logs | Slot::Identity))
        {
            return Err(Failed::Cloud(Box::new(error.clone())));
        }
        let after = model
            .readings
            .get(&Slot::Logs)
            .map(|reading| (reading.read_at, reading.failures));
        if after != before {
            match show(model, &tail, printed) {
                Some(newest) => printed = newest,
                // Nobody reads any more.
                None => return Ok(Exit::Done),
            }
        }
        if !tail.follow && model.is_settled() {
            if let Some(why) = &model.logs.silent {
                return Err(Failed::Refused(why.to_string()));
            }
            if printed == 0 {
                say(&format!(
                    "no line in the last {}",
                    ecsdeck_core::app::length(tail.since)
                ));
            }
            break;
        }
    }
    asked.finish()?;
    Ok(Exit::Done)
}

/// A service or family by name (with or without its cluster), or a task by its id.
fn find(model: &Model, name: &str) -> Option<LogTarget> {
    let wanted = Name::new(name);
    let row = model
        .service_rows()
        .iter()
        .find(|row| wanted.fits(&row.name, &row.cluster));
    if let Some(row) = row {
        return Some(LogTarget::Row(row.key.clone()));
    }
    let mut tasks = model
        .fleet
        .tasks
        .values()
        .filter(|task| task.id().starts_with(wanted.bare) || task.arn.as_str() == name);
    // A beginning of an id counts when only one task has it.
    match (tasks.next(), tasks.next()) {
        (Some(task), None) if wanted.bare.len() >= 6 => Some(LogTarget::Task(task.arn.clone())),
        _ => None,
    }
}

/// Prints the lines after a number, in the order of their time. Gives the newest number, while anybody reads.
fn show(model: &Model, tail: &Tail, after: u64) -> Option<u64> {
    let mut newest = after;
    for line in model
        .logs
        .buffer
        .lines()
        .iter()
        .filter(|line| line.number > after)
    {
        newest = newest.max(line.number);
        let Some((group, stream)) = model.logs.buffer.stream(line.stream) else {
            continue;
        };
        let container = LogPane::container_of(stream);
        if tail
            .container
            .as_ref()
            .is_some_and(|wanted| wanted != container)
        {
            continue;
        }
        let read = if tail.json {
            let object = json!({
                "at": line.at,
                "group": group,
                "stream": stream,
                "container": container,
                "task": LogPane::task_of(stream),
                "message": line.text,
            });
            print::line(&object.to_string())
        } else {
            let task: String = LogPane::task_of(stream).chars().take(8).collect();
            print::line(&format!(
                "{} {container}/{task} {}",
                line.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"),
                line.text
            ))
        };
        if !read {
            return None;
        }
    }
    Some(newest)
}
