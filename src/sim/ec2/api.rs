//! The actions of EC2 (ec2Query in, XML out).

use super::{Ec2, instances, interfaces};
use crate::ecs::Ecs;
use crate::wire::{Action, RunBeside};

pub(crate) const ACTIONS: &[Action<RunBeside<Ec2, Ecs>>] = &[
    Action {
        name: "DescribeInstances",
        members: &["InstanceId", "DryRun", "Filter", "NextToken", "MaxResults"],
        run: instances::describe_instances,
    },
    Action {
        name: "DescribeInstanceStatus",
        members: &[
            "InstanceId",
            "MaxResults",
            "NextToken",
            "DryRun",
            "Filter",
            "IncludeAllInstances",
        ],
        run: instances::describe_instance_status,
    },
    Action {
        name: "StartInstances",
        members: &["InstanceId", "AdditionalInfo", "DryRun"],
        run: instances::start_instances,
    },
    Action {
        name: "StopInstances",
        members: &[
            "InstanceId",
            "Hibernate",
            "DryRun",
            "Force",
            "SkipOsShutdown",
        ],
        run: instances::stop_instances,
    },
    Action {
        name: "DescribeNetworkInterfaces",
        members: &[
            "NextToken",
            "MaxResults",
            "DryRun",
            "NetworkInterfaceId",
            "Filter",
            "IncludeManagedResources",
        ],
        run: interfaces::describe_network_interfaces,
    },
];
