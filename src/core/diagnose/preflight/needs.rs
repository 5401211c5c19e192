//! What a container needs before it starts: secrets, parameters, log groups, and the roles that read them.

use super::{Finding, Planned};
use crate::diagnose::cause::CauseId;
use crate::diagnose::deciding::questions::secret_id;
use crate::diagnose::{Fact, Question};
use crate::domain::{Arn, EcrImage, Existence, LogDestination, Permission};
use crate::text::Clean;

/// A secret of Secrets Manager, or a parameter of Parameter Store: which of them a reference names (source: ECS developer
/// guide, "Pass sensitive data": a name without a resource name is a parameter's).
fn question(from: &Clean) -> Question {
    if from.starts_with("arn:") && Arn::new(from).resource().starts_with("secret:") {
        Question::Secret(secret_id(from))
    } else {
        Question::Parameter(from.clone())
    }
}

pub(super) fn questions(planned: Planned<'_>) -> Vec<Question> {
    let containers = &planned.definition.containers;
    let secrets = containers.iter().flat_map(|container| &container.secrets);
    let mut asked: Vec<Question> = secrets.map(|secret| question(&secret.from)).collect();
    let mut rights: Vec<(&str, Clean)> = Vec::new();
    for needed in &asked {
        match needed {
            Question::Secret(id) if id.starts_with("arn:") => {
                rights.push(("secretsmanager:GetSecretValue", id.clone()));
            }
            Question::Parameter(_) => rights.push(("ssm:GetParameters", Clean::literal("*"))),
            _ => {}
        }
    }
    let is_ecr = |image: &Clean| EcrImage::of(image).is_some();
    if containers.iter().any(|container| is_ecr(&container.image)) {
        rights.push(("ecr:GetAuthorizationToken", Clean::literal("*")));
    }
    for container in containers {
        if let Some(LogDestination::CloudWatch {
            group,
            region,
            creates,
            ..
        }) = &container.log
            && !creates
        {
            asked.push(Question::LogGroup {
                group: group.clone(),
                region: region.clone(),
            });
        }
    }
    if let Some(role) = &planned.definition.execution_role {
        asked.extend(
            rights
                .into_iter()
                .map(|(action, resource)| Question::MayRole {
                    role: role.clone(),
                    action: Clean::literal(action),
                    resource,
                }),
        );
    }
    asked
}

pub(super) fn finding(planned: Planned<'_>, question: &Question, fact: &Fact) -> Option<Finding> {
    match (question, fact) {
        (Question::Secret(name), Fact::Secret(state)) => gone("secret", name, *state),
        (Question::Parameter(name), Fact::Parameter(state)) => gone("parameter", name, *state),
        (Question::LogGroup { group, .. }, Fact::LogGroup(Existence::Missing)) => {
            let text =
                format!("there is no log group {group}, and awslogs-create-group is not set");
            Some(Finding::will(CauseId::LogDriverFailed, text))
        }
        (
            Question::MayRole {
                role,
                action,
                resource,
            },
            Fact::MayRole(permission),
        ) => right(planned, role, action, resource, *permission),
        _ => None,
    }
}

fn gone(kind: &str, name: &Clean, state: Existence) -> Option<Finding> {
    let text = match state {
        Existence::Exists => return None,
        Existence::Missing => format!("there is no {kind} {name}"),
        Existence::BeingDeleted { .. } => {
            format!("the {kind} {name} is marked for deletion; it cannot be read")
        }
    };
    Some(Finding::will(CauseId::SecretNotFound, text))
}

/// A simulation does not know policies of resources: what it denies is only likely to be denied.
fn right(
    planned: Planned<'_>,
    role: &Arn,
    action: &Clean,
    resource: &Clean,
    permission: Permission,
) -> Option<Finding> {
    let name = Clean::new(role.name());
    let cause = if action.starts_with("ecr:") {
        CauseId::ImagePullDenied
    } else {
        CauseId::SecretAccessDenied
    };
    match permission {
        Permission::Allowed => None,
        Permission::NoSuchRole => {
            let of = Clean::new(planned.definition.arn.name());
            let text = format!("there is no role {name}, the execution role of {of}");
            Some(Finding::will(CauseId::RoleNotAssumable, text))
        }
        Permission::ExplicitlyDenied | Permission::NotAllowed => Some(Finding::may(
            cause,
            format!("the role {name} is not allowed to do {action} on {resource}"),
        )),
    }
}
