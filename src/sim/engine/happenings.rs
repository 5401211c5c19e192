//! Events of worlds and scenarios: what happens by itself, at its time.

use serde_json::{Value, json};

use super::signals::AlarmState;
use super::{Engine, Home};
use crate::clock::MINUTE;
use crate::ecs::scheduler::{Failing, Launch};
use crate::ecs::service::Network;
use crate::ecs::task::StopCode;
use crate::ecs::{ServiceKey, Task, TaskKey};
use crate::world::{EventKind, EventSpec, InstanceState, LaunchType};

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
                    if event.exists {
                        self.image_pushed(repository.get_ref(), tag);
                    } else {
                        self.supply.set_tag(repository.get_ref(), tag, false);
                    }
                }
            }
            // Its series has known it from the start.
            EventKind::Metric => {}
            EventKind::Secret => {
                if let Some(arn) = &event.secret {
                    self.supply.set_secret(arn, event.exists);
                }
            }
            EventKind::Trouble => {
                if let Some(name) = &event.trouble {
                    self.set_trouble(name.get_ref(), event.exists);
                }
            }
            EventKind::ServiceEvent => {
                if let (Some(key), Some(message)) = (self.service_of(&event), &event.message) {
                    self.note(key, message);
                }
            }
            EventKind::FailDeployment => {
                if let (Some(key), Some(why)) = (self.service_of(&event), event.message) {
                    self.fail_deployment(key, Failing::because(why));
                }
            }
            EventKind::StopTasks => self.tasks_stopped(&event),
            EventKind::ProtectTasks => self.tasks_protected(&event),
            EventKind::Instance => self.instance_changed(&event),
            EventKind::TargetHealth => {
                if let Some(group) = &event.target_group {
                    self.set_target_fault(group.get_ref(), event.fault.clone());
                }
            }
            EventKind::Alarm => {
                if let Some(name) = &event.alarm {
                    let reason = event.reason.as_deref().unwrap_or("Threshold Crossed");
                    let state = if event.in_alarm {
                        AlarmState::Alarm
                    } else {
                        AlarmState::Ok
                    };
                    self.force_alarm(name, state, reason);
                }
            }
            EventKind::DeregisterTaskDefinition => {
                if let Some(name) = &event.task_definition {
                    self.deregister(name.get_ref());
                }
            }
        }
    }

    /// The service that an event is about.
    fn service_of(&self, event: &EventSpec) -> Option<ServiceKey> {
        let name = event.service.as_ref()?.get_ref();
        let cluster = event.cluster.as_ref().map(|name| name.get_ref());
        let mut services = self.ecs.services.iter();
        let found =
            services.find(|s| s.name == *name && cluster.is_none_or(|c| *c == s.cluster))?;
        Some(found.key)
    }

    fn tasks_stopped(&mut self, event: &EventSpec) {
        let service = self.service_of(event);
        let family = event
            .task_definition
            .as_ref()
            .map(|name| name.get_ref().clone());
        let code = event.code.map_or(StopCode::UserInitiated, Into::into);
        let meant = |task: &Task| {
            service.is_none_or(|service| task.owner.is_some_and(|(owner, _)| owner == service))
                && family
                    .as_ref()
                    .is_none_or(|name| *name == task.definition.name())
        };
        self.stop_some(meant, event.count, code, event.reason.as_deref());
    }

    fn tasks_protected(&mut self, event: &EventSpec) {
        let Some(service) = self.service_of(event).and_then(|key| self.ecs.service(key)) else {
            return;
        };
        let count = event
            .count
            .map_or(usize::MAX, |n| usize::try_from(n).unwrap_or_default());
        let until = self.now + event.minutes.unwrap_or(120) * MINUTE;
        let tasks: Vec<TaskKey> = service.live.iter().copied().take(count).collect();
        for key in tasks {
            if let Some(task) = self.ecs.tasks.get_mut(&key).filter(|task| task.wanted) {
                task.protected = Some(until);
            }
        }
    }

    fn instance_changed(&mut self, event: &EventSpec) {
        let named = event.instance.as_deref();
        let boxes = &self.neighbours.instances;
        if let Some(number) = boxes.iter().position(|i| Some(i.spec.id.as_str()) == named) {
            let on = event.state == Some(InstanceState::Active);
            self.switch_instance(number, on);
        }
        let found = self
            .ecs
            .instances
            .iter()
            .find(|i| Some(i.ec2.as_str()) == named);
        if let (Some(key), Some(state)) = (found.map(|i| i.key), event.state) {
            self.set_instance(key, state);
        }
    }

    fn service_updated(&mut self, event: &EventSpec) {
        let Some(key) = self.service_of(event) else {
            return;
        };
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        service.desired = event.desired.unwrap_or(service.desired);
        let settings = &mut service.settings;
        settings.min_percent = event.min_percent.unwrap_or(settings.min_percent);
        settings.max_percent = event.max_percent.unwrap_or(settings.max_percent);
        let Some(definition) = service.primary().map(|primary| primary.definition.clone()) else {
            return;
        };
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
        let Ok(instance) = self.place(&launch) else {
            return;
        };
        let key = self.launch(Launch { instance, ..launch });
        self.row_of_task_asked(key);
    }
}

impl Home {
    /// The caller when a world names none.
    pub(crate) fn default_caller(account: &str) -> String {
        format!("arn:aws:sts::{account}:assumed-role/on-call/ecsdeck")
    }
}
