//! Rolling back: what is read before the way back can be named.

use super::super::forms::FormPurpose;
use super::super::preparing::{Needs, answered};
use super::{Built, Next, decider, history, prepared, wait_for, words};
use crate::act::{ActError, Comeback, Look, rollback, way_back};
use crate::app::model::Model;
use crate::app::model::form::{Field, Form};
use crate::diagnose::{Fact, Question};
use crate::domain::{Controller, RolloutHistory, Service};
use crate::text::Clean;

pub(super) fn go_back(model: &Model, service: &Service, to: Option<&str>) -> Built {
    let none = RolloutHistory::default();
    let history = if service.controller == Controller::Ecs {
        match history(model, service)? {
            Some(history) => history,
            None => return Ok(wait_for(Question::rollouts(service))),
        }
    } else {
        // Refused for its own reason, whatever its history.
        &none
    };
    let way = match way_back(service, history, to) {
        Ok(way) => way,
        // AWS knows none: then a person has to.
        Err(ActError::Bad(why)) if to.is_none() => {
            let field = Field::text("to", "revision", "")
                .required()
                .help("a number, or FAMILY:NUMBER");
            let title = Clean::own(format!("roll {} back to which revision?", service.name));
            let purpose = FormPurpose::RollbackTo(service.arn.clone());
            let mut form = Form::new(purpose, title, vec![field]);
            form.error = Some(why);
            return Ok(Next::Fill(Box::new(form)));
        }
        Err(error) => return Err(words(error)),
    };
    let (mut needs, mut images) = (Needs::default(), Vec::new());
    let mut definition = None;
    if let Some(arn) = way.needs() {
        needs.looks.push(Look::Definition(arn.clone()));
        let Some(prepared) = prepared(model, "the earlier revision")? else {
            return Ok(Next::Wait(needs));
        };
        definition = prepared.seen.definitions.get(arn).and_then(Option::as_ref);
        if definition.is_none() {
            return Err(Clean::own(format!(
                "there is no {}",
                Clean::new(arn.name())
            )));
        }
    }
    let containers = definition
        .into_iter()
        .flat_map(|definition| &definition.containers);
    for container in containers.filter(|container| container.image.contains(".dkr.ecr.")) {
        let question = Question::Image(container.image.clone());
        match answered(model, &question) {
            Some(Ok(Fact::Image(state))) => images.push((container.image.clone(), state.clone())),
            // What a registry will not tell stands against nothing.
            Some(_) => {}
            None => needs.questions.push(question),
        }
    }
    if !needs.questions.is_empty() {
        return Ok(Next::Wait(needs));
    }
    let comeback = Comeback {
        definition,
        images: &images,
    };
    let intent = rollback(decider(model)?, service, &way, &comeback).map_err(words)?;
    Ok(Next::Ask(Box::new(intent)))
}
