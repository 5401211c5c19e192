//! The actions on services, tasks and queues: from the key to what is proposed.
//!
//! The invariant: what an action is about is captured by resource name when
//! its key is pressed; what is proposed is made of what was read since.

mod forms;
mod past;
mod queue;
mod rollback;

use super::forms::{Wrong, resend_next, run_next};
use super::preparing::{Needs, Prepared, answered, begin};
use crate::act::{ActError, Decider, Intent, IntentId, redeploy, stop};
use crate::app::model::Model;
use crate::app::model::form::Form;
use crate::app::model::notice::Tone;
use crate::app::model::row_key::RowKey;
use crate::diagnose::{Fact, Question};
use crate::domain::{Arn, CloudError, RolloutHistory, ScalableTarget, Service, Task};
use crate::text::Clean;
pub(in crate::app) use forms::from_form;
use forms::{autoscaling_form, hook_form, image_form};
use past::{drain_or_restore, undo_last};
use queue::redrive_queue;
use rollback::go_back;

/// An action that was begun.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) enum Begun {
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
    pub(in crate::app) fn words(&self) -> Clean {
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
pub(in crate::app) fn on_service(model: &mut Model, begun: impl FnOnce(Arn) -> Begun) {
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
pub(in crate::app) fn begin_stop(model: &mut Model) {
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
pub(in crate::app) fn begin_redrive(model: &mut Model) {
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
    let built = match &preparing.begun {
        Begun::Stop(tasks) => stop_tasks(model, tasks),
        Begun::Redrive(name) => redrive_queue(model, name),
        Begun::Undo => undo_last(model),
        // These know which field is wrong.
        Begun::Run(_) => {
            return run_next(model, preparing.seen()).unwrap_or_else(Next::No);
        }
        Begun::Resend(id, _) => return resend_next(model, id).unwrap_or_else(Next::No),
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

pub(in crate::app) fn words(error: ActError) -> Clean {
    Clean::new(&error.to_string())
}

pub(super) fn decider(model: &Model) -> Result<Decider<'_>, Clean> {
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

/// The rollouts of a service, once they are read.
fn history<'m>(model: &'m Model, service: &Service) -> Result<Option<&'m RolloutHistory>, Clean> {
    match answered(model, &Question::rollouts(service)) {
        None => Ok(None),
        Some(Ok(Fact::Rollouts(history))) => Ok(Some(history)),
        Some(Ok(_)) => Err(Clean::literal("AWS answered something else")),
        Some(Err(error)) => Err(failed("the service's rollouts", error)),
    }
}

/// What scales a service, once it is read.
fn target(model: &Model, service: &Service) -> Option<Result<Option<ScalableTarget>, Clean>> {
    Some(match answered(model, &Question::autoscaling(service))? {
        Ok(Fact::Autoscaling(autoscaling)) => Ok(autoscaling.target),
        Ok(_) => Err(Clean::literal("AWS answered something else")),
        Err(error) => Err(failed("what scales the service", error)),
    })
}

/// What was read for the action alone, once it is; or why that could not be read.
fn prepared<'m>(model: &'m Model, what: &str) -> Result<Option<&'m Prepared>, Clean> {
    let read = model.preparing.as_ref();
    match read.and_then(|preparing| preparing.read.as_ref()) {
        None => Ok(None),
        Some(Ok(prepared)) => Ok(Some(prepared)),
        Some(Err(error)) => Err(failed(what, error)),
    }
}

fn failed(what: &str, error: &CloudError) -> Clean {
    Clean::own(format!("{what} could not be read: {error}"))
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
    // A mark may be older than its task's end.
    let (ended, run): (Vec<&Task>, Vec<&Task>) =
        there.into_iter().partition(|task| task.is_stopped());
    let (stopping, skipped) = match (ended.len(), run.is_empty()) {
        (count, false) if count > 0 => (run, Some(count)),
        (0, _) => (run, None),
        _ => return Err(Clean::literal("all of these have stopped already")),
    };
    let mut intent = stop(decider(model)?, &stopping).map_err(words)?;
    intent.notes.extend(
        skipped.map(|count| Clean::own(format!("{count} of the marked have stopped already"))),
    );
    Ok(Next::Ask(Box::new(intent)))
}
