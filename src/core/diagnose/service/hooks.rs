//! Why a healthy rollout waits: lifecycle hooks, pauses, bake time.

use super::ServiceSnapshot;
use crate::diagnose::cause::CauseId;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::ServiceDeployment;

/// What the rollout waits for by its own settings (source: ECS developer guide, "Lifecycle hooks for Amazon ECS
/// service deployments"; bake time keeps a deployment IN_PROGRESS on purpose).
pub(super) fn held(snapshot: ServiceSnapshot<'_>) -> Option<Evidence> {
    let ongoing = snapshot.history()?.ongoing()?;
    let words = waits_for(ongoing)?;
    let mut held = Evidence::about(
        EvidenceSource::ServiceDeployment,
        ongoing.arn.clean().clone(),
        CauseId::WaitingOnHook,
        0.9,
        words,
    );
    held.at = ongoing.started.or(ongoing.created);
    Some(held)
}

/// Whether a person has to do something for the rollout to go on.
pub(super) fn needs_attention(snapshot: ServiceSnapshot<'_>) -> bool {
    let ongoing = snapshot.history().and_then(|history| history.ongoing());
    ongoing.is_some_and(|ongoing| ongoing.hooks.iter().any(|hook| hook.awaits_action()))
}

/// What a rollout waits for by its own settings; none where it waits for nothing.
pub(in crate::diagnose) fn waits_for(ongoing: &ServiceDeployment) -> Option<String> {
    let stage = ongoing.stage.as_ref();
    let at = stage.map_or_else(String::new, |stage| format!(" at {stage}"));
    if let Some(hook) = ongoing.hooks.iter().find(|hook| hook.awaits_action()) {
        let until = match (&hook.expires, &hook.timeout_action) {
            (Some(expires), Some(action)) => {
                format!(
                    "; at {} ECS will {action}",
                    expires.strftime("%Y-%m-%dT%H:%M:%SZ")
                )
            }
            _ => String::new(),
        };
        return Some(format!(
            "paused{at} at a hook, waiting for someone to continue (hook {}, AWAITING_ACTION{until})",
            hook.id
        ));
    }
    let runs = |status: &str| status == "IN_PROGRESS";
    if let Some(hook) = ongoing.hooks.iter().find(|hook| runs(hook.status.as_str())) {
        return Some(format!("hook {}{at} has not finished yet", hook.id));
    }
    stage.filter(|stage| stage.as_str() == "BAKE_TIME")?;
    Some(match ongoing.bake_minutes {
        Some(minutes) => format!("bake time: both revisions are kept for {minutes} min"),
        None => "bake time: both revisions are kept for a while".to_owned(),
    })
}
