//! A task as DescribeTasks, RunTask and StopTask show it.

use serde_json::{Value, json};

use super::{set, time};
use crate::ecs::task::{Container, Status, Task};
use crate::engine::Engine;

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
        "cpu": if definition.is_some() { "0" } else { "" },
    });
    if task.times.connected.is_some() {
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

fn attachment(engine: &Engine, task: &Task) -> Value {
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
    debug_assert!(!engine.home.region.is_empty());
    json!({
        "id": interface.attachment,
        "type": "ElasticNetworkInterface",
        "status": interface.status,
        "details": details,
    })
}

pub(super) fn show(engine: &Engine, task: &Task, tags: bool) -> Value {
    let cluster = engine.home.arn("ecs", &format!("cluster/{}", task.cluster));
    let mut shown = json!({
        "attachments": [attachment(engine, task)],
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
        "launchType": "FARGATE",
        "memory": task.definition.memory.to_string(),
        "overrides": task.overrides,
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
        "tags": [],
        "taskArn": task.arn,
        "taskDefinitionArn": task.definition.arn,
        "version": task.version,
        "ephemeralStorage": { "sizeInGiB": 20 },
        "fargateEphemeralStorage": { "sizeInGiB": 20 },
    });
    let times = &task.times;
    if times.connected.is_some() && task.status < Status::Stopped {
        set(&mut shown, "connectivity", json!("CONNECTED"));
    }
    set(&mut shown, "connectivityAt", time(times.connected));
    set(&mut shown, "pullStartedAt", time(times.pull_started));
    set(&mut shown, "pullStoppedAt", time(times.pull_stopped));
    set(&mut shown, "startedAt", time(times.started));
    set(&mut shown, "stoppingAt", time(times.stopping));
    set(
        &mut shown,
        "executionStoppedAt",
        time(times.execution_stopped),
    );
    set(&mut shown, "stoppedAt", time(times.stopped));
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
