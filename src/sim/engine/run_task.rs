//! Events that run a task: what an orchestrator of somebody's own would do.

use serde_json::{Value, json};

use super::parts::Engine;
use crate::ecs::scheduler::Launch;
use crate::ecs::service::Network;
use crate::world::{EventSpec, LaunchType};

impl Engine {
    pub(super) fn task_run(&mut self, event: &EventSpec) {
        let named = event
            .task_definition
            .as_ref()
            .map(|name| name.get_ref().as_str());
        let Some(definition) = named
            .and_then(|name| self.ecs.find_definition(name))
            .cloned()
        else {
            return;
        };
        let Some(cluster) = event.cluster.as_ref().map(|name| name.get_ref().clone()) else {
            return;
        };
        let container = event
            .container
            .clone()
            .or_else(|| definition.containers.first().map(|c| c.name.clone()));
        let environment: Vec<Value> = event
            .env
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let overrides = json!({
            "containerOverrides": [{ "name": container, "environment": environment }],
            "inferenceAcceleratorOverrides": [],
        });
        let fargate = definition.requires.contains(&LaunchType::Fargate);
        let definition_launch = if fargate {
            LaunchType::Fargate
        } else {
            LaunchType::Ec2
        };
        let launch = Launch {
            cluster,
            group: format!("family:{}", definition.family),
            definition,
            owner: None,
            started_by: event.started_by.clone(),
            network: Network::default(),
            overrides,
            tags: Value::Null,
            execute_command: false,
            launch: definition_launch,
            provider: None,
            instance: None,
            one_each: false,
        };
        // Who cannot place a task has nothing to show for it but a failure in an answer.
        let Ok(instance) = self.ecs.place(&launch) else {
            return;
        };
        let key = self.ecs.launch(Launch { instance, ..launch });
        self.ecs.row_of_task_asked(key);
    }
}
