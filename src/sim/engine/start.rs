//! The start: from worlds to a running engine, whose recent past has really been run.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::agenda::Agenda;
use super::signals::Signals;
use super::{Due, Engine, Home, Supply};
use crate::clock::{HOUR, MINUTE, Millis, SECOND, Time};
use crate::ecs::deployment::{DeploymentStatus, Rollout};
use crate::ecs::scheduler::{Launch, launch_of, words};
use crate::ecs::service::{Balancer, Network, Notices, Settings};
use crate::ecs::task::{Health, Status};
use crate::ecs::{Cluster, Definition, Ecs, Service, ServiceKey};
use crate::logs::Logs;
use crate::neighbours::Neighbours;
use crate::rows::{Rows, Table};
use crate::sqs::{Queue, QueueKey, Sqs, Work};
use crate::world::{LaunchType, LifecycleStage, RowValue, ServiceSpec, World, WorldSpec};

/// How many repetitions of "has reached a steady state." a service begins with.
const STEADY_PAST: i64 = 24;

impl Engine {
    /// Sets the worlds up so that `epoch` is now. All worlds must be of one account and region.
    #[cfg(test)]
    pub(crate) fn start(worlds: &[World], epoch: Time, seed: u64) -> Engine {
        Self::before(worlds, epoch, 0, seed)
    }

    /// Sets the worlds up so that it is `lead` before `epoch`: some of the past is then still to come.
    pub(crate) fn before(worlds: &[World], epoch: Time, lead: Millis, seed: u64) -> Engine {
        let first = worlds.first().map(|world| &world.spec.world);
        let account = first.map(|w| w.account.clone()).unwrap_or_default();
        let warm_up = worlds
            .iter()
            .map(|world| world.spec.world.warm_up.0)
            .max()
            .unwrap_or_default();
        let mut engine = Engine {
            now: epoch - warm_up.max(lead),
            seed,
            home: Home {
                region: first.map(|w| w.region.clone()).unwrap_or_default(),
                caller: first
                    .and_then(|w| w.caller.clone())
                    .unwrap_or_else(|| Home::default_caller(&account)),
                account,
            },
            ecs: Ecs::default(),
            logs: Logs::default(),
            sqs: Sqs::default(),
            rows: Rows::default(),
            supply: Supply::default(),
            signals: Signals::default(),
            troubles: Vec::new(),
            neighbours: Neighbours::default(),
            happenings: Vec::new(),
            agenda: Agenda::new(),
        };
        for world in worlds {
            engine.furnish(&world.spec, epoch);
        }
        engine.plan_minute();
        engine.advance(epoch - lead);
        engine
    }

    fn furnish(&mut self, spec: &WorldSpec, epoch: Time) {
        self.supply.add(spec);
        for cluster in &spec.cluster {
            let arn = self.home.arn("ecs", &format!("cluster/{}", cluster.name));
            let fresh = Cluster {
                name: cluster.name.clone(),
                arn,
                tags: cluster.tags.clone(),
                container_insights: cluster.container_insights,
                ..Cluster::default()
            };
            self.ecs.clusters.insert(cluster.name.clone(), fresh);
        }
        self.furnish_capacity(spec, epoch);
        self.furnish_targets(spec, epoch);
        for trouble in &spec.trouble {
            self.add_trouble(trouble, epoch);
        }
        self.define(spec, epoch);
        for service in &spec.service {
            self.found(service, epoch);
        }
        self.furnish_tables(spec, epoch);
        self.furnish_queues(spec, epoch);
        self.furnish_neighbours(spec, epoch);
        for event in &spec.event {
            let number = self.happenings.len();
            self.happenings.push(event.clone());
            self.agenda.plan(epoch + event.at.0, Due::Happening(number));
        }
    }

    fn define(&mut self, spec: &WorldSpec, epoch: Time) {
        let mut ordered: Vec<_> = spec.task_definition.iter().collect();
        ordered.sort_by_key(|definition| definition.revision);
        for definition in ordered {
            let like = definition
                .like
                .and_then(|like| {
                    self.ecs
                        .find_definition(&format!("{}:{like}", definition.family))
                })
                .cloned();
            let fresh = Definition::of(definition, like.as_deref(), &self.home, epoch);
            let created = fresh.registered;
            for log in fresh.containers.iter().filter_map(|c| c.log.as_ref()) {
                if self.supply.has_group(&log.group) {
                    self.add_log_group(&log.group, created);
                }
            }
            self.ecs
                .definitions
                .entry(fresh.family.clone())
                .or_default()
                .insert(fresh.revision, Arc::new(fresh));
        }
        for group in spec.log_group.iter().filter(|group| group.exists) {
            let days = group.retention_days;
            self.add_log_group(&group.name, epoch - 30 * 24 * HOUR)
                .retention_days = days;
        }
    }

    fn furnish_tables(&mut self, spec: &WorldSpec, epoch: Time) {
        for table in &spec.table {
            let created = epoch - 60 * 24 * HOUR;
            self.rows
                .tables
                .insert(table.name.clone(), Table::new(table.clone(), created));
            for row in &table.row {
                if let Some(RowValue::Text(key)) = row.get(&table.key) {
                    let mut attributes: BTreeMap<String, RowValue> = row.clone();
                    attributes.remove(&table.key);
                    self.write_row(&table.name, key, attributes);
                }
            }
        }
    }

    fn furnish_queues(&mut self, spec: &WorldSpec, epoch: Time) {
        for queue in &spec.queue {
            let key = QueueKey(self.sqs.queues.len());
            let created = epoch - 60 * 24 * HOUR;
            self.sqs.queues.push(Queue::of(queue, &self.home, created));
            self.sqs.names.insert(queue.name.clone(), key);
        }
        for queue in &spec.queue {
            let Some(key) = self.sqs.names.get(&queue.name).copied() else {
                continue;
            };
            let dead_letter = queue
                .dead_letter
                .as_ref()
                .and_then(|name| self.sqs.names.get(name.get_ref()).copied());
            let work = queue.work.as_ref().and_then(|work| {
                let service = self
                    .ecs
                    .services
                    .iter()
                    .find(|service| service.name == *work.service.get_ref())?;
                Some(Work {
                    service: service.key,
                    spec: work.clone(),
                })
            });
            if let Some(fresh) = self.sqs.queues.get_mut(key.0) {
                fresh.dead_letter = dead_letter;
                fresh.work = work;
            }
            self.plan_arrival(key);
            self.count_queue(key);
        }
    }

    /// Founds a service that has long been steady with its first task definition, or
    /// one whose first deployment is still to come.
    fn found(&mut self, spec: &ServiceSpec, epoch: Time) {
        let key = ServiceKey(self.ecs.services.len());
        let cluster = spec.cluster.get_ref().clone();
        let created = epoch + spec.created.map_or(-30 * 24 * HOUR, |ago| ago.0);
        let definition = self.ecs.find_definition(spec.task_definition.get_ref());
        let first = definition.filter(|_| spec.fresh).cloned();
        let service = self.service_of_spec(key, spec, created);
        self.ecs.services.push(Service { first, ..service });
        if spec.fresh {
            self.agenda.plan(created, Due::Founded(key));
            return;
        }
        if let Some(cluster) = self.ecs.clusters.get_mut(&cluster) {
            cluster.services.insert(spec.name.clone(), key);
        }
        let mut past: Vec<(Time, &str)> = spec
            .history
            .iter()
            .map(|past| (epoch + past.at.0, past.task_definition.get_ref().as_str()))
            .collect();
        if past.is_empty() {
            past.push((created, spec.task_definition.get_ref()));
        }
        for (at, name) in past {
            self.past_deployment(key, name, at);
        }
        self.count_daemons(key);
        self.populate(key);
    }

    fn service_of_spec(&self, key: ServiceKey, spec: &ServiceSpec, created: Time) -> Service {
        let cluster = spec.cluster.get_ref().clone();
        let balancers = spec.load_balancers.iter().filter_map(|balancer| {
            let group = self.signals.groups.get(balancer.target_group.get_ref())?;
            Some(Balancer {
                group: group.spec.name.clone(),
                arn: group.arn.clone(),
                container: balancer.container.clone(),
                port: balancer.port,
            })
        });
        // FARGATE and FARGATE_SPOT are providers too; all others bring instances.
        let launch = match spec.capacity_provider.as_deref() {
            Some("FARGATE" | "FARGATE_SPOT") => LaunchType::Fargate,
            Some(_) => LaunchType::Ec2,
            None => spec.launch,
        };
        Service {
            key,
            name: spec.name.clone(),
            arn: self
                .home
                .arn("ecs", &format!("service/{cluster}/{}", spec.name)),
            cluster,
            active: !spec.fresh,
            first: None,
            daemon: spec.daemon,
            desired: spec.desired,
            settings: Settings::of(spec),
            controller: spec.controller,
            launch,
            provider: spec.capacity_provider.clone(),
            balancers: balancers.collect(),
            network: Network {
                subnets: spec.subnets.clone(),
                security_groups: spec.security_groups.clone(),
                public_ip: spec.public_ip,
            },
            execute_command: spec.execute_command,
            created,
            tags: spec.tags.clone(),
            deployments: Vec::new(),
            revisions: Vec::new(),
            history: Vec::new(),
            events: std::collections::VecDeque::new(),
            live: std::collections::BTreeSet::new(),
            stopped: std::collections::BTreeSet::new(),
            notices: Notices::default(),
        }
    }

    /// Records a deployment that succeeded at a time before the start.
    fn past_deployment(&mut self, key: ServiceKey, name: &str, at: Time) {
        let Some(definition) = self.ecs.find_definition(name).cloned() else {
            return;
        };
        let present = std::mem::replace(&mut self.now, at);
        let revision = self.add_revision(key, definition.clone(), at);
        if let Some(revision) = revision {
            self.add_service_deployment(key, revision, at);
            self.add_deployment(key, definition, revision);
        }
        self.now = present;
        let done = at + 3 * MINUTE;
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        service.deployments.truncate(1);
        if let Some(primary) = service.primary_mut() {
            primary.rollout = Rollout::Completed;
            primary.reason = words::completed(&primary.id);
            primary.updated = done;
            primary.proven = true;
        }
        if let Some(record) = service.history.last_mut() {
            record.status = DeploymentStatus::Successful;
            record.stage = LifecycleStage::CleanUp;
            record.started = Some(at + SECOND);
            record.finished = Some(done);
        }
    }

    /// Gives a service the tasks that it has had since its last deployment.
    fn populate(&mut self, key: ServiceKey) {
        let Some(service) = self.ecs.service(key) else {
            return;
        };
        let Some(primary) = service.primary() else {
            return;
        };
        let (desired, since) = (service.desired, primary.created);
        let id = primary.id.clone();
        let launch = launch_of(service, primary);
        let mut ids = Vec::new();
        let present = self.now;
        for number in 0..desired {
            let created = since + Millis::from(number) * SECOND / 4 + 2 * SECOND;
            let Ok(instance) = self.place(&launch) else {
                break;
            };
            self.now = created;
            let task = self.register(Launch {
                instance,
                ..launch.clone()
            });
            self.now = present;
            self.unpack(task);
            if let Some(task) = self.ecs.tasks.get_mut(&task) {
                ids.push(task.id.clone());
                task.status = Status::Running;
                task.version = 4;
                task.interface.status = "ATTACHED";
                task.times.connected = Some(created + 9 * SECOND);
                task.times.pull_started = Some(created + 13 * SECOND);
                task.times.pull_stopped = Some(created + 24 * SECOND);
                task.times.started = Some(created + 27 * SECOND);
                let definition = task.definition.clone();
                for (container, spec) in task.containers.iter_mut().zip(&definition.containers) {
                    container.status = "RUNNING";
                    if spec.health.is_some() {
                        container.health = Health::Healthy;
                        task.health = Health::Healthy;
                    }
                }
            }
            self.open_streams(task, created + 27 * SECOND);
            self.plan_ends(task);
            self.plan_troubles(task);
            self.has_long_been_a_target(task, key);
        }
        let short = u32::try_from(ids.len()).unwrap_or(u32::MAX) < desired;
        self.remember(key, &ids, &id, since);
        if short {
            self.plan_reconcile(key, SECOND);
        }
    }

    /// The events that a service has left behind since its last deployment.
    fn remember(&mut self, key: ServiceKey, ids: &[String], deployment: &str, since: Time) {
        for batch in ids.chunks(10) {
            self.note_at(key, since + 10 * SECOND, words::started(batch, 0));
        }
        let done = since + 3 * MINUTE;
        self.note_at(key, done, words::deployment_completed(deployment));
        let every = 6 * HOUR
            + self
                .random("steady", u64::try_from(key.0).unwrap_or_default())
                .between(0, 4 * MINUTE);
        let times = ((self.now - done) / every).max(0);
        for time in (times - STEADY_PAST).max(0)..=times {
            self.note_at(key, done + time * every, words::STEADY);
        }
        let last = done + times * every;
        if let Some(service) = self.ecs.service_mut(key) {
            service.notices.steady_said = Some(last);
        }
        let next = (last + every - self.now).max(SECOND);
        self.plan_reconcile(key, next);
    }
}
