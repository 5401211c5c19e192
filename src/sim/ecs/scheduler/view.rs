//! What the scheduler sees when it looks at a service.

use crate::ecs::Ecs;
use crate::ecs::capacity::InstanceStatus;
use crate::ecs::deployment::Deployment;
use crate::ecs::{Service, Task, TaskKey};
use crate::world::{LifecycleStage, Strategy};

/// A task as the scheduler sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) key: TaskKey,
    pub(super) serves: bool,
    pub(super) protected: bool,
}

/// A service as the scheduler sees it.
#[derive(Debug)]
pub(super) struct View {
    pub(super) desired: u32,
    pub(super) primary_id: String,
    /// Wanted tasks of the primary deployment, where they may stay.
    pub(super) ours: Vec<Seen>,
    /// Wanted tasks that are to be replaced: of others, or on draining instances.
    pub(super) others: Vec<Seen>,
    /// Wanted tasks.
    pub(super) live: u32,
    pub(super) serving: u32,
    /// New tasks may be started, as far as lifecycle hooks are concerned.
    pub(super) may_start: bool,
    /// Old tasks may be stopped, as far as the deployment's stage is concerned.
    pub(super) may_replace: bool,
}

pub(super) fn count<T>(of: &[T]) -> u32 {
    u32::try_from(of.len()).unwrap_or(u32::MAX)
}

/// What the stage of a deployment under way lets the scheduler do: start, and replace.
fn gates(service: &Service) -> (bool, bool) {
    let Some(ongoing) = service.ongoing().filter(|d| d.status.forward()) else {
        return (true, true);
    };
    let scaling = ongoing.stage >= LifecycleStage::ScaleUp;
    match service.settings.strategy {
        Strategy::Rolling => (scaling, scaling),
        _ => (scaling, ongoing.stage >= LifecycleStage::CleanUp),
    }
}

impl View {
    pub(super) fn of(ecs: &Ecs, service: &Service) -> Option<Self> {
        let primary = service.primary()?;
        let draining = |task: &Task| {
            let instance = task.instance.and_then(|key| ecs.instance(key));
            instance.is_some_and(|instance| instance.status == InstanceStatus::Draining)
        };
        let stays =
            |task: &Task| task.owner.is_some_and(|(_, o)| o == primary.key) && !draining(task);
        let mut view = View {
            desired: service.desired,
            primary_id: primary.id.clone(),
            ours: Vec::new(),
            others: Vec::new(),
            live: 0,
            serving: 0,
            may_start: false,
            may_replace: false,
        };
        (view.may_start, view.may_replace) = gates(service);
        for task in service.live.iter().filter_map(|key| ecs.tasks.get(key)) {
            if !task.wanted {
                continue;
            }
            let seen = Seen {
                key: task.key,
                serves: task.serves(),
                protected: task.protected_at(ecs.desk.now),
            };
            view.live += 1;
            view.serving += u32::from(seen.serves);
            if stays(task) {
                view.ours.push(seen);
            } else {
                view.others.push(seen);
            }
        }
        Some(view)
    }

    /// All wanted tasks of the primary deployment are there and serve.
    pub(super) fn up(&self) -> bool {
        count(&self.ours) == self.desired && self.ours.iter().all(|task| task.serves)
    }

    /// … and nothing is left of what they replace.
    pub(super) fn replaced(&self, service: &Service) -> bool {
        let active = |d: &&Deployment| d.inactive.is_none();
        self.up()
            && self.others.is_empty()
            && service.deployments.iter().filter(active).count() == 1
    }
}
