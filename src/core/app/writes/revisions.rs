//! The revisions of a service's family to choose from, where ECS knows none that went well.

use crate::app::model::Model;
use crate::app::model::candidate::Candidate;
use crate::diagnose::changes_between;
use crate::domain::{Arn, ListedRevision, Rollout, RolloutHistory, Service, Time};
use crate::text::Clean;

/// All but the one that the service is at, in the order in which they were listed.
pub(super) fn candidates(
    model: &Model,
    service: &Service,
    history: &RolloutHistory,
    listed: &[ListedRevision],
) -> Vec<Candidate> {
    let present = &service.task_definition;
    let mut own = listed.iter().filter(|one| one.arn == *present);
    let own = own.find_map(|one| one.definition.as_ref().ok());
    let now = own.or_else(|| model.fleet.definitions.get(present).map(AsRef::as_ref));
    let others = listed.iter().filter(|one| one.arn != *present);
    others
        .map(|one| {
            let (rollout, ran) = last_rollout(service, history, &one.arn).unzip();
            let read = one.definition.as_ref().ok();
            Candidate {
                revision: Clean::new(one.arn.name()),
                active: one.active,
                registered: read.and_then(|read| read.registered),
                ran: ran.flatten(),
                rollout,
                changes: now.zip(read).map(|(now, read)| {
                    let changes = changes_between(now, read).into_iter();
                    changes.map(Clean::own).collect()
                }),
                error: one
                    .definition
                    .as_ref()
                    .err()
                    .map(|error| Clean::own(error.to_string())),
            }
        })
        .collect()
}

/// How the last rollout of a revision here ended, and when it began.
fn last_rollout(
    service: &Service,
    history: &RolloutHistory,
    revision: &Arn,
) -> Option<(&'static str, Option<Time>)> {
    let brings = |target: &Arn| {
        let target = history.revisions.get(target);
        target.is_some_and(|target| target.task_definition == *revision)
    };
    let mut deployments = history.deployments.iter();
    if let Some(found) = deployments.find(|one| one.target.as_ref().is_some_and(brings)) {
        return Some((found.status.word(), found.started.or(found.created)));
    }
    let mut deployments = service.deployments.iter();
    let found = deployments.find(|one| one.task_definition == *revision)?;
    let how = match found.rollout? {
        Rollout::Completed => "successful",
        Rollout::Failed => "failed",
        Rollout::InProgress => "in progress",
    };
    Some((how, found.created))
}

/// The place of the one that is offered first: the newest before the present one that can run and whose rollout has not
/// failed; where there is none, the newest that can run.
pub(super) fn offered(candidates: &[Candidate], present: &Arn) -> usize {
    let number = |one: &Candidate| Arn::new(&one.revision).revision();
    let failed = ["rolled back", "rollback failed", "rolling back", "failed"];
    let is_good = |one: &Candidate| {
        let ended = one.rollout.is_none_or(|how| !failed.contains(&how));
        one.active && ended && number(one) < present.revision()
    };
    let mut all = candidates.iter();
    let good = all.position(is_good);
    let mut all = candidates.iter();
    good.or_else(|| all.position(|one| one.active))
        .unwrap_or_default()
}
