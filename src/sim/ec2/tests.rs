//! Instances and interfaces, asked from outside.

use serde_json::{Value, json};

use crate::service::Service;
use crate::trial::{Trial, web};
use crate::wire::ApiError;

const BOX: &str = "[[instance]]\nid = 'i-0a1b2c3d4e5f67890'\nname = 'gpu'\ntype = 'g4dn.xlarge'\n";

fn ask(trial: &mut Trial, action: &str) -> Result<Value, ApiError> {
    let input = json!({ "InstanceId": ["i-0a1b2c3d4e5f67890"] });
    trial.ask(Service::Ec2, action, input)
}

fn name(trial: &mut Trial) -> String {
    let answer = ask(trial, "DescribeInstances").unwrap();
    let state = &answer["reservationSet"][0]["instancesSet"][0]["instanceState"]["name"];
    state.as_str().unwrap().to_owned()
}

#[test]
fn an_instance_stops_and_starts_by_way_of_stopping_and_pending() {
    let mut trial = Trial::new(BOX);
    assert_eq!(name(&mut trial), "running");
    let answer = ask(&mut trial, "StopInstances").unwrap();
    assert_eq!(
        answer["instancesSet"][0]["previousState"]["name"],
        "running"
    );
    assert_eq!(name(&mut trial), "stopping");
    let early = ask(&mut trial, "StartInstances").unwrap_err();
    assert_eq!(early.code, "IncorrectInstanceState");
    trial.minutes(2);
    assert_eq!(name(&mut trial), "stopped");
    ask(&mut trial, "StartInstances").unwrap();
    assert_eq!(name(&mut trial), "pending");
    trial.minutes(1);
    assert_eq!(name(&mut trial), "running");
}

#[test]
fn checks_are_initializing_for_two_minutes_and_only_running_instances_are_shown() {
    let mut trial = Trial::new(BOX);
    ask(&mut trial, "StopInstances").unwrap();
    trial.minutes(2);
    let none = ask(&mut trial, "DescribeInstanceStatus").unwrap();
    assert_eq!(none["instanceStatusSet"], json!([]));
    ask(&mut trial, "StartInstances").unwrap();
    trial.minutes(1);
    let mut status = || {
        let answer = ask(&mut trial, "DescribeInstanceStatus").unwrap();
        trial.minutes(2);
        answer["instanceStatusSet"][0]["instanceStatus"]["status"].clone()
    };
    assert_eq!((status(), status()), (json!("initializing"), json!("ok")));
}

#[test]
fn an_instance_that_does_not_exist_is_named() {
    let mut trial = Trial::new(BOX);
    let input = json!({ "InstanceId": ["i-00000000000000000"] });
    let error = trial
        .ask(Service::Ec2, "DescribeInstances", input)
        .unwrap_err();
    assert_eq!(
        error.message,
        "The instance ID 'i-00000000000000000' does not exist"
    );
}

fn address(public: bool) -> Value {
    let mut trial = Trial::new(&web(1, &format!("public_ip = {public}")));
    let task = trial.tasks("RUNNING").remove(0);
    let details = task["attachments"][0]["details"]
        .as_array()
        .unwrap()
        .clone();
    let id = details
        .iter()
        .find(|d| d["name"] == "networkInterfaceId")
        .unwrap()["value"]
        .clone();
    let input = json!({ "NetworkInterfaceId": [id] });
    let answer = trial
        .ask(Service::Ec2, "DescribeNetworkInterfaces", input)
        .unwrap();
    answer["networkInterfaceSet"][0]["association"]["publicIp"].clone()
}

#[test]
fn only_a_task_with_a_public_address_has_an_association() {
    assert!(address(true).as_str().unwrap().starts_with("3."));
    assert!(address(false).is_null());
}

#[test]
fn an_interface_that_is_gone_is_named() {
    let mut trial = Trial::new(&web(1, ""));
    let input = json!({ "NetworkInterfaceId": ["eni-00000000000000000"] });
    let error = trial
        .ask(Service::Ec2, "DescribeNetworkInterfaces", input)
        .unwrap_err();
    assert_eq!(error.code, "InvalidNetworkInterfaceID.NotFound");
}
