//! A revision that is deployed again although its tasks had failed: deploying it again mends nothing by itself.
//!
//! The failures are the earlier deployment's, and are told as such. They count until a task of the revision gets
//! further, or until what was missing is there.

use super::crash_loop::is_lasting;
use super::{ServiceSnapshot, ended};
use crate::diagnose::cause::{CauseId, Family};
use crate::diagnose::evidence::{failures, is_failure};
use crate::diagnose::{Evidence, EvidenceSource, Fact, Question};
use crate::domain::{Deployment, ImageState, Task, TaskStatus};
use crate::text::Clean;

/// Failures of longer ago are history, in seconds.
const LATELY_SECONDS: i64 = 30 * 60;

/// Why the same revision failed before, where another try alone does not mend that.
pub(super) fn failed_before(
    snapshot: ServiceSnapshot<'_>,
    primary: &Deployment,
) -> Option<Evidence> {
    let of_it = |task: &&Task| task.definition == primary.task_definition;
    let tasks = || snapshot.tasks.iter().copied().filter(of_it);
    if primary.running > 0 || tasks().any(|task| task.status == TaskStatus::Running) {
        return None;
    }
    let before = |task: &&Task| {
        is_failure(task)
            && !snapshot.owns(Some(primary), task)
            && snapshot.since(ended(task)) < LATELY_SECONDS
    };
    let pulled = snapshot
        .tasks_of(Some(primary))
        .any(|task| task.pull_stopped.is_some());
    let counts = |one: &Evidence| {
        let Some(best) = one.ranking.first().filter(|best| best.confidence >= 0.6) else {
            return false;
        };
        let overcome = best.cause.family() == Family::Image && pulled
            || best.cause == CauseId::ImageNotFound && was_pushed(snapshot, tasks());
        is_lasting(best.cause) && !overcome
    };
    let found = failures(tasks().filter(before)).into_iter().find(counts)?;
    Some(Evidence {
        source: EvidenceSource::Deployment,
        reference: primary.id.clone(),
        text: Clean::own(format!(
            "this revision failed before it was deployed again: {}",
            found.text
        )),
        ..found
    })
}

/// Whether ECR has an image of these tasks by now.
fn was_pushed<'a>(snapshot: ServiceSnapshot<'_>, tasks: impl Iterator<Item = &'a Task>) -> bool {
    let mut images = tasks
        .flat_map(|task| &task.containers)
        .filter_map(|container| container.image.clone());
    images.any(|image| {
        matches!(
            snapshot.facts.fact(&Question::Image(image)),
            Some(Fact::Image(ImageState::Exists { .. }))
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::diagnose::sample::{NOW, ago, deployment, revision, service, task, unstarted};
    use crate::diagnose::{Facts, LocalFacts, Verdict, diagnose_service};
    use crate::domain::{Rollout, Service, Time};

    /// `web:2`, deployed again a minute ago.
    fn redeployed() -> Service {
        let mut service = service("web");
        let mut again = deployment("ecs-svc/3", "web:2");
        (again.running, again.created) = (0, Some(ago(60)));
        again.rollout = Some(Rollout::InProgress);
        service.deployments = vec![again];
        service
    }

    /// A task of `web:2` that failed in the deployment before, so many seconds ago.
    fn failed(words: &str, seconds_ago: i64) -> Task {
        let mut failed = unstarted(task("web", "1"), words, seconds_ago);
        failed.definition = revision("web:2");
        failed.started_by = Some(Clean::new("ecs-svc/2"));
        failed.created = Some(ago(seconds_ago + 30));
        failed
    }

    const NOT_FOUND: &str = "CannotPullContainerError: manifest for app:9 not found";

    fn found(tasks: &[&Task], facts: &Facts) -> Option<Evidence> {
        let service = redeployed();
        let snapshot = ServiceSnapshot {
            service: &service,
            tasks,
            facts,
            definitions: &BTreeMap::new(),
            local: &LocalFacts::default(),
            now: Time::from_second(NOW).unwrap(),
        };
        let evidence = failed_before(snapshot, service.primary().unwrap());
        let found = diagnose_service(snapshot);
        assert_eq!(
            found.verdict == Verdict::Stuck,
            evidence.is_some(),
            "{found:?}"
        );
        evidence
    }

    #[test]
    fn what_failed_before_counts_on_until_a_task_of_the_revision_runs() {
        let failed = failed(NOT_FOUND, 100);
        let evidence = found(&[&failed], &Facts::default()).unwrap();
        assert!(
            evidence
                .text
                .contains("failed before it was deployed again"),
            "{}",
            evidence.text
        );
        let mut running = task("web", "2");
        running.definition = revision("web:2");
        assert!(found(&[&failed, &running], &Facts::default()).is_none());
        let mut other = failed.clone();
        other.definition = revision("web:1");
        assert!(
            found(&[&other], &Facts::default()).is_none(),
            "another revision"
        );
    }

    #[test]
    fn what_another_try_may_mend_and_what_was_long_ago_does_not_count() {
        let none = Facts::default();
        assert!(
            found(
                &[&failed("Capacity is unavailable at this time", 100)],
                &none
            )
            .is_none()
        );
        assert!(found(&[&failed(NOT_FOUND, 40 * 60)], &none).is_none());
    }

    #[test]
    fn an_image_that_is_there_by_now_is_no_longer_missing() {
        let failed = failed(NOT_FOUND, 100);
        let image = Clean::new("1.dkr.ecr.eu-west-1.amazonaws.com/app:9");
        let mut with_image = failed.clone();
        with_image.containers[0].image = Some(image.clone());
        let mut facts = Facts::default();
        let now = Time::from_second(NOW).unwrap();
        facts.put(
            Question::Image(image),
            now,
            Ok(Fact::Image(ImageState::Exists {
                digest: None,
                pushed: None,
                bytes: None,
            })),
        );
        assert!(found(&[&with_image], &facts).is_none());
        let mut pulling = task("web", "2");
        (pulling.definition, pulling.status) = (revision("web:2"), TaskStatus::Pending);
        (pulling.started_by, pulling.created) = (Some(Clean::new("ecs-svc/3")), Some(ago(50)));
        (pulling.started, pulling.pull_stopped) = (None, Some(ago(10)));
        assert!(found(&[&failed, &pulling], &Facts::default()).is_none());
    }
}
