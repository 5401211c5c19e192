//! The actions of Elastic Load Balancing v2 (awsQuery in, XML out).

use serde_json::{Value, json};

use super::{Balancer, Elb};
use crate::clock::HOUR;
use crate::ec2::VPC;
use crate::ecs::Ecs;
use crate::ecs::Task;
use crate::ecs::signals::TargetGroup;
use crate::ecs::target::{Target, TargetState};
use crate::random::{Random, name_key};
use crate::wire::{Action, Answer, ApiError, Args, RunBeside, page};

pub(crate) const ACTIONS: &[Action<RunBeside<Elb, Ecs>>] = &[
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

fn describe_load_balancers(elb: &mut Elb, _: &Ecs, args: &Args) -> Answer {
    let (arns, names) = (args.texts("LoadBalancerArns")?, args.texts("Names")?);
    let all = &elb.balancers;
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
        .map(|balancer| (balancer.arn.clone(), show_balancer(elb, balancer)))
        .collect();
    shown.sort_by(|a, b| a.0.cmp(&b.0));
    cut(args, shown.into_iter(), "LoadBalancers")
}

fn show_balancer(elb: &Elb, balancer: &Balancer) -> Value {
    let spec = &balancer.spec;
    let region = &elb.desk.home.region;
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
        "CreatedTime": (elb.desk.epoch.day() - 100 * 24 * HOUR).rfc3339(),
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

fn describe_target_groups(elb: &mut Elb, ecs: &Ecs, args: &Args) -> Answer {
    let balancer = args.text("LoadBalancerArn")?;
    let (arns, names) = (args.texts("TargetGroupArns")?, args.texts("Names")?);
    let groups = &ecs.signals.groups;
    if balancer.is_some_and(|arn| elb.balancers.iter().all(|b| b.arn != arn)) {
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
            let own = elb.balancer_of(group).map(|balancer| balancer.arn.as_str());
            named && balancer.is_none_or(|arn| own == Some(arn))
        })
        .map(|group| (group.arn.clone(), show_group(elb, group)))
        .collect();
    shown.sort_by(|a, b| a.0.cmp(&b.0));
    cut(args, shown.into_iter(), "TargetGroups")
}

fn show_group(elb: &Elb, group: &TargetGroup) -> Value {
    let spec = &group.spec;
    let balancer = elb.balancer_of(group).map(|balancer| &balancer.arn);
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

fn describe_target_health(_: &mut Elb, ecs: &Ecs, args: &Args) -> Answer {
    let arn = args.text("TargetGroupArn")?.unwrap_or_default();
    let group = ecs.signals.groups.values().find(|group| group.arn == arn);
    let group = group.ok_or_else(no_group)?;
    let mut wanted = Vec::new();
    for target in args.structures("Targets")? {
        wanted.push(target.text("Id")?.unwrap_or_default().to_owned());
    }
    let asked = !wanted.is_empty();
    let mut shown = Vec::new();
    for (task, target) in ecs.targets_of(&group.spec.name) {
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
