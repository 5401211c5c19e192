//! What the hosts of a cluster say of a task that cannot be placed: none, silent, full, a port taken, an attribute
//! missing.

use super::{Known, Meaning};
use crate::diagnose::cause::CauseId;
use crate::domain::{ContainerInstance, Task};
use crate::text::Clean;

/// Hosts whose ports are told one by one.
const TOLD: usize = 3;

/// What one task of the revision that is going out needs: CPU units and MiB.
fn needed(known: Known<'_>) -> (u32, u32) {
    let Some(definition) = known.definition() else {
        return (0, 0);
    };
    let containers = definition.containers.iter();
    let cpu = containers.clone().filter_map(|one| one.cpu).sum();
    // What counts is the soft limit where there is one (source: ECS API reference, memoryReservation).
    let memory = containers.filter_map(|one| one.memory_reservation.or(one.memory));
    let memory = memory.sum();
    (
        definition.cpu.unwrap_or(cpu),
        definition.memory.unwrap_or(memory),
    )
}

/// What the hosts of the cluster say of a task that cannot be placed.
pub(super) fn meaning(known: Known<'_>, instances: &[ContainerInstance]) -> Meaning {
    let active: Vec<&ContainerInstance> = instances
        .iter()
        .filter(|instance| instance.status.as_str() == "ACTIVE")
        .collect();
    if active.is_empty() {
        return Meaning {
            supports: Some((
                CauseId::NoContainerInstances,
                0.97,
                "the cluster has no active container instance".to_owned(),
            )),
            rules_out: &[CauseId::InsufficientResources, CauseId::HostPortConflict],
        };
    }
    let silent = active
        .iter()
        .filter(|instance| !instance.agent_connected)
        .count();
    if silent == active.len() {
        return Meaning {
            supports: Some((
                CauseId::AgentDisconnected,
                0.96,
                format!("the agents of all {silent} instances are disconnected"),
            )),
            rules_out: &[CauseId::InsufficientResources],
        };
    }
    let connected: Vec<&ContainerInstance> = active
        .iter()
        .copied()
        .filter(|one| one.agent_connected)
        .collect();
    let full = full(&active, needed(known));
    let supports = full
        .supports
        .or_else(|| ports(known, &connected))
        .or_else(|| attributes(known, &connected));
    Meaning { supports, ..full }
}

/// Whether no host that answers has room for a task.
fn full(active: &[&ContainerInstance], (cpu, memory): (u32, u32)) -> Meaning {
    let there = || active.iter().filter(|one| one.agent_connected);
    let has_room =
        |one: &&&ContainerInstance| one.remaining.cpu >= cpu && one.remaining.memory >= memory;
    let most = there().max_by_key(|one| (one.remaining.memory >= memory, one.remaining.memory));
    let Some(most) = most.filter(|_| (cpu, memory) != (0, 0) && !there().any(|one| has_room(&one)))
    else {
        return Meaning::default();
    };
    let away = active.len() - there().count();
    let away = match away {
        0 => String::new(),
        away => format!("; {away} disconnected not counted"),
    };
    let id = most.ec2_id.as_ref().map_or("the best host", Clean::as_str);
    Meaning {
        supports: Some((
            CauseId::InsufficientResources,
            0.96,
            format!(
                "a task needs {cpu} CPU units and {memory} MiB; {id} has the most room: {} and {} MiB free{away}",
                most.remaining.cpu, most.remaining.memory
            ),
        )),
        rules_out: &[],
    }
}

/// A fixed port that is taken on every host that answers, and by whom.
fn ports(known: Known<'_>, hosts: &[&ContainerInstance]) -> Option<(CauseId, f64, String)> {
    let wanted = known
        .definition()?
        .containers
        .iter()
        .flat_map(|one| &one.host_ports);
    let taken = |port: &&u16| {
        !hosts.is_empty() && hosts.iter().all(|host| host.remaining.ports.contains(port))
    };
    let port = wanted.into_iter().find(taken)?;
    let holders: Vec<String> = hosts
        .iter()
        .take(TOLD)
        .map(|host| {
            let on = host
                .ec2_id
                .as_ref()
                .map_or_else(|| Clean::new(host.arn.name()), Clean::clone);
            match holder(known, host, *port) {
                Some(task) => {
                    let of = known.revision_word(&task.definition);
                    format!("task {} of {of} on {on}", task.short_id())
                }
                None => format!("no task of this service on {on}"),
            }
        })
        .collect();
    Some((
        CauseId::HostPortConflict,
        0.96,
        format!(
            "host port {port} is taken on all {} connected hosts: {}",
            hosts.len(),
            holders.join(", ")
        ),
    ))
}

/// The task of this service that has a port of a host.
fn holder<'a>(known: Known<'a>, host: &ContainerInstance, port: u16) -> Option<&'a Task> {
    let takes = |task: &&Task| {
        let definition = known.definitions.get(&task.definition);
        definition.is_some_and(|one| {
            one.containers
                .iter()
                .any(|container| container.host_ports.contains(&port))
        })
    };
    let on_it = known
        .tasks
        .iter()
        .copied()
        .filter(|task| task.instance.as_ref() == Some(&host.arn) && !task.is_stopped());
    on_it.filter(takes).min_by_key(|task| task.created)
}

/// An attribute that the revision requires and that no host has.
fn attributes(known: Known<'_>, hosts: &[&ContainerInstance]) -> Option<(CauseId, f64, String)> {
    // An agent that tells none of its capabilities lacks them all: that says nothing.
    let tells = |host: &&&ContainerInstance| {
        host.attributes
            .iter()
            .any(|name| name.starts_with("com.amazonaws.ecs.capability"))
    };
    let telling: Vec<&&ContainerInstance> = hosts.iter().filter(tells).collect();
    let lacks = |name: &&Clean| {
        !telling.is_empty() && telling.iter().all(|host| !host.attributes.contains(name))
    };
    let missing: Vec<&str> = known
        .definition()?
        .requires
        .iter()
        .filter(lacks)
        .map(Clean::as_str)
        .collect();
    (!missing.is_empty()).then(|| {
        (
            CauseId::PlacementConstraint,
            0.95,
            format!(
                "no connected host has the attribute {} that the task definition requires",
                missing.join(", ")
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::diagnose::Facts;
    use crate::diagnose::sample::{definition as defined, service, task};
    use crate::domain::TaskDefinition;
    use crate::domain::{Arn, Resources};

    fn host(id: &str, ports: &[u16], attributes: &[&str]) -> ContainerInstance {
        ContainerInstance {
            arn: Arn::new(&format!(
                "arn:aws:ecs:us-east-1:1:container-instance/prod/{id}"
            )),
            ec2_id: Some(Clean::new(&format!("i-{id}"))),
            status: Clean::new("ACTIVE"),
            agent_connected: true,
            running: 1,
            registered: Resources::default(),
            remaining: Resources {
                cpu: 4_096,
                memory: 16_000,
                gpus: 0,
                ports: ports.to_vec(),
            },
            attributes: attributes.iter().map(|name| Clean::new(name)).collect(),
        }
    }

    fn said(
        hosts: &[ContainerInstance],
        change: impl FnOnce(&mut TaskDefinition),
    ) -> Option<(CauseId, String)> {
        let service = service("web");
        let mut revision = defined("web:1", "web");
        change(&mut revision);
        let definitions = BTreeMap::from([(revision.arn.clone(), Arc::new(revision))]);
        let mut old = task("web", "0123456789");
        old.instance = Some(hosts[0].arn.clone());
        let known = Known {
            cluster: &service.cluster,
            name: &service.name,
            tasks: &[&old],
            facts: &Facts::default(),
            definitions: &definitions,
            revision: Some(&service.task_definition),
        };
        meaning(known, hosts)
            .supports
            .map(|(cause, _, text)| (cause, text))
    }

    #[test]
    fn the_port_that_is_taken_is_named_and_who_holds_it() {
        let fixed = |of: &mut TaskDefinition| of.containers[0].host_ports = vec![8080];
        let hosts = [host("a", &[22, 8080], &[]), host("b", &[8080], &[])];
        assert_eq!(
            said(&hosts, fixed).unwrap(),
            (
                CauseId::HostPortConflict,
                "host port 8080 is taken on all 2 connected hosts: task 01234567 of :1 on i-a, no task of this service on i-b"
                    .to_owned()
            )
        );
        assert_eq!(
            said(&[hosts[0].clone(), host("b", &[22], &[])], fixed),
            None
        );
    }

    #[test]
    fn the_attribute_that_no_host_has_is_named() {
        let gpu = "com.amazonaws.ecs.capability.gpu-driver";
        let requires = |of: &mut TaskDefinition| of.requires = vec![Clean::new(gpu)];
        let other = "com.amazonaws.ecs.capability.docker-remote-api.1.19";
        let (cause, text) = said(&[host("a", &[], &[other])], requires).unwrap();
        assert_eq!(cause, CauseId::PlacementConstraint);
        assert!(text.contains(gpu), "{text}");
        assert_eq!(said(&[host("a", &[], &[other, gpu])], requires), None);
        assert_eq!(
            said(&[host("a", &[], &[])], requires),
            None,
            "nothing is told"
        );
    }
}
