//! Launching a task: its identity, its place, its network interface.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Step;
use crate::ecs::definition::ContainerDefinition;
use crate::ecs::service::Network;
use crate::ecs::task::{Container, Health, Interface, Status, Times};
use crate::ecs::{Definition, DeploymentKey, InstanceKey, ServiceKey, Task, TaskKey};
use crate::ecs::{Due, Ecs};
use crate::random::Random;
use crate::world::LaunchType;

/// What is to be launched, and for whom.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) cluster: String,
    pub(crate) definition: Arc<Definition>,
    pub(crate) owner: Option<(ServiceKey, DeploymentKey)>,
    pub(crate) group: String,
    pub(crate) started_by: Option<String>,
    pub(crate) network: Network,
    pub(crate) overrides: Value,
    pub(crate) tags: Value,
    pub(crate) execute_command: bool,
    pub(crate) launch: LaunchType,
    pub(crate) provider: Option<String>,
    /// The instance that it was placed on.
    pub(crate) instance: Option<InstanceKey>,
    /// Only one of its deployment on each instance: a daemon.
    pub(crate) one_each: bool,
}

fn container(definition: &ContainerDefinition, launch: &Launch, arn: String) -> Container {
    debug_assert!(
        launch
            .definition
            .containers
            .iter()
            .any(|c| c.name == definition.name)
    );
    Container {
        name: definition.name.clone(),
        arn,
        image: definition.image.clone(),
        digest: None,
        runtime_id: None,
        status: "PENDING",
        exit_code: None,
        reason: None,
        health: Health::Unknown,
    }
}

fn interface(launch: &Launch, number: u64, random: &mut Random) -> Interface {
    let subnets = &launch.network.subnets;
    let turn = usize::try_from(number).unwrap_or_default() % subnets.len().max(1);
    let mac = random.hex(10);
    let pairs: Vec<&str> = (0..10)
        .step_by(2)
        .filter_map(|at| mac.get(at..at + 2))
        .collect();
    Interface {
        attachment: random.uuid(),
        status: "PRECREATED",
        subnet: subnets
            .get(turn)
            .cloned()
            .unwrap_or_else(|| "subnet-00000000000000000".to_owned()),
        id: format!("eni-0{}", random.hex(16)),
        mac: format!("0e:{}", pairs.join(":")),
        public: launch.network.public_ip,
        security_groups: launch.network.security_groups.clone(),
        address: format!("10.0.{}.{}", (number / 240) % 250, number % 240 + 10),
    }
}

impl Ecs {
    /// Makes a task known and puts it on its way.
    pub(crate) fn launch(&mut self, launch: Launch) -> TaskKey {
        let key = self.register(launch);
        let attached = ("provision", (6, 14), Step::Attached);
        self.go_on(key, ("provision", (60, 120)), attached);
        key
    }

    /// Makes a task known, PROVISIONING, without any plan for it.
    pub(crate) fn register(&mut self, launch: Launch) -> TaskKey {
        let home = Arc::clone(&self.desk.home);
        self.launched += 1;
        let number = self.launched;
        let key = TaskKey(number);
        let mut random = self.desk.random("task", number);
        let id = random.hex(32);
        let path = format!("{}/{id}", launch.cluster);
        let interface = interface(&launch, number, &mut random);
        let containers = launch
            .definition
            .containers
            .iter()
            .map(|c| {
                let arn = home.arn("ecs", &format!("container/{path}/{}", random.uuid()));
                container(c, &launch, arn)
            })
            .collect();
        let letter = if interface.subnet.bytes().map(u32::from).sum::<u32>() % 2 == 0 {
            'a'
        } else {
            'b'
        };
        let instance = launch.instance.and_then(|key| self.instance_mut(key));
        let zone = match &instance {
            Some(instance) => instance.zone.clone(),
            None => format!("{}{letter}", home.region),
        };
        match instance {
            Some(instance) => instance.reserve(key, &launch.definition),
            None => self.fargate_cpu += launch.definition.cpu,
        }
        let task = Task {
            key,
            arn: home.arn("ecs", &format!("task/{path}")),
            id: id.clone(),
            cluster: launch.cluster.clone(),
            definition: launch.definition,
            owner: launch.owner,
            group: launch.group,
            started_by: launch.started_by,
            wanted: true,
            status: Status::Provisioning,
            health: Health::Unknown,
            times: Times {
                created: self.desk.now,
                ..Times::default()
            },
            stop: None,
            containers,
            zone,
            interface,
            overrides: if launch.overrides.is_null() {
                json!({ "containerOverrides": [], "inferenceAcceleratorOverrides": [] })
            } else {
                launch.overrides
            },
            tags: launch.tags,
            execute_command: launch.execute_command,
            launch: launch.launch,
            provider: launch.provider,
            instance: launch.instance,
            targets: Vec::new(),
            unregistered: false,
            protected: None,
            life: 0,
            version: 1,
        };
        if let Some(cluster) = self.clusters.get_mut(&launch.cluster) {
            cluster.wanted.insert(id.clone(), key);
            if launch.owner.is_none() {
                let family = task.definition.family.clone();
                cluster.standalone.entry(family).or_default().insert(key);
            }
        }
        if let Some(service) = launch.owner.and_then(|(s, _)| self.service_mut(s)) {
            service.live.insert(key);
        }
        self.task_ids.insert(id, key);
        self.tasks.insert(key, task);
        key
    }

    /// Plans the next step of a task in between so many seconds.
    pub(crate) fn plan_task(&mut self, key: TaskKey, why: &str, seconds: (i64, i64), step: Step) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let life = task.life;
        let mut random = self
            .desk
            .random(why, key.0.wrapping_mul(64) + u64::from(life));
        let after = random.between(seconds.0 * 1_000, seconds.1 * 1_000);
        self.desk.plan(after, Due::Task(key, life, step));
    }
}
