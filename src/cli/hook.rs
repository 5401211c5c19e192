//! `hook`: answer the lifecycle hook that a deployment waits at.

use ecsdeck_core::act::{HookAction, answer_hook};

use super::act::{Act, decider, propose};
use super::{Failed, service};
use crate::exit::Exit;
use crate::settings::Options;

/// What to answer.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Hook {
    /// The service, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// The answer
    answer: Answer,
    #[command(flatten)]
    act: Act,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Answer {
    /// The deployment goes on
    Continue,
    /// The deployment goes back
    Rollback,
}

pub(super) async fn run(options: &Options, command: Hook) -> Result<Exit, Failed> {
    let (mut asked, service) = service::begin(options, &command.service).await?;
    let history = service::rollouts(&mut asked, &service).await?;
    let waiting = history.ongoing().filter(|ongoing| {
        ongoing
            .hooks
            .iter()
            .any(ecsdeck_core::domain::DeploymentHook::awaits_action)
    });
    let Some(deployment) = waiting else {
        return Err(Failed::Refused(format!(
            "no deployment of {} waits at a hook",
            service.name
        )));
    };
    let action = match command.answer {
        Answer::Continue => HookAction::Continue,
        Answer::Rollback => HookAction::Rollback,
    };
    let intent = answer_hook(decider(asked.model())?, &service, deployment, action);
    propose(asked, intent, command.act).await
}
