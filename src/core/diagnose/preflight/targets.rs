//! Whether the tasks can be registered with the load balancer: the target group is there, something sends to it, and its type
//! and port are those of the tasks.

use super::{Finding, Planned};
use crate::diagnose::Question;
use crate::diagnose::cause::CauseId;
use crate::domain::{LoadBalancer, TargetGroup};

fn balancers(planned: Planned<'_>) -> impl Iterator<Item = &LoadBalancer> {
    let service = planned.service.into_iter();
    service.flat_map(|service| &service.load_balancers)
}

pub(super) fn questions(planned: Planned<'_>) -> Vec<Question> {
    let groups = balancers(planned).filter_map(|balancer| balancer.target_group.clone());
    groups.map(Question::TargetGroup).collect()
}

pub(super) fn finding(planned: Planned<'_>, group: Option<&TargetGroup>) -> Option<Finding> {
    let will = |text: String| Some(Finding::will(CauseId::TargetGroupMisconfigured, text));
    let Some(group) = group else {
        return will("the target group does not exist".to_owned());
    };
    let name = crate::text::Clean::new(group.arn.resource().split('/').nth(1).unwrap_or_default());
    if group.load_balancers.is_empty() {
        return will(format!("no load balancer sends to target group {name}"));
    }
    // Source: ECS developer guide, "Load balancer": awsvpc needs targets by address, the other modes by instance.
    let mode = planned
        .definition
        .network_mode
        .as_deref()
        .unwrap_or("bridge");
    let wanted = if mode == "awsvpc" { "ip" } else { "instance" };
    if !group.target_type.is_empty() && group.target_type.as_str() != wanted {
        return will(format!(
            "target group {name} takes targets of type {}, and tasks of network mode {mode} are of type {wanted}",
            group.target_type
        ));
    }
    None
}

/// What the service gives the load balancer and the revision does not have.
pub(super) fn unmapped(planned: Planned<'_>) -> Vec<Finding> {
    let missing = |balancer: &LoadBalancer| {
        let containers = &planned.definition.containers;
        let own = containers
            .iter()
            .find(|container| container.name == balancer.container);
        let Some(own) = own else {
            return Some(format!(
                "the load balancer sends to container {}, which the revision does not have",
                balancer.container
            ));
        };
        let port = balancer.port.filter(|port| !own.ports.contains(port))?;
        Some(format!(
            "the load balancer sends to port {port} of container {}, which maps no such port",
            balancer.container
        ))
    };
    balancers(planned)
        .filter_map(missing)
        .map(|text| Finding::will(CauseId::TargetGroupMisconfigured, text))
        .collect()
}
