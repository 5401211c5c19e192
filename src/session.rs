//! The model and the worker, joined: with a screen or without one.
//!
//! The session alone calls [`update`]; whoever drives it brings messages and
//! carries out the few effects that are not the worker's.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ecsdeck_core::app::{Effect, LoopEffect, Model, Msg, Setup, Stamp, WorkerEffect, update};
use ecsdeck_core::domain::Time;
use ecsdeck_worker::CloudClock;
use ecsdeck_worker::ports::{DateSample, present};
use tokio::sync::mpsc;

/// Where samples of AWS's clock come from.
pub type Dates = Arc<dyn Fn() -> Option<DateSample> + Send + Sync>;

/// A model and its worker.
pub struct Session {
    /// The state.
    pub model: Model,
    started: Instant,
    clock: CloudClock,
    dates: Dates,
    effects: mpsc::Sender<WorkerEffect>,
    /// Time and chance stand still: for pictures that are the same every time.
    frozen: Option<Stamp>,
    /// Effects for which the worker's channel had no room yet, in their order.
    waiting: VecDeque<WorkerEffect>,
}

impl Session {
    /// A session in which nothing has happened yet.
    pub fn new(
        setup: Setup,
        size: (u16, u16),
        effects: mpsc::Sender<WorkerEffect>,
        dates: Dates,
    ) -> Self {
        let started = present();
        let clock = CloudClock::new(Time::now(), started);
        let stamp = Stamp {
            now: clock.now(started),
            elapsed: Duration::ZERO,
            entropy: entropy(),
        };
        Self {
            model: Model::new(setup, size, stamp),
            started,
            clock,
            dates,
            effects,
            frozen: None,
            waiting: VecDeque::new(),
        }
    }

    /// Lets time and chance stand still.
    pub fn freeze(&mut self, stamp: Stamp) {
        self.frozen = Some(stamp);
    }

    fn stamp(&mut self) -> Stamp {
        if let Some(stamp) = self.frozen {
            return stamp;
        }
        if let Some(sample) = (self.dates)() {
            self.clock.observe(sample);
        }
        let at = present();
        Stamp {
            now: self.clock.now(at),
            elapsed: at.saturating_duration_since(self.started),
            entropy: entropy(),
        }
    }

    /// Takes in what happened. Hands the worker its effects, and gives back the rest.
    pub fn take(&mut self, msg: Msg) -> Vec<LoopEffect> {
        let stamp = self.stamp();
        let mut own = Vec::new();
        for effect in update(&mut self.model, msg, stamp) {
            match effect {
                Effect::Loop(effect) => own.push(effect),
                Effect::Worker(effect) => self.waiting.push_back(effect),
            }
        }
        self.hand_over();
        own
    }

    /// Hands the worker what it has room for.
    fn hand_over(&mut self) {
        while let Some(effect) = self.waiting.pop_front() {
            if let Err(mpsc::error::TrySendError::Full(effect)) = self.effects.try_send(effect) {
                self.waiting.push_front(effect);
                break;
            }
        }
    }

    /// Waits until the worker has room for what waits. Never ends where nothing waits.
    pub async fn room(&self) {
        if self.waiting.is_empty() {
            std::future::pending::<()>().await;
        }
        // The permit is let go at once: the next `take` uses the room.
        drop(self.effects.reserve().await);
    }

    /// The moment at which something changes though nothing comes in.
    pub fn next_wake(&self) -> Option<Instant> {
        let wake = self.model.next_wake().filter(|_| self.frozen.is_none())?;
        self.started.checked_add(wake)
    }
}

/// 128 random bits. Should the system have none, the clock must do: they name things, they guard nothing.
fn entropy() -> u128 {
    let mut bytes = [0_u8; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u128::from_le_bytes(bytes),
        Err(_) => std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos()),
    }
}
