//! Linear and canary rollouts from their first minute to their last, in every shape that may be configured: as
//! configured they are never called bad, and with a new set that is unhealthy they are within two steps.

use std::collections::BTreeMap;

use proptest::prelude::{
    Just, ProptestConfig, any, prop_assert, prop_assert_eq, prop_compose, prop_oneof, proptest,
};
use proptest::strategy::Strategy as Chosen;

use super::*;
use crate::diagnose::sample::{NOW, ago, deployment, revision, service, service_arn, task};
use crate::diagnose::{Fact, Question};
use crate::domain::{
    DeploymentStatus, Health, ServiceDeployment, ServiceDeploymentStatus as Status, Strategy,
};

/// New tasks run so many seconds after a rollout begins.
const RUNS: i64 = 60;

/// One rollout.
#[derive(Clone, Debug)]
struct Course {
    strategy: Strategy,
    bake: u32,
    grace: u32,
    /// What earlier rollouts took, in seconds.
    earlier: Vec<i64>,
    /// Whether AWS was asked about rollouts.
    asked: bool,
}

impl Course {
    /// Seconds between two steps, and how many there are.
    fn steps(&self) -> (i64, i64) {
        match self.strategy {
            Strategy::Linear {
                step_permille,
                step_bake_minutes,
            } => (
                60 * i64::from(step_bake_minutes),
                i64::from(1_000_u32.div_ceil(step_permille)),
            ),
            Strategy::Canary { bake_minutes, .. } => (60 * i64::from(bake_minutes), 1),
            Strategy::Rolling | Strategy::BlueGreen => (0, 0),
        }
    }

    fn whole(&self) -> i64 {
        let (step, steps) = self.steps();
        RUNS + step * steps + 60 * i64::from(self.bake)
    }

    /// The weight of the new set so long after the tasks run.
    fn weight(&self, after: i64) -> f64 {
        let (step, _) = self.steps();
        let done = u32::try_from(after.max(0) / step.max(1)).unwrap();
        let permille = match self.strategy {
            Strategy::Linear { step_permille, .. } => step_permille * (done + 1),
            Strategy::Canary { permille, .. } if done == 0 => permille,
            _ => 1_000,
        };
        f64::from(permille.min(1_000)) / 10.0
    }

    fn rollout(&self, began: i64) -> ServiceDeployment {
        let runs = began - RUNS;
        ServiceDeployment {
            arn: Arn::new("arn:aws:ecs:us-east-1:123456789012:service-deployment/prod/web/now"),
            service: service_arn("web"),
            status: Status::InProgress,
            status_reason: None,
            created: Some(ago(began)),
            started: Some(ago(began)),
            finished: None,
            stopped: None,
            sources: Vec::new(),
            target: None,
            stage: Some(Clean::new(if runs < 0 {
                "SCALE_UP"
            } else if began < self.whole() - 60 * i64::from(self.bake) {
                "PRODUCTION_TRAFFIC_SHIFT"
            } else {
                "BAKE_TIME"
            })),
            strategy: Some(Clean::new(self.strategy.word())),
            bake_minutes: Some(self.bake),
            target_weight: Some(if runs < 0 { 0.0 } else { self.weight(runs) }),
            hooks: Vec::new(),
            rollback: None,
            breaker: None,
            alarms: None,
        }
    }

    fn history(&self, began: i64) -> RolloutHistory {
        let mut deployments = vec![self.rollout(began)];
        deployments.extend(self.earlier.iter().enumerate().map(|(number, took)| {
            let end = began + 86_400 * (i64::try_from(number).unwrap() + 1);
            ServiceDeployment {
                status: Status::Successful,
                created: Some(ago(end + took)),
                started: Some(ago(end + took)),
                finished: Some(ago(end)),
                stage: None,
                target_weight: None,
                ..self.rollout(began)
            }
        }));
        RolloutHistory {
            deployments,
            revisions: BTreeMap::new(),
        }
    }

    /// What is said so long after the rollout began.
    fn said(&self, began: i64, health: Health) -> Diagnosis {
        let mut web = service("web");
        web.settings.strategy = self.strategy;
        web.settings.bake_minutes = Some(self.bake);
        web.grace_seconds = Some(self.grace);
        let mut new = deployment("ecs-svc/2", "web:2");
        (new.created, new.updated) = (Some(ago(began)), Some(ago(began)));
        new.rollout = Some(Rollout::InProgress);
        new.running = if began < RUNS { 0 } else { 2 };
        new.pending = 2 - new.running;
        web.deployments[0].status = DeploymentStatus::Active;
        web.deployments[0].created = Some(ago(began + 86_400));
        web.deployments.insert(0, new);
        web.running = 2 + if began < RUNS { 0 } else { 2 };
        let mut tasks = vec![task("web", "old1"), task("web", "old2")];
        for old in &mut tasks {
            (old.created, old.started) = (Some(ago(began + 86_300)), Some(ago(began + 86_200)));
        }
        for id in ["new1", "new2"] {
            let mut one = task("web", id);
            (one.definition, one.started_by) = (revision("web:2"), Some(Clean::new("ecs-svc/2")));
            one.created = Some(ago(began));
            one.started = (began >= RUNS).then(|| ago(began - RUNS));
            one.status = if began < RUNS {
                crate::domain::TaskStatus::Pending
            } else {
                crate::domain::TaskStatus::Running
            };
            one.health = if began < RUNS {
                Health::Unknown
            } else {
                health
            };
            for container in &mut one.containers {
                container.health = one.health;
            }
            tasks.push(one);
        }
        let mut facts = Facts::default();
        let now = Time::from_second(NOW).unwrap();
        if self.asked {
            let fact = Fact::Rollouts(self.history(began));
            facts.put(Question::rollouts(&web), now, Ok(fact));
        }
        let tasks: Vec<&Task> = tasks.iter().collect();
        diagnose_service(ServiceSnapshot {
            service: &web,
            tasks: &tasks,
            facts: &facts,
            definitions: &BTreeMap::new(),
            local: &LocalFacts::default(),
            now,
        })
    }
}

fn linear(step_permille: u32, step_bake_minutes: u32) -> Strategy {
    Strategy::Linear {
        step_permille,
        step_bake_minutes,
    }
}

fn canary(permille: u32, bake_minutes: u32) -> Strategy {
    Strategy::Canary {
        permille,
        bake_minutes,
    }
}

fn strategies() -> impl Chosen<Value = Strategy> {
    prop_oneof![
        Just(linear(100, 6)),
        Just(canary(50, 30)),
        (30_u32..=1_000, 1_u32..=30).prop_map(|(step, bake)| linear(step, bake)),
        (1_u32..=500, 1_u32..=60).prop_map(|(part, bake)| canary(part, bake)),
    ]
}

prop_compose! {
    fn courses()(
        strategy in strategies(),
        bake in 0_u32..=30,
        grace in 0_u32..=300,
        earlier in proptest::collection::vec(30_i64..7_200, 0..4),
        asked in any::<bool>(),
    ) -> Course {
        Course { strategy, bake, grace, earlier, asked }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn traffic_that_moves_as_it_was_configured_is_never_stuck(course in courses()) {
        let whole = course.whole();
        for minute in 0..=whole / 60 {
            let found = course.said(minute * 60, Health::Healthy);
            prop_assert!(
                found.verdict == Verdict::Progressing,
                "minute {minute} of {}: {}: {}",
                whole / 60,
                found.verdict.word(),
                found.summary
            );
        }
    }

    #[test]
    fn a_new_set_that_is_unhealthy_is_stuck_within_two_steps(course in courses()) {
        let (step, _) = course.steps();
        let two = RUNS + i64::from(course.grace) + 2 * step.max(120);
        let found = course.said(two, Health::Unhealthy);
        prop_assert_eq!(found.verdict, Verdict::Stuck, "{}", found.summary);
        prop_assert_eq!(found.causes[0].id.as_str(), "container-unhealthy");
        // It may still come: a task has just started.
        let young = course.said(RUNS + 5, Health::Unhealthy);
        prop_assert_eq!(young.verdict, Verdict::Progressing, "{}", young.summary);
    }
}

#[test]
fn an_hour_of_ten_steps_and_a_canary_of_half_an_hour_are_never_stuck_whatever_came_before() {
    for (strategy, minutes) in [(linear(100, 6), 60), (canary(50, 30), 30)] {
        for earlier in [vec![], vec![180, 200, 170]] {
            let course = Course {
                strategy,
                bake: 0,
                grace: 60,
                earlier,
                asked: true,
            };
            assert_eq!(course.whole(), RUNS + 60 * minutes);
            for at in (0..=course.whole()).step_by(15) {
                let found = course.said(at, Health::Healthy);
                assert_eq!(
                    found.verdict,
                    Verdict::Progressing,
                    "{at} s: {}",
                    found.summary
                );
            }
        }
    }
}
