//! What the actions of CloudWatch answer, and when alarms fire.

use serde_json::{Value, json};

use crate::service::Service;
use crate::trial::{Trial, web};

const METRICS: &str = "
[[metric]]
namespace = 'Custom'
name = 'Depth'
value = 10.0
noise = 0.0
[[metric]]
namespace = 'Custom'
name = 'Latency'
kind = 'spread'
value = 0.5
spread = 4.0
[[event]]
at = '5m'
do = 'metric'
metric = 'Depth'
value = 90.0
[[event]]
at = '20m'
do = 'metric'
metric = 'Depth'
exists = false
[[alarm]]
name = 'deep'
metric = { namespace = 'Custom', name = 'Depth' }
periods = 2
is = '>'
threshold = 80.0
actions = ['arn:aws:sns:us-east-1:123456789012:on-call']
";

fn trial() -> Trial {
    Trial::new(&format!("{}{METRICS}", web(2, "")))
}

fn ask(trial: &mut Trial, action: &str, input: Value) -> Value {
    trial.ask(Service::CloudWatch, action, input).unwrap()
}

/// Minutes around the start, as seconds.
fn at(minutes: i64) -> f64 {
    let epoch = crate::trial::EPOCH.0 / 60_000 * 60;
    #[expect(clippy::cast_precision_loss, reason = "seconds of this era")]
    let at = (epoch + minutes * 60) as f64;
    at
}

fn values(trial: &mut Trial, query: Value, from: i64, to: i64) -> Vec<f64> {
    let input = json!({
        "MetricDataQueries": [query], "StartTime": at(from), "EndTime": at(to),
        "ScanBy": "TimestampAscending",
    });
    let answer = ask(trial, "GetMetricData", input);
    let values = answer["MetricDataResults"][0]["Values"].as_array().unwrap();
    values.iter().map(|value| value.as_f64().unwrap()).collect()
}

fn depth(stat: &str, period: i64) -> Value {
    let metric = json!({ "Namespace": "Custom", "MetricName": "Depth" });
    json!({ "Id": "m1", "MetricStat": { "Metric": metric, "Period": period, "Stat": stat } })
}

fn alarm(trial: &mut Trial) -> Value {
    ask(trial, "DescribeAlarms", json!({ "AlarmNames": ["deep"] }))["MetricAlarms"][0].take()
}

#[test]
fn values_change_when_the_world_says_so_and_are_there_once_their_minute_is_over() {
    let mut trial = trial();
    trial.minutes(10);
    assert_eq!(values(&mut trial, depth("Average", 60), 2, 9).len(), 7);
    assert_eq!(
        values(&mut trial, depth("Average", 60), 3, 8),
        [10.0, 10.0, 10.0, 90.0, 90.0]
    );
    assert_eq!(values(&mut trial, depth("Sum", 300), -11, -1), [50.0, 50.0]);
    let present = values(&mut trial, depth("Average", 60), 8, 30);
    assert!(present.len() <= 3, "nothing of the future: {present:?}");
}

#[test]
fn percentiles_of_a_spread_ascend() {
    let mut trial = trial();
    let mut of = |stat: &str| {
        let metric = json!({ "Namespace": "Custom", "MetricName": "Latency" });
        let query =
            json!({ "Id": "l", "MetricStat": { "Metric": metric, "Period": 60, "Stat": stat } });
        values(&mut trial, query, -10, -9)[0]
    };
    let (p50, p90, p99) = (of("p50"), of("p90"), of("p99"));
    assert!(p50 < p90 && p90 < p99 && p99 > 1.0, "{p50} {p90} {p99}");
}

#[test]
fn math_combines_metrics_that_are_not_themselves_returned() {
    let mut trial = trial();
    let mut hidden = depth("Average", 60);
    hidden["ReturnData"] = json!(false);
    let twice = json!({ "Id": "e1", "Expression": "m1 * 2", "Label": "twice" });
    let input = json!({
        "MetricDataQueries": [twice, hidden], "StartTime": at(-3), "EndTime": at(0),
    });
    let answer = ask(&mut trial, "GetMetricData", input);
    let results = answer["MetricDataResults"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(
        (&results[0]["Label"], &results[0]["Values"]),
        (&json!("twice"), &json!([20.0, 20.0, 20.0]))
    );
}

#[test]
fn more_datapoints_than_asked_for_are_given_on_further_pages() {
    let mut trial = trial();
    let mut token = Value::Null;
    let mut seen = Vec::new();
    for _ in 0..5 {
        let mut input = json!({
            "MetricDataQueries": [depth("Average", 60)], "StartTime": at(-10), "EndTime": at(0),
            "MaxDatapoints": 4,
        });
        if !token.is_null() {
            input["NextToken"] = token.clone();
        }
        let answer = ask(&mut trial, "GetMetricData", input);
        seen.extend(
            answer["MetricDataResults"][0]["Timestamps"]
                .as_array()
                .unwrap()
                .clone(),
        );
        token = answer["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen.len(), 10);
    assert!(
        seen.is_sorted_by(|a, b| a.as_f64() > b.as_f64()),
        "newest first"
    );
}

#[test]
fn an_alarm_fires_after_its_periods_and_says_why() {
    let mut trial = trial();
    let before = alarm(&mut trial);
    assert_eq!(before["StateValue"], "OK");
    trial.minutes(9);
    let after = alarm(&mut trial);
    assert_eq!(after["StateValue"], "ALARM");
    let reason = after["StateReason"].as_str().unwrap();
    assert!(
        reason.starts_with("Threshold Crossed: 2 out of the last 2 datapoints [90.0 ("),
        "{reason}"
    );
    assert!(
        reason.ends_with("were greater than the threshold (80.0) (minimum 2 datapoints for OK -> ALARM transition)."),
        "{reason}"
    );
    let input = json!({ "AlarmName": "deep", "HistoryItemType": "StateUpdate" });
    let history = ask(&mut trial, "DescribeAlarmHistory", input);
    assert_eq!(
        history["AlarmHistoryItems"][0]["HistorySummary"],
        "Alarm updated from OK to ALARM"
    );
    let firing = ask(
        &mut trial,
        "DescribeAlarms",
        json!({ "StateValue": "ALARM" }),
    );
    assert_eq!(firing["MetricAlarms"].as_array().unwrap().len(), 1);
    assert!(
        trial.engine.ecs.signals.in_alarm("deep"),
        "deployments are told"
    );
}

#[test]
fn a_metric_that_nobody_publishes_any_more_leaves_its_alarm_without_data() {
    let mut trial = trial();
    trial.minutes(25);
    let alarm = alarm(&mut trial);
    assert_eq!(alarm["StateValue"], "INSUFFICIENT_DATA");
    assert_eq!(
        alarm["StateReason"],
        "Insufficient Data: 2 datapoints were unknown."
    );
}

#[test]
fn container_insights_counts_tasks_where_a_cluster_has_it() {
    let plain = web(3, "");
    let seen = plain
        .replace(
            "[[repository]]",
            "[[cluster]]\nname = 'seen'\ncontainer_insights = true\n[[repository]]",
        )
        .replace("cluster = 'main'", "cluster = 'seen'");
    let listed = |world: &str| {
        let mut trial = Trial::new(world);
        ask(
            &mut trial,
            "ListMetrics",
            json!({ "Namespace": "ECS/ContainerInsights" }),
        )["Metrics"]
            .take()
    };
    assert_eq!(listed(&plain), json!([]));
    let names: Vec<Value> = listed(&seen)
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["MetricName"].clone())
        .collect();
    assert_eq!(names.len(), 4);
    let mut trial = Trial::new(&seen);
    trial.minutes(2);
    let mut count = |name: &str, dimensions: Value| {
        let metric = json!({ "Namespace": "ECS/ContainerInsights", "MetricName": name, "Dimensions": dimensions });
        let query = json!({ "Id": "c", "MetricStat": { "Metric": metric, "Period": 60, "Stat": "Average" } });
        values(&mut trial, query, 0, 1)
    };
    let cluster = json!([{ "Name": "ClusterName", "Value": "seen" }]);
    assert_eq!(count("TaskCount", cluster), [3.0]);
    let service = json!([
        { "Name": "ServiceName", "Value": "web" }, { "Name": "ClusterName", "Value": "seen" },
    ]);
    assert_eq!(count("RunningTaskCount", service), [3.0]);
}

#[test]
fn what_cannot_be_asked_is_refused_in_cloudwatchs_words() {
    let mut trial = trial();
    let mut code = |query: Value| {
        let input = json!({ "MetricDataQueries": [query], "StartTime": at(-3), "EndTime": at(0) });
        trial
            .ask(Service::CloudWatch, "GetMetricData", input)
            .unwrap_err()
            .code
    };
    assert_eq!(code(depth("Mean", 60)), "ValidationError");
    assert_eq!(code(depth("Average", 61)), "ValidationError");
    assert_eq!(
        code(json!({ "Id": "M", "Expression": "1" })),
        "ValidationError"
    );
    assert_eq!(
        code(json!({ "Id": "e", "Expression": "nothing + 1" })),
        "ValidationError"
    );
}
