use super::*;
use crate::deck::CountOwner;
use crate::diagnose::sample::{ago, deployment, ended as dead, service, task};
use crate::diagnose::service::tests::knowing_all as of;
use crate::diagnose::{CountSet, Diagnosis, Fact, Facts, LocalFacts, Question, Verdict};
use crate::domain::{Autoscaling, Rollout, ScalingActivity, Service, StopCode};

/// A task that went because fewer were wanted.
fn scaled_in(seconds_ago: i64) -> Task {
    let mut task = dead(task("web", "gone"), 143, seconds_ago);
    task.stop_code = Some(StopCode::ServiceSchedulerInitiated);
    task.stopped_reason = Some(Clean::new(
        "Scaling activity initiated by (deployment ecs-svc/1)",
    ));
    task
}

fn owned_by(owner: CountOwner) -> LocalFacts {
    LocalFacts {
        count_owner: Some(owner),
        ..LocalFacts::default()
    }
}

fn set(seconds_ago: i64, after: &str) -> LocalFacts {
    LocalFacts {
        count_set: Some(CountSet {
            at: ago(seconds_ago),
            by: Some(Arn::new("ann")),
            before: Clean::new("4"),
            after: Clean::new(after),
        }),
        ..LocalFacts::default()
    }
}

fn question(service: &Service) -> Question {
    Question::Autoscaling {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
    }
}

fn scaled(service: &Service, description: &str, seconds_ago: i64) -> Facts {
    let scaling = Autoscaling {
        activities: vec![ScalingActivity {
            id: Clean::new("1"),
            description: Clean::new(description),
            cause: Clean::new("an alarm"),
            status: Clean::new("Successful"),
            message: None,
            started: Some(ago(seconds_ago)),
            ended: None,
            not_scaled: None,
        }],
        ..Autoscaling::default()
    };
    let mut facts = Facts::default();
    facts.put(question(service), ago(1), Ok(Fact::Autoscaling(scaling)));
    facts
}

#[test]
fn a_count_that_was_set_from_here_is_told_with_who_and_when() {
    let found = of(&service("web"), &[], &Facts::default(), &set(60, "2"));
    let changed = found.count_changed.unwrap();
    assert_eq!(changed.what.as_str(), "count 4 \u{2192} 2");
    assert_eq!(
        (changed.by.unwrap().name(), changed.at),
        ("ann", Some(ago(60)))
    );
    let old = set(2 * 86_400, "2");
    let found = of(&service("web"), &[], &Facts::default(), &old);
    assert_eq!(found.count_changed, None);
}

#[test]
fn the_tasks_that_went_by_what_was_set_from_here_are_no_change_of_their_own() {
    let tasks = [scaled_in(100)];
    let by = |local: &LocalFacts| {
        let found = of(&service("web"), &tasks, &Facts::default(), local);
        found.count_changed.unwrap().by
    };
    assert_eq!(by(&set(160, "2")), Some(Arn::new("ann")));
    assert_eq!(by(&set(600, "2")), None, "they went by another change");
    assert_eq!(by(&LocalFacts::default()), None);
}

#[test]
fn what_autoscaling_set_last_is_told_as_its_own() {
    let service = service("web");
    let facts = scaled(&service, "Setting desired count to 2.", 40);
    let found = of(&service, &[], &facts, &set(300, "1"));
    let changed = found.count_changed.unwrap();
    assert_eq!(changed.what.as_str(), "Setting desired count to 2");
    assert_eq!(changed.by.unwrap().name(), "autoscaling");
}

#[test]
fn autoscaling_that_undoes_what_was_set_from_here_is_named_though_no_task_shows_it() {
    let service = service("web");
    let facts = scaled(&service, "Setting desired count to 2.", 40);
    let found = of(&service, &[], &facts, &set(300, "1"));
    assert_eq!(found.causes[0].id, CauseId::AutoscalerOverride);
    let words = &found.causes[0].evidence[0].text;
    assert!(words.contains("set to 1 from here at "), "{words}");
    // It set what autoscaling wanted too, or was set after it.
    for local in [set(300, "2"), set(20, "1")] {
        assert!(of(&service, &[], &facts, &local).causes.is_empty());
    }
}

#[test]
fn who_sets_the_count_by_the_deck_is_said_where_the_count_moves() {
    let local = owned_by(CountOwner::Lambda);
    let says = |found: &Diagnosis| found.summary.contains("a Lambda sets this count");
    let of = |service: &Service, tasks: &[Task]| of(service, tasks, &Facts::default(), &local);

    let mut service = service("web");
    assert!(!says(&of(&service, &[])), "nothing moves");
    let found = of(&service, &[scaled_in(100)]);
    assert_eq!(found.verdict, Verdict::Steady);
    assert!(found.evidence[0].text.contains("a Lambda sets this count"));
    assert!(of(&service, &[scaled_in(3_000)]).evidence.is_empty());

    (service.running, service.pending) = (1, 1);
    assert!(says(&of(&service, &[])), "more are starting");
    service.running = 3;
    assert!(says(&of(&service, &[])), "more run than are wanted");
    (service.desired, service.running, service.pending) = (0, 0, 0);
    let none = of(&service, &[]);
    assert_eq!(none.verdict, Verdict::ScaledToZero);
    assert!(says(&none), "{}", none.summary);
}

#[test]
fn where_the_deck_says_autoscaling_it_is_asked_when_there_is_doubt_about_the_count() {
    let autoscaled = owned_by(CountOwner::Autoscaling);
    let is_asked = |service: &Service, tasks: &[Task], local: &LocalFacts| {
        let found = of(service, tasks, &Facts::default(), local);
        found.questions.contains(&question(service))
    };
    let mut service = service("web");
    assert!(!is_asked(&service, &[], &autoscaled), "no doubt");
    let lately = LocalFacts {
        count_set: set(60, "2").count_set,
        ..autoscaled.clone()
    };
    assert!(is_asked(&service, &[], &lately));
    assert!(!is_asked(&service, &[], &set(60, "2")));

    let mut rolling = service.clone();
    let mut old = deployment("ecs-svc/0", "web:0");
    old.status = crate::domain::DeploymentStatus::Active;
    rolling.deployments[0].rollout = Some(Rollout::InProgress);
    rolling.deployments.push(old);
    rolling.running = 3;
    assert!(!is_asked(&rolling, &[], &autoscaled));
    assert!(is_asked(&rolling, &[scaled_in(60)], &autoscaled));
    assert!(!is_asked(
        &rolling,
        &[scaled_in(60)],
        &LocalFacts::default()
    ));

    (service.desired, service.running) = (0, 0);
    assert!(is_asked(&service, &[], &autoscaled));
    assert!(!is_asked(&service, &[], &owned_by(CountOwner::People)));
}

#[test]
fn a_count_that_has_just_been_raised_is_no_loss_of_tasks() {
    let mut service = service("web");
    service.desired = 7;
    let raised = |seconds: i64| LocalFacts {
        raised: Some(ago(seconds)),
        ..LocalFacts::default()
    };
    let verdict =
        |tasks: &[Task], local: &LocalFacts| of(&service, tasks, &Facts::default(), local).verdict;
    assert_eq!(verdict(&[], &raised(119)), Verdict::Progressing);
    assert_eq!(verdict(&[], &raised(120)), Verdict::Degraded);
    assert_eq!(
        verdict(&[], &LocalFacts::default()),
        Verdict::Degraded,
        "nobody saw it raised"
    );
    let lost = [dead(task("web", "1"), 1, 30)];
    assert_eq!(verdict(&lost, &raised(10)), Verdict::Degraded);
}
