//! `tail`: log lines, once or for as long as they come.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ecsdeck_core::app::{LogPane, LogTarget, Model, Msg, Pane, RowKey, Slot, words_elsewhere};
use ecsdeck_core::domain::{ContainerDefinition, ErrorKind};
use ecsdeck_core::logs::LogLine;
use ecsdeck_core::names::unknown;
use ecsdeck_core::text::{Clean, parse_duration, parse_moment, parse_moment_after};

use super::ask::{Asked, is_needed};
use super::lag::Lag;
use super::log_names::{Choice, listed};
use super::outage::Outage;
use super::{Failed, print, say};
use crate::exit::Exit;
use crate::settings::Options;

/// What to tail.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Tail {
    /// A service or task family, with or without its cluster; a task's id or the first four characters of it; a run
    /// template or a log of the deck; a log group, with or without its slash; a Lambda function. Several are shown
    /// together
    #[arg(value_name = "TARGET", required = true)]
    targets: Vec<String>,
    /// From when on: 30s, 10m, 2h, 1d (ago), 14:05, yesterday, 2026-11-30T14:05, RFC 3339
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = super::moment)]
    since: String,
    /// Up to when, in the same forms
    #[arg(long, value_name = "TIME", conflicts_with = "follow", value_parser = super::moment)]
    until: Option<String>,
    /// Only the last lines of that time
    #[arg(short = 'n', long = "lines", value_name = "N")]
    lines: Option<usize>,
    /// CloudWatch's filter pattern
    #[arg(long, value_name = "PATTERN")]
    filter: Option<String>,
    /// Only this container
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
    /// Go on as lines come in
    #[arg(short, long)]
    follow: bool,
    /// End following after so long, with exit code 4: 30s, 10m, 2h
    #[arg(long, value_name = "TIME", requires = "follow", value_parser = super::length)]
    timeout: Option<Duration>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(options: &Options, tail: Tail) -> Result<Exit, Failed> {
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Tasks, Pane::Logs]).await?;
    asked.within(tail.timeout);
    let mut outage = Outage::default();
    // AWS's clock is known once somebody has answered, and the span is counted back from it.
    listed(&mut asked, tail.follow, &mut outage, |model| {
        model.identity.is_some()
    })
    .await?;
    let mut choices = Vec::new();
    for typed in &tail.targets {
        choices.push(Choice::find(&mut asked, tail.follow, &mut outage, typed).await?);
    }
    loop {
        let target = LogTarget::of(choices.iter().map(Choice::target).collect());
        let Some(target) = target else {
            return Err(Failed::NoSuch("no log was named".to_owned()));
        };
        match show(&mut asked, &tail, &mut outage, target).await {
            Err(Failed::Cloud(error)) if error.kind == ErrorKind::NotFound => {
                let failed = asked.model().logs.failed.as_ref();
                let group = failed.map(|(source, _)| source.group.clone());
                let mut choices = choices.iter_mut();
                let choice = choices.find(|choice| choice.is(group.as_ref()));
                let Some(choice) = choice else {
                    return Err(Failed::Cloud(error));
                };
                // A group may be there with its slash, or without.
                if !choice.try_next() {
                    return Err(choice.not_there(asked.model(), *error));
                }
            }
            other => {
                let exit = other?;
                asked.finish()?;
                return Ok(exit);
            }
        }
    }
}

/// Prints the lines of a log.
async fn show(
    asked: &mut Asked,
    tail: &Tail,
    outage: &mut Outage,
    target: LogTarget,
) -> Result<Exit, Failed> {
    let now = asked.model().now();
    // What was written is known to be a moment since the arguments were read.
    let zone = &asked.model().setup.zone;
    let since = parse_moment(&tail.since, now, zone).unwrap_or(now);
    let until = tail.until.as_ref();
    let until = until.map(|text| parse_moment_after(text, since, now, zone).unwrap_or(now));
    if since > now || until.is_some_and(|until| since >= until) {
        let end = if since > now { "now" } else { "--until" };
        let since = Clean::new(&tail.since);
        return Err(Failed::NoSuch(format!(
            "--since {since} is not before {end}"
        )));
    }
    asked.session.take(Msg::LogAsked {
        target,
        since,
        until,
        pattern: tail.filter.as_deref().map(Clean::new),
    });
    // What stands there is another log's error, until this one has been read.
    let old = newest_reading(asked.model()).map_or(0, |(_, failures)| failures);
    let (mut printed, mut any, mut caught_up) = (0, false, false);
    let (mut told, mut told_elsewhere) = (None, BTreeMap::new());
    let mut lag = Lag::default();
    loop {
        let before = newest_reading(asked.model());
        asked.step().await?;
        let model = asked.model();
        failures(model, tail, outage, old)?;
        let silent = model.logs.silent.as_ref();
        if tail.follow && silent.is_some() && told.as_ref() != silent {
            told = silent.cloned();
            say(&format!("waiting: {}", told.clone().unwrap_or_default()));
        }
        if tail.follow {
            lag.look(model);
        }
        if told_elsewhere != model.logs.elsewhere {
            told_elsewhere.clone_from(&model.logs.elsewhere);
            say(&format!("not shown: {}", words_elsewhere(&told_elsewhere)));
        }
        let settled = model.is_settled();
        // The last lines of a span are known when all of it is.
        let held = tail.lines.is_some() && !caught_up && !settled;
        if !held && (settled || newest_reading(model) != before) {
            let lines = wanted(model, tail, printed);
            let newest = lines.iter().map(|line| line.number).max();
            let skipped = tail.lines.filter(|_| !caught_up);
            let skipped = skipped.map_or(0, |last| lines.len().saturating_sub(last));
            for line in lines.into_iter().skip(skipped) {
                if !print_line(model, tail, line) {
                    return Ok(Exit::Done);
                }
            }
            any |= newest.is_some();
            printed = printed.max(newest.unwrap_or_default());
        }
        if settled && !caught_up {
            caught_up = true;
            container_is_there(model, tail)?;
            if tail.follow && !any && told.is_none() {
                let name = model.logs.target.as_ref().map(LogTarget::name);
                say(&format!(
                    "waiting for lines of {}",
                    name.unwrap_or_default()
                ));
            }
        }
        if settled && !tail.follow {
            return ended(model, tail, any);
        }
    }
}

/// How a log ends that is not followed.
fn ended(model: &Model, tail: &Tail, any: bool) -> Result<Exit, Failed> {
    if let Some(why) = &model.logs.silent {
        let unread = model.fleet.unreadable.values().next();
        let unread = unread.or(model
            .readings
            .error_of(|slot| is_needed(slot) || matches!(slot, Slot::Definitions)));
        return Err(match unread {
            Some(error) => Failed::Cloud(Box::new(error.clone())),
            None => Failed::NoSuch(why.to_string()),
        });
    }
    if !any {
        let until = tail
            .until
            .as_deref()
            .map(|until| format!(" until {}", Clean::new(until)));
        let since = Clean::new(&tail.since);
        // A length of time is ago; a moment is since.
        let since = match parse_duration(&tail.since) {
            Some(_) if until.is_none() => format!("in the last {since}"),
            Some(_) => format!("from {since} ago"),
            None => format!("since {since}"),
        };
        say(&format!(
            "no log lines {since}{}",
            until.unwrap_or_default()
        ));
    }
    Ok(Exit::Done)
}

type Newest = Option<(Option<ecsdeck_core::domain::Time>, u32)>;

fn newest_reading(model: &Model) -> Newest {
    let reading = model.readings.get(&Slot::Logs)?;
    Some((reading.read_at, reading.failures))
}

/// Ends the command at what cannot pass. What may pass is waited out where lines are followed.
fn failures(model: &Model, tail: &Tail, outage: &mut Outage, old: u32) -> Result<(), Failed> {
    let of_source = model.logs.failed.as_ref().map(|(_, error)| error);
    if of_source.is_none() && newest_reading(model).is_some_and(|(_, now)| old > 0 && now <= old) {
        return Ok(());
    }
    if tail.follow {
        if let Some(error) = of_source {
            return outage.failed(error);
        }
        return outage.look(model, |slot| matches!(slot, Slot::Logs | Slot::Identity));
    }
    let needed = |slot: &Slot| matches!(slot, Slot::Logs | Slot::Identity);
    match of_source.or_else(|| model.readings.error_of(needed)) {
        Some(error) => Err(Failed::Cloud(Box::new(error.clone()))),
        None => Ok(()),
    }
}

/// The lines after a number that are wanted, in the order of their time.
fn wanted<'a>(model: &'a Model, tail: &Tail, after: u64) -> Vec<&'a LogLine> {
    let lines = model.logs.buffer.lines().iter();
    lines
        .filter(|line| line.number > after)
        .filter(|line| {
            let stream = model.logs.buffer.stream(line.stream);
            stream.is_some_and(|(_, stream)| {
                let own = LogPane::container_of(stream);
                tail.container.as_ref().is_none_or(|wanted| wanted == own)
            })
        })
        .collect()
}

/// Refuses a container that nothing here has, once everything of the span was read.
fn container_is_there(model: &Model, tail: &Tail) -> Result<(), Failed> {
    let Some(name) = &tail.container else {
        return Ok(());
    };
    if let Some((name, to)) = model.logs.elsewhere.get_key_value(name.as_str()) {
        return Err(Failed::NoSuch(format!(
            "container {name} {to}: its lines are not in CloudWatch Logs"
        )));
    }
    let mut own = containers(model).filter(|own| own.name.as_str() == name);
    // Another revision may have one.
    if let Some(first) = own.next()
        && first.log.is_none()
        && own.all(|own| own.log.is_none())
    {
        return Err(Failed::NoSuch(format!(
            "container {} has no log configuration",
            first.name
        )));
    }
    let mut known: BTreeSet<&str> = containers(model).map(|own| own.name.as_str()).collect();
    let lines = model.logs.buffer.lines().iter();
    let streams = lines.filter_map(|line| model.logs.buffer.stream(line.stream));
    known.extend(streams.map(|(_, stream)| LogPane::container_of(stream)));
    if known.is_empty() || known.contains(name.as_str()) {
        return Ok(());
    }
    let known: Vec<&str> = known.into_iter().collect();
    Err(unknown("container", name, &known).into())
}

/// The containers that the task definitions of the log's owner have.
fn containers(model: &Model) -> impl Iterator<Item = &ContainerDefinition> {
    let fleet = &model.fleet;
    let targets = model.logs.target.iter().flat_map(LogTarget::each);
    let revisions = targets.flat_map(move |target| {
        let tasks = match target {
            LogTarget::Row(key) | LogTarget::Container(key, _) => fleet.shown_tasks_of(key),
            LogTarget::Task(arn) => fleet.task(arn).into_iter().collect(),
            LogTarget::Group(_) | LogTarget::Several(_) => Vec::new(),
        };
        let service = match target.row() {
            Some(RowKey::Service(arn)) => fleet.services.get(arn),
            _ => None,
        };
        let of_service = service.map(|service| &service.task_definition);
        tasks
            .into_iter()
            .map(|task| &task.definition)
            .chain(of_service)
    });
    revisions
        .filter_map(|arn| fleet.definitions.get(arn))
        .flat_map(|definition| &definition.containers)
}

/// Prints a line. Returns false once stdout is closed.
fn print_line(model: &Model, tail: &Tail, line: &LogLine) -> bool {
    let Some((_, stream)) = model.logs.buffer.stream(line.stream) else {
        return true;
    };
    if tail.json {
        print::line(&model.logs.line_json(line))
    } else {
        let task: String = LogPane::task_of(stream).chars().take(8).collect();
        // Of several logs it says whose line it is.
        let name = model.logs.name_of(line.stream);
        print::line(&format!(
            "{} {name}/{task} {}",
            line.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"),
            line.text
        ))
    }
}
