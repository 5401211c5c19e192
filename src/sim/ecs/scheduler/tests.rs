//! How a service goes through deployments, failures and rollbacks.

mod capacity;
mod going_back;
mod protection;
mod stages;
mod targets;
mod troubles;

use serde_json::json;

use crate::trial::{Trial, web};

fn text(values: &[&str; 2], failed: u64) -> (String, String, u64) {
    (values[0].to_owned(), values[1].to_owned(), failed)
}

#[test]
fn a_deployment_never_falls_below_its_floor_nor_exceeds_its_ceiling() {
    for (min, max, desired, floor, ceiling) in
        [(100, 200, 2, 2, 4), (50, 100, 4, 2, 4), (75, 150, 4, 3, 6)]
    {
        let mut trial = Trial::new(&web(
            desired,
            &format!("min_percent = {min}\nmax_percent = {max}"),
        ));
        trial.deploy(2);
        for _ in 0..600 {
            trial.pass(1);
            let up = trial.tasks("RUNNING");
            let running = up.iter().filter(|t| t["lastStatus"] == "RUNNING").count();
            assert!(running >= floor, "{running} running, floor {floor}");
            assert!(up.len() <= ceiling, "{} up, ceiling {ceiling}", up.len());
        }
        assert_eq!(trial.deployments(), [text(&["PRIMARY", "COMPLETED"], 0)]);
        assert!(
            trial
                .tasks("RUNNING")
                .iter()
                .all(|t| t["taskDefinitionArn"].as_str().unwrap().ends_with("web:2"))
        );
    }
}

#[test]
fn a_finished_deployment_says_completed_and_then_steady() {
    let mut trial = Trial::new(&web(1, ""));
    trial.deploy(2);
    trial.minutes(5);
    let events = trial.events();
    assert_eq!(events[0], "(service web) has reached a steady state.");
    assert!(events[1].starts_with("(service web) (deployment ecs-svc/"));
    assert!(events[1].ends_with(") deployment completed."));
    assert!(
        events
            .iter()
            .any(|e| e.starts_with("(service web) has stopped 1 running tasks: (task "))
    );
}

#[test]
fn floor_and_ceiling_that_leave_no_room_are_reported_as_a_deadlock() {
    // 125 % of 3 is 3 when rounded down, so nothing can start; 100 % of 3 lets nothing stop.
    let mut trial = Trial::new(&web(3, "min_percent = 100\nmax_percent = 125"));
    trial.deploy(2);
    trial.minutes(10);
    assert!(trial.events()[0].contains("because of the service deployment configuration"));
    assert_eq!(trial.tasks("RUNNING").len(), 3);
}

#[test]
fn failed_tasks_counts_consecutive_failures_and_resets_when_a_task_runs() {
    let mut trial = Trial::new(&web(1, ""));
    trial.deploy(3);
    trial.minutes(6);
    let (status, rollout, failed) = trial.deployments()[0].clone();
    assert_eq!(
        (status.as_str(), rollout.as_str()),
        ("PRIMARY", "IN_PROGRESS")
    );
    assert!(failed >= 3, "{failed} failed");
    let stopped = trial.tasks("STOPPED");
    assert_eq!(stopped[0]["stopCode"], "TaskFailedToStart");
    let reason = stopped[0]["containers"][0]["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("CannotPullContainerError: ")
            && reason.ends_with("registry/web:missing: not found")
    );
    trial
        .engine
        .ecs
        .supply
        .set_tag("registry/web", "missing", true);
    trial.minutes(30);
    assert_eq!(trial.deployments(), [text(&["PRIMARY", "COMPLETED"], 0)]);
}

#[test]
fn without_a_breaker_the_scheduler_tries_for_ever_ever_more_slowly() {
    let mut trial = Trial::new(&web(1, ""));
    trial.deploy(3);
    trial.minutes(20);
    let early = trial.deployments()[0].2;
    trial.minutes(240);
    let late = trial.deployments()[0].2 - early;
    assert!((4..=12).contains(&late), "{late} tries in four hours");
    let impaired = trial
        .events()
        .iter()
        .filter(|e| e.contains("is unable to consistently start tasks"))
        .count();
    assert_eq!(impaired, 1, "a duplicate is held back for six hours");
}

#[test]
fn a_breaker_that_trips_rolls_back_to_the_last_completed_deployment() {
    let mut trial = Trial::new(&web(2, "breaker = { enable = true, rollback = true }"));
    let before = trial.service()["deployments"][0]["id"].clone();
    trial.deploy(3);
    while trial.deployments()[0].1 == "IN_PROGRESS" && !trial.events()[0].contains("rolling back") {
        trial.pass(1);
    }
    let events = trial.events();
    assert!(events[1].ends_with("deployment failed: tasks failed to start."));
    assert_eq!(
        events[0],
        format!(
            "(service web) rolling back to deployment {}.",
            before.as_str().unwrap()
        )
    );
    let service = trial.service();
    assert_eq!(service["deployments"][0]["id"], before);
    assert!(
        service["deployments"][0]["rolloutStateReason"]
            .as_str()
            .unwrap()
            .contains("rolling back to deploymentId")
    );
    assert_eq!(trial.deployments()[1], text(&["ACTIVE", "FAILED"], 3));
    trial.minutes(5);
    assert_eq!(trial.deployments(), [text(&["PRIMARY", "COMPLETED"], 0)]);
    let input = json!({ "cluster": "main", "service": "web" });
    let newest = trial.ecs("ListServiceDeployments", input)["serviceDeployments"][0].take();
    assert_eq!(newest["status"], "ROLLBACK_SUCCESSFUL");
}

#[test]
fn a_breaker_without_rollback_leaves_the_failed_deployment_and_starts_nothing_more() {
    let mut trial = Trial::new(&web(2, "breaker = { enable = true }"));
    trial.deploy(3);
    trial.minutes(5);
    let failed = trial.deployments()[0].2;
    trial.minutes(60);
    assert_eq!(trial.deployments()[0], text(&["PRIMARY", "FAILED"], failed));
    assert_eq!(trial.service()["runningCount"], 2);
}

#[test]
fn a_crash_loop_after_running_counts_no_failed_tasks() {
    let crash = "[[task_definition]]\nfamily = 'web'\nrevision = 5\nlike = 1\n[[task_definition.container]]\n\
                 name = 'app'\n[[task_definition.container.exits]]\nafter = '20s'\ncode = 1\n";
    let mut trial = Trial::new(&format!(
        "{}{crash}",
        web(1, "breaker = { enable = true, rollback = true }")
    ));
    trial.deploy(5);
    trial.minutes(30);
    assert!(
        trial
            .deployments()
            .iter()
            .all(|(_, rollout, failed)| rollout != "FAILED" && *failed == 0)
    );
    let stopped = trial.tasks("STOPPED");
    assert!(stopped.len() > 5);
    let ended = stopped
        .iter()
        .find(|t| t["stopCode"] == "EssentialContainerExited")
        .unwrap();
    assert_eq!(ended["containers"][0]["exitCode"], 1);
}

#[test]
fn a_task_that_fails_its_container_checks_is_replaced_and_counted() {
    let sick = "[[task_definition]]\nfamily = 'web'\nrevision = 5\nlike = 1\n[[task_definition.container]]\n\
                name = 'app'\nhealth = { command = ['CMD', 'x'], interval = 10, passes = false }\n";
    let mut trial = Trial::new(&format!("{}{sick}", web(1, "")));
    trial.deploy(5);
    trial.minutes(4);
    assert!(trial.deployments()[0].2 >= 1);
    assert!(
        trial
            .events()
            .iter()
            .any(|e| e.ends_with("failed container health checks."))
    );
    assert!(
        trial
            .events()
            .iter()
            .any(|e| e.ends_with("Amazon ECS replaced 1 tasks due to an unhealthy status."))
    );
    let stopped = trial.tasks("STOPPED");
    assert_eq!(
        stopped[0]["stoppedReason"],
        "Task failed container health checks"
    );
}

#[test]
fn a_missing_secret_stops_a_task_before_anything_is_pulled() {
    let secret = "[[secret]]\narn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:a'\nexists = false\n\
                  [[task_definition]]\nfamily = 'web'\nrevision = 5\nlike = 1\n[[task_definition.container]]\n\
                  name = 'app'\nsecrets = { A = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:a' }\n";
    let mut trial = Trial::new(&format!("{}{secret}", web(1, "")));
    trial.deploy(5);
    trial.minutes(2);
    let stopped = trial.tasks("STOPPED");
    let reason = stopped[0]["stoppedReason"].as_str().unwrap();
    assert!(
        reason.starts_with("ResourceInitializationError: unable to pull secrets or registry auth")
    );
    assert_eq!(stopped[0]["pullStartedAt"], json!(null));
}

#[test]
fn a_task_passes_through_the_states_of_its_life_in_order() {
    let mut trial = Trial::new(&web(0, ""));
    trial.ecs(
        "UpdateService",
        json!({ "cluster": "main", "service": "web", "desiredCount": 1 }),
    );
    let mut seen: Vec<String> = Vec::new();
    let mut note = |trial: &mut Trial, desired| {
        for task in trial.tasks(desired) {
            let status = task["lastStatus"].as_str().unwrap().to_owned();
            if seen.last() != Some(&status) {
                seen.push(status);
            }
        }
    };
    for _ in 0..90 {
        trial.pass(1);
        note(&mut trial, "RUNNING");
    }
    trial.ecs(
        "UpdateService",
        json!({ "cluster": "main", "service": "web", "desiredCount": 0 }),
    );
    for _ in 0..90 {
        trial.pass(1);
        note(&mut trial, "STOPPED");
    }
    let life = [
        "PROVISIONING",
        "PENDING",
        "ACTIVATING",
        "RUNNING",
        "DEACTIVATING",
        "STOPPING",
        "DEPROVISIONING",
        "STOPPED",
    ];
    assert_eq!(seen, life);
    let task = trial.tasks("STOPPED").remove(0);
    assert_eq!(task["stopCode"], "ServiceSchedulerInitiated");
    assert!(
        task["stoppedReason"]
            .as_str()
            .unwrap()
            .starts_with("Scaling activity initiated by (deployment ecs-svc/")
    );
}

#[test]
fn no_more_than_five_hundred_tasks_of_a_service_are_launched_in_a_minute() {
    let mut trial = Trial::new(&web(1, ""));
    let input = json!({ "cluster": "main", "service": "web", "desiredCount": 900 });
    trial.ecs("UpdateService", input);
    let launched = |trial: &mut Trial| {
        let service = trial.service();
        let count = |member: &str| service[member].as_u64().unwrap();
        count("runningCount") + count("pendingCount")
    };
    trial.pass(2);
    assert_eq!(launched(&mut trial), 101);
    trial.pass(57);
    assert_eq!(launched(&mut trial), 501);
    trial.pass(60);
    assert_eq!(launched(&mut trial), 900);
}

#[test]
fn stopped_tasks_are_shown_for_an_hour() {
    let mut trial = Trial::new(&web(1, ""));
    trial.ecs(
        "UpdateService",
        json!({ "cluster": "main", "service": "web", "desiredCount": 0 }),
    );
    trial.minutes(59);
    assert_eq!(trial.tasks("STOPPED").len(), 1);
    trial.minutes(3);
    assert_eq!(trial.tasks("STOPPED").len(), 0);
    assert!(trial.engine.ecs.tasks.is_empty());
}

#[test]
fn a_steady_service_says_so_again_every_six_hours() {
    let mut trial = Trial::new(&web(1, ""));
    trial.minutes(1);
    let before = trial.events().len();
    trial.minutes(24 * 60);
    assert_eq!(trial.events().len(), before + 4);
}

#[test]
fn a_deployment_that_is_replaced_is_stopped() {
    let mut trial = Trial::new(&web(2, ""));
    trial.deploy(3);
    trial.minutes(2);
    trial.deploy(2);
    trial.minutes(8);
    assert_eq!(trial.deployments(), [text(&["PRIMARY", "COMPLETED"], 0)]);
    let list = trial.ecs(
        "ListServiceDeployments",
        json!({ "cluster": "main", "service": "web" }),
    );
    let statuses: Vec<&str> = list["serviceDeployments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"]);
}

#[test]
fn service_events_are_newest_first_and_at_most_100() {
    let mut trial = Trial::new(&web(1, ""));
    for count in 0..120 {
        let input = json!({ "cluster": "main", "service": "web", "desiredCount": 1 + count % 2 });
        trial.ecs("UpdateService", input);
        trial.minutes(2);
    }
    let service = trial.service();
    let events = service["events"].as_array().unwrap();
    assert_eq!(events.len(), 100);
    let times: Vec<f64> = events
        .iter()
        .map(|e| e["createdAt"].as_f64().unwrap())
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]));
}

#[test]
fn minimum_75_percent_of_2_is_2_so_that_nothing_can_stop() {
    let mut trial = Trial::new(&web(2, "min_percent = 75\nmax_percent = 100"));
    trial.deploy(2);
    trial.minutes(10);
    assert_eq!(trial.deployments()[0].1, "IN_PROGRESS");
    assert!(trial.events()[0].contains("because of the service deployment configuration"));
}

#[test]
fn a_deadlock_ends_when_the_percentages_give_room() {
    let mut trial = Trial::new(&web(3, "min_percent = 100\nmax_percent = 125"));
    trial.deploy(2);
    trial.minutes(10);
    let input = json!({
        "cluster": "main", "service": "web",
        "deploymentConfiguration": { "maximumPercent": 200, "minimumHealthyPercent": 100 },
    });
    trial.ecs("UpdateService", input);
    trial.minutes(5);
    assert_eq!(trial.deployments(), [text(&["PRIMARY", "COMPLETED"], 0)]);
}

/// A revision 5 whose container has a health check.
fn checked(check: &str) -> String {
    format!(
        "[[task_definition]]\nfamily = 'web'\nrevision = 5\nlike = 1\n[[task_definition.container]]\n\
         name = 'app'\nhealth = {{ command = ['CMD', 'x'], interval = 10, {check} }}\n"
    )
}

#[test]
fn the_grace_period_ignores_container_checks() {
    let slow = checked("after = '90s'");
    let mut short = Trial::new(&format!("{}{slow}", web(1, "")));
    short.deploy(5);
    short.minutes(5);
    assert!(
        short
            .events()
            .iter()
            .any(|e| e.ends_with("failed container health checks."))
    );
    let mut long = Trial::new(&format!("{}{slow}", web(1, "grace = '120s'")));
    long.deploy(5);
    long.minutes(5);
    assert_eq!(long.deployments(), [text(&["PRIMARY", "COMPLETED"], 0)]);
}

#[test]
fn a_task_that_falls_ill_later_is_replaced_though_its_deployment_is_complete() {
    let sick = checked("fails_after = '10m'");
    let mut trial = Trial::new(&format!("{}{sick}", web(1, "")));
    trial.deploy(5);
    trial.minutes(5);
    assert_eq!(trial.deployments(), [text(&["PRIMARY", "COMPLETED"], 0)]);
    trial.minutes(10);
    let reasons: Vec<String> = trial
        .tasks("STOPPED")
        .iter()
        .map(|t| t["stoppedReason"].to_string())
        .collect();
    assert!(
        reasons.contains(&"\"Task failed container health checks\"".to_owned()),
        "{reasons:?}"
    );
    assert_eq!(trial.deployments()[0].1, "COMPLETED");
}
