//! The task definitions of an account: registering new revisions, deregistering old ones.

use std::sync::Arc;

use super::Definition;
use super::definition::ContainerDefinition;
use crate::ecs::Ecs;

/// How a program behaves that runs in a container: what a caller cannot register.
fn behave_like(container: &mut ContainerDefinition, other: &ContainerDefinition) {
    let same_image = container.image == other.image;
    if let (Some(log), Some(known)) = (&mut container.log, &other.log) {
        log.rate = known.rate;
        log.lines.clone_from(&known.lines);
        log.start.clone_from(&known.start);
    }
    if let (Some(check), Some(known)) = (&mut container.health, &other.health) {
        check.after = known.after;
        check.fails_after = known.fails_after.filter(|_| same_image);
        check.passes = known.passes || !same_image;
    }
    container.exits.clone_from(&other.exits);
    container.stubborn = other.stubborn;
}

impl Ecs {
    /// Makes a new revision of a family. Its programs behave as those of the same image
    /// do, in whichever revision; a new image behaves as the oldest active revision does.
    pub(crate) fn register_definition(&mut self, mut fresh: Definition) -> Arc<Definition> {
        let family = self.definitions.entry(fresh.family.clone()).or_default();
        for container in &mut fresh.containers {
            let known = || {
                family
                    .values()
                    .flat_map(|d| d.containers.iter().map(move |c| (d.active, c)))
                    .filter(|(_, c)| c.name == container.name)
            };
            let same = known().rfind(|(_, c)| c.image == container.image);
            let other = same.or_else(|| known().find(|(active, _)| *active));
            if let Some(other) = other.map(|(_, c)| c.clone()) {
                behave_like(container, &other);
            }
        }
        let revision = family.keys().next_back().map_or(1, |last| last + 1);
        fresh.revision = revision;
        fresh.arn = self.desk.home.arn(
            "ecs",
            &format!("task-definition/{}:{revision}", fresh.family),
        );
        for log in fresh.containers.iter().filter_map(|c| c.log.as_ref()) {
            self.supply.look_for_group(&log.group);
        }
        let fresh = Arc::new(fresh);
        let family = self.definitions.entry(fresh.family.clone()).or_default();
        family.insert(revision, fresh.clone());
        fresh
    }

    /// Makes a revision INACTIVE; what runs with it goes on.
    pub(crate) fn deregister(&mut self, name: &str) -> Option<Arc<Definition>> {
        let now = self.desk.now;
        let mut changed = self.find_definition(name)?.as_ref().clone();
        changed.active = false;
        changed.deregistered = Some(now);
        let changed = Arc::new(changed);
        let family = self.definitions.get_mut(&changed.family)?;
        family.insert(changed.revision, changed.clone());
        Some(changed)
    }
}
