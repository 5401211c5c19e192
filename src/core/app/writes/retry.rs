//! Doing a work item again: which task that takes, and what stands against it.
//!
//! The rule, for keys and commands alike: while the newest task of the item runs, it is refused; an item that has not
//! failed may be done again, and the question says so.

use super::facts::Facts;
use super::source::order_of;
use crate::act::{Order, Wish, WorkItem};
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::form_purpose::{RunBase, RunSource};
use crate::app::model::notice::Tone;
use crate::app::model::work_pane::{WorkKey, WorkRow, WorkState};
use crate::app::panes::work::rows::work_state;
use crate::app::writes::forms::{open, run_form};
use crate::deck::Table;
use crate::domain::{Row, Task, WorkTable};
use crate::text::Clean;

/// A work item with all that is known of it.
struct KnownItem<'m> {
    /// What was read of its table.
    read: &'m WorkTable,
    row: &'m Row,
    /// The environment variable that ties a task to it.
    variable: &'m str,
}

impl Model {
    /// The work item of that key, of all tables whose rows belong to tasks.
    ///
    /// # Errors
    /// When there is none, or no table's rows belong to tasks.
    pub fn work_item(&self, key: &str) -> Result<WorkItem, Declined> {
        let tables = self.setup.deck.iter().flat_map(|deck| &deck.tables);
        let mut tied = tables.filter(|table| table.task_env.is_some()).peekable();
        if tied.peek().is_none() {
            return Err(Declined::NotThere(Clean::literal(
                "no table in the deck sets task_env, so rows cannot be matched to tasks",
            )));
        }
        let key = Clean::new(key);
        let mut items = tied.map(|table| WorkItem {
            table: Clean::new(&table.name),
            key: key.clone(),
        });
        let found = items.find(|item| find(self, item).is_ok());
        found.ok_or_else(|| not_there(&key))
    }

    /// The selected work item.
    pub(in crate::app) fn selected_item(&self) -> Result<WorkItem, Declined> {
        let on = self.work.list.cursor.on();
        let rows = self.work_rows();
        let mut rows = rows.iter();
        let found = rows.find_map(|row| match row {
            WorkRow::Item { key, row, .. } if Some(key) == on => Some((key, *row)),
            _ => None,
        });
        let Some((WorkKey::Item(table, _), row)) = found else {
            return Err(Declined::impossible("no row is selected"));
        };
        let (plan, read) = (plan(self, table)?, self.work.tables.get(table));
        let key = read.and_then(|read| key_of(plan, read, row));
        Ok(WorkItem {
            table: table.clone(),
            key: key.cloned().unwrap_or_default(),
        })
    }

    /// What is run to do a work item again: as its newest task was run; where ECS has forgotten that, as the template
    /// says that has the table's variable, with what the row says under the same names.
    ///
    /// # Errors
    /// When its newest task runs, or nothing says how it is run.
    pub fn retry_order(&self, item: &WorkItem) -> Result<Order, Declined> {
        Ok(retried(self, item)?.1)
    }
}

/// From what a work item is done again, and the order.
fn retried(model: &Model, item: &WorkItem) -> Result<(RunSource, Order), Declined> {
    let found = find(model, item)?;
    if let Some(task) = newest_task(model, found.variable, &item.key) {
        not_running(task)?;
        let source = RunSource::Task(task.arn.clone());
        let order = order_of(model, &source)?;
        return Ok((source, order));
    }
    let runs = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    let has = |run: &&crate::deck::Run| run.env.iter().any(|one| one.name == found.variable);
    let Some(template) = runs.into_iter().find(has) else {
        return Err(Declined::impossible(format!(
            "ECS has forgotten the task of {}, and no template has a {}",
            item.key,
            Clean::new(found.variable)
        )));
    };
    let source = RunSource::Template(Clean::new(&template.name));
    let mut order = order_of(model, &source)?;
    for given in &mut order.variables {
        let same = |attribute: &Clean| plain(attribute) == plain(&given.name);
        let value = if given.name == found.variable {
            Some(&item.key)
        } else {
            let mut row = found.row.0.iter();
            row.find(|(attribute, _)| same(attribute))
                .map(|(_, value)| value)
        };
        if let Some(value) = value {
            value.as_str().clone_into(&mut given.value);
        }
    }
    Ok((source, order))
}

/// Opens the form for doing the selected work item again.
pub(super) fn fill(model: &mut Model) -> Option<Wish> {
    let why = match model.writes_off() {
        Some(why) => Some(why),
        None => open_retry(model)
            .err()
            .map(|why| Clean::own(why.to_string())),
    };
    if let Some(why) = why {
        model.note(Tone::Bad, why);
    }
    None
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

/// What should be known before a work item is done again.
pub(super) fn notes(facts: Facts<'_>, item: &WorkItem) -> Result<Vec<Clean>, Declined> {
    let model = facts.model;
    let found = find(model, item)?;
    if let Some(task) = newest_task(model, found.variable, &item.key) {
        not_running(task)?;
    }
    let status = found.row.get(&found.read.status_attribute);
    let status = status.filter(|status| {
        work_state(model.setup.deck.as_ref(), &item.table, status) != WorkState::Failed
    });
    let note = |status| format!("row is {status}, not failed; retrying may do the work twice");
    Ok(status.map(note).map(Clean::own).into_iter().collect())
}

fn not_running(task: &Task) -> Result<(), Declined> {
    if task.is_stopped() {
        return Ok(());
    }
    let id = Clean::new(task.id());
    Err(Declined::impossible(format!(
        "task {id} already works on it"
    )))
}

/// What the deck says of a table, where its rows belong to tasks.
fn plan<'m>(model: &'m Model, table: &Clean) -> Result<&'m Table, Declined> {
    let mut tables = model.setup.deck.iter().flat_map(|deck| &deck.tables);
    let plan = tables.find(|plan| plan.name == table.as_str() && plan.task_env.is_some());
    plan.ok_or_else(|| {
        Declined::impossible(format!(
            "the deck sets no task_env for {table}, so its rows cannot be matched to tasks"
        ))
    })
}

fn find<'m>(model: &'m Model, item: &WorkItem) -> Result<KnownItem<'m>, Declined> {
    let plan = plan(model, &item.table)?;
    let none = || not_there(&item.key);
    let read = model.work.tables.get(&item.table).ok_or_else(none)?;
    let is_it = |row: &&Row| key_of(plan, read, row) == Some(&item.key);
    Ok(KnownItem {
        read,
        row: read.rows.iter().find(is_it).ok_or_else(none)?,
        variable: plan.task_env.as_deref().unwrap_or_default(),
    })
}

fn not_there(key: &Clean) -> Declined {
    Declined::NotThere(Clean::own(format!("no work item {key}")))
}

/// The value of a row's key: of the attribute that the deck names, or else of the table's partition key.
fn key_of<'m>(plan: &Table, read: &WorkTable, row: &'m Row) -> Option<&'m Clean> {
    let own = read.shape.key.first().map(Clean::as_str);
    row.get(plan.key.as_deref().or(own)?)
}

/// The newest task that was given this value.
fn newest_task<'m>(model: &'m Model, variable: &str, key: &Clean) -> Option<&'m Task> {
    let tied = |task: &&Task| {
        let mut given = task.overrides.iter();
        given.any(|given| given.name == variable && given.value == *key)
    };
    let tasks = model.fleet.tasks.values().filter(tied);
    tasks.max_by_key(|task| task.created)
}

/// `TASK_TITLE` and `title` are not the same; `pr_number` and `PR_NUMBER` are.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
