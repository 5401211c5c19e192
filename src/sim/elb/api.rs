//! The actions of Elastic Load Balancing v2 (awsQuery in, XML out).

use serde_json::{Value, json};

use super::Balancer;
use crate::clock::HOUR;
use crate::ec2::VPC;
use crate::ecs::Task;
use crate::ecs::target::{Target, TargetState};
use crate::engine::Engine;
use crate::engine::random::{Random, name_key};
use crate::engine::signals::TargetGroup;
use crate::wire::{Action, Answer, ApiError, Args, page};

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        name: "DescribeLoadBalancers",
        members: &["LoadBalancerArns", "Names", "Marker", "PageSize"],
        run: describe_load_balancers,
    },
    Action {
        name: "DescribeTargetGroups",
        members: &[
            "LoadBalancerArn",
            "TargetGroupArns",
            "Names",
            "Marker",
            "PageSize",
        ],
        run: describe_target_groups,
    },
    Action {
        name: "DescribeTargetHealth",
        members: &["TargetGroupArn", "Targets", "Include"],
        run: describe_target_health,
    },
];

fn cut(args: &Args, items: impl Iterator<Item = (String, Value)>, member: &str) -> Answer {
    let size = args.spelled("PageSize")?.unwrap_or(400);
    if !(1..=400).contains(&size) {
        return Err(ApiError::client(
            "ValidationError",
            format!(
                "1 validation error detected: Value '{size}' at 'pageSize' failed to satisfy constraint: Member must have value less than or equal to 400"
            ),
        ));
    }
    let after = page::begin(args.text("Marker")?)
        .map_err(|_| ApiError::client("ValidationError", "Invalid marker"))?;
    let rest = items.filter(|(key, _)| *key > after);
    let cut = page::cut(rest, usize::try_from(size).unwrap_or_default());
    let mut answer = json!({ "NextMarker": cut.next });
    if let Some(answer) = answer.as_object_mut() {
        answer.insert(member.to_owned(), Value::Array(cut.items));
    }
    Ok(answer)
}

fn no_balancer() -> ApiError {
    ApiError::client(
        "LoadBalancerNotFound",
        "One or more load balancers not found",
    )
}

fn no_group() -> ApiError {
    ApiError::client("TargetGroupNotFound", "One or more target groups not found")
}

fn describe_load_balancers(engine: &mut Engine, args: &Args) -> Answer {
    let (arns, names) = (args.texts("LoadBalancerArns")?, args.texts("Names")?);
    let all = &engine.neighbours.balancers;
    let missing = arns.iter().any(|arn| all.iter().all(|b| b.arn != *arn))
        || names
            .iter()
            .any(|name| all.iter().all(|b| b.spec.name != *name));
    if missing {
        return Err(no_balancer());
    }
    let mut shown: Vec<(String, Value)> = all
        .iter()
        .filter(|balancer| {
            (arns.is_empty() && names.is_empty())
                || arns.contains(&balancer.arn.as_str())
                || names.contains(&balancer.spec.name.as_str())
        })
        .map(|balancer| (balancer.arn.clone(), show_balancer(engine, balancer)))
        .collect();
    shown.sort_by(|a, b| a.0.cmp(&b.0));
    cut(args, shown.into_iter(), "LoadBalancers")
}

fn show_balancer(engine: &Engine, balancer: &Balancer) -> Value {
    let spec = &balancer.spec;
    let region = &engine.home.region;
    let number = Random::of(0, "dns", name_key(&spec.name)).digits(10);
    let internal = if spec.internal { "internal-" } else { "" };
    let zones: Vec<Value> = spec
        .subnets
        .iter()
        .zip('a'..='f')
        .map(|(subnet, letter)| json!({ "ZoneName": format!("{region}{letter}"), "SubnetId": subnet }))
        .collect();
    json!({
        "LoadBalancerArn": balancer.arn,
        "DNSName": format!("{internal}{}-{number}.{region}.elb.amazonaws.com", spec.name),
        "CanonicalHostedZoneId": "Z35SXDOTRQ7X7K",
        "CreatedTime": (engine.neighbours.epoch.day() - 100 * 24 * HOUR).rfc3339(),
        "LoadBalancerName": spec.name,
        "Scheme": if spec.internal { "internal" } else { "internet-facing" },
        "VpcId": VPC,
        "State": { "Code": "active" },
        "Type": "application",
        "AvailabilityZones": zones,
        "SecurityGroups": spec.security_groups,
        "IpAddressType": "ipv4",
    })
}

fn describe_target_groups(engine: &mut Engine, args: &Args) -> Answer {
    let balancer = args.text("LoadBalancerArn")?;
    let (arns, names) = (args.texts("TargetGroupArns")?, args.texts("Names")?);
    let groups = &engine.signals.groups;
    if balancer.is_some_and(|arn| engine.neighbours.balancers.iter().all(|b| b.arn != arn)) {
        return Err(no_balancer());
    }
    let missing = arns
        .iter()
        .any(|arn| groups.values().all(|group| group.arn != *arn))
        || names.iter().any(|name| !groups.contains_key(*name));
    if missing {
        return Err(no_group());
    }
    let mut shown: Vec<(String, Value)> = groups
        .values()
        .filter(|group| {
            let named = (arns.is_empty() && names.is_empty())
                || arns.contains(&group.arn.as_str())
                || names.contains(&group.spec.name.as_str());
            let own = engine
                .balancer_of(group)
                .map(|balancer| balancer.arn.as_str());
            named && balancer.is_none_or(|arn| own == Some(arn))
        })
        .map(|group| (group.arn.clone(), show_group(engine, group)))
        .collect();
    shown.sort_by(|a, b| a.0.cmp(&b.0));
    cut(args, shown.into_iter(), "TargetGroups")
}

fn show_group(engine: &Engine, group: &TargetGroup) -> Value {
    let spec = &group.spec;
    let balancer = engine.balancer_of(group).map(|balancer| &balancer.arn);
    json!({
        "TargetGroupArn": group.arn,
        "TargetGroupName": spec.name,
        "Protocol": spec.protocol,
        "Port": spec.port,
        "VpcId": VPC,
        "HealthCheckProtocol": spec.protocol,
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": true,
        "HealthCheckIntervalSeconds": spec.interval,
        "HealthCheckTimeoutSeconds": spec.timeout,
        "HealthyThresholdCount": spec.healthy_threshold,
        "UnhealthyThresholdCount": spec.unhealthy_threshold,
        "HealthCheckPath": spec.path,
        "Matcher": { "HttpCode": spec.matcher },
        "LoadBalancerArns": balancer.into_iter().collect::<Vec<_>>(),
        "TargetType": "ip",
        "ProtocolVersion": "HTTP1",
        "IpAddressType": "ipv4",
    })
}

/// `Reason` and `Description` of a target's health.
fn why(target: &Target, group: &TargetGroup) -> Option<(&'static str, String)> {
    match target.state {
        TargetState::Healthy => None,
        TargetState::Initial => {
            let words = "Initial health checks in progress".to_owned();
            Some(("Elb.InitialHealthChecking", words))
        }
        TargetState::Draining => {
            let words = "Target deregistration is in progress".to_owned();
            Some(("Target.DeregistrationInProgress", words))
        }
        TargetState::Unhealthy => {
            let fault = target.fault.as_ref().or(group.spec.fault.as_ref());
            let words = fault.map_or("Request timed out", String::as_str);
            let reason = if words.contains("these codes") {
                "Target.ResponseCodeMismatch"
            } else if words.contains("timed out") {
                "Target.Timeout"
            } else if words.contains("not enabled") {
                "Target.NotInUse"
            } else {
                "Target.FailedHealthChecks"
            };
            Some((reason, words.to_owned()))
        }
    }
}

fn show_target(group: &TargetGroup, task: &Task, target: &Target) -> Value {
    let (reason, words) = why(target, group).unzip();
    json!({
        "Target": {
            "Id": task.interface.address,
            "Port": target.port,
            "AvailabilityZone": task.zone,
        },
        "HealthCheckPort": target.port.to_string(),
        "TargetHealth": {
            "State": target.state.name(),
            "Reason": reason,
            "Description": words,
        },
    })
}

fn describe_target_health(engine: &mut Engine, args: &Args) -> Answer {
    let arn = args.text("TargetGroupArn")?.unwrap_or_default();
    let group = engine
        .signals
        .groups
        .values()
        .find(|group| group.arn == arn);
    let group = group.ok_or_else(no_group)?;
    let mut wanted = Vec::new();
    for target in args.structures("Targets")? {
        wanted.push(target.text("Id")?.unwrap_or_default().to_owned());
    }
    let asked = !wanted.is_empty();
    let mut shown = Vec::new();
    for (task, target) in engine.targets_of(&group.spec.name) {
        if !asked || wanted.contains(&task.interface.address) {
            wanted.retain(|address| *address != task.interface.address);
            shown.push(show_target(group, task, target));
        }
    }
    for address in wanted {
        shown.push(json!({
            "Target": { "Id": address, "Port": group.spec.port },
            "TargetHealth": {
                "State": "unused",
                "Reason": "Target.NotRegistered",
                "Description": "Target is not registered to the target group",
            },
        }));
    }
    Ok(json!({ "TargetHealthDescriptions": shown }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;
    use crate::trial::{Trial, web};

    fn trial(further: &str) -> Trial {
        let service = "load_balancers = [{ target_group = 'web-tg', container = 'app', port = 8080 }]\n\
                       created = '-2m'\ngrace = '10m'\n";
        Trial::new(&web(
            2,
            &format!(
                "{service}[[target_group]]\nname = 'web-tg'\nload_balancer = 'front'\nport = 8080\n\
                 interval = 10\n{further}\n"
            ),
        ))
    }

    fn health(trial: &mut Trial) -> Vec<[String; 3]> {
        let groups = trial
            .ask(Service::Elb, "DescribeTargetGroups", json!({}))
            .unwrap();
        let input = json!({ "TargetGroupArn": groups["TargetGroups"][0]["TargetGroupArn"] });
        let answer = trial
            .ask(Service::Elb, "DescribeTargetHealth", input)
            .unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let targets = answer["TargetHealthDescriptions"].as_array().unwrap();
        targets
            .iter()
            .map(|target| {
                let health = &target["TargetHealth"];
                [
                    text(&health["State"]),
                    text(&health["Reason"]),
                    text(&health["Description"]),
                ]
            })
            .collect()
    }

    #[test]
    fn a_target_that_fails_is_unhealthy_and_says_why() {
        let words = "Health checks failed with these codes: [503]";
        let mut trial = trial(&format!(
            "[[event]]\nat = '1m'\ndo = 'target-health'\ntarget_group = 'web-tg'\nfault = '{words}'\n"
        ));
        assert!(
            health(&mut trial)
                .iter()
                .all(|[state, ..]| state == "healthy")
        );
        trial.pass(85);
        let unhealthy = ["unhealthy", "Target.ResponseCodeMismatch", words].map(str::to_owned);
        assert_eq!(health(&mut trial), vec![unhealthy; 2]);
    }

    #[test]
    fn the_old_drain_and_the_new_are_initial_while_a_deployment_goes_on() {
        let mut trial = trial("");
        trial.deploy(2);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..60 {
            trial.pass(5);
            seen.extend(health(&mut trial).into_iter().map(|[state, ..]| state));
        }
        for state in ["initial", "healthy", "draining"] {
            assert!(seen.contains(state), "{state}: {seen:?}");
        }
    }

    #[test]
    fn a_load_balancer_that_a_group_names_is_there_and_publishes_its_hosts() {
        let mut trial = trial("requests = 120.0");
        let answer = trial
            .ask(Service::Elb, "DescribeLoadBalancers", json!({}))
            .unwrap();
        assert_eq!(answer["LoadBalancers"][0]["LoadBalancerName"], "front");
        let input = json!({ "MetricName": "HealthyHostCount" });
        let metrics = trial
            .ask(Service::CloudWatch, "ListMetrics", input)
            .unwrap();
        let dimensions = &metrics["Metrics"][0]["Dimensions"];
        assert!(
            dimensions[0]["Value"]
                .as_str()
                .unwrap()
                .starts_with("app/front/")
        );
        assert!(
            dimensions[1]["Value"]
                .as_str()
                .unwrap()
                .starts_with("targetgroup/web-tg/")
        );
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let mut trial = trial("");
        let input = json!({ "TargetGroupArn": "arn:aws:elasticloadbalancing:x" });
        let error = trial
            .ask(Service::Elb, "DescribeTargetHealth", input)
            .unwrap_err();
        assert_eq!(error.code, "TargetGroupNotFound");
        let error = trial.ask(
            Service::Elb,
            "DescribeLoadBalancers",
            json!({ "Names": ["back"] }),
        );
        assert_eq!(error.unwrap_err().code, "LoadBalancerNotFound");
    }
}
