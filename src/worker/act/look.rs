//! Reading what a guard or a goal wants to see: one call each, in no way paged or cached.

use std::collections::BTreeSet;
use std::future::Future;
use std::slice;

use ecsdeck_core::act::{Look, Seen};
use ecsdeck_core::domain::{
    Arn, CloudError, ErrorKind, Service, ServiceDeployment, TaskDefinition, Time,
};
use ecsdeck_core::text::Clean;
use futures_util::future::join_all;
use jiff::SignedDuration;

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Desired, Reads, Reply, TasksOf};

/// Pages of a listing that are read at most: far more than one intent starts.
const PAGES: u32 = 10;
/// Revisions of a family that are looked at most.
const REVISIONS: u32 = 5;
/// AWS's clock is known to the second.
const SKEW: SignedDuration = SignedDuration::from_secs(2);

/// Whether a read that fails is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// As a reading is.
    Again,
    /// The next look comes soon anyway.
    Once,
}

/// Reads all of these at the same time, and again what fails.
///
/// # Errors
/// The first that failed.
pub(crate) async fn looked_at<R: Reads>(caller: &Caller<R>, looks: &[Look]) -> Reply<Seen> {
    look_at(caller, looks, Patience::Again).await
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
            let found = ask(caller, Api::Ecs, patience, call).await?;
            seen.services.insert(service.clone(), found);
        }
        Look::Deployment(arn) => {
            let call = || reads.describe_service_deployments(slice::from_ref(arn));
            let found = ask(caller, Api::Ecs, patience, call).await?;
            let is = |found: &ServiceDeployment| found.arn == *arn;
            let missing = found.failures.iter().any(|one| one.reason == "MISSING");
            let found = found.items.into_iter().find(is);
            if found.is_none() && !missing {
                let words = Clean::literal("the response lacks this deployment");
                return Err(unreadable("ecs:DescribeServiceDeployments", words));
            }
            seen.deployments.insert(arn.clone(), found);
        }
        Look::Tasks { cluster, tasks } => {
            let call = || reads.describe_tasks(cluster, tasks);
            let found = ask(caller, Api::Ecs, patience, call).await?;
            if let Some(failure) = found.failures.iter().find(|one| one.reason != "MISSING") {
                return Err(unreadable("ecs:DescribeTasks", failure.reason.clone()));
            }
            let missing = |arn: &Arn| {
                found
                    .failures
                    .iter()
                    .any(|one| one.arn.name() == arn.name())
            };
            let there = |arn: &Arn| found.items.iter().any(|one| one.arn == *arn);
            if let Some(silent) = tasks.iter().find(|arn| !missing(arn) && !there(arn)) {
                let words = Clean::own(format!("the response lacks {}", silent.name()));
                return Err(unreadable("ecs:DescribeTasks", words));
            }
            seen.tasks = tasks.iter().map(|task| (task.clone(), None)).collect();
            for task in found.items {
                seen.tasks.insert(task.arn.clone(), Some(task));
            }
        }
        Look::Started {
            cluster,
            started_by,
        } => {
            let mut found = BTreeSet::new();
            // ListTasks gives running tasks or stopped ones, never both.
            for desired in [Desired::Running, Desired::Stopped] {
                let mut page = None;
                let mut pages = 0;
                loop {
                    let call = || {
                        reads.list_tasks(
                            cluster,
                            TasksOf::StartedBy(started_by),
                            desired,
                            page.clone(),
                        )
                    };
                    let listed = ask(caller, Api::Ecs, patience, call).await?;
                    found.extend(listed.items);
                    pages += 1;
                    match listed.next {
                        Some(_) if pages >= PAGES => {
                            let words = Clean::literal("the listing has no end");
                            return Err(unreadable("ecs:ListTasks", words));
                        }
                        Some(next) => page = Some(next),
                        None => break,
                    }
                }
            }
            seen.started.insert(started_by.clone(), found);
        }
        Look::Definition(arn) => {
            let call = || reads.describe_task_definition(arn);
            let found = match ask(caller, Api::Ecs, patience, call).await {
                Ok(found) => Some(found),
                // AWS says that it cannot describe what is not there with a ClientException.
                Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Invalid) => {
                    None
                }
                Err(error) => return Err(error),
            };
            seen.definitions.insert(arn.clone(), found);
        }
        Look::Registered { family, since } => {
            let found = registered(caller, family, *since, patience).await?;
            seen.registered.insert(family.clone(), found);
        }
        Look::Scaling { cluster, service } => {
            let call = || reads.scalable_target(cluster, service);
            let found = ask(caller, Api::AutoScaling, patience, call).await?;
            seen.scaling.insert(service.clone(), found);
        }
        Look::Moves(queue) => {
            let call = || reads.message_moves(queue);
            let found = ask(caller, Api::Sqs, patience, call).await?;
            seen.moves.insert(queue.clone(), found);
        }
    }
    Ok(seen)
}

/// Leaves out what these looks see.
pub(super) fn forget(seen: &mut Seen, looks: &[Look]) {
    for look in looks {
        match look {
            Look::Service { service, .. } => drop(seen.services.remove(service)),
            Look::Deployment(arn) => drop(seen.deployments.remove(arn)),
            Look::Tasks { tasks, .. } => seen.tasks.retain(|task, _| !tasks.contains(task)),
            Look::Started { started_by, .. } => drop(seen.started.remove(started_by)),
            Look::Definition(arn) => drop(seen.definitions.remove(arn)),
            Look::Registered { family, .. } => drop(seen.registered.remove(family)),
            Look::Scaling { service, .. } => drop(seen.scaling.remove(service)),
            Look::Moves(queue) => drop(seen.moves.remove(queue)),
        }
    }
}

async fn ask<R, T, F, Fut>(caller: &Caller<R>, api: Api, patience: Patience, call: F) -> Reply<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Reply<T>>,
{
    match patience {
        Patience::Again => caller.call(api, call).await,
        Patience::Once => caller.once(api, call).await,
    }
}

/// The revisions of a family that were registered since then, the newest first.
async fn registered<R: Reads>(
    caller: &Caller<R>,
    family: &Clean,
    since: Time,
    patience: Patience,
) -> Reply<Vec<TaskDefinition>> {
    let mut found = Vec::new();
    // A family without a number is its newest active revision (source: ECS API reference, DescribeTaskDefinition).
    let mut name = Arn::new(family);
    let mut next = None;
    for _ in 0..REVISIONS {
        let call = || caller.reads.describe_task_definition(&name);
        match ask(caller, Api::Ecs, patience, call).await {
            Ok(definition) => {
                let old = |at: Time| at.duration_since(since) < -SKEW;
                if definition.registered.is_none_or(old) {
                    break;
                }
                next = definition.arn.revision();
                found.push(definition);
            }
            // A family without an active revision, or one that was deleted.
            Err(error) if is_not_there(&error) => {}
            Err(error) => return Err(error),
        }
        next = next.and_then(|number| number.checked_sub(1));
        match next {
            Some(number) if number > 0 => name = Arn::new(&format!("{family}:{number}")),
            _ => break,
        }
    }
    Ok(found)
}

/// AWS knows no such task definition. It says so with a ClientException, "Unable to describe task definition." (source:
/// ECS API reference, DescribeTaskDefinition; seen).
fn is_not_there(error: &CloudError) -> bool {
    matches!(error.kind, ErrorKind::NotFound | ErrorKind::Invalid)
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

/// AWS answered, and told nothing of what was asked for.
fn unreadable(operation: &'static str, message: Clean) -> CloudError {
    CloudError::new(operation, ErrorKind::Malformed, message)
}

/// No look came to an end in time.
pub(super) fn silence() -> CloudError {
    CloudError::new(
        "ecs:DescribeServices",
        ErrorKind::TimedOut,
        Clean::literal("no answer in time"),
    )
}
