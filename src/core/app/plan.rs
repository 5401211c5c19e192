//! What to read when: what is on the screen and what moves, within a budget of calls.
//!
//! ECS throttles an account and a region as a whole, deploy pipelines
//! included (source: ECS developer guide, "Request throttling"). So a listing
//! of everything is read at a pace that its number of calls sets, and only
//! what is looked at, moves or is in trouble is read often.

use std::time::Duration;

use super::discovery::{
    finds_for_itself, log_sources, wanted_definitions, wanted_queues, wanted_tables, work_query,
};
use super::effect::Effect;
use super::fleet::RowKey;
use super::log_pane::LogPane;
use super::model::{Model, Pane};
use super::query::{Query, Slot};
use crate::diagnose::Verdict;
use crate::domain::Arn;
use crate::text::Clean;

const IDENTITY: Duration = Duration::from_secs(300);
const CLUSTERS: Duration = Duration::from_secs(60);
const QUEUES: Duration = Duration::from_secs(10);
const WORK: Duration = Duration::from_secs(15);
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
pub(super) fn poll(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
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
        effects.push(Effect::Cancel(slot));
    }
    for (slot, every) in wants {
        let reading = model.readings.get(&slot);
        let due = match reading {
            Some(reading) if reading.in_flight.is_some() => continue,
            Some(reading) => reading.due(every) <= model.stamp.elapsed,
            None => true,
        };
        let Some(query) = due.then(|| query(model, &slot)).flatten() else {
            continue;
        };
        if slot == Slot::Identity && model.readings.credentials_error().is_some() {
            effects.push(Effect::RenewCredentials);
        }
        let request = model.readings.begin(slot, model.stamp.elapsed);
        effects.push(Effect::Read { request, query });
    }
    effects
}

/// When the next reading is due, since the console started.
pub(super) fn next_due(model: &Model) -> Option<Duration> {
    wants(model)
        .into_iter()
        .filter_map(|(slot, every)| match model.readings.get(&slot) {
            Some(reading) if reading.in_flight.is_some() => None,
            Some(reading) => Some(reading.due(every)),
            None => Some(Duration::ZERO),
        })
        .min()
        .filter(|due| *due < NEVER)
}

impl Model {
    /// Whether everything that is wanted has been read (or has failed), and nothing is under way or due: then
    /// a command without a screen has its answer.
    pub fn is_settled(&self) -> bool {
        wants(self).iter().all(|(slot, _)| {
            self.readings.get(slot).is_some_and(|reading| {
                reading.in_flight.is_none()
                    && !reading.is_wanted_now()
                    && (reading.is_known() || reading.error.is_some())
            })
        }) && self
            .readings
            .get(&Slot::Clusters)
            .is_some_and(super::reading::Reading::is_known)
    }

    /// Whether every cluster's services and tasks have been listed.
    pub fn is_listed(&self) -> bool {
        let fleet = &self.fleet;
        let tasks = self.setup.panes.contains(&Pane::Tasks);
        self.readings
            .get(&Slot::Clusters)
            .is_some_and(super::reading::Reading::is_known)
            && fleet.clusters.keys().all(|arn| {
                fleet.listed.contains(arn) && (!tasks || fleet.tasks_listed.contains(arn))
            })
    }
}

/// How often a slot is read while it is wanted.
pub(super) fn pace_of(model: &Model, slot: &Slot) -> Option<Duration> {
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
        Slot::TasksOf(..) | Slot::Watched(_) | Slot::Queues | Slot::Work(_) | Slot::Logs
    )
}

fn wants(model: &Model) -> Vec<Want> {
    if model.readings.credentials_error().is_some() {
        // Every other call would fail the same way.
        return vec![(Slot::Identity, LOGIN)];
    }
    let paused = model.setup.is_paused();
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
    let looked_at = model.looked_at.as_ref();
    for cluster in model.fleet.clusters.values() {
        let all = pace(listing_pace(1 + u64::from(cluster.services).div_ceil(10)));
        wants.push((Slot::Services(cluster.arn.clone()), all));
        let tasks = u64::from(cluster.running) + u64::from(cluster.pending);
        let all_tasks = pace(listing_pace(3 + 2 * (tasks / 100)));
        if needs_tasks(model) {
            wants.push((Slot::Tasks(cluster.arn.clone()), all_tasks));
        }
        if !model.fleet.listed.contains(&cluster.arn) {
            continue;
        }
        let moving = is_moving(model, &cluster.arn);
        let watch = pace(if moving {
            model.setup.refresh
        } else {
            model.setup.refresh * CALM
        });
        if watch < all && !watched(model, &cluster.arn).is_empty() {
            wants.push((Slot::Watched(cluster.arn.clone()), watch));
        }
        if let Some(RowKey::Service(arn)) = looked_at
            && let Some(service) = model
                .fleet
                .services
                .get(arn)
                .filter(|service| service.cluster == cluster.arn)
            && watch < all_tasks
            && model.fleet.tasks_listed.contains(&cluster.arn)
            && (model.shows(Pane::Tasks) || model.shows(Pane::Logs))
        {
            wants.push((
                Slot::TasksOf(cluster.arn.clone(), service.name.clone()),
                watch,
            ));
        }
    }
    // Definitions never change: each is read once.
    if needs_definitions(model) && !wanted_definitions(model).is_empty() {
        wants.push((Slot::Definitions, Duration::from_secs(1)));
    }
    if model.shows(Pane::Queues) && !model.fleet.listed.is_empty() {
        wants.push((Slot::Queues, pace(QUEUES)));
    }
    if model.shows(Pane::Work) {
        wants.extend(
            wanted_tables(model)
                .into_iter()
                .map(|table| (Slot::Work(table), pace(WORK))),
        );
    }
    if model.shows(Pane::Logs) && model.logs.follow.is_some() {
        // The log is followed at its own pace, however slowly the rest is read.
        wants.push((Slot::Logs, if paused { NEVER } else { model.logs.every }));
    }
    wants
}

/// Tasks tell why a service is as it is, and whose log there is; a verdict needs them even while another pane
/// has the screen.
fn needs_tasks(model: &Model) -> bool {
    [Pane::Tasks, Pane::Detail, Pane::Logs]
        .iter()
        .any(|pane| model.setup.panes.contains(pane))
}

/// Definitions tell where logs go, and name queues and tables.
fn needs_definitions(model: &Model) -> bool {
    [Pane::Detail, Pane::Logs]
        .iter()
        .any(|pane| model.setup.panes.contains(pane))
        || finds_for_itself(model)
}

fn listing_pace(calls: u64) -> Duration {
    Duration::from_secs(calls.saturating_mul(SECONDS_A_CALL)).min(SLOWEST)
}

/// Whether anything of a cluster that is watched moves or is in trouble.
fn is_moving(model: &Model, cluster: &Arn) -> bool {
    !model.running.is_empty()
        || watched(model, cluster).iter().any(|arn| {
            let verdict = model
                .fleet
                .diagnosis(&RowKey::Service(arn.clone()))
                .map(|diagnosis| diagnosis.verdict);
            !matches!(
                verdict,
                Some(Verdict::Steady | Verdict::ScaledToZero | Verdict::Unknown) | None
            )
        })
}

/// The services of a cluster that are read often: the one that is looked at, then those in trouble or moving.
fn watched(model: &Model, cluster: &Arn) -> Vec<Arn> {
    let looked_at = match &model.looked_at {
        Some(RowKey::Service(arn)) => Some(arn),
        _ => None,
    };
    let troubled = model
        .service_rows()
        .iter()
        .filter(|row| !matches!(row.verdict, Verdict::Steady | Verdict::ScaledToZero))
        .filter_map(|row| match &row.key {
            RowKey::Service(arn) => Some(arn),
            _ => None,
        });
    let mut watched: Vec<Arn> = Vec::new();
    for arn in looked_at.into_iter().chain(troubled) {
        let here = model
            .fleet
            .services
            .get(arn)
            .is_some_and(|service| service.cluster == *cluster);
        if here && !watched.contains(arn) && watched.len() < WATCHED {
            watched.push(arn.clone());
        }
    }
    watched
}

fn query(model: &Model, slot: &Slot) -> Option<Query> {
    Some(match slot {
        Slot::Identity => Query::Identity,
        Slot::Clusters => Query::Clusters {
            names: cluster_names(model),
        },
        Slot::Services(cluster) => Query::Services {
            cluster: cluster.clone(),
        },
        Slot::Watched(cluster) => Query::Watched {
            cluster: cluster.clone(),
            services: watched(model, cluster),
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
        Slot::Definitions => Query::Definitions {
            revisions: wanted_definitions(model),
        },
        Slot::Queues => {
            let (wanted, list) = wanted_queues(model);
            Query::Queues { wanted, list }
        }
        Slot::Tables => Query::Tables,
        Slot::Work(table) => Query::Work(work_query(model, table)),
        Slot::Logs => Query::Logs(model.logs.follow.as_ref()?.query(model.stamp.now)),
    })
}

fn cluster_names(model: &Model) -> Vec<Clean> {
    if !model.setup.clusters.is_empty() {
        return model.setup.clusters.clone();
    }
    model
        .setup
        .deck
        .iter()
        .flat_map(|deck| &deck.clusters)
        .map(|name| Clean::new(name))
        .collect()
}

/// Takes up the log of what is looked at, and the streams of tasks that have come.
pub(super) fn retarget_log(model: &mut Model) {
    let target = if model.logs.pinned {
        model.logs.target.clone()
    } else {
        default_target(model)
    };
    if target != model.logs.target {
        model.logs.clear();
        model.logs.target = target;
        model.readings.cancel(&Slot::Logs);
    }
    let Some(target) = model.logs.target.clone() else {
        return;
    };
    match log_sources(model, &target) {
        Ok(sources) => {
            model.logs.silent = None;
            let since = start_of(&model.logs, model.stamp.now);
            match &mut model.logs.follow {
                Some(follow) if follow.sources() == sources => {}
                Some(follow) => {
                    follow.set_sources(sources);
                    model.readings.want(&Slot::Logs);
                }
                None => {
                    model.logs.follow = Some(crate::logs::Follow::new(
                        sources,
                        model.logs.pattern.clone(),
                        since,
                    ));
                    model.readings.want(&Slot::Logs);
                }
            }
        }
        Err(why) => {
            model.logs.silent = Some(why);
            model.logs.follow = None;
        }
    }
}

fn start_of(logs: &LogPane, now: crate::domain::Time) -> crate::domain::Time {
    let start = now.as_second().saturating_sub(logs.range.seconds).max(0);
    crate::domain::Time::from_second(start).unwrap_or(crate::domain::Time::UNIX_EPOCH)
}

fn default_target(model: &Model) -> Option<super::log_pane::LogTarget> {
    use super::log_pane::LogTarget;
    match (&model.looked_at, model.focus, model.tasks.cursor.on()) {
        (_, Pane::Tasks, Some(task)) if model.tasks.cursor.is_moved() => {
            Some(LogTarget::Task(task.clone()))
        }
        (Some(key @ (RowKey::Service(_) | RowKey::Family(..))), _, _) => {
            Some(LogTarget::Row(key.clone()))
        }
        _ => None,
    }
}
