//! What ECS says: events, reasons. One place, so that they read as AWS writes them.

use crate::engine::random::{mix, name_key};

pub(crate) const ESSENTIAL_EXITED: &str = "Essential container in task exited";
pub(crate) const FAILED_CONTAINER_CHECKS: &str = "Task failed container health checks";
pub(crate) const STOPPED_BY_USER: &str = "Task stopped by user";
pub(crate) const BREAKER_TRIPPED: &str = "ECS deployment circuit breaker: tasks failed to start.";

/// `has started K tasks: (task ID) (task ID).`
pub(crate) fn started(ids: &[String], replaced: u32) -> String {
    let why = if replaced == 0 {
        String::new()
    } else {
        format!(" Amazon ECS replaced {replaced} tasks due to an unhealthy status.")
    };
    format!("has started {} tasks: {}.{why}", ids.len(), list(ids))
}

pub(crate) fn stopped_running(ids: &[String]) -> String {
    format!("has stopped {} running tasks: {}.", ids.len(), list(ids))
}

pub(crate) fn stopped_pending(count: usize) -> String {
    format!("has stopped {count} pending tasks.")
}

fn list(ids: &[String]) -> String {
    let tasks: Vec<String> = ids.iter().map(|id| format!("(task {id})")).collect();
    tasks.join(" ")
}

pub(crate) fn failed_container_checks(id: &str) -> String {
    format!("(task {id}) failed container health checks.")
}

pub(crate) const STEADY: &str = "has reached a steady state.";

pub(crate) fn deployment_completed(id: &str) -> String {
    format!("(deployment {id}) deployment completed.")
}

pub(crate) fn deployment_failed(id: &str) -> String {
    format!("(deployment {id}) deployment failed: tasks failed to start.")
}

pub(crate) fn rolling_back_event(id: &str) -> String {
    format!("rolling back to deployment {id}.")
}

pub(crate) const IMPAIRED: &str = "is unable to consistently start tasks successfully. For more \
     information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

pub(crate) const DEADLOCK: &str = "was unable to stop or start tasks during a deployment because of the \
     service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.";

pub(crate) fn in_progress(id: &str) -> String {
    format!("ECS deployment {id} in progress.")
}

pub(crate) fn completed(id: &str) -> String {
    format!("ECS deployment {id} completed.")
}

pub(crate) fn rolling_back(id: &str) -> String {
    format!("ECS deployment circuit breaker: rolling back to deploymentId {id}.")
}

pub(crate) fn scaled(id: &str) -> String {
    format!("Scaling activity initiated by (deployment {id})")
}

/// The digest that an image has, the same wherever it runs.
pub(crate) fn digest(image: &str) -> String {
    let key = name_key(image);
    let parts: Vec<String> = (0..4).map(|n| format!("{:016x}", mix(key ^ n))).collect();
    format!("sha256:{}", parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn started_tasks_are_listed_as_ecs_lists_them() {
        let ids = ["a1".to_owned(), "b2".to_owned()];
        assert_eq!(
            started(&ids, 0),
            "has started 2 tasks: (task a1) (task b2)."
        );
    }

    #[test]
    fn a_digest_is_64_hexadecimal_digits_and_the_images_own() {
        assert_eq!(digest("app:1").len(), "sha256:".len() + 64);
        assert_ne!(digest("app:1"), digest("app:2"));
    }
}
