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
        let task = model.task_named(name)?;
        if !tasks.iter().any(|known| known.arn == task.arn) {
            tasks.push(task);
        }
    }
    let intent = stop(decider(model)?, &tasks);
    let intent = with_reason(intent, command.reason.as_deref());
    propose(asked, intent, command.act).await
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
