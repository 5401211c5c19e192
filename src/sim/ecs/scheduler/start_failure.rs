//! Why a task cannot start, in AWS's words. The cause is what its definition
//! asks for and the supply does not have; one function a kind.

use crate::ecs::Definition;
use crate::engine::Supply;

/// Why a task cannot start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StartFailure {
    /// The container that is to blame; none when it is the task as a whole.
    pub(crate) container: Option<String>,
    pub(crate) reason: String,
}

/// What fails before images are pulled: secrets.
pub(crate) fn before_pull(definition: &Definition, supply: &Supply) -> Option<StartFailure> {
    let missing = definition
        .containers
        .iter()
        .flat_map(|container| container.secrets.values())
        .find(|arn| !supply.has_secret(arn))?;
    Some(StartFailure {
        container: None,
        reason: format!(
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource \
             retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): \
             failed to fetch secret {missing} from secrets manager: ResourceNotFoundException: Secrets \
             Manager can't find the specified secret."
        ),
    })
}

/// What fails while images are pulled: a tag that is not there.
pub(crate) fn in_pull(definition: &Definition, supply: &Supply) -> Option<StartFailure> {
    let container = definition
        .containers
        .iter()
        .find(|container| !supply.has_image(&container.image))?;
    let image = &container.image;
    Some(StartFailure {
        container: Some(container.name.clone()),
        reason: format!(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to \
             resolve ref {image}: {image}: not found"
        ),
    })
}

/// What fails once images are there: the log driver.
pub(crate) fn after_pull(definition: &Definition, supply: &Supply) -> Option<StartFailure> {
    let missing = definition
        .containers
        .iter()
        .filter_map(|container| container.log.as_ref())
        .find(|log| !supply.has_group(&log.group))?;
    debug_assert!(!missing.group.is_empty());
    Some(StartFailure {
        container: None,
        reason:
            "ResourceInitializationError: failed to validate logger args: create stream has been \
                 retried 1 times: failed to create Cloudwatch log stream: \
                 ResourceNotFoundException: The specified log group does not exist. : exit status 1"
                .to_owned(),
    })
}
