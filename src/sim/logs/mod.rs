//! CloudWatch Logs: groups, and streams whose lines are computed, not stored.
//!
//! Invariant: line `n` of a stream is a function of the seed, the stream and `n`,
//! so any stretch of time can be read in any order at no cost in memory. Only
//! what a container says on an occasion is kept, and that is bounded.

pub(crate) mod api;
mod filter;
mod filter_events;
mod frame;
mod get_events;
mod insights;
mod lines;
mod live_tail;
mod order;
mod template;

pub(crate) use live_tail::{Said as TailSaid, Tail};
pub(crate) use template::fill;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::clock::Time;
use crate::ecs::{Definition, TaskKey};
use crate::engine::Engine;
use crate::engine::random::{mix, name_key};
use crate::world::LogSpec;

/// Occasional lines kept per stream.
const SAID: usize = 2_000;
/// Streams kept per group; the oldest closed ones go first.
const STREAMS: usize = 5_000;

/// The log groups of an account in a region.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    pub(crate) groups: BTreeMap<String, Group>,
    /// How often FilterLogEvents was asked for a first page.
    pub(crate) asked: u64,
    pub(crate) queries: insights::Queries,
    /// Live tail sessions, by number.
    pub(crate) tails: BTreeMap<u64, Tail>,
    /// How many live tail sessions there have been; the number of the newest.
    pub(crate) tailed: u64,
}

/// A log group.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) arn: String,
    pub(crate) created: Time,
    pub(crate) retention_days: Option<u32>,
    pub(crate) streams: BTreeMap<String, Stream>,
    /// Names of streams, oldest first.
    order: VecDeque<String>,
}

/// Something a container said on an occasion.
#[derive(Debug)]
struct Said {
    at: Time,
    message: String,
}

/// A log stream.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) created: Time,
    pub(crate) closed: Option<Time>,
    seed: u64,
    definition: Arc<Definition>,
    container: usize,
    said: VecDeque<Said>,
    /// Occasional lines that are no longer kept.
    forgotten: u64,
}

impl Stream {
    fn spec(&self) -> Option<&LogSpec> {
        self.definition.containers.get(self.container)?.log.as_ref()
    }
}

impl Group {
    fn open(&mut self, stream: Stream) {
        self.order.push_back(stream.name.clone());
        self.streams.insert(stream.name.clone(), stream);
        while self.order.len() > STREAMS {
            let closed = |name: &String| self.streams.get(name).is_none_or(|s| s.closed.is_some());
            let Some(oldest) = self.order.iter().position(closed) else {
                break;
            };
            if let Some(name) = self.order.remove(oldest) {
                self.streams.remove(&name);
            }
        }
    }
}

impl Engine {
    /// Makes sure that a log group is there.
    pub(crate) fn add_log_group(&mut self, name: &str, created: Time) -> &mut Group {
        let arn = self.home.arn("logs", &format!("log-group:{name}"));
        self.logs
            .groups
            .entry(name.to_owned())
            .or_insert_with(|| Group {
                arn,
                created,
                retention_days: None,
                streams: BTreeMap::new(),
                order: VecDeque::new(),
            })
    }

    /// Opens the streams of a task whose containers run since `at`.
    pub(crate) fn open_streams(&mut self, key: TaskKey, at: Time) {
        let Some(task) = self.ecs.tasks.get(&key) else {
            return;
        };
        let (id, definition) = (task.id.clone(), task.definition.clone());
        for (number, container) in definition.containers.iter().enumerate() {
            let Some((group, name)) = container.stream(&id) else {
                continue;
            };
            let stream = Stream {
                seed: mix(self.seed ^ name_key(&name)),
                name,
                created: at,
                closed: None,
                definition: definition.clone(),
                container: number,
                said: VecDeque::new(),
                forgotten: 0,
            };
            if let Some(group) = self.logs.groups.get_mut(&group) {
                group.open(stream);
            }
            for line in container.log.iter().flat_map(|log| &log.start) {
                self.say(key, &container.name, line);
            }
        }
    }

    /// The stream of a container of a task.
    fn stream_of(&mut self, key: TaskKey, container: &str) -> Option<&mut Stream> {
        let task = self.ecs.tasks.get(&key)?;
        let definition = task
            .definition
            .containers
            .iter()
            .find(|definition| definition.name == container)?;
        let (group, name) = definition.stream(&task.id)?;
        self.logs.groups.get_mut(&group)?.streams.get_mut(&name)
    }

    /// A container says something now. The line is a template.
    pub(crate) fn say(&mut self, key: TaskKey, container: &str, line: &str) {
        let now = self.now;
        let Some(stream) = self.stream_of(key, container) else {
            return;
        };
        let count = stream.forgotten + u64::try_from(stream.said.len()).unwrap_or_default();
        let message = template::fill(line, mix(stream.seed ^ mix(count)));
        // Never before the last one, also when they are said in the same moment.
        let at = stream.said.back().map_or(now, |last| last.at.max(now));
        stream.said.push_back(Said { at, message });
        if stream.said.len() > SAID {
            stream.said.pop_front();
            stream.forgotten += 1;
        }
    }

    /// A container will not say any more.
    pub(crate) fn close_stream(&mut self, key: TaskKey, container: &str) {
        let now = self.now;
        if let Some(stream) = self.stream_of(key, container) {
            stream.closed.get_or_insert(now);
        }
    }
}

#[cfg(test)]
mod tests;
