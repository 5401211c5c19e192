//! `rollback`: bring back the revision that ran before, in the way that the facts ask for.

use ecsdeck_core::act::{Comeback, Look, rollback, way_back};
use ecsdeck_core::diagnose::{Fact, Question};
use ecsdeck_core::domain::{Arn, ImageState, RolloutHistory, TaskDefinition};
use ecsdeck_core::text::Clean;

use super::act::{Act, decider, propose};
use super::ask::Asked;
use super::{Failed, service};
use crate::exit::Exit;
use crate::settings::Options;

/// What to roll back.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Rollback {
    /// The service, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// To this one: a number, FAMILY:NUMBER or a resource name
    #[arg(long, value_name = "REVISION")]
    to: Option<String>,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Rollback) -> Result<Exit, Failed> {
    let (mut asked, service) = service::begin(options, &command.service).await?;
    let history = service::rollouts(&mut asked, &service).await?;
    let way = match way_back(&service, &history, command.to.as_deref()) {
        Ok(way) => way,
        Err(error) => return propose(asked, Err(error), command.act).await,
    };
    let (definition, images, notes) = match way.needs().cloned() {
        Some(to) => comeback(&mut asked, &history, to).await?,
        None => (None, Vec::new(), Vec::new()),
    };
    let comeback = Comeback {
        definition: definition.as_ref(),
        images: &images,
    };
    let mut intent = rollback(decider(asked.model())?, &service, &way, &comeback);
    if let Ok(intent) = &mut intent {
        intent.notes.extend(notes);
    }
    propose(asked, intent, command.act).await
}

type Read = (Option<TaskDefinition>, Vec<(Clean, ImageState)>, Vec<Clean>);

/// Reads the revision that shall come back, and whether its images are still there.
async fn comeback(asked: &mut Asked, history: &RolloutHistory, to: Arn) -> Result<Read, Failed> {
    let mut seen = asked.look(Look::Definition(to.clone())).await?;
    let Some(definition) = seen.definitions.remove(&to).flatten() else {
        let mut known: Vec<&str> = history
            .revisions
            .values()
            .map(|revision| revision.task_definition.name())
            .collect();
        known.sort_unstable();
        known.dedup();
        let unknown = crate::settings::unknown("revision", to.name(), &known);
        return Err(Failed::NoSuch(unknown));
    };
    let (mut images, mut notes) = (Vec::new(), Vec::new());
    for container in &definition.containers {
        let image = &container.image;
        // Other registries cannot be asked.
        if !image.contains(".dkr.ecr.") {
            continue;
        }
        match asked.fact(Question::Image(image.clone())).await {
            Ok(Fact::Image(state)) => images.push((image.clone(), state)),
            Ok(_) => {}
            Err(Failed::Cloud(error)) if !error.is_about_credentials() => {
                let note =
                    format!("whether the image {image} is still there is not known: {error}");
                notes.push(Clean::own(note));
            }
            Err(error) => return Err(error),
        }
    }
    Ok((Some(definition), images, notes))
}
