//! Setting a service's desired count.

use super::guard::scalable;
use super::{Change, Guard, Intent, IntentId, Refusal, Request, Target, UpdateService};
use crate::domain::{Identity, Service, Time};
use crate::text::Clean;

/// Why a scale cannot even be proposed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScaleError {
    /// The count is not a whole number from 0 to [`MOST`].
    #[error("the count must be a whole number from 0 to {MOST}, not {0:?}")]
    BadCount(Clean),
    /// It is what the service has already.
    #[error("the desired count is {0} already")]
    NoChange(u32),
    /// This kind of service cannot be scaled.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// The most tasks that a service can have (source: ECS service quotas, "Tasks per service").
const MOST: u32 = 5_000;

/// Builds the intent to give a service another desired count.
///
/// # Errors
/// When the count makes no sense or the service has none.
pub fn scale(
    id: IntentId,
    at: Time,
    identity: &Identity,
    region: &Clean,
    service: &Service,
    count: &str,
) -> Result<Intent, ScaleError> {
    let bad = || ScaleError::BadCount(Clean::new(count));
    let desired: u32 = count.trim().parse().map_err(|_| bad())?;
    if desired > MOST {
        return Err(bad());
    }
    scalable(service)?;
    if desired == service.desired {
        return Err(ScaleError::NoChange(desired));
    }
    Ok(Intent {
        id,
        at,
        verb: "scale",
        target: Target {
            account: identity.account.clone(),
            region: region.clone(),
            role: Clean::new(identity.role()),
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
        },
        changes: vec![Change {
            what: Clean::literal("desired count"),
            before: Clean::own(service.desired.to_string()),
            after: Clean::own(desired.to_string()),
        }],
        request: Request::UpdateService(UpdateService {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            desired_count: Some(desired),
        }),
        guard: Guard::Scale {
            account: identity.account.clone(),
            service: service.arn.clone(),
            desired: service.desired,
            task_definition: service.task_definition.clone(),
        },
    })
}
