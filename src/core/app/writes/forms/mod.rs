//! The forms there are: what each asks for, and what its answers make.
//!
//! The invariant: a form names what it is about by resource name from the
//! moment it is opened, so that rows may move under it.

mod resend;
mod retry;
mod run;
mod run_source;

use crate::text::Clean;

use crate::app::model::Model;
use crate::app::model::form::Form;
pub use run::order;
pub use run_source::{RunBase, RunSource};

pub(super) use resend::{resend_intent, resend_next};
pub(in crate::app) use retry::begin_retry;
pub(super) use run::run_next;
pub(in crate::app) use run::{begin_run, open_source};

use crate::act::Record;
use crate::domain::{Arn, ScalableTarget, ServiceDeployment, Suspended};

/// What a form is for.
#[derive(Clone, Debug, PartialEq)]
pub enum FormPurpose {
    /// Choosing from what a task is run.
    RunFrom(Vec<RunSource>),
    /// Running tasks.
    Run(Box<RunBase>),
    /// Sending a run again that started nothing.
    Again(Box<Record>),
    /// Naming the revision to go back to.
    RollbackTo(Arn),
    /// Holding, releasing or bounding what scales a service.
    Autoscaling {
        /// The service.
        service: Arn,
        /// What scales it now.
        target: ScalableTarget,
        /// What was held before it was held last.
        earlier: Option<Suspended>,
    },
    /// Answering a hook of a service's deployment.
    Hook(Arn, Box<ServiceDeployment>),
    /// Deploying images: the service, its revision, and that revision's document, which is never drawn.
    Image(Arn, Arn, Box<serde_json::Value>),
}

/// What is wrong with what was filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The field; none of that name: the form as a whole.
    pub field: Clean,
    /// Why.
    pub why: Clean,
}

impl Wrong {
    /// Something is wrong with a field.
    pub(super) fn field(name: &str, why: impl Into<String>) -> Self {
        Self {
            field: Clean::new(name),
            why: Clean::new(&why.into()),
        }
    }

    /// Something is wrong with the form as a whole.
    pub(super) fn all(why: impl Into<String>) -> Self {
        Self::field("", why)
    }
}

impl FormPurpose {
    /// Whether two forms are for the same thing: what was filled into one may be gone on with in the other.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Run(base), Self::Run(other)) => {
                (&base.source, &base.cluster) == (&other.source, &other.cluster)
            }
            (Self::Image(service, revision, _), Self::Image(other, other_revision, _)) => {
                (service, revision) == (other, other_revision)
            }
            (Self::RollbackTo(service), Self::RollbackTo(other)) => service == other,
            (Self::Again(record), Self::Again(other)) => record.id == other.id,
            // A choice is made anew.
            (
                Self::RunFrom(_)
                | Self::Run(_)
                | Self::Again(_)
                | Self::Image(..)
                | Self::RollbackTo(_)
                | Self::Autoscaling { .. }
                | Self::Hook(..),
                _,
            ) => false,
        }
    }
}

/// Opens a form, with what was filled in before where it was left or refused.
pub(super) fn open(model: &mut Model, form: Form) {
    let kept = model
        .draft
        .take_if(|draft| draft.purpose.is_same(&form.purpose));
    model.overlay = Some(crate::app::model::overlay::Overlay::Form(Box::new(
        kept.unwrap_or(form),
    )));
}
