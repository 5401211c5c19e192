//! Moving the messages of a dead-letter queue back.

use super::super::preparing::Needs;
use super::{Built, Next, decider, prepared, words};
use crate::act::{Look, redrive};
use crate::app::model::Model;
use crate::domain::{Arn, DeadLetter, Queue};
use crate::text::Clean;

pub(super) fn redrive_queue(model: &Model, name: &Clean) -> Built {
    let queues = &model.queues.queues;
    let queue = queues
        .iter()
        .find(|queue| queue.name == *name)
        .ok_or_else(|| Clean::own(format!("{name} is not there")))?;
    // The row may be that of the dead-letter queue itself, or of the queue that it belongs to.
    let is_dead = |arn: &Arn| {
        let of = |dead: &DeadLetter| dead.arn == *arn;
        queues
            .iter()
            .any(|queue| queue.dead_letter.as_ref().is_some_and(of))
    };
    let dead = match &queue.dead_letter {
        Some(dead) => dead.arn.clone(),
        None if is_dead(&queue.arn) => queue.arn.clone(),
        None => return Err(Clean::own(format!("{name} has no dead-letter queue"))),
    };
    let own = queues.iter().find(|queue| queue.arn == dead).cloned();
    let depth = queue
        .dead_letter
        .as_ref()
        .and_then(|dead| dead.depth)
        .or(own.as_ref().map(|own| own.depth));
    let Some(depth) = depth else {
        return Err(Clean::own(format!(
            "how many messages {} has could not be read",
            Clean::new(dead.name())
        )));
    };
    let Some(prepared) = prepared(model, "what is being moved")? else {
        return Ok(Next::Wait(Needs {
            looks: vec![Look::Moves(dead)],
            ..Needs::default()
        }));
    };
    let moves = prepared.seen.moves.get(&dead).cloned().unwrap_or_default();
    let dead = own.unwrap_or_else(|| Queue {
        url: Clean::default(),
        name: Clean::new(dead.name()),
        arn: dead,
        depth,
        dead_letter: None,
    });
    let intent = redrive(decider(model)?, &dead, None, None, &moves).map_err(words)?;
    Ok(Next::Ask(Box::new(intent)))
}
