//! ListServiceDeployments, DescribeServiceDeployments, StopServiceDeployment.

use serde_json::{Value, json};

use super::show_service::{counts, deployment_configuration};
use super::{
    cluster, find_service, missing, page_begin, page_size, paged, service_not_found, set, time,
};
use crate::clock::{HOUR, Time};
use crate::ecs::deployment::{DeploymentStatus, ServiceDeployment};
use crate::ecs::scheduler::threshold;
use crate::ecs::{Service, ServiceKey};
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args, page};

/// How long the API remembers deployments.
const REMEMBERED: i64 = 90 * 24 * HOUR;

pub(super) fn list(engine: &mut Engine, args: &Args) -> Answer {
    let name = args
        .text("service")?
        .ok_or_else(|| ApiError::invalid_parameter("Service cannot be empty."))?;
    let cluster = cluster(engine, args)?;
    let key = find_service(engine, cluster, name).ok_or_else(service_not_found)?;
    let service = engine.ecs.service(key).ok_or_else(service_not_found)?;
    let size = page_size(args, 20)?;
    let after = page_begin(args)?;
    let statuses = args.texts("status")?;
    let created = args.structure("createdAt")?;
    let bound = |member: &str| created.get(member).and_then(Value::as_f64).map(moment);
    let (from, until) = (bound("after"), bound("before"));
    let oldest = engine.now - REMEMBERED;
    let shown: Vec<&ServiceDeployment> = service
        .history
        .iter()
        .rev()
        .filter(|d| statuses.is_empty() || statuses.contains(&d.status.name()))
        .filter(|d| d.created >= oldest || d.status.ongoing())
        .filter(|d| from.is_none_or(|at| d.created > at) && until.is_none_or(|at| d.created < at))
        .collect();
    let begin = shown
        .iter()
        .position(|d| d.arn == after)
        .map_or(0, |at| at + 1);
    let briefs = shown
        .into_iter()
        .skip(begin)
        .map(|deployment| (deployment.arn.clone(), brief(engine, service, deployment)));
    Ok(paged("serviceDeployments", page::cut(briefs, size)))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates; a moment is given in seconds"
)]
fn moment(seconds: f64) -> Time {
    Time((seconds * 1_000.0) as i64)
}

fn brief(engine: &Engine, service: &Service, deployment: &ServiceDeployment) -> Value {
    let target = service.revisions.get(deployment.target);
    let mut shown = json!({
        "serviceDeploymentArn": deployment.arn,
        "serviceArn": service.arn,
        "clusterArn": engine.home.arn("ecs", &format!("cluster/{}", service.cluster)),
        "startedAt": deployment.created.json_seconds(),
        "createdAt": deployment.created.json_seconds(),
        "targetServiceRevisionArn": target.map(|revision| &revision.arn),
        "status": deployment.status.name(),
    });
    set(&mut shown, "finishedAt", time(deployment.finished));
    set(
        &mut shown,
        "statusReason",
        deployment.reason.as_ref().map(|reason| json!(reason)),
    );
    shown
}

/// Service and place of a service deployment in its history, by ARN.
fn find(engine: &Engine, arn: &str) -> Option<(ServiceKey, usize)> {
    let mut path = arn.split(":service-deployment/").nth(1)?.split('/');
    let key = engine.ecs.find_service(path.next()?, path.next()?)?;
    let service = engine.ecs.service(key)?;
    let at = service.history.iter().position(|d| d.arn == arn)?;
    Some((key, at))
}

pub(super) fn describe(engine: &mut Engine, args: &Args) -> Answer {
    let arns = args.texts("serviceDeploymentArns")?;
    if arns.is_empty() || arns.len() > 20 {
        return Err(ApiError::invalid_parameter(
            "serviceDeploymentArns must have between 1 and 20 elements.",
        ));
    }
    let (mut shown, mut failures) = (Vec::new(), Vec::new());
    for arn in arns {
        let found = find(engine, arn).and_then(|(key, at)| {
            let service = engine.ecs.service(key)?;
            Some((service, service.history.get(at)?))
        });
        match found {
            Some((service, deployment)) => shown.push(full(engine, service, deployment)),
            None => failures.push(missing(arn)),
        }
    }
    Ok(json!({ "serviceDeployments": shown, "failures": failures }))
}

/// A revision with the tasks that it has now.
fn side(engine: &Engine, service: &Service, revision: usize, requested: u32) -> Value {
    let (running, pending) = service
        .deployments
        .iter()
        .find(|deployment| deployment.revision == revision)
        .map_or((0, 0), |deployment| counts(engine, service, deployment));
    json!({
        "arn": service.revisions.get(revision).map(|revision| &revision.arn),
        "requestedTaskCount": requested,
        "runningTaskCount": running,
        "pendingTaskCount": pending,
    })
}

fn breaker(service: &Service, deployment: &ServiceDeployment) -> Value {
    let ours = service
        .deployments
        .iter()
        .find(|d| d.revision == deployment.target && deployment.status.ongoing());
    let status = match () {
        () if !service.breaker => "DISABLED",
        () if deployment.tripped => "TRIGGERED",
        () if ours.is_some_and(|d| !d.proven) => "MONITORING",
        () => "MONITORING_COMPLETE",
    };
    json!({
        "status": status,
        "failureCount": ours.map_or(deployment.failed, |d| d.failed.max(deployment.failed)),
        "threshold": threshold(service.desired),
    })
}

fn full(engine: &Engine, service: &Service, deployment: &ServiceDeployment) -> Value {
    let rolling_back = deployment.rollback.is_some();
    let requested = if rolling_back { 0 } else { service.desired };
    let mut shown = brief(engine, service, deployment);
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("targetServiceRevisionArn");
    }
    let updated = deployment.finished.unwrap_or(engine.now);
    let sources: Vec<Value> = deployment
        .sources
        .iter()
        .map(|source| side(engine, service, *source, service.desired - requested))
        .collect();
    set(&mut shown, "updatedAt", updated.json_seconds());
    set(&mut shown, "sourceServiceRevisions", json!(sources));
    set(
        &mut shown,
        "targetServiceRevision",
        side(engine, service, deployment.target, requested),
    );
    set(
        &mut shown,
        "deploymentConfiguration",
        deployment_configuration(service),
    );
    set(
        &mut shown,
        "deploymentCircuitBreaker",
        breaker(service, deployment),
    );
    if deployment.status.ongoing() {
        set(&mut shown, "lifecycleStage", json!("SCALE_UP"));
    }
    if deployment.status == DeploymentStatus::Stopped {
        set(&mut shown, "stoppedAt", time(deployment.finished));
    }
    if let Some(rollback) = &deployment.rollback {
        let to = service.revisions.get(rollback.revision);
        let rollback = json!({
            "reason": rollback.reason,
            "startedAt": rollback.started.json_seconds(),
            "serviceRevisionArn": to.map(|revision| &revision.arn),
        });
        set(&mut shown, "rollback", rollback);
    }
    shown
}

pub(super) fn stop(engine: &mut Engine, args: &Args) -> Answer {
    let arn = args
        .text("serviceDeploymentArn")?
        .ok_or_else(|| ApiError::invalid_parameter("serviceDeploymentArn cannot be empty."))?
        .to_owned();
    if !matches!(args.text("stopType")?, None | Some("ROLLBACK")) {
        return Err(ApiError::invalid_parameter("Invalid stopType."));
    }
    let (key, at) = find(engine, &arn).ok_or_else(|| {
        ApiError::client(
            "ServiceDeploymentNotFoundException",
            "Service deployment not found.",
        )
    })?;
    let status = engine
        .ecs
        .service(key)
        .and_then(|service| service.history.get(at))
        .map(|deployment| deployment.status);
    let conflict = |why: &str| Err(ApiError::client("ConflictException", why));
    match status {
        // Already on its way back: asking again changes nothing.
        Some(DeploymentStatus::RollbackInProgress) => {}
        Some(DeploymentStatus::InProgress) => {
            if !engine.stop_deployment(key) {
                return conflict("There is no completed deployment to roll back to.");
            }
        }
        _ => return conflict("The service deployment is not in progress."),
    }
    Ok(json!({ "serviceDeploymentArn": arn }))
}
