//! The load balancers of a world, and what they publish of their target groups.

use super::part::dimension;
use super::{Balancer, Elb};
use crate::clock::Time;
use crate::cloudwatch::{CloudWatch, Key, Measured, Series, Source, Wave};
use crate::ecs::Ecs;
use crate::random::name_key;
use crate::world::{LoadBalancerSpec, MetricKind, WorldSpec};

impl Elb {
    /// Sets up load balancers: those that are described, and those that target groups name.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec, ecs: &Ecs, watch: &mut CloudWatch) {
        for balancer in &spec.load_balancer {
            self.add_balancer(balancer.clone());
        }
        for name in spec
            .target_group
            .iter()
            .filter_map(|group| group.load_balancer.as_ref())
        {
            if self
                .balancers
                .iter()
                .all(|balancer| balancer.spec.name != *name)
            {
                self.add_balancer(LoadBalancerSpec::named(name));
            }
        }
        for group in &spec.target_group {
            self.publish_group(&group.name, group.requests, ecs, watch);
        }
    }

    fn add_balancer(&mut self, spec: LoadBalancerSpec) {
        let id = self
            .desk
            .random("load balancer", name_key(&spec.name))
            .hex(16);
        let resource = format!("loadbalancer/app/{}/{id}", spec.name);
        let arn = self.desk.home.arn("elasticloadbalancing", &resource);
        self.balancers.push(Balancer { spec, arn });
    }

    fn publish_group(&self, name: &str, requests: f64, ecs: &Ecs, watch: &mut CloudWatch) {
        let Some(group) = ecs.signals.groups.get(name) else {
            return;
        };
        let Some(balancer) = self.balancer_of(group) else {
            return;
        };
        let (target, balancer) = (
            dimension(&group.arn).to_owned(),
            dimension(&balancer.arn).to_owned(),
        );
        let service = ecs.service_behind(name).map(|service| service.key);
        let seed = self.desk.seed ^ name_key(&target);
        let both = [
            ("TargetGroup", target.as_str()),
            ("LoadBalancer", balancer.as_str()),
        ];
        let alone = [("LoadBalancer", balancer.as_str())];
        let mut add = |name: &str, dimensions: &[(&str, &str)], series: Series| {
            let mut key = Key::of("AWS/ApplicationELB", name, []);
            let owned = dimensions
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
            key.dimensions.extend(owned);
            watch.metrics.series.insert(key, series);
        };
        for (metric, what) in [
            ("HealthyHostCount", Measured::HealthyHosts(name.to_owned())),
            (
                "UnHealthyHostCount",
                Measured::UnhealthyHosts(name.to_owned()),
            ),
        ] {
            add(
                metric,
                &both,
                Series::measured(MetricKind::Level, "Count", what),
            );
        }
        if requests <= 0.0 {
            return;
        }
        let wave = |mean: f64, salt: u64, wave: f64| Wave {
            seed: seed ^ salt,
            changes: vec![(Time(i64::MIN), Some(mean))],
            noise: 0.2,
            wave,
            most: f64::MAX,
        };
        let computed = |kind, unit: &str, wave: Wave| Series {
            kind,
            unit: unit.to_owned(),
            spread: 5.0,
            source: Source::Computed(wave),
        };
        // Requests by outcome: almost all succeed, some are the client's fault.
        for (metric, share, salt) in [
            ("RequestCount", 1.0, 1),
            ("HTTPCode_Target_2XX_Count", 0.97, 1),
            ("HTTPCode_Target_4XX_Count", 0.029, 2),
            ("HTTPCode_Target_5XX_Count", 0.001, 3),
            ("NewConnectionCount", 0.3, 4),
            ("ActiveConnectionCount", 0.5, 5),
        ] {
            for dimensions in [&both[..], &alone[..]] {
                let wave = wave(requests * share, salt, 0.4);
                add(
                    metric,
                    dimensions,
                    computed(MetricKind::Count, "Count", wave),
                );
            }
        }
        for dimensions in [&both[..], &alone[..]] {
            let took = computed(MetricKind::Spread, "Seconds", wave(0.12, 6, 0.2));
            add("TargetResponseTime", dimensions, took);
        }
        if let Some(service) = service {
            let what = Measured::Shared(wave(requests, 1, 0.4), service);
            let series = Series::measured(MetricKind::Level, "Count", what);
            add("RequestCountPerTarget", &both[..1], series);
        }
    }
}
