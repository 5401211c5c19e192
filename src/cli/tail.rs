//! `tail`: log lines, once or for as long as they come.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ecsdeck_core::app::{LogPane, LogTarget, Model, Msg, Pane, RowKey, Slot, words_elsewhere};
use ecsdeck_core::domain::{CloudError, ContainerDefinition, ErrorKind};
use ecsdeck_core::logs::LogLine;
use ecsdeck_core::names::{Name, NameError, unknown};
use ecsdeck_core::text::{Clean, parse_moment};
use serde_json::json;

use super::ask::{Asked, is_needed};
use super::outage::Outage;
use super::{Failed, print, say};
use crate::exit::Exit;
use crate::settings::Options;

/// What to tail.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Tail {
    /// A service or task family, with or without its cluster; a task's id or the first four characters of it; a run
    /// template or a log of the deck; a log group
    target: String,
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
    listed(&mut asked, &tail, &mut outage, |model| {
        model.identity.is_some()
    })
    .await?;
    let mut targets = find(&mut asked, &tail, &mut outage).await?.into_iter();
    let Some(mut target) = targets.next() else {
        return Err(asked.model().log_named(&tail.target).err().map_or_else(
            || Failed::NoSuch(format!("no log named {}", Clean::new(&tail.target))),
            Failed::from,
        ));
    };
    loop {
        match show(&mut asked, &tail, &mut outage, target.clone()).await {
            // A group may be there with its slash, or without.
            Err(Failed::Cloud(error)) if error.kind == ErrorKind::NotFound => {
                match targets.next() {
                    Some(next) => target = next,
                    None => return Err(no_group(asked.model(), &tail, *error)),
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

/// Goes on until the model is ready: while lines are followed also through what passes.
async fn listed(
    asked: &mut Asked,
    tail: &Tail,
    outage: &mut Outage,
    ready: impl FnMut(&Model) -> bool,
) -> Result<(), Failed> {
    if tail.follow {
        asked.wait(outage, is_needed, ready).await
    } else {
        asked.until(ready).await
    }
}

/// What the name means: one log, or the log groups that it may be though nobody knows of them yet.
async fn find(
    asked: &mut Asked,
    tail: &Tail,
    outage: &mut Outage,
) -> Result<Vec<LogTarget>, Failed> {
    let groups = Name::new(&tail.target).possible_groups();
    let groups = || groups.iter().cloned().map(LogTarget::Group).collect();
    if Name::new(&tail.target).is_log() {
        // Nothing else can have this name: nobody needs to know what there is.
        return Ok(match asked.model().log_named(&tail.target) {
            Ok(target) => vec![target],
            Err(NameError::Unknown { .. }) => groups(),
            Err(error) => return Err(error.into()),
        });
    }
    listed(asked, tail, outage, Model::is_listed).await?;
    if !tail.follow && asked.model().log_named(&tail.target).is_err() {
        // A name counts as unknown only when all that there is has been described.
        asked.settled().await?;
    }
    match asked.model().log_named(&tail.target) {
        Ok(target) => Ok(vec![target]),
        Err(NameError::Unknown { .. }) => Ok(groups()),
        Err(error) => Err(error.into()),
    }
}

/// What to say where CloudWatch has no such group: what else the name may have meant.
fn no_group(model: &Model, tail: &Tail, error: CloudError) -> Failed {
    match model.log_named(&tail.target) {
        Err(unknown @ NameError::Unknown { .. }) if model.is_listed() => unknown.into(),
        _ => Failed::Cloud(Box::new(error)),
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
    let moment = |text: &String| parse_moment(text, now, &asked.model().setup.zone).unwrap_or(now);
    let (since, until) = (moment(&tail.since), tail.until.as_ref().map(moment));
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
    let mut behind = Behind::default();
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
        behind.look(model, tail);
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
            .error_of(|slot| matches!(slot, Slot::Definitions)));
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
        say(&format!(
            "no log lines since {}{}",
            Clean::new(&tail.since),
            until.unwrap_or_default()
        ));
    }
    Ok(Exit::Done)
}

/// Seconds that a followed log is behind where that is told.
const BEHIND: i64 = 30;

/// Whether it was told that a followed log lags.
#[derive(Debug, Default)]
struct Behind(bool);

impl Behind {
    /// Says once that the log lags, and once that it does not any more.
    fn look(&mut self, model: &Model, tail: &Tail) {
        let behind = model.logs.behind(model.now());
        match behind {
            Some(seconds) if tail.follow && !self.0 && seconds >= BEHIND => {
                let length = Duration::from_secs(seconds.unsigned_abs());
                let length = ecsdeck_core::app::length(length);
                say(&format!(
                    "{length} behind: the log is longer than what can be read of it now"
                ));
                self.0 = true;
            }
            None if std::mem::take(&mut self.0) => say("up to date again"),
            _ => {}
        }
    }
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
    if let Some(own) = containers(model).find(|own| own.name.as_str() == name)
        && own.log.is_none()
    {
        return Err(Failed::NoSuch(format!(
            "container {} has no log configuration",
            own.name
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
    let tasks = match &model.logs.target {
        Some(LogTarget::Row(key)) => fleet.tasks_of(key),
        Some(LogTarget::Task(arn)) => fleet.task(arn).into_iter().collect(),
        Some(LogTarget::Group(_)) | None => Vec::new(),
    };
    let service = match &model.logs.target {
        Some(LogTarget::Row(RowKey::Service(arn))) => fleet.services.get(arn),
        _ => None,
    };
    let definitions = tasks
        .into_iter()
        .map(|task| &task.definition)
        .chain(service.map(|service| &service.task_definition));
    definitions
        .filter_map(|arn| fleet.definitions.get(arn))
        .flat_map(|definition| &definition.containers)
}

/// Prints a line. Returns false once stdout is closed.
fn print_line(model: &Model, tail: &Tail, line: &LogLine) -> bool {
    let Some((group, stream)) = model.logs.buffer.stream(line.stream) else {
        return true;
    };
    let container = LogPane::container_of(stream);
    if tail.json {
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
    }
}
