//! The call log: who asked what, when, and what came of it.
//!
//! Invariant: numbers ascend by one in the order of arrival, from 1. A call that is
//! not answered yet has no status. The oldest calls go first when there are many.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::clock::Time;
use crate::dispatch::Request;

/// How many calls are kept.
const KEPT: usize = 50_000;

/// What came of a call.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) error: Option<String>,
    pub(crate) bytes: usize,
}

#[derive(Debug)]
struct Call {
    number: u64,
    at: Time,
    service: &'static str,
    action: String,
    who: String,
    region: String,
    bytes: usize,
    request: Value,
    outcome: Option<Outcome>,
}

impl Call {
    fn json(&self) -> Value {
        let outcome = self.outcome.as_ref();
        json!({
            "seq": self.number,
            "time": self.at.rfc3339(),
            "service": self.service,
            "action": self.action,
            "who": self.who,
            "region": self.region,
            "request_bytes": self.bytes,
            "response_bytes": outcome.map(|outcome| outcome.bytes),
            "status": outcome.map(|outcome| outcome.status),
            "error": outcome.and_then(|outcome| outcome.error.as_ref()),
            "request": self.request,
        })
    }
}

#[derive(Debug)]
struct Log {
    count: u64,
    calls: VecDeque<Call>,
    file: Option<File>,
}

/// The calls that a simulator has received.
#[derive(Debug)]
pub(crate) struct Calls(Mutex<Log>);

impl Calls {
    pub(crate) fn new(file: Option<File>) -> Self {
        Calls(Mutex::new(Log {
            count: 0,
            calls: VecDeque::new(),
            file,
        }))
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call that has arrived; its number.
    pub(crate) fn arrived(&self, request: &Request, at: Time) -> u64 {
        let document = request.document();
        let mut log = self.log();
        log.count += 1;
        let number = log.count;
        log.calls.push_back(Call {
            number,
            at,
            service: request.service.name(),
            action: request.action.clone(),
            who: request.who.clone(),
            region: request.region.clone(),
            bytes: request.body.len(),
            request: document,
            outcome: None,
        });
        if log.calls.len() > KEPT {
            log.calls.pop_front();
        }
        number
    }

    /// Notes what came of a call. A file that cannot be written is given up.
    pub(crate) fn answered(&self, number: u64, outcome: Outcome) {
        let mut guard = self.log();
        let log = &mut *guard;
        let Some(first) = log.calls.front().map(|call| call.number) else {
            return;
        };
        let at = usize::try_from(number.wrapping_sub(first)).unwrap_or(usize::MAX);
        let Some(call) = log.calls.get_mut(at) else {
            return;
        };
        call.outcome = Some(outcome);
        let line = call.json();
        if let Some(file) = &mut log.file
            && writeln!(file, "{line}").is_err()
        {
            log.file = None;
        }
    }

    /// The calls after the one numbered `since`, oldest first.
    pub(crate) fn since(&self, since: u64) -> Value {
        let log = self.log();
        let later = log.calls.iter().filter(|call| call.number > since);
        Value::Array(later.map(Call::json).collect())
    }
}
