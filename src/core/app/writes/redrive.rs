//! Moving the messages of a dead-letter queue back.

use super::facts::{Facts, Step};
use crate::act::{self, Look, Wish};
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::notice::Tone;
use crate::domain::{Arn, DeadLetter, Queue};
use crate::text::Clean;

/// Wishes that the messages of the selected queue's dead-letter queue move back.
pub(super) fn selected(model: &mut Model) -> Option<Wish> {
    let on = model.queues.list.cursor.on().cloned();
    let first = || model.queues.queues.first().map(|queue| queue.name.clone());
    match on.or_else(first) {
        Some(queue) => Some(Wish::Redrive { queue, rate: None }),
        None => {
            model.note(Tone::Bad, Clean::literal("no queue is selected"));
            None
        }
    }
}

pub(super) fn redrive(facts: Facts<'_>, name: &Clean, rate: Option<u32>) -> Step {
    let dead = dead_letters(&facts.model.queues.queues, name)?;
    let looks = vec![Look::Moves(dead.arn.clone())];
    let seen = facts.seen(looks, "the queue's message moves")?;
    let moves = seen.moves.get(&dead.arn).cloned().unwrap_or_default();
    Ok(act::redrive(facts.decider()?, &dead, None, rate, &moves)?)
}

/// The dead-letter queue that a name means: its own, or that of the queue that it belongs to. No listing need show it.
fn dead_letters(queues: &[Queue], name: &Clean) -> Result<Queue, Declined> {
    let with_dead_letters = || queues.iter().filter_map(|queue| queue.dead_letter.as_ref());
    let Some(queue) = queues.iter().find(|queue| queue.name == *name) else {
        let mut unlisted = with_dead_letters();
        return match unlisted.find(|dead| dead.arn.name() == name.as_str()) {
            Some(dead) => queue_of(queues, dead),
            None => Err(Declined::Unknown {
                what: "queue",
                name: name.clone(),
                known: queues.iter().map(|queue| queue.name.clone()).collect(),
            }),
        };
    };
    match &queue.dead_letter {
        Some(dead) => queue_of(queues, dead),
        None if with_dead_letters().any(|dead| dead.arn == queue.arn) => Ok(queue.clone()),
        None => Err(Declined::impossible(format!(
            "{name} has no dead-letter queue"
        ))),
    }
}

fn queue_of(queues: &[Queue], dead: &DeadLetter) -> Result<Queue, Declined> {
    let is_it = |arn: &Arn| *arn == dead.arn;
    if let Some(own) = queues.iter().find(|queue| is_it(&queue.arn)) {
        return Ok(own.clone());
    }
    let name = Clean::new(dead.arn.name());
    let unread = || Declined::impossible(format!("how many messages {name} has could not be read"));
    Ok(Queue {
        url: Clean::default(),
        arn: dead.arn.clone(),
        depth: dead.depth.ok_or_else(unread)?,
        dead_letter: None,
        name,
    })
}
