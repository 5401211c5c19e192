//! Whole public cases: services and tasks as AWS returned them, lines as people pasted them.

use std::ops::ControlFlow;

use serde_json::Value;

use super::*;
use crate::diagnose::Verdict;
use crate::diagnose::cause::{CauseId, Standing};
use crate::diagnose::invariants::contradiction;

fn explained(input: &str) -> Vec<Report> {
    explained_at(input, None)
}

fn explained_at(input: &str, at: Option<&str>) -> Vec<Report> {
    let mut all = Vec::new();
    let at = at.map(|at| at.parse().unwrap());
    explain(input.as_bytes(), at, |report| {
        all.push(report);
        ControlFlow::Continue(())
    });
    all
}

/// An input as it lies in the fixture: text that had line ends would be several items.
fn given(case: &Value) -> String {
    match &case["input"] {
        Value::String(text) => text.replace('\n', " "),
        document => document.to_string(),
    }
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figure is for people who run the tests"
)]
fn every_public_case_gets_its_cause_and_no_false_alarm() {
    let cases = include_str!("../../../../tests/fixtures/cases.jsonl");
    let (mut all, mut right, mut alarms, mut wrong) = (0, 0, 0, Vec::new());
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let reports = explained(&given(&case));
        let report = &reports[0];
        assert_eq!(contradiction(report), None, "{}", case["id"]);
        let first = report.causes[0].id.as_str();
        let also = case["also_ok"].as_array().unwrap();
        all += 1;
        let fits = case["cause"] == first || also.iter().any(|also| also == first);
        right += u32::from(fits);
        let wanted = CauseId::from_id(case["cause"].as_str().unwrap()).unwrap();
        let alarm = wanted.standing() == Standing::Calm && report.verdict.is_bad_news();
        alarms += u32::from(alarm);
        if !fits || alarm {
            let verdict = report.verdict.word();
            wrong.push(format!(
                "{} {verdict} {first}: {}",
                case["id"], report.summary
            ));
        }
    }
    println!(
        "{right} of {all}, {alarms} false alarms\n{}",
        wrong.join("\n")
    );
    assert_eq!(all, 42);
    assert!(right >= 41 && alarms == 0, "{}", wrong.join("\n"));
}

/// One of the inputs that people sent, as it is half past nine.
macro_rules! given {
    ($name:literal) => {
        explained_at(
            include_str!(concat!("../../../../tests/fixtures/inputs/", $name)),
            Some("2026-11-30T09:30:00Z"),
        )
    };
}

fn first(report: &Report) -> &'static str {
    report.causes[0].id.as_str()
}

#[test]
fn a_call_that_placed_nothing_is_read_out_of_cloudtrail() {
    let reports = given!("cloudtrail-run-task.json");
    assert_eq!(
        (reports.len(), first(&reports[0])),
        (1, "insufficient-resources")
    );
}

#[test]
fn a_task_set_that_fails_is_seen_though_another_serves() {
    let reports = given!("code-deploy-task-set.json");
    assert_eq!(reports[0].verdict, Verdict::Stuck, "{}", reports[0].summary);
    assert!(matches!(
        first(&reports[0]),
        "target-unhealthy" | "container-unhealthy"
    ));
    assert!(reports[0].summary.contains("0/2"), "{}", reports[0].summary);
}

#[test]
fn a_daemon_that_wants_no_task_has_no_host_and_no_count_to_scale() {
    let reports = given!("daemon-without-hosts.json");
    let cause = &reports[0].causes[0];
    assert_eq!(cause.id, CauseId::NoContainerInstances);
    let said = format!("{} {} {}", reports[0].summary, cause.summary, cause.fix);
    assert!(
        !said.contains("scale") && !said.contains("desired count"),
        "{said}"
    );
}

#[test]
fn the_container_that_ran_out_of_memory_is_named_with_its_own_code() {
    let reports = given!("oom-of-one-container.json");
    let cause = &reports[0].causes[0];
    assert_eq!(cause.id, CauseId::OutOfMemory);
    assert!(cause.summary.contains("main"), "{}", cause.summary);
    let words = cause.evidence[0].text.as_str();
    assert!(words.starts_with("main: OutOfMemoryError"), "{words}");
    assert!(!words.contains("143"), "{words}");
}

#[test]
fn percents_that_leave_no_room_are_computed() {
    let reports = given!("percent-deadlock.json");
    assert_eq!(
        (reports[0].verdict, first(&reports[0])),
        (Verdict::Stuck, "deployment-config-deadlock")
    );
    let said = &reports[0].causes[0].evidence[0].text;
    assert!(
        said.contains("of 1 tasks at least 1 must run (50 %"),
        "{said}"
    );
}

#[test]
fn a_task_that_waits_for_nineteen_minutes_is_late() {
    let reports = given!("pending-for-19-minutes.json");
    assert_eq!(
        (reports[0].verdict, first(&reports[0])),
        (Verdict::Failed, "start-impaired")
    );
    let said = &reports[0].causes[0].evidence[0].text;
    assert!(
        said.contains("PENDING for 19 min, no image pull has begun"),
        "{said}"
    );
    let input = include_str!("../../../../tests/fixtures/inputs/pending-for-19-minutes.json");
    let early = explained_at(input, Some("2026-11-30T09:12:00Z"));
    assert_eq!(
        (early[0].verdict, first(&early[0])),
        (Verdict::Progressing, "progressing")
    );
}

#[test]
fn the_proxy_of_service_connect_is_named_and_not_the_program() {
    let reports = given!("service-connect-proxy.json");
    let cause = &reports[0].causes[0];
    assert_eq!(cause.id, CauseId::ContainerUnhealthy);
    assert!(
        cause.summary.contains("ecs-service-connect-AbCdEf"),
        "{}",
        cause.summary
    );
    assert!(
        cause.fix.contains("proxy") && !cause.fix.contains("check's command"),
        "{}",
        cause.fix
    );
}

#[test]
fn each_line_that_begins_with_a_bracket_is_a_line() {
    let reports = given!("bracketed-lines.txt");
    let causes: Vec<&str> = reports.iter().map(first).collect();
    assert_eq!(
        causes,
        [
            "image-platform-mismatch",
            "image-not-found",
            "secret-not-found"
        ]
    );
}

#[test]
fn a_log_router_that_is_not_up_needs_no_gateway() {
    let reports = explained(
        "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: dial tcp \
         127.0.0.1:24224: connect: connection refused",
    );
    assert_eq!(first(&reports[0]), "log-driver-failed");
    assert!(
        !reports[0].causes[0].fix.contains("NAT"),
        "{}",
        reports[0].causes[0].fix
    );
}

#[test]
fn a_service_is_judged_with_its_tasks_and_each_item_keeps_its_own_report() {
    let task = |id: &str, by: &str| {
        format!(
            r#"{{"taskArn":"arn:aws:ecs:eu-west-1:1:task/main/{id}","group":"service:web","startedBy":"{by}",
            "taskDefinitionArn":"arn:aws:ecs:eu-west-1:1:task-definition/web:2","lastStatus":"STOPPED",
            "stopCode":"TaskFailedToStart","createdAt":"2026-01-01T10:01:00Z","stoppedAt":"2026-01-01T10:02:00Z",
            "stoppedReason":"CannotPullContainerError: manifest for web:9 not found"}}"#
        )
    };
    for by in ["ecs-svc/2", "moto", "ecs-svc/web"] {
        let tasks = format!(r#"{{"tasks":[{},{}]}}"#, task("a", by), task("b", by));
        let service = r#"{"services":[{"serviceArn":"arn:aws:ecs:eu-west-1:1:service/main/web","serviceName":"web",
            "clusterArn":"arn:aws:ecs:eu-west-1:1:cluster/main","status":"ACTIVE","desiredCount":2,"runningCount":2,
            "deployments":[{"id":"ecs-svc/2","status":"PRIMARY","taskDefinition":"web:2","rolloutState":"IN_PROGRESS",
            "desiredCount":2,"runningCount":0,"createdAt":"2026-01-01T10:00:00Z"},{"id":"ecs-svc/1","status":"ACTIVE",
            "taskDefinition":"web:1","desiredCount":2,"runningCount":2,"createdAt":"2025-12-01T10:00:00Z"}]}]}"#;
        for input in [format!("{tasks}\n{service}"), format!("{service}\n{tasks}")] {
            let reports = explained(&input);
            let services = reports.iter().filter(|one| one.task.is_none());
            let service: Vec<&Report> = services.collect();
            assert_eq!((reports.len(), service.len()), (3, 1));
            assert_eq!(
                (service[0].verdict, first(service[0])),
                (Verdict::Stuck, "image-not-found"),
                "{by}"
            );
            assert_eq!(service[0].causes[0].evidence[0].count, 2);
        }
    }
}

#[test]
fn documents_are_read_in_every_wrapping() {
    let task = r#"{"taskArn":"arn:aws:ecs:eu-west-1:1:task/main/a","lastStatus":"STOPPED","stopCode":"TaskFailedToStart",
        "stoppedReason":"CannotPullContainerError: manifest for web:9 not found"}"#;
    let event = format!(
        r#"{{"detail":{task},"detail-type":"ECS Task State Change","source":"aws.ecs","time":"2026-01-01T10:00:00Z"}}"#
    );
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let pascal = r#"{"TaskArn":"arn:aws:ecs:eu-west-1:1:task/main/a","LastStatus":"STOPPED","StopCode":"TaskFailedToStart",
        "StoppedReason":"CannotPullContainerError: manifest for web:9 not found","Containers":[{"Name":"app"}]}"#;
    for input in [
        event.clone(),
        format!(r#"{{"Type":"Notification","Message":{}}}"#, quoted(&event)),
        format!(
            r#"{{"Messages":[{{"MessageId":"1","Body":{}}}]}}"#,
            quoted(&event)
        ),
        format!(
            r#"{{"Records":[{{"Sns":{{"Message":{}}}}}]}}"#,
            quoted(&event)
        ),
        pascal.to_owned(),
        format!(r#"{{"Tasks":[{pascal}],"Failures":[]}}"#),
        format!(
            r#"{{"error":"States.TaskFailed","cause":{}}}"#,
            quoted(pascal)
        ),
        format!("notes of the night\n{task}\nand more").replacen("notes", "Notes", 1),
    ] {
        let reports = explained(&input);
        let causes: Vec<&str> = reports.iter().map(first).collect();
        assert!(causes.contains(&"image-not-found"), "{causes:?} {input}");
        assert!(reports.iter().all(|one| one.error.is_none()), "{input}");
    }
}

#[test]
fn an_event_that_has_only_a_name_is_explained() {
    let action = |name: &str, reason: &str| {
        format!(
            r#"{{"source":"aws.ecs","time":"2026-01-01T10:00:00Z","resources":["arn:aws:ecs:eu-west-1:1:service/main/web"],
            "detail-type":"ECS Service Action","detail":{{"eventType":"WARN","eventName":"{name}"{reason}}}}}"#
        )
    };
    for (name, reason, cause) in [
        ("SERVICE_TASK_START_IMPAIRED", "", "start-impaired"),
        ("SERVICE_STEADY_STATE", "", "steady"),
        (
            "SERVICE_TASK_PLACEMENT_FAILURE",
            r#","reason":"RESOURCE:MEMORY""#,
            "insufficient-resources",
        ),
        (
            "SERVICE_DEPLOYMENT_FAILED",
            r#","reason":"ECS deployment circuit breaker: task failed to start.""#,
            "circuit-breaker-tripped",
        ),
    ] {
        let reports = explained(&action(name, reason));
        assert_eq!(first(&reports[0]), cause, "{name}");
        assert_eq!(reports[0].service.as_deref(), Some("web"));
    }
}

#[test]
fn a_call_that_was_refused_is_read_out_of_cloudtrail() {
    let reports = explained(
        r#"{"eventSource":"ecs.amazonaws.com","eventName":"UpdateService","responseElements":null,
        "errorCode":"AccessDenied","errorMessage":"User: arn:aws:iam::1:user/a is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/x"}"#,
    );
    assert_eq!(
        (reports.len(), first(&reports[0])),
        (1, "permission-denied")
    );
}

/// What people paste into a channel while something burns.
const NOTES: &str = r#"# Incident 4711, notes
02:58 alice: paged, web answers 502 since about 02:40
02:59 bob: looking

03:01 alice: from the console:
> (service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0a1b) has insufficient memory available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.
```
{"tasks": [{"taskArn": "arn:aws:ecs:eu-west-1:1:task/main/a", "lastStatus": "STOPPED", "stopCode": "TaskFailedToStart",
  "stoppedReason": "CannotPullContainerError: manifest for web:9 not found"}]}
```
03:05 bob: deploy of web:9 was at 02:38, by the pipeline
- ask carol about the tag
03:07 bob: pasted: ResourceInitializationError: something nobody has ever seen
"#;

#[test]
fn of_pasted_notes_whatever_can_be_recognised_is_read_and_the_rest_says_nothing() {
    let reports = explained(NOTES);
    let causes: Vec<&str> = reports.iter().map(first).collect();
    assert_eq!(
        causes,
        ["insufficient-resources", "image-not-found", "unknown"],
        "what complains is told though nobody knows its cause"
    );
    assert!(reports[2].verdict.is_bad_news());
    let numbers: Vec<_> = reports.iter().map(|one| one.input.unwrap()).collect();
    assert_eq!(numbers, [5, 7, 11], "notes keep their numbers");
    assert!(reports.iter().all(|one| one.error.is_none()));
}

#[test]
fn lines_of_which_none_is_recognised_are_unknown_each() {
    let reports = explained("the quick brown fox\njumps");
    let causes: Vec<&str> = reports.iter().map(first).collect();
    assert_eq!(causes, ["unknown", "unknown"]);
}
