use super::*;
use crate::diagnose::cause::CauseId;
use crate::diagnose::sample::{
    NOW, ago, definition, deployment, ended, event, revision, service, task, unstarted,
};
use crate::diagnose::{EvidenceSource, Fact, Question, SentBack};
use crate::domain::{
    Autoscaling, BreakerState, Controller, DeploymentHook, DeploymentStatus, Health, LoadBalancer,
    RollbackInfo, ScalingActivity, Scheduling, ServiceDeployment, ServiceDeploymentStatus,
    StopCode, TaskStatus,
};

pub(super) fn of(service: &Service, tasks: &[Task]) -> Diagnosis {
    knowing(service, tasks, &Facts::default())
}

pub(super) fn knowing(service: &Service, tasks: &[Task], facts: &Facts) -> Diagnosis {
    knowing_all(service, tasks, facts, &LocalFacts::default())
}

/// What is said of a service whose definitions nobody has read.
pub(super) fn knowing_all(
    service: &Service,
    tasks: &[Task],
    facts: &Facts,
    local: &LocalFacts,
) -> Diagnosis {
    let tasks: Vec<&Task> = tasks.iter().collect();
    diagnose_service(ServiceSnapshot {
        service,
        tasks: &tasks,
        facts,
        definitions: &BTreeMap::new(),
        local,
        now: Time::from_second(NOW).unwrap(),
    })
}

fn verdict(service: &Service, tasks: &[Task]) -> &'static str {
    of(service, tasks).verdict.word()
}

/// A service that goes from `web:1` to `web:2` since then, of which nothing runs yet.
fn rolling_out(seconds_ago: i64) -> Service {
    let mut service = service("web");
    let mut old = deployment("ecs-svc/1", "web:1");
    old.status = DeploymentStatus::Active;
    let mut new = deployment("ecs-svc/2", "web:2");
    (new.running, new.pending) = (0, 2);
    new.rollout = Some(Rollout::InProgress);
    new.created = Some(ago(seconds_ago));
    service.task_definition = revision("web:2");
    service.deployments = vec![old, new];
    service
}

/// A task of the rollout to `web:2`.
fn new_task(id: &str) -> Task {
    let mut task = task("web", id);
    task.definition = revision("web:2");
    task.started_by = Some(Clean::new("ecs-svc/2"));
    task
}

/// AWS goes back to `web:1` with a deployment of its own; the broken one is the other entry.
fn going_back() -> Service {
    let mut service = service("web");
    let mut broken = deployment("ecs-svc/2", "web:2");
    broken.status = DeploymentStatus::Active;
    broken.rollout = Some(Rollout::Failed);
    broken.reason = Some(Clean::new(
        "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/3.",
    ));
    let mut back = deployment("ecs-svc/3", "web:1");
    back.rollout = Some(Rollout::InProgress);
    back.reason = Some(Clean::new("ECS deployment ecs-svc/3 in progress."));
    back.created = Some(ago(30));
    service.deployments = vec![broken, back];
    service
}

#[test]
fn as_many_tasks_as_wanted_and_no_failure_is_steady() {
    assert_eq!(verdict(&service("web"), &[task("web", "1")]), "steady");
}

#[test]
fn a_desired_count_of_0_is_scaled_to_zero_once_nothing_runs() {
    let mut service = service("web");
    service.desired = 0;
    let stopping = of(&service, &[]);
    assert_eq!(stopping.verdict, Verdict::Progressing);
    assert_eq!(stopping.summary.as_str(), "stopping: 2 still running");
    service.running = 0;
    assert_eq!(verdict(&service, &[]), "scaled_to_zero");
}

#[test]
fn a_rollout_without_a_fault_is_progressing() {
    let found = of(&rolling_out(60), &[]);
    assert_eq!(found.verdict, Verdict::Progressing);
    assert_eq!(found.since, Some(ago(60)));
    assert_eq!(
        found.summary.as_str(),
        "rollout of :2 (0/2 new) is under way"
    );
}

#[test]
fn a_rollout_whose_tasks_do_not_start_is_stuck_names_the_cause_and_quotes_aws() {
    let words =
        "CannotPullContainerError: failed to resolve ref docker.io/library/web:v9: not found";
    let tasks = [
        unstarted(new_task("1"), words, 90),
        unstarted(new_task("2"), words, 30),
    ];
    let found = of(&rolling_out(120), &tasks);
    assert_eq!(found.verdict, Verdict::Stuck);
    assert!(
        found.summary.contains("web:v9") && found.summary.ends_with("(\u{d7}2)"),
        "{}",
        found.summary
    );
    let cause = &found.causes[0];
    assert_eq!(
        (cause.id, cause.actions.is_empty()),
        (CauseId::ImageNotFound, false)
    );
    assert_eq!(
        (cause.evidence[0].text.as_str(), cause.evidence[0].count),
        (words, 2)
    );
}

#[test]
fn words_that_nobody_knows_are_shown_as_they_are() {
    let words = "the frobnicator declined";
    let found = of(&rolling_out(120), &[unstarted(new_task("1"), words, 90)]);
    assert!(found.summary.ends_with(words), "{}", found.summary);
    assert_eq!(found.causes[0].id, CauseId::Unknown);
}

#[test]
fn a_rollout_of_which_aws_counts_failures_is_stuck_even_before_its_tasks_are_read() {
    let mut service = rolling_out(120);
    service.deployments[1].failed = 2;
    let found = of(&service, &[]);
    assert_eq!(found.verdict, Verdict::Stuck);
    assert!(found.summary.contains("2 failed"), "{}", found.summary);
}

#[test]
fn a_rollout_that_cannot_place_its_tasks_is_stuck() {
    let mut service = rolling_out(400);
    let trouble = "(service web) was unable to place a task because no container instance met all of its requirements.";
    service.events = vec![event(trouble, 310)];
    assert_eq!(verdict(&service, &[]), "stuck");
    service.events = vec![event(trouble, 100)];
    let waiting = of(&service, &[]);
    assert_eq!(
        waiting.verdict,
        Verdict::Progressing,
        "an instance may come yet"
    );
    assert_eq!(waiting.causes[0].id, CauseId::InsufficientResources);
    service.events = vec![event(trouble, 500)];
    assert_eq!(
        verdict(&service, &[]),
        "progressing",
        "it is older than the rollout"
    );
}

#[test]
fn a_rollout_that_takes_far_too_long_is_stuck_although_nothing_failed() {
    let found = of(&rolling_out(1_201), &[]);
    assert_eq!(found.verdict, Verdict::Stuck);
    assert!(found.summary.contains("overdue (20 min)"));
    assert_eq!(verdict(&rolling_out(1_199), &[]), "progressing");
}

#[test]
fn a_rollout_whose_tasks_came_up_after_a_failure_is_progressing_again() {
    let mut well = new_task("2");
    well.started = Some(ago(20));
    let tasks = [
        unstarted(new_task("1"), "ResourceInitializationError", 60),
        well,
    ];
    assert_eq!(verdict(&rolling_out(120), &tasks), "progressing");
}

#[test]
fn a_rollout_whose_tasks_die_again_and_again_stays_stuck_while_the_next_one_runs() {
    let mut tasks: Vec<Task> = (1..=3)
        .map(|n| Task {
            started: Some(ago(n * 60 + 20)),
            ..ended(new_task(&n.to_string()), 1, n * 60)
        })
        .collect();
    let mut next = new_task("next");
    next.started = Some(ago(20));
    tasks.push(next);
    assert_eq!(verdict(&rolling_out(400), &tasks), "stuck");
    tasks[3].started = Some(ago(59));
    for (task, at) in tasks.iter_mut().zip([200, 260, 320]) {
        (task.started, task.stopped) = (Some(ago(at + 20)), Some(ago(at)));
    }
    tasks[3].started = Some(ago(190));
    assert_eq!(
        verdict(&rolling_out(400), &tasks),
        "progressing",
        "it has lasted"
    );
}

#[test]
fn a_failure_of_the_old_revision_does_not_make_a_rollout_stuck() {
    let old = ended(task("web", "old"), 1, 30);
    assert_eq!(verdict(&rolling_out(60), &[old]), "progressing");
}

#[test]
fn a_rollout_that_failed_without_a_way_back_is_failed() {
    let mut service = rolling_out(600);
    service.deployments[1].rollout = Some(Rollout::Failed);
    service.deployments[1].reason = Some(Clean::new(
        "ECS deployment circuit breaker: tasks failed to start.",
    ));
    let found = of(&service, &[unstarted(new_task("1"), "no image", 30)]);
    assert_eq!(found.verdict, Verdict::Failed);
    assert_eq!(found.summary.as_str(), "the rollout of :2 failed: no image");
    assert_eq!(found.evidence[1].source, EvidenceSource::Deployment);
}

#[test]
fn while_aws_goes_back_the_broken_revision_is_the_other_entry() {
    let found = of(&going_back(), &[unstarted(new_task("1"), "no image", 60)]);
    assert_eq!(found.verdict, Verdict::RollingBack);
    let words = "ECS is rolling back from :2 to :1: no image";
    assert_eq!(found.summary.as_str(), words);
}

#[test]
fn a_way_back_is_known_by_its_event_too_and_by_no_other_id() {
    let mut service = going_back();
    service.deployments[0].reason = None;
    service.deployments[0].rollout = None;
    service.events = vec![event(
        "(service web) rolling back to deployment ecs-svc/3.",
        30,
    )];
    assert_eq!(verdict(&service, &[]), "rolling_back");
    service.events = vec![event(
        "(service web) rolling back to deployment ecs-svc/33.",
        30,
    )];
    assert_eq!(verdict(&service, &[]), "progressing");
}

#[test]
fn after_the_way_back_it_is_rolled_back_until_the_next_success() {
    let mut service = going_back();
    service.deployments.remove(0);
    service.deployments[0].rollout = Some(Rollout::Completed);
    service.events = vec![
        event("(service web) has reached a steady state.", 10),
        event("(service web) rolling back to deployment ecs-svc/3.", 30),
        event(
            "(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.",
            31,
        ),
    ];
    // What the broken revision's tasks did a minute ago is the reason, not a crash loop of the good one.
    let tasks: Vec<Task> = (1..=4)
        .map(|n| unstarted(new_task(&n.to_string()), "no image", 60 + n))
        .collect();
    let found = of(&service, &tasks);
    assert_eq!(found.verdict, Verdict::RolledBack);
    assert!(found.summary.contains("no image"), "{}", found.summary);
    assert_eq!((found.since, found.evidence[0].count), (Some(ago(30)), 4));
    service.deployments = vec![deployment("ecs-svc/4", "web:3")];
    assert_eq!(verdict(&service, &tasks), "steady");
}

/// ECS has gone back to `web:1` so many seconds ago.
fn gone_back(seconds_ago: i64) -> Service {
    let mut service = going_back();
    service.deployments.remove(0);
    service.deployments[0].rollout = Some(Rollout::Completed);
    let back = "(service web) rolling back to deployment ecs-svc/3.";
    service.events = vec![
        event(
            "(service web) has reached a steady state.",
            seconds_ago - 20,
        ),
        event(back, seconds_ago),
    ];
    service
}

#[test]
fn ecss_own_rollback_is_bad_news_for_an_hour_and_a_note_from_then_on() {
    assert_eq!(verdict(&gone_back(3_500), &[]), "rolled_back");
    let found = of(&gone_back(3_700), &[]);
    assert_eq!(found.verdict, Verdict::Steady);
    assert_eq!(
        found.summary,
        "2 of 2 running; ECS rolled back the last deployment to :1 61m ago"
    );
}

#[test]
fn a_rollback_that_a_person_asked_for_is_steady_once_it_has_settled() {
    let asked = "Service deployment rolled back because of a user initiated request.";
    let mut newest = service_deployment(ServiceDeploymentStatus::RollbackSuccessful, 0);
    newest.status_reason = Some(Clean::literal(asked));
    let facts = |newest: &ServiceDeployment| {
        let mut facts = Facts::default();
        let history = RolloutHistory {
            deployments: vec![newest.clone()],
            ..RolloutHistory::default()
        };
        let fact = Ok(Fact::Rollouts(history));
        facts.put(Question::rollouts(&service("web")), ago(0), fact);
        facts
    };
    let found = knowing(&gone_back(90), &[], &facts(&newest));
    assert_eq!(found.verdict, Verdict::Steady);
    assert_eq!(
        found.summary,
        "2 of 2 running; rolled back to :1 on request, 1m ago"
    );
    // One of an hour before is another one.
    newest.rollback = Some(RollbackInfo {
        reason: None,
        started: Some(ago(4_000)),
        revision: None,
    });
    let found = knowing(&gone_back(90), &[], &facts(&newest));
    assert_eq!(found.verdict, Verdict::RolledBack);
}

#[test]
fn a_rollback_from_here_is_known_by_who_did_it_and_lasts_since_then() {
    let local = LocalFacts {
        sent_back: Some(SentBack {
            at: ago(95),
            by: Clean::literal("alice"),
        }),
        ..LocalFacts::default()
    };
    let found = |service: &Service| knowing_all(service, &[], &Facts::default(), &local);
    let mut under_way = going_back();
    under_way.events = vec![event(
        "(service web) rolling back to deployment ecs-svc/3.",
        90,
    )];
    // The deployment that ECS goes back to is an old one.
    under_way.deployments[1].created = Some(ago(780_000));
    let going = found(&under_way);
    assert_eq!(going.verdict, Verdict::RollingBack);
    assert_eq!(going.since, Some(ago(90)));
    assert!(
        going
            .summary
            .starts_with("ECS is rolling back from :2 to :1, by alice"),
        "{}",
        going.summary
    );
    let settled = found(&gone_back(90));
    assert_eq!(settled.verdict, Verdict::Steady);
    assert!(
        settled
            .summary
            .ends_with("rolled back to :1 by alice, 1m ago"),
        "{}",
        settled.summary
    );
    assert_eq!(
        found(&gone_back(600)).verdict,
        Verdict::RolledBack,
        "another one"
    );
}

#[test]
fn too_few_tasks_without_a_rollout_are_degraded_unless_they_are_starting() {
    let mut service = service("web");
    service.running = 1;
    assert_eq!(verdict(&service, &[]), "degraded");
    service.pending = 1;
    assert_eq!(verdict(&service, &[]), "progressing");
    let failed = unstarted(task("web", "1"), "no image", 60);
    let found = of(&service, &[failed]);
    assert_eq!(found.verdict, Verdict::Degraded);
    assert_eq!(found.summary.as_str(), "1 of 2 running: no image");
}

#[test]
fn an_event_of_last_week_or_before_the_last_steady_state_is_no_evidence() {
    let mut service = service("web");
    service.running = 1;
    let trouble =
        "(service web) was unable to place a task. Reason: Capacity is unavailable at this time.";
    service.events = vec![event(trouble, 600)];
    assert_eq!(of(&service, &[]).evidence.len(), 1);
    service.events = vec![event(trouble, 600_000)];
    assert_eq!(of(&service, &[]).evidence, []);
    service.events = vec![
        event("(service web) has reached a steady state.", 300),
        event(trouble, 600),
    ];
    assert_eq!(of(&service, &[]).evidence, []);
}

#[test]
fn tasks_that_come_up_and_die_again_are_degraded_although_the_count_is_right() {
    let mut tasks: Vec<Task> = (1..=3)
        .map(|n| ended(task("web", &n.to_string()), 1, n * 100))
        .collect();
    let found = of(&service("web"), &tasks);
    assert_eq!(found.verdict, Verdict::Degraded);
    assert!(found.summary.contains("exit code 1"), "{}", found.summary);
    tasks.pop();
    assert_eq!(
        verdict(&service("web"), &tasks),
        "steady",
        "two may be an accident"
    );
}

#[test]
fn failures_of_long_ago_are_history() {
    let tasks: Vec<Task> = (1..=3)
        .map(|n| ended(task("web", &n.to_string()), 1, 1_000 + n))
        .collect();
    assert_eq!(verdict(&service("web"), &tasks), "steady");
}

#[test]
fn a_task_whose_health_check_fails_makes_it_degraded() {
    let mut sick = task("web", "1");
    sick.health = Health::Unhealthy;
    let found = of(&service("web"), &[sick]);
    assert_eq!(found.verdict, Verdict::Degraded);
    assert_eq!(found.summary.as_str(), "2 of 2 running, 1 unhealthy");
}

#[test]
fn a_scale_in_is_no_failure() {
    let mut stopped = ended(task("web", "1"), 137, 30);
    stopped.stop_code = Some(StopCode::ServiceSchedulerInitiated);
    stopped.stopped_reason = Some(Clean::new(
        "Scaling activity initiated by deployment ecs-svc/1",
    ));
    assert_eq!(verdict(&service("web"), &vec![stopped; 3]), "steady");
}

#[test]
fn a_daemon_is_judged_by_its_counts() {
    let mut service = service("web");
    service.scheduling = Scheduling::Daemon;
    service.deployments[0].rollout = None;
    assert_eq!(verdict(&service, &[]), "steady");
    service.running = 1;
    assert_eq!(verdict(&service, &[]), "degraded");
}

#[test]
fn a_service_of_code_deploy_has_no_deployments_and_is_judged_by_its_counts() {
    let mut service = service("web");
    service.controller = Controller::CodeDeploy;
    service.deployments.clear();
    assert_eq!(verdict(&service, &[]), "steady");
    service.running = 0;
    let failed = unstarted(task("web", "1"), "no image", 60);
    let found = of(&service, &[failed]);
    assert_eq!(found.summary.as_str(), "0 of 2 running: no image");
}

#[test]
fn of_a_service_that_is_being_deleted_nothing_is_said() {
    let mut service = service("web");
    service.status = ServiceStatus::Draining;
    assert_eq!(verdict(&service, &[]), "unknown");
}

#[test]
fn the_same_snapshot_gives_the_same_diagnosis_in_whatever_order_things_come() {
    let mut service = rolling_out(300);
    let mut tasks: Vec<Task> = (0..6)
        .map(|n| unstarted(new_task(&n.to_string()), ["a", "b"][n as usize % 2], n))
        .collect();
    let first = of(&service, &tasks);
    tasks.reverse();
    service.deployments.reverse();
    assert_eq!(of(&service, &tasks), first);
}

/// The service's rollouts, answered.
fn rollouts(service: &Service, deployments: Vec<ServiceDeployment>) -> Facts {
    let mut facts = Facts::default();
    let history = RolloutHistory {
        deployments,
        ..RolloutHistory::default()
    };
    let question = Question::Rollouts {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
    };
    facts.put(question, ago(0), Ok(Fact::Rollouts(history)));
    facts
}

fn service_deployment(status: ServiceDeploymentStatus, took: i64) -> ServiceDeployment {
    ServiceDeployment {
        arn: Arn::new("arn:aws:ecs:us-east-1:123456789012:service-deployment/prod/web/1"),
        service: Arn::new("arn:aws:ecs:us-east-1:123456789012:service/prod/web"),
        status,
        status_reason: None,
        created: Some(ago(9_000)),
        started: Some(ago(9_000)),
        finished: Some(ago(9_000 - took)),
        stopped: None,
        sources: Vec::new(),
        target: None,
        stage: None,
        strategy: None,
        bake_minutes: None,
        target_weight: None,
        hooks: Vec::new(),
        rollback: None,
        breaker: None,
        alarms: None,
    }
}

fn ongoing() -> ServiceDeployment {
    service_deployment(ServiceDeploymentStatus::InProgress, 0)
}

#[test]
fn a_first_failure_that_may_pass_is_named_and_is_not_yet_stuck() {
    let words = "Timeout waiting for network interface provisioning to complete.";
    let first = unstarted(new_task("1"), words, 60);
    let found = of(&rolling_out(120), std::slice::from_ref(&first));
    assert_eq!(found.verdict, Verdict::Progressing);
    assert_eq!(found.causes[0].id, CauseId::EniFailed);
    assert!(found.summary.contains("under way"), "{}", found.summary);
    let mut second = unstarted(new_task("2"), words, 10);
    second.created = Some(ago(50));
    assert_eq!(verdict(&rolling_out(120), &[first, second]), "stuck");
}

#[test]
fn a_pause_holds_a_rollout_on_purpose_however_long() {
    let service = rolling_out(7_200);
    let mut held = ongoing();
    held.stage = Some(Clean::new("POST_SCALE_UP"));
    held.hooks = vec![DeploymentHook {
        id: Clean::new("h-1"),
        target_type: Clean::new("PAUSE"),
        status: Clean::new("AWAITING_ACTION"),
        expires: None,
        timeout_action: None,
    }];
    let found = knowing(&service, &[], &rollouts(&service, vec![held]));
    assert_eq!(found.verdict, Verdict::Progressing);
    assert_eq!(found.causes[0].id, CauseId::WaitingOnHook);
    assert!(found.summary.contains("POST_SCALE_UP"), "{}", found.summary);
    let mut baking = ongoing();
    baking.stage = Some(Clean::new("BAKE_TIME"));
    baking.bake_minutes = Some(30);
    let found = knowing(&service, &[], &rollouts(&service, vec![baking]));
    assert_eq!(found.verdict, Verdict::Progressing);
    assert!(found.summary.contains("30 min"), "{}", found.summary);
}

#[test]
fn what_earlier_rollouts_took_is_expected_and_three_times_that_is_overdue() {
    let earlier: Vec<ServiceDeployment> = [300, 280, 4_000]
        .map(|took| service_deployment(ServiceDeploymentStatus::Successful, took))
        .into();
    let service = rolling_out(899);
    let found = knowing(&service, &[], &rollouts(&service, earlier.clone()));
    assert_eq!(found.expected_seconds, Some(300));
    assert_eq!(found.elapsed_seconds, Some(899));
    assert_eq!(found.verdict, Verdict::Progressing);
    let service = rolling_out(901);
    let found = knowing(&service, &[], &rollouts(&service, earlier));
    assert_eq!(found.verdict, Verdict::Stuck);
}

#[test]
fn a_rollout_that_still_moves_is_not_overdue() {
    let mut service = rolling_out(3_000);
    service.events = vec![event("(service web) has started 1 tasks: (task 7).", 400)];
    assert_eq!(verdict(&service, &[]), "progressing");
    service.events = vec![event("(service web) has started 1 tasks: (task 7).", 700)];
    assert_eq!(verdict(&service, &[]), "stuck");
}

#[test]
fn a_large_image_that_is_still_pulled_is_no_standstill() {
    let mut pulling = new_task("1");
    pulling.status = TaskStatus::Activating;
    pulling.started = None;
    pulling.pull_started = Some(ago(1_250));
    assert_eq!(verdict(&rolling_out(1_300), &[pulling]), "progressing");
    assert_eq!(verdict(&rolling_out(1_300), &[]), "stuck");
}

#[test]
fn a_rollout_that_waits_for_old_tasks_to_drain_is_no_standstill() {
    let mut old = task("web", "old");
    old.status = TaskStatus::Deactivating;
    old.stopping = Some(ago(1_900));
    assert_eq!(verdict(&rolling_out(2_000), &[old.clone()]), "progressing");
    old.started_by = Some(Clean::new("ecs-svc/2"));
    old.definition = revision("web:2");
    assert_eq!(
        verdict(&rolling_out(2_000), &[old.clone()]),
        "stuck",
        "its own"
    );
    old.started_by = Some(Clean::new("ecs-svc/1"));
    old.definition = revision("web:1");
    old.stopping = Some(ago(4_500));
    assert_eq!(
        verdict(&rolling_out(5_000), &[old]),
        "stuck",
        "no drain takes so long"
    );
}

#[test]
fn a_rollout_that_a_hook_may_have_held_is_overdue_later() {
    let service = rolling_out(2_000);
    let mut held = ongoing();
    let facts = rollouts(&service, vec![held.clone()]);
    assert_eq!(knowing(&service, &[], &facts).verdict, Verdict::Stuck);
    held.hooks = vec![DeploymentHook {
        id: Clean::new("h"),
        target_type: Clean::new("AWS_LAMBDA"),
        status: Clean::new("SUCCEEDED"),
        expires: None,
        timeout_action: None,
    }];
    let facts = rollouts(&service, vec![held]);
    assert_eq!(knowing(&service, &[], &facts).verdict, Verdict::Progressing);
}

#[test]
fn the_threshold_that_aws_reports_is_preferred_to_the_computed_one() {
    let service = rolling_out(60);
    assert_eq!(of(&service, &[]).breaker.map(|b| b.threshold), Some(3));
    let mut reported = ongoing();
    reported.breaker = Some(BreakerState {
        status: Clean::new("MONITORING"),
        failures: 6,
        threshold: 10,
    });
    let breaker = knowing(&service, &[], &rollouts(&service, vec![reported])).breaker;
    assert_eq!(breaker.map(|b| (b.failed, b.threshold)), Some((6, 10)));
}

#[test]
fn a_deadlock_is_stuck_before_aws_says_so() {
    let mut service = rolling_out(20);
    service.deployments[1].pending = 0;
    service.settings.maximum_percent = Some(100);
    let found = of(&service, &[]);
    assert_eq!(found.verdict, Verdict::Stuck);
    assert_eq!(found.causes[0].id, CauseId::DeploymentConfigDeadlock);
}

#[test]
fn a_bad_image_behind_a_full_cluster_comes_first_once_tasks_are_placed() {
    let mut service = rolling_out(600);
    let full = "(service web) was unable to place a task because no container instance met all of its requirements. \
                The closest matching (container-instance 0a1b) has insufficient memory available.";
    service.events = vec![event(full, 590)];
    let mut task = unstarted(
        new_task("1"),
        "CannotPullContainerError: manifest for app:9 not found",
        30,
    );
    task.created = Some(ago(60));
    let found = of(&service, &[task]);
    let ids: Vec<CauseId> = found.causes.iter().map(|cause| cause.id).collect();
    assert_eq!(
        ids,
        [CauseId::ImageNotFound, CauseId::InsufficientResources]
    );
    assert!(found.causes[1].confidence < 0.5);
}

#[test]
fn autoscaling_that_takes_back_what_somebody_set_is_told_though_all_is_well() {
    let service = service("web");
    let mut stopped = ended(task("web", "1"), 143, 600);
    stopped.stop_code = Some(StopCode::ServiceSchedulerInitiated);
    stopped.stopped_reason = Some(Clean::new(
        "Scaling activity initiated by (deployment ecs-svc/1)",
    ));
    let told = |activities: &[(i64, u32)]| {
        let activity = |(at, count): &(i64, u32)| ScalingActivity {
            id: Clean::new("a"),
            started: Some(ago(*at)),
            ended: Some(ago(*at)),
            status: Clean::new("Successful"),
            description: Clean::own(format!("Setting desired count to {count}.")),
            cause: Clean::new("monitor alarm in state ALARM triggered policy cpu"),
            message: None,
            not_scaled: None,
        };
        let scaling = Autoscaling {
            activities: activities.iter().map(activity).collect(),
            ..Autoscaling::default()
        };
        let mut facts = Facts::default();
        let question = Question::Autoscaling {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
        };
        facts.put(question, ago(0), Ok(Fact::Autoscaling(scaling)));
        let found = knowing(&service, std::slice::from_ref(&stopped), &facts);
        assert_eq!(found.verdict, Verdict::Steady);
        found.causes.first().map(|cause| cause.id)
    };
    assert_eq!(told(&[(300, 2)]), Some(CauseId::AutoscalerOverride));
    assert_eq!(
        told(&[(300, 2), (640, 1)]),
        None,
        "autoscaling had scaled in itself"
    );
    assert_eq!(told(&[(300, 5)]), None, "somebody has set it since");
}

#[test]
fn the_question_that_decides_is_asked_and_its_answer_decides() {
    let mut service = rolling_out(120);
    service.load_balancers = vec![LoadBalancer {
        target_group: Some(Arn::new(
            "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1",
        )),
        container: Clean::new("app"),
        port: None,
    }];
    let words = "Task failed ELB health checks in (target-group \
                 arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1)";
    let failed = |id: &str| {
        let mut task = ended(new_task(id), 143, 20);
        task.stop_code = Some(StopCode::ServiceSchedulerInitiated);
        task.stopped_reason = Some(Clean::new(words));
        task
    };
    let tasks = [failed("1"), failed("2")];
    let found = of(&service, &tasks);
    assert_eq!(found.causes[0].id, CauseId::TargetUnhealthy);
    let asks = |question: &&Question| matches!(question, Question::TargetGroup(_));
    let question = found.questions.iter().find(asks).unwrap().clone();
    let mut facts = Facts::default();
    facts.put(question.clone(), ago(1), Ok(Fact::TargetGroup(None)));
    let found = knowing(&service, &tasks, &facts);
    assert_eq!(found.causes[0].id, CauseId::TargetGroupMisconfigured);
    assert!(found.questions.contains(&question), "it stays asked");
}

#[test]
fn who_registered_the_revision_stands_beside_the_verdict() {
    let service = rolling_out(60);
    let mut new = definition("web:2", "web");
    new.registered = Some(ago(90));
    new.registered_by = Some(Arn::new("arn:aws:sts::1:assumed-role/deploy/ci"));
    new.containers[0].image = Clean::new("app:2");
    let definitions = [definition("web:1", "web"), new]
        .map(|one| (one.arn.clone(), Arc::new(one)))
        .into();
    let found = diagnose_service(ServiceSnapshot {
        service: &service,
        tasks: &[],
        facts: &Facts::default(),
        definitions: &definitions,
        local: &LocalFacts::default(),
        now: Time::from_second(NOW).unwrap(),
    });
    let changed = found.changed.unwrap();
    assert_eq!(changed.what.as_str(), "web:2: image of app 1 \u{2192} 2");
    assert_eq!(changed.at, Some(ago(90)));
    assert!(changed.by.unwrap().as_str().ends_with("/ci"));
}

#[test]
fn a_task_that_died_in_its_start_is_named_until_its_replacement_has_lived_for_longer() {
    let mut dead = ended(task("web", "1"), 0, 60);
    dead.started = Some(ago(75));
    let mut next = task("web", "2");
    next.started = Some(ago(50));
    let found = of(&service("web"), &[dead.clone(), next.clone()]);
    assert_eq!(found.verdict, Verdict::Progressing);
    assert_eq!(found.causes[0].id, CauseId::AppExited);
    // A minute shows it, where the other lived for 15 seconds.
    (dead.started, dead.stopped) = (Some(ago(85)), Some(ago(70)));
    next.started = Some(ago(60));
    assert_eq!(
        verdict(&service("web"), &[dead.clone(), next.clone()]),
        "steady"
    );
    // Who ran for long did not die of its start.
    dead.started = Some(ago(300));
    next.started = Some(ago(50));
    assert_eq!(verdict(&service("web"), &[dead, next]), "steady");
}

#[test]
fn what_keeps_tasks_from_being_placed_is_named_while_others_start() {
    let mut service = service("web");
    (service.desired, service.pending) = (10, 2);
    let words = "(service web) was unable to place a task. Reason: You've reached the limit on the number of \
                 vCPUs you can run concurrently.";
    service.events = vec![event(words, 20)];
    let found = of(&service, &[]);
    assert_eq!(found.verdict, Verdict::Progressing);
    assert_eq!(found.causes[0].id, CauseId::QuotaReached);
}

#[test]
fn a_deployment_that_was_complete_early_as_configured_is_not_degraded_while_the_rest_follows() {
    let mut web = service("web");
    (web.desired, web.running) = (10, 6);
    web.deployments[0].updated = Some(ago(20));
    web.deployments[0].desired = 10;
    let said = |web: &Service| of(web, &[]).verdict;
    assert_eq!(said(&web), Verdict::Degraded);
    web.settings.early_success_percent = Some(60);
    assert_eq!(said(&web), Verdict::Progressing);
    web.running = 5;
    assert_eq!(said(&web), Verdict::Degraded, "fewer than that have come");
    web.running = 6;
    web.deployments[0].updated = Some(ago(3_500));
    assert_eq!(said(&web), Verdict::Degraded, "they should have come");
}

#[test]
fn a_deployment_that_failed_and_is_newer_than_the_one_that_serves_was_rolled_back_though_no_event_names_it()
 {
    let mut web = service("web");
    let mut broken = deployment("b", "web:2");
    (broken.status, broken.rollout) = (DeploymentStatus::Active, Some(Rollout::Failed));
    (broken.created, broken.updated, broken.running) = (Some(ago(600)), Some(ago(500)), 0);
    broken.reason = Some(Clean::new(
        "ECS deployment circuit breaker was triggered after 3 consecutive task failures.",
    ));
    web.deployments.push(broken);
    let mut died = ended(task("web", "new"), 3, 520);
    (died.definition, died.started_by) = (revision("web:2"), Some(Clean::new("web")));
    (died.created, died.started) = (Some(ago(560)), Some(ago(540)));
    let found = of(&web, &[died]);
    assert_eq!(
        (found.verdict, found.causes[0].id),
        (Verdict::RolledBack, CauseId::AppCrash)
    );
    assert_eq!(found.since, Some(ago(500)));
    // One that failed before the one that serves was made is history.
    web.deployments[1].created = Some(ago(7_200));
    assert_eq!(verdict(&web, &[]), "steady");
}
