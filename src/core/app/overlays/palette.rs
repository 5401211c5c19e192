//! Naming an action or a place; help; and what a question says beside its change.

use crate::act::{Intent, Request, Verb, autoscaling_words};
use crate::app::model::Model;
use crate::app::model::log_target::LogTarget;
use crate::app::model::prompt::Purpose;
use crate::app::model::row_key::RowKey;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::writes::allowed;
use crate::deck::CountOwner;
use crate::domain::Service;
use crate::keys::{Action, Group};
use crate::text::{Clean, nearest};

/// What a command line of the palette means.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) enum Command {
    /// Do this.
    Do(Action),
    /// Show this log.
    Log(LogTarget),
    /// Sort the rows by this column.
    Sort(String),
}

/// The actions that the palette offers for what was typed, the best first.
pub fn candidates(typed: &str) -> Vec<&'static crate::keys::ActionInfo> {
    let typed = typed.trim().to_lowercase();
    let mut found: Vec<_> = Action::ALL
        .iter()
        .map(|action| action.info())
        .filter(|info| {
            !matches!(
                info.action,
                Action::Confirm
                    | Action::Accept
                    | Action::Cancel
                    | Action::Preview
                    | Action::PreviousField
                    | Action::Complete
            )
        })
        .filter_map(|info| Some((rank(info, &typed)?, info)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, info)| info).collect()
}

/// How well an action answers to a word: 0 is best.
fn rank(info: &crate::keys::ActionInfo, typed: &str) -> Option<u8> {
    let names = || std::iter::once(&info.name).chain(info.aliases);
    match () {
        () if names().any(|name| *name == typed) => Some(0),
        () if names().any(|name| name.starts_with(typed)) => Some(1),
        () if names().any(|name| name.contains(typed)) || info.title.contains(typed) => Some(2),
        () => None,
    }
}

/// The name that `tab` completes to.
pub(in crate::app) fn complete(typed: &str) -> Option<String> {
    candidates(typed).first().map(|info| info.name.to_owned())
}

/// Finds what a command line means.
pub(in crate::app) fn resolve(model: &Model, typed: &str) -> Result<Command, Clean> {
    let typed = typed.trim();
    let (word, rest) = typed.split_once(' ').unwrap_or((typed, ""));
    if word == "sort" {
        return Ok(Command::Sort(rest.to_owned()));
    }
    if matches!(word, "log" | "logs") && !rest.is_empty() {
        let target = model.log_named(rest);
        return target
            .map(Command::Log)
            .map_err(|error| Clean::own(error.to_string()));
    }
    match candidates(typed).first() {
        Some(info) if !typed.is_empty() => Ok(Command::Do(info.action)),
        _ => {
            let names = Action::ALL.iter().map(|action| action.info().name);
            let hint = nearest(typed, names)
                .map(|name| format!("; did you mean {name}?"))
                .unwrap_or_default();
            Err(Clean::own(format!(
                "no command {}{hint}",
                Clean::new(typed)
            )))
        }
    }
}

/// What the keys do here.
pub(in crate::app) fn help(model: &Model) -> Viewer {
    let scope = model.scope();
    let mut lines = Vec::new();
    let mut group = None;
    let refusals = model.refusals();
    let mut help = model.setup.keymap.help(scope);
    // What changes something is what somebody looks for in a hurry.
    help.sort_by_key(|help| (help.info.group != Group::Act, help.info.group));
    for help in help {
        if group != Some(help.info.group) {
            if group.is_some() {
                lines.push(Line::gap());
            }
            group = Some(help.info.group);
            lines.push(Line::new(
                Style::Heading,
                Clean::literal(help.info.group.title()),
            ));
        }
        let (text, style) = match refusals.action(help.info.action) {
            Some(why) => (Clean::own(format!("{why}. {}", help.info.help)), Style::Dim),
            None => (Clean::literal(help.info.help), Style::Plain),
        };
        lines.push(Line {
            label: help.keys,
            text,
            style,
        });
    }
    Viewer::new(
        Clean::own(format!(
            "keys in {scope} (keymap {})",
            model.setup.keymap.name()
        )),
        lines,
    )
}

/// The name that must be typed for a big change in a protected deck.
pub(in crate::app) fn must_be_typed(model: &Model, intent: &Intent) -> Option<Clean> {
    (model.setup.is_protected() && intent.big)
        .then(|| Clean::new(&intent.target.subject.name().ascii()))
}

/// What should be known beside the change itself.
pub(in crate::app) fn notes(model: &Model, intent: &Intent) -> Vec<Clean> {
    let mut notes = intent.notes.clone();
    let Some(service) = intent.target.subject.service() else {
        return notes;
    };
    let Some(service) = model.fleet.services.get(service) else {
        return notes;
    };
    notes.extend(allowed::notes(model, service, intent));
    notes.extend(trouble(model, service, intent));
    let counts = intent.steps.iter().filter_map(|step| match &step.request {
        Request::UpdateService(update) => update.desired_count,
        _ => None,
    });
    let mut sets_count = false;
    let facts = &model.fleet.facts;
    let scaling = facts.autoscaling(&service.cluster, &service.arn);
    // A drain holds it, and says so.
    let target = scaling
        .and_then(|scaling| scaling.target.as_ref())
        .filter(|_| intent.verb == Verb::Scale);
    for after in counts {
        notes.push(Clean::own(effect_of(service, after)));
        notes.extend(target.and_then(|target| autoscaling_words(target, after)));
        sets_count = true;
    }
    let named = model
        .setup
        .deck
        .iter()
        .flat_map(|deck| &deck.services)
        .find(|named| named.name == service.name.as_str());
    if let Some(owner) = named.and_then(|named| named.count_owner.as_ref())
        && sets_count
    {
        notes.push(Clean::literal(owner_words(*owner)));
    }
    notes
}

/// What is the matter with the revision whose tasks would be started.
fn trouble(model: &Model, service: &Service, intent: &Intent) -> Option<Clean> {
    let starts = match intent.verb {
        Verb::Redeploy => true,
        Verb::Scale | Verb::Restore => intent.steps.iter().any(|step| match &step.request {
            Request::UpdateService(update) => update
                .desired_count
                .is_some_and(|count| count > service.desired),
            _ => false,
        }),
        _ => false,
    };
    let diagnosis = model
        .fleet
        .diagnosis(&RowKey::Service(service.arn.clone()))?;
    let cause = diagnosis.causes.first()?;
    (starts && diagnosis.verdict.is_bad_news()).then(|| {
        Clean::own(format!(
            "{} is {}: {}; new tasks would meet the same",
            service.name,
            diagnosis.verdict.word().replace('_', " "),
            cause.summary
        ))
    })
}

fn effect_of(service: &Service, after: u32) -> String {
    match after.checked_sub(service.running) {
        None => format!(
            "AWS will stop {} of {} running tasks",
            service.running - after.min(service.running),
            service.running
        ),
        Some(0) => "no task will be started or stopped".to_owned(),
        Some(more) => format!("AWS will start {more} more; {} run now", service.running),
    }
}

/// What the palette says while somebody types.
pub fn suggestions(purpose: &Purpose, typed: &str) -> Vec<&'static crate::keys::ActionInfo> {
    match purpose {
        Purpose::Palette => candidates(typed),
        Purpose::Filter | Purpose::Search | Purpose::Scale(..) => Vec::new(),
    }
}

fn owner_words(owner: CountOwner) -> &'static str {
    match owner {
        CountOwner::People => "the deck says that people set this count",
        CountOwner::Autoscaling => {
            "the deck says that autoscaling sets this count: it may change it back"
        }
        CountOwner::Lambda => {
            "the deck says that a Lambda sets this count: it may change it back within minutes"
        }
        CountOwner::Orchestrator => {
            "the deck says that an orchestrator sets this count: it may change it back"
        }
    }
}
