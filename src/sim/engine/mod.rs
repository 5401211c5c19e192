//! The engine: the state of one account in one region, and what happens in it.
//!
//! Invariant: the state is a function of the worlds, the seed, virtual time and
//! the calls made. Nothing here reads a clock or waits; [`Engine::advance`] lets
//! everything happen that is due until a moment, in order.

pub(crate) mod agenda;
mod dump;
mod furnish;
mod happenings;
pub(crate) mod lag;
pub(crate) mod random;
pub(crate) mod signals;
mod start;
mod supply;
pub(crate) mod troubles;

use agenda::Agenda;
use random::Random;
use signals::Signals;
pub(crate) use supply::{Supply, split_image};
use troubles::Trouble;

use crate::clock::{Millis, Time};
use crate::ecs::scheduler::{HookTurn, Step};
use crate::ecs::{Ecs, ServiceKey, TaskKey};
use crate::logs::Logs;
use crate::neighbours::Neighbours;
use crate::rows::Rows;
use crate::sqs::{MessageKey, QueueKey, Sqs};
use crate::world::EventSpec;

/// Where this part of AWS is, and who calls.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) caller: String,
}

impl Home {
    /// `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!(
            "arn:aws:{service}:{}:{}:{resource}",
            self.region, self.account
        )
    }
}

/// What can be on the agenda.
#[derive(Debug)]
pub(crate) enum Due {
    /// The service scheduler looks at a service.
    Reconcile(ServiceKey),
    /// A task takes its next step, unless its life has taken another turn.
    Task(TaskKey, u32, Step),
    /// A stopped task is no longer shown.
    Forget(TaskKey),
    /// A message is put on a queue. The number is that of the rate it was planned under.
    Arrival(QueueKey, u64),
    /// An attempt at a message ends.
    Attempt(QueueKey, MessageKey, u32),
    /// A message that nobody finished is visible again.
    Visible(QueueKey, MessageKey, u32),
    /// An event of the world or of a scenario.
    Happening(usize),
    /// A service is created, with its first deployment.
    Founded(ServiceKey),
    /// A lifecycle hook of a service deployment answers, or its time is over.
    Hook(ServiceKey, String, HookTurn),
    /// A minute is over.
    Minute,
    /// The messages of a queue are counted.
    Count(QueueKey),
    /// A message move task takes its next second.
    Move(usize),
    /// An EC2 instance is what it was on its way to, unless its way was changed.
    Instance(usize, u32),
}

/// One account in one region.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) now: Time,
    pub(crate) seed: u64,
    pub(crate) home: Home,
    pub(crate) ecs: Ecs,
    pub(crate) logs: Logs,
    pub(crate) sqs: Sqs,
    pub(crate) rows: Rows,
    pub(crate) supply: Supply,
    pub(crate) signals: Signals,
    pub(crate) neighbours: Neighbours,
    troubles: Vec<Trouble>,
    happenings: Vec<EventSpec>,
    agenda: Agenda<Due>,
}

impl Engine {
    /// Lets everything happen that is due until `to`. Time never goes back.
    pub(crate) fn advance(&mut self, to: Time) {
        while let Some((at, due)) = self.agenda.due(to) {
            self.now = self.now.max(at);
            self.happen(due);
        }
        self.now = self.now.max(to);
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Reconcile(service) => self.reconcile_if_due(service),
            Due::Task(task, life, step) => self.step_task(task, life, step),
            Due::Forget(task) => self.forget_task(task),
            Due::Arrival(queue, rate) => self.message_arrives(queue, rate),
            Due::Attempt(queue, message, receive) => self.attempt_ends(queue, message, receive),
            Due::Visible(queue, message, receive) => self.message_visible(queue, message, receive),
            Due::Happening(number) => self.happening(number),
            Due::Founded(service) => self.service_founded(service),
            Due::Hook(service, hook, turn) => self.hook_turns(service, &hook, turn),
            Due::Minute => self.minute_over(),
            Due::Count(queue) => self.count_queue(queue),
            Due::Move(number) => self.move_messages(number),
            Due::Instance(number, turn) => self.instance_settles(number, turn),
        }
    }

    /// Plans something `after` from now.
    pub(crate) fn plan(&mut self, after: Millis, due: Due) {
        self.agenda.plan(self.now + after.max(0), due);
    }

    /// The chance of the `number`th thing called `what`.
    pub(crate) fn random(&self, what: &str, number: u64) -> Random {
        Random::of(self.seed, what, number)
    }
}

#[cfg(test)]
mod tests;
