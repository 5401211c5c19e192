//! `stop`: stop tasks.

use ecsdeck_core::act::{ActError, Intent, Request, stop};
use ecsdeck_core::app::{Model, Pane};
use ecsdeck_core::domain::Task;
use ecsdeck_core::text::Clean;

use super::Failed;
use super::act::{Act, decider, propose};
use super::ask::Asked;
use super::open_writes::settle;
use crate::exit::Exit;
use crate::settings::{Options, UsageError};

/// What to stop.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Stop {
    /// Tasks of one cluster: ids, their beginnings, or resource names
    #[arg(required = true, value_name = "TASK")]
    tasks: Vec<String>,
    /// What the tasks' stopped reason will say
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    act: Act,
}

/// Characters of a reason (source: ECS API reference, StopTask: up to 1,024).
const LONGEST: usize = 1_024;
/// As much of an id says which task is meant.
const ENOUGH: usize = 6;

pub(super) async fn run(options: &Options, command: Stop) -> Result<Exit, Failed> {
    if command
        .reason
        .as_ref()
        .is_some_and(|reason| reason.chars().count() > LONGEST)
    {
        let why = format!("the reason has more than {LONGEST} characters");
        return Err(UsageError(why).into());
    }
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Tasks]).await?;
    asked.until(Model::is_listed).await?;
    asked.until(|model| model.identity.is_some()).await?;
    settle(&mut asked).await?;
    let model = asked.model();
    let mut tasks: Vec<&Task> = Vec::new();
    for name in &command.tasks {
        let task = find(model, name)?;
        if !tasks.iter().any(|known| known.arn == task.arn) {
            tasks.push(task);
        }
    }
    let intent = stop(decider(model)?, &tasks);
    let intent = with_reason(intent, command.reason.as_deref());
    propose(asked, intent, command.act).await
}

/// The one task of an id, of its beginning, or of a resource name.
pub(super) fn find<'a>(model: &'a Model, name: &str) -> Result<&'a Task, Failed> {
    let tasks = || model.fleet.tasks.values();
    if let Some(task) = tasks().find(|task| task.arn.as_str() == name || task.id() == name) {
        return Ok(task);
    }
    let mut like = tasks().filter(|task| name.len() >= ENOUGH && task.id().starts_with(name));
    match (like.next(), like.next()) {
        (Some(task), None) => Ok(task),
        (Some(_), Some(_)) => Err(Failed::Refused(format!(
            "several tasks begin with {}",
            Clean::new(name)
        ))),
        (None, _) => Err(Failed::Refused(format!(
            "no task {}: it has gone, or never was here",
            Clean::new(name)
        ))),
    }
}

fn with_reason(intent: Result<Intent, ActError>, reason: Option<&str>) -> Result<Intent, ActError> {
    let mut intent = intent?;
    for step in &mut intent.steps {
        if let (Request::StopTask(stop), Some(reason)) = (&mut step.request, reason) {
            stop.reason = Clean::new(reason);
        }
    }
    Ok(intent)
}
