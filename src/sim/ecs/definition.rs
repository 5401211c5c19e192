//! Task definitions: what a task is made of, and how its containers behave.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::clock::Time;
use crate::home::Home;
use crate::world::{ContainerSpec, DefinitionSpec, ExitSpec, HealthSpec, LaunchType, LogSpec};

/// A revision of a task definition.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) family: String,
    pub(crate) revision: u32,
    pub(crate) arn: String,
    pub(crate) active: bool,
    /// CPU units.
    pub(crate) cpu: u32,
    /// MiB.
    pub(crate) memory: u32,
    pub(crate) execution_role: Option<String>,
    pub(crate) task_role: Option<String>,
    pub(crate) registered: Time,
    /// The ARN of who registered it; none where a world declares it.
    pub(crate) registered_by: Option<String>,
    pub(crate) deregistered: Option<Time>,
    /// `awsvpc`, `bridge`, `host` or `none`.
    pub(crate) network_mode: String,
    /// The launch types that it is made for.
    pub(crate) requires: Vec<LaunchType>,
    /// Attributes that a container instance must have.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) containers: Vec<ContainerDefinition>,
    /// A list of `{key, value}`.
    pub(crate) tags: Value,
    /// What RegisterTaskDefinition was given; none where a world declares it.
    pub(crate) given: Option<Value>,
}

/// A container of a task definition.
#[derive(Clone, Debug)]
pub(crate) struct ContainerDefinition {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) essential: bool,
    pub(crate) port: Option<u16>,
    /// A fixed port on the container instance.
    pub(crate) host_port: Option<u16>,
    pub(crate) gpus: u32,
    /// It does not stop when it is told to, and is killed.
    pub(crate) stubborn: bool,
    pub(crate) command: Vec<String>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) log: Option<LogSpec>,
    pub(crate) health: Option<HealthSpec>,
    pub(crate) exits: Vec<ExitSpec>,
}

impl Definition {
    /// `family:revision`
    pub(crate) fn name(&self) -> String {
        format!("{}:{}", self.family, self.revision)
    }

    /// Whether ECS checks the health of any of its containers.
    pub(crate) fn has_health_check(&self) -> bool {
        self.containers.iter().any(|c| c.health.is_some())
    }

    /// Makes a definition of a spec; what the spec leaves out comes from `like`.
    pub(crate) fn of(
        spec: &DefinitionSpec,
        like: Option<&Definition>,
        home: &Home,
        epoch: Time,
    ) -> Self {
        let role = |given: &Option<String>, inherited: Option<&Option<String>>| match given {
            Some(name) if name.starts_with("arn:") => Some(name.clone()),
            Some(name) => Some(format!("arn:aws:iam::{}:role/{name}", home.account)),
            None => inherited.cloned().flatten(),
        };
        let registered = spec
            .registered
            .map_or_else(|| epoch - 40 * 24 * crate::clock::HOUR, |ago| epoch + ago.0);
        Definition {
            arn: home.arn(
                "ecs",
                &format!("task-definition/{}:{}", spec.family, spec.revision),
            ),
            family: spec.family.clone(),
            revision: spec.revision,
            active: !spec.inactive,
            cpu: spec.cpu.or(like.map(|l| l.cpu)).unwrap_or(256),
            memory: spec.memory.or(like.map(|l| l.memory)).unwrap_or(512),
            execution_role: role(&spec.execution_role, like.map(|l| &l.execution_role)),
            task_role: role(&spec.task_role, like.map(|l| &l.task_role)),
            registered,
            registered_by: None,
            deregistered: spec.inactive.then_some(registered),
            network_mode: spec
                .network_mode
                .clone()
                .or(like.map(|l| l.network_mode.clone()))
                .unwrap_or_else(|| "awsvpc".to_owned()),
            requires: match (spec.requires.as_slice(), like) {
                ([], Some(like)) => like.requires.clone(),
                ([], None) => vec![LaunchType::Fargate],
                (given, _) => given.to_vec(),
            },
            attributes: match like {
                Some(like) if spec.attributes.is_empty() => like.attributes.clone(),
                _ => spec.attributes.clone(),
            },
            containers: containers(spec, like),
            tags: Value::Array(Vec::new()),
            given: None,
        }
    }
}

fn containers(spec: &DefinitionSpec, like: Option<&Definition>) -> Vec<ContainerDefinition> {
    let mut containers = like.map(|l| l.containers.clone()).unwrap_or_default();
    for given in &spec.container {
        match containers.iter_mut().find(|c| c.name == given.name) {
            Some(inherited) => inherited.amend(given),
            None => {
                let mut fresh = ContainerDefinition {
                    name: given.name.clone(),
                    image: format!("{}:latest", given.name),
                    essential: true,
                    port: None,
                    host_port: None,
                    gpus: 0,
                    stubborn: false,
                    command: Vec::new(),
                    env: BTreeMap::new(),
                    secrets: BTreeMap::new(),
                    log: None,
                    health: None,
                    exits: Vec::new(),
                };
                fresh.amend(given);
                containers.push(fresh);
            }
        }
    }
    containers
}

impl ContainerDefinition {
    /// Takes over what the spec gives.
    fn amend(&mut self, spec: &ContainerSpec) {
        if let Some(image) = &spec.image {
            self.image.clone_from(image);
        }
        if let Some(essential) = spec.essential {
            self.essential = essential;
        }
        self.port = spec.port.or(self.port);
        self.host_port = spec.host_port.or(self.host_port);
        self.gpus = spec.gpus.unwrap_or(self.gpus);
        self.stubborn = spec.ignores_sigterm.unwrap_or(self.stubborn);
        if !spec.command.is_empty() {
            self.command.clone_from(&spec.command);
        }
        self.env.extend(spec.env.clone());
        self.secrets.extend(spec.secrets.clone());
        if spec.log.is_some() {
            self.log.clone_from(&spec.log);
        }
        if spec.health.is_some() {
            self.health.clone_from(&spec.health);
        }
        if let Some(exits) = &spec.exits {
            self.exits.clone_from(exits);
        }
    }

    /// The log stream of this container in a task: `prefix/container/task-id`.
    pub(crate) fn stream(&self, task_id: &str) -> Option<(String, String)> {
        let log = self.log.as_ref()?;
        let name = format!("{}/{}/{task_id}", log.prefix, self.name);
        Some((log.group.clone(), name))
    }
}
