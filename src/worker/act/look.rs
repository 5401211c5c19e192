//! Reading what a guard or a goal wants to see: one call each, in no way paged or cached.

use std::slice;

use ecsdeck_core::act::{Look, Seen};
use ecsdeck_core::domain::{Arn, CloudError, ErrorKind, Service};
use ecsdeck_core::text::Clean;
use futures_util::future::join_all;

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};

/// Whether a read that fails is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// As a reading is.
    Again,
    /// The next look comes soon anyway.
    Once,
}

/// Reads all of these at the same time.
///
/// # Errors
/// The first that failed; what others gave is dropped with it.
pub(super) async fn look_at<R: Reads>(
    caller: &Caller<R>,
    looks: &[Look],
    patience: Patience,
) -> Reply<Seen> {
    let mut seen = Seen::default();
    for one in join_all(looks.iter().map(|look| one(caller, look, patience))).await {
        seen.update(one?);
    }
    Ok(seen)
}

async fn one<R: Reads>(caller: &Caller<R>, look: &Look, patience: Patience) -> Reply<Seen> {
    let reads = &*caller.reads;
    let mut seen = Seen::default();
    match look {
        Look::Service { cluster, service } => {
            let call = || described(reads, cluster, service);
            let found = match patience {
                Patience::Again => caller.call(Api::Ecs, call).await?,
                Patience::Once => caller.once(Api::Ecs, call).await?,
            };
            seen.services.insert(service.clone(), found);
        }
    }
    Ok(seen)
}

/// Describes one service; none when AWS says that it is missing.
async fn described<R: Reads>(reads: &R, cluster: &Arn, service: &Arn) -> Reply<Option<Service>> {
    let described = reads
        .describe_services(cluster, slice::from_ref(service))
        .await?;
    if let Some(found) = described
        .items
        .into_iter()
        .find(|found| found.arn == *service)
    {
        return Ok(Some(found));
    }
    match described.failures.into_iter().next() {
        Some(failure) if failure.reason == "MISSING" => Ok(None),
        Some(failure) => Err(unreadable("ecs:DescribeServices", failure.reason)),
        None => Err(unreadable(
            "ecs:DescribeServices",
            Clean::literal("AWS did not answer for this service"),
        )),
    }
}

fn unreadable(operation: &'static str, message: Clean) -> CloudError {
    CloudError {
        operation,
        kind: ErrorKind::Malformed,
        code: None,
        message,
        request_id: None,
    }
}

/// No look came to an end in time.
pub(super) fn silence() -> CloudError {
    CloudError {
        kind: ErrorKind::TimedOut,
        ..unreadable("ecs:DescribeServices", Clean::literal("no answer in time"))
    }
}
