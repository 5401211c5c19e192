//! The shape of services: what they want, and how they are deployed.
//!
//! ```toml
//! [[service]]
//! name = "web"
//! cluster = "main"
//! task_definition = "web:7"
//! desired = 4
//! min_percent = 100
//! max_percent = 200
//! breaker = { enable = true, rollback = true, threshold = { type = "COUNT", value = 5 } }
//! alarms = { names = ["web-5xx"], rollback = true }
//! load_balancers = [{ target_group = "web", container = "app", port = 8080 }]
//! grace = "60s"
//! hooks = [{ stage = "PRE_SCALE_UP", target = "lambda", answer = "FAILED", after = "20s" }]
//! ```
//! `fresh = true` makes its first deployment begin at `created`, with no task and no
//! deployment that ever completed: what fails then has nothing to go back to.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::defaults::{Name, yes};
use super::spans::{Between, Span};

/// A service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceSpec {
    pub(crate) name: String,
    pub(crate) cluster: Name,
    /// `family:revision`.
    pub(crate) task_definition: Name,
    /// With `daemon = true` the number of container instances counts, not this.
    #[serde(default)]
    pub(crate) desired: u32,
    #[serde(default = "hundred")]
    pub(crate) min_percent: u32,
    #[serde(default = "two_hundred")]
    pub(crate) max_percent: u32,
    #[serde(default)]
    pub(crate) breaker: BreakerSpec,
    #[serde(default)]
    pub(crate) daemon: bool,
    #[serde(default)]
    pub(crate) subnets: Vec<String>,
    #[serde(default)]
    pub(crate) security_groups: Vec<String>,
    #[serde(default)]
    pub(crate) public_ip: bool,
    #[serde(default)]
    pub(crate) execute_command: bool,
    /// When it was created, relative to the start.
    pub(crate) created: Option<Span>,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
    /// Earlier deployments that succeeded, and the present one, oldest first.
    #[serde(default)]
    pub(crate) history: Vec<PastSpec>,
    /// Its first deployment is still to come, at `created`.
    #[serde(default)]
    pub(crate) fresh: bool,
    #[serde(default)]
    pub(crate) controller: Controller,
    #[serde(default)]
    pub(crate) launch: LaunchType,
    /// `FARGATE`, `FARGATE_SPOT` or the name of a capacity provider.
    pub(crate) capacity_provider: Option<String>,
    #[serde(default)]
    pub(crate) load_balancers: Vec<LoadBalancerSpec>,
    /// `healthCheckGracePeriodSeconds`
    #[serde(default)]
    pub(crate) grace: Span,
    pub(crate) alarms: Option<DeploymentAlarmsSpec>,
    #[serde(default)]
    pub(crate) strategy: Strategy,
    #[serde(default)]
    pub(crate) bake_minutes: u32,
    #[serde(default)]
    pub(crate) hooks: Vec<HookSpec>,
}

/// A deployment of the past.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PastSpec {
    pub(crate) at: Span,
    pub(crate) task_definition: Name,
}

/// The deployment circuit breaker.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BreakerSpec {
    pub(crate) enable: bool,
    #[serde(default)]
    pub(crate) rollback: bool,
    /// Whether a healthy task sets the count of failures back to 0.
    #[serde(default = "yes")]
    pub(crate) reset_on_healthy: bool,
    #[serde(default)]
    pub(crate) threshold: ThresholdSpec,
}

impl Default for BreakerSpec {
    fn default() -> Self {
        BreakerSpec {
            enable: false,
            rollback: false,
            reset_on_healthy: true,
            threshold: ThresholdSpec::default(),
        }
    }
}

/// `thresholdConfiguration`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThresholdSpec {
    #[serde(rename = "type")]
    pub(crate) kind: ThresholdType,
    pub(crate) value: u32,
}

impl Default for ThresholdSpec {
    fn default() -> Self {
        ThresholdSpec {
            kind: ThresholdType::BoundedPercent,
            value: 50,
        }
    }
}

/// What the value of a threshold means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ThresholdType {
    Count,
    BoundedPercent,
    UnboundedPercent,
}

/// Who deploys: `deploymentController`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Controller {
    #[default]
    Ecs,
    CodeDeploy,
    External,
}

/// Where tasks run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum LaunchType {
    #[default]
    Fargate,
    Ec2,
}

impl LaunchType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            LaunchType::Fargate => "FARGATE",
            LaunchType::Ec2 => "EC2",
        }
    }
}

impl Controller {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Controller::Ecs => "ECS",
            Controller::CodeDeploy => "CODE_DEPLOY",
            Controller::External => "EXTERNAL",
        }
    }
}

/// A container that is a target of a target group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoadBalancerSpec {
    pub(crate) target_group: Name,
    pub(crate) container: String,
    pub(crate) port: u16,
}

/// The alarms that a deployment watches.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeploymentAlarmsSpec {
    pub(crate) names: Vec<String>,
    #[serde(default = "yes")]
    pub(crate) enable: bool,
    #[serde(default)]
    pub(crate) rollback: bool,
}

/// `deploymentConfiguration.strategy`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Strategy {
    #[default]
    Rolling,
    BlueGreen,
    Linear,
    Canary,
}

/// A lifecycle hook: a function that is asked, or a pause until somebody continues.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HookSpec {
    /// Such as `PRE_SCALE_UP`.
    pub(crate) stage: LifecycleStage,
    #[serde(default)]
    pub(crate) target: HookTarget,
    /// The function's ARN.
    pub(crate) arn: Option<String>,
    /// What the function answers; `IN_PROGRESS` for ever. A pause has no answer.
    #[serde(default)]
    pub(crate) answer: HookAnswer,
    /// How long the function takes.
    #[serde(default = "five_seconds")]
    pub(crate) after: Between,
    /// What ECS says of an answer that failed, after "lifecycle hook(s) failed. ".
    pub(crate) words: Option<String>,
    #[serde(default = "one_day")]
    pub(crate) timeout: Span,
    /// What follows a timeout.
    #[serde(default)]
    pub(crate) timeout_action: TimeoutAction,
}

/// `lifecycleStage`, in the order of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum LifecycleStage {
    ReconcileService,
    PreScaleUp,
    ScaleUp,
    PostScaleUp,
    TestTrafficShift,
    PostTestTrafficShift,
    ProductionTrafficShift,
    PostProductionTrafficShift,
    BakeTime,
    CleanUp,
}

impl LifecycleStage {
    /// All stages, in order.
    pub(crate) const ALL: [LifecycleStage; 10] = [
        LifecycleStage::ReconcileService,
        LifecycleStage::PreScaleUp,
        LifecycleStage::ScaleUp,
        LifecycleStage::PostScaleUp,
        LifecycleStage::TestTrafficShift,
        LifecycleStage::PostTestTrafficShift,
        LifecycleStage::ProductionTrafficShift,
        LifecycleStage::PostProductionTrafficShift,
        LifecycleStage::BakeTime,
        LifecycleStage::CleanUp,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            LifecycleStage::ReconcileService => "RECONCILE_SERVICE",
            LifecycleStage::PreScaleUp => "PRE_SCALE_UP",
            LifecycleStage::ScaleUp => "SCALE_UP",
            LifecycleStage::PostScaleUp => "POST_SCALE_UP",
            LifecycleStage::TestTrafficShift => "TEST_TRAFFIC_SHIFT",
            LifecycleStage::PostTestTrafficShift => "POST_TEST_TRAFFIC_SHIFT",
            LifecycleStage::ProductionTrafficShift => "PRODUCTION_TRAFFIC_SHIFT",
            LifecycleStage::PostProductionTrafficShift => "POST_PRODUCTION_TRAFFIC_SHIFT",
            LifecycleStage::BakeTime => "BAKE_TIME",
            LifecycleStage::CleanUp => "CLEAN_UP",
        }
    }

    /// Load balancer traffic moves, or is about to.
    pub(crate) fn shifts_traffic(self) -> bool {
        self > LifecycleStage::PostScaleUp && self < LifecycleStage::BakeTime
    }
}

impl Strategy {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Strategy::Rolling => "ROLLING",
            Strategy::BlueGreen => "BLUE_GREEN",
            Strategy::Linear => "LINEAR",
            Strategy::Canary => "CANARY",
        }
    }
}

impl ThresholdType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            ThresholdType::Count => "COUNT",
            ThresholdType::BoundedPercent => "BOUNDED_PERCENT",
            ThresholdType::UnboundedPercent => "UNBOUNDED_PERCENT",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HookTarget {
    #[default]
    Lambda,
    Pause,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum HookAnswer {
    #[default]
    Succeeded,
    Failed,
    InProgress,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TimeoutAction {
    #[default]
    Rollback,
    Continue,
}

fn hundred() -> u32 {
    100
}

fn two_hundred() -> u32 {
    200
}

fn five_seconds() -> Between {
    Between::seconds(5, 5)
}

fn one_day() -> Span {
    Span(24 * crate::clock::HOUR)
}
