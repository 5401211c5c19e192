//! The forms that an action on a service opens, and the intents that their answers make.

use super::super::forms::{FormPurpose, resend_intent};
use super::super::preparing::Needs;
use super::{Built, Next, decider, history, prepared, service, target, wait_for, words};
use crate::act::{HookAction, Intent, answer_hook, bounds, deploy, resume, suspend};
use crate::app::model::Model;
use crate::app::model::form::{Field, Form};
use crate::diagnose::Question;
use crate::domain::{DeploymentHook, Service, Suspended};
use crate::text::Clean;

pub(super) fn autoscaling_form(model: &Model, service: &Service) -> Built {
    let mut needs = Needs::default();
    let target = target(model, service);
    if target.is_none() {
        needs.questions.push(Question::autoscaling(service));
    }
    needs.journal = model.journal.is_none();
    let Some(target) = target.filter(|_| !needs.journal) else {
        return Ok(Next::Wait(needs));
    };
    let Some(target) = target? else {
        return Err(Clean::own(format!(
            "nothing scales {}: it has no scalable target",
            service.name
        )));
    };
    let held = target.suspended != Suspended::default();
    let history = super::past::history(model).ok();
    let earlier =
        history.and_then(|history| history.suspended_before(&service.arn, target.suspended));
    let options = ["suspend", "resume", "set bounds"].map(Clean::literal);
    let fields = vec![
        Field::choice("what", "what", options.to_vec(), usize::from(held)).help(if held {
            "something is held now"
        } else {
            "nothing is held now"
        }),
        Field::number("min", "least", Some(target.min), 0, 5_000).help("for set bounds"),
        Field::number("max", "most", Some(target.max), 0, 5_000).help("for set bounds"),
    ];
    let title = Clean::own(format!("autoscaling of {}", service.name));
    let purpose = FormPurpose::Autoscaling {
        service: service.arn.clone(),
        target,
        earlier,
    };
    Ok(Next::Fill(Box::new(Form::new(purpose, title, fields))))
}

pub(super) fn hook_form(model: &Model, service: &Service) -> Built {
    let Some(history) = history(model, service)? else {
        return Ok(wait_for(Question::rollouts(service)));
    };
    let waiting = history
        .ongoing()
        .filter(|ongoing| ongoing.hooks.iter().any(DeploymentHook::awaits_action));
    let Some(deployment) = waiting else {
        return Err(Clean::own(format!(
            "no deployment of {} waits at a hook",
            service.name
        )));
    };
    let options = ["continue", "roll back"].map(Clean::literal);
    let field = Field::choice("answer", "answer", options.to_vec(), 0);
    let title = Clean::own(format!(
        "the deployment of {} waits at a hook",
        service.name
    ));
    let purpose = FormPurpose::Hook(service.arn.clone(), Box::new(deployment.clone()));
    Ok(Next::Fill(Box::new(Form::new(purpose, title, vec![field]))))
}

pub(super) fn image_form(model: &Model, service: &Service) -> Built {
    let Some(prepared) = prepared(model, "the task definition")? else {
        return Ok(Next::Wait(Needs {
            document: Some(service.task_definition.clone()),
            ..Needs::default()
        }));
    };
    let Some(document) = prepared.document.clone() else {
        return Err(Clean::literal("AWS did not give the task definition"));
    };
    let containers = containers(&document);
    if containers.is_empty() {
        return Err(Clean::literal("the task definition has no containers"));
    }
    // Each container has its image, so that what changes is what is written over.
    let fields = containers
        .into_iter()
        .map(|(name, image)| {
            Field::text(&format!("image:{name}"), &name, &image)
                .required()
                .help("the image; :TAG or @DIGEST alone keeps the repository")
        })
        .collect();
    let title = Clean::own(format!("deploy images of {}", service.name));
    let purpose = FormPurpose::Image(
        service.arn.clone(),
        service.task_definition.clone(),
        Box::new(document),
    );
    Ok(Next::Fill(Box::new(Form::new(purpose, title, fields))))
}

/// The containers of a document with their images.
fn containers(document: &serde_json::Value) -> Vec<(Clean, Clean)> {
    let list = document.pointer("/taskDefinition/containerDefinitions");
    let list = list.and_then(serde_json::Value::as_array);
    let text = |value: &serde_json::Value, name: &str| {
        value
            .get(name)
            .and_then(serde_json::Value::as_str)
            .map(Clean::new)
    };
    list.into_iter()
        .flatten()
        .filter_map(|container| {
            Some((
                text(container, "name")?,
                text(container, "image").unwrap_or_default(),
            ))
        })
        .collect()
}

/// The intent of a form about a service.
pub(in crate::app) fn from_form(model: &Model, form: &Form) -> Option<Result<Intent, Clean>> {
    Some(match &form.purpose {
        FormPurpose::Again(record) => resend_intent(model, record, form),
        FormPurpose::Autoscaling {
            service: arn,
            target,
            earlier,
        } => service(model, arn).and_then(|service| {
            let (by, target) = (decider(model)?, Some(target));
            match form.chosen("what") {
                Some(0) => suspend(by, service, target),
                Some(1) => resume(by, service, target, *earlier),
                _ => bounds(by, service, target, form.get("min"), form.get("max")),
            }
            .map_err(words)
        }),
        FormPurpose::Hook(arn, deployment) => service(model, arn).and_then(|service| {
            let action = match form.chosen("answer") {
                Some(0) => HookAction::Continue,
                _ => HookAction::Rollback,
            };
            answer_hook(decider(model)?, service, deployment, action).map_err(words)
        }),
        FormPurpose::Image(arn, revision, document) => service(model, arn).and_then(|service| {
            if service.task_definition != *revision {
                return Err(Clean::own(format!(
                    "{} is at {} by now: begin anew",
                    service.name,
                    Clean::new(service.task_definition.name())
                )));
            }
            let images: Vec<String> = form
                .fields
                .iter()
                .filter_map(|field| {
                    let container = field.name.strip_prefix("image:")?;
                    Some(format!("{container}={}", field.text_value().trim()))
                })
                .collect();
            let images: Vec<&str> = images.iter().map(String::as_str).collect();
            deploy(decider(model)?, service, document, &images).map_err(words)
        }),
        FormPurpose::RunFrom(_) | FormPurpose::Run(_) | FormPurpose::RollbackTo(_) => return None,
    })
}
