//! What changes something at SQS.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::RequestId;
use ecsdeck_core::act::StartMessageMoveTask;
use ecsdeck_core::domain::Arn;
use ecsdeck_worker::ports::{Accepted, Reply};

use super::common::{accepted, unsayable};
use crate::failure;

pub(super) async fn start_move(
    client: &Client,
    operation: &'static str,
    start: &StartMessageMoveTask,
) -> Reply<Accepted> {
    let rate = start
        .max_number_of_messages_per_second
        .map(i32::try_from)
        .transpose()
        .map_err(|_| unsayable(operation, "the rate is out of range for the API"))?;
    let to = start.destination_arn.as_ref().map(Arn::as_str);
    let answer = client
        .start_message_move_task()
        .source_arn(start.source_arn.as_str())
        .set_destination_arn(to.map(str::to_owned))
        .set_max_number_of_messages_per_second(rate)
        .send()
        .await
        .map_err(|error| failure::cloud_error(operation, &error))?;
    Ok(accepted(answer.request_id()))
}
