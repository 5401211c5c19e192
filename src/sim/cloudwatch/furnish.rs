//! Which metrics there are: those of the world, and those that services publish.

use super::{Alarm, Key, Measured, Series, Source, Wave};
use crate::clock::{HOUR, Time};
use crate::ecs::ServiceKey;
use crate::engine::Engine;
use crate::engine::random::{Random, mix, name_key};
use crate::sqs::QueueKey;
use crate::world::{EventKind, MetricKind, MetricSpec, WorldSpec};

/// Before any time that is asked for.
const EVER: Time = Time(i64::MIN);

fn seed_of(seed: u64, key: &Key) -> u64 {
    let names = key.dimensions.values().map(|value| name_key(value));
    names.fold(
        seed ^ name_key(&key.namespace) ^ name_key(&key.name),
        |sum, name| mix(sum ^ name),
    )
}

impl Engine {
    /// Sets up the metrics and alarms of a world, whose services and queues are there.
    pub(crate) fn furnish_metrics(&mut self, spec: &WorldSpec, epoch: Time) {
        self.publish_ecs(spec);
        self.publish_queues(spec);
        for metric in &spec.metric {
            let mut key = Key {
                namespace: metric.namespace.clone(),
                name: metric.name.clone(),
                dimensions: metric.dimensions.clone(),
            };
            self.expand_dimensions(&mut key.dimensions);
            let series = self.declared(metric, spec, epoch, &key);
            self.neighbours.cloudwatch.series.insert(key, series);
        }
    }

    /// Sets up the alarms of a world. All that their metrics tell of is there.
    pub(crate) fn furnish_alarms(&mut self, spec: &WorldSpec) {
        for alarm in &spec.alarm {
            let mut alarm = Alarm::of(alarm, &self.home);
            self.expand_dimensions(&mut alarm.key.dimensions);
            self.add_alarm(alarm);
        }
        let named = spec.event.iter().filter_map(|event| event.alarm.clone());
        let settings = self
            .ecs
            .services
            .iter()
            .filter_map(|s| s.settings.alarms.as_ref());
        let watched = settings.flat_map(|alarms| alarms.names.iter().cloned());
        for name in named.chain(watched).collect::<Vec<String>>() {
            self.know_alarm(&name);
        }
    }

    fn declared(&self, metric: &MetricSpec, spec: &WorldSpec, epoch: Time, key: &Key) -> Series {
        let mut changes = vec![(EVER, metric.exists.then_some(metric.value))];
        let told = |event: &&crate::world::EventSpec| {
            event.kind == EventKind::Metric
                && event
                    .metric
                    .as_ref()
                    .is_some_and(|name| *name.get_ref() == metric.name)
        };
        for event in spec.event.iter().filter(told) {
            let value = event.exists.then(|| event.value.unwrap_or(metric.value));
            changes.push((epoch + event.at.0, value));
        }
        changes.sort_by_key(|(since, _)| *since);
        let percent = metric.unit.as_deref() == Some("Percent");
        let wave = Wave {
            seed: seed_of(self.seed, key),
            changes,
            noise: metric.noise,
            wave: metric.wave,
            most: if percent { 100.0 } else { f64::MAX },
        };
        let service = metric
            .shared_by
            .as_ref()
            .and_then(|name| self.service_named(name.get_ref()));
        let queue = metric
            .depth_of
            .as_ref()
            .and_then(|name| self.sqs.names.get(name.get_ref()).copied());
        let source = match (service, queue) {
            (Some(service), _) => {
                Source::Measured(Measured::Shared(wave, service), Default::default())
            }
            // The wave only tells whether somebody publishes the depth.
            (None, Some(queue)) => {
                Source::Measured(Measured::Published(wave, queue), Default::default())
            }
            (None, None) => Source::Computed(wave),
        };
        let unit = metric.unit.clone().unwrap_or_else(|| {
            if metric.kind == MetricKind::Spread {
                "Seconds"
            } else {
                "Count"
            }
            .to_owned()
        });
        Series {
            kind: metric.kind,
            unit,
            spread: metric.spread.max(1.0),
            source,
        }
    }

    pub(crate) fn service_named(&self, name: &str) -> Option<ServiceKey> {
        self.ecs
            .services
            .iter()
            .find(|service| service.name == name)
            .map(|service| service.key)
    }

    /// What ECS publishes of each service of a world: utilisation always, and counts
    /// where the cluster has Container Insights.
    fn publish_ecs(&mut self, spec: &WorldSpec) {
        for cluster in spec
            .cluster
            .iter()
            .filter(|cluster| cluster.container_insights)
        {
            let name = cluster.name.as_str();
            let key = Key::of(
                "ECS/ContainerInsights",
                "TaskCount",
                [("ClusterName", name)],
            );
            let what = Measured::Tasks(name.to_owned());
            let series = Series::measured(MetricKind::Level, "Count", what);
            self.neighbours.cloudwatch.series.insert(key, series);
        }
        for service in &spec.service {
            let cluster = service.cluster.get_ref().clone();
            let Some(service) = self.ecs.find_service(&cluster, &service.name) else {
                continue;
            };
            let Some(name) = self
                .ecs
                .service(service)
                .map(|service| service.name.clone())
            else {
                continue;
            };
            let dimensions = [
                ("ClusterName", cluster.as_str()),
                ("ServiceName", name.as_str()),
            ];
            for (metric, low, high) in [("CPUUtilization", 12, 48), ("MemoryUtilization", 30, 66)] {
                let key = Key::of("AWS/ECS", metric, dimensions);
                let seed = seed_of(self.seed, &key);
                #[expect(clippy::cast_precision_loss, reason = "a percentage")]
                let mean = Random::of(seed, "mean", 0).between(low, high) as f64;
                let wave = Wave {
                    seed,
                    changes: vec![(EVER, Some(mean))],
                    noise: 0.15,
                    wave: if metric == "CPUUtilization" {
                        0.25
                    } else {
                        0.03
                    },
                    most: 100.0,
                };
                let series = Series {
                    kind: MetricKind::Level,
                    unit: "Percent".to_owned(),
                    spread: 1.0,
                    source: Source::Computed(wave),
                };
                self.neighbours.cloudwatch.series.insert(key, series);
            }
            if !self
                .ecs
                .clusters
                .get(&cluster)
                .is_some_and(|c| c.container_insights)
            {
                continue;
            }
            for (metric, what) in [
                ("DesiredTaskCount", Measured::Desired(service)),
                ("RunningTaskCount", Measured::Running(service)),
                ("PendingTaskCount", Measured::Pending(service)),
            ] {
                let key = Key::of("ECS/ContainerInsights", metric, dimensions);
                let series = Series::measured(MetricKind::Level, "Count", what);
                self.neighbours.cloudwatch.series.insert(key, series);
            }
        }
    }

    fn publish_queues(&mut self, spec: &WorldSpec) {
        for queue in spec.queue.iter().filter(|queue| !queue.outside) {
            let Some(QueueKey(number)) = self.sqs.names.get(&queue.name).copied() else {
                continue;
            };
            let of = QueueKey(number);
            for (metric, kind, unit, what) in [
                (
                    "ApproximateNumberOfMessagesVisible",
                    MetricKind::Level,
                    "Count",
                    Measured::Visible(of),
                ),
                (
                    "ApproximateNumberOfMessagesNotVisible",
                    MetricKind::Level,
                    "Count",
                    Measured::InFlight(of),
                ),
                (
                    "ApproximateAgeOfOldestMessage",
                    MetricKind::Level,
                    "Seconds",
                    Measured::Oldest(of),
                ),
                (
                    "NumberOfMessagesSent",
                    MetricKind::Count,
                    "Count",
                    Measured::Sent(of),
                ),
            ] {
                let key = Key::of("AWS/SQS", metric, [("QueueName", queue.name.as_str())]);
                let series = Series::measured(kind, unit, what);
                self.neighbours.cloudwatch.series.insert(key, series);
            }
        }
    }

    /// Takes an alarm in, in the state that it has had for long.
    pub(crate) fn add_alarm(&mut self, mut alarm: Alarm) {
        let since = self.neighbours.epoch - 3 * 24 * HOUR;
        alarm.settle(&self.neighbours.cloudwatch, self.now, since);
        self.set_alarm(&alarm.spec.name, alarm.state, &alarm.reason);
        let alarms = &mut self.neighbours.cloudwatch.alarms;
        alarms.insert(alarm.spec.name.clone(), alarm);
    }
}
