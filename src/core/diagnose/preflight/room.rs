//! Whether there is a host for one task more, where the tasks run on hosts of the cluster; and what of the network nobody here
//! can see.
//!
//! What an old task gives back counts where ECS may stop it first.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Finding, Planned};
use crate::diagnose::deciding::{Known, room};
use crate::diagnose::service::may_stop_first;
use crate::diagnose::{Facts, Question};
use crate::domain::{ContainerInstance, Scheduling, Service, Task};
use crate::text::Clean;

/// The service, where its tasks run on hosts of the cluster and are placed one by one.
fn on_hosts<'a>(planned: Planned<'a>) -> Option<&'a Service> {
    planned.service.filter(|service| {
        service.launch.as_str() == "EC2" && service.scheduling == Scheduling::Replica
    })
}

pub(super) fn questions(planned: Planned<'_>) -> Vec<Question> {
    on_hosts(planned)
        .map(|_| Question::Instances(planned.cluster.clone()))
        .into_iter()
        .collect()
}

/// What would have to be asked of EC2.
pub(super) fn not_visible(planned: Planned<'_>) -> Vec<Clean> {
    let awsvpc = planned.definition.network_mode.as_deref() == Some("awsvpc");
    awsvpc
        .then(|| Clean::literal("free addresses in the subnets, and routes (EC2 is not asked)"))
        .into_iter()
        .collect()
}

pub(super) fn finding(planned: Planned<'_>, hosts: &[ContainerInstance]) -> Option<Finding> {
    let service = on_hosts(planned)?;
    // A service at zero places nothing.
    if service.desired == 0 {
        return None;
    }
    let given_back: Vec<ContainerInstance>;
    let hosts = if may_stop_first(service) {
        given_back = hosts
            .iter()
            .map(|host| without_one(planned, host))
            .collect();
        &given_back
    } else {
        hosts
    };
    let revision = &planned.definition.arn;
    let definitions = BTreeMap::from([(revision.clone(), Arc::new(planned.definition.clone()))]);
    let known = Known {
        cluster: planned.cluster,
        name: &service.name,
        tasks: planned.tasks,
        facts: &Facts::default(),
        definitions: &definitions,
        revision: Some(revision),
    };
    let (cause, text) = room(known, hosts)?;
    Some(Finding::will(cause, text))
}

/// A host as it is once the greatest old task on it has been stopped. All fixed ports are free then that the revision wants:
/// whether an old task holds them or another service's is told by the tasks that run there.
fn without_one(planned: Planned<'_>, host: &ContainerInstance) -> ContainerInstance {
    let own = |task: &&&Task| task.instance.as_ref() == Some(&host.arn) && !task.is_stopped();
    let tasks: Vec<&Task> = planned.tasks.iter().filter(own).copied().collect();
    let mut host = host.clone();
    let Some(most) = tasks.iter().max_by_key(|task| task.memory) else {
        return host;
    };
    host.remaining.cpu += most.cpu.unwrap_or_default();
    host.remaining.memory += most.memory.unwrap_or_default();
    let containers = planned.definition.containers.iter();
    let wanted: Vec<u16> = containers.flat_map(|one| one.host_ports.clone()).collect();
    host.remaining.ports.retain(|port| !wanted.contains(port));
    host
}
