//! The simulator from outside: requests over a socket.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Running, start};
use crate::options::{SimError, SimOptions};
use crate::world::World;

mod bodies;

async fn simulator() -> Running {
    let options = SimOptions {
        worlds: vec![
            World::builtin("short-drama").unwrap(),
            World::builtin("aipm").unwrap(),
        ],
        paused: true,
        epoch: Some("2026-11-20T09:00:00Z".parse().unwrap()),
        ..SimOptions::default()
    };
    start(options).await.unwrap()
}

/// Status, headers and body of a request; an error when the connection breaks.
async fn send(running: &Running, head: &str, body: &str) -> std::io::Result<(u16, String, String)> {
    let mut stream = TcpStream::connect(running.addr()).await?;
    let length = body.len();
    let host = if head.contains("\r\nhost: ") {
        ""
    } else {
        "host: localhost\r\n"
    };
    let request =
        format!("{head}\r\n{host}connection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await?;
    let (headers, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
    let status = headers
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    Ok((status, headers.to_owned(), body.to_owned()))
}

fn signed(service: &str, key: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nauthorization: AWS4-HMAC-SHA256 \
         Credential={key}/20261120/us-east-1/{service}/aws4_request, SignedHeaders=host, \
         Signature=0"
    )
}

fn target(target: &str, key: &str) -> String {
    format!("{}\r\nx-amz-target: {target}", signed("ecs", key))
}

const LIST: &str = "AmazonEC2ContainerServiceV20141113.ListClusters";

async fn control(running: &Running, request: &str, body: Value) -> Value {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let (_, _, answer) = send(running, &format!("{request} HTTP/1.1"), &body)
        .await
        .unwrap();
    serde_json::from_str(&answer).unwrap()
}

#[tokio::test]
async fn it_refuses_to_listen_beyond_loopback() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let refused = start(SimOptions {
        listen,
        ..SimOptions::default()
    })
    .await;
    assert!(matches!(refused, Err(SimError::NotLoopback(_))));
}

#[tokio::test]
async fn the_date_of_a_reply_is_the_virtual_time() {
    let running = simulator().await;
    let (status, headers, _) = send(&running, &target(LIST, "AKIA"), "{}").await.unwrap();
    assert_eq!(status, 200);
    assert!(
        headers.contains("date: Fri, 20 Nov 2026 09:00:00 GMT"),
        "{headers}"
    );
    running.advance(Duration::from_secs(3_600));
    let (_, headers, _) = send(&running, &target(LIST, "AKIA"), "{}").await.unwrap();
    assert!(
        headers.contains("date: Fri, 20 Nov 2026 10:00:00 GMT"),
        "{headers}"
    );
}

#[tokio::test]
async fn an_access_key_that_is_an_account_number_is_in_that_account() {
    let running = simulator().await;
    let clusters = |key: &'static str| {
        let running = &running;
        async move { send(running, &target(LIST, key), "").await.unwrap().2 }
    };
    assert!(
        clusters("AKIAEXAMPLE")
            .await
            .contains("cluster/short-drama-cluster")
    );
    assert!(
        clusters("728378229251")
            .await
            .contains("cluster/aipm-cluster")
    );
    assert_eq!(clusters("999999999999").await, r#"{"clusterArns":[]}"#);
}

#[tokio::test]
async fn unknown_actions_and_members_are_refused() {
    let running = simulator().await;
    let unknown = target("AmazonEC2ContainerServiceV20141113.Explode", "AKIA");
    let (status, _, body) = send(&running, &unknown, "{}").await.unwrap();
    assert_eq!(status, 400);
    assert!(body.contains("UnknownOperationException"));
    let (status, _, body) = send(&running, &target(LIST, "AKIA"), r#"{"clutser": 1}"#)
        .await
        .unwrap();
    assert_eq!(status, 400);
    assert!(body.contains("'clutser'"));
    let (status, _, _) = send(&running, "GET / HTTP/1.1", "").await.unwrap();
    assert_eq!(status, 404);
}

#[tokio::test]
async fn sts_tells_the_account_and_the_caller_of_the_world() {
    let running = simulator().await;
    let form = "Action=GetCallerIdentity&Version=2011-06-15";
    let head = signed("sts", "AKIA");
    let (status, headers, body) = send(&running, &head, form).await.unwrap();
    assert_eq!(status, 200);
    assert!(headers.contains("text/xml"));
    assert!(
        body.contains("<Account>123456789012</Account>")
            && body.contains("assumed-role/OnCall/alice")
    );
}

#[tokio::test]
async fn calls_are_logged_with_who_what_and_how_it_ended() {
    let running = simulator().await;
    send(&running, &target(LIST, "AKIA1"), r#"{"maxResults": 5}"#)
        .await
        .unwrap();
    send(
        &running,
        &target("AmazonSQS.GetQueueUrl", "AKIA2"),
        r#"{"QueueName": "x"}"#,
    )
    .await
    .unwrap();
    let calls = control(&running, "GET /_sim/calls?since=0", Value::Null).await;
    assert_eq!(calls.as_array().unwrap().len(), 2);
    assert_eq!(
        (&calls[0]["who"], &calls[0]["request"]),
        (&json!("AKIA1"), &json!({ "maxResults": 5 }))
    );
    assert_eq!(
        (&calls[1]["service"], &calls[1]["action"]),
        (&json!("sqs"), &json!("GetQueueUrl"))
    );
    assert_eq!(
        (&calls[1]["status"], &calls[1]["error"]),
        (&json!(400), &json!("QueueDoesNotExist"))
    );
    let later = control(&running, "GET /_sim/calls?since=1", Value::Null).await;
    assert_eq!(later[0]["seq"], 2);
}

#[tokio::test]
async fn a_reset_breaks_the_connection_and_the_next_call_goes_through() {
    let running = simulator().await;
    running
        .add_fault(json!({ "kind": "reset", "times": 1 }))
        .unwrap();
    assert!(send(&running, &target(LIST, "AKIA"), "{}").await.is_err());
    assert_eq!(
        send(&running, &target(LIST, "AKIA"), "{}").await.unwrap().0,
        200
    );
}

#[tokio::test]
async fn a_reset_after_leaves_the_call_carried_out() {
    let running = simulator().await;
    running
        .add_fault(json!({ "kind": "reset-after", "action": "UpdateService" }))
        .unwrap();
    let update = target("AmazonEC2ContainerServiceV20141113.UpdateService", "AKIA");
    let body =
        r#"{"cluster": "short-drama-cluster", "service": "short-drama-web", "desiredCount": 5}"#;
    assert!(send(&running, &update, body).await.is_err());
    let state = control(&running, "GET /_sim/state", Value::Null).await;
    let services = state["clouds"][0]["services"].as_array().unwrap();
    assert_eq!(
        services
            .iter()
            .find(|s| s["name"] == "short-drama-web")
            .unwrap()["desired"],
        5
    );
}

#[tokio::test]
async fn a_stalled_call_is_answered_when_the_rule_is_deleted() {
    let running = simulator().await;
    let rule = running
        .add_fault(json!({ "kind": "stall", "service": "ecs" }))
        .unwrap();
    let head = target(LIST, "AKIA");
    let mut stalled = Box::pin(send(&running, &head, "{}"));
    // The call has arrived when the log says so; until then the future is driven.
    while running.calls(0).as_array().unwrap().is_empty() {
        let _ = futures_poll(&mut stalled).await;
    }
    assert_eq!(running.calls(0)[0]["status"], Value::Null);
    running.delete_faults(Some(rule));
    assert_eq!(stalled.await.unwrap().0, 200);
}

/// Drives a future once and lets other tasks run.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> bool {
    let done = std::future::poll_fn(|context| {
        std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_ready())
    })
    .await;
    tokio::task::yield_now().await;
    done
}

#[tokio::test]
async fn stopping_lets_go_of_stalled_calls() {
    let running = simulator().await;
    running.add_fault(json!({ "kind": "stall" })).unwrap();
    let address = running.addr();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{}\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{{}}",
        target(LIST, "AKIA")
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    while running.calls(0).as_array().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    running.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_clock_can_be_paused_stepped_and_asked() {
    let running = simulator().await;
    let clock = control(&running, "POST /_sim/advance", json!({ "seconds": 90.5 })).await;
    assert_eq!(clock["now"], "2026-11-20T09:01:30.500Z");
    let clock = control(&running, "POST /_sim/clock", json!({ "speed": 10.0 })).await;
    assert_eq!(
        (&clock["speed"], &clock["paused"]),
        (&json!(10.0), &json!(true))
    );
    let wrong = control(&running, "POST /_sim/advance", json!({ "minutes": 1 })).await;
    assert!(wrong["error"].as_str().unwrap().contains("minutes"));
}

#[tokio::test]
async fn workers_rows_are_in_the_table_when_somebody_asks() {
    let running = simulator().await;
    let scan = target("DynamoDB_20120810.Scan", "728378229251");
    let body = r#"{"TableName": "aipm-amazon-q-queue"}"#;
    let (status, _, answer) = send(&running, &scan, body).await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["Count"], 10);
    let reserved = r##"{"TableName": "aipm-amazon-q-queue", "FilterExpression": "status = :s",
        "ExpressionAttributeValues": {":s": {"S": "failed"}}}"##;
    let (status, _, answer) = send(&running, &scan, reserved).await.unwrap();
    assert_eq!(status, 400);
    assert!(
        answer.contains("com.amazon.coral.validate#ValidationException"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_request_that_is_not_signed_is_refused_in_each_protocol() {
    let running = simulator().await;
    let ecs = format!("POST / HTTP/1.1\r\nx-amz-target: {LIST}");
    let (status, _, body) = send(&running, &ecs, "{}").await.unwrap();
    assert_eq!(status, 400);
    assert!(
        body.contains("MissingAuthenticationTokenException"),
        "{body}"
    );
    let form = "Action=GetCallerIdentity&Version=2011-06-15";
    let (status, _, body) = send(&running, "POST / HTTP/1.1", form).await.unwrap();
    assert_eq!(status, 403);
    assert!(
        body.contains("<Code>MissingAuthenticationToken</Code>"),
        "{body}"
    );
}

#[tokio::test]
async fn a_page_from_elsewhere_cannot_move_the_clock() {
    let running = simulator().await;
    let before = running.now();
    let head = "POST /_sim/advance HTTP/1.1\r\norigin: https://example.com";
    let (status, _, _) = send(&running, head, r#"{"seconds": 60}"#).await.unwrap();
    assert_eq!((status, running.now()), (403, before));
}

#[tokio::test]
async fn others_are_served_between_the_steps_of_a_long_advance() {
    let running = simulator().await;
    let begun = running.now();
    let walk = control(&running, "POST /_sim/advance", json!({ "seconds": 3_600 }));
    let asks = async {
        let mut moments = std::collections::BTreeSet::new();
        loop {
            let clock = control(&running, "GET /_sim/clock", Value::Null).await;
            let (status, _, _) = send(&running, &target(LIST, "AKIA"), "{}").await.unwrap();
            assert_eq!(status, 200);
            moments.insert(clock["now"].as_str().unwrap().to_owned());
            if running.now().duration_since(begun) >= jiff::SignedDuration::from_hours(1) {
                return moments;
            }
        }
    };
    let (_, moments) = tokio::join!(walk, asks);
    assert!(moments.len() > 10, "served at {} moments", moments.len());
}

#[tokio::test]
async fn an_advance_beyond_a_day_and_a_racing_clock_are_refused() {
    let running = simulator().await;
    for (path, body) in [
        ("advance", r#"{"seconds": 86401}"#),
        ("advance", r#"{"seconds": -1}"#),
        ("clock", r#"{"speed": 1e9}"#),
    ] {
        let head = format!("POST /_sim/{path} HTTP/1.1");
        let (status, _, _) = send(&running, &head, body).await.unwrap();
        assert_eq!(status, 400, "{path} {body}");
    }
}

#[tokio::test]
async fn instances_are_discovered_behind_their_own_host_alone() {
    let running = simulator().await;
    let discover = target("Route53AutoNaming_v20170314.DiscoverInstances", "AKIA");
    let input = r#"{"NamespaceName": "no.such", "ServiceName": "none"}"#;
    let (_, _, body) = send(&running, &discover, input).await.unwrap();
    assert!(body.contains("UnknownOperationException"), "{body}");
    let there = discover.replacen("HTTP/1.1", "HTTP/1.1\r\nhost: data-localhost", 1);
    let (status, _, body) = send(&running, &there, input).await.unwrap();
    assert_eq!(status, 404);
    assert!(body.contains("NamespaceNotFound"), "{body}");
}
