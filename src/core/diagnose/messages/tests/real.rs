//! Seventy messages that AWS really wrote, each with the cause that an expert gave it.

use serde_json::Value;

use super::task::{container, stopped};
use crate::diagnose::cause::CauseId;
use crate::diagnose::messages::{
    Classified, classify, classify_event, classify_exit, classify_task, rank_together,
};
use crate::domain::{Owner, StopCode};
use crate::text::Clean;

const MESSAGES: &str = include_str!("../../../../../tests/fixtures/messages.jsonl");

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn of_task(task: &Value) -> Vec<Classified> {
    let owner = match text(task, "group").split_once(':') {
        Some(("family", family)) => Owner::Family(Clean::new(family)),
        _ => Owner::Service(Clean::literal("service")),
    };
    let code = match text(task, "stopCode") {
        "TaskFailedToStart" => Some(StopCode::TaskFailedToStart),
        "EssentialContainerExited" => Some(StopCode::EssentialContainerExited),
        "UserInitiated" => Some(StopCode::UserInitiated),
        "ServiceSchedulerInitiated" => Some(StopCode::ServiceSchedulerInitiated),
        "SpotInterruption" => Some(StopCode::SpotInterruption),
        "" => None,
        _ => Some(StopCode::Other),
    };
    let mut read = stopped(owner, code, text(task, "stoppedReason"));
    read.containers = items(&task["containers"])
        .iter()
        .map(|one| {
            let exit = one["exitCode"].as_i64().map(|code| code as i32);
            container(exit, one["reason"].as_str())
        })
        .collect();
    classify_task(&read)
}

fn of_service(service: &Value) -> Vec<Classified> {
    let events = items(&service["events"])
        .iter()
        .map(|event| classify_event(text(event, "message")));
    let deployments = items(&service["deployments"])
        .iter()
        .map(|deployment| classify(text(deployment, "rolloutStateReason")));
    rank_together(events.chain(deployments))
}

fn of_message(message: &Value) -> Vec<Classified> {
    let input = &message["input"];
    match text(message, "kind") {
        "describe_tasks" => {
            let tasks = items(&input["tasks"]).iter().map(of_task);
            let failures = items(&input["failures"])
                .iter()
                .map(|one| classify(text(one, "reason")));
            rank_together(tasks.chain(failures))
        }
        "describe_services" => rank_together(items(&input["services"]).iter().map(of_service)),
        _ => {
            let told = classify(input.as_str().unwrap());
            match message["exit_code"].as_i64() {
                Some(code) if told[0].cause == CauseId::Unknown => classify_exit(code),
                _ => told,
            }
        }
    }
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figure is for people who run the tests"
)]
fn every_real_message_gets_its_cause() {
    let mut right = 0;
    let mut exact = 0;
    let mut wrong = Vec::new();
    let all: Vec<Value> = MESSAGES
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for message in &all {
        let ranking = of_message(message);
        let first = ranking[0].cause.as_str();
        let expected = text(message, "cause");
        assert!(CauseId::from_id(expected).is_some(), "{expected}");
        exact += u32::from(first == expected);
        if first == expected || items(&message["also_ok"]).iter().any(|also| also == first) {
            right += 1;
        } else {
            wrong.push(format!(
                "{} {expected}, not {first}: {}",
                text(message, "id"),
                message["input"]
            ));
        }
    }
    println!(
        "{right} of {} ({exact} with the expert's first word)",
        all.len()
    );
    assert_eq!(all.len(), 70);
    assert!(wrong.is_empty(), "{right} of 70\n{}", wrong.join("\n"));
}
