//! What ELB tells of targets and groups.

use serde_json::{Value, json};

use crate::service::Service;
use crate::trial::{Trial, web};

fn trial(further: &str) -> Trial {
    let service = "load_balancers = [{ target_group = 'web-tg', container = 'app', port = 8080 }]\n\
                   created = '-2m'\ngrace = '10m'\n";
    Trial::new(&web(
        2,
        &format!(
            "{service}[[target_group]]\nname = 'web-tg'\nload_balancer = 'front'\nport = 8080\n\
             interval = 10\n{further}\n"
        ),
    ))
}

fn health(trial: &mut Trial) -> Vec<[String; 3]> {
    let groups = trial
        .ask(Service::Elb, "DescribeTargetGroups", json!({}))
        .unwrap();
    let input = json!({ "TargetGroupArn": groups["TargetGroups"][0]["TargetGroupArn"] });
    let answer = trial
        .ask(Service::Elb, "DescribeTargetHealth", input)
        .unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let targets = answer["TargetHealthDescriptions"].as_array().unwrap();
    targets
        .iter()
        .map(|target| {
            let health = &target["TargetHealth"];
            [
                text(&health["State"]),
                text(&health["Reason"]),
                text(&health["Description"]),
            ]
        })
        .collect()
}

#[test]
fn a_target_that_fails_is_unhealthy_and_says_why() {
    let words = "Health checks failed with these codes: [503]";
    let mut trial = trial(&format!(
        "[[event]]\nat = '1m'\ndo = 'target-health'\ntarget_group = 'web-tg'\nfault = '{words}'\n"
    ));
    assert!(
        health(&mut trial)
            .iter()
            .all(|[state, ..]| state == "healthy")
    );
    trial.pass(85);
    let unhealthy = ["unhealthy", "Target.ResponseCodeMismatch", words].map(str::to_owned);
    assert_eq!(health(&mut trial), vec![unhealthy; 2]);
}

#[test]
fn the_old_drain_and_the_new_are_initial_while_a_deployment_goes_on() {
    let mut trial = trial("");
    trial.deploy(2);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..60 {
        trial.pass(5);
        seen.extend(health(&mut trial).into_iter().map(|[state, ..]| state));
    }
    for state in ["initial", "healthy", "draining"] {
        assert!(seen.contains(state), "{state}: {seen:?}");
    }
}

#[test]
fn a_load_balancer_that_a_group_names_is_there_and_publishes_its_hosts() {
    let mut trial = trial("requests = 120.0");
    let answer = trial
        .ask(Service::Elb, "DescribeLoadBalancers", json!({}))
        .unwrap();
    assert_eq!(answer["LoadBalancers"][0]["LoadBalancerName"], "front");
    let input = json!({ "MetricName": "HealthyHostCount" });
    let metrics = trial
        .ask(Service::CloudWatch, "ListMetrics", input)
        .unwrap();
    let dimensions = &metrics["Metrics"][0]["Dimensions"];
    assert!(
        dimensions[0]["Value"]
            .as_str()
            .unwrap()
            .starts_with("app/front/")
    );
    assert!(
        dimensions[1]["Value"]
            .as_str()
            .unwrap()
            .starts_with("targetgroup/web-tg/")
    );
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut trial = trial("");
    let input = json!({ "TargetGroupArn": "arn:aws:elasticloadbalancing:x" });
    let error = trial
        .ask(Service::Elb, "DescribeTargetHealth", input)
        .unwrap_err();
    assert_eq!(error.code, "TargetGroupNotFound");
    let error = trial.ask(
        Service::Elb,
        "DescribeLoadBalancers",
        json!({ "Names": ["back"] }),
    );
    assert_eq!(error.unwrap_err().code, "LoadBalancerNotFound");
}
