//! What changes something at ECS.

use aws_sdk_ecs::operation::RequestId;
use ecsdeck_core::act::{Made, Revision, UpdateService};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Accepted, Reply};

use super::unsayable;
use crate::failure;

pub(super) async fn update_service(
    client: &aws_sdk_ecs::Client,
    operation: &'static str,
    update: &UpdateService,
) -> Reply<Accepted> {
    let count = update
        .desired_count
        .map(i32::try_from)
        .transpose()
        .map_err(|_| unsayable(operation, "the desired count is more than the API can say"))?;
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
    Ok(Accepted {
        request_id: answer.request_id().map(Clean::new),
        made: Made::default(),
    })
}
