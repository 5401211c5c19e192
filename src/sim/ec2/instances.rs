//! DescribeInstances, DescribeInstanceStatus, StartInstances, StopInstances.

use serde_json::{Value, json};

use super::Ec2;
use super::addresses::{VPC, public_address};
use super::filter::{Filter, dry_run};
use super::instance::{Instance, State};
use crate::clock::{MINUTE, Time};
use crate::ecs::Ecs;
use crate::random::{Random, name_key};
use crate::wire::{Answer, ApiError, Args, page};

/// How long status checks take after a launch.
const CHECKS_TAKE: i64 = 2 * MINUTE;

fn no_instance(id: &str) -> ApiError {
    ApiError::client(
        "InvalidInstanceID.NotFound",
        format!("The instance ID '{id}' does not exist"),
    )
}

/// The numbers of the instances that a call names; all when it names none.
fn named(ec2: &Ec2, args: &Args) -> Result<Vec<usize>, ApiError> {
    let all = &ec2.instances;
    let ids = args.texts("InstanceId")?;
    if ids.is_empty() {
        return Ok((0..all.len()).collect());
    }
    ids.into_iter()
        .map(|id| {
            if !id.starts_with("i-") {
                return Err(ApiError::client(
                    "InvalidInstanceID.Malformed",
                    format!("Invalid id: \"{id}\""),
                ));
            }
            let found = all.iter().position(|instance| instance.spec.id == id);
            found.ok_or_else(|| no_instance(id))
        })
        .collect()
}

fn state(state: State) -> Value {
    json!({ "code": state.code(), "name": state.name() })
}

fn zone(ec2: &Ec2) -> String {
    format!("{}a", ec2.desk.home.region)
}

fn tags(instance: &Instance) -> Vec<(String, String)> {
    let name = instance
        .spec
        .name
        .iter()
        .map(|name| ("Name".to_owned(), name.clone()));
    let further = instance
        .spec
        .tags
        .iter()
        .map(|(key, value)| (key.clone(), value.clone()));
    name.chain(further).collect()
}

fn passes(filter: &Filter, instance: &Instance) -> Result<bool, ApiError> {
    Ok(match filter.name.as_str() {
        "instance-id" => filter.accepts(&instance.spec.id),
        "instance-type" => filter.accepts(&instance.spec.kind),
        "instance-state-name" => filter.accepts(instance.state.name()),
        name => {
            let key = name.strip_prefix("tag:").ok_or_else(|| filter.unknown())?;
            tags(instance)
                .iter()
                .any(|(tag, value)| tag == key && filter.accepts(value))
        }
    })
}

fn show(ec2: &Ec2, instance: &Instance) -> Value {
    let spec = &instance.spec;
    let mut random = Random::of(0, "instance", name_key(&spec.id));
    let private = format!("10.0.{}.{}", random.between(1, 9), random.between(10, 250));
    let up = matches!(
        instance.state,
        State::Running | State::Pending | State::Stopping
    );
    let public = (up && spec.public_ip).then(|| public_address(&spec.id));
    let tags: Vec<Value> = tags(instance)
        .into_iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect();
    let stopped = instance.stopped.map(|at| {
        let when = at.rfc3339().replace('T', " ");
        format!(
            "User initiated ({} GMT)",
            when.get(..19).unwrap_or_default()
        )
    });
    json!({
        "instanceId": spec.id,
        "imageId": "ami-0f1ee70000000000a",
        "instanceState": state(instance.state),
        "privateDnsName": format!("ip-{}.ec2.internal", private.replace('.', "-")),
        "dnsName": public.as_ref().map_or(String::new(), |ip| format!("ec2-{}.compute-1.amazonaws.com", ip.replace('.', "-"))),
        "reason": stopped.clone().unwrap_or_default(),
        "amiLaunchIndex": 0,
        "instanceType": spec.kind,
        "launchTime": instance.launched.rfc3339(),
        "placement": { "availabilityZone": zone(ec2), "tenancy": "default" },
        "monitoring": { "state": "disabled" },
        "subnetId": spec.subnet.as_deref().unwrap_or("subnet-0f1ee7000000000a1"),
        "vpcId": VPC,
        "privateIpAddress": private,
        "ipAddress": public,
        "stateReason": stopped.map(|_| json!({
            "code": "Client.UserInitiatedShutdown",
            "message": "Client.UserInitiatedShutdown: User initiated shutdown",
        })),
        "architecture": "x86_64",
        "rootDeviceType": "ebs",
        "rootDeviceName": "/dev/xvda",
        "virtualizationType": "hvm",
        "hypervisor": "xen",
        "tagSet": tags,
    })
}

pub(super) fn describe_instances(ec2: &mut Ec2, _: &Ecs, args: &Args) -> Answer {
    dry_run(args)?;
    let filters = Filter::all(args)?;
    let mut numbers = named(ec2, args)?;
    numbers.sort_by_key(|number| ec2.instances.get(*number).map(|i| &i.spec.id));
    let after = page::begin(args.text("NextToken")?)
        .map_err(|_| ApiError::client("InvalidNextToken", "The token is invalid"))?;
    let size = usize::try_from(args.spelled("MaxResults")?.unwrap_or(1_000)).unwrap_or(1_000);
    let mut shown = Vec::new();
    for instance in numbers
        .iter()
        .filter_map(|number| ec2.instances.get(*number))
    {
        let mut keep = instance.spec.id > after;
        for filter in &filters {
            keep = passes(filter, instance)? && keep;
        }
        if keep {
            shown.push((instance.spec.id.clone(), instance));
        }
    }
    let cut = page::cut(shown.into_iter(), size);
    let reservations: Vec<Value> = cut
        .items
        .into_iter()
        .map(|instance| {
            let mut random = Random::of(0, "reservation", name_key(&instance.spec.id));
            json!({
                "reservationId": format!("r-0{}", random.hex(16)),
                "ownerId": ec2.desk.home.account,
                "instancesSet": [show(ec2, instance)],
            })
        })
        .collect();
    Ok(json!({ "reservationSet": reservations, "nextToken": cut.next }))
}

fn checks(instance: &Instance, now: Time) -> &'static str {
    match instance.state {
        State::Running if now - instance.launched < CHECKS_TAKE => "initializing",
        State::Running if instance.spec.passes_checks => "ok",
        State::Running => "impaired",
        _ => "not-applicable",
    }
}

pub(super) fn describe_instance_status(ec2: &mut Ec2, _: &Ecs, args: &Args) -> Answer {
    dry_run(args)?;
    let all = args.text("IncludeAllInstances")? == Some("true");
    let filters = Filter::all(args)?;
    let mut shown = Vec::new();
    for number in named(ec2, args)? {
        let Some(instance) = ec2.instances.get(number) else {
            continue;
        };
        // Only running instances are shown, unless all are asked for.
        let mut keep = all || instance.state == State::Running;
        for filter in &filters {
            keep = passes(filter, instance)? && keep;
        }
        if !keep {
            continue;
        }
        let instance_checks = checks(instance, ec2.desk.now);
        // An instance that fails its checks is unreachable; the host beneath is well.
        let system = if instance_checks == "impaired" {
            "ok"
        } else {
            instance_checks
        };
        let summary = |status: &str| {
            let check = match status {
                "ok" => "passed",
                "impaired" => "failed",
                other => other,
            };
            let details = json!([{ "name": "reachability", "status": check }]);
            if status == "not-applicable" {
                json!({ "status": status })
            } else {
                json!({ "status": status, "details": details })
            }
        };
        shown.push(json!({
            "instanceId": instance.spec.id,
            "availabilityZone": zone(ec2),
            "instanceState": state(instance.state),
            "systemStatus": summary(system),
            "instanceStatus": summary(instance_checks),
        }));
    }
    Ok(json!({ "instanceStatusSet": shown }))
}

fn switch(ec2: &mut Ec2, args: &Args, on: bool) -> Answer {
    if args.texts("InstanceId")?.is_empty() {
        return Err(ApiError::client(
            "MissingParameter",
            "The request must contain the parameter InstanceId",
        ));
    }
    let numbers = named(ec2, args)?;
    dry_run(args)?;
    let stopping = numbers
        .iter()
        .filter_map(|number| ec2.instances.get(*number));
    if let Some(busy) = stopping.clone().find(|i| on && i.state == State::Stopping) {
        return Err(ApiError::client(
            "IncorrectInstanceState",
            format!(
                "The instance '{}' is not in a state from which it can be started.",
                busy.spec.id
            ),
        ));
    }
    let mut shown = Vec::new();
    for number in numbers {
        let before = ec2.switch_instance(number, on);
        let instance = ec2.instances.get(number);
        if let (Some(before), Some(instance)) = (before, instance) {
            shown.push(json!({
                "instanceId": instance.spec.id,
                "currentState": state(instance.state),
                "previousState": state(before),
            }));
        }
    }
    Ok(json!({ "instancesSet": shown }))
}

pub(super) fn start_instances(ec2: &mut Ec2, _: &Ecs, args: &Args) -> Answer {
    switch(ec2, args, true)
}

pub(super) fn stop_instances(ec2: &mut Ec2, _: &Ecs, args: &Args) -> Answer {
    switch(ec2, args, false)
}
