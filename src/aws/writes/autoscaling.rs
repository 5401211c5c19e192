//! What changes something at Application Auto Scaling.

use aws_sdk_applicationautoscaling::operation::RequestId;
use aws_sdk_applicationautoscaling::{Client, types};
use ecsdeck_core::act::RegisterScalableTarget;
use ecsdeck_worker::ports::{Accepted, Reply};

use super::common::{accepted, unsayable};
use crate::failure;

pub(super) async fn register_target(
    client: &Client,
    operation: &'static str,
    target: &RegisterScalableTarget,
) -> Reply<Accepted> {
    let number = |bound: Option<u32>| {
        bound
            .map(i32::try_from)
            .transpose()
            .map_err(|_| unsayable(operation, "a capacity is out of range for the API"))
    };
    let held = target.suspended_state.map(|held| {
        types::SuspendedState::builder()
            .dynamic_scaling_in_suspended(held.dynamic_scaling_in_suspended)
            .dynamic_scaling_out_suspended(held.dynamic_scaling_out_suspended)
            .scheduled_scaling_suspended(held.scheduled_scaling_suspended)
            .build()
    });
    let answer = client
        .register_scalable_target()
        .service_namespace(target.service_namespace.as_str().into())
        .resource_id(target.resource_id.as_str())
        .scalable_dimension(target.scalable_dimension.as_str().into())
        .set_min_capacity(number(target.min_capacity)?)
        .set_max_capacity(number(target.max_capacity)?)
        .set_suspended_state(held)
        .send()
        .await
        .map_err(|error| failure::cloud_error(operation, &error))?;
    Ok(accepted(answer.request_id()))
}
