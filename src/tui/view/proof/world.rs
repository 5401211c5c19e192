//! A made-up AWS that answers a model's queries, for tests and for looking at frames.

use std::collections::BTreeMap;
use std::time::Duration;

use ecsdeck_core::app::{Answer, Effect, Model, Msg, Query, Setup, Stamp, WorkerEffect, update};
use ecsdeck_core::diagnose::{Fact, Question};
use ecsdeck_core::domain::{
    Arn, Autoscaling, Breaker, CloudError, Cluster, Container, ContainerDefinition, Controller,
    DeadLetter, Deployment, DeploymentSettings, DeploymentStatus, EnvironmentVariable, Health,
    Identity, LogDestination, LogEvent, Owner, Queue, QueueDepth, Rollout, Row, Scheduling,
    Service, ServiceEvent, ServiceStatus, StopCode, TableShape, Task, TaskDefinition, TaskStatus,
    Time, WorkCount, WorkTable,
};
use ecsdeck_core::keys::{Key, Keymap};
use ecsdeck_core::text::Clean;

const PULL: &str = "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref \
    123456789012.dkr.ecr.us-east-1.amazonaws.com/short-drama-backend:v8: not found";

/// Which queries fail, and how.
pub type Broken = (fn(&Query) -> bool, CloudError);

/// What there is in the made-up AWS, and the model that looks at it.
pub struct World {
    pub model: Model,
    pub now: i64,
    pub elapsed: Duration,
    pub services: Vec<Service>,
    pub tasks: Vec<Task>,
    pub queues: Vec<Queue>,
    pub rows: Vec<Row>,
    pub logs: Vec<LogEvent>,
    /// Queries that fail.
    pub broken: Option<Broken>,
    /// What the model is told about the number of calls; absent: the truth.
    pub told_calls: Option<u64>,
    /// A cluster beside the one in which everything is.
    pub second_cluster: Option<Cluster>,
    /// Nothing names a table of work items.
    pub no_tables: bool,
    calls: u64,
}

pub fn time(second: i64) -> Time {
    Time::from_second(second).unwrap_or_default()
}

fn arn(kind: &str) -> Arn {
    Arn::new(&format!("arn:aws:ecs:us-east-1:123456789012:{kind}"))
}

/// 07:31:04 on some day.
pub const NOON: i64 = 1_795_246_264;

pub fn keymap() -> Keymap {
    Keymap::load("default", &|_| None).unwrap_or_else(|why| panic!("{why:?}"))
}

pub fn setup() -> Setup {
    Setup::new("us-east-1", keymap())
}

fn service(name: &str, family: &str, revision: u32, running: u32, desired: u32) -> Service {
    let definition = arn(&format!("task-definition/{family}:{revision}"));
    Service {
        arn: arn(&format!("service/short-drama-cluster/{name}")),
        name: Clean::new(name),
        cluster: arn("cluster/short-drama-cluster"),
        status: ServiceStatus::Active,
        desired,
        running,
        pending: 0,
        launch: Clean::new("FARGATE"),
        controller: Controller::Ecs,
        scheduling: Scheduling::Replica,
        task_definition: definition.clone(),
        deployments: vec![Deployment {
            id: Clean::new(&format!("ecs-svc/100000000000000{revision}")),
            status: DeploymentStatus::Primary,
            task_definition: definition,
            desired,
            pending: 0,
            running,
            failed: 0,
            rollout: Some(Rollout::Completed),
            reason: None,
            created: Some(time(NOON - 86_400 * 3)),
            updated: Some(time(NOON - 86_000 * 3)),
        }],
        events: vec![ServiceEvent {
            id: Clean::new("e1"),
            at: Some(time(NOON - 3_600)),
            message: Clean::new(&format!("(service {name}) has reached a steady state.")),
        }],
        settings: DeploymentSettings {
            minimum_percent: Some(100),
            maximum_percent: Some(200),
            breaker: Breaker {
                enabled: false,
                rollback: false,
            },
            ..DeploymentSettings::default()
        },
        grace_seconds: None,
        load_balancers: Vec::new(),
        network: None,
        exec: false,
        task_sets: Vec::new(),
        created: Some(time(NOON - 86_400 * 90)),
    }
}

fn task(of: &Service, number: u32, status: TaskStatus, age: i64) -> Task {
    let id = format!("{:08x}{:024x}", number.wrapping_mul(0x9e37_79b9), number);
    let name = Clean::new(of.task_definition.family());
    Task {
        arn: arn(&format!("task/short-drama-cluster/{id}")),
        cluster: of.cluster.clone(),
        definition: of.task_definition.clone(),
        owner: Owner::Service(of.name.clone()),
        started_by: of
            .deployments
            .first()
            .map(|deployment| deployment.id.clone()),
        status,
        desired: Clean::new("RUNNING"),
        health: Health::Healthy,
        created: Some(time(NOON - age - 30)),
        pull_started: None,
        pull_stopped: None,
        started: Some(time(NOON - age)),
        stopping: None,
        stopped: None,
        stop_code: None,
        stopped_reason: None,
        containers: vec![Container {
            name,
            status: Clean::new("RUNNING"),
            exit_code: None,
            reason: None,
            health: Health::Healthy,
            image: None,
            digest: None,
            runtime_id: None,
            restarts: None,
        }],
        launch: Clean::new("FARGATE"),
        cpu: Some(512),
        memory: Some(1024),
        zone: Some(Clean::new("us-east-1a")),
        private_ip: Some(Clean::new("10.0.3.17")),
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

fn stopped(mut task: Task, code: StopCode, reason: &str, exit: Option<i32>, ago: i64) -> Task {
    task.status = TaskStatus::Stopped;
    task.health = Health::Unknown;
    if exit.is_none() {
        task.started = None;
    }
    task.stopped = Some(time(NOON - ago));
    task.stop_code = Some(code);
    task.stopped_reason = Some(Clean::new(reason));
    for container in &mut task.containers {
        container.exit_code = exit;
        container.status = Clean::new("STOPPED");
    }
    task
}

impl World {
    /// A rollout that is stuck because its image is not there, among services that are well.
    pub fn stuck(setup: Setup, size: (u16, u16)) -> Self {
        let mut backend = service("short-drama-backend", "short-drama-backend", 8, 2, 2);
        let old = Deployment {
            id: Clean::new("ecs-svc/1000000000000007"),
            status: DeploymentStatus::Active,
            task_definition: arn("task-definition/short-drama-backend:7"),
            ..backend.deployments[0].clone()
        };
        let new = Deployment {
            running: 0,
            pending: 1,
            failed: 6,
            rollout: Some(Rollout::InProgress),
            reason: Some(Clean::new(
                "ECS deployment ecs-svc/1000000000000008 in progress.",
            )),
            created: Some(time(NOON - 720)),
            ..backend.deployments[0].clone()
        };
        let mut tasks: Vec<Task> = (0..6_u32)
            .map(|number| {
                let task = task(&backend, 10 + number, TaskStatus::Running, 700);
                stopped(
                    task,
                    StopCode::TaskFailedToStart,
                    PULL,
                    None,
                    40 + i64::from(number) * 95,
                )
            })
            .collect();
        let mut starting = task(&backend, 20, TaskStatus::Pending, 0);
        starting.started = None;
        starting.health = Health::Unknown;
        tasks.push(starting);
        for number in 0..2 {
            let mut task = task(&backend, 30 + number, TaskStatus::Running, 86_400 * 3);
            task.definition = old.task_definition.clone();
            task.started_by = Some(old.id.clone());
            tasks.push(task);
        }
        backend.pending = 1;
        backend.deployments = vec![old, new];
        let web = service("short-drama-web", "short-drama-web", 31, 3, 3);
        let mut render = service("render-worker", "render-worker", 12, 1, 2);
        render.events.insert(0, ServiceEvent {
            id: Clean::new("e2"),
            at: Some(time(NOON - 300)),
            message: Clean::new(
                "(service render-worker) was unable to place a task because no container instance met all of its requirements.",
            ),
        });
        let cron = service("nightly-import", "nightly-import", 3, 0, 0);
        let subtitle = service("subtitle-service", "subtitle-service", 5, 1, 1);
        for (at, one) in [&web, &web, &web, &subtitle, &render]
            .into_iter()
            .enumerate()
        {
            tasks.push(task(
                one,
                50 + u32::try_from(at).unwrap_or(0),
                TaskStatus::Running,
                86_400,
            ));
        }
        let crash = task(&render, 80, TaskStatus::Running, 500);
        tasks.push(stopped(
            crash,
            StopCode::EssentialContainerExited,
            "Essential container in task exited",
            Some(137),
            240,
        ));
        Self {
            model: Model::new(setup, size, stamp(NOON, Duration::ZERO)),
            now: NOON,
            elapsed: Duration::ZERO,
            services: vec![web, backend, render, cron, subtitle],
            tasks,
            queues: vec![
                queue("gpu_tasks_queue", 128, 3, Some(4)),
                queue("subtitle_jobs", 0, 1, Some(0)),
                queue("webhooks", 7, 0, None),
            ],
            rows: work_rows(),
            logs: log_lines(40),
            broken: None,
            told_calls: None,
            second_cluster: None,
            no_tables: false,
            calls: 0,
        }
    }

    /// A fleet of so many services without tasks, in which all are equally well.
    pub fn steady(setup: Setup, size: (u16, u16), services: u32) -> Self {
        let mut world = Self::stuck(setup, size);
        world.services = (0..services)
            .map(|number| service(&format!("service-{number:03}"), "shared", 1, 2, 2))
            .collect();
        world.tasks.clear();
        world
    }

    /// Lets something happen, and answers every query until none is open.
    pub fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        let mut done = Vec::new();
        let mut open = update(&mut self.model, msg, stamp(self.now, self.elapsed));
        for _ in 0..200 {
            let (reads, others): (Vec<Effect>, Vec<Effect>) = open
                .into_iter()
                .partition(|effect| matches!(effect, Effect::Worker(WorkerEffect::Read { .. })));
            done.extend(others);
            open = Vec::new();
            for effect in reads {
                let Effect::Worker(WorkerEffect::Read { request, query }) = effect else {
                    continue;
                };
                let slot = query.slot();
                let broken = self
                    .broken
                    .as_ref()
                    .filter(|(breaks, _)| breaks(&query))
                    .map(|(_, error)| error.clone());
                let answers = if broken.is_some() {
                    Vec::new()
                } else {
                    self.answer(&query)
                };
                for answer in answers {
                    open.extend(self.send(Msg::Read {
                        slot: slot.clone(),
                        request,
                        answer,
                    }));
                }
                let result = broken.map_or(Ok(()), Err);
                open.extend(self.send(Msg::ReadEnded {
                    slot,
                    request,
                    result,
                }));
                self.calls += 1;
            }
            if open.is_empty() {
                break;
            }
        }
        let calls = self.told_calls.unwrap_or(self.calls);
        self.send(Msg::Called(calls));
        done
    }

    fn send(&mut self, msg: Msg) -> Vec<Effect> {
        update(&mut self.model, msg, stamp(self.now, self.elapsed))
    }

    /// Time passes.
    pub fn wait(&mut self, seconds: u32) {
        for _ in 0..seconds {
            self.now += 1;
            self.elapsed += Duration::from_secs(1);
            self.tell(Msg::Ticked);
        }
    }

    /// Runs until what the first screen needs has been read.
    pub fn settled(mut self) -> Self {
        self.wait(3);
        self
    }

    /// Presses keys by their names, with blanks between them.
    pub fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for name in keys.split(' ') {
            let key = Key::parse(name).unwrap_or_else(|why| panic!("{name}: {why:?}"));
            self.elapsed += Duration::from_millis(50);
            effects.extend(self.tell(Msg::Key { key, alone: true }));
        }
        effects
    }

    /// A line of the log comes in.
    pub fn log(&mut self, number: i64, text: &str) {
        self.logs.push(line(number, "short-drama-backend", text));
    }

    fn answer(&self, query: &Query) -> Vec<Answer> {
        match query {
            Query::Identity => vec![Answer::Identity(Identity {
                account: Clean::new("123456789012"),
                arn: Arn::new("arn:aws:sts::123456789012:assumed-role/OnCallOperator/ann"),
            })],
            Query::Clusters { .. } => vec![Answer::Clusters {
                clusters: std::iter::once(self.cluster())
                    .chain(self.second_cluster.clone())
                    .collect(),
                failures: Vec::new(),
            }],
            Query::Services { .. } => vec![
                Answer::Services {
                    services: self.services.clone(),
                    failures: Vec::new(),
                },
                Answer::ServiceList(
                    self.services
                        .iter()
                        .map(|service| service.arn.clone())
                        .collect(),
                ),
            ],
            Query::Watched { services, .. } => {
                let services = self
                    .services
                    .iter()
                    .filter(|service| services.contains(&service.arn))
                    .cloned()
                    .collect();
                vec![Answer::Services {
                    services,
                    failures: Vec::new(),
                }]
            }
            Query::Tasks { .. } => self.tasks(|_| true),
            Query::TasksOf { service, .. } => {
                self.tasks(|task| task.owner == Owner::Service(service.clone()))
            }
            Query::Awaited { .. } => Vec::new(),
            Query::Definitions { revisions } => revisions
                .iter()
                .map(|arn| {
                    let mut definition = definition(arn);
                    if self.no_tables {
                        for container in &mut definition.containers {
                            container.environment.clear();
                        }
                    }
                    Answer::Definition(Box::new(definition))
                })
                .collect(),
            Query::LogGroups => vec![Answer::LogGroups {
                names: vec![
                    Clean::new("/aws/lambda/mailer"),
                    Clean::new("/ecs/short-drama-backend"),
                ],
                whole: true,
            }],
            Query::LogGroupSizes { .. } | Query::Insights(_) => Vec::new(),
            Query::Queues { .. } => vec![Answer::Queues {
                queues: self.queues.clone(),
                missing: Vec::new(),
                failed: Vec::new(),
            }],
            Query::Tables if self.no_tables => vec![Answer::Tables(Vec::new())],
            Query::Tables => vec![Answer::Tables(vec![Clean::new("task_store")])],
            Query::Work(work) => vec![Answer::Work(Box::new(self.table(&work.table)))],
            Query::Logs(logs) => {
                let asked = |line: &&LogEvent| {
                    logs.sources.iter().any(|source| {
                        source.streams.is_empty() || source.streams.contains(&line.stream)
                    })
                };
                let lines = self
                    .logs
                    .iter()
                    .filter(|line| line.at >= logs.start)
                    .filter(asked);
                vec![Answer::Logs(lines.cloned().collect())]
            }
            // Nothing scales what is here: a new desired count is proposed at once.
            Query::Ask {
                question: Question::Autoscaling { .. },
                ..
            } => vec![Answer::Fact(Box::new(Fact::Autoscaling(
                Autoscaling::default(),
            )))],
            // Nothing that is drawn here hangs on them.
            Query::Ask { .. } | Query::Prepare { .. } => Vec::new(),
        }
    }

    fn tasks(&self, which: impl Fn(&Task) -> bool) -> Vec<Answer> {
        let tasks: Vec<Task> = self
            .tasks
            .iter()
            .filter(|task| which(task))
            .cloned()
            .collect();
        let list = tasks.iter().map(|task| task.arn.clone()).collect();
        vec![
            Answer::Tasks {
                tasks,
                failures: Vec::new(),
            },
            Answer::TaskList(list),
        ]
    }

    pub fn cluster(&self) -> Cluster {
        Cluster {
            arn: arn("cluster/short-drama-cluster"),
            name: Clean::new("short-drama-cluster"),
            status: Clean::new("ACTIVE"),
            running: u32::try_from(self.tasks.len()).unwrap_or(0),
            pending: 0,
            services: u32::try_from(self.services.len()).unwrap_or(0),
            instances: 0,
        }
    }

    fn table(&self, name: &Clean) -> WorkTable {
        let mut counts: BTreeMap<Clean, u64> = BTreeMap::new();
        for row in &self.rows {
            *counts
                .entry(row.get("status").cloned().unwrap_or_default())
                .or_default() += 1;
        }
        WorkTable {
            shape: TableShape {
                name: name.clone(),
                key: vec![Clean::new("task_id")],
                indexes: Vec::new(),
                item_count: None,
            },
            status_attribute: Clean::new("status"),
            counts: counts
                .into_iter()
                .map(|(status, count)| WorkCount { status, count })
                .collect(),
            rows: self.rows.clone(),
            capped: false,
            consumed: 1.0,
        }
    }
}

fn stamp(now: i64, elapsed: Duration) -> Stamp {
    Stamp {
        now: time(now),
        elapsed,
        entropy: 7,
    }
}

fn queue(name: &str, visible: u64, in_flight: u64, dead: Option<u64>) -> Queue {
    let sqs = |name: &str| Arn::new(&format!("arn:aws:sqs:us-east-1:123456789012:{name}"));
    Queue {
        url: Clean::new(&format!(
            "https://sqs.us-east-1.amazonaws.com/123456789012/{name}"
        )),
        arn: sqs(name),
        name: Clean::new(name),
        depth: QueueDepth {
            visible,
            in_flight,
            delayed: 0,
        },
        dead_letter: dead.map(|visible| DeadLetter {
            arn: sqs(&format!("{name}_dlq")),
            max_receives: 3,
            depth: Some(QueueDepth {
                visible,
                in_flight: 0,
                delayed: 0,
            }),
        }),
    }
}

fn definition(of: &Arn) -> TaskDefinition {
    let container = |name: &str| ContainerDefinition {
        name: Clean::new(name),
        image: Clean::new(&format!(
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/{name}:v{}",
            of.revision().unwrap_or(1)
        )),
        essential: true,
        cpu: Some(512),
        memory: Some(1024),
        ports: vec![8080],
        environment: vec![EnvironmentVariable {
            name: Clean::new("TASK_TABLE"),
            value: Clean::new("task_store"),
        }],
        log: Some(LogDestination::CloudWatch {
            group: Clean::new(&format!("/ecs/{}", of.family())),
            region: None,
            prefix: Some(Clean::new("ecs")),
            creates: false,
        }),
        ..ContainerDefinition::default()
    };
    TaskDefinition {
        arn: of.clone(),
        status: Clean::new("ACTIVE"),
        cpu: Some(512),
        memory: Some(1024),
        network_mode: Some(Clean::new("awsvpc")),
        containers: vec![container(of.family()), container("nginx")],
        ..TaskDefinition::default()
    }
}

fn work_rows() -> Vec<Row> {
    let row = |id: &str, status: &str, title: &str| {
        Row([("task_id", id), ("status", status), ("title", title)]
            .into_iter()
            .map(|(name, value)| (Clean::new(name), Clean::new(value)))
            .collect())
    };
    vec![
        row("7f3a-0001", "failed", "episode 12, scene 3"),
        row("7f3a-0002", "failed", "episode 12, scene 9"),
        row("7f3a-0003", "processing", "episode 13, scene 1"),
        row("7f3a-0004", "pending", "episode 13, scene 2"),
        row("7f3a-0005", "pending", "episode 13, scene 4"),
        row("7f3a-0006", "complete", "episode 11, scene 1"),
        row("7f3a-0007", "complete", "episode 11, scene 2"),
    ]
}

/// The stream of a running task's container.
fn stream(container: &str) -> Clean {
    let id = format!("{:08x}{:024x}", 30_u32.wrapping_mul(0x9e37_79b9), 30);
    Clean::new(&format!("ecs/{container}/{id}"))
}

pub fn line(number: i64, container: &str, text: &str) -> LogEvent {
    LogEvent {
        id: Clean::new(&format!("line-{number}")),
        group: Clean::new("/ecs/short-drama-backend"),
        stream: stream(container),
        at: time(NOON - 120 + number * 3),
        ingested: None,
        message: Clean::new(text),
    }
}

fn log_lines(count: i64) -> Vec<LogEvent> {
    (0..count)
        .map(|number| match number % 4 {
            0 => line(number, "nginx", &format!("10.0.1.{number} - - \"GET /api/v1/episodes/{number} HTTP/1.1\" 200 {}", 900 + number * 7)),
            1 => line(number, "short-drama-backend", &format!("INFO  episodes served in {} ms, user {}", 12 + number, 4000 + number)),
            2 => line(number, "short-drama-backend", &format!("WARN  pool: {} of 20 connections in use, waited {} ms", 15 + number % 5, number * 11)),
            _ => line(number, "short-drama-backend", &format!("ERROR render request {number} timed out after 30 s: upstream gpu_tasks_queue has {} waiting", 90 + number)),
        })
        .collect()
}
