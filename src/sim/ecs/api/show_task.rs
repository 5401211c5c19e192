//! A task as DescribeTasks, RunTask and StopTask show it.

use serde_json::{Value, json};

use super::answer::{set, time};
use crate::ecs::Ecs;
use crate::ecs::definition::ContainerDefinition;
use crate::ecs::task::{Container, Status, Task};

/// The task has a network interface of its own.
fn awsvpc(task: &Task) -> bool {
    task.definition.network_mode == "awsvpc"
}

/// The port of the instance that a container's port is bound to, once it runs.
fn bindings(task: &Task, definition: Option<&ContainerDefinition>, port: u16) -> Value {
    if task.times.started.is_none() {
        return json!([]);
    }
    let ephemeral = 32_768 + task.key.0 % 28_000;
    let fixed = definition.and_then(|d| d.host_port).map(u64::from);
    let host = match task.definition.network_mode.as_str() {
        "host" => u64::from(port),
        _ => fixed.unwrap_or(ephemeral),
    };
    json!([{ "bindIP": "0.0.0.0", "containerPort": port, "hostPort": host, "protocol": "tcp" }])
}

fn container(task: &Task, container: &Container) -> Value {
    let definition = task
        .definition
        .containers
        .iter()
        .find(|d| d.name == container.name);
    let mut shown = json!({
        "containerArn": container.arn,
        "taskArn": task.arn,
        "name": container.name,
        "image": container.image,
        "lastStatus": container.status,
        "networkBindings": [],
        "networkInterfaces": [],
        "healthStatus": container.health.name(),
        "cpu": "0",
    });
    if let Some(port) = definition.and_then(|d| d.port).filter(|_| !awsvpc(task)) {
        set(
            &mut shown,
            "networkBindings",
            bindings(task, definition, port),
        );
    }
    if task.times.connected.is_some() && awsvpc(task) {
        let interfaces = json!([{
            "attachmentId": task.interface.attachment,
            "privateIpv4Address": task.interface.address,
        }]);
        set(&mut shown, "networkInterfaces", interfaces);
    }
    set(
        &mut shown,
        "imageDigest",
        container.digest.as_ref().map(|digest| json!(digest)),
    );
    set(
        &mut shown,
        "runtimeId",
        container.runtime_id.as_ref().map(|id| json!(id)),
    );
    set(
        &mut shown,
        "exitCode",
        container.exit_code.map(|code| json!(code)),
    );
    set(
        &mut shown,
        "reason",
        container.reason.as_ref().map(|reason| json!(reason)),
    );
    shown
}

fn attachment(task: &Task) -> Value {
    let interface = &task.interface;
    let mut details = vec![json!({ "name": "subnetId", "value": interface.subnet })];
    if task.times.connected.is_some() {
        let name = format!("ip-{}.ec2.internal", interface.address.replace('.', "-"));
        details.extend([
            json!({ "name": "networkInterfaceId", "value": interface.id }),
            json!({ "name": "macAddress", "value": interface.mac }),
            json!({ "name": "privateDnsName", "value": name }),
            json!({ "name": "privateIPv4Address", "value": interface.address }),
        ]);
    }
    json!({
        "id": interface.attachment,
        "type": "ElasticNetworkInterface",
        "status": interface.status,
        "details": details,
    })
}

/// Where a task runs: Fargate or a container instance, and by which provider.
fn show_place(ecs: &Ecs, task: &Task, shown: &mut Value) {
    set(shown, "launchType", json!(task.launch.name()));
    let provider = task.provider.as_ref().map(|provider| json!(provider));
    set(shown, "capacityProviderName", provider);
    let instance = task.instance.and_then(|key| ecs.instance(key));
    let Some(instance) = instance else {
        set(shown, "platformVersion", json!("1.4.0"));
        set(shown, "platformFamily", json!("Linux"));
        set(shown, "ephemeralStorage", json!({ "sizeInGiB": 20 }));
        set(shown, "fargateEphemeralStorage", json!({ "sizeInGiB": 20 }));
        return;
    };
    set(shown, "containerInstanceArn", json!(instance.arn));
}

/// Whether the agent that looks after a task is heard.
fn connectivity(ecs: &Ecs, task: &Task) -> Option<Value> {
    let known = task.times.connected.is_some() && task.status < Status::Stopped;
    let instance = task.instance.and_then(|key| ecs.instance(key));
    let connected = instance.is_none_or(|instance| instance.connected);
    known.then(|| {
        json!(if connected {
            "CONNECTED"
        } else {
            "DISCONNECTED"
        })
    })
}

pub(super) fn show(ecs: &Ecs, task: &Task, tags: bool) -> Value {
    let cluster = ecs
        .desk
        .home
        .arn("ecs", &format!("cluster/{}", task.cluster));
    let attachments = if awsvpc(task) {
        vec![attachment(task)]
    } else {
        Vec::new()
    };
    let mut shown = json!({
        "attachments": attachments,
        "attributes": [{ "name": "ecs.cpu-architecture", "value": "x86_64" }],
        "availabilityZone": task.zone,
        "clusterArn": cluster,
        "containers": task
            .containers
            .iter()
            .map(|each| container(task, each))
            .collect::<Vec<_>>(),
        "cpu": task.definition.cpu.to_string(),
        "createdAt": task.times.created.json_seconds(),
        "desiredStatus": if task.wanted { "RUNNING" } else { "STOPPED" },
        "enableExecuteCommand": task.execute_command,
        "group": task.group,
        "healthStatus": task.health.name(),
        "lastStatus": task.status.name(),
        "memory": task.definition.memory.to_string(),
        "overrides": task.overrides,
        "tags": [],
        "taskArn": task.arn,
        "taskDefinitionArn": task.definition.arn,
        "version": task.version,
    });
    show_place(ecs, task, &mut shown);
    let times = &task.times;
    set(&mut shown, "connectivity", connectivity(ecs, task));
    let moments = [
        ("connectivityAt", times.connected),
        ("pullStartedAt", times.pull_started),
        ("pullStoppedAt", times.pull_stopped),
        ("startedAt", times.started),
        ("stoppingAt", times.stopping),
        ("executionStoppedAt", times.execution_stopped),
        ("stoppedAt", times.stopped),
    ];
    for (member, at) in moments {
        set(&mut shown, member, time(at));
    }
    set(
        &mut shown,
        "startedBy",
        task.started_by.as_ref().map(|by| json!(by)),
    );
    if let Some((code, reason)) = &task.stop {
        set(&mut shown, "stopCode", json!(code.name()));
        set(&mut shown, "stoppedReason", json!(reason));
    }
    if tags && !task.tags.is_null() {
        set(&mut shown, "tags", task.tags.clone());
    }
    shown
}
