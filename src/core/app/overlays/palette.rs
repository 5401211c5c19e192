//! Naming a command or a place: what is offered for what was typed, and what it means.

use std::cmp::Reverse;

use crate::app::model::Model;
use crate::app::model::log_target::LogTarget;
use crate::app::model::row_key::RowKey;
use crate::app::panes::columns::Column;
use crate::app::panes::logs::portion::Portion;
use crate::keys::{Action, ActionInfo, Group, Pane};
use crate::text::{Clean, nearest};

/// What a command line of the palette means.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) enum Command {
    /// Do this.
    Do(Action),
    /// Show this log.
    Log(LogTarget),
    /// Write these lines of the log to a file.
    Save(Portion),
    /// Copy these lines of the log.
    Copy(Portion),
    /// Ask this of Logs Insights.
    Query(String),
    /// Sort the rows by this column.
    Sort(String),
    /// Set the selected service's desired count.
    Scale(String),
    /// Select this row of the services.
    Select(RowKey),
}

/// A line that the palette offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// What is typed for it.
    pub name: Clean,
    /// The keys that do the same, and where.
    pub keys: Clean,
    /// What it does.
    pub help: Clean,
    command: Command,
}

/// What is told of an offer.
pub fn offer_columns() -> [Column<Offer>; 3] {
    [
        Column::new("command", "command", |row: &Offer, _| row.name.clone()),
        Column::new("keys", "keys", |row: &Offer, _| row.keys.clone()),
        Column::new("does", "does", |row: &Offer, _| row.help.clone()),
    ]
}

/// What the palette offers for what was typed: the best first, then what was used most, then what is useful most often.
pub fn offers(model: &Model, typed: &str) -> Vec<Offer> {
    let typed = typed.trim().to_lowercase();
    let actions = Action::ALL.iter().map(|action| action.info());
    let actions = actions
        .filter(|info| info.group != Group::Answer)
        .filter_map(|info| {
            let used = model.palette.used.get(&info.action).copied();
            let place = (rank(info, &typed)?, Reverse(used), use_of(info));
            Some((place, action(model, info)))
        });
    // All there are: a filter hides rows, and not names.
    let services = model.fleet.services.values();
    let services = services.map(|one| (&one.name, RowKey::Service(one.arn.clone())));
    let families = model.fleet.families().filter_map(|key| match key {
        RowKey::Family(_, name) => Some((name, key.clone())),
        _ => None,
    });
    let named = services.chain(families).filter(|_| !typed.is_empty());
    let services = named.filter_map(|(name, key)| {
        let rank = rank_of(&[&name.to_lowercase()], &typed)?;
        let verdict = model.fleet.diagnosis(&key).map(|found| found.verdict);
        let help = match verdict {
            Some(verdict) => format!("Select it: {}.", verdict.word().replace('_', " ")),
            None => "Select it.".to_owned(),
        };
        let offer = Offer {
            name: name.clone(),
            keys: Clean::default(),
            help: Clean::own(help),
            command: Command::Select(key),
        };
        Some(((rank, Reverse(None), u8::MAX), offer))
    });
    let mut found: Vec<_> = actions.chain(services).collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, offer)| offer).collect()
}

fn action(model: &Model, info: &ActionInfo) -> Offer {
    Offer {
        name: Clean::literal(info.name),
        keys: keys(model, info.action),
        help: Clean::literal(info.help),
        command: Command::Do(info.action),
    }
}

/// The shortest way to press it; where it works in other panes alone, the first of them.
fn keys(model: &Model, action: Action) -> Clean {
    let keymap = &model.setup.keymap;
    let key = |pane: Pane| keymap.keys(action, pane.scope()).into_iter().next();
    let elsewhere = || {
        let mut panes = Pane::ALL.into_iter();
        panes.find_map(|pane| Some(format!("{} in {}", key(pane)?, pane.scope())))
    };
    Clean::own(key(model.focus).or_else(elsewhere).unwrap_or_default())
}

/// Moves have keys that everybody knows: what somebody looks for by its name comes first.
fn use_of(info: &ActionInfo) -> u8 {
    match (info.group, info.hint) {
        (Group::Act, true) => 0,
        (Group::Act, false) => 1,
        (Group::Go, _) => 2,
        (Group::Look, true) => 3,
        (Group::Look, false) => 4,
        (Group::Log, _) => 5,
        (Group::Session, _) => 6,
        (Group::Move | Group::Answer, _) => 7,
    }
}

/// How well an action answers to a word: 0 is best.
fn rank(info: &ActionInfo, typed: &str) -> Option<u8> {
    let names: Vec<&str> = std::iter::once(&info.name)
        .chain(info.aliases)
        .copied()
        .collect();
    rank_of(&names, typed).or_else(|| info.title.contains(typed).then_some(2))
}

fn rank_of(names: &[&str], typed: &str) -> Option<u8> {
    match () {
        () if names.contains(&typed) => Some(0),
        () if names.iter().any(|name| name.starts_with(typed)) => Some(1),
        () if names.iter().any(|name| name.contains(typed)) => Some(2),
        () => None,
    }
}

/// The name that `tab` completes to.
pub(in crate::app) fn complete(model: &Model, typed: &str) -> Option<String> {
    let offers = offers(model, typed);
    let offer = offers.get(model.palette.chosen).or(offers.first())?;
    Some(offer.name.to_string())
}

/// Finds what a command line means: what is chosen of the offers, or else what was typed.
pub(in crate::app) fn resolve(model: &Model, typed: &str) -> Result<Command, Clean> {
    let typed = typed.trim();
    let (word, rest) = typed.split_once(' ').unwrap_or((typed, ""));
    if word == "sort" {
        return Ok(Command::Sort(rest.to_owned()));
    }
    if matches!(word, "save" | "copy") && !rest.is_empty() {
        let command = if word == "save" {
            Command::Save
        } else {
            Command::Copy
        };
        return Portion::parse(rest).map(command);
    }
    if word == "scale" && !rest.is_empty() {
        return Ok(Command::Scale(rest.trim().to_owned()));
    }
    if word == "query" && !rest.is_empty() {
        return Ok(Command::Query(rest.to_owned()));
    }
    if matches!(word, "log" | "logs") && !rest.is_empty() {
        let target = model.logs_typed(rest);
        return target
            .map(Command::Log)
            .map_err(|error| Clean::own(error.to_string()));
    }
    let offers = offers(model, typed);
    match offers.into_iter().nth(model.palette.chosen) {
        Some(offer) => Ok(offer.command),
        None => {
            let names = Action::ALL.iter().map(|action| action.info().name);
            let hint = nearest(typed, names)
                .map(|name| format!("; did you mean {name}?"))
                .unwrap_or_default();
            Err(Clean::own(format!(
                "no command and no service named {}{hint}",
                Clean::new(typed)
            )))
        }
    }
}
