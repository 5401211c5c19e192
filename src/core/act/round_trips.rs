//! Five hundred writes there and back: count, revision and what scales a service are as before,
//! and what somebody changed meanwhile is never overwritten.

use proptest::prelude::*;

use super::sample::{decider, done};
use super::{
    ActError, Comeback, Intent, Request, Revision, Seen, SuspendedState, WayBack, drain, rollback,
    scale, undo,
};
use crate::diagnose::sample;
use crate::domain::{Identity, ScalableTarget, Service, Suspended};
use crate::text::Clean;

/// What AWS has of a service.
#[derive(Clone, Debug, PartialEq)]
struct State {
    service: Service,
    target: Option<ScalableTarget>,
}

impl State {
    /// Does what the requests say.
    fn apply(&mut self, intent: &Intent) {
        for step in &intent.steps {
            match &step.request {
                Request::UpdateService(update) => {
                    if let Some(count) = update.desired_count {
                        self.service.desired = count;
                    }
                    if let Some(Revision::Known(revision)) = &update.task_definition {
                        self.service.task_definition = revision.clone();
                    }
                }
                Request::RegisterScalableTarget(register) => {
                    let target = self.target.as_mut().unwrap();
                    target.min = register.min_capacity.unwrap_or(target.min);
                    target.max = register.max_capacity.unwrap_or(target.max);
                    if let Some(held) = register.suspended_state {
                        target.suspended = suspended(held);
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }

    /// What a guard sees.
    fn seen(&self) -> Seen {
        let mut seen = Seen::default();
        let service = &self.service;
        seen.services
            .insert(service.arn.clone(), Some(service.clone()));
        seen.scaling.insert(service.arn.clone(), self.target);
        for number in 1..=5 {
            let name = format!("web:{number}");
            let definition = sample::definition(&name, "web");
            let arn = definition.arn.clone();
            seen.definitions.insert(arn, Some(definition));
        }
        seen
    }
}

fn suspended(held: SuspendedState) -> Suspended {
    Suspended {
        scale_in: held.dynamic_scaling_in_suspended,
        scale_out: held.dynamic_scaling_out_suspended,
        scheduled: held.scheduled_scaling_suspended,
    }
}

#[derive(Clone, Debug)]
enum Write {
    Scale(u32),
    Rollback(u32),
    Drain,
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        (0..=20_u32).prop_map(Write::Scale),
        (1..=5_u32).prop_map(Write::Rollback),
        Just(Write::Drain),
    ]
}

fn target() -> impl Strategy<Value = Option<ScalableTarget>> {
    let held = (any::<bool>(), any::<bool>(), any::<bool>());
    let target = (0..=3_u32, 4..=20_u32, held).prop_map(|(min, max, held)| ScalableTarget {
        min,
        max,
        suspended: Suspended {
            scale_in: held.0,
            scale_out: held.1,
            scheduled: held.2,
        },
    });
    proptest::option::of(target)
}

fn propose(state: &State, write: &Write) -> Result<Intent, ActError> {
    let service = &state.service;
    match write {
        Write::Scale(count) => scale(decider(), service, &count.to_string()),
        Write::Drain => drain(decider(), service, state.target.as_ref()),
        Write::Rollback(number) => {
            let to = sample::revision(&format!("web:{number}"));
            if to == service.task_definition {
                return Err(ActError::Already(Clean::literal("there already")));
            }
            let way = WayBack::Update {
                to,
                revision: None,
                note: None,
            };
            rollback(decider(), service, &way, &Comeback::default())
        }
    }
}

fn identity() -> Identity {
    decider().identity.clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_was_done_comes_back(
        count in 0..=20_u32,
        number in 1..=5_u32,
        target in target(),
        write in write(),
        meddles in any::<bool>(),
    ) {
        let mut service = sample::service("web");
        service.desired = count;
        service.task_definition = sample::revision(&format!("web:{number}"));
        let before = State { service, target };
        let Ok(there) = propose(&before, &write) else {
            // It is so already: there is nothing to take back.
            return Ok(());
        };
        prop_assert_eq!(there.guard.check(&identity(), &before.seen()), Ok(()));
        let mut state = before.clone();
        state.apply(&there);
        prop_assert_ne!(&state, &before);
        let back = undo(decider(), &done(&there)).unwrap();
        if meddles {
            // Somebody changes what the write had set.
            match write {
                Write::Scale(_) | Write::Drain => state.service.desired += 1,
                Write::Rollback(_) => state.service.task_definition = sample::revision("web:6"),
            }
            prop_assert!(back.guard.check(&identity(), &state.seen()).is_err());
        } else {
            prop_assert_eq!(back.guard.check(&identity(), &state.seen()), Ok(()));
            state.apply(&back);
            prop_assert_eq!(state, before);
        }
    }
}
