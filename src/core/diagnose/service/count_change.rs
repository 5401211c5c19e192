//! Who changed the count last, as far as that is to be seen: the journal, autoscaling's activities, and tasks that
//! went because fewer were wanted.
//!
//! ECS keeps no account of it (source: ECS API reference, Service: no field and no event tells who set
//! desiredCount), so that the newest trace is told, and who sets the count by the deck's word.

use super::autoscaling::EFFECT_SECONDS;
use super::scale_in::was_scaled_in;
use super::{Change, ServiceSnapshot, ended};
use crate::diagnose::cause::CauseId;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Arn, Deployment, Task, Time};
use crate::text::Clean;

/// A change counts as of late for so many seconds.
pub(super) const LATELY_SECONDS: i64 = 30 * 60;
/// Older changes are not told, in seconds: a day.
const TOLD_SECONDS: i64 = 86_400;

/// The last change of the count.
pub(super) fn changed(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<Change> {
    let known: Vec<Change> = [from_here(snapshot), activity(snapshot)]
        .into_iter()
        .flatten()
        .collect();
    // Tasks that go by a change that is known are no change of their own.
    let follows = |change: &Change, of: &Change| {
        let between = change.at.zip(of.at);
        between
            .is_some_and(|(at, of)| (0..=EFFECT_SECONDS).contains(&at.duration_since(of).as_secs()))
    };
    let went = went(snapshot, primary);
    let went = went.filter(|went| !known.iter().any(|known| follows(went, known)));
    let newest = known.into_iter().chain(went).max_by_key(|change| change.at);
    newest.filter(|change| snapshot.since(change.at) <= TOLD_SECONDS)
}

fn from_here(snapshot: ServiceSnapshot<'_>) -> Option<Change> {
    let set = snapshot.local.count_set.as_ref()?;
    Some(Change {
        deployed: None,
        by: set.by.clone(),
        at: Some(set.at),
        what: Clean::own(format!("count {} \u{2192} {}", set.before, set.after)),
        subject: None,
    })
}

fn activity(snapshot: ServiceSnapshot<'_>) -> Option<Change> {
    let service = snapshot.service;
    let scaling = snapshot.facts.autoscaling(&service.cluster, &service.arn)?;
    let newest = scaling.activities.iter().find(|one| one.sets().is_some())?;
    Some(Change {
        deployed: None,
        by: Some(Arn::new("autoscaling")),
        at: newest.started,
        what: Clean::own(newest.description.trim_end_matches('.').to_owned()),
        subject: None,
    })
}

fn went(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<Change> {
    let at = scaled_in(snapshot, primary)?;
    let who = snapshot.local.owner_words();
    let who = who.map(|who| format!("; {who}")).unwrap_or_default();
    Some(Change {
        deployed: None,
        by: None,
        at: Some(at),
        what: Clean::own(format!("the count was lowered{who}")),
        subject: None,
    })
}

/// When a task of the deployment went because fewer were wanted, the last one.
fn scaled_in(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<Time> {
    let gone = |task: &&Task| was_scaled_in(snapshot, task, Some(primary));
    let gone = snapshot.tasks_of(Some(primary)).filter(gone);
    gone.filter_map(|task| task.stopping.or(ended(task))).max()
}

/// Why the count has moved, where the deck knows who moves it and AWS cannot be asked.
pub(super) fn explained(
    snapshot: ServiceSnapshot<'_>,
    primary: Option<&Deployment>,
) -> Option<Evidence> {
    let who = snapshot.local.owner_words()?;
    let at = scaled_in(snapshot, primary?)?;
    if snapshot.since(Some(at)) > LATELY_SECONDS {
        return None;
    }
    // The deck's word explains; that all is well stays the first thing that is said.
    let mut found = Evidence::about(
        EvidenceSource::Deck,
        snapshot.service.arn.clean().clone(),
        CauseId::SchedulerActivity,
        0.5,
        format!("the count was lowered, and {who}"),
    );
    found.at = Some(at);
    Some(found)
}

#[cfg(test)]
mod tests;
