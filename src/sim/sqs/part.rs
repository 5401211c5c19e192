//! The queues of an account in a region: how time moves them, and what arrives on them.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::{MessageKey, QueueKey};
use super::move_task::Move;
use super::queue::{Message, Queue, Work};
use crate::bus::{Bus, RowChange, Told};
use crate::clock::{HOUR, Millis, Time};
use crate::desk::Desk;
use crate::ecs::keys::{ServiceKey, TaskKey};
use crate::world::WorldSpec;

/// The most messages that a queue holds here.
const FULL: usize = 200_000;

/// What can be due.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Due {
    /// A message is put on a queue. The number is that of the rate it was planned under.
    Arrival(QueueKey, u64),
    /// An attempt at a message ends.
    Attempt(QueueKey, MessageKey, u32),
    /// A message that nobody finished is visible again.
    Visible(QueueKey, MessageKey, u32),
    /// The messages of a queue are counted.
    Count(QueueKey),
    /// A message move task takes its next second.
    Move(usize),
}

/// The queues of an account in a region.
#[derive(Debug)]
pub(crate) struct Sqs {
    pub(crate) desk: Desk<Due>,
    pub(crate) queues: Vec<Queue>,
    /// Queues that SQS knows, or would if they were not a broker's own.
    pub(crate) names: BTreeMap<String, QueueKey>,
    pub(crate) moves: Vec<Move>,
    /// The running tasks of services, which may work.
    pub(super) workers: BTreeMap<ServiceKey, BTreeSet<TaskKey>>,
    /// How many messages were sent; the number of the newest.
    pub(super) sent: u64,
}

impl Sqs {
    /// Without any queue.
    pub(crate) fn new(desk: Desk<Due>) -> Self {
        Sqs {
            desk,
            queues: Vec::new(),
            names: BTreeMap::new(),
            moves: Vec::new(),
            workers: BTreeMap::new(),
            sent: 0,
        }
    }

    /// Sets up the queues of a world; `service_named` tells the services that work on them.
    pub(crate) fn furnish(
        &mut self,
        spec: &WorldSpec,
        service_named: impl Fn(&str) -> Option<ServiceKey>,
    ) {
        for queue in &spec.queue {
            let key = QueueKey(self.queues.len());
            let created = self.desk.epoch - 60 * 24 * HOUR;
            self.queues.push(Queue::of(queue, &self.desk.home, created));
            self.names.insert(queue.name.clone(), key);
        }
        for queue in &spec.queue {
            let Some(key) = self.names.get(&queue.name).copied() else {
                continue;
            };
            let dead_letter = queue
                .dead_letter
                .as_ref()
                .and_then(|name| self.names.get(name.get_ref()).copied());
            let work = queue.work.as_ref().and_then(|work| {
                Some(Work {
                    service: service_named(work.service.get_ref())?,
                    spec: work.clone(),
                })
            });
            if let Some(fresh) = self.queues.get_mut(key.0) {
                fresh.dead_letter = dead_letter;
                fresh.work = work;
            }
            self.plan_arrival(key);
            self.count_queue(key);
        }
    }

    /// Does the next thing that is due at `now`.
    pub(crate) fn step(&mut self, now: Time, bus: &mut Bus) {
        self.desk.now = now;
        match self.desk.due() {
            Some(Due::Arrival(queue, rate)) => self.message_arrives(queue, rate),
            Some(Due::Attempt(queue, message, receive)) => {
                self.attempt_ends(queue, message, receive);
            }
            Some(Due::Visible(queue, message, receive)) => {
                self.message_visible(queue, message, receive);
            }
            Some(Due::Count(queue)) => self.count_queue(queue),
            Some(Due::Move(number)) => self.move_messages(number),
            None => {}
        }
        self.desk.hand_over(bus);
    }

    /// Tells what a worker makes of the row of a message.
    pub(super) fn tell_row(&mut self, table: String, key: String, change: RowChange) {
        self.desk.tell(Told::Row { table, key, change });
    }

    /// Tells what a worker says about a message.
    pub(super) fn tell_line(&mut self, task: TaskKey, container: &str, line: String) {
        let container = container.to_owned();
        self.desk.tell(Told::Line {
            task,
            container,
            line,
        });
    }

    pub(crate) fn queue_mut(&mut self, key: QueueKey) -> Option<&mut Queue> {
        self.queues.get_mut(key.0)
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
        let seed = self.sent;
        let mut random = self.desk.random(
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
        self.desk.plan(after.max(1), Due::Arrival(key, rate));
    }

    pub(crate) fn message_arrives(&mut self, key: QueueKey, rate: u64) {
        if self.queue_mut(key).is_none_or(|queue| queue.rate != rate) {
            return;
        }
        self.sent += 1;
        let now = self.desk.now;
        let number = MessageKey(self.sent);
        let mut random = self.desk.random("message", number.0);
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
                self.tell_row(table, subject, RowChange::Pending { title });
            }
        }
        self.plan_arrival(key);
        self.workers_of(key);
    }

    /// Counts a queue, and plans to do it again.
    pub(crate) fn count_queue(&mut self, key: QueueKey) {
        let Some(queue) = self.queue_mut(key) else {
            return;
        };
        queue.counts.told = queue.counted();
        let lag = queue.counts.lag;
        if lag > 0 {
            self.desk.plan(lag, Due::Count(key));
        }
    }

    /// A minute is over for the count of messages sent.
    pub(crate) fn minute_over(&mut self) {
        for queue in &mut self.queues {
            queue.counts.sent = (0, queue.counts.sent.0);
        }
    }
}
