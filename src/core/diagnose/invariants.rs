//! What holds of every diagnosis, whatever AWS shows: checked over generated services with their tasks.
//! `PROPTEST_CASES=20000` checks as many of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::cause::{CauseId, Standing};
use super::sample::{NOW, ago, deployment, event, revision, service, task};
use super::service::is_lasting;
use super::*;
use crate::domain::{
    Container, Deployment, DeploymentStatus, Health, Rollout, Service, StopCode, Task, TaskStatus,
    Time,
};
use crate::text::Clean;

/// AWS's words: ordinary ones, faults, and some that nobody knows.
const REASONS: [&str; 9] = [
    "Essential container in task exited",
    "CannotPullContainerError: manifest for app:9 not found",
    "OutOfMemoryError: Container killed due to memory usage",
    "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b)",
    "Task failed container health checks",
    "Scaling activity initiated by (deployment ecs-svc/1)",
    "Host EC2 (instance i-0a1b2c3d4e5f60001) terminated.",
    "Task failed to start",
    "the frobnicator declined",
];

const EVENTS: [&str; 9] = [
    "(service web) has reached a steady state.",
    "(service web) has started 1 tasks: (task a).",
    "(service web) has stopped 1 running tasks: (task b).",
    "(service web) registered 1 targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b)",
    "(service web) was unable to place a task because no container instance met all of its requirements.",
    "(service web) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
    "(service web) was unable to place a task. Reason: the frobnicator declined.",
    "(service web) is unable to consistently start tasks successfully.",
    "(service web) (task a) (port 80) is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b) due to (reason Health checks failed).",
];

#[derive(Clone, Debug)]
struct Given {
    service: Service,
    tasks: Vec<Task>,
}

prop_compose! {
    fn a_deployment()(
        id in 1u8..4,
        revision in 1u8..4,
        counts in (0u32..4, 0u32..3, 0u32..4),
        rollout in prop_oneof![
            Just(None),
            Just(Some(Rollout::InProgress)),
            Just(Some(Rollout::Completed)),
            Just(Some(Rollout::Failed)),
        ],
        age in 10i64..4_000,
    ) -> Deployment {
        let mut one = deployment(&format!("ecs-svc/{id}"), &format!("web:{revision}"));
        (one.running, one.pending, one.failed) = counts;
        (one.rollout, one.created) = (rollout, Some(ago(age)));
        one.updated = Some(ago(age / 2));
        one
    }
}

prop_compose! {
    fn a_container(name: &'static str)(
        exit in prop_oneof![Just(None), Just(Some(0)), Just(Some(1)), Just(Some(137)), Just(Some(143))],
        reason in proptest::option::weighted(0.2, 0usize..REASONS.len()),
        sick in proptest::bool::weighted(0.1),
    ) -> Container {
        let mut one = sample::container(name);
        one.status = Clean::literal(if exit.is_some() { "STOPPED" } else { "RUNNING" });
        one.exit_code = exit;
        one.reason = reason.map(|at| Clean::literal(REASONS[at]));
        one.health = if sick { Health::Unhealthy } else { Health::Unknown };
        one
    }
}

prop_compose! {
    fn a_task()(
        id in 0u32..1_000,
        by in prop_oneof![
            Just("ecs-svc/1"), Just("ecs-svc/2"), Just("ecs-svc/3"), Just("ecs-svc/9"), Just("moto")
        ],
        revision_number in 1u8..4,
        status in prop_oneof![
            Just(TaskStatus::Provisioning), Just(TaskStatus::Pending), Just(TaskStatus::Running),
            Just(TaskStatus::Stopped), Just(TaskStatus::Stopped), Just(TaskStatus::Deactivating)
        ],
        code in prop_oneof![
            Just(StopCode::TaskFailedToStart), Just(StopCode::EssentialContainerExited),
            Just(StopCode::ServiceSchedulerInitiated), Just(StopCode::UserInitiated)
        ],
        reason in 0usize..REASONS.len(),
        (age, life) in (20i64..4_000, 5i64..600),
        containers in (a_container("app"), a_container("proxy")),
    ) -> Task {
        let mut one = task("web", &format!("{id:08}"));
        one.definition = revision(&format!("web:{revision_number}"));
        one.started_by = Some(Clean::literal(by));
        one.status = status;
        one.health = Health::Unknown;
        one.created = Some(ago(age));
        one.started = (status >= TaskStatus::Running).then(|| ago(age - 5));
        one.containers = vec![containers.0, containers.1];
        if status == TaskStatus::Stopped {
            one.stop_code = Some(code);
            one.stopped_reason = Some(Clean::literal(REASONS[reason]));
            one.stopped = Some(ago((age - life).max(1)));
        }
        one
    }
}

prop_compose! {
    fn a_given()(
        mut deployments in proptest::collection::vec(a_deployment(), 1..3),
        tasks in proptest::collection::vec(a_task(), 0..8),
        events in proptest::collection::vec((0usize..EVENTS.len(), 1i64..4_000), 0..6),
        counts in (0u32..4, 0u32..5, 0u32..3),
    ) -> Given {
        let mut service = service("web");
        // A task's id is its own.
        let mut tasks = tasks;
        for (at, one) in tasks.iter_mut().enumerate() {
            one.arn = task("web", &format!("{at:08}")).arn;
        }
        deployments.dedup_by(|one, other| one.id == other.id);
        for (at, one) in deployments.iter_mut().enumerate() {
            one.status = if at == 0 { DeploymentStatus::Primary } else { DeploymentStatus::Active };
        }
        service.task_definition = deployments[0].task_definition.clone();
        service.deployments = deployments;
        (service.desired, service.running, service.pending) = counts;
        let mut events = events;
        events.sort_by_key(|(_, ago)| *ago);
        service.events = events.iter().map(|(at, ago)| event(EVENTS[*at], *ago)).collect();
        Given { service, tasks }
    }
}

fn why(given: &Given) -> Diagnosis {
    let tasks: Vec<&Task> = given.tasks.iter().collect();
    diagnose_service(ServiceSnapshot {
        service: &given.service,
        tasks: &tasks,
        facts: &Facts::default(),
        definitions: &BTreeMap::new(),
        local: &LocalFacts::default(),
        now: Time::from_second(NOW).unwrap(),
    })
}

/// The same as AWS's JSON.
fn json(given: &Given) -> String {
    let at = |time: Option<Time>| time.map_or("null".to_owned(), |time| format!("\"{time}\""));
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let service = &given.service;
    let mut text = format!(
        r#"{{"services":[{{"serviceArn":{},"serviceName":"web","clusterArn":{},"status":"ACTIVE","desiredCount":{},
        "runningCount":{},"pendingCount":{},"launchType":"FARGATE","taskDefinition":{},
        "deploymentConfiguration":{{"minimumHealthyPercent":100,"maximumPercent":200,
        "deploymentCircuitBreaker":{{"enable":true,"rollback":true}}}},"deployments":["#,
        quoted(service.arn.as_str()),
        quoted(service.cluster.as_str()),
        service.desired,
        service.running,
        service.pending,
        quoted(service.task_definition.as_str()),
    );
    for (number, one) in service.deployments.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let status = if one.status == DeploymentStatus::Primary {
            "PRIMARY"
        } else {
            "ACTIVE"
        };
        let rollout = match one.rollout {
            Some(Rollout::InProgress) => r#""IN_PROGRESS""#,
            Some(Rollout::Completed) => r#""COMPLETED""#,
            Some(Rollout::Failed) => r#""FAILED""#,
            None => "null",
        };
        let _ = write!(
            text,
            r#"{comma}{{"id":{},"status":"{status}","taskDefinition":{},"desiredCount":{},"runningCount":{},
            "pendingCount":{},"failedTasks":{},"rolloutState":{rollout},"createdAt":{},"updatedAt":{}}}"#,
            quoted(&one.id),
            quoted(one.task_definition.as_str()),
            one.desired,
            one.running,
            one.pending,
            one.failed,
            at(one.created),
            at(one.updated),
        );
    }
    text += r#"],"events":["#;
    for (number, one) in service.events.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let _ = write!(
            text,
            r#"{comma}{{"id":{},"createdAt":{},"message":{}}}"#,
            quoted(&one.id),
            at(one.at),
            quoted(&one.message)
        );
    }
    text += r#"]}]}{"tasks":["#;
    for (number, one) in given.tasks.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let status = format!("{:?}", one.status).to_uppercase();
        let code = one
            .stop_code
            .map_or("null".to_owned(), |code| format!("\"{code:?}\""));
        let reason = one
            .stopped_reason
            .as_ref()
            .map_or("null".to_owned(), |text| quoted(text));
        let containers: Vec<String> = one
            .containers
            .iter()
            .map(|container| {
                let exit = container.exit_code.map_or("null".to_owned(), |code| code.to_string());
                let reason = container.reason.as_ref().map_or("null".to_owned(), |text| quoted(text));
                let health = format!("{:?}", container.health).to_uppercase();
                format!(
                    r#"{{"name":{},"lastStatus":{},"exitCode":{exit},"reason":{reason},"healthStatus":"{health}"}}"#,
                    quoted(&container.name),
                    quoted(&container.status)
                )
            })
            .collect();
        let _ = write!(
            text,
            r#"{comma}{{"taskArn":{},"clusterArn":{},"group":"service:web","taskDefinitionArn":{},"startedBy":{},
            "lastStatus":"{status}","launchType":"FARGATE","healthStatus":"UNKNOWN","createdAt":{},"startedAt":{},
            "stoppedAt":{},"stopCode":{code},"stoppedReason":{reason},"containers":[{}]}}"#,
            quoted(one.arn.as_str()),
            quoted(one.cluster.as_str()),
            quoted(one.definition.as_str()),
            quoted(one.started_by.as_deref().unwrap_or_default()),
            at(one.created),
            at(one.started),
            at(one.stopped),
            containers.join(",")
        );
    }
    text + "]}"
}

/// What a report must not do, whatever it is of.
pub(super) fn contradiction(report: &Report) -> Option<String> {
    let first = &report.causes[0];
    let named = format!("{} {}: {}", report.verdict.word(), first.id, report.summary);
    if report.verdict.is_bad_news() && first.id.standing() == Standing::Calm {
        return Some(format!("bad news with a calm cause: {named}"));
    }
    let words = first.evidence.iter().find(|one| !one.text.is_empty());
    if first.id == CauseId::Unknown {
        if first.fix.to_lowercase().contains("wait") {
            return Some(format!("unknown says wait: {named}"));
        }
        let shown = words.is_none_or(|words| first.summary.contains(words.text.as_str()));
        if !shown {
            return Some(format!("unknown does not show AWS's words: {named}"));
        }
    }
    let fault = |cause: &Cause| {
        let wrong = matches!(cause.id.standing(), Standing::Fault | Standing::Symptom);
        wrong && cause.confidence >= 0.5 && cause.id != CauseId::AutoscalerOverride
    };
    let calm = matches!(report.verdict, Verdict::Steady | Verdict::ScaledToZero);
    if calm && let Some(cause) = report.causes.iter().find(|cause| fault(cause)) {
        return Some(format!(
            "calm with a standing failure {}: {named}",
            cause.id
        ));
    }
    None
}

proptest! {
    #[test]
    fn no_diagnosis_contradicts_itself(given in a_given()) {
        let report = Report::diagnosed(&why(&given), Runnable::Any, false);
        prop_assert_eq!(contradiction(&report), None);
    }

    #[test]
    fn explain_and_why_say_the_same(given in a_given()) {
        let why = Report::diagnosed(&why(&given), Runnable::Any, false);
        let now = Time::from_second(NOW).unwrap();
        let mut explained = Vec::new();
        explain(json(&given).as_bytes(), Some(now), |report| {
            explained.push(report);
            ControlFlow::Continue(())
        });
        prop_assert_eq!(explained.len(), 1 + given.tasks.len());
        let service = &explained[0];
        prop_assert_eq!(service.error.as_ref(), None);
        prop_assert_eq!(
            (service.verdict, service.causes[0].id, &service.summary),
            (why.verdict, why.causes[0].id, &why.summary)
        );
        for report in &explained {
            prop_assert_eq!(contradiction(report), None);
        }
    }

    #[test]
    fn a_rollout_is_never_judged_by_another_revision_or_by_what_was_before_it(given in a_given()) {
        let found = why(&given);
        let primary = given.service.primary().unwrap();
        let rolls = primary.rollout == Some(Rollout::InProgress)
            && matches!(found.verdict, Verdict::Stuck | Verdict::Progressing);
        for evidence in found.evidence.iter().filter(|_| rolls) {
            let of = given.tasks.iter().find(|task| *task.arn.clean() == evidence.reference);
            let Some(task) = of else { continue };
            prop_assert_eq!(&task.definition, &primary.task_definition);
            let before = task.stopped.map(|end| primary.created.unwrap().duration_since(end).as_secs());
            prop_assert!(before.is_none_or(|seconds| seconds <= 5));
        }
    }

    #[test]
    fn a_rollout_that_goes_on_has_no_failure_that_only_somebody_can_mend(given in a_given()) {
        let found = why(&given);
        let standing = |one: &&Evidence| {
            one.source == EvidenceSource::StoppedTask
                && one.ranking.first().is_some_and(|best| best.confidence >= 0.6 && is_lasting(best.cause))
        };
        // Where all tasks run and none is rolled out, one that failed before them has been replaced.
        let rolls = given.service.primary().unwrap().rollout == Some(Rollout::InProgress);
        if rolls && found.verdict == Verdict::Progressing {
            prop_assert_eq!(found.evidence.iter().find(standing), None);
        }
    }
}
