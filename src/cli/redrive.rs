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

/// The dead-letter queue that a name means: its own, or that of the queue that it belongs to.
fn dead_letters(model: &Model, name: &str) -> Result<Queue, Failed> {
    let named = model.queue_named(name)?;
    let queues = &model.queues.queues;
    let letters = || queues.iter().filter_map(|queue| queue.dead_letter.as_ref());
    let own = queues.iter().find(|queue| queue.arn == named);
    let dead = own
        .and_then(|queue| queue.dead_letter.as_ref())
        .or_else(|| letters().find(|dead| dead.arn == named));
    match dead {
        Some(dead) => dead_queue(queues, &dead.arn, dead.depth),
        None => Err(Failed::NoSuch(format!(
            "{} has no dead-letter queue",
            Clean::new(named.name())
        ))),
    }
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
