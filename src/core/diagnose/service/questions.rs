//! What AWS is asked of a service: the one thing that decides where the words allow several causes.
//!
//! Questions follow from the evidence alone, so that one stays asked once it is answered. They are few: each is
//! a call.

use std::collections::BTreeSet;

use super::count_change::LATELY_SECONDS;
use super::scale_in::was_scaled_in;
use super::{ServiceSnapshot, ended, log_lines};
use crate::diagnose::cause::{CauseId, SubjectKind};
use crate::diagnose::messages::subjects;
use crate::diagnose::{Cause, Diagnosis, EvidenceSource, Question};
use crate::domain::{Arn, Controller, Deployment, LogDestination, Rollout, Task, TaskDefinition};
use crate::text::Clean;

/// More is not asked of one service.
const MOST: usize = 6;
/// A rollout without a new task that runs well asks for its target group after so many seconds.
const LONG_SECONDS: i64 = 120;

/// What to ask, the most telling first.
pub(super) fn of(snapshot: ServiceSnapshot<'_>, found: &Diagnosis) -> Vec<Question> {
    let service = snapshot.service;
    let mut questions = Vec::new();
    let primary = service.primary();
    let rolling = primary
        .is_some_and(|one| matches!(one.rollout, Some(Rollout::InProgress | Rollout::Failed)));
    // Others have no service deployments (source: ECS API reference, ListServiceDeployments).
    let rolls = service.controller == Controller::Ecs;
    if rolls && (rolling || found.verdict.is_bad_news()) {
        questions.push(Question::rollouts(service));
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
        questions.push(Question::autoscaling(service));
    }
    for cause in found.causes.iter().take(3) {
        about(snapshot, cause, &mut questions);
    }
    if found.verdict.is_bad_news() || rolling {
        let mut causes = found.causes.iter();
        questions.extend(causes.find_map(|cause| log_lines::question(snapshot, cause)));
    }
    if rolling
        && found.last_healthy.is_none()
        && snapshot.since(primary.and_then(|primary| primary.created)) > LONG_SECONDS
    {
        target_groups(snapshot, &mut questions);
    }
    let mut seen = BTreeSet::new();
    questions.retain(|question| seen.insert(question.clone()));
    questions.truncate(MOST);
    questions
}

fn about(snapshot: ServiceSnapshot<'_>, cause: &Cause, questions: &mut Vec<Question>) {
    use CauseId::*;
    match cause.id {
        ImageNotFound | ImagePullDenied | ImagePullNetwork => {
            questions.extend(image(snapshot, cause).map(Question::Image));
        }
        SecretNotFound | SecretAccessDenied | SecretNetwork => {
            secrets(snapshot, cause, questions);
        }
        LogDriverFailed | LogNetwork => log_groups(snapshot, cause, questions),
        TargetUnhealthy | TargetGroupMisconfigured | HealthGraceTooShort => {
            target_groups(snapshot, questions);
        }
        NoContainerInstances
        | InsufficientResources
        | HostPortConflict
        | PlacementConstraint
        | AgentDisconnected => {
            questions.push(Question::Instances(snapshot.service.cluster.clone()));
        }
        StartImpaired if on_hosts(snapshot, cause) => {
            questions.push(Question::Instances(snapshot.service.cluster.clone()));
        }
        DeploymentAlarm => {
            let newest = snapshot
                .history()
                .and_then(|history| history.deployments.first());
            let alarms = newest.and_then(|newest| newest.alarms.as_ref());
            let names = alarms
                .map(|alarms| &alarms.names)
                .filter(|names| !names.is_empty());
            questions.extend(names.cloned().map(Question::Alarms));
        }
        _ => {}
    }
}

/// Whether a task that does not start was put on a host: its agent may be why.
fn on_hosts(snapshot: ServiceSnapshot<'_>, cause: &Cause) -> bool {
    cause.evidence.iter().any(|evidence| {
        let mut tasks = snapshot.tasks.iter();
        let waits = evidence.source == EvidenceSource::StartingTask;
        let task = tasks.find(|task| task.arn.clean() == &evidence.reference);
        waits && task.is_some_and(|task| task.instance.is_some())
    })
}

/// The image of ECR that a container could not have.
fn image(snapshot: ServiceSnapshot<'_>, cause: &Cause) -> Option<Clean> {
    let of = |reference: &Clean| {
        let task = snapshot
            .tasks
            .iter()
            .find(|task| task.arn.clean() == reference)?;
        let failed = task.containers.iter().filter(|one| one.reason.is_some());
        let named = |image: &Clean| {
            let words = &cause.evidence.first()?.text;
            words.contains(image.as_str()).then(|| image.clone())
        };
        let images = task.containers.iter().filter_map(|one| one.image.as_ref());
        // The words name one of the task's images, or one container has words.
        let by_words = images.clone().find_map(named);
        by_words.or_else(|| failed.filter_map(|one| one.image.clone()).next())
    };
    let image = cause
        .evidence
        .iter()
        .find_map(|evidence| of(&evidence.reference))?;
    image.contains(".dkr.ecr").then_some(image)
}

/// The revision that a cause is about: that of the tasks that it was seen at, though AWS has gone back to another
/// since; else the one that is being rolled out, or was broken.
fn definition<'a>(snapshot: ServiceSnapshot<'a>, cause: &Cause) -> Option<&'a TaskDefinition> {
    let seen_at = |reference: &Clean| {
        let mut tasks = snapshot.tasks.iter();
        tasks.find(|task| task.arn.clean() == reference)
    };
    let mut evidence = cause.evidence.iter();
    if let Some(task) = evidence.find_map(|evidence| seen_at(&evidence.reference)) {
        // Until it is read, another one would only lead to a question about the wrong thing.
        return snapshot
            .definitions
            .get(&task.definition)
            .map(AsRef::as_ref);
    }
    let deployments = &snapshot.service.deployments;
    let failed = |one: &&Deployment| one.rollout == Some(Rollout::Failed);
    let broken = deployments
        .iter()
        .find(failed)
        .or(snapshot.service.primary())?;
    snapshot
        .definitions
        .get(&broken.task_definition)
        .map(AsRef::as_ref)
}

/// The secrets that the words name; where they name none, those of the revision when there are few.
fn secrets(snapshot: ServiceSnapshot<'_>, cause: &Cause, questions: &mut Vec<Question>) {
    let named: Vec<_> = cause
        .evidence
        .first()
        .map_or(Vec::new(), |first| subjects(&first.text));
    let definition = definition(snapshot, cause);
    let from = || {
        let containers = definition.iter().flat_map(|one| &one.containers);
        containers
            .flat_map(|container| &container.secrets)
            .map(|secret| &secret.from)
    };
    let mut asked = 0;
    for subject in named {
        // The words may cut a name: the definition has it whole.
        let whole = from().find(|from| from.contains(subject.name.as_str()));
        let name = whole.cloned().unwrap_or_else(|| subject.name.clone());
        let question = match subject.kind {
            SubjectKind::Secret => Question::Secret(secret_id(&name)),
            SubjectKind::Parameter => Question::Parameter(name.clone()),
            _ => continue,
        };
        let action = match subject.kind {
            SubjectKind::Secret => Clean::literal("secretsmanager:GetSecretValue"),
            _ => Clean::literal("ssm:GetParameters"),
        };
        questions.push(question);
        asked += 1;
        if let Some(role) = definition.and_then(|one| one.execution_role.clone())
            && cause.id == CauseId::SecretAccessDenied
        {
            let resource = if name.starts_with("arn:") {
                secret_id(&name)
            } else {
                Clean::literal("*")
            };
            questions.push(Question::MayRole {
                role,
                action,
                resource,
            });
        }
    }
    if asked == 0 && from().count() == 1 {
        questions.extend(
            from().map(|name| match Arn::new(name).resource().split(':').next() {
                Some("secret") => Question::Secret(secret_id(name)),
                _ => Question::Parameter(name.clone()),
            }),
        );
    }
}

/// The secret of `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME:JSON-KEY:STAGE:VERSION`.
fn secret_id(from: &Clean) -> Clean {
    if !from.starts_with("arn:") {
        return from.clone();
    }
    let parts: Vec<&str> = from.split(':').take(7).collect();
    Clean::new(&parts.join(":"))
}

fn log_groups(snapshot: ServiceSnapshot<'_>, cause: &Cause, questions: &mut Vec<Question>) {
    let containers = definition(snapshot, cause)
        .into_iter()
        .flat_map(|one| &one.containers);
    questions.extend(containers.filter_map(|container| match &container.log {
        Some(LogDestination::CloudWatch { group, region, .. }) => Some(Question::LogGroup {
            group: group.clone(),
            region: region.clone(),
        }),
        _ => None,
    }));
}

fn target_groups(snapshot: ServiceSnapshot<'_>, questions: &mut Vec<Question>) {
    let balancers = snapshot.service.load_balancers.iter();
    let groups = balancers.filter_map(|balancer| balancer.target_group.clone());
    questions.extend(groups.map(Question::TargetGroup));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_asked_for_without_its_json_key() {
        let from = Clean::new("arn:aws:secretsmanager:us-east-1:1:secret:all-q7WeRt:KEY::");
        let id = secret_id(&from);
        assert_eq!(
            id.as_str(),
            "arn:aws:secretsmanager:us-east-1:1:secret:all-q7WeRt"
        );
        assert_eq!(secret_id(&Clean::new("plain")).as_str(), "plain");
    }
}
