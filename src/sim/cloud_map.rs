//! Cloud Map: names under which the tasks of services are registered.
//!
//! Invariant: an instance is a task that runs now, or one that the world calls stale.

use serde_json::{Map, Value, json};

use crate::clock::HOUR;
use crate::desk::Desk;
use crate::ecs::task::Health;
use crate::ecs::{Ecs, Task};
use crate::random::{Random, name_key};
use crate::wire::{Action, Answer, ApiError, Args, RunBeside, page};
use crate::world::DiscoverySpec;
use crate::world::WorldSpec;

pub(crate) const ACTIONS: &[Action<RunBeside<CloudMap, Ecs>>] = &[
    Action {
        name: "ListNamespaces",
        members: &["NextToken", "MaxResults", "Filters"],
        run: list_namespaces,
    },
    Action {
        name: "ListServices",
        members: &["NextToken", "MaxResults", "Filters"],
        run: list_services,
    },
    Action {
        name: "ListInstances",
        members: &["ServiceId", "NextToken", "MaxResults"],
        run: list_instances,
    },
    Action {
        name: "DiscoverInstances",
        members: &[
            "NamespaceName",
            "ServiceName",
            "MaxResults",
            "QueryParameters",
            "OptionalParameters",
            "HealthStatus",
            "OwnerAccount",
        ],
        run: discover_instances,
    },
];

/// The names of an account in a region.
#[derive(Debug)]
pub(crate) struct CloudMap {
    pub(crate) desk: Desk<()>,
    names: Vec<DiscoverySpec>,
}

impl CloudMap {
    /// Without any.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        CloudMap {
            desk,
            names: Vec::new(),
        }
    }

    /// Takes in those of a world.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        self.names.extend(spec.discovery.iter().cloned());
    }
}

/// Cloud Map says so with a status of its own, whichever the protocol.
fn not_found(code: &str, message: String) -> ApiError {
    ApiError::client(code, message).with_status(404)
}

fn id(kind: &str, name: &str) -> String {
    format!(
        "{kind}-{}",
        Random::of(0, kind, name_key(name))
            .hex(17)
            .get(1..17)
            .unwrap_or_default()
    )
}

fn namespace_id(name: &str) -> String {
    id("ns", name)
}

fn service_id(spec: &DiscoverySpec) -> String {
    id("srv", &format!("{}.{}", spec.name, spec.namespace))
}

/// An instance: its id, its attributes, whether it is healthy.
struct Instance {
    id: String,
    healthy: bool,
    attributes: Map<String, Value>,
}

fn of_task(map: &CloudMap, spec: &DiscoverySpec, task: &Task) -> Instance {
    let healthy = task.health != Health::Unhealthy;
    let mut attributes = Map::new();
    let mut add = |name: &str, value: String| {
        attributes.insert(name.to_owned(), Value::String(value));
    };
    add("AVAILABILITY_ZONE", task.zone.clone());
    add(
        "AWS_INIT_HEALTH_STATUS",
        if healthy { "HEALTHY" } else { "UNHEALTHY" }.to_owned(),
    );
    add("AWS_INSTANCE_IPV4", task.interface.address.clone());
    if let Some(port) = spec.port {
        add("AWS_INSTANCE_PORT", port.to_string());
    }
    add("ECS_CLUSTER_NAME", task.cluster.clone());
    add("ECS_SERVICE_NAME", spec.service.get_ref().clone());
    add("ECS_TASK_DEFINITION_FAMILY", task.definition.family.clone());
    add("REGION", map.desk.home.region.clone());
    Instance {
        id: task.id.clone(),
        healthy,
        attributes,
    }
}

fn instances(map: &CloudMap, ecs: &Ecs, spec: &DiscoverySpec) -> Vec<Instance> {
    let tasks = ecs
        .services
        .iter()
        .filter(|service| service.name == *spec.service.get_ref() && spec.registers)
        .flat_map(|service| &service.live)
        .filter_map(|key| ecs.tasks.get(key))
        .filter(|task| task.wanted && task.running());
    let mut all: Vec<Instance> = tasks.map(|task| of_task(map, spec, task)).collect();
    for address in &spec.stale {
        let mut attributes = Map::new();
        attributes.insert("AWS_INSTANCE_IPV4".to_owned(), json!(address));
        attributes.insert("ECS_SERVICE_NAME".to_owned(), json!(spec.service.get_ref()));
        let id = Random::of(map.desk.seed, "stale", name_key(address)).hex(32);
        all.push(Instance {
            id,
            healthy: true,
            attributes,
        });
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn size(args: &Args, most: i64) -> Result<usize, ApiError> {
    let size = args.number("MaxResults")?.unwrap_or(100);
    if !(1..=most).contains(&size) {
        return Err(ApiError::client(
            "InvalidInput",
            format!("MaxResults must be between 1 and {most}"),
        ));
    }
    Ok(usize::try_from(size).unwrap_or_default())
}

fn token(args: &Args) -> Result<String, ApiError> {
    page::begin(args.text("NextToken")?)
        .map_err(|_| ApiError::client("InvalidInput", "Invalid NextToken."))
}

fn listed(member: &str, cut: page::Page<Value>) -> Value {
    let mut answer = Map::new();
    answer.insert(member.to_owned(), Value::Array(cut.items));
    if let Some(token) = cut.next {
        answer.insert("NextToken".to_owned(), Value::String(token));
    }
    Value::Object(answer)
}

/// The values of the filter of that name; `None` when there is no such filter.
fn filter(args: &Args, name: &str) -> Result<Option<Vec<String>>, ApiError> {
    for filter in args.structures("Filters")? {
        if filter.text("Name")? == Some(name) {
            return Ok(Some(
                filter
                    .texts("Values")?
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            ));
        }
    }
    Ok(None)
}

fn list_namespaces(map: &mut CloudMap, _: &Ecs, args: &Args) -> Answer {
    let after = token(args)?;
    let wanted = filter(args, "NAME")?;
    let mut names: Vec<&String> = map.names.iter().map(|d| &d.namespace).collect();
    names.sort();
    names.dedup();
    let created = (map.desk.epoch.day() - 90 * 24 * HOUR).json_seconds();
    let shown = names
        .into_iter()
        .filter(|name| **name > after && wanted.as_ref().is_none_or(|w| w.contains(name)))
        .map(|name| {
            let services = map.names.iter().filter(|d| d.namespace == *name);
            let id = namespace_id(name);
            let value = json!({
                "Id": id,
                "Arn": map.desk.home.arn("servicediscovery", &format!("namespace/{id}")),
                "Name": name,
                "Type": "DNS_PRIVATE",
                "ServiceCount": services.count(),
                "Properties": {
                    "DnsProperties": { "HostedZoneId": format!("Z{}", Random::of(0, "zone", name_key(name)).hex(20).to_uppercase()), "SOA": { "TTL": 15 } },
                    "HttpProperties": { "HttpName": name },
                },
                "CreateDate": created,
            });
            (name.clone(), value)
        });
    Ok(listed("Namespaces", page::cut(shown, size(args, 100)?)))
}

fn list_services(map: &mut CloudMap, ecs: &Ecs, args: &Args) -> Answer {
    let after = token(args)?;
    let wanted = filter(args, "NAMESPACE_ID")?;
    let created = (map.desk.epoch.day() - 90 * 24 * HOUR).json_seconds();
    let mut specs: Vec<(String, &DiscoverySpec)> = map
        .names
        .iter()
        .map(|spec| (service_id(spec), spec))
        .collect();
    specs.sort_by(|a, b| a.0.cmp(&b.0));
    let shown = specs
        .into_iter()
        .filter(|(id, spec)| {
            let namespace = namespace_id(&spec.namespace);
            *id > after && wanted.as_ref().is_none_or(|wanted| wanted.contains(&namespace))
        })
        .map(|(id, spec)| {
            let value = json!({
                "Id": id,
                "Arn": map.desk.home.arn("servicediscovery", &format!("service/{id}")),
                "Name": spec.name,
                "Type": "DNS_HTTP",
                "InstanceCount": instances(map, ecs, spec).len(),
                "DnsConfig": { "RoutingPolicy": "MULTIVALUE", "DnsRecords": [{ "Type": "A", "TTL": 60 }] },
                "HealthCheckCustomConfig": { "FailureThreshold": 1 },
                "CreateDate": created,
            });
            (id, value)
        });
    Ok(listed("Services", page::cut(shown, size(args, 100)?)))
}

fn list_instances(map: &mut CloudMap, ecs: &Ecs, args: &Args) -> Answer {
    let wanted = args.text("ServiceId")?.unwrap_or_default();
    let wanted = wanted.rsplit('/').next().unwrap_or(wanted);
    let spec = map.names.iter().find(|spec| service_id(spec) == wanted);
    let spec = spec.ok_or_else(|| not_found("ServiceNotFound", "Service not found.".to_owned()))?;
    let after = token(args)?;
    let shown = instances(map, ecs, spec)
        .into_iter()
        .filter(|instance| instance.id > after)
        .map(|i| {
            (
                i.id.clone(),
                json!({ "Id": i.id, "Attributes": i.attributes }),
            )
        });
    Ok(listed("Instances", page::cut(shown, size(args, 100)?)))
}

fn discover_instances(map: &mut CloudMap, ecs: &Ecs, args: &Args) -> Answer {
    let namespace = args.text("NamespaceName")?.unwrap_or_default();
    let name = args.text("ServiceName")?.unwrap_or_default();
    let mut specs = map
        .names
        .iter()
        .filter(|d| d.namespace == namespace)
        .peekable();
    if specs.peek().is_none() {
        return Err(not_found(
            "NamespaceNotFound",
            format!("No namespace found with name {namespace}"),
        ));
    }
    let spec = specs.find(|spec| spec.name == name);
    let spec = spec.ok_or_else(|| {
        not_found(
            "ServiceNotFound",
            format!("No service found with name {name}"),
        )
    })?;
    let all = instances(map, ecs, spec);
    let any_healthy = all.iter().any(|instance| instance.healthy);
    let wanted = args.text("HealthStatus")?.unwrap_or("HEALTHY_OR_ELSE_ALL");
    let keep = |instance: &Instance| match wanted {
        "ALL" => true,
        "UNHEALTHY" => !instance.healthy,
        "HEALTHY" => instance.healthy,
        _ => instance.healthy || !any_healthy,
    };
    let shown: Vec<Value> = all
        .iter()
        .filter(|instance| keep(instance))
        .take(size(args, 1_000)?)
        .map(|instance| {
            json!({
                "InstanceId": instance.id,
                "NamespaceName": namespace,
                "ServiceName": name,
                "HealthStatus": if instance.healthy { "HEALTHY" } else { "UNHEALTHY" },
                "Attributes": instance.attributes,
            })
        })
        .collect();
    Ok(json!({ "Instances": shown, "InstancesRevision": ecs.launched }))
}

#[cfg(test)]
mod tests;
