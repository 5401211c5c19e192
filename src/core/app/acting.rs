//! The actions on services, tasks and queues: from the key to what is proposed.
//!
//! The invariant: what an action is about is captured by resource name when
//! its key is pressed; what is proposed is made of what was read since.

use super::fleet::RowKey;
use super::form::{Field, Form};
use super::forms::{FormPurpose, Wrong, resend_intent, resend_next, run_next};
use super::model::{Model, Tone};
use super::preparing::{Needs, answered, begin};
use crate::act::{
    ActError, Comeback, HookAction, Intent, IntentId, Look, Record, deploy, drain, redeploy,
    redrive, restore, rollback, stop, undo, way_back,
};
use crate::diagnose::{Fact, Question};
use crate::domain::{Arn, CloudError, Controller, RolloutHistory, ScalableTarget, Service, Task};
use crate::text::Clean;

/// An action that was begun.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Begun {
    /// Starts every task of a service anew.
    Redeploy(Arn),
    /// Brings an earlier revision back: the one that is named, or the one that the facts name.
    Rollback(Arn, Option<String>),
    /// Takes a service to zero, or brings it back from there.
    Drain(Arn),
    /// Holds, releases or bounds what scales a service.
    Autoscaling(Arn),
    /// Answers the hook that a deployment waits at.
    Hook(Arn),
    /// Deploys an image.
    Image(Arn),
    /// Stops tasks.
    Stop(Vec<Arn>),
    /// Moves a dead-letter queue's messages back. By the queue's name.
    Redrive(Clean),
    /// Takes back the last write.
    Undo,
    /// Runs tasks as the form says that is open.
    Run(Clean),
    /// Sends a run again that started nothing, by its id; and what it is called.
    Resend(IntentId, Clean),
}

impl Begun {
    /// What it is, for the line that says that it waits.
    pub(super) fn words(&self) -> Clean {
        let of = |verb: &str, arn: &Arn| Clean::new(&format!("{verb} {}", arn.name()));
        match self {
            Self::Redeploy(arn) => of("redeploy", arn),
            Self::Rollback(arn, _) => of("rollback", arn),
            Self::Drain(arn) => of("drain", arn),
            Self::Autoscaling(arn) => of("autoscaling", arn),
            Self::Hook(arn) => of("hook", arn),
            Self::Image(arn) => of("deploy", arn),
            Self::Stop(_) => Clean::literal("stop"),
            Self::Redrive(name) => Clean::own(format!("redrive {name}")),
            Self::Undo => Clean::literal("undo"),
            Self::Run(family) => Clean::own(format!("run {family}")),
            Self::Resend(_, title) => title.clone(),
        }
    }
}

/// What comes of an action that was begun.
pub(super) enum Next {
    /// It is proposed.
    Ask(Box<Intent>),
    /// Something has to be filled in first.
    Fill(Box<Form>),
    /// It cannot be done; or a field is wrong.
    No(Wrong),
    /// Something has to be read first.
    Wait(Needs),
}

/// Begins an action on the selected service.
pub(super) fn on_service(model: &mut Model, begun: impl FnOnce(Arn) -> Begun) {
    match model.selected_service().map(|service| service.arn.clone()) {
        Some(arn) => {
            // From here on the cursor stays on this service, wherever its row goes.
            model.services.cursor.put(RowKey::Service(arn.clone()));
            begin(model, begun(arn));
        }
        None => model.note(
            Tone::Bad,
            Clean::literal("that is for a service: select one first"),
        ),
    }
}

/// Begins to stop the marked tasks, or the one that the cursor stands on.
pub(super) fn begin_stop(model: &mut Model) {
    let tasks: Vec<Arn> = if model.marks.is_empty() {
        model.tasks.cursor.on().cloned().into_iter().collect()
    } else {
        model.marks.iter().cloned().collect()
    };
    if tasks.is_empty() {
        return model.note(Tone::Bad, Clean::literal("no task is selected"));
    }
    if let [task] = tasks.as_slice() {
        model.tasks.cursor.put(task.clone());
    }
    begin(model, Begun::Stop(tasks));
}

/// Begins to move the messages of the selected queue's dead-letter queue back.
pub(super) fn begin_redrive(model: &mut Model) {
    let on = model.queues.list.cursor.on().cloned();
    let first = || model.queues.queues.first().map(|queue| queue.name.clone());
    match on.or_else(first) {
        Some(name) => begin(model, Begun::Redrive(name)),
        None => model.note(Tone::Bad, Clean::literal("no queue is selected")),
    }
}

/// Works out what comes next of what was begun.
pub(super) fn build(model: &Model) -> Next {
    let Some(preparing) = &model.preparing else {
        return Next::No(Wrong::all(String::new()));
    };
    if let Begun::Run(_) = &preparing.begun {
        return run_next(model, preparing.seen()).unwrap_or_else(Next::No);
    }
    if let Begun::Resend(id, _) = &preparing.begun {
        return resend_next(model, id).unwrap_or_else(Next::No);
    }
    let built = match &preparing.begun {
        Begun::Stop(tasks) => stop_tasks(model, tasks),
        Begun::Redrive(name) => redrive_queue(model, name),
        Begun::Undo | Begun::Run(_) | Begun::Resend(..) => undo_last(model),
        Begun::Redeploy(arn) => service(model, arn).and_then(|service| {
            Ok(Next::Ask(Box::new(
                redeploy(decider(model)?, service).map_err(words)?,
            )))
        }),
        Begun::Rollback(arn, to) => {
            service(model, arn).and_then(|service| go_back(model, service, to.as_deref()))
        }
        Begun::Drain(arn) => {
            service(model, arn).and_then(|service| drain_or_restore(model, service))
        }
        Begun::Autoscaling(arn) => {
            service(model, arn).and_then(|service| autoscaling_form(model, service))
        }
        Begun::Hook(arn) => service(model, arn).and_then(|service| hook_form(model, service)),
        Begun::Image(arn) => service(model, arn).and_then(|service| image_form(model, service)),
    };
    built.unwrap_or_else(|why| Next::No(Wrong::all(why.to_string())))
}

type Built = Result<Next, Clean>;

pub(super) fn words(error: ActError) -> Clean {
    Clean::new(&error.to_string())
}

pub(super) fn decider(model: &Model) -> Result<crate::act::Decider<'_>, Clean> {
    model.decider().ok_or(Clean::literal(
        "it is not known yet whose credentials these are",
    ))
}

pub(super) fn service<'m>(model: &'m Model, arn: &Arn) -> Result<&'m Service, Clean> {
    let there = model.fleet.services.get(arn);
    there.ok_or_else(|| Clean::own(format!("{} is no longer there", Clean::new(arn.name()))))
}

fn wait_for(question: Question) -> Next {
    Next::Wait(Needs {
        questions: vec![question],
        ..Needs::default()
    })
}

fn rollouts(service: &Service) -> Question {
    Question::Rollouts {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
    }
}

fn scaling(service: &Service) -> Question {
    Question::Autoscaling {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
    }
}

/// The rollouts of a service, once they are read.
fn history<'m>(model: &'m Model, service: &Service) -> Result<Option<&'m RolloutHistory>, Clean> {
    match answered(model, &rollouts(service)) {
        None => Ok(None),
        Some(Ok(Fact::Rollouts(history))) => Ok(Some(history)),
        Some(Ok(_)) => Err(Clean::literal("AWS answered something else")),
        Some(Err(error)) => Err(failed("the service's rollouts", error)),
    }
}

/// What scales a service, once it is read.
fn target(model: &Model, service: &Service) -> Option<Result<Option<ScalableTarget>, Clean>> {
    Some(match answered(model, &scaling(service))? {
        Ok(Fact::Autoscaling(autoscaling)) => Ok(autoscaling.target),
        Ok(_) => Err(Clean::literal("AWS answered something else")),
        Err(error) => Err(failed("what scales the service", error)),
    })
}

fn failed(what: &str, error: &CloudError) -> Clean {
    Clean::own(format!("{what} could not be read: {error}"))
}

fn go_back(model: &Model, service: &Service, to: Option<&str>) -> Built {
    let none = RolloutHistory::default();
    let history = if service.controller == Controller::Ecs {
        match history(model, service)? {
            Some(history) => history,
            None => return Ok(wait_for(rollouts(service))),
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
        let Some(read) = model
            .preparing
            .as_ref()
            .and_then(|preparing| preparing.read.as_ref())
        else {
            return Ok(Next::Wait(needs));
        };
        let prepared = read
            .as_ref()
            .map_err(|error| failed("the earlier revision", error))?;
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

fn stop_tasks(model: &Model, tasks: &[Arn]) -> Built {
    let there: Vec<&Task> = tasks
        .iter()
        .filter_map(|arn| model.fleet.tasks.get(arn))
        .collect();
    if let Some(gone) = tasks
        .iter()
        .find(|arn| !model.fleet.tasks.contains_key(*arn))
    {
        let name = Clean::new(gone.name());
        return Err(Clean::own(format!("task {name} is no longer there")));
    }
    let intent = stop(decider(model)?, &there).map_err(words)?;
    Ok(Next::Ask(Box::new(intent)))
}

fn drain_or_restore(model: &Model, service: &Service) -> Built {
    let mut needs = Needs::default();
    let target = match target(model, service) {
        Some(target) => target,
        None => {
            needs.questions.push(scaling(service));
            Ok(None)
        }
    };
    let journal = model.journal.as_ref();
    needs.journal = service.desired == 0 && journal.is_none();
    if needs != Needs::default() {
        return Ok(Next::Wait(needs));
    }
    // A drain must not fail for want of a permission to look: what could not be read is told.
    let (target, note) = match target {
        Ok(target) => (target, None),
        Err(why) => (None, Some(why)),
    };
    let mut intent = if service.desired > 0 {
        drain(decider(model)?, service, target.as_ref()).map_err(words)?
    } else {
        let records = journal_records(model)?;
        let drained = last_of(&records, service, "drain").ok_or_else(|| {
            Clean::own(format!(
                "{} is at zero, and the journal has no drain of it: scale it instead",
                service.name
            ))
        })?;
        restore(decider(model)?, service, target.as_ref(), drained, true).map_err(words)?
    };
    intent.notes.extend(note);
    Ok(Next::Ask(Box::new(intent)))
}

/// What the journal tells, or why it cannot.
fn journal_records(model: &Model) -> Result<Vec<&Record>, Clean> {
    match &model.journal {
        Some(Ok(journal)) => Ok(journal.iter().map(|written| &written.record).collect()),
        Some(Err(why)) => Err(Clean::own(format!("the journal cannot be read: {why}"))),
        None => Ok(Vec::new()),
    }
}

/// The newest write of that verb to a service that was done and not taken back.
fn last_of<'r>(records: &[&'r Record], service: &Service, verb: &str) -> Option<&'r Record> {
    records.iter().rev().copied().find(|record| {
        record.verb == *verb
            && record.target.subject.service() == Some(&service.arn)
            && record.outcome.as_deref() == Some("done")
            && !is_taken_back(records, record)
    })
}

fn is_taken_back(records: &[&Record], record: &Record) -> bool {
    records.iter().any(|later| {
        later.undoes.as_ref() == Some(&record.id) && later.outcome.as_deref() == Some("done")
    })
}

fn undo_last(model: &Model) -> Built {
    if model.journal.is_none() {
        return Ok(Next::Wait(Needs {
            journal: true,
            ..Needs::default()
        }));
    }
    let records = journal_records(model)?;
    let by = decider(model)?;
    let here = |record: &&&Record| {
        record.target.account == by.identity.account && record.target.region == *by.region
    };
    let is_undo = |record: &Record| record.undoes.is_some();
    let last = records
        .iter()
        .rev()
        .filter(here)
        .find(|record| {
            record.outcome.as_deref() == Some("done")
                && !is_taken_back(&records, record)
                && !is_undo(record)
        })
        .ok_or(Clean::literal(
            "the journal has nothing that was done here and could be taken back",
        ))?;
    let intent = undo(by, last).map_err(|error| {
        Clean::own(format!(
            "{} {}: {error}",
            last.verb,
            last.target.subject.name()
        ))
    })?;
    Ok(Next::Ask(Box::new(intent)))
}

fn redrive_queue(model: &Model, name: &Clean) -> Built {
    let queues = &model.queues.queues;
    let queue = queues
        .iter()
        .find(|queue| queue.name == *name)
        .ok_or_else(|| Clean::own(format!("{name} is not there")))?;
    // The row may be that of the dead-letter queue itself, or of the queue that it belongs to.
    let is_dead = |arn: &Arn| {
        let of = |dead: &crate::domain::DeadLetter| dead.arn == *arn;
        queues
            .iter()
            .any(|queue| queue.dead_letter.as_ref().is_some_and(of))
    };
    let dead = match &queue.dead_letter {
        Some(dead) => dead.arn.clone(),
        None if is_dead(&queue.arn) => queue.arn.clone(),
        None => return Err(Clean::own(format!("{name} has no dead-letter queue"))),
    };
    let own = queues.iter().find(|queue| queue.arn == dead).cloned();
    let depth = queue
        .dead_letter
        .as_ref()
        .and_then(|dead| dead.depth)
        .or(own.as_ref().map(|own| own.depth));
    let Some(depth) = depth else {
        return Err(Clean::own(format!(
            "how many messages {} has could not be read",
            Clean::new(dead.name())
        )));
    };
    let Some(read) = model
        .preparing
        .as_ref()
        .and_then(|preparing| preparing.read.as_ref())
    else {
        return Ok(Next::Wait(Needs {
            looks: vec![Look::Moves(dead)],
            ..Needs::default()
        }));
    };
    let prepared = read
        .as_ref()
        .map_err(|error| failed("what is being moved", error))?;
    let moves = prepared.seen.moves.get(&dead).cloned().unwrap_or_default();
    let dead = own.unwrap_or_else(|| crate::domain::Queue {
        url: Clean::default(),
        name: Clean::new(dead.name()),
        arn: dead,
        depth,
        dead_letter: None,
    });
    let intent = redrive(decider(model)?, &dead, None, None, &moves).map_err(words)?;
    Ok(Next::Ask(Box::new(intent)))
}

fn autoscaling_form(model: &Model, service: &Service) -> Built {
    let mut needs = Needs::default();
    let target = target(model, service);
    if target.is_none() {
        needs.questions.push(scaling(service));
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
    let held = target.suspended != crate::domain::Suspended::default();
    let earlier = journal_records(model)
        .ok()
        .and_then(|records| last_of(&records, service, "autoscaling").cloned())
        .and_then(|record| {
            record.goals().find_map(|goal| match goal {
                crate::act::Goal::Scaling { before, after, .. }
                    if after.suspended == crate::domain::Suspended::ALL =>
                {
                    Some(before.suspended)
                }
                _ => None,
            })
        });
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

fn hook_form(model: &Model, service: &Service) -> Built {
    let Some(history) = history(model, service)? else {
        return Ok(wait_for(rollouts(service)));
    };
    let waiting = history.ongoing().filter(|ongoing| {
        ongoing
            .hooks
            .iter()
            .any(crate::domain::DeploymentHook::awaits_action)
    });
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

fn image_form(model: &Model, service: &Service) -> Built {
    let Some(read) = model
        .preparing
        .as_ref()
        .and_then(|preparing| preparing.read.as_ref())
    else {
        return Ok(Next::Wait(Needs {
            document: Some(service.task_definition.clone()),
            ..Needs::default()
        }));
    };
    let prepared = read
        .as_ref()
        .map_err(|error| failed("the task definition", error))?;
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
pub(super) fn from_form(model: &Model, form: &Form) -> Option<Result<Intent, Clean>> {
    Some(match &form.purpose {
        FormPurpose::Again(record) => resend_intent(model, record, form),
        FormPurpose::Autoscaling {
            service: arn,
            target,
            earlier,
        } => service(model, arn).and_then(|service| {
            let (by, target) = (decider(model)?, Some(target));
            match form.chosen("what") {
                Some(0) => crate::act::suspend(by, service, target),
                Some(1) => crate::act::resume(by, service, target, *earlier),
                _ => crate::act::bounds(by, service, target, form.get("min"), form.get("max")),
            }
            .map_err(words)
        }),
        FormPurpose::Hook(arn, deployment) => service(model, arn).and_then(|service| {
            let action = match form.chosen("answer") {
                Some(0) => HookAction::Continue,
                _ => HookAction::Rollback,
            };
            crate::act::answer_hook(decider(model)?, service, deployment, action).map_err(words)
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
