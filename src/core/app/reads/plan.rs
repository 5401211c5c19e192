//! What to read when: what is on the screen and what moves, within a budget of calls.
//!
//! ECS throttles an account and a region as a whole, deploy pipelines
//! included (source: ECS developer guide, "Request throttling"). So a listing
//! of everything is read at a pace that its number of calls sets, and only
//! what is looked at, moves or is in trouble is read often.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::asking;
use super::discovery::{finds_for_itself, wanted_queues, work_query};
use super::work_wanted;
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::insights::QueryStage;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::Pane;
use crate::app::model::prompt::Purpose;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::app::panes;
use crate::app::query::Query;
use crate::diagnose::{Question, Verdict, pace};
use crate::domain::{Arn, Service};
use crate::logs::Follow;

const IDENTITY: Duration = Duration::from_secs(300);
const CLUSTERS: Duration = Duration::from_secs(60);
/// While somebody chooses among them.
const LOG_GROUPS: Duration = Duration::from_secs(300);
/// While credentials do not work, a login elsewhere is noticed this soon.
const LOGIN: Duration = Duration::from_secs(3);
/// A listing may make one call in so many seconds, on the average.
const SECONDS_A_CALL: u64 = 8;
/// A listing is read again at least this often, whatever it costs.
const SLOWEST: Duration = Duration::from_secs(180);
/// Services that are read often, at most: one DescribeServices call takes ten.
const WATCHED: usize = 10;
/// What is looked at but does not move is read this many times less often.
const CALM: u32 = 3;

/// A slot that is to be kept fresh, and how often it is read.
type Want = (Slot, Duration);

/// Reads what is due, and stops what nobody wants any more.
pub(in crate::app) fn poll(model: &mut Model) -> Vec<Effect> {
    let wants = wants(model);
    let unwanted: Vec<Slot> = model
        .readings
        .iter()
        .filter(|(slot, reading)| {
            reading.in_flight.is_some()
                && is_optional(slot)
                && !wants.iter().any(|(wanted, _)| wanted == *slot)
        })
        .map(|(slot, _)| slot.clone())
        .collect();
    for slot in unwanted {
        model.readings.cancel(&slot);
    }
    let mut reads = Vec::new();
    for (slot, every) in wants {
        if due(model, &slot, every).is_none_or(|due| due > model.stamp.elapsed) {
            continue;
        }
        let Some(query) = query(model, &slot) else {
            continue;
        };
        if slot == Slot::Identity && model.readings.credentials_error().is_some() {
            reads.push(Effect::Worker(WorkerEffect::RenewCredentials));
        }
        match &query {
            Query::Definitions { revisions } => model.asked = revisions.iter().cloned().collect(),
            Query::Logs(_) => {
                let now = model.stamp.now;
                let follow = model.logs.follow.iter_mut();
                follow.for_each(|follow| follow.begin(now));
            }
            _ => {}
        }
        let request = model.readings.begin(slot, model.stamp.elapsed);
        reads.push(Effect::Worker(WorkerEffect::Read { request, query }));
    }
    let cancelled = model.readings.take_cancelled();
    let mut effects: Vec<Effect> = cancelled
        .into_iter()
        .map(WorkerEffect::Cancel)
        .map(Effect::Worker)
        .collect();
    effects.append(&mut reads);
    effects
}

/// When a slot that is wanted is to be read; absent while a reading is under way.
fn due(model: &Model, slot: &Slot, every: Duration) -> Option<Duration> {
    let Some(reading) = model.readings.get(slot) else {
        return Some(match slot {
            Slot::Asked(Question::Alarms(_)) => asking::alarms_due(model),
            _ => Duration::ZERO,
        });
    };
    if reading.in_flight.is_some() {
        return None;
    }
    if let Slot::Asked(Question::Alarms(_)) = slot {
        return Some(reading.due(every).max(asking::alarms_due(model)));
    }
    // A login is noticed soon, however long it has been waited for.
    Some(
        if *slot == Slot::Identity && model.readings.credentials_error().is_some() {
            reading.due_however_it_went(every)
        } else {
            reading.due(every)
        },
    )
}

/// When the next reading is due, since the console started.
pub(in crate::app) fn next_due(model: &Model) -> Option<Duration> {
    wants(model)
        .into_iter()
        .filter_map(|(slot, every)| due(model, &slot, every))
        .min()
        .filter(|due| *due < NEVER)
}

impl Model {
    /// Whether everything that is wanted has been read (or has failed), and nothing is under way or due: then
    /// a command without a screen has its answer.
    pub fn is_settled(&self) -> bool {
        wants(self).iter().all(|(slot, _)| {
            // Definitions are wanted only while some are unread, whatever was read before.
            let unread = *slot == Slot::Definitions;
            self.readings.get(slot).is_some_and(|reading| {
                reading.in_flight.is_none()
                    && !reading.is_wanted_now()
                    && ((reading.is_known() && !unread) || reading.error.is_some())
            })
        }) && self
            .readings
            .get(&Slot::Clusters)
            .is_some_and(crate::app::model::reading::Reading::is_known)
            && !self.fleet.is_reading_kept()
            && !self
                .logs
                .follow
                .as_ref()
                .is_some_and(Follow::is_catching_up)
    }

    /// Whether every cluster's services and tasks have been listed.
    pub fn is_listed(&self) -> bool {
        let fleet = &self.fleet;
        let tasks = self.setup.panes.contains(&Pane::Tasks);
        self.readings
            .get(&Slot::Clusters)
            .is_some_and(crate::app::model::reading::Reading::is_known)
            && fleet.clusters.keys().all(|arn| {
                fleet.listed.contains(arn) && (!tasks || fleet.tasks_listed.contains(arn))
            })
    }
}

/// How often a slot is read while it is wanted.
pub(in crate::app) fn pace_of(model: &Model, slot: &Slot) -> Option<Duration> {
    wants(model)
        .into_iter()
        .find(|(wanted, _)| wanted == slot)
        .map(|(_, every)| every)
}

/// Only on request.
const NEVER: Duration = Duration::from_secs(u32::MAX as u64);

/// Whether a reading under way is stopped when nobody wants it. The listings always go on.
fn is_optional(slot: &Slot) -> bool {
    matches!(
        slot,
        Slot::TasksOf(..)
            | Slot::Watched(_)
            | Slot::Awaited(_)
            | Slot::Queues
            | Slot::Work(_)
            | Slot::Logs
    )
}

fn wants(model: &Model) -> Vec<Want> {
    let paused = model.setup.is_paused();
    if model.readings.credentials_error().is_some() {
        // Every other call would fail the same way.
        return vec![(Slot::Identity, if paused { NEVER } else { LOGIN })];
    }
    let pace = |every: Duration| {
        if paused {
            NEVER
        } else {
            every.max(model.setup.refresh)
        }
    };
    let mut wants = vec![
        (Slot::Identity, pace(IDENTITY)),
        (Slot::Clusters, pace(CLUSTERS)),
    ];
    let mut watches = watches(model);
    let looked_at = looked_at(model);
    for cluster in model.fleet.clusters.values() {
        let all = pace(listing_pace(1 + u64::from(cluster.services).div_ceil(10)));
        wants.push((Slot::Services(cluster.arn.clone()), all));
        let tasks = u64::from(cluster.running) + u64::from(cluster.pending);
        let all_tasks = pace(listing_pace(3 + 2 * (tasks / 100)));
        if needs_tasks(model) {
            wants.push((Slot::Tasks(cluster.arn.clone()), all_tasks));
        }
        let Some(watch) = watches
            .remove(&cluster.arn)
            .filter(|_| model.fleet.listed.contains(&cluster.arn))
        else {
            continue;
        };
        let every = pace(if watch.moves {
            model.setup.refresh
        } else {
            model.setup.refresh * CALM
        });
        if every < all {
            wants.push((Slot::Watched(cluster.arn.clone()), every));
        }
        if let Some(service) = looked_at.filter(|service| service.cluster == cluster.arn)
            && every < all_tasks
            && model.fleet.tasks_listed.contains(&cluster.arn)
            && panes::need(panes::seen(model), |needs| needs.tasks)
        {
            wants.push((
                Slot::TasksOf(cluster.arn.clone(), service.name.clone()),
                every,
            ));
        }
    }
    // A console sees them in its listings; a command that waits for its tasks looks at nothing else.
    if !model.setup.panes.contains(&Pane::Detail) {
        let awaited: BTreeSet<&Arn> = model.awaited.values().collect();
        let slots = awaited.into_iter().cloned().map(Slot::Awaited);
        wants.extend(slots.map(|slot| (slot, model.setup.refresh)));
    }
    // Definitions never change: each is read once.
    if needs_definitions(model) && !model.definitions_wanted.is_empty() {
        let every = if paused {
            NEVER
        } else {
            Duration::from_secs(1)
        };
        wants.push((Slot::Definitions, every));
    }
    if let Some(pending) = &model.wish
        && pending.reading().is_some()
    {
        wants.push((Slot::Prepared, pace::ONCE));
    }
    match model.insights.as_ref().map(|insights| &insights.stage) {
        Some(QueryStage::Sizing) => wants.push((Slot::LogGroupSizes, pace::ONCE)),
        Some(QueryStage::Running) => wants.push((Slot::Insights, pace::ONCE)),
        _ => {}
    }
    if matches!(&model.overlay, Some(Overlay::Prompt(Purpose::Sources, _))) {
        wants.push((Slot::LogGroups, if paused { NEVER } else { LOG_GROUPS }));
    }
    wants.extend(
        asking::questions(model)
            .into_iter()
            .map(|(question, every)| (Slot::Asked(question), pace(every))),
    );
    for want in panes::seen(model).flat_map(|pane| (pane.wants)(model)) {
        let every = match (want.own_pace, paused) {
            (true, false) => want.every,
            (true, true) => NEVER,
            (false, _) => pace(want.every),
        };
        wants.push((want.slot, every));
    }
    for want in work_wanted::wants(model) {
        if !wants.iter().any(|(slot, _)| *slot == want.slot) {
            wants.push((want.slot, pace(want.every)));
        }
    }
    wants
}

/// Tasks tell why a service is as it is, and whose log there is; a verdict needs them even while another pane
/// has the screen.
fn needs_tasks(model: &Model) -> bool {
    panes::need(panes::there(model), |needs| needs.tasks)
}

/// Definitions tell where logs go, what a task needs, and name queues and tables.
fn needs_definitions(model: &Model) -> bool {
    model.why.is_some()
        || model.checked().is_some()
        || model.insights.is_some()
        || panes::need(panes::there(model), |needs| needs.definitions)
        || finds_for_itself(model)
}

fn listing_pace(calls: u64) -> Duration {
    Duration::from_secs(calls.saturating_mul(SECONDS_A_CALL)).min(SLOWEST)
}

/// The services of a cluster that are read often.
#[derive(Default)]
struct Watch {
    services: Vec<Arn>,
    /// Some of them move or are in trouble.
    moves: bool,
}

fn looked_at(model: &Model) -> Option<&Service> {
    match &model.looked_at {
        Some(RowKey::Service(arn)) => model.fleet.services.get(arn),
        _ => None,
    }
}

/// By cluster: the service that is looked at, then those in trouble or moving.
fn watches(model: &Model) -> BTreeMap<Arn, Watch> {
    let mut watches: BTreeMap<Arn, Watch> = BTreeMap::new();
    let writing = !model.running.is_empty();
    let mut add = |service: &Service, moves: bool| {
        let watch = match watches.get_mut(&service.cluster) {
            Some(watch) => watch,
            None => watches.entry(service.cluster.clone()).or_default(),
        };
        if watch.services.len() < WATCHED && !watch.services.contains(&service.arn) {
            watch.services.push(service.arn.clone());
            watch.moves |= moves || writing;
        }
    };
    if let Some(service) = looked_at(model) {
        let diagnosis = model.fleet.diagnosis(&RowKey::Service(service.arn.clone()));
        add(
            service,
            diagnosis.is_some_and(|diagnosis| moves(diagnosis.verdict)),
        );
    }
    for row in model.service_rows() {
        let calm = matches!(row.verdict, Verdict::Steady | Verdict::ScaledToZero);
        if let RowKey::Service(arn) = &row.key
            && !calm
            && let Some(service) = model.fleet.services.get(arn)
        {
            add(service, moves(row.verdict));
        }
    }
    watches
}

fn moves(verdict: Verdict) -> bool {
    !matches!(
        verdict,
        Verdict::Steady | Verdict::ScaledToZero | Verdict::Unknown
    )
}

fn query(model: &Model, slot: &Slot) -> Option<Query> {
    Some(match slot {
        Slot::Identity => Query::Identity,
        Slot::Clusters => Query::Clusters {
            names: model.setup.named_clusters().to_describe(),
        },
        Slot::Services(cluster) => Query::Services {
            cluster: cluster.clone(),
        },
        Slot::Watched(cluster) => Query::Watched {
            cluster: cluster.clone(),
            services: watches(model).remove(cluster)?.services,
        },
        Slot::Tasks(cluster) => Query::Tasks {
            cluster: cluster.clone(),
            settled: model.fleet.settled(cluster),
        },
        Slot::TasksOf(cluster, service) => Query::TasksOf {
            cluster: cluster.clone(),
            service: service.clone(),
            settled: model.fleet.settled(cluster),
        },
        Slot::Awaited(cluster) => {
            let here = model.awaited.iter().filter(|(_, of)| *of == cluster);
            Query::Awaited {
                cluster: cluster.clone(),
                tasks: here.map(|(task, _)| task.clone()).collect(),
            }
        }
        Slot::Definitions => Query::Definitions {
            revisions: model.definitions_wanted.to_vec(),
        },
        Slot::Queues => {
            let (wanted, list) = wanted_queues(model);
            Query::Queues { wanted, list }
        }
        Slot::Tables => Query::Tables,
        Slot::Work(table) => Query::Work(work_query(model, table)),
        Slot::LogGroups => Query::LogGroups,
        Slot::LogGroupSizes => {
            let query = model.insights.as_ref()?.query.as_ref()?;
            Query::LogGroupSizes {
                groups: query.groups.clone(),
                region: query.region.clone(),
            }
        }
        Slot::Insights => Query::Insights(model.insights.as_ref()?.query.clone()?),
        Slot::Logs => Query::Logs(model.logs.follow.as_ref()?.query(model.stamp.now)),
        Slot::Prepared => {
            let (looks, document) = model.wish.as_ref()?.reading()?;
            Query::Prepare { looks, document }
        }
        Slot::Asked(question) => Query::Ask {
            known: match question {
                Question::Rollouts { cluster, service } => {
                    let known = model.fleet.facts.rollouts(cluster, service);
                    known.cloned().map(Box::new)
                }
                _ => None,
            },
            question: question.clone(),
        },
    })
}
