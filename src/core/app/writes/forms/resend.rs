//! A run of which no answer came and that has not started all: it is offered again, with its tokens.
//!
//! The journal holds no values: a form asks for them, filled in from the
//! template where there is one. The invariant: nothing is sent again but
//! through the question.

use super::super::acting::{Next, decider, words};
use super::run::template_field;
use super::run_source::RunSource;
use super::{FormPurpose, Wrong};
use crate::act::{Intent, IntentId, Record, resend, withheld};
use crate::app::model::Model;
use crate::app::model::form::{Field, Form};
use crate::text::Clean;
use crate::text::masked;

/// What can be sent again, the newest first.
pub(super) fn sources(model: &Model) -> Vec<RunSource> {
    let records = model.resendable.iter().rev();
    records
        .map(|record| RunSource::Again(record.id.clone(), title(record)))
        .collect()
}

/// What it is called.
fn title(record: &Record) -> Clean {
    Clean::own(format!(
        "again: {} of {}, not all of it started",
        record.target.subject.name(),
        record.at.strftime("%H:%M")
    ))
}

/// What comes next of sending a run again: its values are asked for, or it is proposed.
pub(in super::super) fn resend_next(model: &Model, id: &IntentId) -> Result<Next, Wrong> {
    let mut records = model.resendable.iter();
    let Some(record) = records.find(|record| record.id == *id) else {
        return Err(Wrong::all("that run was settled meanwhile"));
    };
    let wanted = withheld(record);
    if wanted.is_empty() {
        let intent =
            resent(model, record, |_, _| None).map_err(|why| Wrong::all(why.to_string()))?;
        return Ok(Next::Ask(Box::new(intent)));
    }
    let fields = wanted
        .iter()
        .map(|(container, name)| field(model, record, container, name))
        .collect();
    let purpose = FormPurpose::Again(Box::new(record.clone()));
    Ok(Next::Fill(Box::new(Form::new(
        purpose,
        title(record),
        fields,
    ))))
}

fn field(model: &Model, record: &Record, container: &Clean, name: &str) -> Field {
    let run = record.target.subject.name();
    if let Some(mut field) = template_field(model, &run, name) {
        field.name = own_name(container, name);
        return field;
    }
    let mut field = Field::lines(&own_name(container, name), name, "")
        .help("the journal holds no values: as it was given then");
    field.secret = masked(name, "") != *"";
    field
}

fn own_name(container: &Clean, name: &str) -> Clean {
    Clean::own(format!("again:{container}:{}", Clean::new(name)))
}

/// The intent of a form that was filled in.
pub(in super::super) fn resend_intent(
    model: &Model,
    record: &Record,
    form: &Form,
) -> Result<Intent, Clean> {
    let value = |container: &str, name: &str| {
        let name = own_name(&Clean::new(container), name);
        Some(form.get(&name).to_owned())
    };
    resent(model, record, value)
}

fn resent(
    model: &Model,
    record: &Record,
    value: impl Fn(&str, &str) -> Option<String>,
) -> Result<Intent, Clean> {
    resend(decider(model)?, record, value).map_err(words)
}
