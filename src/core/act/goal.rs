//! What shows that a request was applied. Kept in the journal, so that a write of which no answer
//! came can be settled by reading, at once or at the next start, and taken back later.

use serde::{Deserialize, Serialize};

use super::{Look, Made, Revision, Seen};
use crate::domain::{Arn, Service, ServiceStatus};
use crate::text::Clean;

/// What shows that a request was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// A service has other values.
    Service(ServiceGoal),
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
    /// What has to be read to see it.
    pub fn looks(&self, _made: &Made) -> Vec<Look> {
        match self {
            Self::Service(goal) => vec![Look::Service {
                cluster: goal.cluster.clone(),
                service: goal.service.clone(),
            }],
        }
    }

    /// What an answer of 200 did not do, where it did not do all of it.
    pub fn shortfall(&self, _made: &Made) -> Option<Clean> {
        match self {
            Self::Service(_) => None,
        }
    }

    /// Why it does no harm when nobody knows whether the request was applied, where that is so.
    pub fn harmless(&self) -> Option<&'static str> {
        match self {
            Self::Service(_) => None,
        }
    }

    /// Reads off whether it is reached.
    pub fn settle(&self, seen: &Seen) -> Settlement {
        match self {
            Self::Service(goal) => goal.settle(seen),
        }
    }
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
