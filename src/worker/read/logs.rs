//! Lines of the log: one FilterLogEvents series for each source, several sources at once.
//!
//! A source that cannot be read is told and leaves the others alone. A source
//! with more pages than the query allows is told too, because it has a gap.

use ecsdeck_core::app::{Answer, LogQuery};
use ecsdeck_core::domain::LogSource;
use futures_util::stream::{FuturesUnordered, StreamExt, iter};

use crate::pace::Api;
use crate::ports::{Reads, Reply, sizes};

use super::batches::FirstError;
use super::pages::Pager;
use super::reading::Reading;

/// Sources that are read at the same time. Their calls share one pace, whatever their number.
const SOURCES: usize = 4;
/// Empty pages that one series reads through before it gives up for now.
const EMPTY_PAGES: u32 = 200;

pub(super) async fn read<R: Reads>(reading: &Reading<R>, query: &LogQuery) -> Reply<()> {
    let first = FirstError::default();
    let sources = iter(query.sources.clone())
        .map(|source| read_source(reading, query, source))
        .buffer_unordered(SOURCES);
    tokio::pin!(sources);
    while let Some((source, result)) = sources.next().await {
        match result {
            Ok(()) => {}
            Err(error) if error.is_about_credentials() => {
                first.keep(error);
                break;
            }
            Err(error) => reading.tell(Answer::LogSourceFailed(source, error)).await,
        }
    }
    first.into_result()
}

/// Reads one source, in as many series as its streams need.
async fn read_source<R: Reads>(
    reading: &Reading<R>,
    query: &LogQuery,
    source: LogSource,
) -> (LogSource, Reply<()>) {
    let mut parts: Vec<_> = source
        .streams
        .chunks(sizes::LOG_STREAMS_BATCH)
        .map(|streams| LogSource {
            streams: streams.to_vec(),
            ..source.clone()
        })
        .collect();
    if parts.is_empty() {
        // No streams named: the whole group.
        parts.push(source.clone());
    }
    let mut capped = false;
    let mut series: FuturesUnordered<_> = parts
        .iter()
        .map(|part| read_series(reading, query, part))
        .collect();
    let mut result = Ok(());
    while let Some(end) = series.next().await {
        match end {
            Ok(cut) => capped |= cut,
            Err(error) => result = result.and(Err(error)),
        }
    }
    if capped {
        reading.tell(Answer::LogsCapped(source.clone())).await;
    }
    (source, result)
}

/// Reads one series of pages, and says whether pages were left.
async fn read_series<R: Reads>(
    reading: &Reading<R>,
    query: &LogQuery,
    source: &LogSource,
) -> Reply<bool> {
    let caller = &reading.caller;
    let mut pager = Pager::default();
    let (mut full, mut empty) = (0, 0);
    // An empty page with a token is no end and gives nothing: in a long range of a quiet group there are many.
    while full < query.pages.max(1) && empty < EMPTY_PAGES {
        let call = || {
            let pattern = query.pattern.as_ref();
            caller
                .reads
                .filter_log_events(source, query.start, query.end, pattern, pager.token())
        };
        let page = caller.call(Api::LogEvents, call).await?;
        let items = page.items.len();
        if items == 0 {
            empty += 1;
        } else {
            full += 1;
            reading.tell(Answer::Logs(page.items)).await;
        }
        // How many empty ones are read through is counted here.
        if !pager.turn("logs:FilterLogEvents", items.max(1), page.next)? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ecsdeck_core::app::Query;
    use ecsdeck_core::domain::ErrorKind;

    use super::*;
    use crate::script::{Cloud, Console, Told, ask, error, event, source};

    async fn read(cloud: &Arc<Cloud>, sources: Vec<LogSource>, pages: u32) -> Told {
        let start = "2026-01-01T00:00:00Z".parse().unwrap();
        let query = LogQuery {
            sources,
            start,
            end: None,
            pattern: None,
            pages,
        };
        ask(cloud, Query::Logs(query)).await
    }

    fn cloud(groups: &[&str], lines: usize) -> Arc<Cloud> {
        Cloud::with(|state| {
            let all = groups
                .iter()
                .flat_map(|group| (0..lines).map(|n| event(group, n)));
            state.events = all.collect();
            state.page = Some(2);
        })
    }

    fn lines(told: &Told, group: &str) -> Vec<String> {
        let pages = told.answers.iter().filter_map(|answer| match answer {
            Answer::Logs(events) => Some(events),
            _ => None,
        });
        let events = pages.flatten().filter(|event| event.group == *group);
        events.map(|event| event.message.to_string()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn every_page_of_every_source_comes_in_order() {
        let cloud = cloud(&["a", "b"], 5);
        let told = read(&cloud, vec![source("a", 0), source("b", 3)], 10).await;
        for group in ["a", "b"] {
            assert_eq!(
                lines(&told, group),
                ["line 0", "line 1", "line 2", "line 3", "line 4"]
            );
        }
        assert_eq!((told.result, cloud.count("filter_log_events")), (Ok(()), 6));
    }

    #[tokio::test(start_paused = true)]
    async fn empty_pages_are_read_over() {
        let cloud = cloud(&["a"], 3);
        cloud.state().empty_pages = true;
        let told = read(&cloud, vec![source("a", 0)], 10).await;
        assert_eq!(lines(&told, "a").len(), 3);
        assert!(!told.answers.contains(&Answer::Logs(vec![])));
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_with_more_pages_than_allowed_is_told() {
        let cloud = cloud(&["a", "b"], 5);
        cloud
            .state()
            .events
            .retain(|event| event.group == *"a" || event.message == *"line 0");
        let told = read(&cloud, vec![source("a", 0), source("b", 0)], 2).await;
        let capped: Vec<_> = told
            .answers
            .iter()
            .filter(|answer| matches!(answer, Answer::LogsCapped(_)))
            .collect();
        assert_eq!(capped, [&Answer::LogsCapped(source("a", 0))]);
        assert_eq!((lines(&told, "a").len(), lines(&told, "b").len()), (4, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_that_fails_leaves_the_others() {
        let cloud = cloud(&["a", "b"], 1);
        cloud.state().broken = vec![(
            "filter_log_events",
            "a".to_owned(),
            error(ErrorKind::NotFound),
        )];
        let told = read(&cloud, vec![source("a", 0), source("b", 0)], 2).await;
        let failed = Answer::LogSourceFailed(source("a", 0), error(ErrorKind::NotFound));
        assert!(told.answers.contains(&failed));
        assert_eq!((lines(&told, "b").len(), told.result), (1, Ok(())));
    }

    #[tokio::test(start_paused = true)]
    async fn more_than_a_hundred_streams_are_split_and_told_as_one_source() {
        let cloud = cloud(&["a"], 5);
        let told = read(&cloud, vec![source("a", 250)], 1).await;
        assert_eq!(cloud.count("filter_log_events"), 3);
        let capped = Answer::LogsCapped(source("a", 250));
        assert_eq!(
            told.answers
                .iter()
                .filter(|answer| **answer == capped)
                .count(),
            1
        );
    }

    #[tokio::test(start_paused = true)]
    async fn while_cloudwatch_throttles_it_is_asked_eight_times_a_minute_at_most() {
        let cloud = cloud(&["a", "b"], 1);
        cloud.state().broken = vec![(
            "filter_log_events",
            String::new(),
            error(ErrorKind::Throttled),
        )];
        let mut console = Console::start(&cloud, None, None, 64);
        let start = "2026-01-01T00:00:00Z".parse().unwrap();
        let query = || LogQuery {
            sources: vec![source("a", 0), source("b", 0)],
            start,
            end: None,
            pattern: None,
            pages: 1,
        };
        // Until the pace is at its slowest.
        console.read(1, Query::Logs(query())).await;
        console.until_end(1).await;
        let (before, begun) = (
            cloud.count("filter_log_events"),
            tokio::time::Instant::now(),
        );
        for request in 2..=6 {
            console.read(request, Query::Logs(query())).await;
            console.until_end(request).await;
        }
        let calls = cloud.count("filter_log_events") - before;
        let minutes = begun.elapsed().as_secs_f64() / 60.0;
        let a_minute = calls as f64 / minutes;
        assert!(a_minute <= 8.0, "{calls} calls in {minutes} minutes");
        cloud.state().broken.clear();
        console.read(7, Query::Logs(query())).await;
        let told = console.until_end(7).await;
        assert_eq!((lines(&told, "a").len(), lines(&told, "b").len()), (1, 1));
        console.end().await;
    }

    #[tokio::test(start_paused = true)]
    async fn expired_credentials_end_the_reading() {
        let cloud = cloud(&["a", "b"], 1);
        cloud.state().broken = vec![(
            "filter_log_events",
            String::new(),
            error(ErrorKind::Expired),
        )];
        let told = read(&cloud, vec![source("a", 0), source("b", 0)], 1).await;
        assert_eq!(
            (told.result, told.answers),
            (Err(error(ErrorKind::Expired)), vec![])
        );
    }
}
