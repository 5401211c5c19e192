//! Running the task of a failed row again: with what its task was given, or from the template.

use super::run::open_run;
use super::run_source::RunSource;
use crate::app::model::Model;
use crate::app::model::form::Value;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::prompt::Prompt;
use crate::app::model::work_pane::{WorkKey, WorkRow, WorkState};
use crate::domain::{Row, Task};
use crate::text::Clean;

/// Begins to retry the selected row.
pub(in crate::app) fn begin_retry(model: &mut Model) {
    let begun = match model.writes_off() {
        Some(why) => Err(why),
        None => retry(model),
    };
    if let Err(why) = begun {
        model.note(Tone::Bad, why);
    }
}

fn retry(model: &mut Model) -> Result<(), Clean> {
    let (table, id, row) = failed_row(model)?;
    let mut tables = model.setup.deck.iter().flat_map(|deck| &deck.tables);
    let variable = tables
        .find(|known| known.name == table.as_str())
        .and_then(|table| table.task_env.clone())
        .ok_or_else(|| {
            Clean::own(format!(
                "the deck does not say which variable ties a task to its row in {table} (task_env)"
            ))
        })?;
    if let Some(task) = newest_task(model, &variable, &id) {
        let source = RunSource::Task(task.arn.clone());
        return open_run(model, &source);
    }
    // Its task is forgotten by AWS: the template, with what the row says.
    let mut runs = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    let template = runs
        .find(|run| run.env.iter().any(|known| known.name == variable))
        .map(|run| RunSource::Template(Clean::new(&run.name)))
        .ok_or_else(|| {
            Clean::own(format!(
                "AWS has forgotten the task of {id}, and no template of the deck has {}",
                Clean::new(&variable)
            ))
        })?;
    open_run(model, &template)?;
    fill_in(model, &variable, &id, &row);
    Ok(())
}

/// The selected row, where it has failed: its table, its key, and all of it.
fn failed_row(model: &Model) -> Result<(Clean, Clean, Row), Clean> {
    let on = model.work.list.cursor.on();
    let rows = model.work_rows();
    let found = rows.iter().find_map(|row| match row {
        WorkRow::Item {
            key,
            id,
            state,
            status,
            row,
            ..
        } if Some(key) == on => Some((key, id, *state, status, *row)),
        _ => None,
    });
    let Some((key, id, state, status, row)) = found else {
        return Err(Clean::literal("no row is selected"));
    };
    if state != WorkState::Failed {
        return Err(Clean::own(format!(
            "{id} is {status}: only a failed row is tried again"
        )));
    }
    let (WorkKey::Item(table, _) | WorkKey::Table(table)) = key;
    Ok((table.clone(), id.clone(), row.clone()))
}

/// The newest task that was given this value.
fn newest_task<'m>(model: &'m Model, variable: &str, id: &Clean) -> Option<&'m Task> {
    let tied = |task: &&Task| {
        let mut given = task.overrides.iter();
        given.any(|given| given.name == variable && given.value == *id)
    };
    let tasks = model.fleet.tasks.values().filter(tied);
    tasks.max_by_key(|task| task.created)
}

/// Fills in the key, and what the row has under the same name.
fn fill_in(model: &mut Model, variable: &str, id: &Clean, row: &Row) {
    let Some(Overlay::Form(form)) = &mut model.overlay else {
        return;
    };
    for field in &mut form.fields {
        let Some(name) = field.name.strip_prefix("env:") else {
            continue;
        };
        let same = |attribute: &Clean| plain(attribute) == plain(name);
        let value = if name == variable {
            Some(id.as_str())
        } else {
            let found = row.0.iter().find(|(attribute, _)| same(attribute));
            found.map(|(_, value)| value.as_str())
        };
        if let (Some(value), Value::Text(prompt)) = (value, &mut field.value) {
            *prompt = Prompt::long(value, prompt.most(), prompt.has_lines());
        }
    }
}

/// `TASK_TITLE` and `title` are not the same; `pr_number` and `PR_NUMBER` are.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
