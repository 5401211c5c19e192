//! CloudWatch Logs: groups and their lines.

use std::hash::{DefaultHasher, Hash, Hasher};

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use ecsdeck_core::domain::{LogEvent, LogSource, Time};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{LogReads, Page, PageToken, Reply};

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{millis, text, whole};
use crate::session::Session;

impl LogReads for Aws {
    async fn filter_log_events(
        &self,
        source: &LogSource,
        start: Time,
        end: Option<Time>,
        pattern: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<Page<LogEvent>> {
        events(self.session(), source, (start, end), pattern, page).await
    }

    async fn log_groups(
        &self,
        prefix: &Clean,
        region: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<Page<Clean>> {
        groups(self.session(), prefix, region, page).await
    }
}

pub(crate) async fn events(
    session: &Session,
    source: &LogSource,
    (start, end): (Time, Option<Time>),
    pattern: Option<&Clean>,
    page: Option<PageToken>,
) -> Reply<Page<LogEvent>> {
    let token = raw(page);
    let streams: Option<Vec<String>> = (!source.streams.is_empty())
        .then(|| source.streams.iter().map(ToString::to_string).collect());
    let pattern = pattern.filter(|pattern| !pattern.is_empty());
    let answer = session
        .ask("logs:FilterLogEvents", |on| {
            on.logs(source.region.as_ref())
                .filter_log_events()
                .log_group_name(source.group.as_str())
                .set_log_stream_names(streams.clone())
                .start_time(start.as_millisecond())
                .set_end_time(end.map(|end| end.as_millisecond()))
                .set_filter_pattern(pattern.map(ToString::to_string))
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: whole("logs:FilterLogEvents", answer.events.as_deref())?
            .iter()
            .map(|raw| event(raw, source, start))
            .collect(),
        next: next(answer.next_token()),
    })
}

/// A line, whatever is missing of it: a line is never lost for want of a field.
///
/// `start` is where the page begins; a line without any time of its own lies there.
fn event(raw: &FilteredLogEvent, source: &LogSource, start: Time) -> LogEvent {
    let ingested = millis(raw.ingestion_time());
    LogEvent {
        id: raw.event_id().map_or_else(|| made_up_id(raw), Clean::new),
        group: source.group.clone(),
        stream: raw
            .log_stream_name()
            .map_or_else(|| only_stream(source), Clean::new),
        at: millis(raw.timestamp()).or(ingested).unwrap_or(start),
        ingested,
        message: Clean::record(
            raw.message()
                .unwrap_or_default()
                .trim_end_matches(['\n', '\r']),
        ),
    }
}

pub(crate) async fn groups(
    session: &Session,
    prefix: &Clean,
    region: Option<&Clean>,
    page: Option<PageToken>,
) -> Reply<Page<Clean>> {
    let token = raw(page);
    let answer = session
        .ask("logs:DescribeLogGroups", |on| {
            on.logs(region)
                .describe_log_groups()
                .set_log_group_name_prefix((!prefix.is_empty()).then(|| prefix.to_string()))
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: whole("logs:DescribeLogGroups", answer.log_groups.as_deref())?
            .iter()
            .filter_map(|group| text(group.log_group_name()))
            .collect(),
        next: next(answer.next_token()),
    })
}

/// An id for a line that came without one: the same line gives the same id, so
/// that reading it twice shows it once.
fn made_up_id(raw: &FilteredLogEvent) -> Clean {
    let mut hasher = DefaultHasher::new();
    (
        raw.log_stream_name(),
        raw.timestamp(),
        raw.ingestion_time(),
        raw.message(),
    )
        .hash(&mut hasher);
    Clean::own(format!("made-up-{:016x}", hasher.finish()))
}

fn only_stream(source: &LogSource) -> Clean {
    match source.streams.as_slice() {
        [only] => only.clone(),
        _ => Clean::default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use ecsdeck_worker::ports::Reads;

    use super::*;
    use crate::loopback::{Server, ok};

    #[tokio::test]
    async fn groups_are_asked_for_by_how_their_names_begin() {
        let server = Server::start(vec![ok(
            r#"{"logGroups":[{"logGroupName":"/ecs/web"},{"logGroupName":"/ecs/web-2"}],"nextToken":"two"}"#,
        )])
        .await;
        let (group, region) = (Clean::new("/ecs/web"), Clean::new("eu-west-1"));
        let page = server
            .aws()
            .log_groups(&group, Some(&region), None)
            .await
            .unwrap();
        assert_eq!(page.items, ["/ecs/web", "/ecs/web-2"]);
        assert_eq!(page.next, Some(PageToken("two".to_owned())));
        assert_eq!(server.body(0), json!({ "logGroupNamePrefix": "/ecs/web" }));
        assert!(server.requests()[0].contains("/eu-west-1/logs/"));
    }

    #[tokio::test]
    async fn all_groups_are_asked_for_without_a_prefix() {
        let server = Server::start(vec![ok(r#"{"logGroups":[]}"#)]).await;
        let (aws, all) = (server.aws(), Clean::default());
        let page = aws.log_groups(&all, None, None).await.unwrap();
        assert!(page.items.is_empty());
        assert_eq!(server.body(0), json!({}));
    }

    fn source(streams: &[&str]) -> LogSource {
        let streams = streams.iter().map(|stream| Clean::new(stream)).collect();
        LogSource {
            group: Clean::new("/ecs/web"),
            region: None,
            streams,
        }
    }

    fn start() -> Time {
        Time::from_second(1_000).unwrap()
    }

    #[test]
    fn a_line_keeps_its_line_ends_and_is_harmless() {
        let raw = FilteredLogEvent::builder()
            .event_id("1")
            .log_stream_name("web/app/7")
            .timestamp(2_000_000)
            .ingestion_time(2_000_100)
            .message("a\u{1b}[2Jb\nc\r\n")
            .build();
        let event = event(&raw, &source(&[]), start());
        assert_eq!(
            (
                event.message.as_str(),
                event.stream.as_str(),
                event.id.as_str()
            ),
            ("ab\nc", "web/app/7", "1")
        );
        assert_eq!(event.at, Time::from_second(2_000).unwrap());
        assert_eq!(event.ingested, Time::from_millisecond(2_000_100).ok());
    }

    #[test]
    fn a_line_without_fields_survives() {
        let event = event(
            &FilteredLogEvent::builder().message("x").build(),
            &source(&["only"]),
            start(),
        );
        assert_eq!(
            (event.at, event.stream.as_str(), event.message.as_str()),
            (start(), "only", "x")
        );
        assert_eq!(event.ingested, None);
    }

    #[test]
    fn made_up_ids_tell_lines_apart_and_the_same_line_again() {
        let id = |message: &str| {
            event(
                &FilteredLogEvent::builder().message(message).build(),
                &source(&[]),
                start(),
            )
            .id
        };
        assert_eq!(id("a"), id("a"));
        assert_ne!(id("a"), id("b"));
    }

    #[test]
    fn a_line_without_a_time_has_the_one_at_which_it_came_in() {
        let raw = FilteredLogEvent::builder()
            .ingestion_time(3_000_000)
            .build();
        assert_eq!(
            event(&raw, &source(&[]), start()).at,
            Time::from_second(3_000).unwrap()
        );
    }

    fn in_region(region: Option<&str>) -> LogSource {
        LogSource {
            region: region.map(Clean::new),
            ..source(&[])
        }
    }

    #[tokio::test]
    async fn a_whole_group_is_asked_for_without_stream_names() {
        let server = Server::start(vec![ok(
            r#"{"events":[{"message":"x"}],"nextToken":"two"}"#,
        )])
        .await;
        let aws = server.aws();
        let start = Time::from_millisecond(1_500).unwrap();
        let page = aws
            .filter_log_events(&in_region(None), start, None, Some(&Clean::new("")), None)
            .await
            .unwrap();
        assert_eq!(
            (page.items.len(), page.next),
            (1, Some(PageToken("two".to_owned())))
        );
        assert_eq!(
            server.body(0),
            json!({ "logGroupName": "/ecs/web", "startTime": 1500 })
        );
    }

    #[tokio::test]
    async fn streams_pattern_end_and_page_are_asked_for() {
        let server = Server::start(vec![ok(r#"{"events":[]}"#)]).await;
        let (start, end) = (
            Time::from_millisecond(1_500).unwrap(),
            Time::from_millisecond(2_500).unwrap(),
        );
        let (source, pattern) = (source(&["a/b/c"]), Clean::new("?ERROR"));
        server
            .aws()
            .filter_log_events(
                &source,
                start,
                Some(end),
                Some(&pattern),
                Some(PageToken("two".to_owned())),
            )
            .await
            .unwrap();
        assert_eq!(
            server.body(0),
            json!({
                "logGroupName": "/ecs/web", "logStreamNames": ["a/b/c"], "startTime": 1500, "endTime": 2500,
                "filterPattern": "?ERROR", "nextToken": "two",
            })
        );
    }

    #[tokio::test]
    async fn logs_that_lie_elsewhere_are_asked_for_there() {
        let server = Server::start(vec![ok(r#"{"events":[]}"#)]).await;
        let (aws, start) = (server.aws(), Time::from_second(1).unwrap());
        for region in [Some("eu-west-1"), Some("us-east-1"), None] {
            aws.filter_log_events(&in_region(region), start, None, None, None)
                .await
                .unwrap();
        }
        let signed_for: Vec<_> = server
            .requests()
            .iter()
            .map(|request| request.contains("/eu-west-1/logs/"))
            .collect();
        assert_eq!(signed_for, [true, false, false]);
        assert_eq!(aws.calls(), 3);
    }
}
