//! What a form is for: it names what it is about by resource name, so that rows may move under it.

use super::candidate::Candidate;
use crate::act::WorkItem;
use crate::act::{IntentId, Order, Withheld};
use crate::domain::Arn;
use crate::text::Clean;

/// What a form is for.
#[derive(Clone, Debug, PartialEq)]
pub enum FormPurpose {
    /// Choosing from what a task is run.
    RunFrom(Vec<RunSource>),
    /// Running tasks.
    Run(Box<RunBase>),
    /// Sending a run again that started nothing; and what it asks for.
    Again(IntentId, Vec<Withheld>),
    /// Choosing the revision to go back to from several.
    RollbackFrom(Arn, Vec<Candidate>),
    /// Naming the revision to go back to.
    RollbackTo(Arn),
    /// Suspending, resuming or limiting autoscaling.
    Autoscaling(Arn),
    /// Answering the hook of a service's deployment.
    Hook(Arn),
    /// Deploying images: the service, the revision whose images were filled in, and these, by container.
    Image(Arn, Arn, Vec<(Clean, Clean)>),
}

impl FormPurpose {
    /// Whether two forms are for the same thing: what was filled into one may be gone on with in the other.
    pub(in crate::app) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Run(base), Self::Run(other)) => {
                (&base.source, &base.order.cluster, &base.retries)
                    == (&other.source, &other.order.cluster, &other.retries)
            }
            (Self::Image(service, revision, _), Self::Image(other, other_revision, _)) => {
                (service, revision) == (other, other_revision)
            }
            (Self::RollbackTo(service), Self::RollbackTo(other)) => service == other,
            (Self::Again(id, _), Self::Again(other, _)) => id == other,
            // A choice is made anew.
            (
                Self::RunFrom(_)
                | Self::Run(_)
                | Self::Again(..)
                | Self::Image(..)
                | Self::RollbackFrom(..)
                | Self::RollbackTo(_)
                | Self::Autoscaling(_)
                | Self::Hook(_),
                _,
            ) => false,
        }
    }
}

/// From what a task is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunSource {
    /// A template of the deck, by name.
    Template(Clean),
    /// As a service runs its tasks.
    Service(Arn),
    /// As an earlier task was run.
    Task(Arn),
    /// A run that started nothing, by its id, once more; and what it is called.
    Again(IntentId, Clean),
}

impl RunSource {
    /// What it is called.
    pub fn words(&self) -> Clean {
        match self {
            Self::Template(name) => Clean::own(format!("template {name}")),
            Self::Service(arn) => Clean::own(format!("same as service {}", Clean::new(arn.name()))),
            Self::Task(arn) => Clean::own(format!("same as task {}", Clean::new(short(arn)))),
            Self::Again(_, title) => title.clone(),
        }
    }
}

fn short(task: &Arn) -> &str {
    task.name().get(..8).unwrap_or(task.name())
}

/// What is known of the tasks to run before anything is filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct RunBase {
    /// From what.
    pub source: RunSource,
    /// The work item that they do again.
    pub retries: Option<WorkItem>,
    /// What the source says.
    pub order: Order,
    /// Revisions of the family that are on the screen, the newest first.
    pub known: Vec<u32>,
    /// The containers that may be given something.
    pub containers: Vec<Clean>,
    /// Whether the network has to be filled in.
    pub asks_network: bool,
}
