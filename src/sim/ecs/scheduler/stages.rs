//! The stages of a service deployment: what each waits for, lifecycle hooks, bake time.
//!
//! Invariant: a deployment leaves a stage only when all hooks of that stage passed.
//!
//! source: developer guide, deployment-lifecycle-hooks (stages, what a hook may answer),
//! continue-service-deployment (a hook must await an action, and the deployment be under way);
//! botocore `ecs`, ServiceDeploymentLifecycleStage and DeploymentLifecycleHook. How long
//! stages take is ours.

use super::fail::Failing;
use super::view::View;
use super::{HookTurn, words};
use crate::clock::{MINUTE, Millis, SECOND};
use crate::ecs::deployment::{DeploymentStatus, HookRun, HookStatus};
use crate::ecs::{Due, Ecs};
use crate::ecs::{Service, ServiceKey};
use crate::world::{HookAnswer, HookTarget, LifecycleStage, Strategy, TimeoutAction};

/// How long a rolling deployment with alarms is watched after its tasks are up.
///
/// source: developer guide, deployment-alarm-failure ("less than 5 minutes").
const ALARM_BAKE: Millis = 3 * MINUTE;

/// The stage after one; rolling deployments shift no traffic.
fn next_stage(strategy: Strategy, stage: LifecycleStage) -> Option<LifecycleStage> {
    LifecycleStage::ALL
        .into_iter()
        .filter(|next| strategy != Strategy::Rolling || !next.shifts_traffic())
        .find(|next| *next > stage)
}

/// How long traffic takes to shift: at once, in a canary step, or in ten linear ones.
fn shift_time(strategy: Strategy) -> Millis {
    match strategy {
        Strategy::Rolling | Strategy::BlueGreen => 10 * SECOND,
        Strategy::Canary => 10 * MINUTE,
        Strategy::Linear => 60 * MINUTE,
    }
}

fn bake_time(service: &Service) -> Millis {
    let watched = service.settings.alarms.as_ref().is_some_and(|a| a.enable);
    let deaf = service.ongoing().is_some_and(|ongoing| ongoing.deaf);
    match service.settings.bake_minutes {
        0 if watched && !deaf => ALARM_BAKE,
        minutes => i64::from(minutes) * MINUTE,
    }
}

impl Ecs {
    /// Takes the deployment under way through as many stages as nothing holds.
    /// True when none is left to wait for.
    pub(super) fn pass_stages(&mut self, key: ServiceKey, view: &View) -> bool {
        loop {
            let Some(service) = self.service(key) else {
                return true;
            };
            let Some(ongoing) = service
                .ongoing()
                .filter(|d| d.status == DeploymentStatus::InProgress)
            else {
                return true;
            };
            let strategy = service.settings.strategy;
            let stage = ongoing.stage;
            let hooks = ongoing.hooks.iter().filter(|hook| hook.spec.stage == stage);
            let elapsed = self.desk.now - ongoing.staged;
            let left = match stage {
                LifecycleStage::ProductionTrafficShift => shift_time(strategy) - elapsed,
                LifecycleStage::BakeTime => bake_time(service) - elapsed,
                _ => 0,
            };
            let reached = match stage {
                LifecycleStage::ScaleUp if strategy == Strategy::Rolling => view.replaced(service),
                LifecycleStage::ScaleUp => view.up(),
                LifecycleStage::CleanUp => view.replaced(service),
                _ => true,
            };
            if !hooks.clone().all(HookRun::passed) || !reached {
                return false;
            }
            if left > 0 {
                self.plan_reconcile(key, left);
                return false;
            }
            match next_stage(strategy, stage) {
                Some(next) => self.enter_stage(key, next),
                None => return true,
            }
        }
    }

    pub(super) fn enter_stage(&mut self, key: ServiceKey, stage: LifecycleStage) {
        let now = self.desk.now;
        let Some(service) = self.service(key) else {
            return;
        };
        let number = (key.0 << 20) + (service.history.len() << 8);
        let hooks: Vec<HookRun> = service
            .settings
            .hooks
            .iter()
            .enumerate()
            .filter(|(_, hook)| hook.stage == stage)
            .map(|(at, hook)| HookRun {
                id: self
                    .desk
                    .random("hook", u64::try_from(number + at).unwrap_or_default())
                    .uuid(),
                spec: hook.clone(),
                status: match hook.target {
                    HookTarget::Lambda => HookStatus::InProgress,
                    HookTarget::Pause => HookStatus::AwaitingAction,
                },
                expires: now + hook.timeout.0,
            })
            .collect();
        for hook in &hooks {
            let due = |turn| Due::Hook(key, hook.id.clone(), turn);
            let answers = hook.spec.answer != HookAnswer::InProgress;
            if hook.spec.target == HookTarget::Lambda && answers {
                let mut random = self
                    .desk
                    .random("hook takes", crate::random::name_key(&hook.id));
                let after = hook.spec.after.draw(&mut random);
                self.desk.plan(after, due(HookTurn::Answer));
            }
            self.desk.plan(hook.spec.timeout.0, due(HookTurn::Timeout));
        }
        if let Some(ongoing) = self.service_mut(key).and_then(|s| s.ongoing_mut()) {
            ongoing.stage = stage;
            ongoing.staged = now;
            ongoing.hooks.extend(hooks);
        }
    }

    /// A hook answers, or has run out of time.
    pub(crate) fn hook_turns(&mut self, key: ServiceKey, id: &str, turn: HookTurn) {
        let Some(ongoing) = self.service_mut(key).and_then(|s| s.ongoing_mut()) else {
            return;
        };
        if ongoing.status != DeploymentStatus::InProgress {
            return;
        }
        let Some(hook) = ongoing.hooks.iter_mut().find(|hook| hook.id == id) else {
            return;
        };
        if !matches!(
            hook.status,
            HookStatus::InProgress | HookStatus::AwaitingAction
        ) {
            return;
        }
        let (status, words) = match turn {
            HookTurn::Answer if hook.spec.answer == HookAnswer::Failed => {
                (HookStatus::Failed, hook.spec.words.clone())
            }
            HookTurn::Answer => (HookStatus::Succeeded, None),
            HookTurn::Timeout => (HookStatus::TimedOut, Some("The hook timed out.".to_owned())),
        };
        hook.status = status;
        let goes_on = hook.passed();
        debug_assert!(goes_on || status != HookStatus::Succeeded);
        let stage = hook.spec.stage.name();
        if !goes_on {
            let why = words::hook_failed(stage, words.as_deref());
            self.fail_deployment(key, Failing::because(why));
        }
        self.plan_reconcile(key, SECOND);
    }

    /// Somebody continues past a pause, or does not: ContinueServiceDeployment.
    /// False when the hook does not wait for that.
    pub(crate) fn answer_pause(
        &mut self,
        key: ServiceKey,
        id: &str,
        action: TimeoutAction,
    ) -> bool {
        let Some(ongoing) = self.service_mut(key).and_then(|s| s.ongoing_mut()) else {
            return false;
        };
        let under_way = ongoing.status == DeploymentStatus::InProgress;
        let Some(hook) = ongoing
            .hooks
            .iter_mut()
            .find(|hook| hook.id == id && hook.status == HookStatus::AwaitingAction && under_way)
        else {
            return false;
        };
        match action {
            TimeoutAction::Continue => hook.status = HookStatus::Succeeded,
            TimeoutAction::Rollback => {
                hook.status = HookStatus::Failed;
                ongoing.status = DeploymentStatus::RollbackRequested;
            }
        }
        self.plan_reconcile(key, SECOND);
        true
    }
}
