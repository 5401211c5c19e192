//! Eventual consistency: an engine that lives some seconds in the past, for reads.
//!
//! source: ECS API reference, RunTask ("eventual consistency": what was changed may not be
//! seen at once, wait by backing off from a few seconds); how long it lasts is each world's
//! own (`read_lag`), for no page says it.
//!
//! Invariant: it is the same function of worlds, seed, time and calls as the engine of
//! the present; each call reaches it when its time has come there.

use std::collections::VecDeque;

use super::parts::Engine;
use crate::clock::{Millis, Time};
use crate::service::Service;
use crate::wire::Args;

/// The past of an engine.
#[derive(Debug)]
pub(crate) struct Past {
    engine: Engine,
    behind: Millis,
    /// What the present engine was asked to change, when, and this one not yet.
    calls: VecDeque<(Time, Service, String, Args)>,
}

impl Past {
    /// `engine` must be as the one of the present was at the start.
    pub(crate) fn new(engine: Engine, behind: Millis) -> Self {
        Past {
            engine,
            behind,
            calls: VecDeque::new(),
        }
    }

    /// Remembers a change that was made at `now`.
    pub(crate) fn remember(&mut self, now: Time, service: Service, action: &str, args: &Args) {
        let call = (now, service, action.to_owned(), args.clone());
        self.calls.push_back(call);
    }

    /// The engine as it was a little before `now`.
    pub(crate) fn at(&mut self, now: Time) -> &mut Engine {
        let then = now - self.behind;
        while self.calls.front().is_some_and(|(at, ..)| *at <= then) {
            let Some((at, service, action, args)) = self.calls.pop_front() else {
                break;
            };
            self.engine.advance(at);
            // What it answers was answered by the engine of the present.
            drop(self.engine.call(service, &action, &args));
        }
        self.engine.advance(then);
        // Rows are read from the present alone.
        self.engine.rows.writes.clear();
        self.engine.rows.deletes.clear();
        &mut self.engine
    }
}
