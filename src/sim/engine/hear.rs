//! Who hears what is on the bus.

use super::parts::Engine;
use crate::bus::Told;

impl Engine {
    /// Has everything heard that parts have told, and what they tell because of it.
    pub(super) fn hear(&mut self) {
        loop {
            self.ecs.desk.hand_over(&mut self.bus);
            self.sqs.desk.hand_over(&mut self.bus);
            self.cloudwatch.desk.hand_over(&mut self.bus);
            self.autoscaling.desk.hand_over(&mut self.bus);
            self.ecr.desk.hand_over(&mut self.bus);
            self.secrets.desk.hand_over(&mut self.bus);
            let Some(told) = self.bus.take() else {
                return;
            };
            self.heard(told);
        }
    }

    fn heard(&mut self, told: Told) {
        match told {
            Told::LogGroup { group, created } => {
                self.logs.add_log_group(&group, created);
            }
            Told::ContainersRun { task, since } => {
                if let Some(task) = self.ecs.tasks.get(&task) {
                    self.logs.open_streams(task, since);
                }
            }
            Told::Line {
                task,
                container,
                line,
            } => {
                if let Some(task) = self.ecs.tasks.get(&task) {
                    self.logs.say(task, &container, &line);
                }
            }
            Told::ContainerEnds { task, container } => {
                if let Some(task) = self.ecs.tasks.get(&task) {
                    self.logs.close_stream(task, &container);
                }
            }
            Told::FunctionRan {
                group,
                stream,
                lines,
            } => self.logs.function_ran(&group, &stream, &lines),
            Told::TaskRuns { task, service } => self.sqs.worker_comes(task, service),
            Told::TaskLeaves { task, service } => self.sqs.worker_leaves(task, service),
            Told::TaskAsked { task } => {
                if let Some(task) = self.ecs.tasks.get(&task) {
                    self.rows.row_of_task_asked(task);
                }
            }
            Told::TaskBegins { task } => {
                if let Some(task) = self.ecs.tasks.get(&task) {
                    self.rows.row_of_task_starts(task);
                }
            }
            Told::TaskEnds { task, code, reason } => {
                if let Some(task) = self.ecs.tasks.get(&task) {
                    self.rows.row_of_task_ends(task, code, reason.as_deref());
                }
            }
            Told::Row { table, key, change } => self.rows.row_told(&table, &key, change),
            Told::Alarm {
                name,
                state,
                reason,
            } => self.ecs.alarm_told(&name, state, &reason),
            Told::DesiredCount { service, count } => self.ecs.count_told(service, count),
            Told::Image {
                repository,
                tag,
                digest,
            } => self.ecs.supply.set_image(&repository, &tag, digest),
            Told::Secret { arn, exists } => self.ecs.supply.set_secret(&arn, exists),
        }
    }
}
