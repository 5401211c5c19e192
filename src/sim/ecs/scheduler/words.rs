//! What ECS says: events, reasons. One place, so that they read as AWS writes them.
//!
//! source: developer guide, service-event-messages-list, ecs_service_deployment_events,
//! stopped-task-error-codes and task-lifecycle-explanation; where these print a service as
//! `service (NAME)`, the form on the wire, `(service NAME)`, is that of events which people
//! have published. The product reads them with a lexicon of its own, which is held against a
//! corpus that is not made of these.

pub(crate) const ESSENTIAL_EXITED: &str = "Essential container in task exited";
pub(crate) const FAILED_TO_START: &str = "Task failed to start";
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

/// `why` ends with a full stop.
pub(crate) fn deployment_failed(id: &str, why: &str) -> String {
    format!("(deployment {id}) deployment failed: {why}")
}

pub(crate) const BY_BREAKER: &str =
    "Service deployment rolled back because the circuit breaker threshold was exceeded.";
pub(crate) const BY_USER: &str =
    "Service deployment rolled back because of a user initiated request.";

pub(crate) fn by_alarm(alarms: &[String]) -> String {
    format!(
        "Service deployment rolled back because CloudWatch alarm(s) [{}] were in ALARM.",
        alarms.join(", ")
    )
}

pub(crate) fn hook_failed(stage: &str, words: Option<&str>) -> String {
    let words = words.map_or_else(String::new, |words| format!(" {words}"));
    format!("Service deployment rolled back because {stage} lifecycle hook(s) failed.{words}")
}

/// What an event about tasks that are protected is about.
pub(crate) const PROTECTED: &str = "protected";

pub(crate) fn protected(set: &str) -> String {
    format!(
        "was unable to reach steady state because task set ({set}) was unable to scale in. \
         Reason: The number of protected tasks are more than the desired count of tasks"
    )
}

pub(crate) fn unplaced(reason: &str) -> String {
    format!("was unable to place a task. Reason: {reason}")
}

const TROUBLESHOOTING: &str =
    "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

/// `why` ends without a full stop.
pub(crate) fn no_instance_fits(why: &str) -> String {
    format!(
        "was unable to place a task because no container instance met all of its requirements. \
         {why}. {TROUBLESHOOTING}"
    )
}

pub(crate) const VCPU_QUOTA: &str =
    "You've reached the limit on the number of vCPUs you can run concurrently";

pub(crate) fn registered(targets: usize, group: &str) -> String {
    format!("registered {targets} targets in (target-group {group})")
}

pub(crate) fn deregistered(targets: usize, group: &str) -> String {
    format!("deregistered {targets} targets in (target-group {group})")
}

pub(crate) const DRAINING: &str = "has begun draining connections on 1 tasks.";

pub(crate) fn target_unhealthy(task: &str, port: u16, group: &str, fault: &str) -> String {
    format!(
        "(task {task}) (port {port}) is unhealthy in (target-group {group}) due to \
         (reason {fault})."
    )
}

pub(crate) fn failed_elb_checks(group: &str) -> String {
    format!("Task failed ELB health checks in (target-group {group})")
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

pub(crate) fn rolling_back(by: &str, id: &str) -> String {
    format!("{by}: rolling back to deploymentId {id}.")
}

pub(crate) fn scaled(id: &str) -> String {
    format!("Scaling activity initiated by (deployment {id})")
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
}
