//! What every command that changes something has in common: preview, question, outcome.

use std::io::{BufRead, IsTerminal};

use ecsdeck_core::act::{ActError, Decider, Intent, IntentId, Made, Outcome};
use ecsdeck_core::app::{Model, Msg};
use serde_json::{Value, json};

use super::ask::{Asked, journal};
use super::signals::Signals;
use super::{Failed, print, say};
use crate::exit::Exit;
use crate::settings::UsageError;

/// How a command that changes something is carried out.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Act {
    /// Print the request and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// The target's name, for a big change in a protected deck that nobody is asked about
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// One JSON document
    #[arg(long)]
    json: bool,
}

/// Who decides, where and when.
pub(super) fn decider(model: &Model) -> Result<Decider<'_>, Failed> {
    model
        .decider()
        .ok_or_else(|| Failed::Refused("caller identity is not known".to_owned()))
}

/// Carries out what was made of the command line, or says why there is nothing to carry out.
pub(super) async fn propose(
    mut asked: Asked,
    intent: Result<Intent, ActError>,
    act: Act,
) -> Result<Exit, Failed> {
    let ended = carry_out(&mut asked, intent, &act).await?;
    asked.finish()?;
    Ok(ended.exit)
}

/// How a command that changes something ended.
pub(super) struct Ended {
    pub(super) exit: Exit,
    /// What it made, where it was done.
    pub(super) made: Option<Made>,
}

impl Ended {
    fn with(exit: Exit) -> Self {
        Self { exit, made: None }
    }
}

/// Previews, asks, sends, and says how it ended.
pub(super) async fn carry_out(
    asked: &mut Asked,
    intent: Result<Intent, ActError>,
    act: &Act,
) -> Result<Ended, Failed> {
    let intent = match intent {
        Ok(intent) => intent,
        Err(ActError::Already(why)) => {
            say(&format!("{why}: nothing to do"));
            return Ok(Ended::with(Exit::Done));
        }
        Err(error @ ActError::Bad(_)) => return Err(UsageError(error.to_string()).into()),
        Err(error @ ActError::Refused(_)) => return Err(Failed::Refused(error.to_string())),
    };
    if act.dry_run {
        print::json(&dry_run(&intent));
        return Ok(Ended::with(Exit::Done));
    }
    if let Some(why) = asked.model().writes_off() {
        return Err(Failed::Refused(why.to_string()));
    }
    if !is_wanted(asked.model(), &intent, act).await? {
        say("nothing was changed");
        return Ok(Ended::with(Exit::Refused));
    }
    let id = intent.id.clone();
    asked.session.take(Msg::Decided(Box::new(intent.clone())));
    // The outcome is taken off the model, where the console shows it too.
    let outcome = asked
        .until_ended(|model| model.outcomes.get(&id).cloned())
        .await?;
    let made = made(asked.model(), &id);
    report(&intent, &outcome, &made, act.json);
    Ok(Ended {
        exit: Exit::of_outcome(&outcome),
        made: (outcome == Outcome::Done).then_some(made),
    })
}

/// What a write made, as the journal has it.
fn made(model: &Model, id: &IntentId) -> Made {
    let read = journal(model.setup.deck_name()).and_then(|journal| journal.read().ok());
    read.and_then(|contents| Some(contents.history().record(id)?.made.clone()))
        .unwrap_or_default()
}

fn dry_run(intent: &Intent) -> serde_json::Value {
    let mut document = json!({
        "target": intent.target,
        "changes": intent.changes,
        "notes": intent.notes,
    });
    let mut steps = intent.steps.iter().map(|step| {
        json!({
            "operation": step.request.operation(),
            "request": step.request.body(),
            "aws": step.request.aws_command(&intent.target.region),
        })
    });
    if let (Some(members), Some(Value::Object(first))) = (document.as_object_mut(), steps.next()) {
        members.extend(first);
        // Most send one request; what the others send comes after it.
        let then: Vec<_> = steps.collect();
        if !then.is_empty() {
            members.insert("then".to_owned(), Value::Array(then));
        }
    }
    document
}

/// Whether the person wants it: said with flags, or asked for on a terminal.
async fn is_wanted(model: &Model, intent: &Intent, act: &Act) -> Result<bool, Failed> {
    let name = model.name_to_type(intent);
    if act.yes {
        return match name {
            Some(name) if act.confirm.as_deref() != Some(name.as_str()) => Err(Failed::Refused(
                format!("this is a big change in a protected deck. Hint: add --confirm {name}"),
            )),
            _ => Ok(true),
        };
    }
    preview(model, intent);
    if !std::io::stdin().is_terminal() {
        return Err(Failed::Refused(
            "cannot ask without a terminal. Hint: pass --yes to do it, or --dry-run to see it"
                .to_owned(),
        ));
    }
    // What was typed before the question was there is no answer to it.
    rustix::termios::tcflush(std::io::stdin(), rustix::termios::QueueSelector::IFlush)
        .map_err(std::io::Error::from)?;
    match &name {
        Some(name) => say(&format!("type {name} to do it:")),
        None => say("do it? [y/N]"),
    }
    let answer = answer().await?;
    Ok(match name {
        Some(name) => answer == name.as_str(),
        None => matches!(answer.as_str(), "y" | "yes"),
    })
}

fn preview(model: &Model, intent: &Intent) {
    let target = &intent.target;
    say(&format!(
        "account {}  region {}  role {}",
        target.account, target.region, target.role
    ));
    say(&change(intent, "->"));
    model.notes_on(intent).iter().for_each(|note| say(note));
    intent.aws_commands().iter().for_each(|line| say(line));
}

/// What changes, in a line: `scale web: desired count 2 -> 4`.
fn change(intent: &Intent, arrow: &str) -> String {
    let name = intent.target.subject.name();
    let head = format!("{} {}", intent.verb, name.ascii());
    match intent.change_words(arrow) {
        words if words.is_empty() => head,
        words => format!("{head}: {words}"),
    }
}

/// Reads a line. An interrupt ends the wait.
async fn answer() -> Result<String, Failed> {
    let mut signals = Signals::new()?;
    let (tell, told) = tokio::sync::oneshot::channel();
    // A thread of its own: it may wait for ever, and the process may end meanwhile.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).map(|_| line);
        // Nobody listens any more when the wait was interrupted.
        let _ = tell.send(read);
    });
    tokio::select! {
        line = told => match line {
            Ok(line) => Ok(line?.trim().to_owned()),
            Err(_) => Err(Failed::Signal(Exit::Interrupted)),
        },
        exit = signals.next() => Err(Failed::Signal(exit)),
    }
}

fn report(intent: &Intent, outcome: &Outcome, made: &Made, as_json: bool) {
    if as_json {
        let document = json!({
            "id": intent.id,
            "verb": intent.verb,
            "target": intent.target,
            "changes": intent.changes,
            "made": made,
            "outcome": outcome.word(),
            "detail": outcome.detail(),
            "request_id": outcome.request_id(),
        });
        print::json(&document);
        return;
    }
    let id = outcome
        .request_id()
        .map(|id| format!(" (request {id})"))
        .unwrap_or_default();
    let detail = outcome
        .detail()
        .map(|detail| format!(" \u{2014} {detail}{id}"))
        .unwrap_or_default();
    print::line(&format!(
        "{}: {}{detail}",
        change(intent, "->"),
        outcome.word()
    ));
    if let Some(revision) = &made.revision {
        print::line(&format!("revision {}", revision.name()));
    }
    for task in &made.tasks {
        print::line(&format!("task {}", task.name()));
    }
}
