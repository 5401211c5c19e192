//! How traffic moves to a new revision: all at once, in steps, or a small part first; and how long that takes by the
//! configuration.
//!
//! A rollout that goes as it was configured is not late, however long that is, and what rolling rollouts took before
//! says nothing of it.

use super::ServiceSnapshot;
use crate::diagnose::cause::CauseId;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{DeploymentSettings, ServiceDeployment, Strategy};

/// AWS's own work between two stages takes about so many seconds.
const STAGE_SECONDS: i64 = 60;

/// Where no step is shorter, in seconds.
const LATE_SECONDS: i64 = 600;

/// Seconds from the moment at which all new tasks are well to the end; none for a rolling deployment, which moves
/// traffic with its tasks.
pub(super) fn seconds(settings: &DeploymentSettings) -> Option<i64> {
    let baking = 60 * i64::from(settings.bake_minutes.unwrap_or_default());
    Some(shifting(settings)? + baking + 3 * STAGE_SECONDS)
}

fn shifting(settings: &DeploymentSettings) -> Option<i64> {
    Some(match settings.strategy {
        Strategy::Rolling => return None,
        Strategy::BlueGreen => 0,
        Strategy::Linear {
            step_permille,
            step_bake_minutes,
        } => {
            let steps = 1_000_u32.div_ceil(step_permille.max(1));
            i64::from(steps) * 60 * i64::from(step_bake_minutes)
        }
        Strategy::Canary { bake_minutes, .. } => 60 * i64::from(bake_minutes),
    })
}

/// Seconds that one step takes.
pub(super) fn step(settings: &DeploymentSettings) -> i64 {
    STAGE_SECONDS
        + match settings.strategy {
            Strategy::Linear {
                step_bake_minutes, ..
            } => 60 * i64::from(step_bake_minutes),
            Strategy::Canary { bake_minutes, .. } => 60 * i64::from(bake_minutes),
            Strategy::Rolling | Strategy::BlueGreen => 0,
        }
}

/// A task that has been unhealthy for so many seconds since it started will not be well: a step, and no more than the
/// shortest time after which any rollout is late. None where traffic does not move in steps.
pub(super) fn patience(settings: &DeploymentSettings) -> Option<i64> {
    match settings.strategy {
        Strategy::Linear { .. } | Strategy::Canary { .. } => Some(step(settings).min(LATE_SECONDS)),
        Strategy::Rolling | Strategy::BlueGreen => None,
    }
}

/// How far the traffic has moved, where that is told.
pub(super) fn progress(snapshot: ServiceSnapshot<'_>) -> Option<Evidence> {
    let ongoing = snapshot.history().and_then(|history| history.ongoing())?;
    progress_of(ongoing, &snapshot.service.settings)
}

/// The same of one rollout with these settings.
pub(in crate::diagnose) fn progress_of(
    ongoing: &ServiceDeployment,
    settings: &DeploymentSettings,
) -> Option<Evidence> {
    let whole = shifting(settings)?;
    let weight = ongoing.target_weight?;
    let shifts = ongoing
        .stage
        .as_ref()
        .is_some_and(|stage| stage.contains("PRODUCTION_TRAFFIC_SHIFT"));
    if !shifts {
        return None;
    }
    let steps = match settings.strategy {
        Strategy::Linear {
            step_permille,
            step_bake_minutes,
        } => format!(
            ", {} more every {step_bake_minutes} min",
            percent(f64::from(step_permille) / 10.0)
        ),
        Strategy::Canary { bake_minutes, .. } => {
            format!(", all of it {bake_minutes} min after the first part")
        }
        Strategy::Rolling | Strategy::BlueGreen => String::new(),
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "minutes of a rollout"
    )]
    let left = (whole as f64 * (1.0 - weight / 100.0)).max(0.0) as i64;
    let left = left + 60 * i64::from(settings.bake_minutes.unwrap_or_default());
    let mut told = Evidence::about(
        EvidenceSource::ServiceDeployment,
        ongoing.arn.clean().clone(),
        CauseId::Progressing,
        0.9,
        format!(
            "{}: {} of the traffic goes to the new revision{steps}; about {} min left",
            settings.strategy.word(),
            percent(weight),
            left.div_euclid(60) + 1
        ),
    );
    told.at = ongoing.started.or(ongoing.created);
    Some(told)
}

fn percent(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0} %")
    } else {
        format!("{value:.1} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(strategy: Strategy, bake: u32) -> DeploymentSettings {
        DeploymentSettings {
            strategy,
            bake_minutes: Some(bake),
            ..DeploymentSettings::default()
        }
    }

    #[test]
    fn the_configuration_tells_how_long_the_traffic_takes() {
        let linear = Strategy::Linear {
            step_permille: 100,
            step_bake_minutes: 6,
        };
        assert_eq!(seconds(&with(linear, 5)), Some(3_600 + 300 + 180));
        let canary = Strategy::Canary {
            permille: 50,
            bake_minutes: 30,
        };
        assert_eq!(seconds(&with(canary, 0)), Some(1_800 + 180));
        assert_eq!(seconds(&with(Strategy::BlueGreen, 10)), Some(600 + 180));
        assert_eq!(seconds(&with(Strategy::Rolling, 10)), None);
    }
}
