//! Faults: the rules of a simulator, and which of them applies to a call.
//!
//! Invariant: the first rule that fits a call, is in force and not used up applies, alone;
//! only clock skew applies beside it. What is left to chance is drawn from the seed and
//! the number of the call.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::clock::{Millis, Time};
use crate::dispatch::Request;
use crate::paging::is_paged;
use crate::random::Random;
use crate::throttle::Buckets;
use crate::wire::ApiError;
use crate::world::{FaultKind, FaultSpec};

/// A rule in force between two moments.
#[derive(Clone, Debug)]
struct Rule {
    id: u64,
    spec: FaultSpec,
    from: Option<Time>,
    until: Option<Time>,
}

impl Rule {
    fn fits(&self, request: &Request, now: Time) -> bool {
        let is = |wanted: &Option<String>, own: &str| wanted.as_ref().is_none_or(|w| w == own);
        let spec = &self.spec;
        is(&spec.service, request.service.name())
            && is(&spec.action, &request.action)
            && is(&spec.who, &request.who)
            && is(&spec.region, &request.region)
            && self.from.is_none_or(|from| from <= now)
            && self.until.is_none_or(|until| now < until)
    }

    fn show(&self) -> Value {
        let mut shown = json!(self.spec);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("id".to_owned(), json!(self.id));
            for (name, at) in [("from", self.from), ("until", self.until)] {
                if let Some(at) = at {
                    shown.insert(name.to_owned(), json!(at.rfc3339()));
                }
            }
        }
        shown
    }
}

/// What happens to a call.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// The number of its rule.
    pub(crate) rule: u64,
    pub(crate) spec: FaultSpec,
}

#[derive(Debug, Default)]
struct State {
    added: u64,
    rules: Vec<Rule>,
    buckets: Buckets,
}

/// The rules of a simulator.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    state: Mutex<State>,
    /// Changes when rules do, so that stalled calls look again.
    changed: watch::Sender<u64>,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Faults {
            seed,
            state: Mutex::new(State::default()),
            changed: watch::Sender::new(0),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a rule from its JSON form, whose `at` counts from `now`; its number.
    pub(crate) fn add(&self, rule: Value, now: Time) -> Result<u64, String> {
        let spec: FaultSpec = serde_json::from_value(rule).map_err(|error| error.to_string())?;
        spec.check()?;
        let service = spec.service.as_deref();
        match &spec.action {
            Some(action) if spec.kind.is_about_pages() && !is_paged(service, action) => {
                return Err(format!("{action} does not answer in pages"));
            }
            _ => {}
        }
        Ok(self.add_spec(spec, now))
    }

    /// Adds a rule whose `at` counts from `start`; its number.
    pub(crate) fn add_spec(&self, spec: FaultSpec, start: Time) -> u64 {
        let mut state = self.state();
        state.added += 1;
        let id = state.added;
        let from = spec.at.map(|at| start + at.0);
        let until = spec.lasts.map(|lasts| from.unwrap_or(start) + lasts.0);
        state.rules.push(Rule {
            id,
            spec,
            from,
            until,
        });
        id
    }

    /// Deletes one rule, or all.
    pub(crate) fn delete(&self, id: Option<u64>) {
        self.state()
            .rules
            .retain(|rule| id.is_some_and(|id| rule.id != id));
        self.changed.send_modify(|changes| *changes += 1);
    }

    pub(crate) fn list(&self) -> Value {
        self.state().rules.iter().map(Rule::show).collect()
    }

    /// The fault that applies to call `number`.
    pub(crate) fn take(&self, request: &Request, number: u64, now: Time) -> Option<Fault> {
        let mut state = self.state();
        let State { rules, buckets, .. } = &mut *state;
        for rule in rules.iter_mut().filter(|rule| rule.fits(request, now)) {
            if rule.spec.kind == FaultKind::ClockSkew {
                continue;
            }
            if rule.spec.kind == FaultKind::Buckets && buckets.take(request, now) {
                continue;
            }
            if rule.spec.skip > 0 {
                rule.spec.skip -= 1;
                continue;
            }
            let chance = mix_of(self.seed, rule.id);
            let mut random = Random::of(chance, "fault", number);
            if rule.spec.share.is_some_and(|share| !random.chance(share)) {
                continue;
            }
            match &mut rule.spec.times {
                Some(0) => continue,
                Some(times) => *times -= 1,
                None => {}
            }
            return Some(Fault {
                rule: rule.id,
                spec: rule.spec.clone(),
            });
        }
        None
    }

    /// By how much the `Date` of the answer to a call is off.
    pub(crate) fn skew(&self, request: &Request, now: Time) -> Millis {
        let state = self.state();
        let skews = state
            .rules
            .iter()
            .filter(|rule| rule.spec.kind == FaultKind::ClockSkew && rule.fits(request, now));
        #[expect(clippy::cast_possible_truncation, reason = "checked to be at most 1e9")]
        let sum = skews.map(|rule| (rule.spec.seconds.unwrap_or_default() * 1_000.0) as Millis);
        sum.sum()
    }

    /// Waits until a rule is deleted.
    pub(crate) async fn until_deleted(&self, id: u64) {
        let mut changed = self.changed.subscribe();
        loop {
            if self.state().rules.iter().all(|rule| rule.id != id)
                || changed.changed().await.is_err()
            {
                return;
            }
        }
    }
}

fn mix_of(seed: u64, rule: u64) -> u64 {
    crate::random::mix(seed ^ crate::random::mix(rule))
}

impl Fault {
    /// The error that the fault answers `caller`, an ARN, with, in the service's own words.
    pub(crate) fn error(&self, request: &Request, caller: &str) -> Option<ApiError> {
        let service = request.service;
        Some(match self.spec.kind {
            FaultKind::Error | FaultKind::ErrorAfter => {
                let default = if self.spec.code.is_some() && self.spec.kind == FaultKind::Error {
                    400
                } else {
                    500
                };
                let status = self.spec.status.unwrap_or(default);
                match &self.spec.code {
                    None => service.internal(status),
                    Some(code) => {
                        let message = self.spec.message.clone().unwrap_or_default();
                        ApiError::client(code, message).with_status(status)
                    }
                }
            }
            FaultKind::Expired => service.expired(),
            FaultKind::WrongCredentials => service.wrong_credentials(),
            FaultKind::AccessDenied => service.access_denied(&request.action, caller),
            FaultKind::Throttle | FaultKind::Buckets => service.throttled(),
            FaultKind::Stall
            | FaultKind::StallBody
            | FaultKind::SlowBody
            | FaultKind::Truncate
            | FaultKind::Malformed
            | FaultKind::Empty
            | FaultKind::EmptyDocument
            | FaultKind::Flood
            | FaultKind::Html
            | FaultKind::EndlessPages
            | FaultKind::EmptyPages
            | FaultKind::SameToken
            | FaultKind::Reset
            | FaultKind::ResetAfter
            | FaultKind::Latency
            | FaultKind::ClockSkew => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;

    const NOW: Time = Time(1_795_000_000_000);

    fn request(service: Service, action: &str) -> Request {
        Request {
            service,
            protocol: service.protocol(),
            action: action.to_owned(),
            who: "AKIA".to_owned(),
            region: "us-east-1".to_owned(),
            elsewhere: false,
            body: Vec::new(),
        }
    }

    fn hits(rule: Value, calls: u64) -> Vec<bool> {
        let faults = Faults::new(7);
        faults.add(rule, NOW).unwrap();
        (0..calls)
            .map(|number| {
                faults
                    .take(&request(Service::Ecs, "ListTasks"), number, NOW)
                    .is_some()
            })
            .collect()
    }

    #[test]
    fn a_rule_skips_then_applies_so_many_times() {
        let rule = json!({"service": "ecs", "kind": "throttle", "skip": 1, "times": 2});
        assert_eq!(hits(rule, 4), [false, true, true, false]);
        let other = json!({"service": "sqs", "kind": "throttle"});
        assert_eq!(hits(other, 1), [false]);
    }

    #[test]
    fn a_share_of_the_calls_is_drawn_and_drawn_the_same_again() {
        let rule = json!({"kind": "reset", "share": 0.3});
        let first = hits(rule.clone(), 1_000);
        assert_eq!(first, hits(rule, 1_000));
        let count = first.iter().filter(|hit| **hit).count();
        assert!((240..360).contains(&count), "{count}");
    }

    #[test]
    fn a_rule_is_in_force_from_at_for_as_long_as_it_lasts() {
        let faults = Faults::new(7);
        faults
            .add(json!({"kind": "reset", "at": "1m", "lasts": 60}), NOW)
            .unwrap();
        let hit = |after: i64| {
            faults
                .take(&request(Service::Ecs, "ListTasks"), 1, NOW + after * 1_000)
                .is_some()
        };
        assert_eq!(
            [hit(59), hit(60), hit(119), hit(120)],
            [false, true, true, false]
        );
    }

    #[test]
    fn clock_skew_applies_beside_another_fault() {
        let faults = Faults::new(7);
        faults
            .add(json!({"kind": "clock-skew", "seconds": -420}), NOW)
            .unwrap();
        faults.add(json!({"kind": "expired"}), NOW).unwrap();
        let request = request(Service::Ecs, "ListTasks");
        assert_eq!(faults.skew(&request, NOW), -420_000);
        assert_eq!(
            faults.take(&request, 1, NOW).unwrap().spec.kind,
            FaultKind::Expired
        );
    }

    #[test]
    fn an_error_without_a_code_is_the_services_own() {
        let faults = Faults::new(7);
        faults
            .add(json!({"kind": "error", "status": 503}), NOW)
            .unwrap();
        let request = request(Service::Elb, "DescribeTargetHealth");
        let error = faults
            .take(&request, 1, NOW)
            .unwrap()
            .error(&request, "")
            .unwrap();
        assert_eq!(
            (error.code.as_str(), error.status),
            ("ServiceUnavailable", 503)
        );
    }

    #[test]
    fn a_rule_that_makes_no_sense_is_refused() {
        for wrong in [
            json!({"kind": "gremlin"}),
            json!({"kind": "reset", "sevice": "ecs"}),
            json!({"kind": "reset", "service": "esc"}),
            json!({"kind": "latency"}),
            json!({"kind": "reset", "share": 3}),
            json!({"kind": "error", "status": 200}),
            json!({"kind": "html", "status": 100}),
            json!({"kind": "endless-pages", "service": "ecs", "action": "DescribeServices"}),
        ] {
            assert!(Faults::new(7).add(wrong.clone(), NOW).is_err(), "{wrong}");
        }
    }
}
