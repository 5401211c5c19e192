//! Naming an action or a place, and help.

use crate::app::model::Model;
use crate::app::model::log_target::LogTarget;
use crate::app::model::prompt::Purpose;
use crate::app::model::viewer::{Line, Style, Viewer};
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

/// What the palette says while somebody types.
pub fn suggestions(purpose: &Purpose, typed: &str) -> Vec<&'static crate::keys::ActionInfo> {
    match purpose {
        Purpose::Palette => candidates(typed),
        Purpose::Filter | Purpose::Search | Purpose::LineFilter | Purpose::Scale(..) => Vec::new(),
    }
}
