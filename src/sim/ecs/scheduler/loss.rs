//! What takes tasks away from outside: people, Spot, hosts that stop or are retired.

use crate::ecs::Ecs;
use crate::ecs::capacity::InstanceStatus;
use crate::ecs::task::{StopCode, Task};
use crate::ecs::{InstanceKey, ServiceKey, TaskKey};
use crate::world::InstanceState;

/// What AWS says when it stops a task, where nobody says anything else.
fn default_reason(code: StopCode) -> &'static str {
    match code {
        StopCode::SpotInterruption => "Your Spot Task was interrupted.",
        StopCode::TerminationNotice => {
            "ECS is performing maintenance on the underlying infrastructure hosting the task."
        }
        StopCode::InfrastructureHealth => "Task stopped because of an unhealthy host.",
        StopCode::EssentialContainerExited => super::words::ESSENTIAL_EXITED,
        StopCode::TaskFailedToStart => super::words::FAILED_TO_START,
        StopCode::UserInitiated | StopCode::ServiceSchedulerInitiated => {
            super::words::STOPPED_BY_USER
        }
    }
}

impl Ecs {
    /// Stops the oldest running tasks that are `meant`, at most `count` of them.
    pub(crate) fn stop_some(
        &mut self,
        meant: impl Fn(&Task) -> bool,
        count: Option<u32>,
        code: StopCode,
        reason: Option<&str>,
    ) {
        let count = count.map_or(usize::MAX, |count| {
            usize::try_from(count).unwrap_or_default()
        });
        let tasks: Vec<TaskKey> = self
            .tasks
            .values()
            .filter(|task| task.wanted && task.running() && meant(task))
            .take(count)
            .map(|task| task.key)
            .collect();
        let reason = reason.unwrap_or_else(|| default_reason(code));
        for task in tasks {
            self.begin_stop(task, code, reason.to_owned());
        }
    }

    /// A container instance changes; what runs on it may be lost.
    pub(crate) fn set_instance(&mut self, key: InstanceKey, state: InstanceState) {
        let Some(instance) = self.instance_mut(key) else {
            return;
        };
        instance.version += 1;
        let ec2 = instance.ec2.clone();
        let forced = "Container instance deregistration forced by user".to_owned();
        let lost = match state {
            InstanceState::Active => {
                instance.connected = true;
                instance.status = InstanceStatus::Active;
                None
            }
            InstanceState::AgentDisconnected => {
                instance.connected = false;
                None
            }
            InstanceState::Draining => {
                instance.status = InstanceStatus::Draining;
                None
            }
            InstanceState::Stopped => {
                instance.connected = false;
                Some(format!("Host EC2 (instance {ec2}) stopped."))
            }
            InstanceState::Terminated => {
                instance.connected = false;
                instance.status = InstanceStatus::Inactive;
                Some(format!("Host EC2 (instance {ec2}) terminated."))
            }
            InstanceState::Deregistered => {
                instance.connected = false;
                instance.status = InstanceStatus::Inactive;
                Some(forced)
            }
        };
        let code = match state {
            InstanceState::Deregistered => StopCode::UserInitiated,
            _ => StopCode::TerminationNotice,
        };
        let tasks: Vec<TaskKey> = instance.tasks.iter().copied().collect();
        let cluster = instance.cluster.clone();
        if let Some(reason) = lost {
            for task in tasks {
                self.lose_task(task, code, reason.clone());
            }
        }
        let services: Vec<ServiceKey> = self
            .clusters
            .get(&cluster)
            .map(|cluster| cluster.services.values().copied().collect())
            .unwrap_or_default();
        for service in services {
            self.plan_reconcile(service, crate::clock::SECOND);
        }
    }
}
