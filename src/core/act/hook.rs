//! Answering a lifecycle hook that holds a deployment.

use super::{
    ActError, Change, Changed, ContinueServiceDeployment, Decider, Expect, Goal, HookAction,
    Intent, Request, Step, Subject, Verb,
};
use crate::domain::{Service, ServiceDeployment};
use crate::text::Clean;

/// Builds the intent to answer the hook that a deployment waits at.
///
/// # Errors
/// When none waits.
pub fn answer_hook(
    by: Decider<'_>,
    service: &Service,
    deployment: &ServiceDeployment,
    action: HookAction,
) -> Result<Intent, ActError> {
    let hook = deployment
        .hooks
        .iter()
        .find(|hook| hook.awaits_action())
        .ok_or_else(|| {
            ActError::impossible(format!(
                "no hook of {} is waiting for an answer",
                service.name
            ))
        })?;
    let step = Step {
        request: Request::ContinueServiceDeployment(ContinueServiceDeployment {
            service_deployment_arn: deployment.arn.clone(),
            hook_id: hook.id.clone(),
            action,
        }),
        goal: match action {
            HookAction::Continue => Goal::HookAnswered {
                deployment: deployment.arn.clone(),
                hook: hook.id.clone(),
            },
            HookAction::Rollback => Goal::GoesBack {
                deployment: deployment.arn.clone(),
            },
        },
    };
    let by_itself = hook.timeout_action.as_ref().map(|action| {
        let at = hook
            .expires
            .map(|at| format!(" at {}", at.strftime("%Y-%m-%dT%H:%M:%SZ")))
            .unwrap_or_default();
        Clean::own(format!("without an answer ECS will {action}{at}"))
    });
    let after = match action {
        HookAction::Continue => "continues",
        HookAction::Rollback => "goes back",
    };
    Ok(Intent {
        changes: vec![Change::new(Changed::Deployment, "waits", after)],
        notes: by_itself.into_iter().collect(),
        big: action == HookAction::Rollback,
        ..by.intent(
            Verb::Continue,
            Some(service.cluster.clone()),
            Subject::Service(service.arn.clone()),
            vec![step],
            vec![Expect::Waits {
                deployment: deployment.arn.clone(),
                hook: hook.id.clone(),
            }],
        )
    })
}
