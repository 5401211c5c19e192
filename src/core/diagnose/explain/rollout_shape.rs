//! The parts of a service deployment in JSON, as AWS's API reference names them (`ServiceDeployment`).

use serde::Deserialize;

use super::moment::Moment;

/// A revision that a rollout goes from or to.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RevisionItem {
    pub(super) arn: Option<String>,
    pub(super) requested_task_count: Option<i64>,
    pub(super) running_task_count: Option<i64>,
    pub(super) requested_production_traffic_weight: Option<f64>,
}

/// A lifecycle hook.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HookItem {
    pub(super) hook_id: Option<String>,
    pub(super) target_type: Option<String>,
    pub(super) status: Option<String>,
    pub(super) expires_at: Option<Moment>,
    pub(super) timeout_action: Option<String>,
}

/// A rollback inside of a rollout.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RollbackItem {
    pub(super) reason: Option<String>,
    pub(super) started_at: Option<Moment>,
    pub(super) service_revision_arn: Option<String>,
}

/// The circuit breaker of a rollout.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BreakerStateItem {
    pub(super) status: Option<String>,
    pub(super) failure_count: Option<i64>,
    pub(super) threshold: Option<i64>,
}

/// The alarms of a rollout.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlarmsItem {
    pub(super) status: Option<String>,
    pub(super) alarm_names: Option<Vec<String>>,
    pub(super) triggered_alarm_names: Option<Vec<String>>,
}
