//! A revision that is deployed again although its tasks had failed: deploying it again mends nothing by itself.
//!
//! The failures are the earlier deployment's, and are told as such. They count until a task of the revision gets
//! further, or until what was missing is there.

use super::crash_loop::is_lasting;
use super::{ServiceSnapshot, ended};
use crate::diagnose::cause::{CauseId, Family, SubjectKind};
use crate::diagnose::causes::causes;
use crate::diagnose::deciding::questions::about;
use crate::diagnose::evidence::{failures, is_failure};
use crate::diagnose::messages::{Subject, subjects};
use crate::diagnose::{Evidence, EvidenceSource, Fact, Question};
use crate::domain::{Deployment, Existence, ImageState, Permission, Task, TaskStatus};
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
        is_lasting(best.cause) && !overcome && !is_mended(snapshot, one)
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

/// Whether ECR has an image of these tasks by now, though nothing says which of them was missing.
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

/// Whether everything that decides about this failure was asked for and is as it should be by now.
fn is_mended(snapshot: ServiceSnapshot<'_>, failure: &Evidence) -> bool {
    // That a secret is there says nothing of a part of it.
    let of_a_part = |subject: &Subject| subject.kind == SubjectKind::JsonKey;
    if subjects(&failure.text).iter().any(of_a_part) || failure.text.contains("staging label") {
        return false;
    }
    let mut questions = Vec::new();
    for cause in causes(std::slice::from_ref(failure)) {
        about(snapshot.known(), &cause, &mut questions);
    }
    let is_good = |question: &Question| match snapshot.facts.fact(question) {
        Some(Fact::Image(state)) => matches!(state, ImageState::Exists { .. }),
        Some(Fact::Secret(state) | Fact::Parameter(state) | Fact::LogGroup(state)) => {
            *state == Existence::Exists
        }
        Some(Fact::MayRole(permission)) => *permission == Permission::Allowed,
        _ => false,
    };
    !questions.is_empty() && questions.iter().all(is_good)
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
    fn what_was_missing_and_is_there_by_now_no_longer_counts() {
        let secret = "arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf";
        let words = |why: &str| {
            format!(
                "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve \
                 secret from asm: failed to fetch secret {secret} from secrets manager: {why}"
            )
        };
        let gone =
            words("ResourceNotFoundException: Secrets Manager can't find the specified secret.");
        let stage = words(
            "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
        );
        let now = Time::from_second(NOW).unwrap();
        for (words, state, counts) in [
            (&gone, Existence::Missing, true),
            (&gone, Existence::Exists, false),
            // The secret is there, and what was asked of it need not be.
            (&stage, Existence::Exists, true),
        ] {
            let mut facts = Facts::default();
            // Without its definition the secret has the name that the words give it.
            let question = Question::Secret(Clean::literal("db-AbCdEf"));
            facts.put(question, now, Ok(Fact::Secret(state)));
            let found = found(&[&failed(words, 100)], &facts);
            assert_eq!(found.is_some(), counts, "{words} {state:?}");
        }
        let group = "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: \
                     failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group \
                     does not exist.";
        assert!(found(&[&failed(group, 100)], &Facts::default()).is_some());
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
