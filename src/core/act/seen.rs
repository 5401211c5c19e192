//! What has to be read for a write, and what was read.

use std::collections::{BTreeMap, BTreeSet};

use super::Made;
use crate::domain::{
    Arn, MessageMove, ScalableTarget, Service, ServiceDeployment, Task, TaskDefinition, Time,
};
use crate::text::Clean;

/// Something to read: before sending, to hold it against what was shown; afterwards, to see what
/// became of it. The identity is always read beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// ecs:DescribeServices of one.
    Service {
        /// Its cluster.
        cluster: Arn,
        /// The service.
        service: Arn,
    },
    /// ecs:DescribeServiceDeployments of one.
    Deployment(Arn),
    /// ecs:DescribeTasks.
    Tasks {
        /// Their cluster.
        cluster: Arn,
        /// The tasks, at most 100.
        tasks: Vec<Arn>,
    },
    /// The tasks that were started with this mark, running and stopped: ecs:ListTasks twice.
    Started {
        /// Their cluster.
        cluster: Arn,
        /// The mark.
        started_by: Clean,
    },
    /// ecs:DescribeTaskDefinition.
    Definition(Arn),
    /// The revisions of a family that were registered since then: ecs:DescribeTaskDefinition of the newest, and of those
    /// before it.
    Registered {
        /// The family.
        family: Clean,
        /// Since when.
        since: Time,
    },
    /// application-autoscaling:DescribeScalableTargets of a service's count.
    Scaling {
        /// The service's cluster.
        cluster: Arn,
        /// The service.
        service: Arn,
    },
    /// sqs:ListMessageMoveTasks.
    Moves(Arn),
}

/// What was read. An absent entry was not read; an empty one is not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Services, by resource name.
    pub services: BTreeMap<Arn, Option<Service>>,
    /// Service deployments.
    pub deployments: BTreeMap<Arn, Option<ServiceDeployment>>,
    /// Tasks.
    pub tasks: BTreeMap<Arn, Option<Task>>,
    /// The tasks that were started with a mark, by the mark.
    pub started: BTreeMap<Clean, BTreeSet<Arn>>,
    /// Task definitions.
    pub definitions: BTreeMap<Arn, Option<TaskDefinition>>,
    /// Revisions that were registered since the write was decided, the newest first, by their family.
    pub registered: BTreeMap<Clean, Vec<TaskDefinition>>,
    /// Autoscaling, by the service's resource name; none: nothing scales it.
    pub scaling: BTreeMap<Arn, Option<ScalableTarget>>,
    /// The newest moves of messages, by the queue that they leave.
    pub moves: BTreeMap<Arn, Vec<MessageMove>>,
    /// What the requests made.
    pub made: Made,
}

impl Seen {
    /// Takes in what was read later.
    pub fn update(&mut self, later: Self) {
        self.services.extend(later.services);
        self.deployments.extend(later.deployments);
        self.tasks.extend(later.tasks);
        self.started.extend(later.started);
        self.definitions.extend(later.definitions);
        self.registered.extend(later.registered);
        self.scaling.extend(later.scaling);
        self.moves.extend(later.moves);
        self.made.add(later.made);
    }

    /// The service, where it was read and is there.
    pub fn service(&self, arn: &Arn) -> Option<&Service> {
        self.services.get(arn).and_then(Option::as_ref)
    }

    /// The service deployment, where it was read and is there.
    pub fn deployment(&self, arn: &Arn) -> Option<&ServiceDeployment> {
        self.deployments.get(arn).and_then(Option::as_ref)
    }

    /// The task, where it was read and is there.
    pub fn task(&self, arn: &Arn) -> Option<&Task> {
        self.tasks.get(arn).and_then(Option::as_ref)
    }
}
