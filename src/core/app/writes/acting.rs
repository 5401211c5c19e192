//! From a key to the wish that it means: its target is captured by resource name when it is pressed.

use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::form::{Field, Form};
use crate::app::model::form_purpose::{FormPurpose, RunBase, RunSource};
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::Pane;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::row_key::RowKey;
use crate::app::model::wish::Wish;
use crate::app::writes::driver::begin;
use crate::app::writes::forms::{again, open, run_form};
use crate::app::writes::retry::retried;
use crate::domain::Arn;
use crate::text::Clean;

/// The selected service. From here on the cursor stays on it, wherever its row goes.
fn selected_service(model: &mut Model) -> Option<Arn> {
    let arn = model.selected_service().map(|service| service.arn.clone());
    match &arn {
        Some(arn) => model.services.cursor.put(RowKey::Service(arn.clone())),
        None => model.note(
            Tone::Bad,
            Clean::literal("select a service first: this is for services only"),
        ),
    }
    arn
}

/// Wishes something of the selected service.
pub(in crate::app) fn on_service(model: &mut Model, wish: impl FnOnce(Arn) -> Wish) {
    if let Some(arn) = selected_service(model) {
        begin(model, wish(arn));
    }
}

/// Asks for the new count of the selected service.
pub(in crate::app) fn begin_scale(model: &mut Model) {
    if let Some(why) = model.writes_off() {
        return model.note(Tone::Bad, why);
    }
    let Some(arn) = selected_service(model) else {
        return;
    };
    let service = model.fleet.services.get(&arn);
    let desired = service.map_or(0, |service| service.desired);
    let purpose = Purpose::Scale(arn, desired);
    model.overlay = Some(Overlay::Prompt(purpose, Prompt::default()));
}

/// Takes the selected service to zero, or brings it back from there.
pub(in crate::app) fn begin_drain(model: &mut Model) {
    let drained = model
        .selected_service()
        .is_some_and(|service| service.desired == 0);
    on_service(model, |service| {
        if drained {
            Wish::Restore {
                service,
                keep_revision: false,
            }
        } else {
            Wish::Drain(service)
        }
    });
}

/// Wishes that the marked tasks stop, or the one that the cursor stands on.
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
    let reason = None;
    begin(model, Wish::Stop { tasks, reason });
}

/// Wishes that the messages of the selected queue's dead-letter queue move back.
pub(in crate::app) fn begin_redrive(model: &mut Model) {
    let on = model.queues.list.cursor.on().cloned();
    let first = || model.queues.queues.first().map(|queue| queue.name.clone());
    match on.or_else(first) {
        Some(queue) => begin(model, Wish::Redrive { queue, rate: None }),
        None => model.note(Tone::Bad, Clean::literal("no queue is selected")),
    }
}

/// Opens the form for doing the selected work item again.
pub(in crate::app) fn begin_retry(model: &mut Model) {
    let why = match model.writes_off() {
        Some(why) => Some(why),
        None => open_retry(model)
            .err()
            .map(|why| Clean::own(why.to_string())),
    };
    if let Some(why) = why {
        model.note(Tone::Bad, why);
    }
}

/// Begins to run tasks: asks from what, where there is something to choose from.
pub(in crate::app) fn begin_run(model: &mut Model) {
    if let Some(why) = model.writes_off() {
        return model.note(Tone::Bad, why);
    }
    let sources = sources(model);
    match sources.as_slice() {
        [] => model.note(
            Tone::Bad,
            Clean::literal("nothing to run a task from: no template in the deck, and no service or task is selected"),
        ),
        [source] => {
            if let Err(why) = open_source(model, &source.clone()) {
                model.note(Tone::Bad, Clean::own(why.to_string()));
            }
        }
        _ => {
            let words = sources.iter().map(RunSource::words).collect();
            let from = Field::choice("from", "run", words, 0);
            let title = Clean::literal("run a task based on");
            open(model, Form::new(FormPurpose::RunFrom(sources), title, vec![from]));
        }
    }
}

/// Goes on with what a task is to be run from.
pub(in crate::app) fn open_source(model: &mut Model, source: &RunSource) -> Result<(), Declined> {
    if let RunSource::Again(id, _) = source {
        let id = id.as_str().to_owned();
        begin(model, Wish::Resend { id, values: None });
        return Ok(());
    }
    let base = RunBase::of(model, source)?;
    let form = run_form(model, base);
    open(model, form);
    Ok(())
}

/// Opens the form for doing the selected work item again.
fn open_retry(model: &mut Model) -> Result<(), Declined> {
    let item = model.selected_item()?;
    let (source, order) = retried(model, &item)?;
    let base = RunBase {
        retries: Some(item),
        ..RunBase::with(model, &source, order)
    };
    let form = run_form(model, base);
    open(model, form);
    Ok(())
}

/// Everything that a task can be run from here, the most likely first.
fn sources(model: &Model) -> Vec<RunSource> {
    let templates = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    let templates = templates.map(|run| RunSource::Template(Clean::new(&run.name)));
    let task = model.selected_task().map(|task| task.arn.clone());
    let task = task.map(RunSource::Task);
    let service = model.selected_service().map(|service| service.arn.clone());
    let service = service.map(RunSource::Service);
    // Who stands on a task means that task.
    let (first, last) = if model.focus == Pane::Tasks {
        (task, None)
    } else {
        (None, task)
    };
    let mut all = again(model);
    all.extend(first);
    all.extend(templates);
    all.extend(service);
    all.extend(last);
    all
}
