//! Launching what the primary deployment lacks, as far as the ceiling and capacity let it.

use serde_json::Value;

use super::view::{View, count};
use super::{Launch, words};
use crate::clock::{Millis, SECOND};
use crate::ecs::Ecs;
use crate::ecs::deployment::Rollout;
use crate::ecs::{Deployment, Service, ServiceKey};
use crate::world::Strategy;

/// How long the scheduler waits before it looks for capacity again.
const LOOK_AGAIN: Millis = 45 * SECOND;

/// How many tasks of a service are launched at once at most, and when the next are.
///
/// source: developer guide, service-quotas (tasks launched by a service: 500 a minute, on
/// Fargate and on EC2); that it is a fifth of them each fifth of a minute is ours.
const AT_ONCE: u32 = 100;
const NEXT: Millis = 12 * SECOND;

/// What a service launches for a deployment.
pub(crate) fn launch_of(service: &Service, deployment: &Deployment) -> Launch {
    Launch {
        cluster: service.cluster.clone(),
        definition: deployment.definition.clone(),
        owner: Some((service.key, deployment.key)),
        group: format!("service:{}", service.name),
        started_by: Some(deployment.id.clone()),
        network: service.network.clone(),
        overrides: Value::Null,
        tags: Value::Null,
        execute_command: service.execute_command,
        launch: service.launch,
        provider: service.provider.clone(),
        instance: None,
        one_each: service.daemon,
    }
}

/// How many tasks may be launched now.
fn wanted(service: &Service, view: &View) -> u32 {
    let missing = view.desired.saturating_sub(count(&view.ours));
    let mut room = service.ceiling().saturating_sub(view.live);
    // Replacing what was lost is no deployment, and green tasks stand beside all blue
    // ones: then the ceiling does not bind.
    if view.others.is_empty() || service.settings.strategy != Strategy::Rolling {
        room = room.max(missing);
    }
    missing.min(room)
}

impl Ecs {
    pub(super) fn start_missing(&mut self, key: ServiceKey, view: &View) -> u32 {
        let Some(service) = self.service(key) else {
            return 0;
        };
        let Some(primary) = service.primary() else {
            return 0;
        };
        let wanted = wanted(service, view);
        let start = wanted.min(AT_ONCE);
        let failed = primary.rollout == Rollout::Failed;
        if start == 0 || failed || !service.active || !view.may_start {
            return 0;
        }
        let not_before = primary.not_before.max(service.notices.crowded_until);
        if not_before > self.desk.now {
            let wait = not_before - self.desk.now;
            self.plan_reconcile(key, wait);
            return 0;
        }
        let launch = launch_of(service, primary);
        let replaced = service.notices.replacing.min(start);
        let (mut ids, mut refused) = (Vec::new(), None);
        for _ in 0..start {
            let mut placed = launch.clone();
            match self.place(&placed) {
                Ok(instance) => placed.instance = instance,
                Err(refusal) => {
                    refused = Some(refusal);
                    break;
                }
            }
            let task = self.launch(placed);
            ids.extend(self.tasks.get(&task).map(|task| task.id.clone()));
        }
        self.note_started(key, &ids, replaced);
        if let Some(refusal) = refused {
            self.note_once(key, &refusal.about, &refusal.event);
            self.plan_reconcile(key, LOOK_AGAIN);
        } else {
            self.resolved(key, "place: ");
        }
        if wanted > start {
            let until = self.desk.now + NEXT;
            if let Some(service) = self.service_mut(key) {
                service.notices.crowded_until = until;
            }
            self.plan_reconcile(key, NEXT);
        }
        count(&ids)
    }

    fn note_started(&mut self, key: ServiceKey, ids: &[String], replaced: u32) {
        if ids.is_empty() {
            return;
        }
        if let Some(service) = self.service_mut(key) {
            service.notices.steady_said = None;
            service.notices.replacing = 0;
        }
        for batch in ids.chunks(10) {
            self.note(key, words::started(batch, replaced));
        }
    }
}
