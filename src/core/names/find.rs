//! Holding a name against what is known.

use super::error::{self, NameError};
use super::form::{Kind, Name};
use crate::domain::Arn;
use crate::text::Clean;

/// Something that can be named, and what the name stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing<T> {
    /// What it is.
    pub kind: Kind,
    /// Its cluster's name; empty where it has none.
    pub cluster: Clean,
    /// Its name; a task's id.
    pub name: Clean,
    /// Its resource name, where it has one.
    pub arn: Option<Arn>,
    /// The task definition that it runs, where it runs one.
    pub runs: Option<Arn>,
    /// What the name stands for.
    pub is: T,
}

/// What may be named in a place.
#[derive(Clone, Copy, Debug)]
pub struct Takes {
    /// The kinds, most likely ones first: a later group counts only where nothing of an earlier one has the name.
    pub tiers: &'static [&'static [Kind]],
    /// A task definition names who runs it.
    pub by_definition: bool,
}

impl Takes {
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.tiers.iter().flat_map(|tier| tier.iter().copied())
    }

    fn takes(&self, kind: Kind) -> bool {
        self.kinds().any(|taken| taken == kind)
    }
}

/// A name, what it may be, and where everything known is.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'a> {
    /// The name.
    pub name: &'a Name,
    /// What it may be.
    pub takes: Takes,
    /// The region that is looked at.
    pub region: &'a str,
    /// The account, once it is known.
    pub account: Option<&'a str>,
}

/// Letters of a task's id that say which one is meant.
pub(super) const ENOUGH: usize = 4;

/// Finds the one thing that is meant.
///
/// # Errors
/// Where nothing has the name, or several things have it, or what has it cannot be named here.
pub fn find<T: Clone + PartialEq>(lookup: Lookup<'_>, things: &[Thing<T>]) -> Result<T, NameError> {
    let Lookup { name, takes, .. } = lookup;
    if let Some(elsewhere) = elsewhere(name, lookup.region, lookup.account) {
        return Err(elsewhere);
    }
    if let Some(what) = &name.foreign {
        return Err(NameError::other(name, what.clone(), &takes, None));
    }
    for tier in takes.tiers {
        let of_tier = || things.iter().filter(|thing| tier.contains(&thing.kind));
        let found: Vec<&Thing<T>> = of_tier()
            .filter(|thing| is_exact(name, thing, takes))
            .collect();
        if !found.is_empty() {
            return one(lookup, &found, things);
        }
    }
    // Only what nothing has for its name may be the beginning of an id, or a group without its slash: a service that is
    // called like the beginning of a task's id is never taken for that task.
    let other = |kinds: &[Kind]| {
        let others = things.iter().filter(|thing| kinds.contains(&thing.kind));
        let mut others = others.filter(|thing| !takes.takes(thing.kind));
        let found = others.find(|thing| is_exact(name, thing, takes))?;
        let what = Clean::literal(found.kind.word());
        Some(NameError::other(name, what, &takes, Some(found.kind)))
    };
    if let Some(error) = other(&[Kind::Service, Kind::Family, Kind::Task]) {
        return Err(error);
    }
    let loose: Vec<&Thing<T>> = things
        .iter()
        .filter(|thing| takes.takes(thing.kind) && is_loose(name, thing))
        .collect();
    if !loose.is_empty() {
        return one(lookup, &loose, things);
    }
    // A log group may have any name, and nobody knows them all.
    if !takes.takes(Kind::Log)
        && let Some(error) = other(&[Kind::Log, Kind::Queue, Kind::Template, Kind::Cluster])
    {
        return Err(error);
    }
    Err(error::nothing(name, &takes, things))
}

/// Everything that a name fits, of the kinds that may be named: for lists, which show all of it.
pub fn fitting<'a, T>(
    lookup: Lookup<'a>,
    things: &'a [Thing<T>],
) -> impl Iterator<Item = &'a Thing<T>> {
    let here = elsewhere(lookup.name, lookup.region, lookup.account).is_none();
    things.iter().filter(move |thing| {
        here && lookup.takes.takes(thing.kind) && is_exact(lookup.name, thing, lookup.takes)
    })
}

/// A resource name of another account or region is nothing that is known here.
pub(super) fn elsewhere(name: &Name, here: &str, own: Option<&str>) -> Option<NameError> {
    let (region, account) = name.place.as_ref()?;
    let other_region = !region.is_empty() && region.as_str() != here;
    let other_account = own.is_some_and(|own| !account.is_empty() && account.as_str() != own);
    (other_region || other_account).then(|| NameError::Elsewhere {
        typed: name.typed.clone(),
        region: region.clone(),
        account: account.clone(),
        other_region,
    })
}

pub(super) fn is_exact<T>(name: &Name, thing: &Thing<T>, takes: Takes) -> bool {
    if name.kind.is_some_and(|kind| kind != thing.kind) {
        return false;
    }
    if name.definition.is_some() {
        return takes.by_definition && thing.runs.as_ref().is_some_and(|runs| runs_it(name, runs));
    }
    if let (Some(arn), Some(own)) = (&name.arn, &thing.arn)
        && arn == own
    {
        return true;
    }
    match thing.kind {
        Kind::Log | Kind::Queue | Kind::Template | Kind::Cluster => thing.name == name.group,
        Kind::Service | Kind::Family | Kind::Task => {
            thing.name == name.bare
                && name
                    .cluster
                    .as_ref()
                    .is_none_or(|cluster| *cluster == thing.cluster)
        }
    }
}

fn runs_it(name: &Name, runs: &Arn) -> bool {
    runs.family() == name.bare.as_str()
        && name
            .revision()
            .is_none_or(|revision| runs.revision().is_none_or(|own| own == revision))
}

fn is_loose<T>(name: &Name, thing: &Thing<T>) -> bool {
    if name.definition.is_some() || name.kind.is_some_and(|kind| kind != thing.kind) {
        return false;
    }
    match thing.kind {
        Kind::Task => {
            name.arn.is_none()
                && name.bare.chars().count() >= ENOUGH
                && thing.name.starts_with(name.bare.as_str())
                && name
                    .cluster
                    .as_ref()
                    .is_none_or(|cluster| *cluster == thing.cluster)
        }
        Kind::Log => {
            let without = |text: &Clean| text.trim_start_matches('/').to_owned();
            without(&thing.name) == without(&name.group)
        }
        Kind::Service | Kind::Family | Kind::Queue | Kind::Template | Kind::Cluster => false,
    }
}

/// The one of them; things that stand for the same count as one.
fn one<T: Clone + PartialEq>(
    lookup: Lookup<'_>,
    found: &[&Thing<T>],
    things: &[Thing<T>],
) -> Result<T, NameError> {
    let mut different: Vec<&Thing<T>> = Vec::new();
    for thing in found {
        if different.iter().all(|known| known.is != thing.is) {
            different.push(thing);
        }
    }
    match different.as_slice() {
        [thing] => Ok(thing.is.clone()),
        several => Err(error::several(lookup.name, &lookup.takes, several, things)),
    }
}
