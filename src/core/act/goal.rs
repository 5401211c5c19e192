//! What shows that a request was applied. Kept in the journal, so that a write of which no answer
//! came can be settled by reading, at once or at the next start, and taken back later.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Look, Made, Revision, Seen, Verb};
use crate::domain::{
    Arn, ScalableTarget, Service, ServiceDeployment, ServiceDeploymentStatus, ServiceStatus, Task,
    TaskDefinition, TaskStatus, Time,
};
use crate::text::Clean;

/// What shows that a request was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// A service has other values.
    Service(ServiceGoal),
    /// A service deployment goes back.
    GoesBack {
        /// The service deployment.
        deployment: Arn,
    },
    /// A hook of a service deployment waits no more.
    HookAnswered {
        /// The service deployment.
        deployment: Arn,
        /// The hook.
        hook: Clean,
    },
    /// A revision is registered. The answer tells which; without one it is looked for.
    Registered {
        /// Its family.
        family: Clean,
        /// When that was decided, on AWS's clock: an older one is not it.
        since: Time,
        /// The images of its containers.
        images: BTreeMap<Clean, Clean>,
    },
    /// Tasks are started.
    Started {
        /// Their cluster.
        cluster: Arn,
        /// The mark that they have.
        started_by: Clean,
        /// How many have it then, those of earlier steps among them.
        count: u32,
    },
    /// A task is told to stop.
    Stopped {
        /// Its cluster.
        cluster: Arn,
        /// The task.
        task: Arn,
        /// The reason that it stops with then, where nobody else gives the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mark: Option<Clean>,
    },
    /// Autoscaling has other bounds or holds other things.
    Scaling {
        /// The service's cluster.
        cluster: Arn,
        /// The service.
        service: Arn,
        /// As it was.
        before: ScalableTarget,
        /// As it shall be.
        after: ScalableTarget,
    },
    /// A queue's messages are moved, or were.
    Moving {
        /// The queue.
        queue: Arn,
        /// When the newest move before this one began.
        before: Option<Time>,
    },
}

/// What a service was, and what it shall be. Values that do not change are absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceGoal {
    /// The cluster.
    pub cluster: Arn,
    /// The service.
    pub service: Arn,
    /// The desired count, before and after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired: Option<(u32, u32)>,
    /// The task definition, before and after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_definition: Option<(Arn, Revision)>,
    /// The primary deployment before, where another shall take its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<Clean>,
}

/// What a read says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The new values are there.
    Applied,
    /// The old values are there (still).
    NotApplied,
    /// Other values are there: somebody else changed it meanwhile.
    Overtaken,
    /// The target is no longer there.
    Gone,
}

impl ServiceGoal {
    /// A goal for a service, without anything that changes yet.
    pub(super) fn of(service: &Service) -> Self {
        Self {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            desired: None,
            task_definition: None,
            deployment: None,
        }
    }

    fn settle(&self, seen: &Seen) -> Settlement {
        let living = |service: &&Service| service.status == ServiceStatus::Active;
        let Some(now) = seen.service(&self.service).filter(living) else {
            return Settlement::Gone;
        };
        let (mut old, mut new) = (true, true);
        let mut compare = |is_old: bool, is_new: bool| {
            old &= is_old;
            new &= is_new;
        };
        if let Some((before, after)) = self.desired {
            compare(now.desired == before, now.desired == after);
        }
        if let Some((before, after)) = &self.task_definition {
            let after = after.known(&seen.made);
            compare(
                now.task_definition == *before,
                after == Some(&now.task_definition),
            );
        }
        if let Some(before) = &self.deployment {
            let primary = now.primary().map(|primary| &primary.id);
            compare(
                primary == Some(before),
                primary.is_some_and(|now| now != before),
            );
        }
        match (new, old) {
            (true, _) => Settlement::Applied,
            (false, true) => Settlement::NotApplied,
            (false, false) => Settlement::Overtaken,
        }
    }
}

impl Goal {
    /// What a write with these goals comes to: one that sends a deployment back is a rollback, however it was asked for.
    pub fn effect<'a>(mut goals: impl Iterator<Item = &'a Self>, verb: Verb) -> Verb {
        let goes_back = |goal: &Self| matches!(goal, Self::GoesBack { .. });
        if goals.any(goes_back) {
            Verb::Rollback
        } else {
            verb
        }
    }

    /// Why what it shows cannot be taken back, where that is so.
    pub fn lasting(&self) -> Option<&'static str> {
        match self {
            Self::Service(goal) => goal
                .deployment
                .as_ref()
                .map(|_| "a redeployment cannot be undone: the revision is the same as before"),
            Self::Scaling { .. } | Self::Registered { .. } => None,
            Self::GoesBack { .. } => Some(
                "a rolled-back deployment cannot be continued. Hint: deploy its revision again (rollback --to)",
            ),
            Self::HookAnswered { .. } => {
                Some("the hook has already been answered. Hint: roll back the deployment")
            }
            Self::Started { .. } => Some("a started task cannot be undone, only stopped"),
            Self::Stopped { .. } => {
                Some("a stopped task cannot continue. Hint: its service starts another, or use run")
            }
            Self::Moving { .. } => {
                Some("moved messages cannot be identified, so they cannot be moved back")
            }
        }
    }

    /// What has to be read to see it.
    pub fn looks(&self, made: &Made) -> Vec<Look> {
        match self {
            Self::Service(goal) => vec![Look::Service {
                cluster: goal.cluster.clone(),
                service: goal.service.clone(),
            }],
            Self::GoesBack { deployment } | Self::HookAnswered { deployment, .. } => {
                vec![Look::Deployment(deployment.clone())]
            }
            Self::Registered { .. } if made.revision.is_some() => Vec::new(),
            Self::Registered { family, since, .. } => vec![Look::Registered {
                family: family.clone(),
                since: *since,
            }],
            // Where the answer told the tasks there is nothing to find out.
            Self::Started { count, .. } if made.tasks.len() >= size(*count) => Vec::new(),
            Self::Started {
                cluster,
                started_by,
                ..
            } => vec![Look::Started {
                cluster: cluster.clone(),
                started_by: started_by.clone(),
            }],
            Self::Stopped { cluster, task, .. } => vec![Look::Tasks {
                cluster: cluster.clone(),
                tasks: vec![task.clone()],
            }],
            Self::Scaling {
                cluster, service, ..
            } => vec![Look::Scaling {
                cluster: cluster.clone(),
                service: service.clone(),
            }],
            Self::Moving { queue, .. } => vec![Look::Moves(queue.clone())],
        }
    }

    /// What an answer of 200 did not do, where it did not do all of it.
    pub fn shortfall(&self, made: &Made) -> Option<Clean> {
        let why = || {
            let mut reasons: Vec<&str> = made
                .failures
                .iter()
                .map(|failure| failure.reason.as_str())
                .collect();
            reasons.dedup();
            reasons.join(", ")
        };
        match self {
            Self::Started { .. } if !made.failures.is_empty() => Some(Clean::own(format!(
                "AWS could not start all of the tasks: {} of this request were started ({})",
                made.tasks.len(),
                why()
            ))),
            Self::Registered { .. } if made.revision.is_none() => Some(Clean::literal(
                "AWS did not say which revision it registered",
            )),
            _ => None,
        }
    }

    /// Whether only this write can have made what shows that it was applied, though no answer told so. Where AWS keeps no
    /// mark of who changed something, somebody else may have done the same.
    pub fn is_marked(&self, seen: &Seen) -> bool {
        match self {
            Self::Started { .. } => true,
            // Nobody else knows the revision that an earlier step has registered.
            Self::Service(goal) => goal
                .task_definition
                .as_ref()
                .is_some_and(|(_, after)| *after == Revision::Registered),
            Self::Stopped { task, mark, .. } => {
                let reason = seen
                    .task(task)
                    .and_then(|task| task.stopped_reason.as_ref());
                mark.is_some() && reason == mark.as_ref()
            }
            Self::GoesBack { .. }
            | Self::HookAnswered { .. }
            | Self::Registered { .. }
            | Self::Scaling { .. }
            | Self::Moving { .. } => false,
        }
    }

    /// The revision that shows that it is reached, where it is one.
    pub fn registered<'a>(&self, seen: &'a Seen) -> Option<&'a Arn> {
        let Self::Registered { family, images, .. } = self else {
            return None;
        };
        let found = seen.registered.get(family).map_or(&[][..], Vec::as_slice);
        let same = |definition: &&TaskDefinition| {
            let containers = definition.containers.iter();
            containers
                .map(|one| (&one.name, &one.image))
                .collect::<BTreeMap<_, _>>()
                == images.iter().collect()
        };
        let found = found.iter().find(same).map(|definition| &definition.arn);
        seen.made.revision.as_ref().or(found)
    }

    /// Reads off whether it is reached.
    pub fn settle(&self, seen: &Seen) -> Settlement {
        match self {
            Self::Service(goal) => goal.settle(seen),
            Self::GoesBack { deployment } => match seen.deployment(deployment) {
                None => Settlement::Gone,
                Some(now) => match now.status {
                    ServiceDeploymentStatus::RollbackRequested
                    | ServiceDeploymentStatus::RollbackInProgress
                    | ServiceDeploymentStatus::RollbackSuccessful
                    | ServiceDeploymentStatus::RollbackFailed => Settlement::Applied,
                    ServiceDeploymentStatus::Pending | ServiceDeploymentStatus::InProgress => {
                        Settlement::NotApplied
                    }
                    ServiceDeploymentStatus::Successful
                    | ServiceDeploymentStatus::StopRequested
                    | ServiceDeploymentStatus::Stopped
                    | ServiceDeploymentStatus::Other => Settlement::Overtaken,
                },
            },
            Self::HookAnswered { deployment, hook } => match seen.deployment(deployment) {
                None => Settlement::Gone,
                Some(now) if waits(now, hook) => Settlement::NotApplied,
                Some(_) => Settlement::Applied,
            },
            Self::Registered { .. } if self.registered(seen).is_some() => Settlement::Applied,
            Self::Registered { .. } => Settlement::NotApplied,
            Self::Started {
                started_by, count, ..
            } => {
                let found = seen.started.get(started_by).map_or(0, BTreeSet::len);
                if seen.made.tasks.len().max(found) >= size(*count) {
                    Settlement::Applied
                } else {
                    Settlement::NotApplied
                }
            }
            Self::Stopped { task, .. } => match seen.task(task) {
                Some(task) if !is_stopping(task) => Settlement::NotApplied,
                Some(_) | None => Settlement::Applied,
            },
            Self::Scaling {
                service,
                before,
                after,
                ..
            } => match seen.scaling.get(service).copied().flatten() {
                None => Settlement::Gone,
                Some(now) if now == *after => Settlement::Applied,
                Some(now) if now == *before => Settlement::NotApplied,
                Some(_) => Settlement::Overtaken,
            },
            Self::Moving { queue, before } => {
                let moves = seen.moves.get(queue).map_or(&[][..], Vec::as_slice);
                let newest = moves.iter().filter_map(|one| one.started).max();
                if newest > *before {
                    Settlement::Applied
                } else {
                    Settlement::NotApplied
                }
            }
        }
    }

    /// What reading showed, for a person, where it is not the new values.
    pub fn words(&self, kind: &str, settlement: Settlement, seen: &Seen) -> String {
        match (self, settlement) {
            (
                Self::Started {
                    started_by, count, ..
                },
                Settlement::NotApplied,
            ) => {
                let found = seen.started.get(started_by).map_or(0, BTreeSet::len);
                format!("{found} of {count} tasks found; others may still start")
            }
            (Self::Stopped { .. }, Settlement::NotApplied) => {
                "the task still runs; it may still stop".to_owned()
            }
            (Self::Moving { .. }, Settlement::NotApplied) => {
                "no messages are being moved yet".to_owned()
            }
            (Self::GoesBack { .. } | Self::HookAnswered { .. }, Settlement::NotApplied) => {
                "the deployment has not changed yet".to_owned()
            }
            (Self::GoesBack { .. }, Settlement::Overtaken) => {
                "the deployment ended in another way".to_owned()
            }
            (Self::Registered { family, .. }, Settlement::NotApplied) => {
                format!("no new revision of {family} is registered yet")
            }
            (Self::Registered { family, .. }, _) => match self.registered(seen) {
                Some(revision) => format!("{} is registered", revision.name()),
                None => format!("a new revision of {family} is registered"),
            },
            (_, Settlement::NotApplied) => {
                format!("the {kind} still shows the old values; this may still change")
            }
            (_, Settlement::Overtaken) => {
                format!("the {kind} shows other values: somebody else changed them meanwhile")
            }
            (_, Settlement::Gone) => format!("the {kind} is no longer there"),
            (_, Settlement::Applied) => format!("the {kind} shows the new values"),
        }
    }
}

/// Whether a hook waits for an answer.
pub(super) fn waits(deployment: &ServiceDeployment, hook: &Clean) -> bool {
    let mut hooks = deployment.hooks.iter();
    hooks.any(|one| one.id == *hook && one.awaits_action())
}

/// Whether a task stops or has stopped.
pub(super) fn is_stopping(task: &Task) -> bool {
    task.desired == "STOPPED" || matches!(task.status, TaskStatus::Stopped | TaskStatus::Deleted)
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample;

    fn seen(service: Service) -> Seen {
        Seen {
            services: [(service.arn.clone(), Some(service))].into(),
            ..Seen::default()
        }
    }

    #[test]
    fn an_answer_that_sends_a_deployment_back_is_a_rollback() {
        let deployment = Arn::new("arn:aws:ecs:us-east-1:1:service-deployment/prod/web/d");
        let hook = Clean::literal("hook");
        let back = Goal::GoesBack {
            deployment: deployment.clone(),
        };
        let on = Goal::HookAnswered { deployment, hook };
        assert_eq!(
            Goal::effect([&back].into_iter(), Verb::Continue),
            Verb::Rollback
        );
        assert_eq!(
            Goal::effect([&on].into_iter(), Verb::Continue),
            Verb::Continue
        );
    }

    #[test]
    fn a_count_is_old_new_or_somebody_elses() {
        let service = sample::service("web");
        let goal = ServiceGoal {
            desired: Some((2, 5)),
            ..ServiceGoal::of(&service)
        };
        for (desired, settlement) in [
            (5, Settlement::Applied),
            (2, Settlement::NotApplied),
            (9, Settlement::Overtaken),
        ] {
            let now = Service {
                desired,
                ..service.clone()
            };
            assert_eq!(goal.settle(&seen(now)), settlement, "{desired}");
        }
        assert_eq!(goal.settle(&Seen::default()), Settlement::Gone);
        let deleted = Service {
            status: ServiceStatus::Inactive,
            ..service
        };
        assert_eq!(goal.settle(&seen(deleted)), Settlement::Gone);
    }

    #[test]
    fn a_revision_that_is_not_registered_yet_is_never_shown() {
        let mut service = sample::service("web");
        let before = service.task_definition.clone();
        let goal = ServiceGoal {
            task_definition: Some((before, Revision::Registered)),
            ..ServiceGoal::of(&service)
        };
        assert_eq!(goal.settle(&seen(service.clone())), Settlement::NotApplied);
        service.task_definition = sample::revision("web:9");
        let mut later = seen(service);
        assert_eq!(goal.settle(&later), Settlement::Overtaken);
        later.made.revision = Some(sample::revision("web:9"));
        assert_eq!(goal.settle(&later), Settlement::Applied);
    }

    #[test]
    fn a_revision_is_found_by_its_images_and_only_while_the_answer_does_not_tell_it() {
        let image = Clean::literal("app:2");
        let goal = Goal::Registered {
            family: Clean::literal("web"),
            since: Time::UNIX_EPOCH,
            images: [(Clean::literal("app"), image.clone())].into(),
        };
        let mut seen = Seen::default();
        assert_eq!(goal.settle(&seen), Settlement::NotApplied);
        let mut found = sample::definition("web:8", "/ecs/web");
        found.containers.truncate(1);
        found.containers[0].name = Clean::literal("app");
        seen.registered
            .insert(Clean::literal("web"), vec![found.clone()]);
        assert_eq!(goal.settle(&seen), Settlement::NotApplied, "another image");
        found.containers[0].image = image;
        seen.registered
            .insert(Clean::literal("web"), vec![found.clone()]);
        assert_eq!(goal.settle(&seen), Settlement::Applied);
        assert_eq!(goal.registered(&seen), Some(&found.arn));
        assert!(
            !goal.is_marked(&seen),
            "somebody else may have registered it"
        );
        seen.made.revision = Some(sample::revision("web:9"));
        assert_eq!(goal.looks(&seen.made), []);
        assert_eq!(goal.registered(&seen), Some(&sample::revision("web:9")));
    }

    #[test]
    fn a_new_deployment_shows_by_another_primary() {
        let service = sample::service("web");
        let id = service.primary().unwrap().id.clone();
        let goal = ServiceGoal {
            deployment: Some(id),
            ..ServiceGoal::of(&service)
        };
        assert_eq!(goal.settle(&seen(service.clone())), Settlement::NotApplied);
        let mut later = service;
        later.deployments[0].id = Clean::literal("ecs-svc/other");
        assert_eq!(goal.settle(&seen(later)), Settlement::Applied);
    }
}
