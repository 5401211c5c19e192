//! ListServiceDeployments, DescribeServiceDeployments, StopServiceDeployment,
//! ContinueServiceDeployment.

use serde_json::{Value, json};

use super::answer::{page_begin, page_size, paged, set, time};
use super::find::{cluster, find_service, missing, service_not_found};
use super::show_service::{counts, deployment_configuration, hook_target, timeout_action};
use crate::clock::{HOUR, SECOND, Time};
use crate::ecs::Ecs;
use crate::ecs::deployment::{DeploymentStatus, ServiceDeployment};
use crate::ecs::scheduler::threshold;
use crate::ecs::{Service, ServiceKey};
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run, page};
use crate::world::{Controller, LifecycleStage, Strategy, TimeoutAction};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "ListServiceDeployments",
        members: &[
            "service",
            "cluster",
            "status",
            "createdAt",
            "nextToken",
            "maxResults",
        ],
        run: list,
    },
    Action {
        name: "DescribeServiceDeployments",
        members: &["serviceDeploymentArns"],
        run: describe,
    },
    Action {
        name: "StopServiceDeployment",
        members: TABLED,
        run: stop,
    },
    Action {
        name: "ContinueServiceDeployment",
        members: TABLED,
        run: go_on,
    },
];

/// How long the API remembers deployments.
const REMEMBERED: i64 = 90 * 24 * HOUR;

pub(super) fn list(ecs: &mut Ecs, args: &Args) -> Answer {
    let name = args
        .text("service")?
        .ok_or_else(|| ApiError::invalid_parameter("Service cannot be empty."))?;
    let cluster = cluster(ecs, args)?;
    let key = find_service(ecs, cluster, name).ok_or_else(service_not_found)?;
    let service = ecs.service(key).ok_or_else(service_not_found)?;
    if service.controller != Controller::Ecs {
        let what = "Service deployments are only supported for services with the ECS deployment controller.";
        return Err(ApiError::client("UnsupportedFeatureException", what));
    }
    let size = page_size(args, 20)?;
    let after = page_begin(args, "serviceDeployments")?;
    let statuses = args.texts("status")?;
    if let Some(wrong) = statuses.iter().find(|name| !DeploymentStatus::known(name)) {
        let what = format!("Invalid status: {wrong}");
        return Err(ApiError::invalid_parameter(what));
    }
    let created = args.structure("createdAt")?;
    let bound = |member: &str| created.get(member).and_then(Value::as_f64).map(moment);
    let (from, until) = (bound("after"), bound("before"));
    let oldest = ecs.desk.now - REMEMBERED;
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
        .map(|deployment| (deployment.arn.clone(), brief(ecs, service, deployment)));
    Ok(paged(args, "serviceDeployments", page::cut(briefs, size)))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates; a moment is given in seconds"
)]
fn moment(seconds: f64) -> Time {
    Time((seconds * 1_000.0) as i64)
}

fn brief(ecs: &Ecs, service: &Service, deployment: &ServiceDeployment) -> Value {
    let target = service.revisions.get(deployment.target);
    let mut shown = json!({
        "serviceDeploymentArn": deployment.arn,
        "serviceArn": service.arn,
        "clusterArn": ecs.desk.home.arn("ecs", &format!("cluster/{}", service.cluster)),
        "createdAt": deployment.created.json_seconds(),
        "targetServiceRevisionArn": target.map(|revision| &revision.arn),
        "status": deployment.status.name(),
    });
    set(&mut shown, "startedAt", time(deployment.started));
    set(&mut shown, "finishedAt", time(deployment.finished));
    set(
        &mut shown,
        "statusReason",
        deployment.reason.as_ref().map(|reason| json!(reason)),
    );
    shown
}

/// Service and place of a service deployment in its history, by ARN.
fn find(ecs: &Ecs, arn: &str) -> Option<(ServiceKey, usize)> {
    let mut path = arn.split(":service-deployment/").nth(1)?.split('/');
    let key = ecs.find_service(path.next()?, path.next()?)?;
    let service = ecs.service(key)?;
    let at = service.history.iter().position(|d| d.arn == arn)?;
    Some((key, at))
}

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let arns = args.texts("serviceDeploymentArns")?;
    if arns.is_empty() || arns.len() > 20 {
        return Err(ApiError::invalid_parameter(
            "serviceDeploymentArns must have between 1 and 20 elements.",
        ));
    }
    let (mut shown, mut failures) = (Vec::new(), Vec::new());
    for arn in arns {
        let found = find(ecs, arn).and_then(|(key, at)| {
            let service = ecs.service(key)?;
            Some((service, service.history.get(at)?))
        });
        match found {
            Some((service, deployment)) => shown.push(full(ecs, service, deployment)),
            None => failures.push(missing(arn)),
        }
    }
    Ok(json!({ "serviceDeployments": shown, "failures": failures }))
}

/// A revision with the tasks that it has now.
fn side(ecs: &Ecs, service: &Service, revision: usize, requested: u32) -> Value {
    let (running, pending) = service
        .deployments
        .iter()
        .find(|deployment| deployment.revision == revision)
        .map_or((0, 0), |deployment| counts(ecs, service, deployment));
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
        () if !service.settings.breaker.enable => "DISABLED",
        () if deployment.tripped => "TRIGGERED",
        () if ours.is_some_and(|d| !d.proven) => "MONITORING",
        () => "MONITORING_COMPLETE",
    };
    json!({
        "status": status,
        "failureCount": ours.map_or(deployment.failed, |d| d.failed.max(deployment.failed)),
        "threshold": threshold(service.desired, service.settings.breaker.threshold),
    })
}

fn alarms(service: &Service, deployment: &ServiceDeployment) -> Option<Value> {
    let alarms = service.settings.alarms.as_ref()?;
    let status = match () {
        () if !alarms.enable || deployment.deaf => "DISABLED",
        () if !deployment.alarmed.is_empty() => "TRIGGERED",
        () if deployment.status.forward() => "MONITORING",
        () => "MONITORING_COMPLETE",
    };
    Some(json!({
        "status": status,
        "alarmNames": alarms.names,
        "triggeredAlarmNames": deployment.alarmed,
    }))
}

fn hooks(deployment: &ServiceDeployment) -> Vec<Value> {
    let hooks = deployment.hooks.iter().map(|hook| {
        let mut shown = json!({
            "hookId": hook.id,
            "targetType": hook_target(hook.spec.target),
            "status": hook.status.name(),
            "expiresAt": hook.expires.json_seconds(),
            "timeoutAction": timeout_action(hook.spec.timeout_action),
        });
        set(
            &mut shown,
            "targetArn",
            hook.spec.arn.as_ref().map(|arn| json!(arn)),
        );
        shown
    });
    hooks.collect()
}

/// The share of production traffic that the target is to have, in per cent.
fn weight(service: &Service, deployment: &ServiceDeployment) -> f64 {
    let ahead = deployment.stage >= LifecycleStage::ProductionTrafficShift;
    match service.settings.strategy {
        _ if deployment.rollback.is_some() => 0.0,
        Strategy::Canary if deployment.stage == LifecycleStage::ProductionTrafficShift => 5.0,
        Strategy::Linear if deployment.stage == LifecycleStage::ProductionTrafficShift => 10.0,
        _ if ahead => 100.0,
        _ => 0.0,
    }
}

/// When a deployment last changed.
fn updated(service: &Service, deployment: &ServiceDeployment) -> Time {
    let primary = service.primary().filter(|_| deployment.status.ongoing());
    let rollback = deployment
        .rollback
        .as_ref()
        .map(|rollback| rollback.started);
    deployment
        .finished
        .into_iter()
        .chain(primary.map(|primary| primary.updated))
        .chain(rollback)
        .fold(deployment.staged, Time::max)
}

fn full(ecs: &Ecs, service: &Service, deployment: &ServiceDeployment) -> Value {
    let rolling_back = deployment.rollback.is_some();
    let requested = if rolling_back { 0 } else { service.desired };
    let mut shown = brief(ecs, service, deployment);
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("targetServiceRevisionArn");
    }
    let weight = weight(service, deployment);
    let shifts = service.settings.strategy != Strategy::Rolling;
    let weighed = |mut side: Value, weight: f64| {
        if shifts {
            set(&mut side, "requestedProductionTrafficWeight", json!(weight));
        }
        side
    };
    let sources: Vec<Value> = deployment
        .sources
        .iter()
        .map(|source| side(ecs, service, *source, service.desired - requested))
        .map(|source| weighed(source, 100.0 - weight))
        .collect();
    let target = side(ecs, service, deployment.target, requested);
    let mut put = |member: &str, value: Value| set(&mut shown, member, value);
    put("updatedAt", updated(service, deployment).json_seconds());
    put("sourceServiceRevisions", json!(sources));
    put("targetServiceRevision", weighed(target, weight));
    put("deploymentConfiguration", deployment_configuration(service));
    put("deploymentCircuitBreaker", breaker(service, deployment));
    put("lifecycleStage", json!(deployment.stage.name()));
    if !deployment.hooks.is_empty() {
        put("lifecycleHookDetails", json!(hooks(deployment)));
    }
    set(&mut shown, "alarms", alarms(service, deployment));
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

/// The service deployment that a call names, and its status.
fn named(
    ecs: &Ecs,
    args: &Args,
) -> Result<(String, ServiceKey, usize, DeploymentStatus), ApiError> {
    let arn = args.text("serviceDeploymentArn")?.unwrap_or_default();
    let not_found = || {
        ApiError::client(
            "ServiceDeploymentNotFoundException",
            "Service deployment not found.",
        )
    };
    let (key, at) = find(ecs, arn).ok_or_else(not_found)?;
    let service = ecs.service(key).ok_or_else(not_found)?;
    let deployment = service.history.get(at).ok_or_else(not_found)?;
    Ok((arn.to_owned(), key, at, deployment.status))
}

pub(super) fn stop(ecs: &mut Ecs, args: &Args) -> Answer {
    let (arn, key, at, status) = named(ecs, args)?;
    if !matches!(args.text("stopType")?, None | Some("ROLLBACK")) {
        return Err(ApiError::invalid_parameter("Invalid stopType."));
    }
    let conflict = |why: &str| Err(ApiError::client("ConflictException", why));
    match status {
        // Already on its way: asking again changes nothing (stop-service-deployment).
        DeploymentStatus::StopRequested
        | DeploymentStatus::RollbackRequested
        | DeploymentStatus::RollbackInProgress => {}
        DeploymentStatus::Pending | DeploymentStatus::InProgress => {
            if !ecs.can_go_back(key) {
                return conflict("There is no completed deployment to roll back to.");
            }
            let service = ecs.service_mut(key);
            if let Some(deployment) = service.and_then(|service| service.history.get_mut(at)) {
                deployment.status = DeploymentStatus::RollbackRequested;
            }
            ecs.plan_reconcile(key, SECOND);
        }
        _ => return conflict("The service deployment is not in progress."),
    }
    Ok(json!({ "serviceDeploymentArn": arn }))
}

pub(super) fn go_on(ecs: &mut Ecs, args: &Args) -> Answer {
    let (arn, key, _, status) = named(ecs, args)?;
    let hook = args.text("hookId")?.unwrap_or_default();
    let action = match args.text("action")? {
        Some("ROLLBACK") => TimeoutAction::Rollback,
        _ => TimeoutAction::Continue,
    };
    if action == TimeoutAction::Rollback && !ecs.can_go_back(key) {
        let why = "There is no completed deployment to roll back to.";
        return Err(ApiError::client("ConflictException", why));
    }
    let waits = status == DeploymentStatus::InProgress && ecs.answer_pause(key, hook, action);
    if !waits {
        let why = "The lifecycle hook is not awaiting an action.";
        return Err(ApiError::client("ConflictException", why));
    }
    Ok(json!({ "serviceDeploymentArn": arn }))
}
