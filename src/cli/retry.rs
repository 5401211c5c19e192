//! `retry`: run the task of a work item again, with what it was given before.

use ecsdeck_core::act::Order;
use ecsdeck_core::app::{Model, Pane, WorkState, work_state};
use ecsdeck_core::deck::Table;
use ecsdeck_core::domain::{Row, Task};
use ecsdeck_core::text::Clean;

use super::act::Act;
use super::ask::Asked;
use super::open_writes::settle;
use super::run::{Ordered, like_task, of_template, propose};
use super::{Failed, say};
use crate::exit::Exit;
use crate::settings::Options;

/// What to retry.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Retry {
    /// The work item's key, of a table whose task_env the deck names
    key: String,
    #[command(flatten)]
    order: Ordered,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Retry) -> Result<Exit, Failed> {
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Tasks, Pane::Work]).await?;
    asked.until(Model::is_settled).await?;
    settle(&mut asked).await?;
    let model = asked.model();
    let (table, variable, row) = item(model, &command.key)?;
    let status = table.status.as_deref().and_then(|name| row.get(name));
    if let Some(status) = status
        && work_state(model.setup.deck.as_ref(), &table.name, status) != WorkState::Failed
    {
        say(&format!(
            "the row says {status}, not that it failed: a second task may do its work twice"
        ));
    }
    let order = order(model, &command.key, variable)?;
    propose(asked, order, command.order, command.act).await
}

/// The row of a key, its table, and the variable that ties it to a task.
fn item<'a>(model: &'a Model, key: &str) -> Result<(&'a Table, &'a str, &'a Row), Failed> {
    let tables = model.setup.deck.iter().flat_map(|deck| &deck.tables);
    let mut tied = false;
    for table in tables {
        let Some(variable) = table.task_env.as_deref() else {
            continue;
        };
        tied = true;
        let Some(read) = model.work.tables.get(table.name.as_str()) else {
            continue;
        };
        let attribute = table
            .key
            .as_deref()
            .or(read.shape.key.first().map(Clean::as_str));
        let Some(attribute) = attribute else { continue };
        let is_it = |row: &&Row| {
            row.get(attribute)
                .is_some_and(|value| value.as_str() == key)
        };
        if let Some(row) = read.rows.iter().find(is_it) {
            return Ok((table, variable, row));
        }
    }
    Err(Failed::NoSuch(if tied {
        format!("no work item {}", Clean::new(key))
    } else {
        "no table of the deck says with task_env how its rows belong to tasks".to_owned()
    }))
}

/// As the newest task of the row was run; where AWS has forgotten it, as the template says that has the variable.
fn order(model: &Model, key: &str, variable: &str) -> Result<Order, Failed> {
    let is_its = |task: &&Task| {
        let mut given = task.overrides.iter();
        given.any(|given| given.name.as_str() == variable && given.value.as_str() == key)
    };
    let tasks = model.fleet.tasks.values().filter(is_its);
    if let Some(task) = tasks.max_by_key(|task| task.created) {
        if !task.is_stopped() {
            return Err(Failed::Refused(format!(
                "task {} works on it already",
                task.id()
            )));
        }
        return Ok(like_task(model, task));
    }
    let runs = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    let has = |run: &&ecsdeck_core::deck::Run| run.env.iter().any(|one| one.name == variable);
    let Some(template) = runs.into_iter().find(has) else {
        return Err(Failed::Refused(format!(
            "AWS has forgotten the task of {}, and no template has a {variable}",
            Clean::new(key)
        )));
    };
    let mut order = of_template(model, &template.name)?;
    order.set(variable, key);
    Ok(order)
}
