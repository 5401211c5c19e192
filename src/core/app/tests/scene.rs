//! A console with an AWS that answers what a test says.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::*;
use crate::act::history::Entry;
use crate::act::{History, Look};
use crate::deck::Deck;
use crate::diagnose::sample::{NOW, cluster, definition};
use crate::diagnose::{Fact, Memory, Question};
use crate::domain::{
    Arn, Autoscaling, CloudError, Decision, ErrorKind, Existence, Failure, Identity, ImageState,
    ListedRevision, LogEvent, LogGroup, Permission, Queue, RepositoryTags, RolloutHistory, Row,
    ScalableTarget, Service, TableShape, Task, TaskDefinition, Time, WorkTable,
};
use crate::keys::{Key, Keymap};
use crate::text::Clean;

pub(super) const ACCOUNT: &str = "123456789012";
const CALLER: &str = "arn:aws:sts::123456789012:assumed-role/OnCall/ann";

/// What AWS has. Every reading is answered with it at once, unless a test answers by itself.
pub(super) struct Aws {
    pub(super) account: &'static str,
    /// Whose credentials they are, where it is not the usual session.
    pub(super) caller: Option<&'static str>,
    pub(super) clusters: Vec<&'static str>,
    pub(super) missing_clusters: Vec<Failure>,
    pub(super) services: Vec<Service>,
    pub(super) failures: Vec<Failure>,
    pub(super) tasks: Vec<Task>,
    pub(super) definitions: Vec<TaskDefinition>,
    pub(super) lines: Vec<LogEvent>,
    pub(super) tables: Vec<&'static str>,
    /// The log groups of the account.
    pub(super) groups: Vec<&'static str>,
    /// What each of them holds, in bytes; it is ten days old.
    pub(super) stored: u64,
    /// What a query of Logs Insights is answered with.
    pub(super) found: Vec<Answer>,
    /// What every service's rollouts are.
    pub(super) rollouts: RolloutHistory,
    /// What scales every service.
    pub(super) target: Option<ScalableTarget>,
    /// The containers of every task definition's document, with their images.
    pub(super) document: Vec<(&'static str, &'static str)>,
    /// The tags of every repository.
    pub(super) tags: RepositoryTags,
    /// Images that ECR does not have.
    pub(super) missing_images: Vec<&'static str>,
    /// What IAM says no to.
    pub(super) denied: Vec<&'static str>,
    pub(super) queues: Vec<Queue>,
    /// What the journal has.
    pub(super) journal: Vec<Entry>,
    /// The rows of each table.
    pub(super) work: Vec<Row>,
    /// Readings that fail, by slot.
    pub(super) broken: Vec<(Slot, ErrorKind)>,
    /// A stream that a call names and that is not there fails the call.
    pub(super) missing_streams: Vec<Clean>,
    /// CloudWatch refuses every filter pattern.
    pub(super) refuses_pattern: bool,
    /// CloudWatch throttles.
    pub(super) throttled_logs: bool,
    /// Stopped tasks that are kept on disk, and what is wrong with the file.
    pub(super) kept: Vec<ExpiredTask>,
    pub(super) kept_problem: Option<Clean>,
    /// Writes that the journal tells of.
    pub(super) past: Vec<PastAction>,
}

pub(super) struct Scene {
    pub(super) model: Model,
    pub(super) aws: Aws,
    pub(super) elapsed: Duration,
    /// Everything that was wanted, in order.
    pub(super) effects: Vec<Effect>,
    entropy: u128,
}

pub(super) fn setup() -> Setup {
    Setup {
        refresh: Duration::from_secs(2),
        ..Setup::new("us-east-1", Keymap::load("default", &|_| None).unwrap())
    }
}

/// A setup with a deck of that text behind `[deck] name = "d"`.
pub(super) fn with_deck(text: &str) -> Setup {
    let text = format!("[deck]\nname = \"d\"\n{text}");
    let deck = Deck::parse(&text, "d.toml").unwrap_or_else(|error| panic!("{error}"));
    Setup {
        deck: Some(deck),
        ..setup()
    }
}

pub(super) fn error(kind: ErrorKind) -> CloudError {
    CloudError {
        operation: "ecs:ListServices",
        kind,
        code: None,
        message: Clean::new("x"),
        request_id: None,
    }
}

pub(super) fn failure(arn: Arn, reason: &str) -> Failure {
    Failure {
        arn,
        reason: Clean::new(reason),
        detail: None,
    }
}

pub(super) fn line(group: &str, stream: &str, seconds_ago: i64, text: &str) -> LogEvent {
    LogEvent {
        id: Clean::new(&format!("{group}{stream}{seconds_ago}{text}")),
        group: Clean::new(group),
        stream: Clean::new(stream),
        at: Time::from_second(NOW - seconds_ago).unwrap(),
        ingested: None,
        message: Clean::new(text),
    }
}

impl Scene {
    /// A console that has just been opened, on an AWS with these services and tasks in the cluster `prod`.
    pub(super) fn new(setup: Setup, services: Vec<Service>, tasks: Vec<Task>) -> Self {
        let names: BTreeSet<String> = tasks
            .iter()
            .map(|task| task.definition.name().to_owned())
            .chain(services.iter().map(|s| s.task_definition.name().to_owned()))
            .collect();
        let aws = Aws {
            account: ACCOUNT,
            caller: None,
            clusters: vec!["prod"],
            missing_clusters: Vec::new(),
            services,
            failures: Vec::new(),
            tasks,
            definitions: names
                .iter()
                .map(|name| definition(name, revision_family(name)))
                .collect(),
            lines: Vec::new(),
            broken: Vec::new(),
            tables: Vec::new(),
            groups: Vec::new(),
            stored: 0,
            found: Vec::new(),
            rollouts: RolloutHistory::default(),
            target: None,
            document: vec![("app", "repo/app:1")],
            tags: RepositoryTags::default(),
            missing_images: Vec::new(),
            denied: Vec::new(),
            queues: Vec::new(),
            journal: Vec::new(),
            work: Vec::new(),
            missing_streams: Vec::new(),
            refuses_pattern: false,
            throttled_logs: false,
            kept: Vec::new(),
            kept_problem: None,
            past: Vec::new(),
        };
        let elapsed = Duration::ZERO;
        let stamp = stamp(elapsed, 0);
        Self {
            model: Model::new(setup, (120, 40), stamp),
            aws,
            elapsed,
            effects: Vec::new(),
            entropy: 0,
        }
    }

    /// As [`Scene::new`], and everything is read.
    pub(super) fn read(setup: Setup, services: Vec<Service>, tasks: Vec<Task>) -> Self {
        let mut scene = Self::new(setup, services, tasks);
        scene.pass(Duration::from_secs(1));
        scene
    }

    pub(super) fn take(&mut self, msg: Msg) -> Vec<Effect> {
        self.entropy += 1;
        let effects = update(&mut self.model, msg, stamp(self.elapsed, self.entropy));
        self.effects.extend(effects.iter().cloned());
        effects
    }

    /// Presses keys one after the other, each alone, and lets AWS answer what that asks.
    pub(super) fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut all = Vec::new();
        for key in keys.split(' ') {
            let effects = self.key(key, true);
            all.extend(effects.iter().cloned());
            self.answer(effects);
        }
        all
    }

    pub(super) fn key(&mut self, key: &str, alone: bool) -> Vec<Effect> {
        let key = Key::parse(key).unwrap();
        self.take(Msg::Key { key, alone })
    }

    /// Lets time pass as the loop does: sleeps until the console wants to wake, and AWS answers at once.
    pub(super) fn pass(&mut self, time: Duration) {
        let end = self.elapsed + time;
        let effects = self.take(Msg::Ticked);
        self.answer(effects);
        let mut wakes = 0;
        while let Some(wake) = self.model.next_wake().filter(|wake| *wake <= end) {
            wakes += 1;
            assert!(wakes < 10_000, "it spins at {:?}", self.elapsed);
            self.elapsed = self.elapsed.max(wake);
            let effects = self.take(Msg::Ticked);
            self.answer(effects);
        }
        self.elapsed = end;
        let effects = self.take(Msg::Ticked);
        self.answer(effects);
    }

    /// The readings that effects ask for.
    pub(super) fn slots(effects: &[Effect]) -> Vec<Slot> {
        let slot = |effect: &Effect| match effect {
            Effect::Worker(WorkerEffect::Read { query, .. }) => Some(query.slot()),
            _ => None,
        };
        effects.iter().filter_map(slot).collect()
    }

    /// Readings of a slot that were wanted so far.
    pub(super) fn count(&self, slot: &Slot) -> usize {
        let slots = Self::slots(&self.effects);
        slots.iter().filter(|asked| *asked == slot).count()
    }

    pub(super) fn answer(&mut self, effects: Vec<Effect>) {
        let mut waiting = effects;
        let mut rounds = 0;
        while !waiting.is_empty() {
            rounds += 1;
            assert!(rounds < 100, "readings never end");
            for effect in std::mem::take(&mut waiting) {
                match effect {
                    Effect::Worker(WorkerEffect::Read { request, query }) => {
                        waiting.extend(self.answer_one(request, &query));
                    }
                    Effect::Worker(WorkerEffect::LoadExpiredTasks { account, .. }) => {
                        waiting.extend(self.take(Msg::KeptLoaded {
                            account,
                            tasks: self.aws.kept.clone(),
                            actions: self.aws.past.clone(),
                            problem: self.aws.kept_problem.clone(),
                        }));
                    }
                    Effect::Worker(WorkerEffect::ReadJournal) => {
                        let journal = self.aws.journal.clone();
                        waiting.extend(self.take(Msg::JournalRead(Ok(History::of(&journal)))));
                    }
                    _ => {}
                }
            }
        }
    }

    pub(super) fn answer_one(&mut self, request: RequestId, query: &Query) -> Vec<Effect> {
        let slot = query.slot();
        let broken = self.aws.broken.iter().find(|(broken, _)| *broken == slot);
        if let Some((_, kind)) = broken {
            let result = Err(error(*kind));
            return self.take(Msg::ReadEnded {
                slot,
                request,
                result,
            });
        }
        let mut more = Vec::new();
        for answer in self.answers(query) {
            let slot = slot.clone();
            more.extend(self.take(Msg::Read {
                slot,
                request,
                answer,
            }));
        }
        let result = Ok(());
        more.extend(self.take(Msg::ReadEnded {
            slot,
            request,
            result,
        }));
        more
    }

    /// What AWS answers to a question.
    pub(super) fn answers(&self, query: &Query) -> Vec<Answer> {
        let aws = &self.aws;
        match query {
            Query::Identity => vec![Answer::Identity(Identity {
                account: Clean::new(aws.account),
                arn: Arn::new(aws.caller.unwrap_or(CALLER)),
            })],
            Query::Clusters { .. } => vec![Answer::Clusters {
                clusters: aws.clusters.iter().map(|name| cluster(name)).collect(),
                failures: aws.missing_clusters.clone(),
            }],
            Query::Services { cluster } => {
                let here = aws.services.iter().filter(|s| s.cluster == *cluster);
                let services: Vec<Service> = here.cloned().collect();
                let listed = services
                    .iter()
                    .map(|service| &service.arn)
                    .chain(aws.failures.iter().map(|failure| &failure.arn));
                let listed = Answer::ServiceList(listed.cloned().collect());
                let failures = aws.failures.clone();
                vec![Answer::Services { services, failures }, listed]
            }
            Query::Watched { services: arns, .. } => {
                let wanted = aws.services.iter().filter(|s| arns.contains(&s.arn));
                let services = wanted.cloned().collect();
                let failures = Vec::new();
                vec![Answer::Services { services, failures }]
            }
            Query::Tasks { cluster, .. } => {
                tasks(aws.tasks.iter().filter(|task| task.cluster == *cluster))
            }
            Query::TasksOf {
                cluster, service, ..
            } => {
                let owner = crate::domain::Owner::Service(service.clone());
                let here = aws.tasks.iter().filter(|task| task.cluster == *cluster);
                tasks(here.filter(|task| task.owner == owner))
            }
            Query::Awaited { tasks: arns, .. } => {
                let tasks = aws.tasks.iter().filter(|task| arns.contains(&task.arn));
                vec![Answer::Tasks {
                    tasks: tasks.cloned().collect(),
                    failures: Vec::new(),
                }]
            }
            Query::Definitions { revisions } => {
                let known = |arn: &Arn| aws.definitions.iter().find(|known| known.arn == *arn);
                let answer = |arn: &Arn| match known(arn) {
                    Some(definition) => Answer::Definition(Box::new(definition.clone())),
                    None => Answer::NoDefinition(arn.clone(), error(ErrorKind::NotFound)),
                };
                revisions.iter().map(answer).collect()
            }
            Query::Queues { wanted, .. } => vec![Answer::Queues {
                queues: aws.queues.clone(),
                missing: wanted.clone(),
                failed: Vec::new(),
            }],
            Query::LogGroups => vec![Answer::LogGroups {
                names: aws.groups.iter().map(|name| Clean::new(name)).collect(),
                whole: true,
            }],
            Query::LogGroupSizes { groups, .. } => {
                let is_there = |name: &&Clean| aws.groups.contains(&name.as_str());
                let missing = groups.iter().find(|name| !is_there(name)).cloned();
                let groups = groups.iter().filter(is_there).map(|name| LogGroup {
                    name: name.clone(),
                    stored: Some(aws.stored),
                    created: Time::from_second(NOW - 10 * 86_400).ok(),
                    retention_days: None,
                });
                vec![Answer::LogGroupSizes {
                    groups: groups.collect(),
                    missing,
                }]
            }
            Query::Insights(_) => aws.found.clone(),
            Query::Tables => vec![Answer::Tables(
                aws.tables.iter().map(|name| Clean::new(name)).collect(),
            )],
            Query::Work(work) => aws.work_table(&work.table).into_iter().collect(),
            Query::Prepare { looks, document } => {
                let mut prepared = Prepared::default();
                for look in looks {
                    match look {
                        Look::Definition(arn) => {
                            let newest = |known: &&TaskDefinition| {
                                // A whole name, FAMILY:REVISION, or a family for its newest.
                                [known.arn.as_str(), known.arn.name(), known.arn.family()]
                                    .contains(&arn.as_str())
                            };
                            let found = aws.definitions.iter().rfind(newest).cloned();
                            prepared.seen.definitions.insert(arn.clone(), found);
                        }
                        Look::Moves(queue) => {
                            prepared.seen.moves.insert(queue.clone(), Vec::new());
                        }
                        other => panic!("no test looks at {other:?}"),
                    }
                }
                prepared.document = document.as_ref().map(|_| {
                    let containers = aws.document.iter();
                    let containers: Vec<_> = containers
                        .map(|(name, image)| serde_json::json!({ "name": name, "image": image }))
                        .collect();
                    serde_json::json!({ "taskDefinition": { "containerDefinitions": containers } })
                });
                vec![Answer::Prepared(Box::new(prepared))]
            }
            Query::Ask { question, .. } => {
                let fact = match question {
                    Question::Rollouts { .. } => Fact::Rollouts(aws.rollouts.clone()),
                    Question::Autoscaling { .. } => Fact::Autoscaling(Autoscaling {
                        target: aws.target,
                        ..Autoscaling::default()
                    }),
                    Question::Alarms(_) => Fact::Alarms(Vec::new()),
                    Question::TargetGroup(_) => Fact::TargetGroup(None),
                    Question::Secret(_) => Fact::Secret(Existence::Missing),
                    Question::Image(image) if aws.missing_images.contains(&image.as_str()) => {
                        Fact::Image(ImageState::NoSuchImage)
                    }
                    Question::Image(_) => Fact::Image(ImageState::Exists {
                        digest: None,
                        pushed: None,
                        bytes: None,
                    }),
                    Question::MayDo {
                        actions, resources, ..
                    } => Fact::MayDo(
                        actions
                            .iter()
                            .flat_map(|action| resources.iter().map(move |on| (action, on)))
                            .map(|(action, resource)| Decision {
                                action: action.clone(),
                                resource: resource.clone(),
                                permission: if aws.denied.contains(&action.as_str()) {
                                    Permission::NotAllowed
                                } else {
                                    Permission::Allowed
                                },
                            })
                            .collect(),
                    ),
                    Question::Tags(_) => Fact::Tags(aws.tags.clone()),
                    Question::Revisions(family) => {
                        let mut listed: Vec<ListedRevision> = aws
                            .definitions
                            .iter()
                            .filter(|one| one.arn.family() == family.as_str())
                            .map(|one| ListedRevision {
                                arn: one.arn.clone(),
                                active: one.status.as_str() == "ACTIVE",
                                definition: Ok(one.clone()),
                            })
                            .collect();
                        listed.sort_by_key(|one| std::cmp::Reverse(one.arn.revision()));
                        Fact::Revisions(listed)
                    }
                    Question::LastLines { .. } => Fact::LastLines(Vec::new()),
                    Question::Forgotten { .. } => Fact::Forgotten(Memory::default()),
                    Question::LogGroup { .. } => Fact::LogGroup(Existence::Exists),
                    Question::Parameter(_) => Fact::Parameter(Existence::Exists),
                    Question::MayRole { .. } => Fact::MayRole(Permission::Allowed),
                    Question::Instances(_) => Fact::Instances(Vec::new()),
                };
                vec![Answer::Fact(Box::new(fact))]
            }
            Query::Logs(query) => query
                .sources
                .iter()
                .map(|source| {
                    if aws.refuses_pattern && query.pattern.is_some() {
                        let error = CloudError {
                            message: Clean::new("Invalid filter pattern"),
                            ..error(ErrorKind::Invalid)
                        };
                        return Answer::LogSourceFailed(source.clone(), error);
                    }
                    if aws.throttled_logs {
                        let error = error(ErrorKind::Throttled);
                        return Answer::LogSourceFailed(source.clone(), error);
                    }
                    let missing = |stream: &Clean| aws.missing_streams.contains(stream);
                    if source.streams.iter().any(missing) {
                        let error = error(ErrorKind::NotFound);
                        return Answer::LogSourceFailed(source.clone(), error);
                    }
                    let lines = aws.lines.iter().filter(|line| {
                        line.group == source.group
                            && line.at >= query.start
                            && (source.streams.is_empty() || source.streams.contains(&line.stream))
                    });
                    Answer::Logs(lines.cloned().collect())
                })
                .collect(),
        }
    }

    /// The names of the services pane, from the top.
    pub(super) fn names(&self) -> Vec<&str> {
        let rows = self.model.service_rows().iter();
        rows.map(|row| row.name.as_str()).collect()
    }

    pub(super) fn selected(&self) -> &str {
        self.model.selected().map_or("", |row| row.name.as_str())
    }

    /// The lines of the log pane.
    pub(super) fn log(&self) -> Vec<&str> {
        let lines = self.model.logs.window(100);
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    /// The last notice.
    pub(super) fn notice(&self) -> &str {
        self.model
            .notice
            .as_ref()
            .map_or("", |notice| notice.text.as_str())
    }

    /// Changes a service on AWS's side.
    pub(super) fn change(&mut self, name: &str, change: impl FnOnce(&mut Service)) {
        let mut services = self.aws.services.iter_mut();
        change(
            services
                .find(|service| service.name.as_str() == name)
                .unwrap(),
        );
    }
}

impl Aws {
    fn work_table(&self, name: &Clean) -> Option<Answer> {
        let table = WorkTable {
            shape: TableShape {
                name: name.clone(),
                key: vec![Clean::literal("id")],
                indexes: Vec::new(),
                item_count: None,
            },
            status_attribute: Clean::literal("status"),
            counts: Vec::new(),
            rows: self.work.clone(),
            capped: false,
            consumed: 0.0,
        };
        (!self.work.is_empty()).then(|| Answer::Work(Box::new(table)))
    }
}

fn tasks<'a>(tasks: impl Iterator<Item = &'a Task>) -> Vec<Answer> {
    let tasks: Vec<Task> = tasks.cloned().collect();
    let listed = tasks.iter().map(|task| task.arn.clone()).collect();
    let failures = Vec::new();
    vec![Answer::Tasks { tasks, failures }, Answer::TaskList(listed)]
}

fn revision_family(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}

fn stamp(elapsed: Duration, entropy: u128) -> Stamp {
    let now = Time::from_second(NOW).unwrap() + elapsed;
    Stamp {
        now,
        elapsed,
        entropy,
    }
}
