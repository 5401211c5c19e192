//! How long a diagnosis takes, and `explain`: `cargo bench -p ecsdeck-core`. Prints figures and judges none, for a
//! wall clock is another on each machine. What is aimed at, on one core: 1,000 services with 10,000 tasks in less than
//! 50 ms; 10,000 stopped tasks as 20 MB of JSON in less than 1 s, with at most 5 times the input's memory.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark: it has a clock and looks at its own memory, and a failure may end it"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use ecsdeck_core::diagnose::{
    Facts, LocalFacts, ServiceSnapshot, Verdict, diagnose_service, explain,
};
use ecsdeck_core::domain::{
    Arn, Breaker, Container, Controller, Deployment, DeploymentSettings, DeploymentStatus, Health,
    Owner, Rollout, Scheduling, Service, ServiceEvent, ServiceStatus, StopCode, Task, TaskStatus,
    Time,
};
use ecsdeck_core::text::Clean;

const SERVICES: usize = 1_000;
/// Of each service.
const TASKS: usize = 10;
/// So many that AWS gives with a service (source: ECS API reference, Service).
const EVENTS: usize = 100;
const STOPPED: usize = 10_000;
const RUNS: usize = 15;

/// AWS's words, for tasks that stopped.
const REASONS: [&str; 4] = [
    "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref \
     123456789012.dkr.ecr.us-east-1.amazonaws.com/web:v9: not found",
    "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/6d0ecf831eec9f09)",
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to \
     retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException",
    "Essential container in task exited",
];

fn arn(kind: &str, name: &str) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:{kind}/prod/{name}"
    ))
}

fn at(second: i64) -> Option<Time> {
    Some(Time::from_second(1_770_000_000 + second).unwrap())
}

fn cycled<'a>(words: &[&'a str], number: usize) -> &'a str {
    words.iter().cycle().nth(number % words.len()).unwrap()
}

/// A rollout that every third service is in, with tasks that stopped; the others are well.
fn deployment(service: usize, primary: bool) -> Deployment {
    let rolling = service.is_multiple_of(3) && primary;
    Deployment {
        id: Clean::new(&format!("ecs-svc/{service}{primary}")),
        status: if primary {
            DeploymentStatus::Primary
        } else {
            DeploymentStatus::Active
        },
        task_definition: arn("task-definition", if primary { "web:2" } else { "web:1" }),
        desired: 5,
        pending: u32::from(rolling),
        running: if rolling { 0 } else { 5 },
        failed: if rolling { 4 } else { 0 },
        rollout: Some(if rolling {
            Rollout::InProgress
        } else {
            Rollout::Completed
        }),
        reason: None,
        created: at(if primary { -900 } else { -90_000 }),
        updated: at(-30),
    }
}

fn service(number: usize) -> Service {
    let rolling = number.is_multiple_of(3);
    let name = format!("web-{number}");
    let mut deployments = vec![deployment(number, true)];
    if rolling {
        deployments.push(deployment(number, false));
    }
    let event = |age: usize| ServiceEvent {
        id: Clean::new(&format!("{number}-{age}")),
        at: at(-60 * i64::try_from(age).unwrap()),
        message: Clean::new(&if rolling && age < 10 {
            format!(
                "(service {name}) (task {age:032x}) failed to launch a task with (error {}).",
                cycled(&REASONS, age)
            )
        } else {
            format!("(service {name}) has reached a steady state.")
        }),
    };
    Service {
        arn: arn("service", &name),
        name: Clean::new(&name),
        cluster: arn("cluster", "prod"),
        status: ServiceStatus::Active,
        desired: 5,
        running: 5,
        pending: 0,
        launch: Clean::literal("FARGATE"),
        controller: Controller::Ecs,
        scheduling: Scheduling::Replica,
        task_definition: arn("task-definition", "web:2"),
        deployments,
        events: (0..EVENTS).map(event).collect(),
        settings: DeploymentSettings {
            minimum_percent: Some(100),
            maximum_percent: Some(200),
            breaker: Breaker {
                enabled: true,
                rollback: true,
            },
            ..DeploymentSettings::default()
        },
        grace_seconds: Some(60),
        load_balancers: Vec::new(),
        network: None,
        exec: false,
        task_sets: Vec::new(),
        created: at(-9_000_000),
    }
}

/// Half of a rollout's tasks have stopped.
fn task(service: usize, number: usize) -> Task {
    let stopped = service.is_multiple_of(3) && number.is_multiple_of(2);
    let age = i64::try_from(number * 50).unwrap();
    Task {
        arn: arn("task", &format!("{service:016x}{number:016x}")),
        cluster: arn("cluster", "prod"),
        definition: arn("task-definition", if stopped { "web:2" } else { "web:1" }),
        owner: Owner::Service(Clean::new(&format!("web-{service}"))),
        started_by: Some(Clean::new(&format!("ecs-svc/{service}{stopped}"))),
        status: if stopped {
            TaskStatus::Stopped
        } else {
            TaskStatus::Running
        },
        desired: Clean::literal(if stopped { "STOPPED" } else { "RUNNING" }),
        health: Health::Unknown,
        created: at(-700 + age),
        pull_started: at(-690 + age),
        pull_stopped: None,
        started: at(-650 + age),
        stopping: stopped.then(|| at(-640 + age)).flatten(),
        stopped: stopped.then(|| at(-630 + age)).flatten(),
        stop_code: stopped.then_some(StopCode::TaskFailedToStart),
        stopped_reason: stopped.then(|| Clean::new(cycled(&REASONS, number / 2))),
        containers: vec![Container {
            name: Clean::literal("app"),
            status: Clean::literal("STOPPED"),
            exit_code: None,
            reason: None,
            health: Health::Unknown,
            image: None,
            digest: None,
            runtime_id: None,
            restarts: None,
        }],
        launch: Clean::literal("FARGATE"),
        cpu: Some(256),
        memory: Some(512),
        zone: None,
        private_ip: None,
        interface: None,
        subnet: None,
        instance: None,
        connected: None,
        connected_since: None,
        attachments: Vec::new(),
        overrides: Vec::new(),
        commands: Vec::new(),
    }
}

/// The median time of some runs.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed()
        })
        .collect();
    times.sort();
    *times.get(RUNS / 2).unwrap()
}

fn diagnosing() {
    let services: Vec<Service> = (0..SERVICES).map(service).collect();
    let tasks: Vec<Vec<Task>> = (0..SERVICES)
        .map(|service| (0..TASKS).map(|number| task(service, number)).collect())
        .collect();
    let tasks: Vec<Vec<&Task>> = tasks.iter().map(|tasks| tasks.iter().collect()).collect();
    let (facts, definitions) = (Facts::default(), BTreeMap::new());
    let local = LocalFacts::default();
    let snapshots = || {
        services
            .iter()
            .zip(&tasks)
            .map(|(service, tasks)| ServiceSnapshot {
                service,
                tasks,
                facts: &facts,
                definitions: &definitions,
                local: &local,
                now: at(0).unwrap(),
            })
    };
    let stuck = snapshots()
        .filter(|snapshot| diagnose_service(*snapshot).verdict == Verdict::Stuck)
        .count();
    let took = median(|| {
        snapshots().for_each(|snapshot| {
            black_box(diagnose_service(snapshot));
        });
    });
    println!(
        "diagnose: {SERVICES} services with {} tasks and {} events, {stuck} of them stuck: {took:.1?}",
        SERVICES * TASKS,
        SERVICES * EVENTS
    );
}

/// What `aws ecs describe-tasks` prints of so many stopped tasks: about 2 kB each.
fn described() -> String {
    let mut json = "{\"tasks\":[".to_owned();
    for number in 0..STOPPED {
        let comma = if number > 0 { "," } else { "" };
        let reason = cycled(&REASONS, number);
        let attachments: Vec<String> = (0..12)
            .map(|detail| format!("{{\"name\":\"detail{detail}\",\"value\":\"subnet-0123456789abcdef0 eni-0123456789abcdef0 10.0.{detail}.9\"}}"))
            .collect();
        write!(
            json,
            "{comma}{{\"taskArn\":\"arn:aws:ecs:us-east-1:123456789012:task/prod/{number:032x}\",\
             \"clusterArn\":\"arn:aws:ecs:us-east-1:123456789012:cluster/prod\",\
             \"taskDefinitionArn\":\"arn:aws:ecs:us-east-1:123456789012:task-definition/web:2\",\
             \"attachments\":[{{\"type\":\"ElasticNetworkInterface\",\"details\":[{}]}}],\
             \"containers\":[{{\"name\":\"app\",\"lastStatus\":\"STOPPED\",\"exitCode\":1,\"reason\":\"{reason}\"}}],\
             \"group\":\"service:web\",\"lastStatus\":\"STOPPED\",\"desiredStatus\":\"STOPPED\",\"launchType\":\"FARGATE\",\
             \"createdAt\":\"2026-03-10T02:51:07.123000+00:00\",\"stoppedAt\":\"2026-03-10T02:52:07.123000+00:00\",\
             \"stopCode\":\"TaskFailedToStart\",\"stoppedReason\":\"{reason}\",\"tags\":[]}}",
            attachments.join(",")
        )
        .unwrap();
    }
    json.push_str("]}");
    json
}

/// The most memory that this process has had, in bytes.
fn most_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let words = line.and_then(|line| line.split_whitespace().next());
    words
        .and_then(|kilobytes| kilobytes.parse::<usize>().ok())
        .unwrap_or(0)
        * 1_024
}

fn explaining() {
    let (before, input) = (most_memory(), described());
    let mut items = 0;
    let mut explained = || {
        explain(input.as_bytes(), None, |report| {
            items += 1;
            black_box(report);
            ControlFlow::Continue(())
        });
    };
    explained();
    // The input itself is a part of it.
    let memory = most_memory().saturating_sub(before);
    let took = median(explained);
    let parsed = median(|| {
        black_box(serde_json::from_str::<serde::de::IgnoredAny>(&input).unwrap());
    });
    println!(
        "explain: {STOPPED} stopped tasks of {:.1} MB: {took:.1?}, {:.1} times as long as reading the JSON alone; \
         {:.2} times the input's memory",
        megabytes(input.len()),
        took.as_secs_f64() / parsed.as_secs_f64(),
        megabytes(memory) / megabytes(input.len()),
    );
    assert_eq!(items, STOPPED * (RUNS + 1));
}

#[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn main() {
    explaining();
    diagnosing();
}
