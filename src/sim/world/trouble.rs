//! The shape of troubles: how tasks fail in ways that do not follow from what is
//! declared, in AWS's own words. A trouble names whom it hits, at which stage of a
//! task's life, and what ECS then says.
//!
//! `{image}`, `{container}`, `{task}`, `{service}`, `{cluster}`, `{subnet}` and
//! `{family}` are filled in. One example a stage:
//!
//! ```toml
//! [[trouble]]                     # no task is made; ECS says why in an event
//! name = "no-capacity"
//! service = "web"
//! stage = "place"
//! reason = "Capacity is unavailable at this time. Please try again later or in a different availability zone"
//!
//! [[trouble]]                     # … in an event of another form
//! name = "role"
//! service = "web"
//! stage = "place"
//! event = "failed to launch a task with (error ECS was unable to assume the role 'arn:…' that was provided for this task.)."
//!
//! [[trouble]]                     # PROVISIONING: network interface, disk
//! name = "eni"
//! stage = "provision"
//! reason = "Timeout waiting for network interface provisioning to complete."
//!
//! [[trouble]]                     # PENDING: secrets, environment files, volumes
//! name = "denied"
//! task_definition = "web:8"
//! stage = "secrets"
//! reason = "ResourceInitializationError: unable to pull secrets or registry auth: … AccessDeniedException: …"
//!
//! [[trouble]]                     # ACTIVATING, while images are pulled: a container's
//! name = "no-route"
//! image = "registry/web"
//! stage = "pull"
//! reason = "CannotPullContainerError: … failed to resolve ref {image}: … dial tcp 10.0.0.1:443: i/o timeout"
//!
//! [[trouble]]                     # ACTIVATING, when containers are started
//! name = "no-such-program"
//! container = "app"
//! stage = "start"
//! exit_code = 127
//! reason = "CannotStartContainerError: … exec: \"q\": executable file not found in $PATH: unknown"
//!
//! [[trouble]]                     # RUNNING: a container ends …
//! name = "out-of-memory"
//! container = "app"
//! stage = "run"
//! after = ["20s", "90s"]
//! exit_code = 137
//! reason = "OutOfMemoryError: Container killed due to memory usage"
//!
//! [[trouble]]                     # … or the task does
//! name = "spot"
//! stage = "run"
//! after = "3m"
//! code = "SpotInterruption"
//! reason = "Your Spot Task was interrupted."
//!
//! [[trouble]]                     # it runs, but is registered nowhere
//! name = "cloud-map"
//! service = "web"
//! stage = "register"
//! event = "was unable to register instances in service discovery …"
//!
//! [[trouble]]                     # the load balancer's checks of these tasks fail …
//! name = "not-ready"
//! task_definition = "web:8"
//! stage = "target"
//! reason = "Health checks failed with these codes: [503]"
//!
//! [[trouble]]                     # … or pass only after a long start
//! name = "slow-start"
//! task_definition = "web:8"
//! stage = "target"
//! after = ["3m", "4m"]
//! ```
//! A trouble is in force all the time, or `from` and `until` moments relative to the
//! start; `share` of the tasks are hit (0 to 1), and only the `first` so many. An event
//! `do = "trouble"` with `exists = false` ends one, with `exists = true` begins one that
//! was declared with `active = false`.

use serde::Deserialize;

use super::defaults::{Name, yes};
use super::spans::{Between, Span};

/// A way to fail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TroubleSpec {
    pub(crate) name: String,
    pub(crate) stage: TroubleStage,
    /// Whom it hits: all that is given must be so.
    pub(crate) cluster: Option<Name>,
    pub(crate) service: Option<Name>,
    pub(crate) family: Option<String>,
    /// `family:revision`
    pub(crate) task_definition: Option<Name>,
    /// An image, or the repository of one.
    pub(crate) image: Option<String>,
    /// The capacity provider or launch type, such as `FARGATE_SPOT`.
    pub(crate) capacity: Option<String>,
    /// The container that is to blame; the first one when it is not given.
    pub(crate) container: Option<String>,
    /// What ECS says: the reason of the container or of the task.
    #[serde(default)]
    pub(crate) reason: String,
    /// The task's `stoppedReason`, where it differs from the container's reason.
    pub(crate) stopped_reason: Option<String>,
    /// The task's `stopCode`, where it is not the stage's own.
    pub(crate) code: Option<StopCodeSpec>,
    pub(crate) exit_code: Option<i32>,
    /// The service event, after the service's name.
    pub(crate) event: Option<String>,
    /// The container's last words.
    #[serde(default)]
    pub(crate) lines: Vec<String>,
    /// How long after the stage began; for `run`, after the task runs.
    pub(crate) after: Option<Between>,
    #[serde(default = "whole")]
    pub(crate) share: f64,
    pub(crate) first: Option<u32>,
    pub(crate) from: Option<Span>,
    pub(crate) until: Option<Span>,
    #[serde(default = "yes")]
    pub(crate) active: bool,
}

/// Where in a task's life it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TroubleStage {
    Place,
    Provision,
    Secrets,
    Pull,
    Start,
    Run,
    Register,
    Target,
}

/// `stopCode`, as AWS writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum StopCodeSpec {
    TaskFailedToStart,
    EssentialContainerExited,
    UserInitiated,
    ServiceSchedulerInitiated,
    SpotInterruption,
    TerminationNotice,
    InfrastructureHealth,
}

fn whole() -> f64 {
    1.0
}
