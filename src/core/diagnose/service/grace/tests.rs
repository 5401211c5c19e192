use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::diagnose::sample::{
    NOW, ago, definition, deployment, ended as dead, event, revision, service, task,
};
use crate::diagnose::{Cause, Fact, Facts, LocalFacts, Question, diagnose_service};
use crate::domain::{
    Arn, DeploymentStatus, LoadBalancer, Rollout, Service, StopCode, TargetGroup, Time,
};

const ELB: &str = "Task failed ELB health checks in (target-group \
                   arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1)";
const OWN: &str = "Task failed container health checks";

/// Target groups call a target unhealthy after three checks, ten seconds apart: 30 s.
fn group() -> TargetGroup {
    TargetGroup {
        arn: Arn::new("tg"),
        port: None,
        target_type: Clean::new("ip"),
        load_balancers: vec![Arn::new("lb")],
        check_protocol: None,
        check_port: None,
        check_path: None,
        matcher: None,
        interval_seconds: Some(10),
        timeout_seconds: None,
        healthy_threshold: None,
        unhealthy_threshold: Some(3),
        targets: Vec::new(),
    }
}

/// A service behind the load balancer that goes from `web:1` to `web:2`, with this grace period.
fn rolling_out(grace: u32) -> Service {
    let mut service = service("web");
    let mut old = deployment("ecs-svc/1", "web:1");
    old.status = DeploymentStatus::Active;
    let mut new = deployment("ecs-svc/2", "web:2");
    (new.running, new.pending) = (0, 2);
    new.rollout = Some(Rollout::InProgress);
    new.created = Some(ago(600));
    service.deployments = vec![old, new];
    service.grace_seconds = Some(grace);
    service.load_balancers = vec![LoadBalancer {
        target_group: Some(Arn::new("tg")),
        container: Clean::new("app"),
        port: Some(80),
    }];
    service
}

/// A task of `web:2` that was stopped for its health after so many seconds.
fn stopped(id: &str, words: &str, lived: i64) -> Task {
    let mut task = dead(task("web", id), 143, 100);
    task.definition = revision("web:2");
    task.started_by = Some(Clean::new("ecs-svc/2"));
    task.stop_code = Some(StopCode::ServiceSchedulerInitiated);
    task.stopped_reason = Some(Clean::new(words));
    task.started = Some(ago(100 + lived));
    task.stopping = Some(ago(100));
    task
}

/// What is said of two tasks that were stopped, and of one of `web:1` that came up so long after its start.
fn said(grace: u32, words: &str, lived: i64, good: Option<i64>) -> Option<Cause> {
    let mut new = definition("web:2", "web");
    new.containers[0].health_check = Some(HealthCheck {
        command: Clean::new("CMD true"),
        interval_seconds: 10,
        timeout_seconds: 5,
        retries: 3,
        start_period_seconds: 20,
    });
    let mut service = rolling_out(grace);
    // The good one has been running for half an hour: something was drained when it had come up.
    let drained = |seconds| {
        event(
            "(service web) has begun draining connections on 1 tasks.",
            1_800 - seconds,
        )
    };
    service.events = good.map(drained).into_iter().collect();
    let tasks = [
        stopped("a", words, lived),
        stopped("b", words, lived),
        task("web", "1"),
    ];
    let mut facts = Facts::default();
    let question = Question::TargetGroup(Arn::new("tg"));
    facts.put(question, ago(1), Ok(Fact::TargetGroup(Some(group()))));
    let found = diagnose_service(ServiceSnapshot {
        service: &service,
        tasks: &tasks.iter().collect::<Vec<_>>(),
        facts: &facts,
        definitions: &BTreeMap::from([(new.arn.clone(), Arc::new(new))]),
        local: &LocalFacts::default(),
        now: Time::from_second(NOW).unwrap(),
    });
    let leads = found.causes[0].id == CauseId::HealthGraceTooShort;
    let grace = |cause: &Cause| cause.id == CauseId::HealthGraceTooShort;
    let cause = found.causes.into_iter().find(grace)?;
    assert_eq!(leads, cause.confidence > 0.9, "{cause:?}");
    Some(cause)
}

fn leads(grace: u32, words: &str, lived: i64, good: Option<i64>) -> bool {
    said(grace, words, lived, good).is_some_and(|cause| cause.confidence > 0.9)
}

#[test]
fn a_grace_period_shorter_than_every_good_start_is_the_cause_with_both_figures() {
    let cause = said(60, ELB, 70, Some(95)).unwrap();
    assert!(cause.confidence > 0.9);
    let text = &cause.evidence[0].text;
    assert!(
        text.contains("grace period 60 s") && text.contains("took 95 s"),
        "{text}"
    );
}

#[test]
fn a_good_start_within_what_is_given_leaves_it_a_mere_possibility() {
    assert!(leads(60, ELB, 70, Some(61)));
    assert!(!leads(60, ELB, 70, Some(60)));
    assert!(said(60, ELB, 70, Some(60)).is_some());
    assert!(!leads(60, ELB, 70, None), "no good start was seen");
}

#[test]
fn a_target_is_given_its_group_s_checks_though_there_is_no_grace_period() {
    assert!(leads(0, ELB, 31, Some(31)));
    assert!(!leads(0, ELB, 31, Some(30)));
}

#[test]
fn a_task_that_lived_on_was_not_stopped_for_its_start() {
    assert!(said(60, ELB, 60 + SLACK_SECONDS, Some(95)).is_some());
    assert_eq!(said(60, ELB, 61 + SLACK_SECONDS, Some(95)), None);
}

#[test]
fn a_container_is_given_its_start_period_and_its_retries_or_the_grace_period() {
    // 20 + 3 × (10 + 5) = 65
    assert!(leads(0, OWN, 66, Some(66)));
    assert!(!leads(0, OWN, 66, Some(65)));
    assert!(
        !leads(120, OWN, 66, Some(120)),
        "the grace period is longer"
    );
    assert!(leads(120, OWN, 66, Some(121)));
    let text = said(0, OWN, 66, Some(66)).unwrap().evidence[0].text.clone();
    assert!(
        text.contains("startPeriod 20 + 3 \u{d7} (10 + 5)"),
        "{text}"
    );
}

#[test]
fn what_was_seen_from_here_and_what_the_scheduler_did_measure_a_start() {
    let mut service = rolling_out(60);
    service.events = vec![event(
        "(service web) has reached a steady state.",
        1_800 - 100,
    )];
    let well = task("web", "1");
    let mut local = LocalFacts::default();
    let measured = |task: &Task, local: &LocalFacts| {
        let snapshot = ServiceSnapshot {
            service: &service,
            tasks: &[task],
            facts: &Facts::default(),
            definitions: &BTreeMap::new(),
            local,
            now: Time::from_second(NOW).unwrap(),
        };
        (seen_healthy(snapshot, task), acted_upon(snapshot, task))
    };
    assert_eq!(measured(&well, &local), (None, Some(100)));
    local
        .healthy_since
        .insert(well.arn.clone(), ago(1_800 - 90));
    assert_eq!(measured(&well, &local), (Some(90), Some(100)));
    let mut gone = well.clone();
    gone.stopping = Some(ago(1_800 - 99));
    assert_eq!(
        measured(&gone, &LocalFacts::default()),
        (None, None),
        "it went before"
    );
    let mut unwell = well;
    unwell.health = Health::Unhealthy;
    assert_eq!(measured(&unwell, &LocalFacts::default()), (None, None));
}

#[test]
fn what_the_scheduler_did_says_nothing_of_the_failing_rollout_s_own_tasks() {
    let mut service = rolling_out(60);
    service.events = vec![event(
        "(service web) has begun draining connections on 1 tasks.",
        100,
    )];
    let mut pending = stopped(
        "c",
        "Scaling activity initiated by (deployment ecs-svc/2)",
        95,
    );
    (pending.started, pending.stopping) = (Some(ago(195)), Some(ago(5)));
    let tasks = [stopped("a", ELB, 70), pending];
    let found = diagnose_service(ServiceSnapshot {
        service: &service,
        tasks: &tasks.iter().collect::<Vec<_>>(),
        facts: &Facts::default(),
        definitions: &BTreeMap::new(),
        local: &LocalFacts::default(),
        now: Time::from_second(NOW).unwrap(),
    });
    let mut causes = found.causes.iter();
    let cause = causes.find(|cause| cause.id == CauseId::HealthGraceTooShort);
    assert!(cause.unwrap().confidence < 0.5, "{cause:?}");
}
