//! `redrive`: move a dead-letter queue's messages back to where they came from.

use ecsdeck_core::act::{Look, redrive};
use ecsdeck_core::app::{Model, Pane};
use ecsdeck_core::domain::{Arn, Queue};
use ecsdeck_core::text::Clean;

use super::Failed;
use super::act::{Act, decider, propose};
use super::ask::Asked;
use super::open_writes::settle;
use crate::exit::Exit;
use crate::settings::Options;

/// What to redrive.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Redrive {
    /// The dead-letter queue, or the queue that it belongs to
    queue: String,
    /// At most so many messages a second, from 1 to 500
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Redrive) -> Result<Exit, Failed> {
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Queues]).await?;
    asked.until(Model::is_settled).await?;
    settle(&mut asked).await?;
    let dead = dead_letters(asked.model(), &command.queue)?;
    let mut seen = asked.look(Look::Moves(dead.arn.clone())).await?;
    let moves = seen.moves.remove(&dead.arn).unwrap_or_default();
    let by = decider(asked.model())?;
    let intent = redrive(by, &dead, None, command.rate, &moves);
    propose(asked, intent, command.act).await
}

/// The dead-letter queue that a name means.
fn dead_letters(model: &Model, name: &str) -> Result<Queue, Failed> {
    let queues = &model.queues.queues;
    let is_dead = |arn: &Arn| {
        queues
            .iter()
            .filter_map(|queue| queue.dead_letter.as_ref())
            .any(|dead| dead.arn == *arn)
    };
    if let Some(queue) = queues.iter().find(|queue| queue.name.as_str() == name) {
        let Some(dead) = &queue.dead_letter else {
            return if is_dead(&queue.arn) {
                Ok(queue.clone())
            } else {
                Err(Failed::Refused(format!("{name} has no dead-letter queue")))
            };
        };
        return dead_queue(queues, &dead.arn, dead.depth);
    }
    // One that no listing shows, by the queue that it belongs to.
    let dead = queues
        .iter()
        .filter_map(|queue| queue.dead_letter.as_ref())
        .find(|dead| dead.arn.name() == name);
    if let Some(dead) = dead {
        return dead_queue(queues, &dead.arn, dead.depth);
    }
    let names: Vec<&str> = queues.iter().map(|queue| queue.name.as_str()).collect();
    Err(Failed::Refused(crate::settings::unknown(
        "queue", name, &names,
    )))
}

fn dead_queue(
    queues: &[Queue],
    arn: &Arn,
    depth: Option<ecsdeck_core::domain::QueueDepth>,
) -> Result<Queue, Failed> {
    if let Some(own) = queues.iter().find(|queue| queue.arn == *arn) {
        return Ok(own.clone());
    }
    let depth = depth.ok_or_else(|| {
        Failed::Refused(format!(
            "how many messages {} has could not be read",
            Clean::new(arn.name())
        ))
    })?;
    Ok(Queue {
        url: Clean::default(),
        name: Clean::new(arn.name()),
        arn: arn.clone(),
        depth,
        dead_letter: None,
    })
}
