//! The scalable targets of a world, with the alarms that their policies make.

use std::collections::{BTreeMap, VecDeque};

use super::AutoScaling;
use super::target::{Policy, Suspended, Target};
use crate::clock::{HOUR, Time};
use crate::cloudwatch::{Alarm, CloudWatch, Key, Statistic};
use crate::ecs::{Ecs, ServiceKey};
use crate::elb::Elb;
use crate::random::{Random, name_key};
use crate::world::{
    AlarmSpec, Comparison, MetricName, Missing, ScalableTargetSpec, ScalingPolicySpec, WorldSpec,
};

/// How far below its target a metric must be for scaling in, as AWS sets the alarm.
const IN_BELOW: f64 = 0.9;

impl AutoScaling {
    /// Sets up the scalable targets of a world, whose services and metrics are there.
    pub(crate) fn furnish(
        &mut self,
        spec: &WorldSpec,
        (ecs, elb): (&Ecs, &Elb),
        watch: &mut CloudWatch,
    ) {
        for target in &spec.scalable_target {
            let Some(service) = ecs.service_named(target.service.get_ref()) else {
                continue;
            };
            let created = self.desk.epoch.day() - 30 * 24 * HOUR;
            self.add_target(ecs, service, (target.min, target.max), created);
            let suspended = target.suspended;
            if let Some(fresh) = self.targets.last_mut() {
                fresh.suspended = Suspended {
                    scale_in: suspended,
                    scale_out: suspended,
                    scheduled: suspended,
                };
            }
            self.add_policies(service, target, (ecs, elb), watch);
        }
    }

    /// Registers a service as a scalable target.
    pub(super) fn add_target(
        &mut self,
        ecs: &Ecs,
        service: ServiceKey,
        (min, max): (u32, u32),
        created: Time,
    ) {
        let Some(resource) = ecs
            .service(service)
            .map(|service| format!("service/{}/{}", service.cluster, service.name))
        else {
            return;
        };
        let id = Random::of(self.desk.seed, "scalable target", name_key(&resource)).hex(28);
        self.targets.push(Target {
            service,
            arn: self.desk.home.arn(
                "application-autoscaling",
                &format!("scalable-target/0ec5{id}"),
            ),
            resource,
            min,
            max,
            suspended: Suspended::default(),
            created,
            policies: Vec::new(),
            activities: VecDeque::new(),
            last_out: None,
            last_in: None,
        });
    }

    fn add_policies(
        &mut self,
        service: ServiceKey,
        target: &ScalableTargetSpec,
        (ecs, elb): (&Ecs, &Elb),
        watch: &mut CloudWatch,
    ) {
        let Some((cluster, name)) = ecs
            .service(service)
            .map(|service| (service.cluster.clone(), service.name.clone()))
        else {
            return;
        };
        for spec in &target.policy {
            let Some(metric) = tracked(spec, (&cluster, &name), (ecs, elb)) else {
                continue;
            };
            let resource = format!("service/{cluster}/{name}");
            let mut random = self
                .desk
                .random("policy", name_key(&format!("{resource}/{}", spec.name)));
            let arn = self.desk.home.arn(
                "autoscaling",
                &format!(
                    "scalingPolicy:{}:resource/ecs/{resource}:policyName/{}",
                    random.uuid(),
                    spec.name
                ),
            );
            let high = format!("TargetTracking-{resource}-AlarmHigh-{}", random.uuid());
            let low = format!("TargetTracking-{resource}-AlarmLow-{}", random.uuid());
            let alarm = |name: &str, comparison, threshold: f64, periods| AlarmSpec {
                name: name.to_owned(),
                description: Some(format!(
                    "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {arn}."
                )),
                metric: metric.clone(),
                statistic: spec.statistic.clone(),
                period: 60,
                periods,
                datapoints: None,
                comparison,
                threshold,
                missing: Missing::Unknown,
                actions: vec![arn.clone()],
            };
            // Three minutes above for scaling out, fifteen below for scaling in.
            watch.add_alarm(Alarm::of(
                &alarm(&high, Comparison::Above, spec.target, 3),
                &self.desk.home,
            ));
            if !spec.disable_scale_in {
                let below = alarm(&low, Comparison::Below, spec.target * IN_BELOW, 15);
                watch.add_alarm(Alarm::of(&below, &self.desk.home));
            }
            let key = Key::from(&metric);
            let policy = Policy {
                label: elb.resource_label(ecs, &key),
                key,
                statistic: Statistic::parse(&spec.statistic).unwrap_or(Statistic::Average),
                spec: spec.clone(),
                arn,
                high,
                low,
            };
            if let Some(target) = self.targets.last_mut() {
                target.policies.push(policy);
            }
        }
    }
}

/// The metric that a policy tracks.
fn tracked(
    spec: &ScalingPolicySpec,
    (cluster, service): (&str, &str),
    (ecs, elb): (&Ecs, &Elb),
) -> Option<MetricName> {
    let of = |namespace: &str, name: &str, dimensions: BTreeMap<String, String>| MetricName {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        dimensions,
    };
    let dimensions = || {
        BTreeMap::from([
            ("ClusterName".to_owned(), cluster.to_owned()),
            ("ServiceName".to_owned(), service.to_owned()),
        ])
    };
    match spec.predefined.as_deref() {
        Some("ECSServiceAverageCPUUtilization") => {
            Some(of("AWS/ECS", "CPUUtilization", dimensions()))
        }
        Some("ECSServiceAverageMemoryUtilization") => {
            Some(of("AWS/ECS", "MemoryUtilization", dimensions()))
        }
        Some("ALBRequestCountPerTarget") => {
            let group = elb.group_of(ecs, cluster, service)?;
            let dimension = group.arn.rsplit(':').next().unwrap_or_default().to_owned();
            let dimensions = BTreeMap::from([("TargetGroup".to_owned(), dimension)]);
            Some(of(
                "AWS/ApplicationELB",
                "RequestCountPerTarget",
                dimensions,
            ))
        }
        _ => {
            let mut metric = spec.metric.clone()?;
            elb.expand_dimensions(ecs, &mut metric.dimensions);
            Some(metric)
        }
    }
}
