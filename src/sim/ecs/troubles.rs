//! Troubles: which of the declared ways to fail are in force, and whom they hit.
//!
//! Invariant: whether a trouble hits a task is drawn from the seed, the trouble and
//! the task, so that asking changes nothing.

use crate::clock::Time;
use crate::ecs::{Definition, Ecs};
use crate::random::{Random, name_key};
use crate::world::{LaunchType, TroubleSpec, TroubleStage};

/// A way to fail, and whether it is in force.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) spec: TroubleSpec,
    active: bool,
    from: Option<Time>,
    until: Option<Time>,
    /// The tasks that it has hit.
    hits: u32,
}

/// Who might be hit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Victim<'a> {
    pub(crate) cluster: &'a str,
    /// The name of its service.
    pub(crate) service: Option<&'a str>,
    pub(crate) definition: &'a Definition,
    pub(crate) launch: LaunchType,
    pub(crate) provider: Option<&'a str>,
    /// The number of the task, to draw whether it is hit.
    pub(crate) number: u64,
}

impl Trouble {
    fn in_force(&self, now: Time) -> bool {
        self.active
            && self.from.is_none_or(|from| from <= now)
            && self.until.is_none_or(|until| now < until)
            && self.spec.first.is_none_or(|first| self.hits < first)
    }

    fn aims_at(&self, victim: Victim<'_>) -> bool {
        let spec = &self.spec;
        let definition = victim.definition;
        let image = |wanted: &str| {
            definition.containers.iter().any(|container| {
                container.image == wanted || crate::ecs::split_image(&container.image).0 == wanted
            })
        };
        let capacity = |wanted: &str| match victim.provider {
            Some(provider) => provider == wanted,
            None => wanted == victim.launch.name(),
        };
        let is = |wanted: &Option<crate::world::Name>, have: &str| {
            wanted.as_ref().is_none_or(|name| name.get_ref() == have)
        };
        is(&spec.cluster, victim.cluster)
            && is(&spec.service, victim.service.unwrap_or_default())
            && is(&spec.task_definition, &definition.name())
            && spec.family.as_ref().is_none_or(|f| *f == definition.family)
            && spec.image.as_deref().is_none_or(image)
            && spec.capacity.as_deref().is_none_or(capacity)
    }
}

impl Ecs {
    /// Makes a trouble known; its moments are relative to `epoch`.
    pub(super) fn add_trouble(&mut self, spec: &TroubleSpec, epoch: Time) {
        self.troubles.push(Trouble {
            active: spec.active,
            from: spec.from.map(|span| epoch + span.0),
            until: spec.until.map(|span| epoch + span.0),
            hits: 0,
            spec: spec.clone(),
        });
    }

    /// Begins or ends a trouble.
    pub(crate) fn set_trouble(&mut self, name: &str, active: bool) {
        for trouble in &mut self.troubles {
            if trouble.spec.name == name {
                trouble.active = active;
                trouble.hits = 0;
            }
        }
        let services: Vec<_> = self.services.iter().map(|s| s.key).collect();
        for service in services {
            self.plan_reconcile(service, crate::clock::SECOND);
        }
    }

    /// The first trouble of a stage that is in force and hits a victim.
    pub(crate) fn trouble_at(&self, stage: TroubleStage, victim: Victim<'_>) -> Option<usize> {
        if self.troubles.is_empty() {
            return None;
        }
        self.troubles.iter().position(|trouble| {
            trouble.spec.stage == stage
                && trouble.in_force(self.desk.now)
                && trouble.aims_at(victim)
                && self.hits(trouble, victim.number)
        })
    }

    fn hits(&self, trouble: &Trouble, number: u64) -> bool {
        let seed = self.desk.seed ^ name_key(&trouble.spec.name);
        trouble.spec.share >= 1.0 || Random::of(seed, "trouble", number).chance(trouble.spec.share)
    }

    /// The trouble of a number, while it is in force.
    pub(crate) fn trouble(&self, number: usize) -> Option<&Trouble> {
        self.troubles
            .get(number)
            .filter(|trouble| trouble.in_force(self.desk.now))
    }

    /// A trouble has hit one more task.
    pub(crate) fn trouble_hit(&mut self, number: usize) {
        if let Some(trouble) = self.troubles.get_mut(number) {
            trouble.hits += 1;
        }
    }
}
