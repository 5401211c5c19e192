//! The server: listens, hands each request to faults and clouds, and stops when told.
//!
//! Invariant: every reply carries the virtual `Date`. Dropping [`Running`] stops it.

mod connection;
mod delivery;
mod handle;

use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::calls::Calls;
use crate::clock::{Clock, Millis, SECOND, Time};
use crate::clouds::{Clouds, staged};
use crate::dispatch::Request;
use crate::faults::Faults;
use crate::options::{SimError, SimOptions};
use crate::world::{FaultKind, FaultSpec, World};
use connection::{Connection, Loopback};

/// How much virtual time passes between two moments at which others are served, at most.
const STEP: Millis = 10 * SECOND;

/// How many things happen between two moments at which others are served, at most: ten
/// seconds of a service of 5,000 tasks would keep all others waiting.
const HAPPEN: usize = 50;

/// How often who has much to do looks whether others still wait.
const PATIENCE: usize = 10_000;

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) calls: Calls,
    pub(crate) faults: Faults,
    seed: u64,
    clouds: Mutex<Clouds>,
    /// How many wait for the clouds.
    waiting: AtomicUsize,
    stopping: watch::Sender<bool>,
}

impl Shared {
    /// Works on the clouds at the present moment.
    pub(crate) fn with_clouds<T>(&self, work: impl FnOnce(&mut Clouds, Time) -> T) -> T {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut clouds = self.clouds.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        // Read under the lock, so that no call sees an earlier time than the one before it.
        let now = self.clock.now();
        work(&mut clouds, now)
    }

    /// Moves the clock forward and lets happen what is due.
    pub(crate) fn advance(&self, span: Millis) {
        self.clock.advance(span);
        self.with_clouds(Clouds::advance);
    }

    /// Moves the clock forward step by step; others are served between two steps. A caller
    /// that goes away meanwhile does not leave it half way.
    pub(crate) async fn walk(self: &Arc<Self>, span: Millis) {
        let shared = Arc::clone(self);
        let walk = tokio::spawn(async move {
            let mut left = span;
            while left > 0 {
                left -= shared.step(left.min(STEP));
                shared.give_way().await;
            }
            shared.advance(0);
        });
        // It can only fail to join when the runtime ends: nobody waits for it then.
        let _ = walk.await;
    }

    /// Moves the clock forward by `span`, or less where much happens in it; by how much.
    fn step(&self, span: Millis) -> Millis {
        self.with_clouds(|clouds, now| {
            let reached = clouds.advance_some(now + span, HAPPEN);
            // Clouds that nobody has visited may be behind the clock still.
            let passed = (reached - now).clamp(0, span);
            self.clock.advance(passed);
            passed
        })
    }

    /// Lets those have the clouds who wait for them: a lock goes to who comes first, and that
    /// is who has just given it back.
    async fn give_way(&self) {
        for _ in 0..PATIENCE {
            tokio::task::yield_now().await;
            if self.waiting.load(Ordering::SeqCst) == 0 {
                return;
            }
        }
    }

    /// Lets happen in a caller's cloud what was due until now, step by step: one caller of a
    /// cloud that is far behind does not hold up those of others.
    async fn catch_up(&self, request: &Request) {
        let until = self.clock.now();
        loop {
            let there = self.with_clouds(|clouds, _| {
                clouds.approach(&request.who, &request.region, until, HAPPEN)
            });
            if there {
                return;
            }
            self.give_way().await;
        }
    }

    async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        // An error means that there is no sender any more: stopped as well.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}

/// A running simulator. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// Starts a simulator. It must be called within a tokio runtime with time and network enabled.
///
/// # Errors
/// When the address is not a loopback one and that was not allowed, when it cannot be
/// listened on, when a world or scenario does not fit, or when the file for calls
/// cannot be opened.
pub async fn start(options: SimOptions) -> Result<Running, SimError> {
    let address = options.listen;
    if !address.ip().is_loopback() && !options.allow_remote {
        return Err(SimError::NotLoopback(address));
    }
    let mut worlds = options.worlds;
    if worlds.is_empty() {
        worlds.push(World::builtin("short-drama")?);
    }
    let worlds = staged(worlds, &options.scenarios)?;
    let file = options
        .calls_file
        .map(|path| {
            OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .map_err(|source| SimError::CallsFile { path, source })
        })
        .transpose()?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| SimError::Listen { address, source })?;
    let address = listener
        .local_addr()
        .map_err(|source| SimError::Listen { address, source })?;
    let epoch = Time::from(options.epoch.unwrap_or_else(Timestamp::now));
    let seed = options.seed;
    let lead = Millis::try_from(options.lead.as_millis()).unwrap_or(Millis::MAX);
    let faults = Faults::new(seed);
    for rule in options.faults {
        faults.add(rule, epoch).map_err(SimError::Fault)?;
    }
    for rule in worlds.iter().flat_map(|world| &world.spec.fault) {
        faults.add_spec(rule.clone(), epoch);
    }
    if options.throttling || worlds.iter().any(|world| world.spec.world.throttling) {
        faults.add_spec(FaultSpec::of(FaultKind::Buckets), epoch);
    }
    // Running the past takes a moment; the runtime's threads have other things to do.
    let clouds = tokio::task::spawn_blocking(move || Clouds::start(&worlds, epoch, lead, seed))
        .await
        .map_err(|error| SimError::Setup(error.to_string()))?;
    let shared = Arc::new(Shared {
        clock: Clock::new(epoch - lead, options.speed, options.paused),
        calls: Calls::new(file),
        faults,
        seed,
        clouds: Mutex::new(clouds),
        waiting: AtomicUsize::new(0),
        stopping: watch::Sender::new(false),
    });
    let router = Router::new()
        .fallback(handle::handle)
        .with_state(Arc::clone(&shared));
    let service = router.into_make_service_with_connect_info::<Connection>();
    let until = Arc::clone(&shared);
    let task = tokio::spawn(async move {
        let serving = axum::serve(Loopback(listener), service)
            .with_graceful_shutdown(async move { until.stopped().await });
        // Serving over a listener that never fails ends only when it is told to.
        let _ = serving.await;
    });
    Ok(Running {
        address,
        shared,
        task,
    })
}

impl Running {
    /// Where it listens, with the real port.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint for clients, such as `http://127.0.0.1:4566`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.shared.clock.now().0).unwrap_or_default()
    }

    /// Changes the pace of its clock; `speed` is virtual seconds a wall second, and
    /// what is `None` stays.
    pub fn set_clock(&self, paused: Option<bool>, speed: Option<f64>) {
        self.shared.clock.set(paused, speed);
    }

    /// Moves its clock forward by virtual time, and lets happen what is due.
    pub fn advance(&self, by: Duration) {
        let span = Millis::try_from(by.as_millis()).unwrap_or(Millis::MAX);
        self.shared.advance(span);
    }

    /// Adds a fault rule, in the form that `POST /_sim/faults` takes; its number.
    ///
    /// # Errors
    /// When the rule is not of that form.
    pub fn add_fault(&self, rule: serde_json::Value) -> Result<u64, String> {
        self.shared.faults.add(rule, self.shared.clock.now())
    }

    /// Deletes the fault rule of that number, or all rules.
    pub fn delete_faults(&self, id: Option<u64>) {
        self.shared.faults.delete(id);
    }

    /// The calls numbered above `since`, as `GET /_sim/calls` gives them.
    #[must_use]
    pub fn calls(&self, since: u64) -> serde_json::Value {
        self.shared.calls.since(since)
    }

    /// Everything that it holds, as `GET /_sim/state` gives it.
    #[must_use]
    pub fn state(&self) -> serde_json::Value {
        crate::control::state(&self.shared)
    }

    /// Stops it: answers what is being answered, drops what is stalled, closes the rest.
    pub async fn stop(mut self) {
        self.shared.stopping.send_replace(true);
        self.join().await;
    }

    /// Waits until it has stopped.
    pub async fn join(&mut self) {
        // It can only fail to join when it was aborted or panicked: stopped as well.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.stopping.send_replace(true);
    }
}

#[cfg(test)]
mod tests;
