//! What a task definition asks of who runs it: launch types, and attributes of instances.
//!
//! source: the names that DescribeTaskDefinition answers with, as the ECS developer guide
//! shows them (task-placement-constraints, task_execution_IAM_role) and as the agent of
//! container instances offers them (aws/amazon-ecs-agent, `agent/app/agent_capability.go`).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::sizes::fits_fargate;
use crate::ecs::Definition;

/// `compatibilities`: what it was validated against.
pub(super) fn compatibilities(definition: &Definition) -> Vec<&'static str> {
    let on_fargate = definition.network_mode == "awsvpc"
        && (definition.given.is_none() || fits_fargate(definition.cpu, definition.memory));
    let mut all = vec!["EC2"];
    if on_fargate {
        all.push("FARGATE");
    } else if matches!(definition.network_mode.as_str(), "bridge" | "host" | "none") {
        all.insert(0, "EXTERNAL");
    }
    all
}

/// `requiresAttributes`, in the order of their names.
pub(super) fn attributes(definition: &Definition) -> Value {
    let mut names = BTreeSet::new();
    if definition.network_mode == "awsvpc" {
        names.insert("ecs.capability.task-eni");
    }
    if definition.task_role.is_some() {
        names.insert("com.amazonaws.ecs.capability.task-iam-role");
    }
    let executes = definition.execution_role.is_some();
    for container in &definition.containers {
        if container.log.is_some() {
            names.insert("com.amazonaws.ecs.capability.logging-driver.awslogs");
            names.insert("com.amazonaws.ecs.capability.docker-remote-api.1.19");
            if executes {
                names.insert("ecs.capability.execution-role-awslogs");
            }
        }
        if container.image.contains(".dkr.ecr.") {
            names.insert("com.amazonaws.ecs.capability.ecr-auth");
            if executes {
                names.insert("ecs.capability.execution-role-ecr-pull");
            }
        }
        if container.health.is_some() {
            names.insert("ecs.capability.container-health-check");
        }
        for secret in container.secrets.values() {
            names.insert(if secret.contains(":secretsmanager:") {
                "ecs.capability.secrets.asm.environment-variables"
            } else {
                "ecs.capability.secrets.ssm.environment-variables"
            });
        }
    }
    names
        .into_iter()
        .map(|name| json!({ "name": name }))
        .collect()
}
