//! What must still be true when a write is sent, and why a write was refused.

use serde::Serialize;

use super::goal::{is_stopping, waits};
use super::{Look, Seen};
use crate::domain::{
    Arn, CloudError, Controller, Identity, MessageMove, ScalableTarget, Scheduling, Service,
    ServiceDeploymentStatus, ServiceStatus, TaskDefinition,
};
use crate::text::Clean;

/// What must still be true when a write is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Guard {
    /// The account that the person saw.
    pub account: Clean,
    /// The user or role that the person saw, whatever its session.
    pub principal: Clean,
    /// What else they saw, as far as it matters.
    pub expects: Vec<Expect>,
}

/// Something that must not have changed between what the person saw and what is
/// read again just before sending. Running counts always move and guard nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// A service that lives and has these values.
    Service(ServiceSeen),
    /// A service deployment that has neither ended nor begun to go back.
    GoesOn(Arn),
    /// A hook of a service deployment that waits for an answer.
    Waits {
        /// The service deployment.
        deployment: Arn,
        /// The hook.
        hook: Clean,
    },
    /// Tasks that run, or are on their way to.
    Runs {
        /// Their cluster.
        cluster: Arn,
        /// The tasks.
        tasks: Vec<Arn>,
    },
    /// A task definition that may be used.
    Active(Arn),
    /// Autoscaling has these bounds and holds these things; none: nothing scales the service.
    Scaling {
        /// The service's cluster.
        cluster: Arn,
        /// The service.
        service: Arn,
        /// As it was seen.
        target: Option<ScalableTarget>,
    },
    /// No messages of this queue are being moved.
    Unmoved(Arn),
}

/// The values of a service that a write depends on. Absent ones may be anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceSeen {
    /// The cluster.
    pub cluster: Arn,
    /// The service.
    pub service: Arn,
    /// The desired count; the service must then have one.
    pub desired: Option<u32>,
    /// The task definition.
    pub task_definition: Option<Arn>,
    /// The primary deployment.
    pub deployment: Option<Clean>,
}

impl ServiceSeen {
    /// The service lives; nothing else matters.
    pub(super) fn lives(service: &Service) -> Self {
        Self {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            desired: None,
            task_definition: None,
            deployment: None,
        }
    }

    /// It has the count and the revision that it has now.
    pub(super) fn as_it_is(service: &Service) -> Self {
        Self {
            desired: Some(service.desired),
            task_definition: Some(service.task_definition.clone()),
            ..Self::lives(service)
        }
    }

    fn check(&self, seen: &Seen) -> Result<(), Refusal> {
        let living = |service: &&Service| service.status == ServiceStatus::Active;
        let now = seen
            .service(&self.service)
            .filter(living)
            .ok_or_else(|| Refusal::Gone(self.service.clone()))?;
        if let Some(desired) = self.desired {
            scalable(now)?;
            same("desired count", desired, now.desired)?;
        }
        if let Some(revision) = &self.task_definition
            && *revision != now.task_definition
        {
            same(
                "task definition",
                revision.name(),
                now.task_definition.name(),
            )?;
        }
        if let Some(deployment) = &self.deployment {
            let primary = now.primary().map_or("none", |primary| &primary.id);
            same("deployment", deployment.as_str(), primary)?;
        }
        Ok(())
    }
}

/// Refuses where a value is not what it was.
pub(super) fn same<T: ToString + PartialEq>(
    what: &'static str,
    seen: T,
    now: T,
) -> Result<(), Refusal> {
    if seen == now {
        return Ok(());
    }
    Err(Refusal::Changed {
        what,
        seen: Clean::new(&seen.to_string()),
        now: Clean::new(&now.to_string()),
    })
}

/// Why a write was not sent. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The credentials are another account's than the screen showed.
    #[error("these credentials are for account {now}, the screen showed {seen}")]
    OtherAccount {
        /// As seen.
        seen: Clean,
        /// As it is.
        now: Clean,
    },
    /// The credentials are another role's or user's than the screen showed.
    #[error("these credentials are for {now}, the screen showed {seen}")]
    OtherPrincipal {
        /// As seen.
        seen: Clean,
        /// As it is.
        now: Clean,
    },
    /// The target is no longer there.
    #[error("{0} is no longer there")]
    Gone(Arn),
    /// A value changed since it was shown.
    #[error("{what} changed from {seen} to {now} since it was shown; look again")]
    Changed {
        /// Which value.
        what: &'static str,
        /// As seen.
        seen: Clean,
        /// As it is.
        now: Clean,
    },
    /// It cannot be done to this kind of service.
    #[error("{0}")]
    Impossible(Clean),
    /// The console may not write.
    #[error("the console is read-only")]
    ReadOnly,
    /// The target could not be read again before sending.
    #[error("cannot re-read the target before sending: {0}")]
    Unreadable(CloudError),
    /// What had been read of the target was too old whenever the request could have been sent.
    #[error(
        "the target was read three times, and each time more than two seconds passed before it could be sent"
    )]
    TooOld,
    /// The journal could not be written, so nothing is sent.
    #[error("the journal cannot be written, so nothing is sent: {0}")]
    NoJournal(Clean),
    /// The program was told to end before anything was sent.
    #[error("ecsdeck was told to end before anything was sent")]
    Interrupted,
    /// Another write to the same target is under way.
    #[error("another change to {0} is under way")]
    Busy(Clean),
}

impl Guard {
    /// What has to be read again.
    pub fn looks(&self) -> Vec<Look> {
        let mut looks: Vec<Look> = self.expects.iter().map(Expect::look).collect();
        looks.sort();
        looks.dedup();
        looks
    }

    /// Holds what was seen against what is there now.
    ///
    /// # Errors
    /// The first difference, as the reason not to send.
    pub fn check(&self, identity: &Identity, seen: &Seen) -> Result<(), Refusal> {
        if identity.account != self.account {
            return Err(Refusal::OtherAccount {
                seen: self.account.clone(),
                now: identity.account.clone(),
            });
        }
        let principal = identity.principal();
        if principal != self.principal {
            return Err(Refusal::OtherPrincipal {
                seen: self.principal.clone(),
                now: principal,
            });
        }
        self.expects
            .iter()
            .try_for_each(|expect| expect.check(seen))
    }
}

impl Expect {
    fn look(&self) -> Look {
        match self {
            Self::Service(service) => Look::Service {
                cluster: service.cluster.clone(),
                service: service.service.clone(),
            },
            Self::GoesOn(deployment) | Self::Waits { deployment, .. } => {
                Look::Deployment(deployment.clone())
            }
            Self::Runs { cluster, tasks } => Look::Tasks {
                cluster: cluster.clone(),
                tasks: tasks.clone(),
            },
            Self::Active(definition) => Look::Definition(definition.clone()),
            Self::Scaling {
                cluster, service, ..
            } => Look::Scaling {
                cluster: cluster.clone(),
                service: service.clone(),
            },
            Self::Unmoved(queue) => Look::Moves(queue.clone()),
        }
    }

    fn check(&self, seen: &Seen) -> Result<(), Refusal> {
        match self {
            Self::Service(service) => service.check(seen),
            Self::GoesOn(deployment) => {
                let now = seen
                    .deployment(deployment)
                    .ok_or_else(|| Refusal::Gone(deployment.clone()))?;
                match now.status {
                    ServiceDeploymentStatus::Pending | ServiceDeploymentStatus::InProgress => {
                        Ok(())
                    }
                    other => same("deployment", "in progress", other.word()),
                }
            }
            Self::Waits { deployment, hook } => {
                let now = seen
                    .deployment(deployment)
                    .ok_or_else(|| Refusal::Gone(deployment.clone()))?;
                if waits(now, hook) {
                    Ok(())
                } else {
                    same("hook", "waiting", "answered")
                }
            }
            Self::Runs { tasks, .. } => tasks.iter().try_for_each(|task| {
                let now = seen.task(task).ok_or_else(|| Refusal::Gone(task.clone()))?;
                if is_stopping(now) {
                    return same("task", "running", "stopping");
                }
                Ok(())
            }),
            Self::Active(definition) => {
                let now = seen.definitions.get(definition).and_then(Option::as_ref);
                let now = now.ok_or_else(|| Refusal::Gone(definition.clone()))?;
                usable(now)
            }
            Self::Scaling {
                service, target, ..
            } => {
                let now = seen.scaling.get(service).copied().flatten();
                if now == *target {
                    return Ok(());
                }
                Err(Refusal::Changed {
                    what: "autoscaling",
                    seen: target
                        .as_ref()
                        .map_or(Clean::literal("none"), scaling_words),
                    now: now.as_ref().map_or(Clean::literal("none"), scaling_words),
                })
            }
            Self::Unmoved(queue) => {
                let moves = seen.moves.get(queue).map_or(&[][..], Vec::as_slice);
                if moves.iter().any(MessageMove::is_running) {
                    return Err(Refusal::Impossible(Clean::own(format!(
                        "messages of {} are already being moved",
                        queue.name()
                    ))));
                }
                Ok(())
            }
        }
    }
}

/// Whether a task definition may be used: AWS takes none that is not ACTIVE (source: ECS API
/// reference, DeregisterTaskDefinition).
pub(super) fn usable(definition: &TaskDefinition) -> Result<(), Refusal> {
    if definition.status == "ACTIVE" {
        return Ok(());
    }
    Err(Refusal::Impossible(Clean::own(format!(
        "{} is {}: ECS does not let a service use this revision",
        definition.arn.name(),
        definition.status
    ))))
}

/// Bounds and what is held, in words.
pub(super) fn scaling_words(target: &ScalableTarget) -> Clean {
    let held = target.suspended;
    let mut words = vec![format!("{} to {}", target.min, target.max)];
    for (is_held, what) in [
        (held.scale_in, "scale-in"),
        (held.scale_out, "scale-out"),
        (held.scheduled, "schedules"),
    ] {
        if is_held {
            words.push(format!("{what} held"));
        }
    }
    Clean::own(words.join(", "))
}

/// Whether a service has a desired count that can be set.
///
/// Source: ECS API reference, UpdateService: a DAEMON service has none. (The
/// CODE_DEPLOY and EXTERNAL controllers do take a new count.)
pub(super) fn scalable(service: &Service) -> Result<(), Refusal> {
    match (service.scheduling, service.controller) {
        (Scheduling::Daemon, _) => Err(Refusal::Impossible(Clean::literal(
            "a DAEMON service runs one task on each instance: it has no desired count",
        ))),
        (Scheduling::Replica, Controller::Ecs | Controller::CodeDeploy | Controller::External) => {
            Ok(())
        }
    }
}
