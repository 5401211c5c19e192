//! Scaling: what the alarms of policies make of desired counts.

use super::AutoScaling;
use super::activity::{Activity, Outcome};
use super::target::{Policy, Target};
use crate::bus::Told;
use crate::clock::{MINUTE, SECOND, Time};
use crate::cloudwatch::CloudWatch;
use crate::ecs::Ecs;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Out,
    In,
}

impl AutoScaling {
    /// Looks at every target: a minute is over, and alarms have been evaluated.
    pub(crate) fn minute_over(&mut self, ecs: &Ecs, watch: &CloudWatch) {
        let mut targets = std::mem::take(&mut self.targets);
        for target in &mut targets {
            self.fulfil(target, ecs);
            self.scale_target(target, ecs, watch);
        }
        self.targets = targets;
    }

    /// Notes that ECS has as many tasks as it was told to.
    fn fulfil(&self, target: &mut Target, ecs: &Ecs) {
        let running = u32::try_from(ecs.running_tasks(target.service)).unwrap_or(u32::MAX);
        let now = self.desk.now;
        for activity in &mut target.activities {
            if let Outcome::Set {
                count,
                fulfilled: fulfilled @ None,
            } = &mut activity.outcome
                && *count == running
            {
                *fulfilled = Some(now);
            }
        }
    }

    fn scale_target(&mut self, target: &mut Target, ecs: &Ecs, watch: &CloudWatch) {
        let Some(service) = ecs.service(target.service).filter(|service| service.active) else {
            return;
        };
        // During a deployment nothing is scaled in; scaling out goes on.
        let deploying = service.deployments.len() > 1;
        let desired = service.desired;
        // Service auto scaling goes by how many tasks run.
        let running = u32::try_from(ecs.running_tasks(target.service)).unwrap_or(u32::MAX);
        let mut wish: Option<(Way, u32, String, String)> = None;
        for policy in &target.policies {
            let high = watch.alarm_fires(&policy.high);
            let low = watch.alarm_fires(&policy.low);
            let Some(value) = self.latest(policy, watch).filter(|_| high || low) else {
                continue;
            };
            let exact = f64::from(running) * value / policy.spec.target.max(f64::MIN_POSITIVE);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "saturates"
            )]
            let count = (exact - 1e-9).ceil().max(0.0) as u32;
            let (way, alarm, count) = if high {
                (Way::Out, &policy.high, count.max(running.saturating_add(1)))
            } else {
                (Way::In, &policy.low, count)
            };
            // The policy that wants the most tasks wins; scaling in needs all of them.
            if wish.as_ref().is_none_or(|(_, most, _, _)| count > *most) {
                wish = Some((way, count, alarm.clone(), policy.spec.name.clone()));
            }
        }
        let Some((way, wanted, alarm, policy)) = wish else {
            return;
        };
        let all_low = target
            .policies
            .iter()
            .all(|policy| policy.spec.disable_scale_in || watch.alarm_fires(&policy.low));
        let cause = format!("monitor alarm {alarm} in state ALARM triggered policy {policy}");
        match way {
            Way::Out if target.suspended.scale_out || !self.cooled(target, Way::Out) => {}
            Way::In if target.suspended.scale_in || deploying || !all_low => {}
            Way::In if !self.cooled(target, Way::In) => {}
            Way::Out if desired >= target.max => self.refused(target, cause, desired),
            Way::Out => {
                let count = wanted.clamp(target.min, target.max).max(desired);
                self.set_count(target, way, count, desired, cause);
            }
            Way::In => {
                let count = wanted.max(target.min).min(target.max).min(desired);
                self.set_count(target, way, count, desired, cause);
            }
        }
    }

    fn latest(&self, policy: &Policy, watch: &CloudWatch) -> Option<f64> {
        let range = (self.desk.now - 3 * MINUTE, self.desk.now);
        let values = watch
            .metrics
            .values(&policy.key, &policy.statistic, 60, range, self.desk.now);
        values.last().map(|(_, value)| *value)
    }

    /// Whether the last activity is long enough ago.
    fn cooled(&self, target: &Target, way: Way) -> bool {
        let policy = target.policies.iter().map(|policy| &policy.spec);
        let (seconds, last) = match way {
            Way::Out => (policy.map(|p| p.out_cooldown).max(), target.last_out),
            Way::In => (
                policy.map(|p| p.in_cooldown).max(),
                target.last_in.max(target.last_out),
            ),
        };
        let cooldown = i64::from(seconds.unwrap_or_default()) * SECOND;
        last.is_none_or(|last| self.desk.now - last >= cooldown)
    }

    fn set_count(
        &mut self,
        target: &mut Target,
        way: Way,
        count: u32,
        desired: u32,
        cause: String,
    ) {
        if count == desired {
            return;
        }
        let service = target.service;
        self.desk.tell(Told::DesiredCount { service, count });
        match way {
            Way::Out => target.last_out = Some(self.desk.now),
            Way::In => target.last_in = Some(self.desk.now),
        }
        self.record(
            target,
            cause,
            Outcome::Set {
                count,
                fulfilled: None,
            },
        );
    }

    /// Tells, once an alarm, that the count is at its most already.
    fn refused(&mut self, target: &mut Target, cause: String, current: u32) {
        let told = |activity: &Activity| !activity.scaled() && activity.cause == cause;
        let recent = |at: Time| self.desk.now - at < 15 * MINUTE;
        if target
            .activities
            .front()
            .is_some_and(|last| told(last) && recent(last.at))
        {
            return;
        }
        self.record(
            target,
            cause,
            Outcome::AtMost {
                max: target.max,
                current,
            },
        );
    }

    fn record(&mut self, target: &mut Target, cause: String, outcome: Outcome) {
        self.activities += 1;
        let id = self.desk.random("activity", self.activities).uuid();
        target.remember(Activity {
            id,
            at: self.desk.now,
            cause,
            outcome,
        });
    }
}
