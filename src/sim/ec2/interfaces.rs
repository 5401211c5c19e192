//! DescribeNetworkInterfaces: those of tasks, where a public address is told.

use serde_json::{Value, json};

use super::Ec2;
use super::addresses::{VPC, public_address};
use super::filter::{Filter, dry_run};
use crate::ecs::Ecs;
use crate::ecs::Task;
use crate::ecs::task::Status;
use crate::wire::{Answer, ApiError, Args, page};

/// Whether a task has its interface: from its attachment until it has stopped.
fn attached(task: &Task) -> bool {
    task.status > Status::Provisioning && task.status < Status::Stopped
}

fn passes(filter: &Filter, task: &Task) -> Result<bool, ApiError> {
    let interface = &task.interface;
    Ok(match filter.name.as_str() {
        "network-interface-id" => filter.accepts(&interface.id),
        "addresses.private-ip-address" | "private-ip-address" => filter.accepts(&interface.address),
        "association.public-ip" => {
            interface.public && filter.accepts(&public_address(&interface.id))
        }
        "subnet-id" => filter.accepts(&interface.subnet),
        "group-id" => interface
            .security_groups
            .iter()
            .any(|group| filter.accepts(group)),
        "vpc-id" => filter.accepts(VPC),
        "status" => filter.accepts("in-use"),
        "description" => filter.accepts(&description(task)),
        _ => return Err(filter.unknown()),
    })
}

fn description(task: &Task) -> String {
    let arn = task.arn.split(":task/").next().unwrap_or_default();
    format!("{arn}:attachment/{}", task.interface.attachment)
}

fn show(ec2: &Ec2, task: &Task) -> Value {
    let interface = &task.interface;
    let public = interface.public.then(|| public_address(&interface.id));
    let association = public.map(|ip| {
        json!({
            "ipOwnerId": "amazon",
            "publicDnsName": format!("ec2-{}.compute-1.amazonaws.com", ip.replace('.', "-")),
            "publicIp": ip,
        })
    });
    let groups: Vec<Value> = interface
        .security_groups
        .iter()
        .map(|group| json!({ "groupId": group, "groupName": group.replacen("sg-", "group-", 1) }))
        .collect();
    json!({
        "networkInterfaceId": interface.id,
        "subnetId": interface.subnet,
        "vpcId": VPC,
        "availabilityZone": task.zone,
        "description": description(task),
        "ownerId": ec2.desk.home.account,
        "requesterId": "578734482556",
        "requesterManaged": true,
        "status": "in-use",
        "macAddress": interface.mac,
        "privateIpAddress": interface.address,
        "sourceDestCheck": true,
        "interfaceType": "interface",
        "groupSet": groups,
        "association": association.clone(),
        "attachment": {
            "attachmentId": format!("ela-attach-0{}", interface.id.get(5..21).unwrap_or_default()),
            "deleteOnTermination": false,
            "deviceIndex": 1,
            "instanceOwnerId": "578734482556",
            "status": "attached",
        },
        "privateIpAddressesSet": [{
            "privateIpAddress": interface.address,
            "primary": true,
            "association": association,
        }],
    })
}

pub(super) fn describe_network_interfaces(ec2: &mut Ec2, ecs: &Ecs, args: &Args) -> Answer {
    dry_run(args)?;
    let ids = args.texts("NetworkInterfaceId")?;
    let filters = Filter::all(args)?;
    let after = page::begin(args.text("NextToken")?)
        .map_err(|_| ApiError::client("InvalidNextToken", "The token is invalid"))?;
    let size = usize::try_from(args.spelled("MaxResults")?.unwrap_or(1_000)).unwrap_or(1_000);
    let mut found: Vec<(String, &Task)> = ecs
        .tasks
        .values()
        .filter(|task| attached(task))
        .map(|task| (task.interface.id.clone(), task))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    for id in &ids {
        if found
            .binary_search_by(|(known, _)| known.as_str().cmp(id))
            .is_err()
        {
            return Err(ApiError::client(
                "InvalidNetworkInterfaceID.NotFound",
                format!("The networkInterface ID '{id}' does not exist"),
            ));
        }
    }
    let mut kept = Vec::new();
    for (id, task) in found {
        let mut keep = id > after && (ids.is_empty() || ids.contains(&id.as_str()));
        for filter in &filters {
            keep = passes(filter, task)? && keep;
        }
        if keep {
            kept.push((id, task));
        }
    }
    let cut = page::cut(kept.into_iter(), size);
    let shown: Vec<Value> = cut.items.iter().map(|task| show(ec2, task)).collect();
    Ok(json!({ "networkInterfaceSet": shown, "nextToken": cut.next }))
}
