//! Why a task cannot start, in AWS's words. The cause is what its definition asks for
//! and the supply does not have, or a trouble that the world declares.
//!
//! source: developer guide, stopped-task-error-codes, task_cannot_pull_image and
//! resource-initialization-error; the tails of the messages are those of stopped reasons
//! that people have published.

use crate::ecs::Ecs;
use crate::ecs::Task;
use crate::ecs::task::{Status, StopCode};
use crate::world::{TroubleSpec, TroubleStage};

/// Why a task cannot start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StartFailure {
    /// The container that is to blame; none when it is the task as a whole.
    pub(crate) container: Option<String>,
    pub(crate) reason: String,
    /// The task's `stoppedReason`, where it is not the container's reason.
    pub(crate) stopped_reason: Option<String>,
    pub(crate) code: StopCode,
    pub(crate) exit_code: Option<i32>,
    pub(crate) lines: Vec<String>,
    /// The trouble that it comes from.
    pub(crate) trouble: Option<usize>,
}

impl StartFailure {
    fn of(container: Option<String>, reason: String) -> Self {
        StartFailure {
            container,
            reason,
            stopped_reason: None,
            code: StopCode::TaskFailedToStart,
            exit_code: None,
            lines: Vec::new(),
            trouble: None,
        }
    }
}

/// Fills in what a trouble's words leave open.
pub(super) fn filled(words: &str, task: &Task, spec: &TroubleSpec) -> String {
    if !words.contains('{') {
        return words.to_owned();
    }
    let blamed = blamed(task, spec);
    let container = task
        .definition
        .containers
        .iter()
        .find(|c| Some(&c.name) == blamed.as_ref());
    let service = task.group.strip_prefix("service:").unwrap_or_default();
    words
        .replace("{image}", container.map_or("", |c| &c.image))
        .replace("{container}", container.map_or("", |c| &c.name))
        .replace("{task}", &task.id)
        .replace("{service}", service)
        .replace("{cluster}", &task.cluster)
        .replace("{family}", &task.definition.family)
        .replace("{subnet}", &task.interface.subnet)
}

/// The container that a trouble blames.
pub(super) fn blamed(task: &Task, spec: &TroubleSpec) -> Option<String> {
    let by_image = || {
        let wanted = spec.image.as_deref()?;
        let mut containers = task.definition.containers.iter();
        containers.find(|c| c.image.starts_with(wanted))
    };
    let first = || task.definition.containers.first();
    spec.container
        .clone()
        .or_else(|| by_image().or_else(first).map(|c| c.name.clone()))
}

/// At which stage of its start a task is.
fn stage_of(task: &Task) -> TroubleStage {
    match task.status {
        Status::Provisioning => TroubleStage::Provision,
        Status::Pending => TroubleStage::Secrets,
        _ if task.times.pull_stopped.is_none() => TroubleStage::Pull,
        _ => TroubleStage::Start,
    }
}

impl Ecs {
    /// Why a task cannot go on from the stage of its start at which it is.
    pub(super) fn start_failure(&self, task: &Task) -> Option<StartFailure> {
        let stage = stage_of(task);
        let missing = match stage {
            TroubleStage::Secrets => self.missing_secret(task),
            TroubleStage::Pull => self.missing_image(task),
            TroubleStage::Start => self.missing_log_group(task),
            _ => None,
        };
        missing.or_else(|| self.troubled_start(task, stage))
    }

    fn troubled_start(&self, task: &Task, stage: TroubleStage) -> Option<StartFailure> {
        let number = self.trouble_at(stage, self.victim(task))?;
        let spec = &self.trouble(number)?.spec;
        let of_container = matches!(stage, TroubleStage::Pull | TroubleStage::Start);
        let container = if of_container {
            blamed(task, spec)
        } else {
            spec.container.clone()
        };
        let code = spec.code.map_or(StopCode::TaskFailedToStart, Into::into);
        Some(StartFailure {
            reason: filled(&spec.reason, task, spec),
            stopped_reason: spec.stopped_reason.as_ref().map(|w| filled(w, task, spec)),
            code,
            exit_code: spec.exit_code,
            lines: spec.lines.clone(),
            trouble: Some(number),
            container,
        })
    }

    fn missing_secret(&self, task: &Task) -> Option<StartFailure> {
        let missing = task
            .definition
            .containers
            .iter()
            .flat_map(|container| container.secrets.values())
            .find(|arn| !self.supply.has_secret(arn))?;
        let reason = if missing.contains(":ssm:") || !missing.starts_with("arn:") {
            let name = missing.rsplit(":parameter").next().unwrap_or(missing);
            format!(
                "ResourceInitializationError: unable to pull secrets or registry auth: execution \
                     resource retrieval failed: unable to retrieve secrets from ssm: service call has been \
                     retried 1 time(s): invalid ssm parameters: {name}"
            )
        } else {
            format!(
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource \
                 retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): \
                 failed to fetch secret {missing} from secrets manager: ResourceNotFoundException: Secrets \
                 Manager can't find the specified secret."
            )
        };
        Some(StartFailure::of(None, reason))
    }

    fn missing_image(&self, task: &Task) -> Option<StartFailure> {
        let mut containers = task.definition.containers.iter();
        let container = containers.find(|container| !self.supply.has_image(&container.image))?;
        let image = &container.image;
        let reason = format!(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to \
             resolve ref {image}: {image}: not found"
        );
        Some(StartFailure::of(Some(container.name.clone()), reason))
    }

    fn missing_log_group(&self, task: &Task) -> Option<StartFailure> {
        let mut logs = task
            .definition
            .containers
            .iter()
            .filter_map(|c| c.log.as_ref());
        logs.find(|log| !self.supply.has_group(&log.group))?;
        let reason = "ResourceInitializationError: failed to validate logger args: create stream has been \
                      retried 1 times: failed to create Cloudwatch log stream: \
                      ResourceNotFoundException: The specified log group does not exist. : exit status 1";
        Some(StartFailure::of(None, reason.to_owned()))
    }
}
