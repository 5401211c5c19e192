//! States in the words that AWS's own console uses, short enough for a column.

use crate::domain::{Health, HealthCheck, TaskStatus};
use crate::text::Clean;

/// A task's status.
pub fn task_status(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Provisioning => "provisioning",
        TaskStatus::Pending => "pending",
        TaskStatus::Activating => "activating",
        TaskStatus::Running => "running",
        TaskStatus::Deactivating => "deactivating",
        TaskStatus::Stopping => "stopping",
        TaskStatus::Deprovisioning => "deprovisioning",
        TaskStatus::Stopped => "stopped",
        TaskStatus::Deleted => "deleted",
        TaskStatus::Other => "unknown",
    }
}

/// A health check's word.
pub fn health(health: Health) -> &'static str {
    match health {
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
        Health::Unknown => "unknown",
    }
}

/// How patient a health check is.
pub(in crate::app) fn health_check_words(check: &HealthCheck) -> Clean {
    Clean::own(format!(
        "every {} s, timeout {} s, {} retries, start period {} s",
        check.interval_seconds, check.timeout_seconds, check.retries, check.start_period_seconds,
    ))
}
