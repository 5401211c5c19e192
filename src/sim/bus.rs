//! The bus: what one part of the simulated AWS tells another, as values.
//!
//! Invariant: a value on the bus names things by their keys and carries what was said, never
//! a part of the state; it reaches its receivers in the moment in which it was told, after
//! the step in which it was.

use std::collections::VecDeque;

use crate::clock::Time;
use crate::ecs::keys::{ServiceKey, TaskKey};

/// `StateValue` of a CloudWatch alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlarmState {
    Ok,
    Alarm,
    InsufficientData,
}

impl AlarmState {
    pub(crate) fn name(self) -> &'static str {
        match self {
            AlarmState::Ok => "OK",
            AlarmState::Alarm => "ALARM",
            AlarmState::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// What a worker makes of the row of a message or of a one-shot task.
#[derive(Clone, Debug)]
pub(crate) enum RowChange {
    Pending { title: Option<String> },
    Processing { title: Option<String> },
    Complete,
    Failed { why: String },
}

/// A line of a function's run.
#[derive(Clone, Debug)]
pub(crate) struct FunctionLine {
    pub(crate) at: Time,
    pub(crate) text: String,
}

/// What one part tells another.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// ECS to CloudWatch Logs: a task definition names a group that is there.
    LogGroup { group: String, created: Time },
    /// ECS to CloudWatch Logs: the containers of a task run since then.
    ContainersRun { task: TaskKey, since: Time },
    /// ECS, or who works on a queue, to CloudWatch Logs: a container says something.
    /// The line is a template.
    Line {
        task: TaskKey,
        container: String,
        line: String,
    },
    /// ECS to CloudWatch Logs: a container will not say any more.
    ContainerEnds { task: TaskKey, container: String },
    /// Lambda to CloudWatch Logs: a function has run, in the environment of a stream.
    FunctionRan {
        group: String,
        stream: String,
        lines: Vec<FunctionLine>,
    },
    /// ECS to whom works on queues: a task of a service runs.
    TaskRuns { task: TaskKey, service: ServiceKey },
    /// ECS to whom works on queues: a task is about to stop.
    TaskLeaves {
        task: TaskKey,
        service: Option<ServiceKey>,
    },
    /// ECS to the rows of tasks: somebody has asked for a one-shot task.
    TaskAsked { task: TaskKey },
    /// ECS to the rows of tasks: it has begun to work.
    TaskBegins { task: TaskKey },
    /// ECS to the rows of tasks: it has ended by itself.
    TaskEnds {
        task: TaskKey,
        code: i32,
        reason: Option<String>,
    },
    /// Who works on a queue to the rows of its messages.
    Row {
        table: String,
        key: String,
        change: RowChange,
    },
    /// CloudWatch to ECS: the state of an alarm.
    Alarm {
        name: String,
        state: AlarmState,
        reason: String,
    },
    /// Application Auto Scaling to ECS: how many tasks a service is to have.
    DesiredCount { service: ServiceKey, count: u32 },
    /// ECR to ECS: a tag is there, with what it now stands for, or is gone.
    Image {
        repository: String,
        tag: String,
        digest: Option<String>,
    },
    /// Secrets Manager to ECS: a secret is there, or is gone.
    Secret { arn: String, exists: bool },
}

/// What has been told and not yet heard, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Bus(VecDeque<Told>);

impl Bus {
    pub(crate) fn extend(&mut self, told: impl IntoIterator<Item = Told>) {
        self.0.extend(told);
    }

    /// Whether everything has been heard.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes off what was told first.
    pub(crate) fn take(&mut self) -> Option<Told> {
        self.0.pop_front()
    }
}
