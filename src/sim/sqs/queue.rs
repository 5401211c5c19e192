//! A queue and its messages.

use std::collections::{BTreeMap, BTreeSet};

use super::counts::Counts;
use super::keys::{MessageKey, QueueKey};
use crate::clock::{Millis, Time};
use crate::ecs::keys::{ServiceKey, TaskKey};
use crate::home::Home;
use crate::world::{QueueSpec, WorkSpec};

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
    pub(super) rate: u64,
    pub(crate) dead_letter: Option<QueueKey>,
    pub(crate) max_receive: u32,
    pub(crate) visibility: Millis,
    pub(crate) work: Option<Work>,
    pub(crate) table: Option<String>,
    pub(super) titles: Vec<String>,
    pub(crate) messages: BTreeMap<MessageKey, Message>,
    pub(crate) visible: BTreeSet<MessageKey>,
    /// How many messages each task works on.
    pub(super) busy: BTreeMap<TaskKey, u32>,
    /// What its messages say, as a template.
    pub(super) body: Option<String>,
    /// Kept by a broker of somebody's own; SQS does not know it.
    pub(crate) outside: bool,
    pub(super) counts: Counts,
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
    pub(super) fn body_of(&self, subject: &str, chance: u64) -> String {
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

impl Queue {
    pub(super) fn counted(&self) -> (usize, usize, usize) {
        (self.visible.len(), self.in_flight(), self.delayed())
    }

    /// Visible, in flight and delayed messages, as SQS tells them.
    pub(super) fn told(&self) -> (usize, usize, usize) {
        if self.counts.lag == 0 {
            self.counted()
        } else {
            self.counts.told
        }
    }

    /// How many messages were sent in the minute that is over.
    pub(crate) fn sent_last_minute(&self) -> u32 {
        self.counts.sent.1
    }
}
