//! SQS: queues, who puts messages on them, and the tasks that take them off.
//!
//! Invariant: a message is on exactly one queue, and there either visible or in
//! flight; it goes to the dead-letter queue after `max_receive` attempts.

pub(crate) mod api;
mod attributes;
mod counts;
mod messages;
mod moves;
mod work;

pub(crate) use counts::Counts;
pub(crate) use moves::Move;

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::{Millis, Time};
use crate::ecs::{ServiceKey, TaskKey};
use crate::engine::{Due, Engine, Home};
use crate::world::{QueueSpec, WorkSpec};

/// A queue, numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QueueKey(pub(crate) usize);

/// A message, numbered over all queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MessageKey(pub(crate) u64);

/// The most messages that a queue holds here.
const FULL: usize = 200_000;

/// The queues of an account in a region.
#[derive(Debug, Default)]
pub(crate) struct Sqs {
    pub(crate) queues: Vec<Queue>,
    /// Queues that SQS knows, or would if they were not a broker's own.
    pub(crate) names: BTreeMap<String, QueueKey>,
    pub(crate) moves: Vec<Move>,
    sent: u64,
}

/// A message.
#[derive(Debug)]
pub(crate) struct Message {
    /// What it is about; the key of its row, where rows are kept.
    pub(crate) subject: String,
    /// How often it was received.
    pub(crate) receives: u32,
    /// The task that works on it.
    pub(crate) holder: Option<TaskKey>,
    /// What it says.
    pub(crate) body: String,
    pub(crate) sent: Time,
    pub(crate) first_received: Option<Time>,
    /// The queue that gave it up, on a dead-letter queue.
    pub(crate) source: Option<QueueKey>,
    /// Not to be received yet.
    pub(crate) delayed: bool,
}

/// A queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) name: String,
    pub(crate) url_path: String,
    pub(crate) arn: String,
    pub(crate) created: Time,
    pub(crate) per_minute: f64,
    /// Counts changes of the rate; arrivals planned under an earlier one are void.
    rate: u64,
    pub(crate) dead_letter: Option<QueueKey>,
    pub(crate) max_receive: u32,
    pub(crate) visibility: Millis,
    pub(crate) work: Option<Work>,
    pub(crate) table: Option<String>,
    titles: Vec<String>,
    pub(crate) messages: BTreeMap<MessageKey, Message>,
    pub(crate) visible: BTreeSet<MessageKey>,
    /// How many messages each task works on.
    busy: BTreeMap<TaskKey, u32>,
    /// What its messages say, as a template.
    body: Option<String>,
    /// Kept by a broker of somebody's own; SQS does not know it.
    pub(crate) outside: bool,
    counts: Counts,
}

/// Who works on a queue's messages.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) service: ServiceKey,
    pub(crate) spec: WorkSpec,
}

impl Queue {
    pub(crate) fn of(spec: &QueueSpec, home: &Home, created: Time) -> Self {
        Queue {
            url_path: format!("{}/{}", home.account, spec.name),
            arn: home.arn("sqs", &spec.name),
            name: spec.name.clone(),
            created,
            per_minute: spec.per_minute.max(0.0),
            rate: 0,
            dead_letter: None,
            max_receive: spec.max_receive,
            visibility: spec.visibility.0,
            work: None,
            table: spec.rows.as_ref().map(|name| name.get_ref().clone()),
            titles: spec.titles.clone(),
            messages: BTreeMap::new(),
            visible: BTreeSet::new(),
            busy: BTreeMap::new(),
            body: spec.body.clone(),
            outside: spec.outside,
            counts: Counts::of(spec.lag.0),
        }
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.messages.len() - self.visible.len() - self.delayed()
    }

    pub(crate) fn delayed(&self) -> usize {
        self.messages
            .values()
            .filter(|message| message.delayed)
            .count()
    }

    /// When the oldest message that can be received was sent.
    pub(crate) fn oldest_visible(&self) -> Option<Time> {
        let first = self.visible.first()?;
        self.messages.get(first).map(|message| message.sent)
    }

    /// What a message about `subject` says.
    fn body_of(&self, subject: &str, chance: u64) -> String {
        let template = self.body.as_deref().unwrap_or(r#"{"id":"{message}"}"#);
        crate::logs::fill(&template.replace("{message}", subject), chance)
    }
}

impl Message {
    /// A message that nobody has received yet.
    pub(crate) fn new(subject: String, body: String, sent: Time) -> Self {
        Message {
            subject,
            receives: 0,
            holder: None,
            body,
            sent,
            first_received: None,
            source: None,
            delayed: false,
        }
    }
}

impl Engine {
    pub(crate) fn queue_mut(&mut self, key: QueueKey) -> Option<&mut Queue> {
        self.sqs.queues.get_mut(key.0)
    }

    /// Changes how many messages arrive in a minute.
    pub(crate) fn set_queue_rate(&mut self, key: QueueKey, per_minute: f64) {
        if let Some(queue) = self.queue_mut(key) {
            queue.per_minute = per_minute.max(0.0);
            queue.rate += 1;
        }
        self.plan_arrival(key);
    }

    pub(crate) fn plan_arrival(&mut self, key: QueueKey) {
        let seed = self.sqs.sent;
        let mut random = self.random(
            "arrival",
            (seed << 8) + u64::try_from(key.0).unwrap_or_default(),
        );
        let Some(queue) = self.queue_mut(key) else {
            return;
        };
        if queue.per_minute <= 0.0 {
            return;
        }
        // Between half and one and a half times the mean: uneven, but never a long gap.
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let after = (60_000.0 / queue.per_minute * (0.5 + random.fraction())) as Millis;
        let rate = queue.rate;
        self.plan(after.max(1), Due::Arrival(key, rate));
    }

    pub(crate) fn message_arrives(&mut self, key: QueueKey, rate: u64) {
        if self.queue_mut(key).is_none_or(|queue| queue.rate != rate) {
            return;
        }
        self.sqs.sent += 1;
        let now = self.now;
        let number = MessageKey(self.sqs.sent);
        let mut random = self.random("message", number.0);
        let subject = random.uuid();
        let Some(queue) = self.queue_mut(key) else {
            return;
        };
        let title = random.pick(&queue.titles).cloned();
        let table = queue.table.clone();
        if queue.messages.len() < FULL {
            let body = queue.body_of(&subject, number.0);
            let message = Message::new(subject.clone(), body, now);
            queue.counts.sent();
            queue.messages.insert(number, message);
            queue.visible.insert(number);
            if let Some(table) = table {
                self.row_is_pending(&table, &subject, title.as_deref());
            }
        }
        self.plan_arrival(key);
        self.workers_of(key);
    }
}

#[cfg(test)]
mod tests;
