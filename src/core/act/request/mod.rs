//! The requests that change something, exactly as they are sent.
//!
//! `--dry-run` prints them, the dialog shows them as an `aws` command, the
//! adapter sends them: all from this one value. One file a kind; each
//! serialises to the very body of its call.

mod deployment;
mod redrive;
mod register;
mod run_task;
mod scaling;
mod shell;
mod shown;
mod tasks;
mod update_service;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Made;
use crate::domain::Arn;

pub use deployment::{ContinueServiceDeployment, HookAction, StopServiceDeployment, StopType};
pub use redrive::StartMessageMoveTask;
pub use register::{NewImage, RegisterTaskDefinition};
pub use run_task::{
    AwsVpc, Capacity, CapacityProvider, ContainerOverride, MOST_AT_ONCE, MOST_OVERRIDES,
    NetworkConfiguration, Overrides, RunTask, Tag, Variable,
};
pub(super) use scaling::resource_id;
pub use scaling::{RegisterScalableTarget, SuspendedState};
pub use tasks::StopTask;
pub use update_service::UpdateService;

/// A revision of a task definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Arn", into = "Arn")]
pub enum Revision {
    /// One that is there.
    Known(Arn),
    /// The one that an earlier step of the same intent registers.
    Registered,
}

/// What stands in a body for the revision that is not registered yet.
const REGISTERED: &str = "(the revision that was just registered)";

impl Revision {
    /// The revision, once it is known.
    pub fn known<'a>(&'a self, made: &'a Made) -> Option<&'a Arn> {
        match self {
            Self::Known(arn) => Some(arn),
            Self::Registered => made.revision.as_ref(),
        }
    }
}

impl From<Arn> for Revision {
    fn from(arn: Arn) -> Self {
        if arn.as_str() == REGISTERED {
            Self::Registered
        } else {
            Self::Known(arn)
        }
    }
}

impl From<Revision> for Arn {
    fn from(revision: Revision) -> Self {
        match revision {
            Revision::Known(arn) => arn,
            Revision::Registered => Self::new(REGISTERED),
        }
    }
}

/// A request that changes something.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// ecs:UpdateService.
    UpdateService(UpdateService),
    /// ecs:StopServiceDeployment.
    StopServiceDeployment(StopServiceDeployment),
    /// ecs:ContinueServiceDeployment.
    ContinueServiceDeployment(ContinueServiceDeployment),
    /// ecs:RunTask.
    RunTask(Box<RunTask>),
    /// ecs:StopTask.
    StopTask(StopTask),
    /// ecs:RegisterTaskDefinition.
    RegisterTaskDefinition(Box<RegisterTaskDefinition>),
    /// application-autoscaling:RegisterScalableTarget.
    RegisterScalableTarget(RegisterScalableTarget),
    /// sqs:StartMessageMoveTask.
    StartMessageMoveTask(StartMessageMoveTask),
}

impl Request {
    /// The operation as IAM names it.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::UpdateService(_) => "ecs:UpdateService",
            Self::StopServiceDeployment(_) => "ecs:StopServiceDeployment",
            Self::ContinueServiceDeployment(_) => "ecs:ContinueServiceDeployment",
            Self::RunTask(_) => "ecs:RunTask",
            Self::StopTask(_) => "ecs:StopTask",
            Self::RegisterTaskDefinition(_) => "ecs:RegisterTaskDefinition",
            Self::RegisterScalableTarget(_) => "application-autoscaling:RegisterScalableTarget",
            Self::StartMessageMoveTask(_) => "sqs:StartMessageMoveTask",
        }
    }

    /// The request's body as the API takes it.
    pub fn body(&self) -> Value {
        let body = match self {
            Self::UpdateService(request) => serde_json::to_value(request),
            Self::StopServiceDeployment(request) => serde_json::to_value(request),
            Self::ContinueServiceDeployment(request) => serde_json::to_value(request),
            Self::RunTask(request) => serde_json::to_value(request),
            Self::StopTask(request) => serde_json::to_value(request),
            Self::RegisterTaskDefinition(request) => Ok(request.document().clone()),
            Self::RegisterScalableTarget(request) => serde_json::to_value(request),
            Self::StartMessageMoveTask(request) => serde_json::to_value(request),
        };
        // Structures of texts, numbers and lists always have a JSON form.
        body.unwrap_or_default()
    }

    /// The same thing for the AWS CLI, as one line for a shell.
    pub fn aws_command(&self, region: &str) -> String {
        let command = match self {
            Self::UpdateService(request) => request.command(region),
            Self::StopServiceDeployment(request) => request.command(region),
            Self::ContinueServiceDeployment(request) => request.command(region),
            Self::RunTask(request) => request.command(region),
            Self::StopTask(request) => request.command(region),
            Self::RegisterTaskDefinition(request) => request.command(region),
            Self::RegisterScalableTarget(request) => request.command(region),
            Self::StartMessageMoveTask(request) => request.command(region),
        };
        command.line()
    }

    /// What it did, in words, once it was applied.
    pub fn done_words(&self, made: &Made) -> String {
        match self {
            Self::UpdateService(request) => {
                format!("the service {} was updated", request.service.name())
            }
            Self::StopServiceDeployment(_) => "the deployment is rolling back".to_owned(),
            Self::ContinueServiceDeployment(request) => {
                format!("the hook was answered with {}", request.action.word())
            }
            Self::RunTask(request) => match request.count {
                1 => "1 task was started".to_owned(),
                count => format!("{count} tasks were started"),
            },
            Self::StopTask(request) => format!("task {} is stopping", request.task.name()),
            Self::RegisterTaskDefinition(request) => match &made.revision {
                Some(revision) => format!("revision {} was registered", revision.name()),
                None => format!("a revision of {} was registered", request.from.family()),
            },
            Self::RegisterScalableTarget(_) => "autoscaling was set".to_owned(),
            Self::StartMessageMoveTask(_) => "the messages are being moved".to_owned(),
        }
    }

    /// The request as it is written down: of a task definition only what is changed in it. Values
    /// of environment variables are for the journal to withhold.
    pub fn record(&self) -> Value {
        match self {
            Self::RegisterTaskDefinition(request) => request.record(),
            other => other.body(),
        }
    }

    /// The request as it can be sent: with the revision that was registered before it. None as
    /// long as there is none.
    pub fn resolved(&self, made: &Made) -> Option<Self> {
        let mut request = self.clone();
        if let Self::UpdateService(update) = &mut request
            && let Some(revision) = &update.task_definition
        {
            let known = revision.known(made)?.clone();
            update.task_definition = Some(Revision::Known(known));
        }
        Some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(service: &str) -> UpdateService {
        UpdateService {
            cluster: Arn::new("arn:aws:ecs:us-east-1:1:cluster/prod"),
            service: Arn::new(&format!("arn:aws:ecs:us-east-1:1:service/prod/{service}")),
            desired_count: Some(3),
            task_definition: None,
            force_new_deployment: false,
        }
    }

    #[test]
    fn only_the_changed_field_is_sent() {
        let body = Request::UpdateService(update("web")).body();
        let members: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["cluster", "service", "desiredCount"]);
    }

    #[test]
    fn the_command_can_be_pasted_into_a_shell() {
        assert_eq!(
            Request::UpdateService(update("web")).aws_command("us-east-1"),
            "aws ecs update-service --region us-east-1 --cluster prod --service web --desired-count 3"
        );
        assert!(
            Request::UpdateService(update("it's; rm"))
                .aws_command("r")
                .contains(r"'it'\''s; rm'")
        );
    }

    #[test]
    fn a_revision_that_is_registered_first_is_filled_in_and_not_before() {
        let request = Request::UpdateService(UpdateService {
            desired_count: None,
            task_definition: Some(Revision::Registered),
            ..update("web")
        });
        assert_eq!(request.resolved(&Made::default()), None);
        let made = Made {
            revision: Some(Arn::new("web:8")),
            ..Made::default()
        };
        let body = request.resolved(&made).unwrap().body();
        assert_eq!(body["taskDefinition"], "web:8");
        let kept: Revision =
            serde_json::from_value(request.body()["taskDefinition"].clone()).unwrap();
        assert_eq!(kept, Revision::Registered);
    }
}
