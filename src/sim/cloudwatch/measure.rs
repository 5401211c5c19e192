//! Measuring: what the state of the other parts was in the minute that is over.

use super::metrics::minute_of;
use super::{CloudWatch, Measured, Source};
use crate::clock::{SECOND, Time};
use crate::ecs::Ecs;
use crate::ecs::target::TargetState;
use crate::sqs::{Queue, QueueKey, Sqs};

/// How many minutes before the start are taken to have been as the first one.
const BEFORE: i64 = 3 * 60;

#[expect(clippy::cast_precision_loss, reason = "counts of tasks and messages")]
fn count(of: usize) -> f64 {
    of as f64
}

/// What is measured, and when.
struct Seen<'a> {
    ecs: &'a Ecs,
    sqs: &'a Sqs,
    now: Time,
}

impl CloudWatch {
    /// A minute is over: it is measured, and alarms are evaluated.
    pub(crate) fn minute_over(&mut self, ecs: &Ecs, sqs: &Sqs) {
        let now = self.desk.now;
        let minute = minute_of(now - 1);
        let seen = Seen { ecs, sqs, now };
        for one in self.metrics.series.values_mut() {
            let Source::Measured(what, points) = &one.source else {
                continue;
            };
            let first = points.is_empty();
            let Some(value) = seen.measured(what, minute) else {
                continue;
            };
            if first {
                (minute - BEFORE..minute).for_each(|earlier| one.keep(earlier, value));
            }
            one.keep(minute, value);
        }
        self.evaluate_alarms();
    }
}

impl Seen<'_> {
    fn measured(&self, what: &Measured, minute: i64) -> Option<f64> {
        match what {
            Measured::Visible(queue) => self.queue(*queue).map(|q| count(q.visible.len())),
            Measured::InFlight(queue) => self.queue(*queue).map(|q| count(q.in_flight())),
            Measured::Oldest(queue) => self.queue(*queue).map(|q| {
                let sent = q.oldest_visible();
                let age = sent.map_or(0, |sent| (self.now - sent) / SECOND);
                count(usize::try_from(age).unwrap_or_default())
            }),
            Measured::Sent(queue) => self.queue(*queue).map(|q| f64::from(q.sent_last_minute())),
            Measured::Desired(service) => self.ecs.service(*service).map(|s| f64::from(s.desired)),
            Measured::Running(service) => Some(count(self.ecs.running_tasks(*service))),
            Measured::Pending(service) => {
                let service = self.ecs.service(*service)?;
                let tasks = service
                    .live
                    .iter()
                    .filter_map(|key| self.ecs.tasks.get(key));
                Some(count(tasks.filter(|task| task.pending()).count()))
            }
            Measured::Tasks(cluster) => {
                let cluster = self.ecs.clusters.get(cluster)?;
                let tasks = cluster
                    .wanted
                    .values()
                    .filter_map(|key| self.ecs.tasks.get(key));
                Some(count(tasks.filter(|task| task.running()).count()))
            }
            Measured::Published(wave, queue) => {
                wave.at(minute)?;
                self.queue(*queue).map(|q| count(q.visible.len()))
            }
            Measured::Shared(wave, service) => {
                let tasks = count(self.ecs.running_tasks(*service)).max(1.0);
                wave.free(minute)
                    .map(|value| (value / tasks).min(wave.most))
            }
            Measured::HealthyHosts(group) => {
                Some(count(self.ecs.targets_in(group, TargetState::Healthy)))
            }
            Measured::UnhealthyHosts(group) => {
                Some(count(self.ecs.targets_in(group, TargetState::Unhealthy)))
            }
        }
    }

    fn queue(&self, key: QueueKey) -> Option<&Queue> {
        self.sqs.queues.get(key.0)
    }
}
