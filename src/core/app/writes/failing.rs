//! What a change would meet again: tasks that it starts of a revision that is in trouble already, and what it takes away
//! that runs well.
//!
//! The invariant: it follows from what is sent and from what is known to be broken, whichever action it comes from.

use std::collections::BTreeSet;

use crate::act::{Intent, Request, Revision, UpdateService};
use crate::app::model::Model;
use crate::app::model::check::Check;
use crate::app::model::row_key::RowKey;
use crate::diagnose::Diagnosis;
use crate::diagnose::cause::Trait;
use crate::domain::{Arn, Health, Owner, Service, Task, TaskStatus};
use crate::text::Clean;

/// What should be known of it beside a change.
pub(super) fn notes(model: &Model, intent: &Intent) -> Vec<Clean> {
    let requests = intent.steps.iter().map(|step| &step.request);
    let mut told = BTreeSet::new();
    let mut notes = Vec::new();
    for request in requests {
        let note = match starts(model, request) {
            Some(Started { of, revision }) => {
                again(model, of, revision).filter(|_| told.insert((of.map(|of| &of.arn), revision)))
            }
            None => drains(model, request),
        };
        notes.extend(note);
    }
    notes
}

/// The revision of which it starts tasks first, as far as that is known. One that it registers is checked before it is.
pub(super) fn check_of(model: &Model, intent: &Intent) -> Option<Check> {
    let cluster = intent.target.cluster.clone()?;
    let mut requests = intent.steps.iter().map(|step| &step.request);
    let registered = requests.clone().find_map(|request| match request {
        Request::RegisterTaskDefinition(register) => Some(register),
        _ => None,
    });
    if let Some(register) = registered {
        return Some(Check {
            cluster,
            service: intent.target.subject.service().cloned(),
            revision: register.from.clone(),
            images: register.images.clone(),
        });
    }
    let started = requests.find_map(|request| starts(model, request))?;
    Some(Check {
        cluster,
        service: started.of.map(|of| of.arn.clone()),
        revision: started.revision.clone(),
        images: Vec::new(),
    })
}

/// Tasks that a request makes AWS start.
struct Started<'m> {
    /// The service that starts them; none for tasks by themselves.
    of: Option<&'m Service>,
    revision: &'m Arn,
}

fn starts<'m>(model: &'m Model, request: &'m Request) -> Option<Started<'m>> {
    match request {
        Request::UpdateService(update) => updated(model, update),
        Request::StopTask(stop) => {
            let task = model.fleet.tasks.get(&stop.task)?;
            let of = keeper(model, task).filter(|service| service.desired > 0)?;
            Some(Started {
                of: Some(of),
                revision: &of.task_definition,
            })
        }
        Request::RunTask(run) => Some(Started {
            of: None,
            revision: &run.task_definition,
        }),
        _ => None,
    }
}

fn updated<'m>(model: &'m Model, update: &'m UpdateService) -> Option<Started<'m>> {
    let of = model.fleet.services.get(&update.service)?;
    let count = update.desired_count.unwrap_or(of.desired);
    let revision = match &update.task_definition {
        // Nobody has seen it run.
        Some(Revision::Registered) => return None,
        Some(Revision::Known(revision)) => Some(revision),
        None => (update.force_new_deployment || count > of.desired).then_some(&of.task_definition),
    };
    let revision = revision.filter(|_| count > 0)?;
    Some(Started {
        of: Some(of),
        revision,
    })
}

/// The service that keeps a task.
fn keeper<'m>(model: &'m Model, task: &Task) -> Option<&'m Service> {
    let Owner::Service(name) = &task.owner else {
        return None;
    };
    let mut services = model.fleet.services.values();
    services.find(|service| service.cluster == task.cluster && service.name == *name)
}

/// What is the matter with the tasks of a revision that would be started.
fn again(model: &Model, of: Option<&Service>, revision: &Arn) -> Option<Clean> {
    let (name, diagnosis) = match of {
        Some(service) => (
            service.name.clone(),
            model
                .fleet
                .diagnosis(&RowKey::Service(service.arn.clone()))?,
        ),
        None => with_broken(model, revision)?,
    };
    let cause = diagnosis.causes.first()?;
    let same = diagnosis.broken.as_ref() == Some(revision);
    // What lies around a service is met by another revision too.
    if !diagnosis.verdict.is_bad_news() || !(same || cause.id.has(Trait::Around)) {
        return None;
    }
    // What passes by itself may have passed.
    let will = if same && cause.id.has(Trait::Lasting) {
        "will"
    } else {
        "may"
    };
    Some(Clean::own(format!(
        "{name} is {}: {}; new tasks of {} {will} fail the same way",
        diagnosis.verdict.word().replace('_', " "),
        cause.summary,
        Clean::new(revision.name()),
    )))
}

/// What a revision is in trouble in, as a service's or as tasks by themselves.
fn with_broken<'m>(model: &'m Model, revision: &Arn) -> Option<(Clean, &'m Diagnosis)> {
    let rows = model.service_rows().iter();
    rows.filter_map(|row| Some((row.name.clone(), model.fleet.diagnosis(&row.key)?)))
        .find(|(_, diagnosis)| diagnosis.broken.as_ref() == Some(revision))
}

/// What a request to take a service to zero takes away that does not come back.
fn drains(model: &Model, request: &Request) -> Option<Clean> {
    let Request::UpdateService(update) = request else {
        return None;
    };
    let service = model.fleet.services.get(&update.service)?;
    if update.desired_count != Some(0) || service.desired == 0 {
        return None;
    }
    let key = RowKey::Service(service.arn.clone());
    let present = &service.task_definition;
    let broken = model.fleet.diagnosis(&key)?.broken.as_ref();
    let serves = |task: &&&Task| {
        let well = task.status == TaskStatus::Running && task.health != Health::Unhealthy;
        well && task.definition != *present
    };
    let tasks = model.fleet.tasks_of(&key);
    let mut others = tasks.iter().filter(serves).peekable();
    let old = others.peek()?.definition.clone();
    let count = others.count();
    (broken == Some(present)).then(|| {
        Clean::own(format!(
            "{count} healthy {} of {} will stop, and restore brings {} back, whose tasks fail: roll back first",
            if count == 1 { "task" } else { "tasks" },
            Clean::new(old.name()),
            Clean::new(present.name()),
        ))
    })
}
