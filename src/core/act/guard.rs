//! What must still be true when a write is sent, and why a write was refused.

use serde::Serialize;

use crate::domain::{Arn, CloudError, Controller, Identity, Scheduling, Service, ServiceStatus};
use crate::text::Clean;

/// The values that must not have changed between what the person saw and what
/// is read again just before sending. Running counts always move and guard nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// For setting a service's desired count.
    Scale {
        /// The account that the person saw.
        account: Clean,
        /// The service.
        service: Arn,
        /// The desired count that the person saw.
        desired: u32,
        /// The task definition that the person saw.
        task_definition: Arn,
    },
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
    #[error("could not read the target again before sending: {0}")]
    Unreadable(CloudError),
    /// The journal could not be written, so nothing is sent.
    #[error("the journal cannot be written, so nothing is sent: {0}")]
    NoJournal(Clean),
    /// Another write to the same target is under way.
    #[error("another change to {0} is under way")]
    Busy(Arn),
}

impl Guard {
    /// Holds what was seen against what is there now.
    ///
    /// # Errors
    /// The first difference, as the reason not to send.
    pub fn check(&self, identity: &Identity, service: Option<&Service>) -> Result<(), Refusal> {
        let Self::Scale {
            account,
            service: arn,
            desired,
            task_definition,
        } = self;
        if identity.account != *account {
            return Err(Refusal::OtherAccount {
                seen: account.clone(),
                now: identity.account.clone(),
            });
        }
        let now = service
            .filter(|service| service.arn == *arn && service.status == ServiceStatus::Active)
            .ok_or_else(|| Refusal::Gone(arn.clone()))?;
        scalable(now)?;
        if now.desired != *desired {
            return Err(Refusal::Changed {
                what: "desired count",
                seen: Clean::own(desired.to_string()),
                now: Clean::own(now.desired.to_string()),
            });
        }
        if now.task_definition != *task_definition {
            return Err(Refusal::Changed {
                what: "task definition",
                seen: Clean::new(task_definition.name()),
                now: Clean::new(now.task_definition.name()),
            });
        }
        Ok(())
    }
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
