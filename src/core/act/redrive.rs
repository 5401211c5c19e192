//! Moving a dead-letter queue's messages back to where they came from.

use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, Request, StartMessageMoveTask, Step,
    Subject, Verb,
};
use crate::domain::{Arn, MessageMove, Queue};
use crate::text::Clean;

/// Messages a second at most (source: SQS API reference, StartMessageMoveTask).
const FASTEST: u32 = 500;

/// Builds the intent to move the messages of a dead-letter queue: to one queue, or back to those
/// that they came from. `moves` are the newest of the queue's moves.
///
/// # Errors
/// When there is nothing to move, one goes on already, or the rate makes no sense.
pub fn redrive(
    by: Decider<'_>,
    dead: &Queue,
    to: Option<&Arn>,
    rate: Option<u32>,
    moves: &[MessageMove],
) -> Result<Intent, ActError> {
    if rate.is_some_and(|rate| !(1..=FASTEST).contains(&rate)) {
        return Err(ActError::bad(format!(
            "the rate must be from 1 to {FASTEST} messages a second"
        )));
    }
    if moves.iter().any(MessageMove::is_running) {
        return Err(ActError::impossible(format!(
            "messages of {} are already being moved",
            dead.name
        )));
    }
    let waiting = dead.depth.visible;
    if waiting == 0 {
        return Err(ActError::Already(Clean::own(format!(
            "{} has no messages to move",
            dead.name
        ))));
    }
    let step = Step {
        request: Request::StartMessageMoveTask(StartMessageMoveTask {
            source_arn: dead.arn.clone(),
            destination_arn: to.cloned(),
            max_number_of_messages_per_second: rate,
        }),
        goal: Goal::Moving {
            queue: dead.arn.clone(),
            before: moves.iter().filter_map(|one| one.started).max(),
        },
    };
    let where_to = to.map_or("where they came from", Arn::name);
    Ok(Intent {
        changes: vec![Change::new(
            Changed::Messages,
            format!("about {waiting} in {}", dead.name),
            where_to,
        )],
        notes: vec![Clean::literal(
            "all messages move to the back of the queue with new IDs; this cannot be undone",
        )],
        big: true,
        ..by.intent(
            Verb::Redrive,
            None,
            Subject::Queue(dead.arn.clone()),
            vec![step],
            vec![Expect::Unmoved(dead.arn.clone())],
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::sample::decider;
    use crate::act::{Seen, Settlement};
    use crate::diagnose::sample::ago;
    use crate::domain::QueueDepth;

    fn dead(visible: u64) -> Queue {
        Queue {
            url: Clean::literal("https://sqs/1/dead"),
            arn: Arn::new("arn:aws:sqs:us-east-1:1:dead"),
            name: Clean::literal("dead"),
            depth: QueueDepth {
                visible,
                ..QueueDepth::default()
            },
            dead_letter: None,
        }
    }

    fn moved(status: &'static str, seconds: i64) -> MessageMove {
        MessageMove {
            status: Clean::literal(status),
            started: Some(ago(seconds)),
            destination: None,
            moved: 0,
            to_move: None,
            failure: None,
        }
    }

    #[test]
    fn what_shows_it_is_a_move_that_is_newer_than_those_before() {
        let before = [moved("COMPLETED", 600)];
        let intent = redrive(decider(), &dead(3), None, None, &before).unwrap();
        assert_eq!(
            intent.steps[0].request.body(),
            serde_json::json!({ "SourceArn": "arn:aws:sqs:us-east-1:1:dead" })
        );
        let steps = [&intent.steps[0]];
        let mut seen = Seen::default();
        seen.moves.insert(dead(0).arn, before.to_vec());
        assert_eq!(Intent::settle(&steps, &seen), Settlement::NotApplied);
        seen.moves.insert(dead(0).arn, vec![moved("COMPLETED", 5)]);
        assert_eq!(Intent::settle(&steps, &seen), Settlement::Applied);
    }

    #[test]
    fn nothing_to_move_a_move_under_way_and_a_wrong_rate_are_refused() {
        assert!(redrive(decider(), &dead(0), None, None, &[]).is_err());
        assert!(redrive(decider(), &dead(3), None, None, &[moved("RUNNING", 5)]).is_err());
        for rate in [0, 501] {
            assert!(redrive(decider(), &dead(3), None, Some(rate), &[]).is_err());
        }
    }
}
