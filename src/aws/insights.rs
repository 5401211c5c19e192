//! CloudWatch Logs Insights: queries, and how much the groups hold that they scan.

use aws_sdk_cloudwatchlogs::operation::start_query::StartQueryError;
use aws_sdk_cloudwatchlogs::types::error::MalformedQueryException;
use aws_sdk_cloudwatchlogs::types::{LogGroup as RawGroup, QueryStatus as RawStatus, ResultField};
use aws_smithy_runtime_api::client::result::SdkError;
use ecsdeck_core::domain::{
    CloudError, InsightsQuery, LogGroup, QueryId, QueryProblem, QueryStatistics, QueryStatus,
};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{InsightsReads, PageToken, Reply, ResultPage, StartedQuery, sizes};

use crate::aws::Aws;
use crate::page::{next, only, raw};
use crate::plain::{count, millis, text, text_or_empty, whole};
use crate::session::Session;

const START: &str = "logs:StartQuery";
const RESULTS: &str = "logs:GetQueryResults";
const GROUPS: &str = "logs:DescribeLogGroups";

impl InsightsReads for Aws {
    async fn start_query(&self, query: &InsightsQuery) -> Reply<StartedQuery> {
        start(self.session(), query).await
    }

    async fn query_results(
        &self,
        query: &QueryId,
        region: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<ResultPage> {
        results(self.session(), query, region, page).await
    }

    async fn stop_query(&self, query: &QueryId, region: Option<&Clean>) -> Reply<()> {
        let stop = self.session().ask("logs:StopQuery", |on| {
            on.logs(region).stop_query().query_id(query.as_str()).send()
        });
        stop.await.map(drop)
    }

    async fn log_group(&self, name: &Clean, region: Option<&Clean>) -> Reply<Option<LogGroup>> {
        group(self.session(), name, region).await
    }
}

async fn start(session: &Session, query: &InsightsQuery) -> Reply<StartedQuery> {
    let groups: Vec<String> = query.groups.iter().map(ToString::to_string).collect();
    let limit = query.limit.and_then(|limit| i32::try_from(limit).ok());
    // AWS takes whole seconds, both of them inclusive: none of a part of a second is left out.
    let (start, end) = (query.start.as_second(), query.end.as_second());
    let end = end.saturating_add(i64::from(query.end.subsec_nanosecond() > 0));
    session
        .ask(START, |on| {
            let call = on
                .logs(query.region.as_ref())
                .start_query()
                .set_log_group_names(Some(groups.clone()))
                .start_time(start)
                .end_time(end)
                .query_string(query.text.as_str())
                .set_limit(limit);
            async move {
                match call.send().await {
                    Ok(answer) => Ok(text(answer.query_id()).map(StartedQuery::Begun)),
                    Err(SdkError::ServiceError(answer)) => match answer.err() {
                        StartQueryError::MalformedQueryException(wrong) => {
                            Ok(Some(StartedQuery::Wrong(problem(wrong))))
                        }
                        _ => Err(SdkError::ServiceError(answer)),
                    },
                    Err(error) => Err(error),
                }
            }
        })
        .await?
        .ok_or_else(|| CloudError::malformed(START, "the answer has no query id"))
}

fn problem(wrong: &MalformedQueryException) -> QueryProblem {
    let told = wrong.query_compile_error();
    let place = told.and_then(|told| told.location());
    let offset = |at: Option<i32>| at.and_then(|at| usize::try_from(at).ok());
    QueryProblem {
        message: text(told.and_then(|told| told.message()).or(wrong.message()))
            .unwrap_or_else(|| Clean::literal("the query cannot be read")),
        place: place.and_then(|place| {
            Some((
                offset(place.start_char_offset())?,
                offset(place.end_char_offset())?,
            ))
        }),
    }
}

async fn results(
    session: &Session,
    query: &QueryId,
    region: Option<&Clean>,
    page: Option<PageToken>,
) -> Reply<ResultPage> {
    let token = raw(page);
    let answer = session
        .ask(RESULTS, |on| {
            on.logs(region)
                .get_query_results()
                .query_id(query.as_str())
                .max_items(sizes::QUERY_RESULTS_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    let rows = whole(RESULTS, answer.results.as_deref())?;
    let told = answer.statistics();
    let number = |value: Option<f64>| bytes(value.unwrap_or_default());
    Ok(ResultPage {
        status: status(answer.status()),
        statistics: QueryStatistics {
            bytes_scanned: number(told.map(|told| told.bytes_scanned())),
            records_scanned: number(told.map(|told| told.records_scanned())),
            records_matched: number(told.map(|told| told.records_matched())),
        },
        rows: rows.iter().map(|row| fields(row)).collect(),
        next: next(answer.next_token()),
    })
}

/// A count that AWS writes as a floating-point number. What is none is 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and makes 0 of what is below it and of what is no number"
)]
fn bytes(raw: f64) -> u64 {
    raw as u64
}

fn fields(row: &[ResultField]) -> Vec<(Clean, Clean)> {
    let field = |raw: &ResultField| {
        // A field without a value is one that the row does not have. Messages may have several lines.
        Some((text_or_empty(raw.field()), Clean::record(raw.value()?)))
    };
    row.iter().filter_map(field).collect()
}

fn status(raw: Option<&RawStatus>) -> QueryStatus {
    match raw {
        Some(RawStatus::Scheduled) => QueryStatus::Scheduled,
        Some(RawStatus::Running) => QueryStatus::Running,
        Some(RawStatus::Complete) => QueryStatus::Complete,
        Some(RawStatus::Failed) => QueryStatus::Failed,
        Some(RawStatus::Cancelled) => QueryStatus::Cancelled,
        Some(RawStatus::Timeout) => QueryStatus::Timeout,
        // The enum may grow: what we do not know goes on.
        _ => QueryStatus::Unknown,
    }
}

/// Groups come in the order of their names, so that of those that begin so the one that is named so is the first.
async fn group(session: &Session, name: &Clean, region: Option<&Clean>) -> Reply<Option<LogGroup>> {
    let answer = session
        .ask(GROUPS, |on| {
            on.logs(region)
                .describe_log_groups()
                .log_group_name_prefix(name.as_str())
                .send()
        })
        .await?;
    let groups = whole(GROUPS, answer.log_groups.as_deref())?;
    only(GROUPS, groups, answer.next_token())?;
    let named = |group: &&RawGroup| group.log_group_name() == Some(name.as_str());
    Ok(groups.iter().find(named).map(|group| LogGroup {
        name: name.clone(),
        stored: group
            .stored_bytes()
            .and_then(|stored| u64::try_from(stored).ok()),
        created: millis(group.creation_time()),
        retention_days: group.retention_in_days().map(count),
    }))
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::{ErrorKind, Time};
    use serde_json::json;

    use super::*;
    use crate::loopback::{Canned, DATE, Server, ok};

    fn query() -> InsightsQuery {
        InsightsQuery {
            text: "fields @message | sort @timestamp\n| limit 3".to_owned(),
            groups: ["/a", "/b"].map(Clean::new).to_vec(),
            region: Some(Clean::new("eu-west-1")),
            start: Time::from_millisecond(1_999).unwrap(),
            end: Time::from_millisecond(5_001).unwrap(),
            limit: Some(7),
        }
    }

    async fn started(reply: Canned) -> (Server, Reply<StartedQuery>) {
        let server = Server::start(vec![reply]).await;
        let reply = server.aws().start_query(&query()).await;
        (server, reply)
    }

    #[tokio::test]
    async fn a_query_goes_out_as_it_was_written_for_whole_seconds_in_its_region() {
        let (server, reply) = started(ok(r#"{"queryId":"q-1"}"#)).await;
        assert_eq!(reply, Ok(StartedQuery::Begun(Clean::new("q-1"))));
        assert_eq!(
            server.body(0),
            json!({
                "logGroupNames": ["/a", "/b"], "startTime": 1, "endTime": 6, "limit": 7,
                "queryString": "fields @message | sort @timestamp\n| limit 3",
            })
        );
        assert!(server.requests()[0].contains("/eu-west-1/logs/"));
        let (_, nothing) = started(ok("{\"queryId\":\"\"}")).await;
        assert_eq!(nothing.unwrap_err().kind, ErrorKind::Malformed);
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_query_is_told_with_its_place_where_aws_says_it() {
        let placed = r#"{"__type":"MalformedQueryException","message":"m","queryCompileError":
            {"location":{"startCharOffset":18,"endCharOffset":22},"message":"unexpected symbol found sotr"}}"#;
        let (_, reply) = started(Canned::Answer(400, DATE, placed)).await;
        let problem = QueryProblem {
            message: Clean::new("unexpected symbol found sotr"),
            place: Some((18, 22)),
        };
        assert_eq!(reply, Ok(StartedQuery::Wrong(problem)));
        let bare = r#"{"__type":"MalformedQueryException","message":"no"}"#;
        let (_, reply) = started(Canned::Answer(400, DATE, bare)).await;
        let problem = QueryProblem {
            message: Clean::new("no"),
            place: None,
        };
        assert_eq!(reply, Ok(StartedQuery::Wrong(problem)));
    }

    #[tokio::test]
    async fn too_many_queries_at_a_time_are_a_throttle_of_a_query_that_was_not_begun() {
        let words = r#"{"__type":"LimitExceededException","message":"concurrency limit"}"#;
        let (_, reply) = started(Canned::Answer(400, DATE, words)).await;
        let error = reply.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Throttled);
        assert_eq!(error.code.as_deref(), Some("LimitExceededException"));
    }

    #[tokio::test]
    async fn results_have_their_fields_and_what_they_cost() {
        let server = Server::start(vec![ok(r#"{"status":"Running","nextToken":"two",
            "statistics":{"bytesScanned":1e3,"recordsScanned":20,"recordsMatched":-1},
            "results":[[{"field":"@message","value":"a\nb\u001b[2J"},{"field":"none"}],[]]}"#)])
        .await;
        let id = Clean::new("q-1");
        let token = Some(PageToken("one".to_owned()));
        let page = server.aws().query_results(&id, None, token).await.unwrap();
        let message = (Clean::new("@message"), Clean::record("a\nb"));
        assert_eq!(page.rows, [vec![message], vec![]]);
        assert_eq!(page.status, QueryStatus::Running);
        assert_eq!(page.next, Some(PageToken("two".to_owned())));
        let statistics = QueryStatistics {
            bytes_scanned: 1_000,
            records_scanned: 20,
            records_matched: 0,
        };
        assert_eq!(page.statistics, statistics);
        assert_eq!(
            server.body(0),
            json!({ "queryId": "q-1", "maxItems": 10_000, "nextToken": "one" })
        );
    }

    #[tokio::test]
    async fn a_status_that_nobody_knows_yet_is_no_end() {
        let server = Server::start(vec![ok(r#"{"status":"Pondering","results":[]}"#)]).await;
        let id = Clean::new("q-1");
        let page = server.aws().query_results(&id, None, None).await.unwrap();
        assert_eq!(page.status, QueryStatus::Unknown);
        assert!(!page.status.is_over());
    }

    #[tokio::test]
    async fn a_query_is_stopped_by_its_id() {
        let server = Server::start(vec![ok(r#"{"success":true}"#)]).await;
        let stop = server.aws().stop_query(&Clean::new("q-1"), None).await;
        assert_eq!(
            (stop, server.body(0)),
            (Ok(()), json!({ "queryId": "q-1" }))
        );
    }

    #[tokio::test]
    async fn only_the_group_of_that_very_name_is_meant() {
        let server = Server::start(vec![ok(r#"{"logGroups":[
            {"logGroupName":"/a","storedBytes":12,"creationTime":5000,"retentionInDays":30},
            {"logGroupName":"/a/b","storedBytes":99}]}"#)])
        .await;
        let aws = server.aws();
        let group = aws.log_group(&Clean::new("/a"), None).await.unwrap();
        let expected = LogGroup {
            name: Clean::new("/a"),
            stored: Some(12),
            created: Time::from_second(5).ok(),
            retention_days: Some(30),
        };
        assert_eq!(group, Some(expected));
        let none = aws.log_group(&Clean::new("/a/"), None).await.unwrap();
        assert_eq!(none, None);
    }
}
