//! The start: what a world has of ECS, and the past that its services have had.

use std::sync::Arc;

use super::deployment::{DeploymentStatus, Rollout};
use super::scheduler::{Launch, launch_of, words};
use super::service::{Balancer, Network, Notices, Settings};
use super::task::{Health, Status};
use super::{Cluster, Definition, Due, Ecs, Service, ServiceKey};
use crate::bus::Told;
use crate::clock::{HOUR, MINUTE, Millis, SECOND, Time};
use crate::world::{LaunchType, LifecycleStage, ServiceSpec, WorldSpec};

/// How many repetitions of "has reached a steady state." a service begins with.
const STEADY_PAST: i64 = 24;

impl Ecs {
    /// Takes in what a world has of ECS, but for its services: who runs them must have been
    /// told of the log groups first.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        let epoch = self.desk.epoch;
        self.supply.add(spec);
        for cluster in &spec.cluster {
            let resource = format!("cluster/{}", cluster.name);
            let fresh = Cluster {
                name: cluster.name.clone(),
                arn: self.desk.home.arn("ecs", &resource),
                tags: cluster.tags.clone(),
                container_insights: cluster.container_insights,
                ..Cluster::default()
            };
            self.clusters.insert(cluster.name.clone(), fresh);
        }
        self.furnish_capacity(spec, epoch);
        self.furnish_targets(spec, epoch);
        for trouble in &spec.trouble {
            self.add_trouble(trouble, epoch);
        }
        self.define(spec, epoch);
    }

    /// Founds the services of a world.
    pub(crate) fn furnish_services(&mut self, spec: &WorldSpec) {
        for service in &spec.service {
            self.found(service, self.desk.epoch);
        }
    }

    fn define(&mut self, spec: &WorldSpec, epoch: Time) {
        let mut ordered: Vec<_> = spec.task_definition.iter().collect();
        ordered.sort_by_key(|definition| definition.revision);
        for definition in ordered {
            let like = definition
                .like
                .and_then(|like| self.find_definition(&format!("{}:{like}", definition.family)))
                .cloned();
            let fresh = Definition::of(definition, like.as_deref(), &self.desk.home, epoch);
            let created = fresh.registered;
            for log in fresh.containers.iter().filter_map(|c| c.log.as_ref()) {
                if self.supply.has_group(&log.group) {
                    let group = log.group.clone();
                    self.supply.know_group(&group);
                    self.desk.tell(Told::LogGroup { group, created });
                }
            }
            self.definitions
                .entry(fresh.family.clone())
                .or_default()
                .insert(fresh.revision, Arc::new(fresh));
        }
    }

    /// Founds a service that has long been steady with its first task definition, or
    /// one whose first deployment is still to come.
    fn found(&mut self, spec: &ServiceSpec, epoch: Time) {
        let key = ServiceKey(self.services.len());
        let cluster = spec.cluster.get_ref().clone();
        let created = epoch + spec.created.map_or(-30 * 24 * HOUR, |ago| ago.0);
        let definition = self.find_definition(spec.task_definition.get_ref());
        let first = definition.filter(|_| spec.fresh).cloned();
        let service = self.service_of_spec(key, spec, created);
        self.services.push(Service { first, ..service });
        if spec.fresh {
            self.desk.plan_at(created, Due::Founded(key));
            return;
        }
        if let Some(cluster) = self.clusters.get_mut(&cluster) {
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
                .desk
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
        let Some(definition) = self.find_definition(name).cloned() else {
            return;
        };
        let present = std::mem::replace(&mut self.desk.now, at);
        let revision = self.add_revision(key, definition.clone(), at);
        if let Some(revision) = revision {
            self.add_service_deployment(key, revision, at);
            self.add_deployment(key, definition, revision);
        }
        self.desk.now = present;
        let done = at + 3 * MINUTE;
        let Some(service) = self.service_mut(key) else {
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
        let Some(service) = self.service(key) else {
            return;
        };
        let Some(primary) = service.primary() else {
            return;
        };
        let (desired, since) = (service.desired, primary.created);
        let id = primary.id.clone();
        let launch = launch_of(service, primary);
        let mut ids = Vec::new();
        let present = self.desk.now;
        for number in 0..desired {
            let created = since + Millis::from(number) * SECOND / 4 + 2 * SECOND;
            let Ok(instance) = self.place(&launch) else {
                break;
            };
            self.desk.now = created;
            let task = self.register(Launch {
                instance,
                ..launch.clone()
            });
            self.desk.now = present;
            self.unpack(task);
            if let Some(task) = self.tasks.get_mut(&task) {
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
            self.works(task, key);
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
                .desk
                .random("steady", u64::try_from(key.0).unwrap_or_default())
                .between(0, 4 * MINUTE);
        let times = ((self.desk.now - done) / every).max(0);
        for time in (times - STEADY_PAST).max(0)..=times {
            self.note_at(key, done + time * every, words::STEADY);
        }
        let last = done + times * every;
        if let Some(service) = self.service_mut(key) {
            service.notices.steady_said = Some(last);
        }
        let next = (last + every - self.desk.now).max(SECOND);
        self.plan_reconcile(key, next);
    }
}
