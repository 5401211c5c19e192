//! The commands without a screen, against what the simulator says when it is asked directly.

use std::collections::{BTreeMap, BTreeSet};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Home, Sim, names_the_cause};

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn array<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name]
        .as_array()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[test]
fn status_tells_what_describe_services_tells() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let document = home.run(&["status", "--json"]).ends(1).json();
    assert_eq!(
        (text(&document, "account"), text(&document, "region")),
        ("123456789012", "us-east-1")
    );
    assert!(text(&document, "identity").contains("OnCall"));
    assert!(text(&document, "at").ends_with('Z'));
    let names = [
        "short-drama-backend",
        "short-drama-web",
        "short-drama-notifier",
    ];
    let aws = sim.ask(
        "AmazonEC2ContainerServiceV20141113.DescribeServices",
        &json!({ "cluster": "short-drama-cluster", "services": names }),
    );
    let services = array(&document, "services");
    assert_eq!(services.len(), 3);
    for service in services {
        let of_aws = |other: &&Value| other["serviceArn"] == service["arn"];
        let aws = array(&aws, "services").iter().find(of_aws).unwrap();
        for (ours, theirs) in [
            ("desired", "desiredCount"),
            ("running", "runningCount"),
            ("pending", "pendingCount"),
            ("service", "serviceName"),
        ] {
            assert_eq!(service[ours], aws[theirs], "{ours} of {service}");
        }
        assert_eq!(
            array(service, "deployments").len(),
            array(aws, "deployments").len()
        );
        assert_eq!(service["cluster"], "short-drama-cluster");
    }
    // The most broken one comes first.
    assert_eq!(text(&services[0], "service"), "short-drama-backend");
    assert_eq!(
        (text(&services[0], "verdict"), text(&services[0], "rollout")),
        ("stuck", "IN_PROGRESS")
    );
    assert!(
        names_the_cause(text(&services[0], "summary")),
        "{}",
        services[0]
    );
    assert!(
        services[1..]
            .iter()
            .all(|service| service["verdict"] == "steady")
    );
    let one = home
        .run(&["status", "--json", "--service", "short-drama-web"])
        .ends(0)
        .json();
    assert_eq!(array(&one, "services").len(), 1);
}

#[test]
fn status_for_people_names_the_cause() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let ran = home.run(&["status"]).ends(1);
    let first = ran.stdout.lines().nth(1).unwrap();
    assert!(
        first.starts_with("stuck")
            && first.contains("short-drama-backend")
            && first.contains("2/2"),
        "{ran:?}"
    );
    assert!(names_the_cause(first), "{ran:?}");
}

#[test]
fn tasks_tell_what_the_simulator_holds() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let document = home.run(&["tasks", "--json"]).ends(0).json();
    let state = sim.state().to_string();
    let tasks = array(&document, "tasks");
    let ids: BTreeSet<&str> = tasks.iter().map(|task| text(task, "id")).collect();
    assert_eq!(ids.len(), tasks.len(), "none twice");
    for task in tasks {
        assert!(state.contains(text(task, "id")), "{task}");
        assert!(
            task["family"].is_null() && text(task, "service").starts_with("short-drama-"),
            "{task}"
        );
    }
    let running = tasks
        .iter()
        .filter(|task| task["status"] == "running")
        .count();
    assert_eq!(running, 5);
    let failed = tasks.iter().filter(|task| task["status"] == "stopped");
    let reasons: Vec<String> = failed.map(Value::to_string).collect();
    assert!(
        reasons.len() > 5
            && reasons
                .iter()
                .all(|task| task.contains("CannotPullContainerError")),
        "{reasons:?}"
    );
    let web = home
        .run(&["tasks", "--json", "--service", "short-drama-web"])
        .ends(0)
        .json();
    assert_eq!(array(&web, "tasks").len(), 2);
}

#[test]
fn queues_tell_their_depth_and_their_dead_letters() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    for arguments in [
        &["queues", "--json"][..],
        &["queues", "--json", "--deck", "short-drama"],
    ] {
        let document = home.run(arguments).ends(0).json();
        let queues = array(&document, "queues");
        for name in ["gpu_tasks_queue", "cpu_tasks_queue"] {
            let queue = queues
                .iter()
                .find(|queue| queue["name"] == name)
                .unwrap_or_else(|| panic!("{document:#}"));
            let url = format!("https://sqs.us-east-1.amazonaws.com/123456789012/{name}");
            let aws = sim.ask(
                "AmazonSQS.GetQueueAttributes",
                &json!({ "QueueUrl": url, "AttributeNames": ["All"] }),
            );
            for (ours, theirs) in [
                ("visible", "ApproximateNumberOfMessages"),
                ("in_flight", "ApproximateNumberOfMessagesNotVisible"),
                ("delayed", "ApproximateNumberOfMessagesDelayed"),
            ] {
                assert_eq!(
                    queue[ours].to_string(),
                    text(&aws["Attributes"], theirs),
                    "{ours} of {queue}"
                );
            }
            assert_eq!(text(&queue["dead_letter"], "name"), format!("{name}_dlq"));
            assert_eq!(queue["dead_letter"]["max_receives"], 3);
        }
    }
}

#[test]
fn work_tells_what_a_scan_tells() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut start = Value::Null;
    loop {
        let mut request = json!({ "TableName": "task_store" });
        if !start.is_null() {
            request["ExclusiveStartKey"] = start;
        }
        let page = sim.ask("DynamoDB_20120810.Scan", &request);
        for item in array(&page, "Items") {
            *counts
                .entry(text(&item["status"], "S").to_owned())
                .or_default() += 1;
        }
        start = page["LastEvaluatedKey"].clone();
        if start.is_null() {
            break;
        }
    }
    assert!(counts.len() >= 3, "{counts:?}");
    for arguments in [
        &["work", "--json"][..],
        &["work", "--json", "--deck", "short-drama"],
    ] {
        let document = home.run(arguments).ends(0).json();
        let table = array(&document, "tables")
            .iter()
            .find(|table| table["table"] == "task_store")
            .unwrap();
        let told: BTreeMap<String, u64> = serde_json::from_value(table["counts"].clone()).unwrap();
        assert_eq!(told, counts);
        assert_eq!(
            (&table["key"], &table["capped"]),
            (&json!(["task_id"]), &json!(false))
        );
        let failed = array(table, "rows")
            .iter()
            .find(|row| row["task_id"] == "0b6c1f5e-2a77-4f0e-9d4e-5a3c1b7e9f10");
        assert_eq!(failed.unwrap()["error"], "gave up after 3 attempts");
    }
}

/// All events of a group in a span, as CloudWatch gives them.
fn events(sim: &Sim, group: &str, from: i64, to: i64) -> Vec<(i64, String, String)> {
    let mut all = Vec::new();
    let mut token = Value::Null;
    loop {
        let mut request = json!({ "logGroupName": group, "startTime": from, "endTime": to });
        if !token.is_null() {
            request["nextToken"] = token;
        }
        let page = sim.ask("Logs_20140328.FilterLogEvents", &request);
        for event in array(&page, "events") {
            let at = event["timestamp"].as_i64().unwrap();
            all.push((
                at,
                text(event, "logStreamName").to_owned(),
                text(event, "message").to_owned(),
            ));
        }
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    all.sort();
    all
}

/// A line of `tail --json` as (milliseconds, stream, message).
fn line(line: &str) -> (i64, String, String) {
    let line: Value = serde_json::from_str(line).unwrap();
    let at: jiff::Timestamp = text(&line, "at").parse().unwrap();
    (
        at.as_millisecond(),
        text(&line, "stream").to_owned(),
        text(&line, "message").to_owned(),
    )
}

#[test]
fn tail_prints_the_log_of_a_service_a_task_and_a_group() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let now = sim.running().now().as_millisecond();
    let group = "/ecs/short-drama-web";
    let expected = events(&sim, group, now - 660_000, now);
    assert!(expected.len() > 100, "{}", expected.len());
    let tasks = home
        .run(&["tasks", "--json", "--service", "short-drama-web"])
        .json();
    let task = text(&array(&tasks, "tasks")[0], "id").to_owned();
    let of_task: Vec<_> = expected
        .iter()
        .filter(|(_, stream, _)| stream.ends_with(&task))
        .cloned()
        .collect();
    let short: String = task.chars().take(8).collect();
    for (target, expected) in [
        ("short-drama-web", &expected),
        ("short-drama-cluster/short-drama-web", &expected),
        (group, &expected),
        (task.as_str(), &of_task),
        (short.as_str(), &of_task),
    ] {
        let ran = home
            .run(&["tail", target, "--json", "--since", "10m"])
            .ends(0);
        let mut printed: Vec<_> = ran.stdout.lines().map(line).collect();
        assert!(
            printed.is_sorted_by_key(|(at, ..)| *at),
            "in the order of time"
        );
        printed.sort();
        // The span begins by the clock of the replies, which has seconds alone, and moves while the command starts.
        let first = printed.first().unwrap().0;
        assert!((first - (now - 600_000)).abs() < 30_000, "{target}");
        let expected: Vec<_> = expected
            .iter()
            .filter(|(at, ..)| *at >= first)
            .cloned()
            .collect();
        assert_eq!(printed, expected, "{target}");
    }
}

#[test]
fn tail_takes_a_filter_a_container_and_a_log_of_the_deck() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let one = home
        .run(&[
            "tail",
            "short-drama-backend",
            "--container",
            "orchestrator",
            "--json",
        ])
        .ends(0);
    assert!(one.stdout.lines().count() > 20);
    assert!(
        one.stdout
            .lines()
            .all(|line| line.contains("\"container\":\"orchestrator\"")),
        "{}",
        one.stdout
    );
    let warnings = home
        .run(&["tail", "short-drama-backend", "--filter", "WARNING"])
        .ends(0);
    assert!(warnings.stdout.lines().count() > 1);
    assert!(
        warnings.stdout.lines().all(|line| line.contains("WARNING")),
        "{}",
        warnings.stdout
    );
    let deck = home
        .run(&["tail", "backend", "--deck", "short-drama", "--since", "2m"])
        .ends(0);
    assert!(
        deck.stdout.contains("canvas-service") && deck.stdout.contains("orchestrator"),
        "{}",
        deck.stdout
    );
    for nowhere in ["/no/such/group", "nobody"] {
        let ran = home.run(&["tail", nowhere]).ends(2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{ran:?}");
    }
    home.run(&["tail", "short-drama-web", "--since", "soon"])
        .ends(2);
}

#[test]
fn tail_takes_moments_and_prints_what_lies_between() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let now = sim.running().now().as_millisecond();
    let group = "/ecs/short-drama-web";
    let stamp = |ago: i64| {
        let at = jiff::Timestamp::from_millisecond(now - ago * 1_000).unwrap();
        at.to_string()
    };
    let (from, to) = (now - 300_000, now - 120_000);
    let expected = events(&sim, group, from, to);
    assert!(expected.len() > 20, "{}", expected.len());
    let lines = |since: &str, until: &str| {
        let ran = home
            .run(&["tail", group, "--json", "--since", since, "--until", until])
            .ends(0);
        ran.stdout.lines().map(line).collect::<Vec<_>>()
    };
    let between = lines(&stamp(300), &stamp(120));
    assert_eq!(between.len(), expected.len());
    assert!(between.iter().all(|line| (from..to).contains(&line.0)));
    // AWS tells its clock by whole seconds, and the console lets it go on by itself.
    let ago = lines("5m", "2m");
    assert!(ago.len() > 20, "{}", ago.len());
    let about = from - 2_000..to + 60_000;
    assert!(ago.iter().all(|line| about.contains(&line.0)));
    for arguments in [
        ["--since", "tomorrow", "--until", "1m"],
        ["--since", "1m", "--until", "5m"],
        ["--since", "2999-01-01", "--until", "2999-01-02"],
    ] {
        let ran = home
            .run(&[["tail", group].as_slice(), &arguments].concat())
            .ends(2);
        assert!(ran.stderr.starts_with("Error: "), "{}", ran.stderr);
    }
}

#[test]
fn tail_shows_several_logs_together_and_says_whose_each_line_is() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let (web, group) = ("short-drama-web", "/ecs/short-drama-notifier");
    let lines_of = |targets: &[&str]| {
        let arguments: Vec<&str> = ["tail"].iter().chain(targets).copied().collect();
        let ran = home.run(&arguments).ends(0);
        let lines = ran.stdout.lines().map(str::to_owned);
        lines.collect::<Vec<String>>()
    };
    let (of_web, of_group) = (lines_of(&[web]).len(), lines_of(&[group]).len());
    let both = lines_of(&[web, group]);
    let of = |name: &str| {
        let name = format!(" {name}/");
        both.iter().filter(|line| line.contains(&name)).count()
    };
    assert!(of_web > 0 && of_group > 0);
    // The span is counted back from when each command began.
    for (alone, together) in [(of_web, of(web)), (of_group, of("short-drama-notifier"))] {
        assert!(
            together.abs_diff(alone) <= alone / 5 + 2,
            "{alone}, {together}"
        );
    }
    assert_eq!(both.len(), of(web) + of("short-drama-notifier"));
    let ran = home.run(&["tail", web, "/no/such/group"]).ends(2);
    assert!(ran.stderr.contains("log group"), "{ran:?}");
}

#[test]
fn following_a_log_without_lines_says_what_it_waits_for() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    let arguments = [
        "tail",
        "/aws/lambda/aipm-backend-prod-api",
        "--since",
        "1s",
        "--filter",
        "nobodywritesthis",
        "-f",
    ];
    let waiting = [&arguments[..], &["--timeout", "3s"]].concat();
    let ran = home.run(&waiting).ends(4);
    assert!(
        ran.stderr
            .contains("waiting for lines of /aws/lambda/aipm-backend-prod-api"),
        "{ran:?}"
    );
    assert!(ran.stdout.is_empty(), "{ran:?}");
}

#[test]
fn tail_takes_a_lambda_function_by_its_name() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    home.run(&["tail", "aipm-backend-prod-api"]).ends(0);
    let groups: Vec<Value> = sim
        .calls_of("FilterLogEvents")
        .iter()
        .map(|call| call.request["logGroupName"].clone())
        .collect();
    assert_eq!(groups.last().unwrap(), "/aws/lambda/aipm-backend-prod-api");
}

#[test]
fn tail_follow_prints_every_line_once() {
    let sim = Sim::with("short-drama", |options| options.speed = 5.0);
    let home = Home::on(&sim);
    let mut tail = home.begin(&[
        "tail",
        "short-drama-backend",
        "--json",
        "--since",
        "1m",
        "--follow",
    ]);
    tail.until("the past", |seen| seen.len() > 20);
    // Then lines that were not there when it started, for half a minute of the simulator's time.
    let from = sim.running().now().as_millisecond();
    tail.until("the present", |seen| {
        line(seen.last().unwrap()).0 > from + 30_000
    });
    let (status, seen) = tail.end(Signal::INT);
    assert_eq!(status.code(), Some(130));
    let mut printed: Vec<_> = seen.iter().map(|text| line(text)).collect();
    printed.sort();
    let (first, last) = (printed[0].0, printed[printed.len() - 1].0);
    // At the very end, lines of other streams may still have been on their way.
    let complete = last - 20_000;
    let mut expected = events(&sim, "/ecs/short-drama-backend", first, complete);
    expected.retain(|(at, ..)| *at > first);
    printed.retain(|(at, ..)| *at > first && *at <= complete);
    assert!(printed.len() > 20, "{}", printed.len());
    assert_eq!(printed, expected);
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let mut tail = home.begin(&["tail", "short-drama-backend", "--since", "10m"]);
    tail.until("a line", |seen| !seen.is_empty());
    let (status, said) = tail.goes_away();
    assert_eq!((status.code(), said.as_str()), (Some(0), ""));
}

#[test]
fn keys_completions_and_the_manual_need_no_aws() {
    let home = Home::new();
    assert!(home.run(&["keys"]).ends(0).stdout.contains("`U`"));
    assert!(
        home.run(&["completions", "bash"])
            .ends(0)
            .stdout
            .contains("ecsdeck")
    );
    assert!(home.run(&["man"]).ends(0).stdout.contains(".TH"));
    assert!(
        home.run(&["--version"])
            .ends(0)
            .stdout
            .starts_with("ecsdeck ")
    );
}

#[test]
fn the_simulator_alone_says_where_it_listens() {
    let home = Home::new();
    let mut alone = home.begin(&[
        "sim",
        "--listen",
        "127.0.0.1:0",
        "--world",
        "aipm",
        "--paused",
    ]);
    alone.until("where it listens", |seen| {
        seen.iter()
            .any(|line| line.starts_with("listening on http://127.0.0.1:"))
    });
    let url = alone.seen[0].trim_start_matches("listening on ").to_owned();
    let status = Home::at(&url).run(&["status", "--json"]).json();
    assert_eq!(text(&status, "account"), "728378229251");
    let (status, _) = alone.end(Signal::TERM);
    assert_eq!(status.code(), Some(0));
}
