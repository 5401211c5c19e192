//! Which metrics there are: those of the world, and those that services publish.

use std::collections::BTreeMap;

use super::{Alarm, CloudWatch, Key, Measured, Series, Source, Wave};
use crate::clock::Time;
use crate::ecs::Ecs;
use crate::random::{Random, mix, name_key};
use crate::sqs::{QueueKey, Sqs};
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

impl CloudWatch {
    /// Sets up the metrics of a world, whose services and queues are there. `expand` writes
    /// out dimensions that name a load balancer or target group by its bare name.
    pub(crate) fn furnish_metrics(
        &mut self,
        spec: &WorldSpec,
        (ecs, sqs): (&Ecs, &Sqs),
        expand: &dyn Fn(&mut BTreeMap<String, String>),
    ) {
        self.publish_ecs(spec, ecs);
        self.publish_queues(spec, sqs);
        for metric in &spec.metric {
            let mut key = Key {
                namespace: metric.namespace.clone(),
                name: metric.name.clone(),
                dimensions: metric.dimensions.clone(),
            };
            expand(&mut key.dimensions);
            let series = self.declared(metric, spec, &key, (ecs, sqs));
            self.metrics.series.insert(key, series);
        }
    }

    /// Sets up the alarms of a world. All that their metrics tell of is there.
    pub(crate) fn furnish_alarms(
        &mut self,
        spec: &WorldSpec,
        ecs: &Ecs,
        expand: &dyn Fn(&mut BTreeMap<String, String>),
    ) {
        for alarm in &spec.alarm {
            let mut alarm = Alarm::of(alarm, &self.desk.home);
            expand(&mut alarm.key.dimensions);
            self.add_alarm(alarm);
        }
        let named = spec.event.iter().filter_map(|event| event.alarm.clone());
        let settings = ecs
            .services
            .iter()
            .filter_map(|s| s.settings.alarms.as_ref());
        let watched = settings.flat_map(|alarms| alarms.names.iter().cloned());
        for name in named.chain(watched).collect::<Vec<String>>() {
            self.know_alarm(&name);
        }
    }

    fn declared(
        &self,
        metric: &MetricSpec,
        spec: &WorldSpec,
        key: &Key,
        (ecs, sqs): (&Ecs, &Sqs),
    ) -> Series {
        let epoch = self.desk.epoch;
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
            seed: seed_of(self.desk.seed, key),
            changes,
            noise: metric.noise,
            wave: metric.wave,
            most: if percent { 100.0 } else { f64::MAX },
        };
        let service = metric
            .shared_by
            .as_ref()
            .and_then(|name| ecs.service_named(name.get_ref()));
        let queue = metric
            .depth_of
            .as_ref()
            .and_then(|name| sqs.names.get(name.get_ref()).copied());
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

    /// What ECS publishes of each service of a world: utilisation always, and counts
    /// where the cluster has Container Insights.
    fn publish_ecs(&mut self, spec: &WorldSpec, ecs: &Ecs) {
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
            self.metrics.series.insert(key, series);
        }
        for service in &spec.service {
            let cluster = service.cluster.get_ref().clone();
            let Some(service) = ecs.find_service(&cluster, &service.name) else {
                continue;
            };
            let Some(name) = ecs.service(service).map(|service| service.name.clone()) else {
                continue;
            };
            let dimensions = [
                ("ClusterName", cluster.as_str()),
                ("ServiceName", name.as_str()),
            ];
            for (metric, low, high) in [("CPUUtilization", 12, 48), ("MemoryUtilization", 30, 66)] {
                let key = Key::of("AWS/ECS", metric, dimensions);
                let seed = seed_of(self.desk.seed, &key);
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
                self.metrics.series.insert(key, series);
            }
            if !ecs
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
                self.metrics.series.insert(key, series);
            }
        }
    }

    fn publish_queues(&mut self, spec: &WorldSpec, sqs: &Sqs) {
        for queue in spec.queue.iter().filter(|queue| !queue.outside) {
            let Some(QueueKey(number)) = sqs.names.get(&queue.name).copied() else {
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
                self.metrics.series.insert(key, series);
            }
        }
    }
}
