use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::diagnose::sample::{
    NOW, ago, definition, deployment, ended as dead, revision, service, task,
};
use crate::diagnose::{Facts, LocalFacts, ServiceSnapshot, Verdict, diagnose_service};
use crate::domain::{EnvironmentVariable, Rollout, SecretReference, Service, Time};

fn now() -> Time {
    Time::from_second(NOW).unwrap()
}

/// `web:2` is going out, and its tasks die with code 1.
fn rolling() -> (Service, Vec<Task>) {
    let mut service = service("web");
    let mut new = deployment("ecs-svc/2", "web:2");
    (new.running, new.created, new.rollout) = (0, Some(ago(400)), Some(Rollout::InProgress));
    service.deployments[0].status = crate::domain::DeploymentStatus::Active;
    service.deployments.insert(0, new);
    let died = |id: &str, seconds: i64| {
        let mut died = dead(task("web", id), 1, seconds);
        (died.definition, died.started_by) = (revision("web:2"), Some(Clean::new("ecs-svc/2")));
        (died.created, died.started) = (Some(ago(seconds + 40)), Some(ago(seconds + 20)));
        died
    };
    (
        service,
        vec![died("one", 300), died("two", 200), died("three", 100)],
    )
}

struct Given {
    service: Service,
    tasks: Vec<Task>,
    facts: Facts,
    definitions: BTreeMap<Arn, Arc<TaskDefinition>>,
}

use crate::domain::Arn;

impl Given {
    fn new() -> Self {
        let (service, tasks) = rolling();
        let mut given = Self {
            service,
            tasks,
            facts: Facts::default(),
            definitions: BTreeMap::new(),
        };
        given.define(definition("web:2", "web"));
        given
    }

    fn define(&mut self, of: TaskDefinition) {
        self.definitions.insert(of.arn.clone(), Arc::new(of));
    }

    fn diagnosed(&self) -> Diagnosis {
        let tasks: Vec<&Task> = self.tasks.iter().collect();
        diagnose_service(ServiceSnapshot {
            service: &self.service,
            tasks: &tasks,
            facts: &self.facts,
            definitions: &self.definitions,
            local: &LocalFacts::default(),
            now: now(),
        })
    }

    fn asked(&self) -> Option<Question> {
        let all = self.diagnosed().questions;
        all.into_iter()
            .find(|one| matches!(one, Question::LastLines { .. }))
    }

    fn answer(&mut self, lines: &[&str]) {
        let lines = lines.iter().map(|line| Clean::new(line)).collect();
        let question = self.asked().unwrap();
        self.facts.put(question, now(), Ok(Fact::LastLines(lines)));
    }
}

fn variable(name: &str) -> EnvironmentVariable {
    EnvironmentVariable {
        name: Clean::new(name),
        value: Clean::new("x"),
    }
}

#[test]
fn one_log_is_asked_for_and_no_other_once_it_was_read() {
    let mut given = Given::new();
    let Some(Question::LastLines { source, until }) = given.asked() else {
        panic!("no question");
    };
    assert_eq!(source.group, "/ecs/web");
    assert_eq!(source.streams, [Clean::new("ecs/app/three")]);
    assert_eq!(until, ago(100));
    given.answer(&["KeyError: 'REDIS_URL'"]);
    let first = given.asked();
    let mut next = given.tasks[2].clone();
    next.arn = task("web", "four").arn;
    (next.created, next.started, next.stopped) = (Some(ago(60)), Some(ago(50)), Some(ago(10)));
    given.tasks.push(next);
    assert_eq!(given.asked(), first, "the same failure is not read again");
}

#[test]
fn a_task_without_lines_in_cloudwatch_or_that_never_ran_is_not_asked_for() {
    let mut given = Given::new();
    let mut other = definition("web:2", "web");
    other.containers[0].log = Some(LogDestination::Driver {
        name: Clean::new("splunk"),
        to: None,
    });
    given.define(other);
    assert_eq!(given.asked(), None);
    let mut given = Given::new();
    for task in &mut given.tasks {
        task.started = None;
    }
    assert_eq!(given.asked(), None);
}

#[test]
fn the_line_that_says_why_is_quoted_and_held_against_the_revision() {
    let mut given = Given::new();
    given.answer(&["starting", "KeyError: 'REDIS_URL'"]);
    let found = given.diagnosed();
    assert_eq!(
        (found.verdict, found.causes[0].id),
        (Verdict::Stuck, CauseId::AppCrash)
    );
    assert!(
        found
            .summary
            .ends_with("; log: KeyError: 'REDIS_URL' (`REDIS_URL` is not set in :2)"),
        "{}",
        found.summary
    );
    let mut before = definition("web:1", "web");
    before.containers[0].environment.push(variable("REDIS_URL"));
    given.define(before);
    let said = given.diagnosed().summary;
    assert!(
        said.contains("`REDIS_URL` is not set in :2; :1 sets it"),
        "{said}"
    );
    // A secret fills a variable too.
    let mut now = definition("web:2", "web");
    now.containers[0].secrets.push(SecretReference {
        name: Clean::new("REDIS_URL"),
        from: Clean::new("redis"),
    });
    given.define(now);
    let said = given.diagnosed().summary;
    assert!(!said.contains("not set"), "{said}");
    // Nobody knows which variables a file holds.
    let mut now = definition("web:2", "web");
    now.containers[0].environment_files = vec![Clean::new("arn:aws:s3:::settings/web.env")];
    given.define(now);
    let said = given.diagnosed().summary;
    assert!(!said.contains("not set"), "{said}");
}

#[test]
fn what_a_loader_says_of_the_command_is_the_cause() {
    let mut given = Given::new();
    given.answer(&["exec /usr/local/bin/docker-entrypoint.sh: exec format error"]);
    let found = given.diagnosed();
    assert_eq!(
        found.causes[0].id,
        CauseId::ImagePlatformMismatch,
        "{found:?}"
    );
}

#[test]
fn a_log_that_does_not_complain_changes_nothing() {
    let mut given = Given::new();
    let before = given.diagnosed();
    given.answer(&["listening", "bye"]);
    let after = given.diagnosed();
    assert_eq!(
        (before.summary, before.causes),
        (after.summary, after.causes)
    );
}
