//! The members of AWS's JSON that count, all of them optional.
//!
//! One shape for everything that describes a task, a service, or a part of one:
//! which it is, its members tell.

use serde::Deserialize;

use super::moment::Moment;
use super::rollout_shape::{AlarmsItem, BreakerStateItem, HookItem, RevisionItem, RollbackItem};

/// A text out of the input.
pub(super) type Text = Option<String>;

/// What an object can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A task.
    Task,
    /// A service.
    Service,
    /// A deployment of a service, by itself.
    Deployment,
    /// A service deployment: what AWS keeps of a rollout.
    Rollout,
    /// A container of a task, by itself.
    Container,
    /// Something that a describe or run call could not give, with its reason.
    Failure,
    /// A service event.
    Event,
    /// What EventBridge says of a service or a deployment: a name, and perhaps a reason.
    Action,
    /// A call that ECS's API refused.
    Refused,
    /// Why a step of a state machine failed, in words.
    Cause,
}

/// A task, a service, a deployment, a container, a failure or an event.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    // A task's.
    #[serde(alias = "taskARN")]
    pub(super) task_arn: Text,
    pub(super) task_definition_arn: Text,
    pub(super) last_status: Text,
    pub(super) health_status: Text,
    pub(super) group: Text,
    pub(super) started_by: Text,
    pub(super) stop_code: Text,
    pub(super) stopped_reason: Text,
    pub(super) started_at: Option<Moment>,
    pub(super) stopped_at: Option<Moment>,
    pub(super) stopping_at: Option<Moment>,
    pub(super) pull_started_at: Option<Moment>,
    pub(super) pull_stopped_at: Option<Moment>,
    pub(super) desired_status: Text,
    pub(super) connectivity: Text,
    pub(super) connectivity_at: Option<Moment>,
    pub(super) container_instance_arn: Text,
    pub(super) capacity_provider_name: Text,
    pub(super) containers: Option<Vec<ContainerItem>>,
    pub(super) attachments: Option<Vec<AttachmentItem>>,
    // A service's.
    pub(super) service_arn: Text,
    pub(super) service_name: Text,
    pub(super) task_definition: Text,
    pub(super) scheduling_strategy: Text,
    pub(super) deployments: Option<Vec<DeploymentItem>>,
    pub(super) events: Option<Vec<EventItem>>,
    pub(super) task_sets: Option<Vec<TaskSetItem>>,
    pub(super) deployment_configuration: Option<Configuration>,
    pub(super) deployment_controller: Option<ControllerItem>,
    pub(super) health_check_grace_period_seconds: Option<i64>,
    pub(super) load_balancers: Option<Vec<LoadBalancerItem>>,
    pub(super) capacity_provider_strategy: Option<Vec<ProviderItem>>,
    // A service deployment's.
    pub(super) service_deployment_arn: Text,
    pub(super) status_reason: Text,
    pub(super) lifecycle_stage: Text,
    pub(super) finished_at: Option<Moment>,
    pub(super) target_service_revision: Option<RevisionItem>,
    pub(super) source_service_revisions: Option<Vec<RevisionItem>>,
    pub(super) lifecycle_hook_details: Option<Vec<HookItem>>,
    pub(super) rollback: Option<RollbackItem>,
    pub(super) deployment_circuit_breaker: Option<BreakerStateItem>,
    pub(super) alarms: Option<AlarmsItem>,
    // Of both, or of a part of one.
    pub(super) cluster_arn: Text,
    pub(super) launch_type: Text,
    pub(super) status: Text,
    pub(super) created_at: Option<Moment>,
    pub(super) updated_at: Option<Moment>,
    pub(super) desired_count: Option<i64>,
    pub(super) running_count: Option<i64>,
    pub(super) pending_count: Option<i64>,
    pub(super) failed_tasks: Option<i64>,
    pub(super) rollout_state: Text,
    pub(super) rollout_state_reason: Text,
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) exit_code: Option<i64>,
    pub(super) restart_count: Option<i64>,
    pub(super) known_status: Text,
    pub(super) message: Text,
    pub(super) arn: Text,
    pub(super) reason: Text,
    // Of an event or a call.
    pub(super) event_name: Text,
    pub(super) error_code: Text,
    pub(super) error_message: Text,
    pub(super) deployment_id: Text,
    pub(super) cause: Text,
}

impl Item {
    /// What it is, where its members tell.
    pub(super) fn kind(&self) -> Option<Kind> {
        let service = self.service_name.is_some()
            || self.service_arn.is_some()
            || self.deployments.is_some()
            || self.task_sets.is_some()
            || self.events.is_some();
        if self.error_code.is_some() || self.error_message.is_some() {
            return Some(Kind::Refused);
        }
        if self.event_name.is_some() {
            return Some(Kind::Action);
        }
        if self.service_deployment_arn.is_some() {
            return Some(Kind::Rollout);
        }
        if self.cause.is_some() && !service {
            return Some(Kind::Cause);
        }
        let ended = self.stopped_reason.is_some() || self.stop_code.is_some();
        let task = self.task_definition_arn.is_some()
            || self.containers.is_some()
            || self.group.is_some()
            || self.stopped_at.is_some()
            || self.health_status.is_some()
            || ended;
        let deployment = self.rollout_state.is_some() || self.rollout_state_reason.is_some();
        if service {
            Some(Kind::Service)
        } else if task {
            Some(Kind::Task)
        } else if deployment {
            Some(Kind::Deployment)
        } else if self.exit_code.is_some() || (self.reason.is_some() && self.arn.is_none()) {
            Some(Kind::Container)
        } else if self.task_arn.is_some() || self.last_status.is_some() {
            Some(Kind::Task)
        } else if self.reason.is_some() {
            Some(Kind::Failure)
        } else if self.message.is_some() {
            Some(Kind::Event)
        } else if self.desired_count.is_some() || self.running_count.is_some() {
            Some(Kind::Service)
        } else {
            None
        }
    }
}

/// A container of a task.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContainerItem {
    pub(super) name: Text,
    pub(super) last_status: Text,
    pub(super) reason: Text,
    pub(super) health_status: Text,
    pub(super) exit_code: Option<i64>,
    pub(super) image: Text,
    pub(super) runtime_id: Text,
    /// The task metadata endpoint's.
    pub(super) restart_count: Option<i64>,
    /// The task metadata endpoint's word for `lastStatus`.
    pub(super) known_status: Text,
}

/// A network interface or volume of a task, and why it did not attach.
#[derive(Debug, Default, Deserialize)]
pub(super) struct AttachmentItem {
    pub(super) r#type: Text,
    pub(super) status: Text,
    pub(super) details: Option<Vec<DetailItem>>,
}

/// One named value of an attachment.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DetailItem {
    pub(super) name: Text,
    pub(super) value: Text,
}

/// A deployment of a service.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeploymentItem {
    pub(super) id: Text,
    pub(super) status: Text,
    pub(super) task_definition: Text,
    pub(super) desired_count: Option<i64>,
    pub(super) running_count: Option<i64>,
    pub(super) pending_count: Option<i64>,
    pub(super) failed_tasks: Option<i64>,
    pub(super) rollout_state: Text,
    pub(super) rollout_state_reason: Text,
    pub(super) created_at: Option<Moment>,
    pub(super) updated_at: Option<Moment>,
}

/// A line of a service's events.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventItem {
    pub(super) id: Text,
    pub(super) message: Text,
    pub(super) created_at: Option<Moment>,
}

/// How a service deploys.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Configuration {
    pub(super) deployment_circuit_breaker: Option<BreakerItem>,
    pub(super) minimum_healthy_percent: Option<i64>,
    pub(super) maximum_percent: Option<i64>,
    pub(super) strategy: Text,
    pub(super) bake_time_in_minutes: Option<i64>,
    pub(super) linear_configuration: Option<LinearItem>,
    pub(super) canary_configuration: Option<CanaryItem>,
    pub(super) early_success_criteria: Option<EarlyItem>,
}

/// When a rolling deployment is complete before all of its tasks are healthy.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EarlyItem {
    pub(super) enable: Option<bool>,
    pub(super) healthy_percent: Option<i64>,
}

/// Traffic that moves in equal steps.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinearItem {
    pub(super) step_percent: Option<f64>,
    pub(super) step_bake_time_in_minutes: Option<i64>,
}

/// Traffic of which a small part moves first.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CanaryItem {
    pub(super) canary_percent: Option<f64>,
    pub(super) canary_bake_time_in_minutes: Option<i64>,
}

/// Who rolls out.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ControllerItem {
    pub(super) r#type: Text,
}

/// Where a service registers its tasks.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoadBalancerItem {
    pub(super) target_group_arn: Text,
    pub(super) container_name: Text,
    pub(super) container_port: Option<i64>,
}

/// A part of a capacity provider strategy.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProviderItem {
    pub(super) capacity_provider: Text,
}

/// A set of tasks that CodeDeploy or something outside made.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskSetItem {
    pub(super) id: Text,
    pub(super) status: Text,
    pub(super) task_definition: Text,
    pub(super) external_id: Text,
    pub(super) computed_desired_count: Option<i64>,
    pub(super) pending_count: Option<i64>,
    pub(super) running_count: Option<i64>,
    pub(super) stability_status: Text,
    pub(super) stability_status_at: Option<Moment>,
    pub(super) created_at: Option<Moment>,
    pub(super) updated_at: Option<Moment>,
}

/// The circuit breaker's settings.
#[derive(Debug, Default, Deserialize)]
pub(super) struct BreakerItem {
    pub(super) enable: Option<bool>,
    pub(super) rollback: Option<bool>,
}
