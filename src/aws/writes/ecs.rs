//! What changes something at ECS.

use aws_sdk_ecs::operation::RequestId;
use aws_sdk_ecs::{Client, types};
use aws_smithy_types::body::SdkBody;
use ecsdeck_core::act::{
    ContinueServiceDeployment, HookAction, Made, RegisterTaskDefinition, Revision,
    StopServiceDeployment, StopTask, StopType, UpdateService,
};
use ecsdeck_core::domain::Arn;
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Accepted, Reply};

use super::common::{accepted, unsayable};
use crate::failure;

pub(super) async fn update_service(
    client: &Client,
    operation: &'static str,
    update: &UpdateService,
) -> Reply<Accepted> {
    let count = update
        .desired_count
        .map(i32::try_from)
        .transpose()
        .map_err(|_| unsayable(operation, "desired count is out of range for the API"))?;
    let revision = match &update.task_definition {
        None => None,
        Some(Revision::Known(arn)) => Some(arn.as_str().to_owned()),
        Some(Revision::Registered) => {
            return Err(unsayable(operation, "the revision is not registered yet"));
        }
    };
    let answer = client
        .update_service()
        .cluster(update.cluster.as_str())
        .service(update.service.as_str())
        .set_desired_count(count)
        .set_task_definition(revision)
        .set_force_new_deployment(update.force_new_deployment.then_some(true))
        .send()
        .await
        .map_err(|error| failure::cloud_error(operation, &error))?;
    Ok(accepted(answer.request_id()))
}

pub(super) async fn stop_deployment(
    client: &Client,
    operation: &'static str,
    stop: &StopServiceDeployment,
) -> Reply<Accepted> {
    let kind = match stop.stop_type {
        StopType::Rollback => types::StopServiceDeploymentStopType::Rollback,
    };
    let answer = client
        .stop_service_deployment()
        .service_deployment_arn(stop.service_deployment_arn.as_str())
        .stop_type(kind)
        .send()
        .await
        .map_err(|error| failure::cloud_error(operation, &error))?;
    Ok(accepted(answer.request_id()))
}

pub(super) async fn continue_deployment(
    client: &Client,
    operation: &'static str,
    go_on: &ContinueServiceDeployment,
) -> Reply<Accepted> {
    let action = match go_on.action {
        HookAction::Continue => types::DeploymentLifecycleHookAction::Continue,
        HookAction::Rollback => types::DeploymentLifecycleHookAction::Rollback,
    };
    let answer = client
        .continue_service_deployment()
        .service_deployment_arn(go_on.service_deployment_arn.as_str())
        .hook_id(go_on.hook_id.as_str())
        .action(action)
        .send()
        .await
        .map_err(|error| failure::cloud_error(operation, &error))?;
    Ok(accepted(answer.request_id()))
}

pub(super) async fn stop_task(
    client: &Client,
    operation: &'static str,
    stop: &StopTask,
) -> Reply<Accepted> {
    let answer = client
        .stop_task()
        .cluster(stop.cluster.as_str())
        .task(stop.task.as_str())
        .reason(stop.reason.as_str())
        .send()
        .await
        .map_err(|error| failure::cloud_error(operation, &error))?;
    Ok(accepted(answer.request_id()))
}

/// Sends the document as it is: the SDK would drop the members that it does not know.
pub(super) async fn register(
    client: &Client,
    operation: &'static str,
    register: &RegisterTaskDefinition,
) -> Reply<Accepted> {
    let unsayable = |_| unsayable(operation, "cannot serialize the task definition");
    let body = serde_json::to_vec(register.document()).map_err(unsayable)?;
    let length = body.len().to_string();
    let answer = client
        .register_task_definition()
        .customize()
        .mutate_request(move |request| {
            request
                .headers_mut()
                .insert("content-length", length.clone());
            *request.body_mut() = SdkBody::from(body.clone());
        })
        .send()
        .await
        .map_err(|error| failure::cloud_error(operation, &error))?;
    let revision = answer
        .task_definition()
        .and_then(types::TaskDefinition::task_definition_arn)
        .map(Arn::new);
    Ok(Accepted {
        request_id: answer.request_id().map(Clean::new),
        made: Made {
            revision,
            ..Made::default()
        },
    })
}
