//! The lines of a cluster's event capture and action logs, read.
//!
//! A captured event holds the task as AWS showed it, and is read as it. An action tells no more than its words.

use serde::Deserialize;

use super::explain::task_of_event;
use super::memory::Action;
use crate::domain::{Task, Time};
use crate::text::Clean;

/// The stopped task of an event that was captured; none where it is about something else.
pub fn captured(event: &str) -> Option<Task> {
    task_of_event(event).filter(|task| task.is_stopped() && !task.arn.as_str().is_empty())
}

/// A line of the action logs (source: ECS developer guide, "Action Logs").
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    action_source_id: Option<String>,
    log_level: Option<String>,
    event_name: Option<String>,
    #[serde(alias = "eventTimestamp")]
    timestamp: Option<i64>,
    #[serde(default)]
    detail: serde_json::Map<String, serde_json::Value>,
}

/// The members of a detail that say why, the most telling first.
const WHY: [&str; 4] = ["stoppedReason", "statusReason", "reason", "message"];

/// What a line of the action logs says that failed of a service, `CLUSTER/SERVICE`; none where it tells of something
/// else, or of something that went well.
pub fn action(line: &str, service: &str) -> Option<Action> {
    let line: Line = serde_json::from_str(line).ok()?;
    let of = line.action_source_id?;
    // The guide shows it without the beginning of the resource name, and says that it is the whole.
    let is_of = of
        .rsplit_once("service/")
        .is_some_and(|(_, name)| name == service);
    let failed = matches!(line.log_level.as_deref(), Some("ERROR" | "WARN"));
    if !is_of || !failed {
        return None;
    }
    let told = |name: &&str| line.detail.get(*name).and_then(|value| value.as_str());
    let why = WHY.iter().find_map(told)?;
    let name = line.event_name.as_deref().or(told(&"eventName"));
    let name = name.map_or_else(String::new, |name| format!("{name}: "));
    Some(Action {
        at: line
            .timestamp
            .and_then(|at| Time::from_millisecond(at).ok()),
        text: Clean::new(&format!("{name}{why}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_task_of_a_captured_event_is_read_as_aws_showed_it() {
        let event = |status: &str| {
            format!(
                r#"{{"version":"0","detail-type":"ECS Task State Change","source":"aws.ecs","time":"2026-03-10T07:00:00Z",
                "detail":{{"taskArn":"arn:aws:ecs:us-east-1:1:task/main/a","clusterArn":"arn:aws:ecs:us-east-1:1:cluster/main",
                "group":"service:web","startedBy":"ecs-svc/2","lastStatus":"{status}","desiredStatus":"STOPPED",
                "stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited",
                "stoppedAt":"2026-03-10T07:00:00Z","containers":[{{"name":"app","exitCode":3}}]}}}}"#
            )
        };
        let task = captured(&event("STOPPED")).unwrap();
        assert_eq!((task.arn.name(), task.exit_code()), ("a", Some(3)));
        assert_eq!(captured(&event("RUNNING")), None);
        for other in [
            "",
            "null",
            "{}",
            "plain words",
            r#"{"detail":7}"#,
            r#"{"detail-type":"ECS Service Action","detail":{"eventName":"SERVICE_STEADY_STATE"}}"#,
        ] {
            assert_eq!(captured(other), None, "{other}");
        }
    }

    #[test]
    fn an_action_of_the_service_that_failed_says_what_and_why() {
        let line = |of: &str, level: &str| {
            format!(
                r#"{{"resourceArn":"arn:aws:ecs:us-east-1:1:cluster/main","actionSourceId":"{of}","logLevel":"{level}",
                "eventTimestamp":1784573730986,"detail":{{"statusReason":"No rollback candidate was found to run the rollback.",
                "status":"FAILED","eventName":"SERVICE_DEPLOYMENT_ROLLBACK_FAILED"}}}}"#
            )
        };
        for of in [
            "service/main/web",
            "arn:aws:ecs:us-east-1:1:service/main/web",
        ] {
            let said = action(&line(of, "ERROR"), "main/web").unwrap();
            assert_eq!(
                said.text,
                "SERVICE_DEPLOYMENT_ROLLBACK_FAILED: No rollback candidate was found to run the rollback."
            );
            assert!(said.at.is_some());
        }
        assert_eq!(
            action(&line("service/main/web2", "ERROR"), "main/web"),
            None
        );
        assert_eq!(action(&line("service/main/web", "INFO"), "main/web"), None);
        assert_eq!(action("{}", "main/web"), None);
    }
}
