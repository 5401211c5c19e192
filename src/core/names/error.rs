//! Why a name is no name: what is said, with the nearest one or the choices.

use super::find::{ENOUGH, Takes, Thing, is_exact};
use super::form::{Kind, Name};
use crate::text::{Clean, nearest};

/// Names that are listed where one is unknown or ambiguous.
const LISTED: usize = 12;

/// Why a name names nothing, or not one thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing has the name.
    #[error("{}", unknown_words(.what, .typed, .available, .hint.as_ref()))]
    Unknown {
        /// What was looked for: `service`, `service or task`.
        what: String,
        /// As it was typed.
        typed: Clean,
        /// What to do instead: the nearest name, most often.
        hint: Option<String>,
        /// The names that there are.
        available: Vec<String>,
    },
    /// Several things have the name.
    #[error("{typed} names several things: {}. Hint: give one of these names", listed(.choices))]
    Several {
        /// As it was typed.
        typed: Clean,
        /// Names that each name one of them.
        choices: Vec<String>,
    },
    /// It names something that cannot be named here.
    #[error("no {takes} named {typed}: it is {is}{}", .hint.as_ref().map(|hint| format!(". Hint: {hint}")).unwrap_or_default())]
    Other {
        /// As it was typed.
        typed: Clean,
        /// What it names.
        is: String,
        /// What may be named.
        takes: String,
        /// What to do instead.
        hint: Option<&'static str>,
    },
    /// It is known by name, and not there.
    #[error("{typed}: {why}")]
    Absent {
        /// As it was typed.
        typed: Clean,
        /// Why it is not there.
        why: Clean,
    },
    /// A resource name of another account or region.
    #[error("{typed} is in account {account}, region {region}. Hint: {}", if *.other_region { format!("give --region {region}") } else { "use credentials of that account".to_owned() })]
    Elsewhere {
        /// As it was typed.
        typed: Clean,
        /// Its region.
        region: Clean,
        /// Its account.
        account: Clean,
        /// The region differs, not the account alone.
        other_region: bool,
    },
}

impl NameError {
    pub(super) fn other(name: &Name, is: Clean, takes: &Takes, kind: Option<Kind>) -> Self {
        let article = if is.starts_with("a ") { "" } else { "a " };
        Self::Other {
            typed: name.typed.clone(),
            is: format!("{article}{is}"),
            takes: words(takes),
            hint: match kind {
                Some(Kind::Cluster) => Some("choose a cluster with --cluster"),
                Some(Kind::Task) => Some("ecsdeck tasks shows which service a task belongs to"),
                Some(Kind::Log) => Some("ecsdeck tail reads log groups"),
                Some(Kind::Template) => Some("ecsdeck run takes run templates"),
                _ => None,
            },
        }
    }
}

/// What may be named, in words: `service, task or log group`.
fn words(takes: &Takes) -> String {
    let words: Vec<&str> = takes.kinds().map(Kind::word).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Says that a name is unknown, what there is, and which one may be meant.
pub fn unknown(what: &str, typed: &str, known: &[&str]) -> NameError {
    let hint = nearest(typed, known.iter().copied());
    NameError::Unknown {
        what: what.to_owned(),
        typed: Clean::new(typed),
        hint: hint.map(|near| format!("did you mean {near}?")),
        available: known.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn unknown_words(what: &str, typed: &Clean, available: &[String], hint: Option<&String>) -> String {
    let available = if available.is_empty() {
        String::new()
    } else {
        format!(" (available: {})", listed(available))
    };
    let hint = hint.map(|hint| format!(". Hint: {hint}"));
    format!(
        "no {what} named {typed}{available}{}",
        hint.unwrap_or_default()
    )
}

/// The first of them, and how many there are besides.
fn listed(names: &[String]) -> String {
    let mut words: Vec<String> = names.iter().take(LISTED).cloned().collect();
    let more = names.len().saturating_sub(LISTED);
    if more > 0 {
        words.push(format!("and {more} more"));
    }
    words.join(", ")
}

pub(super) fn nothing<T>(name: &Name, takes: &Takes, things: &[Thing<T>]) -> NameError {
    let mut named: Vec<&Thing<T>> = things
        .iter()
        // Ids say nothing to anybody.
        .filter(|thing| thing.kind != Kind::Task && takes.kinds().any(|kind| kind == thing.kind))
        .collect();
    named.sort_by(|a, b| (a.kind, &a.name, &a.cluster).cmp(&(b.kind, &b.name, &b.cluster)));
    let mut available: Vec<String> = named.iter().map(|thing| thing.name.to_string()).collect();
    available.dedup();
    NameError::Unknown {
        what: words(takes),
        typed: name.typed.clone(),
        hint: hint(name, takes, things, &named),
        available,
    }
}

fn hint<T>(name: &Name, takes: &Takes, things: &[Thing<T>], named: &[&Thing<T>]) -> Option<String> {
    // The right name in the wrong cluster.
    let elsewhere = named.iter().find(|thing| {
        name.cluster.is_some() && thing.name == name.bare && !thing.cluster.is_empty()
    });
    if let Some(thing) = elsewhere {
        return Some(format!("did you mean {}/{}?", thing.cluster, thing.name));
    }
    let takes_tasks = takes.kinds().any(|kind| kind == Kind::Task);
    let bare = name.bare.as_str();
    let begins = things
        .iter()
        .any(|thing| thing.kind == Kind::Task && !bare.is_empty() && thing.name.starts_with(bare));
    if takes_tasks && begins && bare.chars().count() < ENOUGH {
        return Some(format!("give at least {ENOUGH} characters of a task's id"));
    }
    let near = nearest(bare, named.iter().map(|thing| thing.name.as_str()))
        .or_else(|| nearest(&name.group, named.iter().map(|thing| thing.name.as_str())));
    match near {
        Some(near) => Some(format!("did you mean {near}?")),
        None if takes.kinds().eq([Kind::Task]) => Some(
            "ECS forgets a stopped task after an hour; ecsdeck tasks lists the others".to_owned(),
        ),
        None => None,
    }
}

/// Choices that each name one of the found things, whatever else there is: as short as they can be.
pub(super) fn several<T>(
    name: &Name,
    takes: &Takes,
    found: &[&Thing<T>],
    things: &[Thing<T>],
) -> NameError {
    let full = |thing: &Thing<T>| {
        if thing.cluster.is_empty() || thing.kind == Kind::Task {
            thing.name.to_string()
        } else {
            format!("{}/{}", thing.cluster, thing.name)
        }
    };
    let mut choices: Vec<String> = found
        .iter()
        .map(|thing| {
            let own = full(thing);
            let taken = |other: &&Thing<T>| takes.kinds().any(|kind| kind == other.kind);
            let read = Name::new(&own);
            let mut same = things
                .iter()
                .filter(taken)
                .filter(|other| is_exact(&read, other, *takes));
            match (same.next(), same.next()) {
                // The kind tells them apart.
                (Some(_), Some(_)) => format!("{}:{own}", thing.kind.prefix()),
                _ => own,
            }
        })
        .collect();
    choices.sort();
    NameError::Several {
        typed: name.typed.clone(),
        choices,
    }
}
