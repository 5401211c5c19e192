//! The names that a world declares, and how an unknown one is told.

use std::collections::BTreeSet;

use super::defaults::Name;
use super::model::WorldSpec;
use super::nearest::hint;

/// The names that are declared, by kind.
pub(super) struct Declared {
    pub(super) clusters: BTreeSet<String>,
    pub(super) definitions: BTreeSet<String>,
    pub(super) families: BTreeSet<String>,
    pub(super) services: BTreeSet<String>,
    pub(super) queues: BTreeSet<String>,
    pub(super) tables: BTreeSet<String>,
    pub(super) repositories: BTreeSet<String>,
    pub(super) target_groups: BTreeSet<String>,
    pub(super) troubles: BTreeSet<String>,
    pub(super) metrics: BTreeSet<String>,
    pub(super) instances: BTreeSet<String>,
    pub(super) providers: BTreeSet<String>,
}

/// What is wrong, and with which name.
pub(super) type Wrong = (usize, String);

impl Declared {
    pub(super) fn of(spec: &WorldSpec) -> Self {
        Declared {
            clusters: spec.cluster.iter().map(|c| c.name.clone()).collect(),
            definitions: spec
                .task_definition
                .iter()
                .map(|d| format!("{}:{}", d.family, d.revision))
                .collect(),
            families: spec
                .task_definition
                .iter()
                .map(|d| d.family.clone())
                .collect(),
            services: spec.service.iter().map(|s| s.name.clone()).collect(),
            queues: spec.queue.iter().map(|q| q.name.clone()).collect(),
            tables: spec.table.iter().map(|t| t.name.clone()).collect(),
            repositories: spec.repository.iter().map(|r| r.name.clone()).collect(),
            target_groups: spec.target_group.iter().map(|g| g.name.clone()).collect(),
            troubles: spec.trouble.iter().map(|t| t.name.clone()).collect(),
            metrics: spec.metric.iter().map(|m| m.name.clone()).collect(),
            instances: spec
                .container_instance
                .iter()
                .filter_map(|i| i.ec2.clone())
                .chain(spec.instance.iter().map(|i| i.id.clone()))
                .collect(),
            providers: ["FARGATE", "FARGATE_SPOT"]
                .into_iter()
                .map(str::to_owned)
                .chain(spec.capacity_provider.iter().map(|p| p.name.clone()))
                .collect(),
        }
    }
}

pub(super) fn known(kind: &str, name: &Name, declared: &BTreeSet<String>) -> Result<(), Wrong> {
    let wrong = name.get_ref();
    if declared.contains(wrong) {
        return Ok(());
    }
    let nearest = hint(wrong, declared.iter().map(String::as_str));
    Err((
        name.span().start,
        format!("unknown {kind} `{wrong}`{nearest}"),
    ))
}

pub(super) fn known_if_given(
    kind: &str,
    name: Option<&Name>,
    declared: &BTreeSet<String>,
) -> Result<(), Wrong> {
    name.map_or(Ok(()), |name| known(kind, name, declared))
}
