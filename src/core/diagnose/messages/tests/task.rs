//! Tasks for tests.

use crate::domain::{Arn, Container, Health, Owner, StopCode, Task, TaskStatus};
use crate::text::Clean;

pub(crate) fn container(exit_code: Option<i32>, reason: Option<&str>) -> Container {
    Container {
        name: Clean::literal("app"),
        status: Clean::literal("STOPPED"),
        exit_code,
        reason: reason.map(Clean::new),
        health: Health::Unknown,
        image: None,
        digest: None,
        runtime_id: None,
        restarts: None,
    }
}

pub(crate) fn stopped(owner: Owner, code: Option<StopCode>, reason: &str) -> Task {
    Task {
        arn: Arn::new("arn:aws:ecs:eu-west-1:123456789012:task/c/0123456789abcdef"),
        cluster: Arn::new("arn:aws:ecs:eu-west-1:123456789012:cluster/c"),
        definition: Arn::new("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1"),
        owner,
        started_by: None,
        status: TaskStatus::Stopped,
        desired: Clean::literal("STOPPED"),
        health: Health::Unknown,
        created: None,
        pull_started: None,
        pull_stopped: None,
        started: None,
        stopping: None,
        stopped: None,
        stop_code: code,
        stopped_reason: (!reason.is_empty()).then(|| Clean::new(reason)),
        containers: Vec::new(),
        launch: Clean::literal("FARGATE"),
        cpu: None,
        memory: None,
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
