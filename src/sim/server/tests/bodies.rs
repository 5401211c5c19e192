//! Bodies that come in part, broken, or without an end.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{LIST, control, send, simulator, target};
use crate::server::{Running, start};
use crate::{SimError, SimOptions};

/// The length that is promised, and the body that comes until the connection is closed.
async fn body(running: &Running, head: &str) -> (usize, Vec<u8>) {
    let mut stream = open(running, head, "{}").await;
    let mut reply = Vec::new();
    // A connection that is closed early is what some of these tests are about.
    let _ = stream.read_to_end(&mut reply).await;
    let end = reply
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let headers = String::from_utf8_lossy(&reply[..end]).to_lowercase();
    let length = headers.split("content-length: ").nth(1).unwrap();
    let length = length.lines().next().unwrap().trim().parse().unwrap();
    (length, reply[end + 4..].to_vec())
}

async fn open(running: &Running, head: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(running.addr()).await.unwrap();
    let length = body.len();
    let request = format!(
        "{head}\r\nhost: sim\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_was_promised() {
    let running = simulator().await;
    running
        .add_fault(json!({ "kind": "truncate", "times": 1 }))
        .unwrap();
    let (length, part) = body(&running, &target(LIST, "AKIA")).await;
    assert_eq!(part.len(), length / 2);
    let (length, whole) = body(&running, &target(LIST, "AKIA")).await;
    assert_eq!(whole.len(), length);
}

#[tokio::test]
async fn a_malformed_body_is_whole_and_no_json() {
    let running = simulator().await;
    running.add_fault(json!({ "kind": "malformed" })).unwrap();
    let (length, whole) = body(&running, &target(LIST, "AKIA")).await;
    assert_eq!(whole.len(), length);
    assert!(serde_json::from_slice::<Value>(&whole).is_err());
}

#[tokio::test]
async fn a_body_that_stalls_midway_goes_on_when_the_rule_is_deleted() {
    let running = simulator().await;
    let rule = running.add_fault(json!({ "kind": "stall-body" })).unwrap();
    let mut stream = open(&running, &target(LIST, "AKIA"), "{}").await;
    let mut reply = String::new();
    while !reply.contains("{\"cluster") {
        let mut some = [0; 512];
        let count = stream.read(&mut some).await.unwrap();
        reply.push_str(std::str::from_utf8(&some[..count]).unwrap());
    }
    assert!(!reply.ends_with('}'), "half of it");
    running.delete_faults(Some(rule));
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.ends_with('}'));
}

#[tokio::test]
async fn a_slow_body_is_whole_in_the_end() {
    let running = simulator().await;
    running
        .add_fault(json!({ "kind": "slow-body", "seconds": 0.05 }))
        .unwrap();
    let (length, whole) = body(&running, &target(LIST, "AKIA")).await;
    assert_eq!(whole.len(), length);
}

#[tokio::test]
async fn an_error_after_leaves_the_call_carried_out() {
    let running = simulator().await;
    let rule = json!({ "kind": "error-after", "action": "UpdateService" });
    running.add_fault(rule).unwrap();
    let update = target("AmazonEC2ContainerServiceV20141113.UpdateService", "AKIA");
    let input =
        r#"{"cluster": "short-drama-cluster", "service": "short-drama-web", "desiredCount": 5}"#;
    let (status, _, answer) = send(&running, &update, input).await.unwrap();
    assert_eq!(status, 500);
    assert!(answer.contains("ServerException"), "{answer}");
    let state = control(&running, "GET /_sim/state", Value::Null).await;
    let services = state["clouds"][0]["services"].as_array().unwrap();
    let web = services
        .iter()
        .find(|s| s["name"] == "short-drama-web")
        .unwrap();
    assert_eq!(web["desired"], 5);
}

#[tokio::test]
async fn a_skewed_clock_shows_in_the_date_alone() {
    let running = simulator().await;
    running
        .add_fault(json!({ "kind": "clock-skew", "seconds": -3600 }))
        .unwrap();
    let (status, headers, _) = send(&running, &target(LIST, "AKIA"), "{}").await.unwrap();
    assert_eq!(status, 200);
    assert!(
        headers.contains("date: Fri, 20 Nov 2026 08:00:00 GMT"),
        "{headers}"
    );
    assert_eq!(running.now().to_string(), "2026-11-20T09:00:00Z");
}

#[tokio::test]
async fn callers_are_held_to_the_documented_rates_where_that_is_asked_for() {
    let options = SimOptions {
        paused: true,
        throttling: true,
        ..SimOptions::default()
    };
    let running = start(options).await.unwrap();
    let mut passed = 0;
    while send(&running, &target(LIST, "AKIA"), "{}").await.unwrap().0 == 200 {
        passed += 1;
    }
    assert_eq!(passed, 50, "the burst of ListClusters");
    control(&running, "POST /_sim/advance", json!({ "seconds": 1 })).await;
    assert_eq!(
        send(&running, &target(LIST, "AKIA"), "{}").await.unwrap().0,
        200
    );
}

#[tokio::test]
async fn a_fault_of_the_options_that_makes_no_sense_stops_the_start() {
    let options = SimOptions {
        faults: vec![json!({ "kind": "throttle", "service": "sqss" })],
        ..SimOptions::default()
    };
    let refused = start(options).await.unwrap_err();
    assert!(matches!(&refused, SimError::Fault(_)));
    assert!(
        refused.to_string().contains("did you mean `sqs`"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_live_tail_begins_at_once_and_ends_with_the_simulator() {
    let running = simulator().await;
    let head = target("Logs_20140328.StartLiveTail", "AKIA");
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/short-drama-backend";
    let input = json!({ "logGroupIdentifiers": [arn] }).to_string();
    let mut stream = open(&running, &head, &input).await;
    let mut reply = Vec::new();
    while !String::from_utf8_lossy(&reply).contains("sessionStart") {
        let mut some = [0; 1_024];
        let count = stream.read(&mut some).await.unwrap();
        assert!(count > 0, "it ended early");
        reply.extend_from_slice(&some[..count]);
    }
    let text = String::from_utf8_lossy(&reply).into_owned();
    assert!(
        text.contains("application/vnd.amazon.eventstream"),
        "{text}"
    );
    assert!(text.contains("initial-response"), "{text}");
    running.stop().await;
    stream.read_to_end(&mut reply).await.unwrap();
}

#[tokio::test]
async fn an_action_that_is_not_simulated_is_refused_and_in_the_call_log() {
    let running = simulator().await;
    let head = target("AmazonSSM.GetParameters", "AKIA");
    let (status, _, answer) = send(&running, &head, r#"{"Names": ["a"]}"#).await.unwrap();
    assert_eq!(status, 400);
    assert!(answer.contains("UnknownOperationException"), "{answer}");
    let call = &running.calls(0)[0];
    assert_eq!(
        (&call["service"], &call["action"], &call["error"]),
        (
            &json!("ssm"),
            &json!("GetParameters"),
            &json!("UnknownOperationException")
        )
    );
}

#[tokio::test]
async fn an_answer_may_be_empty_or_hold_nothing_or_be_a_page_for_people() {
    let running = simulator().await;
    let faulted = async |rule: Value| {
        running.delete_faults(None);
        running.add_fault(rule).unwrap();
        send(&running, &target(LIST, "AKIA"), "{}").await.unwrap()
    };
    let (status, _, body) = faulted(json!({ "kind": "empty" })).await;
    assert_eq!((status, body.as_str()), (200, ""));
    let (status, _, body) = faulted(json!({ "kind": "empty-document" })).await;
    assert_eq!((status, body.as_str()), (200, "{}"));
    let (status, head, body) = faulted(json!({ "kind": "html", "status": 302 })).await;
    assert_eq!(status, 302);
    assert!(head.to_lowercase().contains("location: "), "{head}");
    assert!(body.contains("Log in to use this network"), "{body}");
}

#[tokio::test]
async fn a_flood_is_a_hundred_megabytes_before_the_answer_proper() {
    let running = simulator().await;
    running.add_fault(json!({ "kind": "flood" })).unwrap();
    let (length, whole) = body(&running, &target(LIST, "AKIA")).await;
    assert!(length > 100_000_000 && whole.len() == length, "{length}");
    let document: Value = serde_json::from_slice(&whole).unwrap();
    assert!(document["clusterArns"].is_array(), "{document}");
}

#[tokio::test]
async fn a_listing_that_never_ends_takes_its_own_tokens_back() {
    let running = simulator().await;
    let page = async |token: Option<&Value>| {
        let input = token.map_or(json!({}), |token| json!({ "nextToken": token }));
        let head = target(LIST, "AKIA");
        let (status, _, body) = send(&running, &head, &input.to_string()).await.unwrap();
        assert_eq!(status, 200, "{body}");
        serde_json::from_str::<Value>(&body).unwrap()
    };
    for (kind, new, items) in [
        ("endless-pages", true, true),
        ("empty-pages", true, false),
        ("same-token", false, true),
    ] {
        running.delete_faults(None);
        running.add_fault(json!({ "kind": kind })).unwrap();
        let first = page(None).await;
        let second = page(Some(&first["nextToken"])).await;
        assert_eq!(first["nextToken"] != second["nextToken"], new, "{kind}");
        assert_eq!(!second["clusterArns"].as_array().unwrap().is_empty(), items);
        assert_eq!(first["clusterArns"], second["clusterArns"], "{kind}");
    }
}
