//! The actions of EC2 (ec2Query in, XML out).

use super::{instances, interfaces};
use crate::wire::{Action, ApiError, Args};

pub(crate) const ACTIONS: &[Action] = &[
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

/// `DryRun`: the call would have been carried out.
pub(super) fn dry_run(args: &Args) -> Result<(), ApiError> {
    if args.text("DryRun")? == Some("true") {
        return Err(ApiError::client(
            "DryRunOperation",
            "Request would have succeeded, but DryRun flag is set.",
        )
        .with_status(412));
    }
    Ok(())
}

/// A filter: its name, and the values of which one must match. `*` stands for any rest.
pub(super) struct Filter {
    pub(super) name: String,
    values: Vec<String>,
}

impl Filter {
    pub(super) fn all(args: &Args) -> Result<Vec<Self>, ApiError> {
        let mut filters = Vec::new();
        for filter in args.structures("Filter")? {
            filters.push(Filter {
                name: filter.text("Name")?.unwrap_or_default().to_owned(),
                values: filter
                    .texts("Value")?
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            });
        }
        Ok(filters)
    }

    pub(super) fn accepts(&self, value: &str) -> bool {
        self.values
            .iter()
            .any(|wanted| match wanted.strip_suffix('*') {
                Some(head) => value.starts_with(head),
                None => wanted == value,
            })
    }

    pub(super) fn unknown(&self) -> ApiError {
        ApiError::client(
            "InvalidParameterValue",
            format!("The filter '{}' is invalid", self.name),
        )
    }
}
