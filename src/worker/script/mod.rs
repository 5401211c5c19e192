//! Scripted ports for tests: a small cloud that records every call, fails and waits when it is told to.
//!
//! Under tokio's paused clock a call takes [`LATENCY`], so that rounds can be counted.

mod console;
mod items;
mod lagging;
mod ports;
mod writes;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ecsdeck_core::domain::{
    Arn, CloudError, ErrorKind, Identity, LogEvent, QueryProblem, Queue, Row, ScalableTarget,
    Service, ServiceDeployment, TableShape, TaggedImage, TargetGroup, TaskDefinition,
};
use ecsdeck_core::text::Clean;
use tokio::sync::Semaphore;

use crate::ports::{DateSample, Page, PageToken, Reply, ResultPage};

pub(crate) use console::{Console, Told, ask};
pub(crate) use items::{
    cluster_arn, error, event, identity, intent, queue, revision_arn, rollout, row, service,
    service_arn, source, task_arn, with_decider,
};
pub(crate) use lagging::Lagging;

/// What a call takes, on the paused clock.
pub(crate) const LATENCY: Duration = Duration::from_millis(100);

/// What a scripted send does.
#[derive(Clone, Debug)]
pub(crate) enum Send {
    /// Applies nothing and fails.
    Dropped(CloudError),
    /// Applies it and fails all the same.
    Lost(CloudError),
}

/// All that the scripted cloud holds.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) calls: Vec<(&'static str, String)>,
    pub(crate) identity: Option<Identity>,
    pub(crate) clusters: Vec<Arn>,
    pub(crate) services: BTreeMap<Arn, Service>,
    pub(crate) running: Vec<Arn>,
    pub(crate) stopped: Vec<Arn>,
    pub(crate) queues: BTreeMap<Clean, Queue>,
    pub(crate) tables: Vec<Clean>,
    pub(crate) shape: Option<TableShape>,
    pub(crate) rows: Vec<Row>,
    pub(crate) events: Vec<LogEvent>,
    /// The log group as CloudWatch gives it, instead of those.
    pub(crate) lagging: Option<Lagging>,
    pub(crate) rollouts: Vec<ServiceDeployment>,
    pub(crate) instances: Vec<Arn>,
    /// Images of every repository.
    pub(crate) images: Vec<TaggedImage>,
    /// Revisions of every family, and whether each is ACTIVE, the newest first.
    pub(crate) listed: Vec<(Arn, bool)>,
    pub(crate) scalable: Option<ScalableTarget>,
    pub(crate) group: Option<TargetGroup>,
    /// Of parameters and of log groups.
    pub(crate) names: Vec<Clean>,
    /// What a query of Logs Insights is told to be wrong with.
    pub(crate) wrong: Option<QueryProblem>,
    /// What each look at a query gives; the last one again and again.
    pub(crate) looks: VecDeque<ResultPage>,
    /// Items on a page where that is not the API's own size.
    pub(crate) page: Option<usize>,
    /// Of these a describing call says nothing at all.
    pub(crate) silent: Vec<Arn>,
    /// Before each page of items comes an empty one with a token.
    pub(crate) empty_pages: bool,
    /// Every page has this token.
    pub(crate) circle: bool,
    /// What the next calls of an operation do: fail or go through.
    pub(crate) script: HashMap<&'static str, VecDeque<Option<CloudError>>>,
    /// An operation's calls whose argument holds this word always fail so.
    pub(crate) broken: Vec<(&'static str, String, CloudError)>,
    /// An operation's calls wait for a permit.
    pub(crate) gates: HashMap<&'static str, Arc<Semaphore>>,
    pub(crate) sends: VecDeque<Send>,
    /// Reads of a service that still show the old values after a send.
    pub(crate) lag: u32,
    /// A send sets this count, as if somebody else came after it.
    pub(crate) overtaken_by: Option<u32>,
    pending: Option<(Arn, u32)>,
    pub(crate) date: Option<DateSample>,
    /// Tasks that were started, by their mark.
    pub(crate) started: BTreeMap<Clean, Vec<Arn>>,
    /// So many tasks the next run starts, whatever it wants.
    pub(crate) short: Option<u32>,
    /// The tasks that were told to stop, and why.
    pub(crate) told_to_stop: Vec<(Arn, Clean)>,
    /// The revisions that were registered, the newest last.
    pub(crate) registered: Vec<TaskDefinition>,
    started_at: Option<tokio::time::Instant>,
    /// When the newest request went out that was not dropped.
    pub(crate) in_flight: Option<Duration>,
    /// How long the machine has slept: timers do not see that.
    pub(crate) slept: Duration,
    /// At each call of this operation the machine sleeps so long.
    pub(crate) sleeps_at: Option<(&'static str, Duration)>,
}

/// The scripted cloud.
#[derive(Default)]
pub(crate) struct Cloud(Mutex<State>);

impl Cloud {
    /// A cloud that holds what `fill` puts into it.
    pub(crate) fn with(fill: impl FnOnce(&mut State)) -> Arc<Self> {
        let cloud = Self::default();
        fill(&mut cloud.state());
        Arc::new(cloud)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// How often an operation was called.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.state()
            .calls
            .iter()
            .filter(|(called, _)| *called == operation)
            .count()
    }

    /// The arguments of each call of an operation.
    pub(crate) fn arguments(&self, operation: &str) -> Vec<String> {
        let state = self.state();
        let calls = state
            .calls
            .iter()
            .filter(|(called, _)| *called == operation);
        calls.map(|(_, argument)| argument.clone()).collect()
    }

    /// Makes an operation's calls wait; each permit lets one through.
    pub(crate) fn gate(&self, operation: &'static str) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        self.state().gates.insert(operation, Arc::clone(&gate));
        gate
    }

    /// Waits until an operation has been called so often.
    pub(crate) async fn called(&self, operation: &str, times: usize) {
        while self.count(operation) < times {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// What every call goes through.
    async fn enter(&self, operation: &'static str, argument: String) -> Reply<()> {
        {
            let mut state = self.state();
            state.calls.push((operation, argument.clone()));
            let sleeps = state.sleeps_at.filter(|(at, _)| *at == operation);
            state.slept += sleeps.map_or(Duration::ZERO, |(_, length)| length);
        }
        let gate = self.state().gates.get(operation).cloned();
        if let Some(gate) = gate {
            gate.acquire().await.unwrap().forget();
        }
        tokio::time::sleep(LATENCY).await;
        let mut state = self.state();
        let broken = state
            .broken
            .iter()
            .find(|(broken, word, _)| *broken == operation && argument.contains(word));
        if let Some((_, _, error)) = broken {
            return Err(error.clone());
        }
        match state
            .script
            .get_mut(operation)
            .and_then(VecDeque::pop_front)
            .flatten()
        {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// The page of a listing that begins at a token.
    fn page<T: Clone>(&self, items: &[T], size: usize, token: Option<PageToken>) -> Page<T> {
        let state = self.state();
        let size = state.page.unwrap_or(size);
        let token = token.map(|token| token.0).unwrap_or_default();
        let (empty, start) = match token.strip_prefix("after-empty-") {
            Some(start) => (false, start),
            None => (state.empty_pages, token.as_str()),
        };
        let start: usize = start.parse().unwrap_or(0);
        let next = |token: String| Some(PageToken(token));
        if state.circle {
            return Page {
                items: Vec::new(),
                next: next("round".to_owned()),
            };
        }
        if empty {
            return Page {
                items: Vec::new(),
                next: next(format!("after-empty-{start}")),
            };
        }
        let end = (start + size).min(items.len());
        let more = end < items.len();
        Page {
            items: items[start..end].to_vec(),
            next: if more { next(end.to_string()) } else { None },
        }
    }
}

/// Fails the next calls of an operation in these ways, in order.
pub(crate) fn fail(state: &mut State, operation: &'static str, kinds: &[ErrorKind]) {
    let errors = kinds.iter().map(|kind| Some(error(*kind)));
    state.script.entry(operation).or_default().extend(errors);
}
