use super::*;
use crate::diagnose::Facts;
use crate::diagnose::cause::CauseId;
use crate::diagnose::memory::Action;
use crate::diagnose::sample::{NOW, ago, deployment, ended, event, revision, service, task};
use crate::diagnose::service::tests::knowing;
use crate::domain::{DeploymentStatus, Service};

/// The breaker gave `web:2` up, and nothing went back, so many seconds ago; AWS shows none of its tasks.
fn given_up(seconds: i64) -> Service {
    let mut web = service("web");
    web.deployments[0].status = DeploymentStatus::Active;
    let mut new = deployment("ecs-svc/2", "web:2");
    (new.running, new.rollout) = (0, Some(Rollout::Failed));
    (new.created, new.updated) = (Some(ago(seconds + 600)), Some(ago(seconds)));
    new.reason = Some(Clean::new(
        "ECS deployment circuit breaker: tasks failed to start.",
    ));
    web.deployments.insert(0, new);
    web
}

fn died(id: &str, seconds: i64) -> Task {
    let mut died = ended(task("web", id), 3, seconds);
    (died.definition, died.started_by) = (revision("web:2"), Some(Clean::new("ecs-svc/2")));
    (died.created, died.started) = (Some(ago(seconds + 40)), Some(ago(seconds + 20)));
    died
}

fn asked(found: &Diagnosis) -> Option<&Question> {
    let mut all = found.questions.iter();
    all.find(|one| matches!(one, Question::Forgotten { .. }))
}

fn first(found: &Diagnosis) -> CauseId {
    found.causes[0].id
}

#[test]
fn what_aws_has_forgotten_is_asked_of_the_cluster_s_logs_and_names_the_cause() {
    let web = given_up(7_200);
    let mut facts = Facts::default();
    let before = knowing(&web, &[], &facts);
    assert_eq!(first(&before), CauseId::CircuitBreakerTripped);
    let question = asked(&before).unwrap().clone();
    let kept = vec![died("a", 7_400), died("b", 7_300)];
    let memory = Memory {
        tasks: kept,
        ..Memory::default()
    };
    let now = Time::from_second(NOW).unwrap();
    facts.put(question.clone(), now, Ok(Fact::Forgotten(memory)));
    let after = knowing(&web, &[], &facts);
    assert_eq!(
        (after.verdict, first(&after)),
        (Verdict::Failed, CauseId::AppCrash)
    );
    assert_eq!(after.causes[0].evidence[0].count, 2);
    assert_eq!(asked(&after), Some(&question), "it stays asked");
    // AWS still shows one of them: it counts once.
    let again = knowing(&web, &[died("b", 7_300)], &facts);
    assert_eq!(again.causes[0].evidence[0].count, 1, "it shows the cause");
}

#[test]
fn tasks_of_another_revision_that_were_kept_are_no_evidence() {
    let web = given_up(7_200);
    let mut facts = Facts::default();
    let question = asked(&knowing(&web, &[], &facts)).unwrap().clone();
    let mut other = died("a", 7_400);
    (other.definition, other.started_by) = (revision("web:1"), Some(Clean::new("ecs-svc/1")));
    let memory = Memory {
        tasks: vec![other],
        ..Memory::default()
    };
    let now = Time::from_second(NOW).unwrap();
    facts.put(question, now, Ok(Fact::Forgotten(memory)));
    let after = knowing(&web, &[], &facts);
    assert_eq!(first(&after), CauseId::CircuitBreakerTripped);
}

#[test]
fn nothing_is_asked_where_aws_still_shows_it_or_the_cause_is_known_or_nothing_is_wrong() {
    let facts = Facts::default();
    let lately = given_up(900);
    assert_eq!(asked(&knowing(&lately, &[], &facts)), None);
    let long = given_up(7_200);
    assert_eq!(asked(&knowing(&long, &[died("a", 600)], &facts)), None);
    assert_eq!(asked(&knowing(&service("web"), &[], &facts)), None);
}

#[test]
fn a_rollout_that_ecs_took_back_is_asked_about_too() {
    let mut web = service("web");
    (web.deployments[0].id, web.deployments[0].created) =
        (Clean::new("ecs-svc/3"), Some(ago(3_000)));
    web.events = vec![
        event(
            "(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.",
            3_001,
        ),
        event("(service web) rolling back to deployment ecs-svc/3.", 3_000),
    ];
    let mut facts = Facts::default();
    let before = knowing(&web, &[], &facts);
    assert_eq!(before.verdict, Verdict::RolledBack);
    let question = asked(&before).unwrap().clone();
    let memory = Memory {
        tasks: vec![died("a", 3_900)],
        ..Memory::default()
    };
    let now = Time::from_second(NOW).unwrap();
    facts.put(question, now, Ok(Fact::Forgotten(memory)));
    let after = knowing(&web, &[], &facts);
    assert_eq!(
        (after.verdict, first(&after)),
        (Verdict::RolledBack, CauseId::AppCrash)
    );
}

#[test]
fn the_action_logs_name_the_cause_where_no_task_was_kept() {
    let web = given_up(7_200);
    let mut facts = Facts::default();
    let question = asked(&knowing(&web, &[], &facts)).unwrap().clone();
    let said = |text: &str| Action {
        at: Some(ago(7_300)),
        text: Clean::new(text),
    };
    let memory = Memory {
        actions: vec![
            said("SERVICE_DEPLOYMENT_FAILED: tasks failed to start."),
            said(
                "SERVICE_TASK_START_IMPAIRED: CannotPullContainerError: manifest for web:9 not found",
            ),
        ],
        ..Memory::default()
    };
    let now = Time::from_second(NOW).unwrap();
    facts.put(question, now, Ok(Fact::Forgotten(memory)));
    let found = knowing(&web, &[], &facts);
    assert_eq!(first(&found), CauseId::ImageNotFound);
    assert!(
        found
            .summary
            .contains("action log: SERVICE_TASK_START_IMPAIRED"),
        "{}",
        found.summary
    );
}
