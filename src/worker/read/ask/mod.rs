//! Deciding questions: one file where a question takes several calls.
//!
//! An answer is whole or an error: half of it would decide wrongly. What AWS
//! says is not there is an answer.

mod autoscaling;
mod forgotten;
mod instances;
mod last_lines;
mod revisions;
mod rollouts;
mod tags;
mod target_group;

use ecsdeck_core::app::Answer;
use ecsdeck_core::diagnose::{Fact, Question};
use ecsdeck_core::domain::{CloudError, EcrImage, ErrorKind, Existence, RolloutHistory};
use ecsdeck_core::text::Clean;

use super::pages::each_page;
use super::reading::Reading;
use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply, sizes};

pub(super) async fn read<R: Reads>(
    reading: &Reading<R>,
    question: &Question,
    known: Option<&RolloutHistory>,
) -> Reply<()> {
    let fact = fact(&reading.caller, question, known).await?;
    reading.tell(Answer::Fact(Box::new(fact))).await;
    Ok(())
}

/// Asks a question to its end.
async fn fact<R: Reads>(
    caller: &Caller<R>,
    question: &Question,
    known: Option<&RolloutHistory>,
) -> Reply<Fact> {
    let reads = &caller.reads;
    Ok(match question {
        Question::Rollouts { cluster, service } => {
            Fact::Rollouts(rollouts::read(caller, cluster, service, known).await?)
        }
        Question::Autoscaling { cluster, service } => {
            Fact::Autoscaling(autoscaling::read(caller, cluster, service).await?)
        }
        Question::TargetGroup(group) => Fact::TargetGroup(target_group::read(caller, group).await?),
        Question::Alarms(names) => {
            let mut alarms = Vec::new();
            for names in names.chunks(sizes::DESCRIBE_ALARMS_BATCH) {
                // Once: trying again would take from ECS what it watches its deployments with.
                alarms.extend(caller.once(Api::Alarms, || reads.alarms(names)).await?);
            }
            Fact::Alarms(alarms)
        }
        Question::Image(reference) => {
            let image = EcrImage::of(reference).ok_or_else(|| not_in_ecr(reference))?;
            Fact::Image(caller.call(Api::Ecr, || reads.image(&image)).await?)
        }
        Question::Secret(secret) => {
            Fact::Secret(caller.call(Api::Secrets, || reads.secret(secret)).await?)
        }
        Question::Parameter(name) => {
            let mut found = false;
            each_page(
                "ssm:DescribeParameters",
                |page| {
                    caller.call(Api::Parameters, move || {
                        reads.parameters(name, page.clone())
                    })
                },
                |names| {
                    found |= !names.is_empty();
                    !found
                },
            )
            .await?;
            Fact::Parameter(existence(found))
        }
        Question::LogGroup { group, region } => {
            // Names come in order, so that the very group comes before those that only begin like it.
            let mut found = None;
            each_page(
                "logs:DescribeLogGroups",
                |page| {
                    caller.call(Api::Logs, move || {
                        reads.log_groups(group, region.as_ref(), page.clone())
                    })
                },
                |names| {
                    if !names.is_empty() {
                        found = Some(names.contains(group));
                    }
                    found.is_none()
                },
            )
            .await?;
            Fact::LogGroup(existence(found.unwrap_or_default()))
        }
        Question::MayRole {
            role,
            action,
            resource,
        } => Fact::MayRole(
            caller
                .call(Api::Iam, || reads.may_role(role, action, resource))
                .await?,
        ),
        Question::MayDo {
            principal,
            actions,
            resources,
            cluster,
        } => Fact::MayDo(
            caller
                .call(Api::Iam, || {
                    reads.may_do(principal, actions, resources, cluster)
                })
                .await?,
        ),
        Question::Tags(reference) => {
            let image = EcrImage::of(reference).ok_or_else(|| not_in_ecr(reference))?;
            Fact::Tags(tags::read(caller, &image).await?)
        }
        Question::Revisions(family) => Fact::Revisions(revisions::read(caller, family).await?),
        Question::Forgotten {
            cluster,
            service,
            since,
        } => Fact::Forgotten(forgotten::read(caller, cluster, service, *since).await?),
        Question::LastLines { source, until } => {
            Fact::LastLines(last_lines::read(caller, source, *until).await?)
        }
        Question::Instances(cluster) => Fact::Instances(instances::read(caller, cluster).await?),
    })
}

fn existence(found: bool) -> Existence {
    if found {
        Existence::Exists
    } else {
        Existence::Missing
    }
}

/// Nothing was asked: only ECR can be.
fn not_in_ecr(reference: &Clean) -> CloudError {
    CloudError::new(
        "ecr:DescribeImages",
        ErrorKind::Invalid,
        Clean::own(format!("{reference} is not an image of ECR")),
    )
}

#[cfg(test)]
mod tests;
