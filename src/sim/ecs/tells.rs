//! What ECS tells the other parts: what containers say, which tasks work, which have ended.

use super::{Ecs, ServiceKey, TaskKey};
use crate::bus::Told;
use crate::clock::Time;

impl Ecs {
    /// The containers of a task run since `at`.
    pub(super) fn open_streams(&mut self, task: TaskKey, since: Time) {
        self.desk.tell(Told::ContainersRun { task, since });
    }

    /// A container says something now. The line is a template.
    pub(super) fn say(&mut self, task: TaskKey, container: &str, line: &str) {
        self.desk.tell(Told::Line {
            task,
            container: container.to_owned(),
            line: line.to_owned(),
        });
    }

    /// A container will not say any more.
    pub(super) fn close_stream(&mut self, task: TaskKey, container: &str) {
        let container = container.to_owned();
        self.desk.tell(Told::ContainerEnds { task, container });
    }

    /// A task of a service runs, and may take work.
    pub(super) fn works(&mut self, task: TaskKey, service: ServiceKey) {
        self.desk.tell(Told::TaskRuns { task, service });
    }

    /// A task is about to stop, and takes no more work.
    pub(super) fn worker_leaves(&mut self, task: TaskKey, service: Option<ServiceKey>) {
        self.desk.tell(Told::TaskLeaves { task, service });
    }

    /// Somebody has asked for a one-shot task.
    pub(crate) fn row_of_task_asked(&mut self, task: TaskKey) {
        self.desk.tell(Told::TaskAsked { task });
    }

    /// A task has begun.
    pub(super) fn row_of_task_starts(&mut self, task: TaskKey) {
        self.desk.tell(Told::TaskBegins { task });
    }

    /// A task has ended by itself.
    pub(super) fn row_of_task_ends(&mut self, task: TaskKey, code: i32, reason: Option<&str>) {
        let reason = reason.map(str::to_owned);
        self.desk.tell(Told::TaskEnds { task, code, reason });
    }
}
