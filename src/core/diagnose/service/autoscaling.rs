//! Application Auto Scaling that takes back what somebody set.
//!
//! A change of the count by hand leaves no trace of its own, unless it was made from here. It shows in tasks that came or went without a rollout
//! and without a scaling activity just before; an activity that follows sets the count anew (source: ECS developer
//! guide, "Automatically scale your service": autoscaling may overwrite a count that was set by hand).

use super::scale_in::was_scaled_in;
use super::{ServiceSnapshot, ended};
use crate::diagnose::cause::CauseId;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Deployment, ScalingActivity, Task, Time};

/// An activity counts for so many seconds.
const RECENT_SECONDS: i64 = 30 * 60;
/// It follows what somebody set within so many seconds.
const FOLLOWS_SECONDS: i64 = 20 * 60;
/// Tasks come and go within so many seconds of the activity that wants them to.
pub(super) const EFFECT_SECONDS: i64 = 150;

/// A task that has ended is replaced within so many seconds.
const REPLACED_SECONDS: i64 = 300;

/// What autoscaling did against what somebody had set, where it did so of late.
pub(super) fn overrode(
    snapshot: ServiceSnapshot<'_>,
    primary: Option<&Deployment>,
) -> Option<Evidence> {
    let service = snapshot.service;
    let scaling = snapshot.facts.autoscaling(&service.cluster, &service.arn)?;
    let newest = scaling.activities.iter().find(|one| one.sets().is_some())?;
    let at = newest.started?;
    if snapshot.since(Some(at)) > RECENT_SECONDS || newest.sets() != Some(service.desired) {
        return None;
    }
    let follows =
        |moved: &Time| *moved < at && at.duration_since(*moved).as_secs() <= FOLLOWS_SECONDS;
    let set = snapshot.local.count_set.as_ref();
    let undone =
        set.filter(|set| follows(&set.at) && set.after.as_str() != service.desired.to_string());
    let by_hand = moves(snapshot, primary)
        .filter(follows)
        .filter(|moved| !is_effect(*moved, &scaling.activities))
        .max();
    let after = match (undone, by_hand) {
        (Some(set), _) => format!(
            "the count was set to {} from here at {}",
            set.after,
            set.at.strftime("%H:%M:%SZ")
        ),
        (None, Some(by_hand)) => format!(
            "tasks had come or gone at {} that no activity had asked for",
            by_hand.strftime("%H:%M:%SZ")
        ),
        (None, None) => return None,
    };
    let mut found = Evidence::about(
        EvidenceSource::Autoscaling,
        newest.id.clone(),
        CauseId::AutoscalerOverride,
        0.9,
        format!("{} ({}), after {after}", newest.description, newest.cause),
    );
    found.at = Some(at);
    Some(found)
}

/// When tasks of the deployment came or went though none failed and no rollout was under way.
fn moves<'a>(
    snapshot: ServiceSnapshot<'a>,
    primary: Option<&'a Deployment>,
) -> impl Iterator<Item = Time> {
    let completed = primary.and_then(|primary| primary.updated);
    snapshot.tasks_of(primary).filter_map(move |task: &Task| {
        if was_scaled_in(snapshot, task, primary) {
            return ended(task).and(task.stopping.or(task.stopped));
        }
        let made = task.created?;
        (completed.is_some() && Some(made) > completed && !replaces(snapshot, made)).then_some(made)
    })
}

/// Whether a task that was made then took the place of one that had ended.
fn replaces(snapshot: ServiceSnapshot<'_>, made: Time) -> bool {
    snapshot
        .tasks
        .iter()
        .filter_map(|task| ended(task))
        .any(|end| (-30..=REPLACED_SECONDS).contains(&made.duration_since(end).as_secs()))
}

fn is_effect(moved: Time, activities: &[ScalingActivity]) -> bool {
    activities
        .iter()
        .filter_map(|one| one.started)
        .any(|started| {
            let after = moved.duration_since(started).as_secs();
            (0..=EFFECT_SECONDS).contains(&after)
        })
}
