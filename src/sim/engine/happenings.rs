//! Events of worlds and scenarios: what happens by itself, at its time.

use super::parts::Engine;
use crate::bus::AlarmState;
use crate::clock::MINUTE;
use crate::ecs::scheduler::Failing;
use crate::ecs::task::StopCode;
use crate::ecs::{ServiceKey, Task, TaskKey};
use crate::world::{EventKind, EventSpec, InstanceState};

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
                    self.sqs.set_queue_rate(key, rate);
                }
            }
            EventKind::Image => {
                if let (Some(repository), Some(tag)) = (&event.repository, &event.tag) {
                    self.ecr.set_tag(repository.get_ref(), tag, event.exists);
                }
            }
            // Its series has known it from the start.
            EventKind::Metric => {}
            EventKind::Secret => {
                if let Some(arn) = &event.secret {
                    self.secrets.set(arn, event.exists);
                }
            }
            EventKind::Trouble => {
                if let Some(name) = &event.trouble {
                    self.ecs.set_trouble(name.get_ref(), event.exists);
                }
            }
            EventKind::ServiceEvent => {
                if let (Some(key), Some(message)) = (self.service_of(&event), &event.message) {
                    self.ecs.note(key, message);
                }
            }
            EventKind::FailDeployment => {
                if let (Some(key), Some(why)) = (self.service_of(&event), event.message) {
                    self.ecs.fail_deployment(key, Failing::because(why));
                }
            }
            EventKind::StopTasks => self.tasks_stopped(&event),
            EventKind::ProtectTasks => self.tasks_protected(&event),
            EventKind::Instance => self.instance_changed(&event),
            EventKind::TargetHealth => {
                if let Some(group) = &event.target_group {
                    self.ecs
                        .set_target_fault(group.get_ref(), event.fault.clone());
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
                    self.cloudwatch.force_alarm(name, state, reason);
                }
            }
            EventKind::DeregisterTaskDefinition => {
                if let Some(name) = &event.task_definition {
                    self.ecs.deregister(name.get_ref());
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
        self.ecs
            .stop_some(meant, event.count, code, event.reason.as_deref());
    }

    fn tasks_protected(&mut self, event: &EventSpec) {
        let Some(service) = self.service_of(event).and_then(|key| self.ecs.service(key)) else {
            return;
        };
        let count = event
            .count
            .map_or(usize::MAX, |n| usize::try_from(n).unwrap_or_default());
        let until = self.now() + event.minutes.unwrap_or(120) * MINUTE;
        let tasks: Vec<TaskKey> = service.live.iter().copied().take(count).collect();
        for key in tasks {
            if let Some(task) = self.ecs.tasks.get_mut(&key).filter(|task| task.wanted) {
                task.protected = Some(until);
            }
        }
    }

    fn instance_changed(&mut self, event: &EventSpec) {
        let named = event.instance.as_deref();
        let boxes = &self.ec2.instances;
        if let Some(number) = boxes.iter().position(|i| Some(i.spec.id.as_str()) == named) {
            let on = event.state == Some(InstanceState::Active);
            self.ec2.switch_instance(number, on);
        }
        let found = self
            .ecs
            .instances
            .iter()
            .find(|i| Some(i.ec2.as_str()) == named);
        if let (Some(key), Some(state)) = (found.map(|i| i.key), event.state) {
            self.ecs.set_instance(key, state);
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
                self.ecs.deploy(key, named)
            }
            None if event.force => self.ecs.deploy(key, definition),
            _ => self.ecs.plan_reconcile(key, crate::clock::SECOND),
        }
    }
}
