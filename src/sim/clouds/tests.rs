//! Reads that lag.

use super::*;
use crate::clock::SECOND;
use crate::trial::{EPOCH, web};

fn call(cloud: &mut Cloud, name: &str, input: &Value) -> Value {
    let args = Args::parse(input.to_string().as_bytes()).unwrap();
    cloud.act(Service::Ecs, name, &args).unwrap()
}

#[test]
fn reads_lag_behind_writes_where_a_world_says_so() {
    let head = "[world]\nname = 't'\naccount = '123456789012'\nregion = 'us-east-1'\nread_lag = '5s'\n\
                [[cluster]]\nname = 'main'\n";
    let world = World::parse(&format!("{head}{}", web(1, "")), "t.toml").unwrap();
    let mut cloud = Cloud::start(&[world], EPOCH, 0, 7);
    let update = json!({ "cluster": "main", "service": "web", "desiredCount": 3 });
    let told = call(&mut cloud, "UpdateService", &update);
    assert_eq!(
        told["service"]["desiredCount"], 3,
        "who writes is told what was written"
    );
    let read = json!({ "cluster": "main", "services": ["web"] });
    let desired = |cloud: &mut Cloud, at| {
        cloud.engine.advance(EPOCH + at * SECOND);
        call(cloud, "DescribeServices", &read)["services"][0]["desiredCount"].take()
    };
    assert_eq!(desired(&mut cloud, 0), 1);
    assert_eq!(desired(&mut cloud, 4), 1);
    assert_eq!(desired(&mut cloud, 5), 3);
}

#[test]
fn a_task_that_was_just_run_is_missing_for_a_while() {
    let head = "[world]\nname = 't'\naccount = '123456789012'\nregion = 'us-east-1'\nread_lag = '2s'\n\
                [[cluster]]\nname = 'main'\n";
    let world = World::parse(&format!("{head}{}", web(0, "")), "t.toml").unwrap();
    let mut cloud = Cloud::start(&[world], EPOCH, 0, 7);
    let run = json!({
        "cluster": "main", "taskDefinition": "web:1", "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
    });
    let arn = call(&mut cloud, "RunTask", &run)["tasks"][0]["taskArn"].take();
    let read = json!({ "cluster": "main", "tasks": [arn] });
    let missing = call(&mut cloud, "DescribeTasks", &read);
    assert_eq!(missing["failures"][0]["reason"], "MISSING");
    cloud.engine.advance(EPOCH + 30 * SECOND);
    let there = call(&mut cloud, "DescribeTasks", &read);
    assert_eq!(there["tasks"][0]["taskArn"], arn);
}
