//! A run of which no answer came and that has not started all: it is offered again, with its tokens.
//!
//! The journal holds no values: a form asks for them, filled in from the
//! template where there is one. The invariant: nothing is sent again but
//! through the question.

use super::run::template_field;
use super::wrong::Wrong;
use crate::act::{IntentId, Record, Supplied, VariableValue, Wish, Withheld, withheld};
use crate::app::model::Model;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::{Field, Form};
use crate::app::model::form_purpose::{FormPurpose, RunSource};
use crate::text::{Clean, masked, shell_words};

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

/// Asks for what the journal does not hold.
pub(in crate::app) fn resend_form(model: &Model, record: &Record) -> Form {
    let withheld = withheld(record);
    let fields = withheld
        .iter()
        .map(|one| field(model, record, one))
        .collect();
    let purpose = FormPurpose::Again(record.id.clone(), withheld);
    Form::new(purpose, title(record), fields)
}

fn field(model: &Model, record: &Record, withheld: &Withheld) -> Field {
    let own = FieldName::Withheld(withheld.clone());
    match withheld {
        Withheld::Variable(_, name) => {
            let run = record.target.subject.name();
            if let Some(mut field) = template_field(model, &run, name) {
                field.name = own;
                return field;
            }
            let mut field = Field::lines(own, name, "")
                .help("enter the value again: the journal keeps no values");
            field.secret = masked(name, "") != *"";
            field
        }
        Withheld::Command(container) => Field::text(own, &format!("{container} command"), "")
            .required()
            .help("enter the command again, as for a shell: the journal keeps no commands"),
    }
}

/// The wish of a form that was filled in.
///
/// # Errors
/// When a command cannot be read.
pub(in crate::app) fn wish(
    id: &IntentId,
    withheld: &[Withheld],
    form: &Form,
) -> Result<Wish, Wrong> {
    let mut given = Supplied::default();
    for one in withheld {
        let field = FieldName::Withheld(one.clone());
        match one {
            Withheld::Variable(container, name) => given.variables.push(VariableValue {
                container: Some(container.clone()),
                name: name.clone(),
                value: form.get(&field).to_owned(),
            }),
            Withheld::Command(container) => {
                let words = shell_words(form.get(&field));
                let words = words.map_err(|why| Wrong::field(field.clone(), why))?;
                given.commands.push((Some(container.clone()), words));
            }
        }
    }
    Ok(Wish::Resend {
        id: id.as_str().to_owned(),
        given: Some(given),
    })
}
