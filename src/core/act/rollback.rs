//! Bringing back the revision that ran before.
//!
//! Which way back there is depends on what goes on: [`way_back`] chooses it
//! out of the history, and [`rollback`] builds the intent once what it needs
//! was read.

use super::redeploy::rolls_out;
use super::{
    ActError, Change, Changed, ContinueServiceDeployment, Decider, Expect, Goal, HookAction,
    Intent, Request, Revision, ServiceGoal, ServiceSeen, Step, StopServiceDeployment, StopType,
    Subject, UpdateService, Verb,
};
use crate::domain::{
    Arn, ImageState, RolloutHistory, Service, ServiceDeployment, ServiceDeploymentStatus,
    ServiceRevision, TaskDefinition,
};
use crate::text::Clean;

/// A way back.
#[derive(Clone, Debug, PartialEq)]
pub enum WayBack {
    /// AWS goes back by itself when the deployment that is under way is stopped.
    Stop {
        /// The service deployment.
        deployment: Arn,
        /// The revision that it goes back to, where it is known.
        to: Option<Arn>,
    },
    /// AWS goes back when the hook that waits is answered so.
    Answer {
        /// The service deployment.
        deployment: Arn,
        /// The hook.
        hook: Clean,
        /// The revision that it goes back to, where it is known.
        to: Option<Arn>,
    },
    /// The service is set to an earlier revision.
    Update {
        /// The task definition.
        to: Arn,
        /// What the service was when it ran, where AWS still knows.
        revision: Option<Box<ServiceRevision>>,
        /// What else should be known.
        note: Option<Clean>,
    },
}

impl WayBack {
    /// The task definition that has to be read, and its images looked for, before it can be gone.
    pub fn needs(&self) -> Option<&Arn> {
        match self {
            Self::Update { to, .. } => Some(to),
            // AWS itself goes back to it.
            Self::Stop { .. } | Self::Answer { .. } => None,
        }
    }
}

/// What was read of the revision that shall come back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comeback<'a> {
    /// Its task definition.
    pub definition: Option<&'a TaskDefinition>,
    /// Its images, as far as a registry could be asked about them.
    pub images: &'a [(Clean, ImageState)],
}

/// Chooses the way back by the facts, or to the task definition that somebody names.
///
/// # Errors
/// When there is none, or AWS is on it already.
pub fn way_back(
    service: &Service,
    history: &RolloutHistory,
    to: Option<&Arn>,
) -> Result<WayBack, ActError> {
    rolls_out(service)?;
    if let Some(to) = to {
        return named(service, history, to);
    }
    if let Some(ongoing) = history.ongoing()
        && let Some(way) = out_of(service, history, ongoing)?
    {
        return Ok(way);
    }
    let good = history.deployments.iter().find_map(|deployment| {
        let revision = history.outcome_of(deployment)?;
        (revision.task_definition != service.task_definition).then_some(revision)
    });
    match good {
        Some(revision) => Ok(WayBack::Update {
            to: revision.task_definition.clone(),
            revision: Some(Box::new(revision.clone())),
            note: further_back(service, history),
        }),
        None => Err(ActError::bad("ECS knows no earlier successful deployment")),
    }
}

/// The way out of a deployment that has not ended; none where it leads to the same revision.
fn out_of(
    service: &Service,
    history: &RolloutHistory,
    ongoing: &ServiceDeployment,
) -> Result<Option<WayBack>, ActError> {
    match ongoing.status {
        ServiceDeploymentStatus::RollbackRequested
        | ServiceDeploymentStatus::RollbackInProgress => {
            let reason = ongoing
                .rollback
                .as_ref()
                .and_then(|rollback| rollback.reason.as_ref())
                .map(|reason| format!(" ({reason})"))
                .unwrap_or_default();
            Err(ActError::impossible(format!(
                "ECS is already rolling back{reason}"
            )))
        }
        ServiceDeploymentStatus::StopRequested => Err(ActError::impossible(
            "another deployment is replacing this one. Hint: try again in a moment",
        )),
        _ if ongoing.sources.is_empty() => Ok(None),
        _ => {
            let mut before = ongoing
                .sources
                .iter()
                .map(|source| Some(&history.revisions.get(source)?.task_definition));
            // A forced deployment goes back to what it came from: the same.
            if before
                .clone()
                .all(|before| before == Some(&service.task_definition))
            {
                return Ok(None);
            }
            let to = before.find_map(|before| before).cloned();
            let deployment = ongoing.arn.clone();
            let waiting = ongoing.hooks.iter().find(|hook| hook.awaits_action());
            Ok(Some(match waiting {
                Some(hook) => WayBack::Answer {
                    deployment,
                    hook: hook.id.clone(),
                    to,
                },
                None => WayBack::Stop { deployment, to },
            }))
        }
    }
}

/// What should be known where AWS itself has gone back already.
fn further_back(service: &Service, history: &RolloutHistory) -> Option<Clean> {
    let newest = history.deployments.first()?;
    let running = history.outcome_of(newest)?;
    let gone_back = newest.status == ServiceDeploymentStatus::RollbackSuccessful
        && running.task_definition == service.task_definition;
    gone_back.then(|| {
        Clean::own(format!(
            "ECS already rolled back to {}; this rolls back further",
            running.task_definition.name()
        ))
    })
}

/// The revision that somebody names.
fn named(service: &Service, history: &RolloutHistory, to: &Arn) -> Result<WayBack, ActError> {
    if *to == service.task_definition {
        return Err(ActError::Already(Clean::own(format!(
            "{} is at {} already",
            service.name,
            to.name()
        ))));
    }
    let mut revisions = history.revisions.values();
    Ok(WayBack::Update {
        revision: revisions
            .find(|revision| revision.task_definition == *to)
            .cloned()
            .map(Box::new),
        note: ended_badly(history, to),
        to: to.clone(),
    })
}

/// How the last rollout of a revision ended, where it did not go through: it may fail again.
pub fn ended_badly(history: &RolloutHistory, revision: &Arn) -> Option<Clean> {
    use ServiceDeploymentStatus as Status;
    let brought = |deployment: &&ServiceDeployment| {
        let target = deployment.target.as_ref();
        target
            .and_then(|target| history.revisions.get(target))
            .is_some_and(|target| target.task_definition == *revision)
    };
    let newest = history.deployments.iter().find(brought)?;
    let how = match newest.status {
        Status::RollbackRequested | Status::RollbackInProgress => "is being rolled back",
        Status::RollbackSuccessful => "was rolled back",
        Status::RollbackFailed => "failed, and so did its rollback",
        Status::Stopped => "was stopped before it had gone through",
        _ => return None,
    };
    let reason = newest
        .rollback
        .as_ref()
        .and_then(|back| back.reason.as_ref())
        .or(newest.status_reason.as_ref())
        .map_or_else(String::new, |reason| format!(" ({reason})"));
    Some(Clean::own(format!(
        "the last rollout of {} {how}{reason}: it may fail the same way",
        Clean::new(revision.name())
    )))
}

/// Builds the intent to go back that way.
///
/// # Errors
/// When the revision cannot be used any more.
pub fn rollback(
    by: Decider<'_>,
    service: &Service,
    way: &WayBack,
    comeback: &Comeback<'_>,
) -> Result<Intent, ActError> {
    let present = service.task_definition.name();
    let known = |to: &Option<Arn>| {
        to.as_ref()
            .map_or("the previous revision".to_owned(), |to| {
                to.name().to_owned()
            })
    };
    let (step, expects, after, notes) = match way {
        WayBack::Stop { deployment, to } => (
            Step {
                request: Request::StopServiceDeployment(StopServiceDeployment {
                    service_deployment_arn: deployment.clone(),
                    stop_type: StopType::Rollback,
                }),
                goal: Goal::GoesBack {
                    deployment: deployment.clone(),
                },
            },
            vec![
                Expect::Service(ServiceSeen::lives(service)),
                Expect::GoesOn(deployment.clone()),
            ],
            known(to),
            vec![Clean::literal(
                "ECS stops the deployment and rolls back to the previous one",
            )],
        ),
        WayBack::Answer {
            deployment,
            hook,
            to,
        } => (
            Step {
                request: Request::ContinueServiceDeployment(ContinueServiceDeployment {
                    service_deployment_arn: deployment.clone(),
                    hook_id: hook.clone(),
                    action: HookAction::Rollback,
                }),
                // It may wait no more for another reason: that it goes back shows that it was this one.
                goal: Goal::GoesBack {
                    deployment: deployment.clone(),
                },
            },
            vec![
                Expect::Service(ServiceSeen::lives(service)),
                Expect::Waits {
                    deployment: deployment.clone(),
                    hook: hook.clone(),
                },
            ],
            known(to),
            vec![Clean::literal(
                "a hook of the deployment waits for an answer: this answers ROLLBACK",
            )],
        ),
        WayBack::Update { to, revision, note } => {
            comes_back(comeback)?;
            let mut notes: Vec<Clean> = note.iter().cloned().collect();
            notes.extend(unrestored(service, revision.as_deref()));
            (
                set_revision(service, to),
                vec![
                    Expect::Service(ServiceSeen {
                        task_definition: Some(service.task_definition.clone()),
                        ..ServiceSeen::lives(service)
                    }),
                    Expect::Active(to.clone()),
                ],
                to.name().to_owned(),
                notes,
            )
        }
    };
    Ok(Intent {
        changes: vec![Change::new(Changed::TaskDefinition, present, after)],
        notes,
        big: true,
        ..by.intent(
            Verb::Rollback,
            Some(service.cluster.clone()),
            Subject::Service(service.arn.clone()),
            vec![step],
            expects,
        )
    })
}

/// The step that sets a service to another revision.
pub(super) fn set_revision(service: &Service, to: &Arn) -> Step {
    Step {
        request: Request::UpdateService(UpdateService {
            task_definition: Some(Revision::Known(to.clone())),
            ..UpdateService::of(service)
        }),
        goal: Goal::Service(ServiceGoal {
            task_definition: Some((service.task_definition.clone(), Revision::Known(to.clone()))),
            ..ServiceGoal::of(service)
        }),
    }
}

/// Whether a revision can come back: it is ACTIVE and its images are there.
fn comes_back(comeback: &Comeback<'_>) -> Result<(), ActError> {
    if let Some(definition) = comeback.definition {
        super::guard::usable(definition)?;
    }
    for (image, state) in comeback.images {
        let what = match state {
            ImageState::Exists { .. } => continue,
            ImageState::NoSuchImage => "the registry no longer has the image",
            ImageState::NoSuchRepository => "the repository no longer exists",
        };
        return Err(ActError::impossible(format!(
            "its tasks could not start: image {image} is missing ({what}). Hint: name another revision with --to"
        )));
    }
    Ok(())
}

/// What setting the task definition does not bring back.
fn unrestored(service: &Service, revision: Option<&ServiceRevision>) -> Vec<Clean> {
    let Some(revision) = revision else {
        return Vec::new();
    };
    let mut other = Vec::new();
    if revision.network.is_some() && revision.network != service.network {
        other.push("network");
    }
    if revision.load_balancers != service.load_balancers {
        other.push("load balancers");
    }
    if !revision.launch.is_empty() && revision.launch != service.launch {
        other.push("capacity");
    }
    if other.is_empty() {
        return Vec::new();
    }
    vec![Clean::own(format!(
        "only the task definition is restored; not restored: {}",
        other.join(", ")
    ))]
}

#[cfg(test)]
mod tests;
