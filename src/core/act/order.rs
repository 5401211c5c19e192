//! What tasks somebody wants, out of a template of the deck, a service or an earlier task.
//!
//! An order is filled in by name and checked as a whole: a variable that is
//! required, a pattern, a container that the definition does not have.

use regex::Regex;

use super::{
    ActError, Capacity, CapacityProvider, ContainerOverride, NetworkConfiguration, Overrides,
    TaskRun, Variable,
};
use crate::deck::{Fill, Launch, Run};
use crate::domain::{Arn, Network, Service, Task, TaskDefinition};
use crate::text::{Clean, nearest};

/// What tasks somebody wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What it is called: the template, or the family.
    pub name: Clean,
    /// Where they run.
    pub cluster: Arn,
    /// The family of their definition.
    pub family: Clean,
    /// The revision; absent: the newest.
    pub revision: Option<u32>,
    /// The container that is given the command and variables; absent: the only or first essential one.
    pub container: Option<Clean>,
    /// On what they run: FARGATE, FARGATE_SPOT, EC2 or a capacity provider.
    pub launch: Clean,
    /// Where in the network.
    pub network: Option<Network>,
    /// Variables that are given.
    pub variables: Vec<OrderVariable>,
    /// The command, and the container that it is for.
    pub command: Option<(Option<Clean>, Vec<String>)>,
    /// CPU units of the task.
    pub cpu: Option<u32>,
    /// Memory of the task in MiB.
    pub memory: Option<u32>,
    /// How many.
    pub count: u32,
}

/// A variable that is given.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderVariable {
    /// For which container; absent: the order's.
    pub container: Option<Clean>,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// It may not be empty.
    pub required: bool,
    /// What its whole value must match.
    pub pattern: Option<String>,
}

impl Order {
    fn plain(name: Clean, cluster: &Arn, definition: &Arn) -> Self {
        Self {
            name,
            cluster: cluster.clone(),
            family: Clean::new(definition.family()),
            revision: definition.revision(),
            container: None,
            launch: Clean::literal("FARGATE"),
            network: None,
            variables: Vec::new(),
            command: None,
            cpu: None,
            memory: None,
            count: 1,
        }
    }

    /// As a template of the deck says.
    pub fn of_template(run: &Run, cluster: &Arn, fill: &mut Fill) -> Self {
        let variables = run.env.iter().map(|variable| OrderVariable {
            container: None,
            name: variable.name.clone(),
            value: fill.fill(variable.default.as_deref().unwrap_or_default()),
            required: variable.required,
            pattern: variable.pattern.clone(),
        });
        let ids = |ids: &[String]| ids.iter().map(|id| Clean::new(id)).collect();
        Self {
            container: run.container.as_deref().map(Clean::new),
            launch: Clean::literal(match run.launch {
                Launch::Fargate => "FARGATE",
                Launch::FargateSpot => "FARGATE_SPOT",
                Launch::Ec2 => "EC2",
            }),
            network: run.network.as_ref().map(|network| Network {
                subnets: ids(&network.subnets),
                security_groups: ids(&network.security_groups),
                public_ip: network.public_ip,
            }),
            variables: variables.collect(),
            ..Self::plain(
                Clean::new(&run.name),
                cluster,
                &Arn::new(&run.task_definition),
            )
        }
    }

    /// As a service runs its tasks.
    pub fn of_service(service: &Service) -> Self {
        let definition = &service.task_definition;
        Self {
            launch: first_of(&service.launch),
            network: service.network.clone(),
            ..Self::plain(
                Clean::new(definition.family()),
                &service.cluster,
                definition,
            )
        }
    }

    /// As an earlier task was run. `network` is where, where that is known otherwise: AWS tells
    /// the subnet of a task but not its security groups.
    pub fn of_task(task: &Task, network: Option<&Network>) -> Self {
        let variables = task.overrides.iter();
        let variables = variables.map(|given| {
            OrderVariable::new(Some(given.container.clone()), &given.name, &given.value)
        });
        let subnet = || {
            Some(Network {
                subnets: vec![task.subnet.clone()?],
                ..Network::default()
            })
        };
        let command = task.commands.first().map(|given| {
            let words = given.command.iter().map(ToString::to_string).collect();
            (Some(given.container.clone()), words)
        });
        Self {
            launch: first_of(&task.launch),
            network: network.cloned().or_else(subnet),
            variables: variables.collect(),
            command,
            ..Self::plain(
                Clean::new(task.definition.family()),
                &task.cluster,
                &task.definition,
            )
        }
    }

    /// Gives a variable, in place of the value that it had.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.variables.iter_mut().find(|given| given.name == name) {
            Some(given) => value.clone_into(&mut given.value),
            None => self.variables.push(OrderVariable::new(None, name, value)),
        }
    }

    /// The definition that it names: `family:revision`, or the family for its newest.
    pub fn definition(&self) -> Arn {
        match self.revision {
            Some(revision) => Arn::new(&format!("{}:{revision}", self.family)),
            None => Arn::new(&self.family),
        }
    }

    /// The tasks, with what their definition says.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn wanted(&self, definition: &TaskDefinition) -> Result<TaskRun, ActError> {
        for given in &self.variables {
            given.check()?;
        }
        let own = self.own_container(definition)?;
        let mut containers: Vec<ContainerOverride> = Vec::new();
        for given in &self.variables {
            // One that may be left out and is empty is left out.
            if given.value.is_empty() && given.container.is_none() {
                continue;
            }
            let name = given.container.as_ref().unwrap_or(&own);
            with_entry(&mut containers, known(definition, name)?, |container| {
                container.environment.push(Variable {
                    name: given.name.clone(),
                    value: given.value.clone(),
                });
            });
        }
        if let Some((name, words)) = &self.command {
            let name = name.as_ref().unwrap_or(&own);
            with_entry(&mut containers, known(definition, name)?, |container| {
                container.command = Some(words.clone());
            });
        }
        let number = |number: Option<u32>| number.map(|number| Clean::own(number.to_string()));
        // Other network modes take no such settings (source: ECS API reference, RunTask).
        let mode = definition.network_mode.as_ref().map(Clean::as_str);
        let is_awsvpc = mode.is_none_or(|mode| mode == "awsvpc");
        if is_awsvpc && self.network.is_none() && self.launch.starts_with("FARGATE") {
            return Err(ActError::bad(
                "the subnets of these tasks are unknown. Hint: set a network in the template",
            ));
        }
        Ok(TaskRun {
            name: self.name.clone(),
            cluster: self.cluster.clone(),
            task_definition: definition.arn.clone(),
            count: self.count,
            capacity: Some(capacity(&self.launch)),
            platform_version: None,
            network: self
                .network
                .as_ref()
                .filter(|_| is_awsvpc)
                .map(NetworkConfiguration::from),
            overrides: Overrides {
                container_overrides: containers,
                cpu: number(self.cpu),
                memory: number(self.memory),
            },
            group: None,
            exec: false,
            tags: Vec::new(),
        })
    }

    fn own_container(&self, definition: &TaskDefinition) -> Result<Clean, ActError> {
        if let Some(name) = &self.container {
            return known(definition, name).cloned();
        }
        let containers = &definition.containers;
        let first = containers.iter().find(|container| container.essential);
        first
            .or(containers.first())
            .map(|container| container.name.clone())
            .ok_or_else(|| {
                ActError::impossible(format!("{} has no container", definition.arn.name()))
            })
    }
}

impl OrderVariable {
    /// A variable whose value was looked at before.
    pub fn new(container: Option<Clean>, name: &str, value: &str) -> Self {
        Self {
            container,
            name: name.to_owned(),
            value: value.to_owned(),
            required: false,
            pattern: None,
        }
    }

    fn check(&self) -> Result<(), ActError> {
        let name = Clean::new(&self.name);
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '=';
        if name.is_empty() || !self.name.chars().all(plain) {
            return Err(ActError::bad(format!(
                "{name:?} is not a valid variable name"
            )));
        }
        if self.value.is_empty() {
            return if self.required {
                Err(ActError::bad(format!("{name} is missing")))
            } else {
                Ok(())
            };
        }
        let Some(pattern) = &self.pattern else {
            return Ok(());
        };
        // Its soundness was looked at when the deck was read.
        match Regex::new(&format!("^(?:{pattern})$")) {
            Ok(regex) if !regex.is_match(&self.value) => Err(ActError::bad(format!(
                "{name} does not match {}",
                Clean::new(pattern)
            ))),
            Ok(_) => Ok(()),
            Err(_) => Err(ActError::bad(format!(
                "the deck's pattern for {name} is not a valid regular expression"
            ))),
        }
    }
}

/// A container that the definition has.
fn known<'a>(definition: &'a TaskDefinition, name: &Clean) -> Result<&'a Clean, ActError> {
    let names = || {
        definition
            .containers
            .iter()
            .map(|container| &container.name)
    };
    names().find(|known| *known == name).ok_or_else(|| {
        let hint = nearest(name, names().map(Clean::as_str))
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        let list: Vec<&str> = names().map(Clean::as_str).collect();
        ActError::bad(format!(
            "{} has no container {name}{hint} (available: {})",
            definition.arn.name(),
            list.join(", ")
        ))
    })
}

/// The override of a container, made where there is none yet.
fn with_entry(
    containers: &mut Vec<ContainerOverride>,
    name: &Clean,
    change: impl FnOnce(&mut ContainerOverride),
) {
    match containers.iter_mut().find(|known| known.name == *name) {
        Some(known) => change(known),
        None => {
            let mut new = ContainerOverride {
                name: name.clone(),
                ..ContainerOverride::default()
            };
            change(&mut new);
            containers.push(new);
        }
    }
}

/// Of a strategy of several providers the first.
fn first_of(launch: &Clean) -> Clean {
    let first = launch.split('+').next().unwrap_or_default();
    Clean::new(if first.is_empty() { "FARGATE" } else { first })
}

fn capacity(launch: &Clean) -> Capacity {
    match launch.as_str() {
        "FARGATE" | "EC2" | "EXTERNAL" => Capacity::LaunchType(launch.clone()),
        _ => Capacity::Strategy(vec![CapacityProvider {
            capacity_provider: launch.clone(),
            weight: Some(1),
            base: None,
        }]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample;

    fn definition() -> TaskDefinition {
        let mut definition = sample::definition("job:3", "repo/job:1");
        definition.containers[0].name = Clean::literal("app");
        definition
    }

    fn order() -> Order {
        let mut order = Order::plain(
            Clean::literal("worker"),
            &Arn::new("arn:aws:ecs:us-east-1:123456789012:cluster/prod"),
            &Arn::new("job"),
        );
        order.network = Some(Network {
            subnets: vec![Clean::literal("subnet-1")],
            ..Network::default()
        });
        order
    }

    fn wrong(order: &Order) -> String {
        order.wanted(&definition()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_given_goes_to_the_container() {
        let mut order = order();
        order.set("TASK_ID", "a=b\nc");
        order.command = Some((None, vec!["run".to_owned(), "it now".to_owned()]));
        order.cpu = Some(512);
        let wanted = order.wanted(&definition()).unwrap();
        let containers = &wanted.overrides.container_overrides;
        assert_eq!(containers.len(), 1);
        assert_eq!(containers[0].name, "app");
        assert_eq!(containers[0].environment[0].value, "a=b\nc");
        assert_eq!(containers[0].command.as_ref().unwrap()[1], "it now");
        assert_eq!(wanted.overrides.cpu.as_deref(), Some("512"));
        assert_eq!(wanted.task_definition.name(), "job:3");
    }

    #[test]
    fn what_is_missing_or_does_not_match_is_said_by_name() {
        let mut order = order();
        order.variables.push(OrderVariable {
            container: None,
            name: "ID".to_owned(),
            value: String::new(),
            required: true,
            pattern: Some("[a-z]{1,3}".to_owned()),
        });
        assert_eq!(wrong(&order), "ID is missing");
        // The whole of it must match.
        order.set("ID", "abcd");
        assert_eq!(wrong(&order), "ID does not match [a-z]{1,3}");
        order.set("ID", "abc");
        assert!(order.wanted(&definition()).is_ok());
    }

    #[test]
    fn a_container_that_is_not_there_is_named_with_the_nearest() {
        let mut order = order();
        order.container = Some(Clean::literal("ap"));
        assert!(
            wrong(&order).contains("did you mean app?"),
            "{}",
            wrong(&order)
        );
    }

    #[test]
    fn spot_is_a_strategy_and_fargate_a_launch_type() {
        let mut order = order();
        let of = |order: &Order| order.wanted(&definition()).unwrap().capacity.unwrap();
        assert_eq!(of(&order), Capacity::LaunchType(Clean::literal("FARGATE")));
        order.launch = Clean::literal("FARGATE_SPOT");
        assert!(matches!(of(&order), Capacity::Strategy(providers) if providers.len() == 1));
    }

    #[test]
    fn fargate_without_a_network_is_not_tried() {
        let mut order = order();
        order.network = None;
        assert!(wrong(&order).contains("subnets"));
    }
}
