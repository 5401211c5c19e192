//! Starting every task of a service anew, with the revision that it has.

use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, Request, ServiceGoal, ServiceSeen,
    Step, Subject, UpdateService, Verb,
};
use crate::domain::{Controller, Service};
use crate::text::Clean;

/// Builds the intent to begin a deployment though nothing else changes.
///
/// # Errors
/// When ECS does not roll the service out itself.
pub fn redeploy(by: Decider<'_>, service: &Service) -> Result<Intent, ActError> {
    rolls_out(service)?;
    let primary = service.primary().map(|primary| primary.id.clone());
    let name = Clean::new(service.task_definition.name());
    let step = Step {
        request: Request::UpdateService(UpdateService {
            force_new_deployment: true,
            ..UpdateService::of(service)
        }),
        goal: Goal::Service(ServiceGoal {
            deployment: Some(primary.clone().unwrap_or_default()),
            ..ServiceGoal::of(service)
        }),
    };
    let seen = ServiceSeen {
        task_definition: Some(service.task_definition.clone()),
        deployment: primary,
        ..ServiceSeen::lives(service)
    };
    Ok(Intent {
        changes: vec![Change::new(
            Changed::Deployment,
            &name,
            format!("a new one of {name}"),
        )],
        notes: vec![Clean::own(format!(
            "ECS replaces every task by a new one of {name}; tags such as :latest are resolved again"
        ))],
        ..by.intent(
            Verb::Redeploy,
            Some(service.cluster.clone()),
            Subject::Service(service.arn.clone()),
            vec![step],
            vec![Expect::Service(seen)],
        )
    })
}

/// Whether UpdateService may begin a deployment.
///
/// Source: ECS API reference, UpdateService: with the CODE_DEPLOY and EXTERNAL controllers it does
/// not take a task definition or a forced deployment.
pub(super) fn rolls_out(service: &Service) -> Result<(), ActError> {
    match service.controller {
        Controller::Ecs => Ok(()),
        Controller::CodeDeploy => Err(ActError::impossible(format!(
            "{} is rolled out by CodeDeploy: begin, stop or roll back its deployment there \
             (aws deploy stop-deployment --auto-rollback-enabled)",
            service.name
        ))),
        Controller::External => Err(ActError::impossible(format!(
            "{} is deployed by an external controller through task sets; redeploy with that controller",
            service.name
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::sample::decider;
    use crate::diagnose::sample;

    #[test]
    fn a_deployment_is_forced_and_nothing_else_is_sent() {
        let intent = redeploy(decider(), &sample::service("web")).unwrap();
        let body = intent.steps[0].request.body();
        assert_eq!(body["forceNewDeployment"], true);
        assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
        assert!(intent.aws_commands()[0].ends_with("--force-new-deployment"));
    }

    #[test]
    fn what_others_roll_out_is_refused_with_where_to_go() {
        for (controller, says) in [
            (Controller::CodeDeploy, "aws deploy stop-deployment"),
            (Controller::External, "task sets"),
        ] {
            let mut service = sample::service("web");
            service.controller = controller;
            let why = redeploy(decider(), &service).unwrap_err().to_string();
            assert!(why.contains(says), "{why}");
        }
    }
}
