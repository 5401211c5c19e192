//! Choosing logs by words: services, families, their containers, tasks, and any group of the account.

use std::cmp::Reverse;

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::model::log_target::LogTarget;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::row_key::RowKey;
use crate::app::overlays::offers::step;
use crate::app::panes::columns::Column;
use crate::app::panes::logs::keys::show_log;
use crate::domain::{Arn, LogDestination};
use crate::keys::Action;
use crate::text::Clean;

/// Offers that are made at most: who sees more than these types another word.
const MOST: usize = 200;
/// A log that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceOffer {
    /// What it is called.
    pub name: Clean,
    /// What it is: `service`, `container`, `task`, `log group`, `Lambda`.
    pub kind: &'static str,
    /// Where it is: its cluster, or what a task belongs to.
    pub place: Clean,
    /// It is among those that are marked.
    pub marked: bool,
    target: LogTarget,
}

/// What is told of a log that can be chosen.
pub fn source_columns() -> [Column<SourceOffer>; 3] {
    [
        Column::new("log", "log", |row: &SourceOffer, _| row.name.clone()),
        Column::new("kind", "kind", |row: &SourceOffer, _| {
            Clean::literal(row.kind)
        }),
        Column::new("of", "of", |row: &SourceOffer, _| row.place.clone()),
    ]
}

/// The logs that fit what was typed: those that are marked first, then the nearest names.
pub fn source_offers(model: &Model, typed: &str) -> Vec<SourceOffer> {
    let typed = typed.trim().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut found: Vec<_> = all(model)
        .into_iter()
        .filter_map(|offer| {
            let name = offer.name.to_lowercase();
            let text = format!(
                "{name} {} {}",
                offer.kind.to_lowercase(),
                offer.place.to_lowercase()
            );
            let fits = words.iter().all(|word| text.contains(word));
            let near = (
                name == typed,
                name.starts_with(&typed),
                name.contains(&typed),
            );
            fits.then_some(((Reverse(offer.marked), Reverse(near)), offer))
        })
        .collect();
    // In their own order where nothing else tells them apart.
    found.sort_by_key(|(place, _)| *place);
    found.truncate(MOST);
    found.into_iter().map(|(_, offer)| offer).collect()
}

/// Every log that is known, in the order of how often somebody wants one.
fn all(model: &Model) -> Vec<SourceOffer> {
    let mut offers = Vec::new();
    let mut offer = |name: Clean, kind: &'static str, place: Clean, target: LogTarget| {
        let marked = model.sources.marked.contains(&target);
        offers.push(SourceOffer {
            name,
            kind,
            place,
            marked,
            target,
        });
    };
    let fleet = &model.fleet;
    for (key, name, cluster, revision) in rows(model) {
        offer(
            name.clone(),
            kind_of(&key),
            cluster.clone(),
            LogTarget::Row(key.clone()),
        );
        let definition = revision.and_then(|revision| fleet.definitions.get(&revision));
        let containers = definition.into_iter().flat_map(|own| &own.containers);
        let logged: Vec<&Clean> = containers
            .filter(|own| matches!(own.log, Some(LogDestination::CloudWatch { .. })))
            .map(|own| &own.name)
            .collect();
        if logged.len() > 1 {
            for container in logged {
                let target = LogTarget::Container(key.clone(), container.clone());
                offer(target.name(), "container", cluster.clone(), target);
            }
        }
    }
    for group in groups(model) {
        let kind = if group.starts_with("/aws/lambda/") {
            "Lambda"
        } else {
            "log group"
        };
        offer(
            group.clone(),
            kind,
            Clean::default(),
            LogTarget::Group(group),
        );
    }
    for task in fleet.tasks.values() {
        let of = Clean::new(task.definition.family());
        offer(
            Clean::new(task.id()),
            "task",
            of,
            LogTarget::Task(task.arn.clone()),
        );
    }
    offers
}

fn kind_of(key: &RowKey) -> &'static str {
    match key {
        RowKey::Family(..) => "task family",
        RowKey::Service(_) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => "service",
    }
}

/// Services and families: key, name, cluster and the revision that runs.
fn rows(model: &Model) -> Vec<(RowKey, Clean, Clean, Option<Arn>)> {
    let fleet = &model.fleet;
    let services = fleet.services.values().map(|service| {
        (
            RowKey::Service(service.arn.clone()),
            service.name.clone(),
            Clean::new(service.cluster.name()),
            Some(service.task_definition.clone()),
        )
    });
    let families = fleet.families().filter_map(|key| match key {
        RowKey::Family(cluster, name) => {
            let tasks = fleet.tasks_of(key);
            let newest = tasks.iter().max_by_key(|task| task.created);
            let revision = newest.map(|task| task.definition.clone());
            Some((
                key.clone(),
                name.clone(),
                Clean::new(cluster.name()),
                revision,
            ))
        }
        RowKey::Service(_) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
    });
    services.chain(families).collect()
}

/// The groups of the deck by the deck's names, those that containers log to, and the account's others.
fn groups(model: &Model) -> Vec<Clean> {
    let logs = model.setup.deck.iter().flat_map(|deck| &deck.logs);
    let mut groups: Vec<Clean> = logs.map(|log| Clean::new(&log.name)).collect();
    let definitions = model.fleet.definitions.values();
    let containers = definitions.flat_map(|definition| &definition.containers);
    let of_containers = containers.filter_map(|own| match &own.log {
        Some(LogDestination::CloudWatch { group, .. }) => Some(group.clone()),
        Some(LogDestination::Driver { .. }) | None => None,
    });
    let mut others: Vec<Clean> = of_containers
        .chain(model.sources.groups.iter().cloned())
        .collect();
    others.sort();
    others.dedup();
    groups.extend(others);
    groups
}

/// Begins to choose.
pub(in crate::app) fn begin(model: &mut Model) {
    model.sources.begin();
    model.overlay = Some(Overlay::Prompt(Purpose::Sources, Prompt::default()));
}

/// Takes a key that moves among the offers, or marks one.
pub(in crate::app) fn choose(model: &mut Model, prompt: &Prompt, action: Action) {
    let offers = source_offers(model, prompt.text());
    let last = offers.len().saturating_sub(1);
    let at = model.sources.chosen.min(last);
    if action == Action::Complete {
        mark(model, offers.get(at));
    } else {
        model.sources.chosen = step(model, action, at, last);
    }
}

/// Marks a log, or takes its mark away. The cursor stays with it: what is marked stands first.
fn mark(model: &mut Model, offer: Option<&SourceOffer>) {
    let Some(offer) = offer else {
        model.note(Tone::Plain, Clean::literal("no log has such a name"));
        return;
    };
    let marked = &mut model.sources.marked;
    match marked.iter().position(|target| *target == offer.target) {
        Some(at) => _ = marked.remove(at),
        None => marked.push(offer.target.clone()),
    }
}

/// Shows what is marked, else what the cursor stands on.
pub(in crate::app) fn accept(model: &mut Model, prompt: Prompt) -> Vec<Effect> {
    let marked = std::mem::take(&mut model.sources.marked);
    let offers = source_offers(model, prompt.text());
    let chosen = offers.into_iter().nth(model.sources.chosen);
    let chosen = LogTarget::of(marked).or(chosen.map(|offer| offer.target));
    let typed = || model.log_typed(prompt.text()).ok();
    match chosen.or_else(typed) {
        Some(target) => show_log(model, target),
        None => {
            model.note(Tone::Bad, Clean::literal("no log has such a name"));
            model.overlay = Some(Overlay::Prompt(Purpose::Sources, prompt));
        }
    }
    Vec::new()
}
