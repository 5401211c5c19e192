//! Who decides, in tests.

use super::{Decider, Intent, IntentId, Made, Record, RecordedStep};
use crate::diagnose::sample::NOW;
use crate::domain::{Arn, Identity, Time};
use crate::text::Clean;

/// Somebody on call, now.
pub(super) fn decider() -> Decider<'static> {
    let identity = Identity {
        account: Clean::literal("123456789012"),
        arn: Arn::new("arn:aws:sts::123456789012:assumed-role/OnCall/ann"),
    };
    Decider {
        id: IntentId::new(7),
        at: Time::from_second(NOW).unwrap(),
        // A test ends with its process.
        identity: Box::leak(Box::new(identity)),
        region: Box::leak(Box::new(Clean::literal("us-east-1"))),
    }
}

/// An intent as the journal has it once it was done.
pub(crate) fn done(intent: &Intent) -> Record {
    Record {
        id: intent.id.clone(),
        at: intent.at,
        verb: Clean::literal(intent.verb),
        target: intent.target.clone(),
        changes: intent.changes.clone(),
        steps: intent
            .steps
            .iter()
            .map(|step| RecordedStep {
                operation: Clean::literal(step.request.operation()),
                request: step.request.record(),
                goal: Some(step.goal.clone()),
            })
            .collect(),
        made: Made::default(),
        outcome: Some(Clean::literal("done")),
        undoes: intent.undoes.clone(),
    }
}
