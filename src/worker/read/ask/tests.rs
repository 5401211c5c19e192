use ecsdeck_core::app::{Query, Slot};
use ecsdeck_core::domain::{
    Arn, ImageState, ScalableTarget, ServiceDeploymentStatus as Status, Suspended, TaggedImage,
    TargetGroup, Time,
};
use jiff::SignedDuration;
use tokio::time::Instant;

use super::*;
use crate::script::{Cloud, cluster_arn, error, event, fail, rollout, service_arn, source};

async fn ask(cloud: &std::sync::Arc<Cloud>, question: Question) -> Reply<Fact> {
    let query = Query::Ask {
        question,
        known: None,
    };
    told(cloud, query).await
}

async fn told(cloud: &std::sync::Arc<Cloud>, query: Query) -> Reply<Fact> {
    let slot = query.slot();
    assert!(matches!(slot, Slot::Asked(_)), "{slot:?}");
    let told = crate::script::ask(cloud, query).await;
    told.result.map(|()| match told.answers.as_slice() {
        [Answer::Fact(fact)] => (**fact).clone(),
        other => panic!("{other:?}"),
    })
}

fn rollouts() -> Question {
    Question::Rollouts {
        cluster: cluster_arn(),
        service: service_arn("web"),
    }
}

async fn history(cloud: &std::sync::Arc<Cloud>, known: Option<RolloutHistory>) -> RolloutHistory {
    let query = Query::Ask {
        question: rollouts(),
        known: known.map(Box::new),
    };
    match told(cloud, query).await {
        Ok(Fact::Rollouts(history)) => history,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_newest_twenty_rollouts_are_described_with_their_revisions() {
    let cloud = Cloud::with(|state| {
        // Not in the order of their times, and on two pages.
        state.rollouts = (1..=120)
            .map(|number| rollout((number * 7) % 120 + 1, Status::Successful))
            .collect();
    });
    let history = history(&cloud, None).await;
    let newest: Vec<i64> = history
        .deployments
        .iter()
        .map(|deployment| deployment.created.unwrap().as_second())
        .collect();
    assert_eq!(newest, (101..=120).rev().collect::<Vec<i64>>());
    assert_eq!(history.revisions.len(), 21);
    assert_eq!(cloud.count("list_service_deployments"), 2);
    assert_eq!(cloud.count("describe_service_deployments"), 1);
    assert_eq!(cloud.count("describe_service_revisions"), 2);
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_is_described_once() {
    let cloud = Cloud::with(|state| {
        state.rollouts = vec![
            rollout(1, Status::Successful),
            rollout(2, Status::InProgress),
        ];
    });
    let first = history(&cloud, None).await;
    cloud.state().rollouts[1].status = Status::Successful;
    let second = history(&cloud, Some(first)).await;
    assert_eq!(second.deployments[0].status, Status::Successful);
    let third = history(&cloud, Some(second.clone())).await;
    assert_eq!(third, second);
    assert_eq!(
        cloud.arguments("describe_service_deployments"),
        ["2,1", "2"]
    );
    assert_eq!(cloud.count("describe_service_revisions"), 1);
}

#[tokio::test(start_paused = true)]
async fn of_a_service_that_nothing_scales_nothing_more_is_asked() {
    let question = || Question::Autoscaling {
        cluster: cluster_arn(),
        service: service_arn("web"),
    };
    let cloud = Cloud::with(|_| {});
    let Ok(Fact::Autoscaling(none)) = ask(&cloud, question()).await else {
        panic!()
    };
    assert_eq!((none.target, cloud.state().calls.len()), (None, 1));
    cloud.state().scalable = Some(ScalableTarget {
        min: 1,
        max: 4,
        suspended: Suspended::default(),
    });
    let Ok(Fact::Autoscaling(scaled)) = ask(&cloud, question()).await else {
        panic!()
    };
    let newest: Vec<&str> = scaled
        .activities
        .iter()
        .map(|activity| activity.id.as_str())
        .collect();
    assert_eq!(newest, ["3", "2", "1"]);
    assert_eq!(cloud.state().calls.len(), 4);
}

fn group() -> TargetGroup {
    TargetGroup {
        arn: Arn::new("tg"),
        port: Some(80),
        target_type: Clean::literal("ip"),
        load_balancers: Vec::new(),
        check_protocol: None,
        check_port: None,
        check_path: None,
        matcher: None,
        interval_seconds: None,
        timeout_seconds: None,
        healthy_threshold: None,
        unhealthy_threshold: None,
        targets: Vec::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_target_group_comes_with_its_targets_or_not_at_all() {
    let question = || Question::TargetGroup(Arn::new("tg"));
    let cloud = Cloud::with(|_| {});
    assert_eq!(ask(&cloud, question()).await, Ok(Fact::TargetGroup(None)));
    cloud.state().group = Some(group());
    let Ok(Fact::TargetGroup(Some(found))) = ask(&cloud, question()).await else {
        panic!()
    };
    assert_eq!(found.targets.len(), 1);
    let broken = ("target_health", String::new(), error(ErrorKind::Denied));
    cloud.state().broken = vec![broken];
    assert_eq!(ask(&cloud, question()).await, Err(error(ErrorKind::Denied)));
}

#[tokio::test(start_paused = true)]
async fn hosts_are_described_a_hundred_a_call_and_those_that_went_are_left_out() {
    let cloud = Cloud::with(|state| {
        state.instances = (0..250)
            .map(|number| Arn::new(&format!("host-{number}")))
            .collect();
        state.instances[7] = Arn::new("gone-7");
    });
    let Ok(Fact::Instances(hosts)) = ask(&cloud, Question::Instances(cluster_arn())).await else {
        panic!()
    };
    assert_eq!(hosts.len(), 249);
    assert_eq!(cloud.count("list_container_instances"), 3);
    assert_eq!(cloud.count("describe_container_instances"), 3);
}

#[tokio::test(start_paused = true)]
async fn only_an_image_of_ecr_is_asked_for() {
    let cloud = Cloud::with(|_| {});
    let image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:7";
    assert_eq!(
        ask(&cloud, Question::Image(Clean::new(image))).await,
        Ok(Fact::Image(ImageState::NoSuchImage))
    );
    let other = ask(&cloud, Question::Image(Clean::new("nginx:1"))).await;
    assert_eq!(other.unwrap_err().kind, ErrorKind::Invalid);
    assert_eq!(cloud.count("image"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_parameter_is_looked_for_behind_empty_pages() {
    let question = || Question::Parameter(Clean::literal("/app/key"));
    let cloud = Cloud::with(|_| {});
    assert_eq!(
        ask(&cloud, question()).await,
        Ok(Fact::Parameter(Existence::Missing))
    );
    cloud.state().names = vec![Clean::literal("/app/key")];
    cloud.state().empty_pages = true;
    assert_eq!(
        ask(&cloud, question()).await,
        Ok(Fact::Parameter(Existence::Exists))
    );
    assert_eq!(cloud.count("parameters"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_group_that_only_begins_like_the_wanted_one_is_another() {
    let question = || Question::LogGroup {
        group: Clean::literal("/ecs/web"),
        region: None,
    };
    let cloud = Cloud::with(|state| state.names = vec![Clean::literal("/ecs/web-2")]);
    assert_eq!(
        ask(&cloud, question()).await,
        Ok(Fact::LogGroup(Existence::Missing))
    );
    cloud.state().names = vec![Clean::literal("/ecs/web"), Clean::literal("/ecs/web-2")];
    assert_eq!(
        ask(&cloud, question()).await,
        Ok(Fact::LogGroup(Existence::Exists))
    );
    assert_eq!(cloud.count("log_groups"), 2);
}

#[tokio::test(start_paused = true)]
async fn alarms_are_never_asked_for_twice_in_a_minute_and_never_tried_again() {
    let names = |count: usize| {
        Question::Alarms(
            (0..count)
                .map(|number| Clean::own(format!("alarm-{number}")))
                .collect(),
        )
    };
    let cloud = Cloud::with(|state| fail(state, "alarms", &[ErrorKind::Throttled]));
    let start = Instant::now();
    assert_eq!(
        ask(&cloud, names(1)).await,
        Err(error(ErrorKind::Throttled))
    );
    assert_eq!(cloud.count("alarms"), 1);
    assert!(start.elapsed().as_secs() < 1);
    let start = Instant::now();
    assert_eq!(ask(&cloud, names(150)).await, Ok(Fact::Alarms(Vec::new())));
    assert_eq!(cloud.arguments("alarms"), ["1", "100", "50"]);
    assert!(start.elapsed().as_secs() >= 60);
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_asked_is_the_error_of_that_question() {
    let cloud = Cloud::with(|state| {
        state.broken = vec![("secret", String::new(), error(ErrorKind::Denied))];
    });
    assert_eq!(
        ask(&cloud, Question::Secret(Clean::literal("app/key"))).await,
        Err(error(ErrorKind::Denied))
    );
    assert_eq!(cloud.count("secret"), 1, "a refusal is not tried again");
}

#[tokio::test(start_paused = true)]
async fn of_the_last_lines_so_many_are_kept_and_a_trace_in_one_message_is_many_of_them() {
    let cloud = Cloud::with(|state| {
        state.events = (0..100).map(|number| event("g", number)).collect();
        let trace = "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'A'";
        let mut last = event("g", 100);
        last.message = ecsdeck_core::text::Clean::record(trace);
        state.events.push(last);
    });
    let question = Question::LastLines {
        source: source("g", 1),
        until: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    let Ok(Fact::LastLines(lines)) = ask(&cloud, question).await else {
        panic!("no lines");
    };
    let lines: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
    assert_eq!(lines.len(), 60);
    assert_eq!(lines.last(), Some(&"KeyError: 'A'"));
    assert_eq!(lines.first(), Some(&"line 43"));
}

#[tokio::test(start_paused = true)]
async fn of_more_lines_than_can_be_read_the_last_ones_are_found_in_a_shorter_piece() {
    let until: Time = "2026-01-01T00:00:00Z".parse().unwrap();
    let at = |seconds: i64, number: usize| {
        let mut event = event("g", number);
        event.at = until - SignedDuration::from_secs(seconds);
        event
    };
    let cloud = Cloud::with(|state| {
        state.events = (0..50_000).map(|number| at(100, number)).collect();
        state
            .events
            .extend((50_000..50_100).map(|number| at(10, number)));
    });
    let source = source("g", 1);
    let Ok(Fact::LastLines(lines)) = ask(&cloud, Question::LastLines { source, until }).await
    else {
        panic!("no lines");
    };
    assert_eq!(lines.last().map(|line| line.as_str()), Some("line 50099"));
    assert_eq!(
        cloud.count("filter_log_events"),
        5,
        "four pages, and one of the shorter piece"
    );
}

fn forgotten() -> Question {
    Question::Forgotten {
        cluster: cluster_arn(),
        service: Clean::literal("web"),
        since: "2026-01-01T00:00:00Z".parse().unwrap(),
    }
}

const CAPTURE: &str = "/aws/events/ecs/containerinsights/prod/performance";
const ACTIONS: &str = "/aws/vendedlogs/ecs/action-logs/prod";

#[tokio::test(start_paused = true)]
async fn captured_tasks_are_read_once_each_and_then_no_action_log_is() {
    let stopped = |n: usize, id: &str, code: i32| {
        let mut line = event(CAPTURE, n);
        line.message = Clean::new(&format!(
            r#"{{"detail-type":"ECS Task State Change","detail":{{"taskArn":"arn:aws:ecs:us-east-1:1:task/prod/{id}",
            "group":"service:web","lastStatus":"STOPPED","containers":[{{"name":"app","exitCode":{code}}}]}}}}"#
        ));
        line
    };
    let cloud = Cloud::with(|state| {
        state.events = vec![
            stopped(1, "a", 1),
            event(CAPTURE, 2),
            stopped(3, "b", 1),
            stopped(4, "a", 3),
        ];
    });
    let Ok(Fact::Forgotten(memory)) = ask(&cloud, forgotten()).await else {
        panic!("no memory");
    };
    let codes: Vec<_> = memory.tasks.iter().map(|task| task.exit_code()).collect();
    assert_eq!(codes, [Some(3), Some(1)], "the last word of each counts");
    assert_eq!(memory.groups, [Clean::literal(CAPTURE)]);
    assert_eq!(cloud.arguments("filter_log_events"), [CAPTURE]);
}

#[tokio::test(start_paused = true)]
async fn action_logs_are_read_where_nothing_was_captured() {
    let cloud = Cloud::with(|state| {
        let mut line = event(ACTIONS, 1);
        line.message = Clean::literal(
            r#"{"actionSourceId":"service/prod/web","logLevel":"ERROR","eventName":"X","detail":{"reason":"no room"}}"#,
        );
        state.events = vec![line];
        state.broken = vec![(
            "filter_log_events",
            CAPTURE.to_owned(),
            error(ErrorKind::NotFound),
        )];
    });
    let Ok(Fact::Forgotten(memory)) = ask(&cloud, forgotten()).await else {
        panic!("no memory");
    };
    assert_eq!(memory.actions[0].text, "X: no room");
    assert_eq!(memory.groups, [Clean::literal(ACTIONS)]);
}

#[tokio::test(start_paused = true)]
async fn a_cluster_without_either_is_an_answer_and_costs_two_calls() {
    let cloud = Cloud::with(|state| {
        let gone = || error(ErrorKind::NotFound);
        state.broken = vec![
            ("filter_log_events", CAPTURE.to_owned(), gone()),
            ("filter_log_events", ACTIONS.to_owned(), gone()),
        ];
    });
    let none = Fact::Forgotten(ecsdeck_core::diagnose::Memory::default());
    assert_eq!(ask(&cloud, forgotten()).await, Ok(none));
    assert_eq!(cloud.count("filter_log_events"), 2);
}

#[tokio::test(start_paused = true)]
async fn the_ten_newest_revisions_are_listed_with_what_each_is_or_why_that_is_not_known() {
    let cloud = Cloud::with(|state| {
        let revision = |number: u32| Arn::new(&format!("web:{number}"));
        state.listed = (1..=25)
            .rev()
            .map(|number| (revision(number), number % 3 != 0))
            .collect();
        let broken = (
            "describe_task_definition",
            "web:24".to_owned(),
            error(ErrorKind::Denied),
        );
        state.broken = vec![broken];
    });
    let question = Question::Revisions(Clean::literal("web"));
    let Ok(Fact::Revisions(listed)) = ask(&cloud, question.clone()).await else {
        panic!()
    };
    let told: Vec<_> = listed
        .iter()
        .map(|one| (one.arn.revision().unwrap(), one.active))
        .collect();
    let expected: Vec<_> = (16..=25)
        .rev()
        .map(|number| (number, number % 3 != 0))
        .collect();
    assert_eq!(told, expected);
    assert_eq!(listed[1].definition, Err(error(ErrorKind::Denied)));
    assert!(listed[0].definition.is_ok());
    assert_eq!(cloud.count("describe_task_definition"), 10);
    // Whose credentials are not taken is told so, and not ten times.
    let broken = (
        "describe_task_definition",
        String::new(),
        error(ErrorKind::WrongCredentials),
    );
    cloud.state().broken = vec![broken];
    assert_eq!(
        ask(&cloud, question).await,
        Err(error(ErrorKind::WrongCredentials))
    );
}

#[tokio::test(start_paused = true)]
async fn the_newest_fifty_tags_are_told_of_as_many_images_as_are_worth_the_wait() {
    let image = |number: usize| TaggedImage {
        tags: vec![Clean::own(number.to_string())],
        digest: None,
        // In no order.
        pushed: Time::from_second((number as i64 * 7) % 10_007).ok(),
    };
    let cloud = Cloud::with(|state| state.images = (0..1_500).map(image).collect());
    let repository = Clean::literal("123456789012.dkr.ecr.us-east-1.amazonaws.com/app");
    let question = Question::Tags(repository);
    let tags = async |question| match ask(&cloud, question).await {
        Ok(Fact::Tags(tags)) => tags,
        other => panic!("{other:?}"),
    };
    let found = tags(question.clone()).await;
    assert_eq!((found.images.len(), found.partial), (50, false));
    assert!(
        found
            .images
            .is_sorted_by_key(|image| std::cmp::Reverse(image.pushed))
    );
    assert_eq!(cloud.count("tagged_images"), 2);
    cloud.state().images = (0..9_000).map(image).collect();
    assert!(tags(question).await.partial);
    assert_eq!(cloud.count("tagged_images"), 2 + 5);
}
