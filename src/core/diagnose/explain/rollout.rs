//! A service deployment out of JSON, as `describe-service-deployments` prints it: by itself, or as the rollout of a
//! service in the same input.

use super::read::{self, count, moment, named, text};
use super::report::Report;
use super::shape::Item;
use crate::diagnose::cause::CauseId;
use crate::diagnose::evidence::with_first;
use crate::diagnose::messages::classify;
use crate::diagnose::service::{progress_of, waits_for};
use crate::diagnose::{Diagnosis, Evidence, EvidenceSource, Runnable, Verdict};
use crate::domain::{
    Arn, BreakerState, DeploymentAlarms, DeploymentHook, RollbackInfo, ServiceDeployment,
    ServiceDeploymentStatus, Time,
};
use crate::text::Clean;

/// The rollout that an item is.
pub(super) fn rollout(item: &Item) -> ServiceDeployment {
    let target = item.target_service_revision.as_ref();
    let settings = read::settings(item);
    let word = |raw: Option<&str>| Clean::new(raw.unwrap_or_default());
    let names =
        |raw: &Option<Vec<String>>| raw.iter().flatten().map(|one| Clean::new(one)).collect();
    ServiceDeployment {
        arn: named(item.service_deployment_arn.as_deref()),
        service: named(item.service_arn.as_deref()),
        status: status(item.status.as_deref()),
        status_reason: text(item.status_reason.as_deref()),
        created: moment(item.created_at),
        started: moment(item.started_at),
        finished: moment(item.finished_at),
        stopped: moment(item.stopped_at),
        sources: item
            .source_service_revisions
            .iter()
            .flatten()
            .map(|one| named(one.arn.as_deref()))
            .collect(),
        target: target.and_then(|one| one.arn.as_deref()).map(Arn::new),
        stage: text(item.lifecycle_stage.as_deref()),
        strategy: item
            .deployment_configuration
            .as_ref()
            .and_then(|one| text(one.strategy.as_deref())),
        bake_minutes: settings.bake_minutes,
        target_weight: target.and_then(|one| one.requested_production_traffic_weight),
        hooks: item
            .lifecycle_hook_details
            .iter()
            .flatten()
            .map(|one| DeploymentHook {
                id: word(one.hook_id.as_deref()),
                target_type: word(one.target_type.as_deref()),
                status: word(one.status.as_deref()),
                expires: moment(one.expires_at),
                timeout_action: text(one.timeout_action.as_deref()),
            })
            .collect(),
        rollback: item.rollback.as_ref().map(|one| RollbackInfo {
            reason: text(one.reason.as_deref()),
            started: moment(one.started_at),
            revision: one.service_revision_arn.as_deref().map(Arn::new),
        }),
        breaker: item
            .deployment_circuit_breaker
            .as_ref()
            .map(|one| BreakerState {
                status: word(one.status.as_deref()),
                failures: count(one.failure_count),
                threshold: count(one.threshold),
            }),
        alarms: item.alarms.as_ref().map(|one| DeploymentAlarms {
            status: word(one.status.as_deref()),
            names: names(&one.alarm_names),
            triggered: names(&one.triggered_alarm_names),
        }),
    }
}

fn status(raw: Option<&str>) -> ServiceDeploymentStatus {
    use ServiceDeploymentStatus::*;
    match raw {
        Some("PENDING") => Pending,
        Some("IN_PROGRESS") => InProgress,
        Some("SUCCESSFUL") => Successful,
        Some("STOP_REQUESTED") => StopRequested,
        Some("STOPPED") => Stopped,
        Some("ROLLBACK_REQUESTED") => RollbackRequested,
        Some("ROLLBACK_IN_PROGRESS") => RollbackInProgress,
        Some("ROLLBACK_SUCCESSFUL") => RollbackSuccessful,
        Some("ROLLBACK_FAILED") => RollbackFailed,
        _ => Other,
    }
}

/// Explains a rollout by itself.
pub(super) fn explain_rollout(item: &Item) -> Report {
    use ServiceDeploymentStatus::*;
    let rollout = rollout(item);
    let verdict = match rollout.status {
        // Another deployment took its place: nothing is wrong with that.
        Successful | Stopped => Verdict::Steady,
        Pending | InProgress | StopRequested => Verdict::Progressing,
        RollbackRequested | RollbackInProgress => Verdict::RollingBack,
        RollbackSuccessful => Verdict::RolledBack,
        RollbackFailed => Verdict::Failed,
        Other => Verdict::Unknown,
    };
    let evidence = evidence(item, &rollout);
    let stage = rollout
        .stage
        .as_ref()
        .filter(|_| rollout.status.is_ongoing());
    let at = stage.map_or_else(String::new, |stage| format!(" at {stage}"));
    let what = format!(
        "service deployment {}{at}{}",
        rollout.status.word(),
        tasks(item)
    );
    let since = rollout.started.or(rollout.created);
    let waits = evidence.iter().find(|one| {
        one.ranking
            .first()
            .is_some_and(|best| matches!(best.cause, CauseId::WaitingOnHook | CauseId::Progressing))
    });
    let summary = match waits {
        Some(waits) => Clean::own(format!("{what}: {}", waits.text)),
        None => with_first(what, &evidence),
    };
    let mut found = Diagnosis::new(verdict, summary, since, evidence);
    found.needs_attention = rollout.hooks.iter().any(DeploymentHook::awaits_action);
    let mut report = Report::diagnosed(&found, Runnable::Any, false);
    report.placed(&rollout.service, &named(item.cluster_arn.as_deref()));
    report.service = Some(Clean::new(rollout.service.name())).filter(|name| !name.is_empty());
    report.deployment = Some(rollout.arn.clean().clone());
    report
}

/// How many of its tasks run.
fn tasks(item: &Item) -> String {
    let target = item.target_service_revision.as_ref();
    let counts = target.and_then(|one| one.running_task_count.zip(one.requested_task_count));
    counts.map_or_else(String::new, |(running, requested)| {
        format!(" ({running}/{requested} new)")
    })
}

/// What it tells of why it is as it is: a fault first, then what it waits for, then how far it is.
fn evidence(item: &Item, rollout: &ServiceDeployment) -> Vec<Evidence> {
    let since: Option<Time> = rollout.started.or(rollout.created);
    let told = |cause, confidence, words: String| {
        let reference = rollout.arn.clean().clone();
        let source = EvidenceSource::ServiceDeployment;
        Evidence {
            at: since,
            ..Evidence::about(source, reference, cause, confidence, words)
        }
    };
    let mut found = Vec::new();
    let alarms = rollout.alarms.iter().flat_map(|alarms| &alarms.triggered);
    found.extend(alarms.map(|name| {
        told(
            CauseId::DeploymentAlarm,
            0.97,
            format!("alarm {name} fired"),
        )
    }));
    let failed = |hook: &&DeploymentHook| matches!(hook.status.as_str(), "FAILED" | "TIMED_OUT");
    found.extend(rollout.hooks.iter().filter(failed).map(|hook| {
        let words = format!("lifecycle hook {}: {}", hook.id, hook.status);
        told(CauseId::HookFailed, 0.96, words)
    }));
    let reasons = [
        rollout
            .rollback
            .as_ref()
            .and_then(|one| one.reason.as_ref()),
        rollout.status_reason.as_ref(),
    ];
    found.extend(reasons.into_iter().flatten().map(|words| Evidence {
        ranking: classify(words),
        text: words.clone(),
        ..told(CauseId::Unknown, 0.0, String::new())
    }));
    let tripped = rollout
        .breaker
        .as_ref()
        .filter(|one| one.status.as_str() == "TRIGGERED");
    found.extend(tripped.map(|one| {
        let words = format!(
            "circuit breaker tripped: {} failed tasks, threshold {}",
            one.failures, one.threshold
        );
        told(CauseId::CircuitBreakerTripped, 0.9, words)
    }));
    if rollout.status.is_ongoing() && !rollout.status.is_rolling_back() {
        let waits = waits_for(rollout).map(|words| told(CauseId::WaitingOnHook, 0.9, words));
        found.extend(waits.or_else(|| progress_of(rollout, &read::settings(item))));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::diagnose::explain;

    fn explained(members: &str, more: &str) -> Vec<Report> {
        let input = format!(
            r#"{{"serviceDeployments":[{{"serviceDeploymentArn":"arn:aws:ecs:eu-west-1:1:service-deployment/main/web/d1",
            "serviceArn":"arn:aws:ecs:eu-west-1:1:service/main/web","clusterArn":"arn:aws:ecs:eu-west-1:1:cluster/main",
            "createdAt":"2026-11-30T09:00:00Z","startedAt":"2026-11-30T09:00:01Z",
            "targetServiceRevision":{{"arn":"arn:aws:ecs:eu-west-1:1:service-revision/main/web/9","requestedTaskCount":2,
            "runningTaskCount":2,"requestedProductionTrafficWeight":40.0}},{members}}}],"failures":[]}}{more}"#
        );
        let mut all = Vec::new();
        explain(input.as_bytes(), None, |report| {
            all.push(report);
            ControlFlow::Continue(())
        });
        all
    }

    #[test]
    fn the_state_of_a_rollout_gives_the_verdict_and_its_words_the_cause() {
        let hook = |status: &str| {
            format!(
                r#""status":"IN_PROGRESS","lifecycleStage":"POST_TEST_TRAFFIC_SHIFT","lifecycleHookDetails":
                [{{"hookId":"h-1","targetType":"PAUSE","status":"{status}","expiresAt":"2026-12-01T09:00:00Z","timeoutAction":"ROLLBACK"}}]"#
            )
        };
        let back = |status: &str, reason: &str| {
            format!(r#""status":"{status}","rollback":{{"reason":"{reason}"}}"#)
        };
        for (members, verdict, cause, attention) in [
            (r#""status":"SUCCESSFUL""#.to_owned(), Verdict::Steady, CauseId::Steady, false),
            (r#""status":"IN_PROGRESS""#.to_owned(), Verdict::Progressing, CauseId::Progressing, false),
            (hook("AWAITING_ACTION"), Verdict::Progressing, CauseId::WaitingOnHook, true),
            (hook("IN_PROGRESS"), Verdict::Progressing, CauseId::WaitingOnHook, false),
            (hook("TIMED_OUT"), Verdict::Progressing, CauseId::HookFailed, false),
            (r#""status":"IN_PROGRESS","lifecycleStage":"BAKE_TIME""#.to_owned(), Verdict::Progressing, CauseId::WaitingOnHook, false),
            (
                back("ROLLBACK_SUCCESSFUL", "Service deployment rolled back because the circuit breaker threshold was exceeded."),
                Verdict::RolledBack,
                CauseId::CircuitBreakerTripped,
                false,
            ),
            (
                r#""status":"ROLLBACK_IN_PROGRESS","alarms":{"status":"TRIGGERED","alarmNames":["5xx"],"triggeredAlarmNames":["5xx"]}"#.to_owned(),
                Verdict::RollingBack,
                CauseId::DeploymentAlarm,
                false,
            ),
            (r#""status":"ROLLBACK_FAILED","deploymentCircuitBreaker":{"status":"TRIGGERED","failureCount":3,"threshold":3}"#.to_owned(), Verdict::Failed, CauseId::CircuitBreakerTripped, false),
        ] {
            let reports = explained(&members, "");
            assert_eq!(reports.len(), 1, "{reports:?}");
            let report = &reports[0];
            assert_eq!(
                (report.verdict, report.causes[0].id, report.needs_attention),
                (verdict, cause, attention),
                "{members}: {}",
                report.summary
            );
            assert_eq!(report.service.as_deref(), Some("web"));
        }
    }

    #[test]
    fn a_hook_that_waits_for_a_person_says_what_ecs_does_without_one() {
        let reports = explained(
            r#""status":"IN_PROGRESS","lifecycleStage":"PRE_SCALE_UP","lifecycleHookDetails":[{"hookId":"h-1",
            "status":"AWAITING_ACTION","expiresAt":"2026-12-01T09:00:00Z","timeoutAction":"ROLLBACK"}]"#,
            "",
        );
        let said = reports[0].summary.as_str();
        assert!(
            said.contains("at PRE_SCALE_UP (2/2 new)") && said.contains("ECS will ROLLBACK"),
            "{said}"
        );
    }

    #[test]
    fn the_traffic_of_a_linear_rollout_is_told_with_its_steps() {
        let reports = explained(
            r#""status":"IN_PROGRESS","lifecycleStage":"PRODUCTION_TRAFFIC_SHIFT","deploymentConfiguration":
            {"strategy":"LINEAR","linearConfiguration":{"stepPercent":10.0,"stepBakeTimeInMinutes":6}}"#,
            "",
        );
        let said = reports[0].summary.as_str();
        assert!(
            said.contains("40 %") && said.contains("10 % more every 6 min"),
            "{said}"
        );
    }

    #[test]
    fn a_service_is_judged_with_its_rollout_wherever_that_stands() {
        let service = r#"{"services":[{"serviceArn":"arn:aws:ecs:eu-west-1:1:service/main/web","serviceName":"web",
            "clusterArn":"arn:aws:ecs:eu-west-1:1:cluster/main","status":"ACTIVE","desiredCount":2,"runningCount":4,
            "deployments":[{"id":"ecs-svc/2","status":"PRIMARY","taskDefinition":"web:2","rolloutState":"IN_PROGRESS",
            "desiredCount":2,"runningCount":2,"createdAt":"2026-11-30T09:00:00Z"}],
            "events":[{"createdAt":"2026-11-30T13:00:00Z","message":"(service web) registered 2 targets"}]}]}"#;
        let reports = explained(
            r#""status":"IN_PROGRESS","lifecycleStage":"PRE_SCALE_UP","lifecycleHookDetails":[{"hookId":"h-1",
            "status":"AWAITING_ACTION"}]"#,
            service,
        );
        let service = &reports[1];
        assert_eq!(
            (
                service.verdict,
                service.causes[0].id,
                service.needs_attention
            ),
            (Verdict::Progressing, CauseId::WaitingOnHook, true),
            "{}",
            service.summary
        );
    }
}
