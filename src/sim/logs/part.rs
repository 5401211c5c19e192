//! The log groups of an account in a region, and what containers write into them.

use std::collections::{BTreeMap, VecDeque};

use super::insights::Queries;
use super::stream::{Group, Stream};
use super::tail::Tail;
use super::template::fill;
use crate::bus::FunctionLine;
use crate::clock::{HOUR, Millis, Time};
use crate::desk::Desk;
use crate::ecs::Task;
use crate::random::mix;
use crate::world::{Between, WorldSpec};

/// How long a query runs whose group says nothing of it, in milliseconds.
const QUERY: Millis = 1_200;

/// So many bytes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size that a world declares, and the cast saturates"
)]
fn gigabytes(count: f64) -> u64 {
    (count * 1_073_741_824.0) as u64
}

/// The log groups of an account in a region. Time moves nothing in them: lines are computed.
#[derive(Debug)]
pub(crate) struct Logs {
    pub(crate) desk: Desk<()>,
    pub(crate) groups: BTreeMap<String, Group>,
    /// How often FilterLogEvents was asked for a first page.
    pub(super) asked: u64,
    pub(super) queries: Queries,
    /// Live tail sessions, by number.
    pub(super) tails: BTreeMap<u64, Tail>,
    /// How many live tail sessions there have been; the number of the newest.
    pub(crate) tailed: u64,
}

impl Logs {
    /// Without any group.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        Logs {
            desk,
            groups: BTreeMap::new(),
            asked: 0,
            queries: Queries::default(),
            tails: BTreeMap::new(),
            tailed: 0,
        }
    }

    /// Sets up the groups that a world declares.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        for group in spec.log_group.iter().filter(|group| group.exists) {
            let created = self.desk.epoch - 30 * 24 * HOUR;
            let made = self.add_log_group(&group.name, created);
            made.retention_days = group.retention_days;
            (made.late, made.late_by) = (group.late, group.late_by);
            made.stored_before = gigabytes(group.stored_gb);
            if let Some(takes) = group.query_takes {
                made.query_takes = takes.0;
            }
        }
    }

    /// Makes sure that a log group is there.
    pub(crate) fn add_log_group(&mut self, name: &str, created: Time) -> &mut Group {
        let arn = self.desk.home.arn("logs", &format!("log-group:{name}"));
        self.groups.entry(name.to_owned()).or_insert_with(|| Group {
            arn,
            created,
            retention_days: None,
            class: "STANDARD".to_owned(),
            protected: false,
            late: 0.0,
            late_by: Between::seconds(0, 0),
            stored_before: 0,
            query_takes: QUERY,
            streams: BTreeMap::new(),
            order: VecDeque::new(),
        })
    }

    /// Opens the streams of a task whose containers run since `at`.
    pub(crate) fn open_streams(&mut self, task: &Task, at: Time) {
        let (id, definition) = (task.id.clone(), task.definition.clone());
        for (number, container) in definition.containers.iter().enumerate() {
            let Some((group, name)) = container.stream(&id) else {
                continue;
            };
            let mut stream = Stream::new(name, at, self.desk.seed);
            stream.container = Some((definition.clone(), number));
            if let Some(group) = self.groups.get_mut(&group) {
                group.open(stream);
            }
            for line in container.log.iter().flat_map(|log| &log.start) {
                self.say(task, &container.name, line);
            }
        }
    }

    /// The stream of a container of a task.
    fn stream_of(&mut self, task: &Task, container: &str) -> Option<&mut Stream> {
        let definition = task
            .definition
            .containers
            .iter()
            .find(|definition| definition.name == container)?;
        let (group, name) = definition.stream(&task.id)?;
        self.groups.get_mut(&group)?.streams.get_mut(&name)
    }

    /// A container says something now. The line is a template.
    pub(crate) fn say(&mut self, task: &Task, container: &str, line: &str) {
        let now = self.desk.now;
        let Some(stream) = self.stream_of(task, container) else {
            return;
        };
        let message = fill(line, mix(stream.seed ^ mix(stream.count)));
        let ingested = now + stream.soon();
        stream.keep(now, ingested, message);
    }

    /// A function has run.
    pub(crate) fn function_ran(&mut self, group: &str, stream: &str, lines: &[FunctionLine]) {
        let (now, seed) = (self.desk.now, self.desk.seed);
        let group = self.add_log_group(group, now);
        if !group.streams.contains_key(stream) {
            group.open(Stream::new(stream.to_owned(), now, seed));
        }
        let Some(stream) = group.streams.get_mut(stream) else {
            return;
        };
        for FunctionLine { at, text } in lines {
            let ingested = *at + stream.soon();
            stream.keep(*at, ingested, text.clone());
        }
    }

    /// A container will not say any more.
    pub(crate) fn close_stream(&mut self, task: &Task, container: &str) {
        let now = self.desk.now;
        if let Some(stream) = self.stream_of(task, container) {
            stream.closed.get_or_insert(now);
        }
    }
}
