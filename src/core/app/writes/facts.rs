//! What a step may look at: the model, and the facts that were read since the wish.
//!
//! The invariant: a fact counts only if it was read for this wish. One that is missing stops the step with what is to
//! be read ([`NotYet::Read`]); the driver reads it and takes the step again.

use crate::act::{ActError, Decider, History, Intent, Look, Seen};
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::Form;
use crate::app::model::pending_wish::{Missing, PendingWish};
use crate::app::model::slot::Slot;
use crate::diagnose::{Fact, Question};
use crate::domain::{
    Arn, CloudError, Controller, ListedRevision, RolloutHistory, ScalableTarget, Service,
};
use crate::text::Clean;

/// Why a step has not led to an intent.
pub(in crate::app) enum NotYet {
    /// These have to be read first.
    Read(Box<Missing>),
    /// Somebody has to fill this in first.
    Fill(Box<Form>),
    /// It does not become a proposal; and the form's field that is wrong, where one is.
    Declined(Option<FieldName>, Box<Declined>),
}

/// What a step leads to.
pub(in crate::app) type Step<T = Intent> = Result<T, NotYet>;

impl From<Missing> for NotYet {
    fn from(missing: Missing) -> Self {
        Self::Read(Box::new(missing))
    }
}

impl From<Declined> for NotYet {
    fn from(why: Declined) -> Self {
        Self::Declined(None, Box::new(why))
    }
}

impl From<ActError> for NotYet {
    fn from(why: ActError) -> Self {
        Declined::from(why).into()
    }
}

/// What a step may look at.
#[derive(Clone, Copy)]
pub(in crate::app) struct Facts<'m> {
    /// What is known anyway: which services, tasks and queues there are.
    pub(in crate::app) model: &'m Model,
    wish: &'m PendingWish,
}

impl<'m> Facts<'m> {
    pub(in crate::app) fn new(model: &'m Model, wish: &'m PendingWish) -> Self {
        Self { model, wish }
    }

    /// Who decides, when and where.
    pub(super) fn decider(&self) -> Step<Decider<'m>> {
        let why = || Declined::impossible("caller identity is not known yet");
        Ok(self.model.decider().ok_or_else(why)?)
    }

    /// A service.
    pub(super) fn service(&self, arn: &Arn) -> Step<&'m Service> {
        let services = &self.model.fleet.services;
        Ok(services.get(arn).ok_or_else(|| Declined::gone(arn))?)
    }

    /// The answer to a question, or why AWS gave none.
    pub(super) fn answer(&self, question: Question) -> Step<Result<&'m Fact, &'m CloudError>> {
        self.answered(&question).ok_or_else(|| {
            NotYet::from(Missing {
                questions: vec![question],
                ..Missing::default()
            })
        })
    }

    /// The same, if it has been answered since the wish.
    pub(super) fn answered(&self, question: &Question) -> Option<Result<&'m Fact, &'m CloudError>> {
        if !self.wish.has_asked(question) {
            return None;
        }
        let reading = self.model.readings.get(&Slot::Asked(question.clone()))?;
        if reading.in_flight.is_some() || reading.is_wanted_now() {
            return None;
        }
        match &reading.error {
            Some(error) => Some(Err(error)),
            None => Some(self.model.fleet.facts.answered(question)?.fact.as_ref()),
        }
    }

    /// The rollouts of a service. Where others roll it out, ECS has none.
    pub(super) fn rollouts(&self, service: &Service) -> Step<RolloutHistory> {
        if service.controller != Controller::Ecs {
            return Ok(RolloutHistory::default());
        }
        match self.answer(Question::rollouts(service))? {
            Ok(Fact::Rollouts(history)) => Ok(history.clone()),
            Ok(_) => Err(other_answer()),
            Err(error) => Err(unread("the service's rollouts", error)),
        }
    }

    /// The newest revisions of a service's family, or why they could not be listed. Credentials that do not work are never
    /// a mere reason.
    pub(super) fn revisions(
        &self,
        service: &Service,
    ) -> Step<Result<&'m [ListedRevision], &'m CloudError>> {
        let family = Clean::new(service.task_definition.family());
        match self.answer(Question::Revisions(family))? {
            Ok(Fact::Revisions(listed)) => Ok(Ok(listed)),
            Ok(_) => Err(other_answer()),
            Err(error) if error.is_about_credentials() => {
                Err(unread("the service's revisions", error))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// What scales a service.
    pub(super) fn scaling(&self, service: &Service) -> Step<Option<ScalableTarget>> {
        match self.answer(Question::autoscaling(service))? {
            Ok(Fact::Autoscaling(autoscaling)) => Ok(autoscaling.target),
            Ok(_) => Err(other_answer()),
            Err(error) => Err(unread("what scales the service", error)),
        }
    }

    /// The same, and a note in place of what could not be read: who may not look may still have to act. Credentials
    /// that do not work are never a mere note.
    pub(super) fn scaling_or_note(
        &self,
        service: &Service,
    ) -> Step<(Option<ScalableTarget>, Option<Clean>)> {
        match self.scaling(service) {
            Ok(target) => Ok((target, None)),
            Err(NotYet::Declined(_, why)) => match *why {
                Declined::Unread { ref error, .. } if !error.is_about_credentials() => {
                    Ok((None, Some(Clean::own(why.to_string()))))
                }
                why => Err(why.into()),
            },
            Err(other) => Err(other),
        }
    }

    /// What was looked at for this wish alone.
    pub(super) fn seen(&self, looks: Vec<Look>, what: &str) -> Step<&'m Seen> {
        match self.wish.read_of(&looks, None) {
            Some(Ok(prepared)) => Ok(&prepared.seen),
            Some(Err(error)) => Err(unread(what, error)),
            None => Err(NotYet::from(Missing {
                looks,
                ..Missing::default()
            })),
        }
    }

    /// The whole document of a task definition: never to be drawn.
    pub(super) fn document(&self, revision: &Arn) -> Step<&'m serde_json::Value> {
        let what = "the task definition";
        match self.wish.read_of(&[], Some(revision)) {
            Some(Ok(prepared)) => {
                let none = || Declined::impossible("AWS did not give the task definition");
                Ok(prepared.document.as_ref().ok_or_else(none)?)
            }
            Some(Err(error)) => Err(unread(what, error)),
            None => Err(NotYet::from(Missing {
                document: Some(revision.clone()),
                ..Missing::default()
            })),
        }
    }

    /// What the journal says.
    pub(super) fn history(&self) -> Step<&'m History> {
        match &self.model.journal {
            Some(Ok(history)) => Ok(history),
            Some(Err(why)) => {
                Err(Declined::impossible(format!("the journal cannot be read: {why}")).into())
            }
            None => Err(NotYet::from(Missing {
                journal: true,
                ..Missing::default()
            })),
        }
    }
}

fn unread(what: &str, error: &CloudError) -> NotYet {
    Declined::Unread {
        what: Clean::new(what),
        error: error.clone(),
    }
    .into()
}

fn other_answer() -> NotYet {
    Declined::impossible("AWS answered something else").into()
}
