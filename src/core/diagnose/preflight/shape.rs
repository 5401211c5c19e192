//! What the revision and the service say by themselves: no call is needed.

use super::{Finding, Planned, targets};
use crate::diagnose::cause::CauseId;
use crate::diagnose::service::locked;
use crate::domain::TaskDefinition;

pub(super) fn findings(planned: Planned<'_>) -> Vec<Finding> {
    let definition = planned.definition;
    let mut findings = Vec::new();
    let invalid = |text: String| Finding::will(CauseId::TaskDefinitionInvalid, text);
    // A service that has it already can start tasks of it (source: ECS developer guide, "Deregistering an Amazon ECS task
    // definition revision"); services have been seen to fail with "TaskDefinition is inactive" all the same.
    let has_it = planned
        .service
        .is_some_and(|service| service.task_definition == definition.arn);
    if ["INACTIVE", "DELETE_IN_PROGRESS"].contains(&definition.status.as_str()) {
        let name = crate::text::Clean::new(definition.arn.name());
        findings.push(Finding {
            certain: !has_it,
            ..invalid(format!(
                "{name} is {}: it was deregistered",
                definition.status
            ))
        });
    }
    let on_fargate = planned
        .service
        .is_some_and(|service| service.launch.contains("FARGATE"));
    findings.extend(size(definition).filter(|_| on_fargate).map(invalid));
    findings.extend(unchecked(definition).into_iter().map(invalid));
    findings.extend(targets::unmapped(planned));
    findings.extend(
        planned
            .service
            .and_then(locked)
            .map(|text| Finding::will(CauseId::DeploymentConfigDeadlock, text)),
    );
    findings
}

/// CPU units, and the memory in MiB that Fargate gives with them: from, to, in steps of (source: ECS developer guide, "Task
/// CPU and memory" for Fargate; 256 units take 512 too).
const SIZES: [(u32, u32, u32, u32); 7] = [
    (256, 512, 2_048, 512),
    (512, 1_024, 4_096, 1_024),
    (1_024, 2_048, 8_192, 1_024),
    (2_048, 4_096, 16_384, 1_024),
    (4_096, 8_192, 30_720, 1_024),
    (8_192, 16_384, 61_440, 4_096),
    (16_384, 32_768, 122_880, 8_192),
];

/// Why Fargate has no such size.
fn size(definition: &TaskDefinition) -> Option<String> {
    let (Some(cpu), Some(memory)) = (definition.cpu, definition.memory) else {
        return Some("Fargate needs the task's CPU and memory, and one is not set".to_owned());
    };
    let Some((_, from, to, step)) = SIZES.iter().find(|(units, ..)| *units == cpu) else {
        return Some(format!("Fargate has no task of {cpu} CPU units"));
    };
    // 1.5 GB is no size.
    let fits =
        (*from..=*to).contains(&memory) && memory % step == 0 && (cpu, memory) != (256, 1_536);
    (!fits).then(|| {
        format!("Fargate gives {cpu} CPU units {from} to {to} MiB in steps of {step}, not {memory}")
    })
}

/// Containers that wait until another is HEALTHY that nothing checks: they never start (source: ECS API reference,
/// ContainerDependency).
fn unchecked(definition: &TaskDefinition) -> Vec<String> {
    let checked = |name: &str| {
        let mut containers = definition.containers.iter();
        containers.any(|one| one.name.as_str() == name && one.health_check.is_some())
    };
    let waits = |on: &str| {
        on.strip_suffix(" HEALTHY")
            .filter(|on| !checked(on))
            .map(str::to_owned)
    };
    definition
        .containers
        .iter()
        .flat_map(|container| {
            let on = container.depends_on.iter().filter_map(|on| waits(on));
            on.map(|on| {
                let on = crate::text::Clean::new(&on);
                format!(
                    "container {} waits until {on} is HEALTHY, and {on} has no health check",
                    container.name
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sized(cpu: Option<u32>, memory: Option<u32>) -> Option<String> {
        size(&TaskDefinition {
            cpu,
            memory,
            ..TaskDefinition::default()
        })
    }

    #[test]
    fn fargate_has_certain_sizes() {
        for (cpu, memory) in [
            (256, 512),
            (256, 1_024),
            (256, 2_048),
            (1_024, 3_072),
            (4_096, 30_720),
            (16_384, 40_960),
        ] {
            assert_eq!(sized(Some(cpu), Some(memory)), None, "{cpu} {memory}");
        }
        for (cpu, memory) in [
            (256, 1_536),
            (256, 4_096),
            (512, 512),
            (1_000, 2_048),
            (8_192, 17_408),
        ] {
            assert!(sized(Some(cpu), Some(memory)).is_some(), "{cpu} {memory}");
        }
        assert!(sized(None, Some(512)).is_some());
    }
}
