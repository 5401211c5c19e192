//! Inputs as people have them: whole, bare, several behind each other, broken.

use super::*;
use crate::diagnose::Verdict;

/// An input that is read piece by piece.
struct Elsewhere<'a>(&'a [u8]);

impl ReadAt for Elsewhere<'_> {
    fn length(&self) -> usize {
        self.0.len()
    }

    fn read_at(&self, at: usize, into: &mut [u8]) -> usize {
        let few = into.len().min(11);
        self.0.read_at(at, &mut into[..few])
    }
}

fn explained(input: impl AsRef<[u8]>) -> Vec<Report> {
    let mut all = Vec::new();
    explain(input.as_ref(), None, |report| {
        all.push(report);
        ControlFlow::Continue(())
    });
    // Read from elsewhere it is the same.
    let mut again = Vec::new();
    explain_at(&Elsewhere(input.as_ref()), None, |report| {
        again.push(report);
        ControlFlow::Continue(())
    });
    assert_eq!(all, again);
    for (number, report) in all.iter().enumerate() {
        assert_eq!(report.input, Some(number));
        assert!(!report.causes.is_empty(), "{report:?}");
    }
    all
}

fn ids(reports: &[Report]) -> Vec<&str> {
    reports
        .iter()
        .map(|report| report.causes[0].id.as_str())
        .collect()
}

fn verdicts(reports: &[Report]) -> Vec<Verdict> {
    reports.iter().map(|report| report.verdict).collect()
}

const NOT_FOUND: &str = "CannotPullContainerError: manifest for app:9 not found";

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figure is for people who run the tests"
)]
fn every_real_message_is_explained() {
    use serde_json::Value;
    let messages = include_str!("../../../../tests/fixtures/messages.jsonl");
    let (mut all, mut right, mut wrong) = (0, 0, Vec::new());
    for line in messages.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let input = match &message["input"] {
            // A message with line ends would be several items.
            Value::String(text) => text.replace('\n', " "),
            document => document.to_string(),
        };
        let reports = explained(&input);
        let first = reports[0].causes[0].id.as_str();
        let also = message["also_ok"].as_array().unwrap();
        all += 1;
        if message["cause"] == first || also.iter().any(|also| also == first) {
            right += 1;
        } else {
            wrong.push(format!("{} {first}: {message}", message["id"]));
        }
    }
    println!("{right} of {all}");
    assert_eq!(all, 70);
    assert!(wrong.is_empty(), "{right} of 70\n{}", wrong.join("\n"));
}

#[test]
fn each_line_is_an_item_and_one_that_says_nothing_keeps_its_number() {
    let input = format!("{NOT_FOUND}\r\n\n(service web) has reached a steady state.\n");
    let mut told = Vec::new();
    explain(input.as_bytes(), None, |report| {
        told.push((report.input, report.causes[0].id.as_str()));
        ControlFlow::Continue(())
    });
    assert_eq!(told, [(Some(0), "image-not-found"), (Some(2), "steady")]);
    assert!(explained("").is_empty() && explained(" \n").is_empty());
}

#[test]
fn documents_follow_each_other_and_hold_items_in_any_way() {
    let task = format!(
        r#"{{"taskArn":"arn:aws:ecs:eu-west-1:1:task/prod/a","stoppedReason":"{NOT_FOUND}"}}"#
    );
    let event =
        r#"{"id":"1","createdAt":1.7e9,"message":"(service web) has reached a steady state."}"#;
    let input = format!(
        "{{\"tasks\":[{task},{task}],\"failures\":[]}}\n[{task},[{event}],\"{NOT_FOUND}\"]\n{task}{{\"detail\":{task}}} {{\"service\":{{\"serviceName\":\"web\",\"events\":[{event}]}}}}"
    );
    let reports = explained(input);
    assert_eq!(
        ids(&reports),
        [
            "image-not-found",
            "image-not-found",
            "image-not-found",
            "steady",
            "image-not-found",
            "image-not-found",
            "image-not-found",
            "steady"
        ]
    );
    let first = &reports[0];
    assert_eq!(first.account.as_deref(), Some("1"));
    assert_eq!(first.region.as_deref(), Some("eu-west-1"));
    assert_eq!(first.cluster.as_deref(), Some("prod"));
    assert_eq!(reports[7].service.as_deref(), Some("web"));
    assert!(reports.iter().all(|report| report.error.is_none()));
}

#[test]
fn a_task_that_runs_is_steady_and_one_that_starts_is_progressing() {
    let reports = explained(
        r#"[{"taskArn":"a","lastStatus":"RUNNING"},{"taskArn":"b","lastStatus":"PENDING"},
            {"exitCode":1,"name":"app"},{"name":"app","reason":"OutOfMemoryError: Container killed due to memory usage"},
            {"taskArn":"c","lastStatus":"STOPPED","group":"family:job","containers":[{"exitCode":0}]}]"#,
    );
    assert_eq!(
        ids(&reports),
        [
            "steady",
            "progressing",
            "app-crash",
            "out-of-memory",
            "steady"
        ]
    );
    assert_eq!(
        verdicts(&reports),
        [
            Verdict::Steady,
            Verdict::Progressing,
            Verdict::Failed,
            Verdict::Failed,
            Verdict::Steady
        ]
    );
    assert_eq!(reports[4].family.as_deref(), Some("job"));
}

#[test]
fn a_service_is_judged_by_what_is_there() {
    let event = |at: u32, words: &str| {
        format!(
            r#"{{"createdAt":{},"message":"(service web) {words}"}}"#,
            1_700_000_000 + at
        )
    };
    let events =
        |events: &[String]| format!(r#"{{"serviceName":"web","events":[{}]}}"#, events.join(","));
    let steady = "has reached a steady state.";
    let place = format!("was unable to place a task. Reason: {NOT_FOUND}.");
    let back = "rolling back to deployment ecs-svc/1.";
    let failed = "(deployment ecs-svc/2) deployment failed: tasks failed to start.";
    for (input, verdict, cause) in [
        (r#"{"deployments":[{"rolloutState":"COMPLETED"}]}"#.to_owned(), Verdict::Steady, "steady"),
        (r#"{"deployments":[{"rolloutState":"IN_PROGRESS"}]}"#.to_owned(), Verdict::Progressing, "progressing"),
        (r#"{"rolloutState":"FAILED","rolloutStateReason":"ECS deployment circuit breaker: tasks failed to start."}"#.to_owned(), Verdict::Failed, "circuit-breaker-tripped"),
        (r#"{"desiredCount":2,"runningCount":2}"#.to_owned(), Verdict::Steady, "steady"),
        (r#"{"desiredCount":0,"runningCount":0}"#.to_owned(), Verdict::ScaledToZero, "scaled-to-zero"),
        (r#"{"serviceName":"web","desiredCount":2,"runningCount":1}"#.to_owned(), Verdict::Degraded, "unknown"),
        (events(&[event(9, steady), event(1, &place)]), Verdict::Steady, "steady"),
        // The order of the file does not matter, the times do.
        (events(&[event(1, steady), event(9, &place)]), Verdict::Degraded, "image-not-found"),
        (events(&[event(9, back), event(8, failed), event(7, &place)]), Verdict::RollingBack, "image-not-found"),
        (events(&[event(10, steady), event(9, back), event(8, failed), event(7, &place)]), Verdict::RolledBack, "image-not-found"),
        (events(&[event(9, failed), event(8, &place)]), Verdict::Failed, "image-not-found"),
        (events(&[event(9, "has started 2 tasks: (task a) (task b).")]), Verdict::Progressing, "progressing"),
        (events(&[event(9, back), event(7, &place)]).replacen('{', r#"{"desiredCount":1,"runningCount":0,"#, 1), Verdict::RollingBack, "image-not-found"),
        (r#"{"serviceName":"web"}"#.to_owned(), Verdict::Unknown, "unknown"),
    ] {
        let reports = explained(&input);
        assert_eq!((reports[0].verdict, ids(&reports)), (verdict, vec![cause]), "{input}");
    }
}

#[test]
fn a_rollout_with_a_fault_is_stuck_and_shows_the_breaker() {
    let reports = explained(format!(
        r#"{{"services":[{{"serviceArn":"arn:aws:ecs:us-east-1:1:service/prod/web","status":"ACTIVE","desiredCount":20,"runningCount":20,
        "deploymentConfiguration":{{"deploymentCircuitBreaker":{{"enable":true,"rollback":true}}}},
        "deployments":[{{"id":"ecs-svc/2","status":"PRIMARY","rolloutState":"IN_PROGRESS","failedTasks":6,"createdAt":"2026-01-01T00:00:00+01:00","taskDefinition":"web:2"}}],
        "events":[{{"createdAt":"2025-12-31T23:05:00Z","message":"(service web) was unable to place a task. Reason: {NOT_FOUND}."}}]}}]}}"#
    ));
    let report = &reports[0];
    assert_eq!(
        (report.verdict, ids(&reports)),
        (Verdict::Stuck, vec!["image-not-found"])
    );
    assert_eq!(report.deployment.as_deref(), Some("ecs-svc/2"));
    assert_eq!(report.since.unwrap().to_string(), "2025-12-31T23:00:00Z");
    assert_eq!(report.breaker.unwrap().threshold, 10);
    assert!(report.summary.contains(":2 ("), "{}", report.summary);
}

#[test]
fn a_bad_item_is_named_and_the_rest_is_explained() {
    let good = format!(r#"{{"stoppedReason":"{NOT_FOUND}"}}"#);
    for bad in [
        r#"{"stoppedReason":5}"#,
        r#"{"stoppedReason":nope}"#,
        r#"{"stoppedReason" "x"}"#,
        r#"{"colour":"blue"}"#,
        "{}",
        "7",
        "null",
    ] {
        for input in [
            format!("[{good},{bad},{good}]"),
            format!(r#"{{"tasks":[{good},{bad},{good}]}}"#),
        ] {
            let reports = explained(&input);
            assert_eq!(
                ids(&reports),
                ["image-not-found", "unknown", "image-not-found"],
                "{input}"
            );
            let error = reports[1].error.as_deref().unwrap();
            assert!(error.contains("byte "), "{error}");
        }
    }
}

#[test]
fn what_is_cut_off_or_no_json_is_named_and_the_next_document_is_read() {
    let good = format!(r#"{{"stoppedReason":"{NOT_FOUND}"}}"#);
    let reports = explained(format!("{{\"tasks\":[{good},{{\"stoppedRea"));
    assert_eq!(ids(&reports), ["image-not-found", "unknown"]);
    assert!(reports[1].error.as_deref().unwrap().contains("cut off"));
    let reports = explained(format!("{{\"tasks\":[{good},{{\"stoppedRea\n{good}"));
    assert_eq!(
        ids(&reports),
        ["image-not-found", "unknown", "image-not-found"]
    );
    let reports = explained(format!("{good} trash\nand more\n{good}"));
    assert_eq!(
        ids(&reports),
        ["image-not-found", "unknown", "image-not-found"]
    );
    let reports = explained(
        r#"{"services":[],"failures":[{"arn":"arn:aws:ecs:us-east-1:1:service/prod/web","reason":"MISSING"}]}"#,
    );
    assert_eq!(
        (reports[0].verdict, ids(&reports)),
        (Verdict::Failed, vec!["unknown"])
    );
    assert_eq!(reports[0].service.as_deref(), Some("web"));
    let reports = explained(r#"{"service" web} is broken"#);
    assert!(
        reports[0].error.as_deref().unwrap().contains("byte 11"),
        "{reports:?}"
    );
}

#[test]
fn many_broken_documents_are_given_up() {
    assert_eq!(explained("{\"a\n".repeat(100_000)).len(), 16);
    assert_eq!(explained("[".repeat(1_000_000)).len(), 1);
}

#[test]
fn nothing_unsafe_comes_out() {
    let mut input =
        b"\xff\xfe binary\nCannotPullContainerError\0: manifest for app:9 not found\n".to_vec();
    input.extend(b"\x1b[31mOutOfMemoryError: Container killed due to memory usage\x1b]0;x\x07\n");
    input.extend(format!("{NOT_FOUND} {}\n", "x".repeat(1 << 20)).bytes());
    input.extend(b"(service web) has reached a steady state.");
    let reports = explained(&input);
    assert_eq!(
        ids(&reports)[1..],
        [
            "image-not-found",
            "out-of-memory",
            "image-not-found",
            "steady"
        ]
    );
    let errors: Vec<bool> = reports
        .iter()
        .map(|report| report.error.is_some())
        .collect();
    assert_eq!(errors, [true, true, false, true, false]);
    let json = r#"{"taskArn":"a\u001b[2Jb\u0000","stoppedReason":"\u001b[31mOutOfMemoryError\u202e","x":1}"#;
    for report in reports.into_iter().chain(explained(json)) {
        let printed = format!("{}{:?}", serde_json::to_string(&report).unwrap(), report);
        assert!(
            !printed.contains(['\u{1b}', '\0', '\u{7}', '\u{202e}']),
            "{printed}"
        );
        assert!(!printed.contains("\\u00"), "{printed}");
    }
}

#[test]
fn yaml_is_the_same_as_json() {
    let yaml = format!(
        "tasks:\n- taskArn: arn:aws:ecs:eu-west-1:1:task/main/a\n  lastStatus: STOPPED\n  stopCode: TaskFailedToStart\n  \
         stoppedReason: '{NOT_FOUND}'\nfailures: []\n"
    );
    let reports = explained(&yaml);
    assert_eq!(ids(&reports), ["image-not-found"]);
    assert_eq!(reports[0].cluster.as_deref(), Some("main"));
}

#[test]
fn the_files_of_a_directory_are_one_input() {
    let service = r#"{"services":[{"serviceArn":"arn:aws:ecs:eu-west-1:1:service/main/web","serviceName":"web",
        "clusterArn":"arn:aws:ecs:eu-west-1:1:cluster/main","status":"ACTIVE","desiredCount":2,"runningCount":0,
        "deployments":[{"id":"ecs-svc/2","status":"PRIMARY","taskDefinition":"web:2","rolloutState":"IN_PROGRESS",
        "desiredCount":2,"runningCount":0,"createdAt":"2026-01-01T10:00:00Z"}]}]}"#;
    let tasks = format!(
        "tasks:\n- taskArn: arn:aws:ecs:eu-west-1:1:task/main/a\n  group: service:web\n  startedBy: ecs-svc/2\n  \
         taskDefinitionArn: arn:aws:ecs:eu-west-1:1:task-definition/web:2\n  lastStatus: STOPPED\n  \
         stopCode: TaskFailedToStart\n  createdAt: '2026-01-01T10:01:00Z'\n  stoppedAt: '2026-01-01T10:02:00Z'\n  \
         stoppedReason: '{NOT_FOUND}'\n"
    );
    let notes = b"paged at ten\n(service api) has reached a steady state.\n".to_vec();
    let reports = explained(joined([service.into(), tasks.into_bytes(), notes]));
    assert_eq!(
        ids(&reports),
        ["image-not-found", "image-not-found", "steady"]
    );
    assert_eq!(reports[0].verdict, Verdict::Stuck);
}

#[test]
fn reading_ends_when_nobody_wants_more() {
    let mut seen = 0;
    explain(b"[\"a\",\"b\",\"c\"]", None, |_| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert_eq!(seen, 1);
}

/// What is offered against the first cause.
fn offered(input: &str) -> Vec<&'static str> {
    let reports = explained(input);
    let actions = reports[0].causes[0].actions.iter();
    actions.map(|command| command.as_str()).collect()
}

#[test]
fn only_what_can_be_run_on_an_item_is_offered() {
    let service = |controller: &str| {
        offered(&format!(
            r#"{{"serviceName":"web","deploymentController":{{"type":"{controller}"}},"desiredCount":1,"runningCount":0,
            "events":[{{"message":"(service web) was unable to place a task. Reason: {NOT_FOUND}"}}]}}"#
        ))
    };
    assert_eq!(service("ECS"), ["rollback", "deploy"]);
    assert_eq!(service("CODE_DEPLOY"), [""; 0]);
    let task = |group: &str| {
        offered(&format!(
            r#"{{"taskArn":"a","group":"{group}","stoppedReason":"Essential container in task exited",
            "lastStatus":"STOPPED","containers":[{{"name":"app","exitCode":1}}]}}"#
        ))
    };
    assert_eq!(task("service:web"), ["tail", "rollback"]);
    assert_eq!(task("family:job"), ["tail"]);
}
