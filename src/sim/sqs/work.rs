//! Work: a service's running tasks take messages, finish them, or fail.

use super::{Due, Sqs};
use super::{Message, MessageKey, QueueKey};
use crate::bus::RowChange;
use crate::ecs::keys::{ServiceKey, TaskKey};

impl Sqs {
    /// A task of a service runs: it looks at the queues that its service works on.
    pub(crate) fn worker_comes(&mut self, task: TaskKey, service: ServiceKey) {
        self.workers.entry(service).or_default().insert(task);
        self.workers_look(service);
    }

    /// Lets the tasks of a service look at the queues that they work on.
    fn workers_look(&mut self, service: ServiceKey) {
        let worked: Vec<QueueKey> = self
            .queues
            .iter()
            .enumerate()
            .filter(|(_, queue)| queue.work.as_ref().is_some_and(|w| w.service == service))
            .map(|(number, _)| QueueKey(number))
            .collect();
        for queue in worked {
            self.workers_of(queue);
        }
    }

    /// Gives visible messages of a queue to tasks that have a slot free.
    pub(crate) fn workers_of(&mut self, key: QueueKey) {
        let Some(queue) = self.queues.get(key.0) else {
            return;
        };
        let Some(work) = &queue.work else {
            return;
        };
        if queue.visible.is_empty() {
            return;
        }
        let mut slots = Vec::new();
        for task in self.workers.get(&work.service).into_iter().flatten() {
            let busy = queue.busy.get(task).copied().unwrap_or_default();
            slots.extend((busy..work.spec.slots).map(|_| *task));
        }
        let messages: Vec<MessageKey> = queue.visible.iter().take(slots.len()).copied().collect();
        for (task, message) in slots.into_iter().zip(messages) {
            self.take(key, message, task);
        }
    }

    fn take(&mut self, key: QueueKey, number: MessageKey, task: TaskKey) {
        let now = self.desk.now;
        let Some(queue) = self.queues.get_mut(key.0) else {
            return;
        };
        let (Some(message), Some(work)) = (queue.messages.get_mut(&number), queue.work.clone())
        else {
            return;
        };
        message.receives += 1;
        message.first_received.get_or_insert(now);
        message.holder = Some(task);
        let (receives, subject) = (message.receives, message.subject.clone());
        queue.visible.remove(&number);
        *queue.busy.entry(task).or_default() += 1;
        let table = queue.table.clone();
        let mut random = self
            .desk
            .random("attempt", (number.0 << 8) + u64::from(receives));
        let takes = work.spec.takes.draw(&mut random);
        self.desk.plan(takes, Due::Attempt(key, number, receives));
        if let Some(table) = table {
            self.tell_row(
                table,
                subject.clone(),
                RowChange::Processing { title: None },
            );
        }
        if let Some(line) = &work.spec.start_line {
            self.tell_line(
                task,
                &work.spec.container,
                line.replace("{message}", &subject),
            );
        }
    }

    pub(crate) fn attempt_ends(&mut self, key: QueueKey, number: MessageKey, receive: u32) {
        let Some(queue) = self.queues.get_mut(key.0) else {
            return;
        };
        let Some(work) = queue.work.clone() else {
            return;
        };
        let Some((task, subject)) = queue.messages.get_mut(&number).and_then(|message| {
            let holder = message.holder.filter(|_| message.receives == receive)?;
            Some((holder, message.subject.clone()))
        }) else {
            return;
        };
        if let Some(busy) = queue.busy.get_mut(&task) {
            *busy = busy.saturating_sub(1);
        }
        let (table, visibility) = (queue.table.clone(), queue.visibility);
        let mut random = self
            .desk
            .random("outcome", (number.0 << 8) + u64::from(receive));
        let failed = random.chance(work.spec.fails);
        if !failed && let Some(queue) = self.queues.get_mut(key.0) {
            queue.messages.remove(&number);
        }
        let line = if failed {
            &work.spec.failed_line
        } else {
            &work.spec.done_line
        };
        if let Some(line) = line {
            self.tell_line(
                task,
                &work.spec.container,
                line.replace("{message}", &subject),
            );
        }
        if failed {
            // Who does not delete a message gets it again when it is visible again.
            if let Some(message) = self.held(key, number) {
                message.holder = None;
            }
            self.desk
                .plan(visibility, Due::Visible(key, number, receive));
        } else if let Some(table) = table {
            self.tell_row(table, subject, RowChange::Complete);
        }
        self.workers_of(key);
    }

    fn held(&mut self, key: QueueKey, number: MessageKey) -> Option<&mut Message> {
        self.queues.get_mut(key.0)?.messages.get_mut(&number)
    }

    /// A message that nobody deleted can be received again, or is given up.
    pub(crate) fn message_visible(&mut self, key: QueueKey, number: MessageKey, receive: u32) {
        let Some(queue) = self.queues.get_mut(key.0) else {
            return;
        };
        if let Some(message) = queue
            .messages
            .get_mut(&number)
            .filter(|m| m.receives == receive)
        {
            message.delayed = false;
        }
        let void = |m: &Message| m.holder.is_some() || m.receives != receive;
        if queue.messages.get(&number).is_none_or(void) {
            return;
        }
        let dead_letter = queue.dead_letter.filter(|_| receive >= queue.max_receive);
        let Some(dead_letter) = dead_letter else {
            queue.visible.insert(number);
            self.workers_of(key);
            return;
        };
        let table = queue.table.clone();
        let Some(mut message) = queue.messages.remove(&number) else {
            return;
        };
        message.source = Some(key);
        if let Some(table) = table {
            let why = format!("gave up after {receive} attempts");
            self.tell_row(table, message.subject.clone(), RowChange::Failed { why });
        }
        if let Some(queue) = self.queues.get_mut(dead_letter.0) {
            queue.messages.insert(number, message);
            queue.visible.insert(number);
        }
    }

    /// A task stops: what it worked on is received again when it is visible again.
    pub(crate) fn worker_leaves(&mut self, task: TaskKey, service: Option<ServiceKey>) {
        if let Some(workers) = service.and_then(|service| self.workers.get_mut(&service)) {
            workers.remove(&task);
        }
        let mut left = Vec::new();
        for (at, queue) in self.queues.iter_mut().enumerate() {
            if queue.busy.remove(&task).is_none() {
                continue;
            }
            for (number, message) in &mut queue.messages {
                if message.holder == Some(task) {
                    message.holder = None;
                    left.push((queue.visibility, QueueKey(at), *number, message.receives));
                }
            }
        }
        for (visibility, queue, number, receives) in left {
            self.desk
                .plan(visibility, Due::Visible(queue, number, receives));
        }
    }
}
