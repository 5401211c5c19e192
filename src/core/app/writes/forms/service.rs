//! The forms about a service, and the wishes that their answers make.

use super::broken::broken;
use crate::act::HookAction;
use crate::act::{Scaling, Wish};
use crate::app::model::Model;
use crate::app::model::candidate::{Candidate, lines};
use crate::app::model::declined::Declined;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::{Field, Form};
use crate::app::model::form_purpose::FormPurpose;
use crate::app::writes::revisions::offered;
use crate::domain::{Arn, EcrImage, ScalableTarget, Service, Suspended, Time};
use crate::text::Clean;

pub(in crate::app) fn autoscaling_form(service: &Service, target: &ScalableTarget) -> Form {
    let suspended = target.suspended != Suspended::default();
    let options = ["suspend", "resume", "set bounds"].map(Clean::literal);
    let fields = vec![
        Field::choice(
            FieldName::Scaling,
            "what",
            options.to_vec(),
            usize::from(suspended),
        )
        .help(if suspended {
            "something is suspended now"
        } else {
            "nothing is suspended now"
        }),
        Field::number(FieldName::Minimum, "minimum", Some(target.min), 0, 5_000)
            .help("for set bounds"),
        Field::number(FieldName::Maximum, "maximum", Some(target.max), 0, 5_000)
            .help("for set bounds"),
    ];
    let title = Clean::own(format!("autoscaling of {}", service.name));
    Form::new(FormPurpose::Autoscaling(service.arn.clone()), title, fields)
}

pub(in crate::app) fn autoscaling_wish(service: &Arn, form: &Form) -> Wish {
    let to = match form.chosen(&FieldName::Scaling) {
        Some(0) => Scaling::Suspend,
        Some(1) => Scaling::Resume,
        _ => Scaling::Bounds {
            min: form.get(&FieldName::Minimum).to_owned(),
            max: form.get(&FieldName::Maximum).to_owned(),
        },
    };
    Wish::Autoscaling {
        service: service.clone(),
        to: Some(to),
    }
}

pub(in crate::app) fn hook_form(service: &Service) -> Form {
    let options = ["continue", "roll back"].map(Clean::literal);
    let field = Field::choice(FieldName::Answer, "answer", options.to_vec(), 0);
    let title = Clean::own(format!(
        "the deployment of {} is paused at a hook",
        service.name
    ));
    Form::new(FormPurpose::Hook(service.arn.clone()), title, vec![field])
}

pub(in crate::app) fn hook_wish(service: &Arn, form: &Form) -> Wish {
    Wish::Hook {
        service: service.clone(),
        answer: Some(match form.chosen(&FieldName::Answer) {
            Some(0) => HookAction::Continue,
            _ => HookAction::Rollback,
        }),
    }
}

/// The form in which a revision is named.
pub(in crate::app) fn rollback_form(service: &Service, why: Option<Clean>) -> Form {
    let field = Field::text(FieldName::Revision, "revision", "")
        .required()
        .help("a number, or FAMILY:NUMBER");
    let purpose = FormPurpose::RollbackTo(service.arn.clone());
    let mut form = Form::new(purpose, which_revision(service), vec![field]);
    form.error = why;
    form
}

/// The form in which a revision is chosen from those that were listed, or another one is to be named.
pub(in crate::app) fn revisions_form(
    service: &Service,
    why: Clean,
    candidates: Vec<Candidate>,
    now: Time,
) -> Form {
    let mut options = lines(&candidates, now);
    options.push(Clean::literal("another one\u{2026}"));
    let at = offered(&candidates, &service.task_definition);
    let field = Field::choice(FieldName::Revision, "revision", options, at);
    let purpose = FormPurpose::RollbackFrom(service.arn.clone(), candidates);
    let mut form = Form::new(purpose, which_revision(service), vec![field]);
    form.error = Some(why);
    form
}

fn which_revision(service: &Service) -> Clean {
    let (name, now) = (&service.name, Clean::new(service.task_definition.name()));
    Clean::own(format!(
        "roll {name} back to which revision? It is at {now}"
    ))
}

/// The revision that was chosen; none where another one is to be named.
pub(in crate::app) fn rollback_wish(
    service: &Arn,
    candidates: &[Candidate],
    form: &Form,
) -> Option<Wish> {
    let chosen = candidates.get(form.chosen(&FieldName::Revision)?)?;
    Some(Wish::Rollback {
        service: service.clone(),
        to: Some(chosen.revision.to_string()),
    })
}

/// The form for new images. It begins at the container that is broken, where one is.
pub(in crate::app) fn image_form(
    model: &Model,
    service: &Service,
    document: &serde_json::Value,
) -> Result<Form, Declined> {
    let containers = containers(document);
    if containers.is_empty() {
        return Err(Declined::impossible(
            "the task definition has no containers",
        ));
    }
    let at = broken(model, service, &containers);
    // Each container has its image, so that what changes is what is written over.
    let fields = containers
        .iter()
        .map(|(name, image)| {
            let help = if EcrImage::of(image).is_some() {
                "the image; :TAG or @DIGEST alone keeps the repository; down chooses a tag"
            } else {
                "the image; :TAG or @DIGEST alone keeps the repository"
            };
            Field::text(FieldName::Image(name.clone()), name, image)
                .required()
                .help(help)
        })
        .collect();
    let title = Clean::own(format!("deploy images of {}", service.name));
    let revision = service.task_definition.clone();
    let purpose = FormPurpose::Image(service.arn.clone(), revision, containers);
    let mut form = Form::new(purpose, title, fields);
    form.at = at.unwrap_or_default();
    Ok(form)
}

pub(in crate::app) fn image_wish(service: &Arn, revision: &Arn, form: &Form) -> Wish {
    let image = |field: &Field| {
        let FieldName::Image(container) = &field.name else {
            return None;
        };
        Some(format!("{container}={}", field.text_value().trim()))
    };
    Wish::Deploy {
        service: service.clone(),
        images: Some(form.fields.iter().filter_map(image).collect()),
        seen: Some(revision.clone()),
    }
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
