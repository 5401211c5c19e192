//! A run of which no answer came and that has not started all: it is offered again, with its tokens.
//!
//! The journal holds no values: a form asks for them, filled in from the
//! template where there is one. The invariant: nothing is sent again but
//! through the question.

use super::run::template_field;
use crate::act::{IntentId, Record, withheld};
use crate::act::{VariableValue, Wish};
use crate::app::model::Model;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::{Field, Form};
use crate::app::model::form_purpose::{FormPurpose, RunSource};
use crate::text::{Clean, masked};

/// What can be sent again, the newest first.
pub(in crate::app) fn again(model: &Model) -> Vec<RunSource> {
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

/// Asks for the values that the journal does not hold.
pub(in crate::app) fn resend_form(model: &Model, record: &Record) -> Form {
    let values = withheld(record);
    let fields = values
        .iter()
        .map(|(container, name)| field(model, record, container, name))
        .collect();
    let purpose = FormPurpose::Again(record.id.clone(), values);
    Form::new(purpose, title(record), fields)
}

fn field(model: &Model, record: &Record, container: &Clean, name: &str) -> Field {
    let run = record.target.subject.name();
    let own = FieldName::Withheld(container.clone(), name.to_owned());
    if let Some(mut field) = template_field(model, &run, name) {
        field.name = own;
        return field;
    }
    let mut field =
        Field::lines(own, name, "").help("the journal holds no values: as it was given then");
    field.secret = masked(name, "") != *"";
    field
}

/// The wish of a form that was filled in.
pub(in crate::app) fn wish(id: &IntentId, values: &[(Clean, String)], form: &Form) -> Wish {
    let values = values.iter().map(|(container, name)| VariableValue {
        container: Some(container.clone()),
        name: name.clone(),
        value: form
            .get(&FieldName::Withheld(container.clone(), name.clone()))
            .to_owned(),
    });
    Wish::Resend {
        id: id.as_str().to_owned(),
        values: Some(values.collect()),
    }
}
