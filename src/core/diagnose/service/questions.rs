//! What AWS is asked of a service: the one thing that decides where the words allow several causes.
//!
//! Questions follow from the evidence alone, so that one stays asked once it is answered. They are few: each is
//! a call.

use std::collections::BTreeSet;

use super::count_change::LATELY_SECONDS;
use super::scale_in::was_scaled_in;
use super::{ServiceSnapshot, ended};
use crate::diagnose::cause::CauseId;
use crate::diagnose::deciding::{log_lines, questions};
use crate::diagnose::{Cause, Diagnosis, Question};
use crate::domain::{Controller, Rollout, Task};

/// More is not asked of one service.
const MOST: usize = 6;
/// A rollout without a new task that runs well asks for its target group after so many seconds.
const LONG_SECONDS: i64 = 120;

/// What to ask, the most telling first.
pub(super) fn of(snapshot: ServiceSnapshot<'_>, found: &Diagnosis) -> Vec<Question> {
    let service = snapshot.service;
    let mut asked = Vec::new();
    let primary = service.primary();
    let rolling = primary
        .is_some_and(|one| matches!(one.rollout, Some(Rollout::InProgress | Rollout::Failed)));
    // Others have no service deployments (source: ECS API reference, ListServiceDeployments).
    let rolls = service.controller == Controller::Ecs;
    if rolls && (rolling || found.verdict.is_bad_news()) {
        asked.push(Question::rollouts(service));
    }
    let scaled = |task: &&&Task| {
        was_scaled_in(snapshot, task, primary) && snapshot.since(ended(task)) < LATELY_SECONDS
    };
    let scaled = snapshot.tasks.iter().any(|task| scaled(&task));
    // During a rollout more run than are wanted anyway.
    let doubt = scaled || (!rolling && service.running != service.desired);
    // Where autoscaling is known to set the count, there is more to doubt: none at all, and what was set from here.
    let set = snapshot.local.count_set.as_ref();
    let set = set.is_some_and(|set| snapshot.since(Some(set.at)) < LATELY_SECONDS);
    let owned = snapshot.local.is_autoscaled() && (doubt || set || service.desired == 0);
    if owned || (!rolling && doubt) {
        asked.push(Question::autoscaling(service));
    }
    for cause in found.causes.iter().take(3) {
        about(snapshot, cause, &mut asked);
        questions::about(snapshot.known(), cause, &mut asked);
    }
    if found.verdict.is_bad_news() || rolling {
        let mut causes = found.causes.iter();
        asked.extend(causes.find_map(|cause| log_lines::question(snapshot.known(), cause)));
    }
    if rolling
        && found.last_healthy.is_none()
        && snapshot.since(primary.and_then(|primary| primary.created)) > LONG_SECONDS
    {
        target_groups(snapshot, &mut asked);
    }
    let mut seen = BTreeSet::new();
    asked.retain(|question| seen.insert(question.clone()));
    asked.truncate(MOST);
    asked
}

/// What decides about a cause that only a service has.
fn about(snapshot: ServiceSnapshot<'_>, cause: &Cause, asked: &mut Vec<Question>) {
    use CauseId::*;
    match cause.id {
        TargetUnhealthy | TargetGroupMisconfigured | HealthGraceTooShort => {
            target_groups(snapshot, asked);
        }
        DeploymentAlarm => {
            let newest = snapshot
                .history()
                .and_then(|history| history.deployments.first());
            let alarms = newest.and_then(|newest| newest.alarms.as_ref());
            let names = alarms
                .map(|alarms| &alarms.names)
                .filter(|names| !names.is_empty());
            asked.extend(names.cloned().map(Question::Alarms));
        }
        _ => {}
    }
}

fn target_groups(snapshot: ServiceSnapshot<'_>, asked: &mut Vec<Question>) {
    let balancers = snapshot.service.load_balancers.iter();
    let groups = balancers.filter_map(|balancer| balancer.target_group.clone());
    asked.extend(groups.map(Question::TargetGroup));
}
