//! The state as a JSON document: for people, and to compare two runs.

use serde_json::{Value, json};

use super::parts::Engine;
use crate::ecs::Service;
use crate::ecs::task::Task;

fn task(task: &Task) -> Value {
    json!({
        "id": task.id,
        "group": task.group,
        "task_definition": task.definition.name(),
        "started_by": task.started_by,
        "status": task.status.name(),
        "desired": if task.wanted { "RUNNING" } else { "STOPPED" },
        "health": task.health.name(),
        "created": task.times.created.rfc3339(),
        "started": task.times.started.map(crate::clock::Time::rfc3339),
        "stopped": task.times.stopped.map(crate::clock::Time::rfc3339),
        "stop_code": task.stop.as_ref().map(|(code, _)| code.name()),
        "stopped_reason": task.stop.as_ref().map(|(_, reason)| reason),
        "address": task.interface.address,
        "instance": task.instance.map(|key| key.0),
        "protected_until": task.protected.map(crate::clock::Time::rfc3339),
        "targets": task.targets.iter().map(|t| json!({
            "group": t.group, "container": t.container, "port": t.port,
            "state": t.state.name(), "since": t.since.rfc3339(),
        })).collect::<Vec<_>>(),
        "containers": task.containers.iter().map(|c| json!({
            "name": c.name, "status": c.status, "exit_code": c.exit_code, "reason": c.reason,
        })).collect::<Vec<_>>(),
    })
}

fn service(service: &Service) -> Value {
    json!({
        "name": service.name,
        "cluster": service.cluster,
        "desired": service.desired,
        "live": service.live.len(),
        "deployments": service.deployments.iter().map(|d| json!({
            "id": d.id,
            "status": d.status(),
            "task_definition": d.definition.name(),
            "rollout": d.rollout.name(),
            "reason": d.reason,
            "failed_tasks": d.failed,
        })).collect::<Vec<_>>(),
        "records": service.history.iter().map(|d| json!({
            "arn": d.arn,
            "status": d.status.name(),
            "stage": d.stage.name(),
            "hooks": d.hooks.iter().map(|h| json!([h.id, h.status.name()])).collect::<Vec<_>>(),
            "rollback": d.rollback.as_ref().map(|r| &r.reason),
        })).collect::<Vec<_>>(),
        "events": service.events.iter().map(|e| json!([e.at.rfc3339(), e.message])).collect::<Vec<_>>(),
    })
}

impl Engine {
    /// Everything that the engine holds, in a fixed order.
    pub(crate) fn dump(&self) -> Value {
        json!({
            "account": self.home().account,
            "region": self.home().region,
            "now": self.now().rfc3339(),
            "planned": self.desk.planned()
                + self.ecs.desk.planned()
                + self.sqs.desk.planned()
                + self.ec2.desk.planned(),
            "services": self.ecs.services.iter().map(service).collect::<Vec<_>>(),
            "tasks": self.ecs.tasks.values().map(task).collect::<Vec<_>>(),
            "instances": self.ecs.instances.iter().map(|i| json!({
                "id": i.id, "ec2": i.ec2, "status": i.status.name(), "connected": i.connected,
                "cpu": i.used.cpu, "memory": i.used.memory, "tasks": i.tasks.len(),
            })).collect::<Vec<_>>(),
            "alarms": self.ecs.signals.alarms.iter().map(|(name, alarm)| json!({
                "name": name, "state": alarm.state.name(), "since": alarm.since.rfc3339(),
                "reason": alarm.reason,
            })).collect::<Vec<_>>(),
            "queues": self.sqs.queues.iter().map(|q| json!({
                "name": q.name,
                "visible": q.visible.len(),
                "in_flight": q.in_flight(),
                "per_minute": q.per_minute,
            })).collect::<Vec<_>>(),
            "moves": self.sqs.moves.len(),
            "scalable_targets": self.autoscaling.targets.iter().map(|t| json!({
                "resource": t.resource, "min": t.min, "max": t.max,
                "suspended": [t.suspended.scale_in, t.suspended.scale_out, t.suspended.scheduled],
            })).collect::<Vec<_>>(),
            "log_groups": self.logs.groups.iter().map(|(name, group)| json!({
                "name": name, "streams": group.streams.len(),
            })).collect::<Vec<_>>(),
        })
    }
}
