//! Queries on a scripted cloud: started once, followed to their end, stopped when nobody wants them.

use std::sync::Arc;

use ecsdeck_core::app::{Query, Slot, WorkerEffect};
use ecsdeck_core::domain::{QueryProblem, QueryStatistics, QueryStatus};

use super::*;
use crate::ports::PageToken;
use crate::script::{Cloud, Console, Told, ask, error};

fn page(status: QueryStatus, rows: usize, next: Option<&str>) -> ResultPage {
    ResultPage {
        status,
        statistics: QueryStatistics {
            bytes_scanned: 1_000,
            ..QueryStatistics::default()
        },
        rows: vec![vec![(Clean::new("n"), Clean::new("1"))]; rows],
        next: next.map(|token| PageToken(token.to_owned())),
    }
}

fn cloud(looks: Vec<ResultPage>) -> Arc<Cloud> {
    Cloud::with(|state| state.looks = looks.into())
}

fn query() -> Query {
    let at = |text: &str| text.parse().unwrap();
    Query::Insights(InsightsQuery {
        text: "fields @message".to_owned(),
        groups: vec![Clean::new("/ecs/web")],
        region: None,
        start: at("2026-01-01T00:00:00Z"),
        end: at("2026-01-01T01:00:00Z"),
        limit: None,
    })
}

fn fail(cloud: &Cloud, operation: &'static str, kinds: &[ErrorKind]) {
    let operation_error = |kind: &ErrorKind| CloudError {
        operation: START,
        ..error(*kind)
    };
    let errors = kinds.iter().map(|kind| Some(operation_error(kind)));
    let script = &mut cloud.state().script;
    script.entry(operation).or_default().extend(errors);
}

/// What the last answer said, and how many rows it had.
fn last(told: &Told) -> (QueryStatus, usize) {
    match told.answers.last() {
        Some(Answer::QueryResults(results)) => (results.status, results.rows.len()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_query_is_looked_at_until_it_is_over_and_then_every_page_is_read() {
    let cloud = cloud(vec![
        page(QueryStatus::Scheduled, 0, None),
        page(QueryStatus::Running, 2, Some("more")),
        page(QueryStatus::Complete, 3, Some("two")),
        page(QueryStatus::Complete, 1, None),
    ]);
    let told = ask(&cloud, query()).await;
    assert_eq!(
        (last(&told), &told.result),
        ((QueryStatus::Complete, 4), &Ok(()))
    );
    assert_eq!(told.answers.len(), 3);
    let looks = ["query-1", "query-1", "query-1", "two"];
    assert_eq!(cloud.arguments("query_results"), looks);
    assert_eq!(
        (cloud.count("start_query"), cloud.count("stop_query")),
        (1, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_a_query_costs_few_looks() {
    let cloud = cloud(vec![page(QueryStatus::Running, 0, None)]);
    let mut console = Console::start(&cloud, None, None, 8_192);
    console.read(1, query()).await;
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let looks = cloud.count("query_results");
    assert!(looks < 16 * 60, "{looks} looks");
    drop(console.next().await);
    console.end().await;
}

#[tokio::test(start_paused = true)]
async fn what_aws_does_not_understand_is_told_and_neither_looked_at_nor_stopped() {
    let problem = QueryProblem {
        message: Clean::new("unexpected symbol"),
        place: Some((3, 5)),
    };
    let cloud = Cloud::with(|state| state.wrong = Some(problem.clone()));
    let told = ask(&cloud, query()).await;
    assert_eq!(told.answers, [Answer::QueryWrong(problem)]);
    assert_eq!(
        (cloud.count("query_results"), cloud.count("stop_query")),
        (0, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_query_that_nobody_wants_any_more_is_stopped() {
    let cloud = cloud(vec![page(QueryStatus::Running, 0, None)]);
    let mut console = Console::start(&cloud, None, None, 64);
    console.read(1, query()).await;
    cloud.called("query_results", 2).await;
    console.send(WorkerEffect::Cancel(Slot::Insights)).await;
    cloud.called("stop_query", 1).await;
    assert_eq!(cloud.arguments("stop_query"), ["query-1"]);
    drop(console.next().await);
    console.end().await;
    assert_eq!(cloud.count("stop_query"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_query_is_stopped_before_the_worker_ends() {
    let cloud = cloud(vec![page(QueryStatus::Running, 0, None)]);
    let console = Console::start(&cloud, None, None, 64);
    console.read(1, query()).await;
    cloud.called("query_results", 1).await;
    console.end().await;
    assert_eq!(cloud.count("stop_query"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_query_that_is_left_while_it_is_being_started_is_stopped_once_it_has_an_id() {
    let cloud = cloud(vec![page(QueryStatus::Running, 0, None)]);
    let gate = cloud.gate("start_query");
    let console = Console::start(&cloud, None, None, 64);
    console.read(1, query()).await;
    cloud.called("start_query", 1).await;
    console.send(WorkerEffect::Cancel(Slot::Insights)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(cloud.count("stop_query"), 0);
    gate.add_permits(1);
    console.end().await;
    assert_eq!(cloud.arguments("stop_query"), ["query-1"]);
    assert_eq!(cloud.count("query_results"), 0);
}

#[tokio::test(start_paused = true)]
async fn only_a_start_that_certainly_did_nothing_is_sent_again() {
    for (kind, starts) in [
        (ErrorKind::Unreachable, 2),
        (ErrorKind::TimedOut, 1),
        (ErrorKind::Server, 1),
        (ErrorKind::Denied, 1),
    ] {
        let cloud = cloud(vec![page(QueryStatus::Complete, 1, None)]);
        fail(&cloud, "start_query", &[kind]);
        let told = ask(&cloud, query()).await;
        assert_eq!(cloud.count("start_query"), starts, "{kind:?}");
        assert_eq!(told.result.is_ok(), starts == 2, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_query_outlasts_looks_that_fail_and_is_stopped_where_they_go_on_failing() {
    let cloud = cloud(vec![page(QueryStatus::Complete, 1, None)]);
    fail(&cloud, "query_results", &[ErrorKind::Throttled; 12]);
    assert_eq!(
        last(&ask(&cloud, query()).await),
        (QueryStatus::Complete, 1)
    );
    fail(&cloud, "query_results", &[ErrorKind::Throttled; 33]);
    let told = ask(&cloud, query()).await;
    assert_eq!(told.result.unwrap_err().kind, ErrorKind::Throttled);
    assert_eq!(cloud.count("stop_query"), 1);
}
