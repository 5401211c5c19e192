//! Cloud Map: names under which the tasks of services are registered.
//!
//! Invariant: an instance is a task that runs now, or one that the world calls stale.

use serde_json::{Map, Value, json};

use crate::clock::HOUR;
use crate::ecs::Task;
use crate::ecs::task::Health;
use crate::engine::Engine;
use crate::engine::random::{Random, name_key};
use crate::wire::{Action, Answer, ApiError, Args, page};
use crate::world::DiscoverySpec;

pub(crate) const ACTIONS: &[Action] = &[
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

fn of_task(engine: &Engine, spec: &DiscoverySpec, task: &Task) -> Instance {
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
    add("REGION", engine.home.region.clone());
    Instance {
        id: task.id.clone(),
        healthy,
        attributes,
    }
}

fn instances(engine: &Engine, spec: &DiscoverySpec) -> Vec<Instance> {
    let tasks = engine
        .ecs
        .services
        .iter()
        .filter(|service| service.name == *spec.service.get_ref() && spec.registers)
        .flat_map(|service| &service.live)
        .filter_map(|key| engine.ecs.tasks.get(key))
        .filter(|task| task.wanted && task.running());
    let mut all: Vec<Instance> = tasks.map(|task| of_task(engine, spec, task)).collect();
    for address in &spec.stale {
        let mut attributes = Map::new();
        attributes.insert("AWS_INSTANCE_IPV4".to_owned(), json!(address));
        attributes.insert("ECS_SERVICE_NAME".to_owned(), json!(spec.service.get_ref()));
        let id = Random::of(engine.seed, "stale", name_key(address)).hex(32);
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

fn list_namespaces(engine: &mut Engine, args: &Args) -> Answer {
    let after = token(args)?;
    let wanted = filter(args, "NAME")?;
    let mut names: Vec<&String> = engine
        .neighbours
        .discovery
        .iter()
        .map(|d| &d.namespace)
        .collect();
    names.sort();
    names.dedup();
    let created = (engine.neighbours.epoch.day() - 90 * 24 * HOUR).json_seconds();
    let shown = names
        .into_iter()
        .filter(|name| **name > after && wanted.as_ref().is_none_or(|w| w.contains(name)))
        .map(|name| {
            let services = engine.neighbours.discovery.iter().filter(|d| d.namespace == *name);
            let id = namespace_id(name);
            let value = json!({
                "Id": id,
                "Arn": engine.home.arn("servicediscovery", &format!("namespace/{id}")),
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

fn list_services(engine: &mut Engine, args: &Args) -> Answer {
    let after = token(args)?;
    let wanted = filter(args, "NAMESPACE_ID")?;
    let created = (engine.neighbours.epoch.day() - 90 * 24 * HOUR).json_seconds();
    let mut specs: Vec<(String, &DiscoverySpec)> = engine
        .neighbours
        .discovery
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
                "Arn": engine.home.arn("servicediscovery", &format!("service/{id}")),
                "Name": spec.name,
                "Type": "DNS_HTTP",
                "InstanceCount": instances(engine, spec).len(),
                "DnsConfig": { "RoutingPolicy": "MULTIVALUE", "DnsRecords": [{ "Type": "A", "TTL": 60 }] },
                "HealthCheckCustomConfig": { "FailureThreshold": 1 },
                "CreateDate": created,
            });
            (id, value)
        });
    Ok(listed("Services", page::cut(shown, size(args, 100)?)))
}

fn list_instances(engine: &mut Engine, args: &Args) -> Answer {
    let wanted = args.text("ServiceId")?.unwrap_or_default();
    let wanted = wanted.rsplit('/').next().unwrap_or(wanted);
    let spec = engine
        .neighbours
        .discovery
        .iter()
        .find(|spec| service_id(spec) == wanted);
    let spec = spec.ok_or_else(|| not_found("ServiceNotFound", "Service not found.".to_owned()))?;
    let after = token(args)?;
    let shown = instances(engine, spec)
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

fn discover_instances(engine: &mut Engine, args: &Args) -> Answer {
    let namespace = args.text("NamespaceName")?.unwrap_or_default();
    let name = args.text("ServiceName")?.unwrap_or_default();
    let mut specs = engine
        .neighbours
        .discovery
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
    let all = instances(engine, spec);
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
    Ok(json!({ "Instances": shown, "InstancesRevision": engine.ecs.launched }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;
    use crate::trial::{Trial, web};

    fn trial() -> Trial {
        Trial::new(&web(
            2,
            "[[discovery]]\nnamespace = 'trial.local'\nname = 'web'\nservice = 'web'\nstale = ['10.9.9.9']\n",
        ))
    }

    #[test]
    fn a_name_resolves_to_the_running_tasks_and_to_what_is_stale() {
        let mut trial = trial();
        let input = json!({ "NamespaceName": "trial.local", "ServiceName": "web" });
        let answer = trial
            .ask(Service::CloudMap, "DiscoverInstances", input)
            .unwrap();
        let addresses: Vec<&str> = answer["Instances"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["Attributes"]["AWS_INSTANCE_IPV4"].as_str().unwrap())
            .collect();
        assert_eq!(addresses.len(), 3);
        assert!(addresses.contains(&"10.9.9.9"));
        let task = trial.tasks("RUNNING").remove(0);
        let id = task["taskArn"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        assert!(
            answer["Instances"]
                .as_array()
                .unwrap()
                .iter()
                .any(|i| i["InstanceId"] == id.as_str())
        );
    }

    #[test]
    fn services_are_listed_by_namespace_and_instances_by_service() {
        let mut trial = trial();
        let namespaces = trial
            .ask(Service::CloudMap, "ListNamespaces", json!({}))
            .unwrap();
        let filter = json!({ "Filters": [{ "Name": "NAMESPACE_ID", "Values": [namespaces["Namespaces"][0]["Id"]] }] });
        let services = trial
            .ask(Service::CloudMap, "ListServices", filter)
            .unwrap();
        assert_eq!(services["Services"][0]["InstanceCount"], 3);
        let input = json!({ "ServiceId": services["Services"][0]["Id"] });
        let instances = trial
            .ask(Service::CloudMap, "ListInstances", input)
            .unwrap();
        assert_eq!(instances["Instances"].as_array().unwrap().len(), 3);
        let error = trial.ask(
            Service::CloudMap,
            "ListInstances",
            json!({ "ServiceId": "srv-x" }),
        );
        assert_eq!(error.unwrap_err().code, "ServiceNotFound");
    }
}
