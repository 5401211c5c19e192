//! What AWS is asked about a cause: the one thing that decides where the words allow several.
//!
//! Questions follow from the evidence alone, so that one stays asked once it is answered. They are few: each is
//! a call.

use super::Known;
use crate::diagnose::cause::{CauseId, SubjectKind};
use crate::diagnose::messages::subjects;
use crate::diagnose::{Cause, EvidenceSource, Question};
use crate::domain::{Arn, LogDestination, TaskDefinition};
use crate::text::Clean;

/// What decides about a cause, wherever it was seen.
pub(in crate::diagnose) fn about(known: Known<'_>, cause: &Cause, questions: &mut Vec<Question>) {
    use CauseId::*;
    match cause.id {
        ImageNotFound | ImagePullDenied | ImagePullNetwork => {
            questions.extend(image(known, cause).map(Question::Image));
        }
        SecretNotFound | SecretAccessDenied | SecretNetwork => {
            secrets(known, cause, questions);
        }
        LogDriverFailed | LogNetwork => log_groups(known, cause, questions),
        NoContainerInstances
        | InsufficientResources
        | HostPortConflict
        | PlacementConstraint
        | AgentDisconnected => {
            questions.push(Question::Instances(known.cluster.clone()));
        }
        StartImpaired if on_hosts(known, cause) => {
            questions.push(Question::Instances(known.cluster.clone()));
        }
        _ => {}
    }
}

/// Whether a task that does not start was put on a host: its agent may be why.
fn on_hosts(known: Known<'_>, cause: &Cause) -> bool {
    cause.evidence.iter().any(|evidence| {
        let mut tasks = known.tasks.iter();
        let waits = evidence.source == EvidenceSource::StartingTask;
        let task = tasks.find(|task| task.arn.clean() == &evidence.reference);
        waits && task.is_some_and(|task| task.instance.is_some())
    })
}

/// The image of ECR that a container could not have.
fn image(known: Known<'_>, cause: &Cause) -> Option<Clean> {
    let of = |reference: &Clean| {
        let task = known
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
/// since; else the one that is to blame.
fn definition<'a>(known: Known<'a>, cause: &Cause) -> Option<&'a TaskDefinition> {
    let seen_at = |reference: &Clean| {
        let mut tasks = known.tasks.iter();
        tasks.find(|task| task.arn.clean() == reference)
    };
    let mut evidence = cause.evidence.iter();
    if let Some(task) = evidence.find_map(|evidence| seen_at(&evidence.reference)) {
        // Until it is read, another one would only lead to a question about the wrong thing.
        return known.definitions.get(&task.definition).map(AsRef::as_ref);
    }
    known.definition()
}

/// The secrets that the words name; where they name none, those of the revision when there are few.
fn secrets(known: Known<'_>, cause: &Cause, questions: &mut Vec<Question>) {
    let named: Vec<_> = cause
        .evidence
        .first()
        .map_or(Vec::new(), |first| subjects(&first.text));
    let definition = definition(known, cause);
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
pub(in crate::diagnose) fn secret_id(from: &Clean) -> Clean {
    if !from.starts_with("arn:") {
        return from.clone();
    }
    let parts: Vec<&str> = from.split(':').take(7).collect();
    Clean::new(&parts.join(":"))
}

fn log_groups(known: Known<'_>, cause: &Cause, questions: &mut Vec<Question>) {
    let containers = definition(known, cause)
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
