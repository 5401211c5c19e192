//! Events of worlds and scenarios: what happens by itself, at its time.

use serde_json::{Value, json};

use super::{Engine, Home};
use crate::ecs::scheduler::Launch;
use crate::ecs::service::Network;
use crate::world::{EventKind, EventSpec};

impl Engine {
    pub(super) fn happening(&mut self, number: usize) {
        let Some(event) = self.happenings.get(number).cloned() else {
            return;
        };
        match event.kind {
            EventKind::UpdateService => self.service_updated(&event),
            EventKind::RunTask => self.task_run(&event),
            EventKind::QueueRate => {
                let key = event
                    .queue
                    .as_ref()
                    .and_then(|name| self.sqs.names.get(name.get_ref()));
                if let (Some(key), Some(rate)) = (key.copied(), event.per_minute) {
                    self.set_queue_rate(key, rate);
                }
            }
            EventKind::Image => {
                if let (Some(repository), Some(tag)) = (&event.repository, &event.tag) {
                    self.supply.set_tag(repository.get_ref(), tag, event.exists);
                }
            }
            EventKind::Secret => {
                if let Some(arn) = &event.secret {
                    self.supply.set_secret(arn, event.exists);
                }
            }
        }
    }

    fn service_updated(&mut self, event: &EventSpec) {
        let Some(name) = &event.service else {
            return;
        };
        let cluster = event.cluster.as_ref().map(|name| name.get_ref());
        let found = self
            .ecs
            .services
            .iter()
            .find(|s| s.name == *name.get_ref() && cluster.is_none_or(|c| *c == s.cluster));
        let Some((key, definition)) =
            found.and_then(|s| Some((s.key, s.primary()?.definition.clone())))
        else {
            return;
        };
        if let (Some(desired), Some(service)) = (event.desired, self.ecs.service_mut(key)) {
            service.desired = desired;
        }
        let named = event
            .task_definition
            .as_ref()
            .and_then(|name| self.ecs.find_definition(name.get_ref()).cloned());
        match named {
            Some(named) if named.name() != definition.name() || event.force => {
                self.deploy(key, named)
            }
            None if event.force => self.deploy(key, definition),
            _ => self.plan_reconcile(key, crate::clock::SECOND),
        }
    }

    fn task_run(&mut self, event: &EventSpec) {
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
        };
        let key = self.launch(launch);
        self.row_of_task_asked(key);
    }
}

impl Home {
    /// The caller when a world names none.
    pub(crate) fn default_caller(account: &str) -> String {
        format!("arn:aws:sts::{account}:assumed-role/on-call/ecsdeck")
    }
}
