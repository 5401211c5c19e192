//! One table's rows: by Query for each status on an index, or by Scan, within a cap of pages.
//!
//! DynamoDB bills what it reads, so the cap is for the whole reading, and
//! what was left out is said.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use ecsdeck_core::app::{Answer, WorkQuery};
use ecsdeck_core::domain::{CloudError, ErrorKind, Row, TableShape, WorkCount, WorkTable};
use ecsdeck_core::text::Clean;
use futures_util::stream::{StreamExt, iter};

use crate::pace::Api;
use crate::ports::{Reads, Reply, RowQuery};

use super::pages::Pager;
use super::reading::{AT_ONCE, Reading};

/// What one series of pages gave.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    capped: bool,
    consumed: f64,
}

pub(super) async fn read<R: Reads>(reading: &Reading<R>, query: &WorkQuery) -> Reply<()> {
    let caller = &reading.caller;
    let shape = match &query.shape {
        Some(shape) => shape.clone(),
        None => {
            caller
                .call(Api::DynamoDb, || caller.reads.describe_table(&query.table))
                .await?
        }
    };
    let indexed = query.index.as_ref().filter(|_| !query.statuses.is_empty());
    let (status, queries) = match indexed {
        Some(index) => {
            let attribute = key_of(&shape, index)?;
            let of = |value: &Clean| RowQuery::Index {
                index: index.clone(),
                attribute: attribute.clone(),
                value: value.clone(),
            };
            (
                Some(attribute.clone()),
                query.statuses.iter().map(of).collect(),
            )
        }
        None => (query.status.clone(), vec![RowQuery::Scan]),
    };
    let budget = AtomicU32::new(query.pages.max(1));
    let series = iter(queries)
        .map(|rows| read_series(reading, &query.table, rows, &budget))
        .buffered(AT_ONCE);
    tokio::pin!(series);
    let mut all = Rows::default();
    while let Some(part) = series.next().await {
        let part = part?;
        all.rows.extend(part.rows);
        all.capped |= part.capped;
        all.consumed += part.consumed;
    }
    let status = status
        .or_else(|| guess_status(&all.rows))
        .unwrap_or_default();
    // Of an index every status was asked for, so that one without rows counts as none.
    let asked = if indexed.is_some() {
        query.statuses.as_slice()
    } else {
        &[]
    };
    let table = WorkTable {
        shape,
        counts: counts(&all.rows, &status, asked),
        status_attribute: status,
        rows: all.rows,
        capped: all.capped,
        consumed: all.consumed,
    };
    reading.tell(Answer::Work(Box::new(table))).await;
    Ok(())
}

/// The partition key of an index.
///
/// # Errors
/// Invalid, when the table has no such index that is active: scanning it instead would be billed
/// without anybody having asked for it.
fn key_of<'a>(shape: &'a TableShape, index: &Clean) -> Reply<&'a Clean> {
    shape
        .indexes
        .iter()
        .find(|(name, _)| name == index)
        .map(|(_, key)| key)
        .ok_or_else(|| {
            let message = format!("the table {} has no active index {index}", shape.name);
            CloudError::new("dynamodb:Query", ErrorKind::Invalid, Clean::own(message))
        })
}

/// Reads one series of pages as far as the common budget goes.
async fn read_series<R: Reads>(
    reading: &Reading<R>,
    table: &Clean,
    query: RowQuery,
    budget: &AtomicU32,
) -> Reply<Rows> {
    let caller = &reading.caller;
    let operation = match query {
        RowQuery::Scan => "dynamodb:Scan",
        RowQuery::Index { .. } => "dynamodb:Query",
    };
    let mut rows = Rows::default();
    let mut pager = Pager::default();
    loop {
        let left = budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
        if left.is_err() {
            rows.capped = true;
            return Ok(rows);
        }
        let call = || caller.reads.rows(table, &query, pager.token());
        let page = caller.call(Api::DynamoDb, call).await?;
        let items = page.rows.len();
        rows.rows.extend(page.rows);
        rows.consumed += page.consumed;
        if !pager.turn(operation, items, page.next)? {
            return Ok(rows);
        }
    }
}

/// The attribute that holds the status, where nobody has said it.
fn guess_status(rows: &[Row]) -> Option<Clean> {
    ["status", "state"]
        .into_iter()
        .find(|name| rows.iter().any(|row| row.get(name).is_some()))
        .map(Clean::literal)
}

/// How many rows have each status; rows without one are not counted.
fn counts(rows: &[Row], attribute: &Clean, asked: &[Clean]) -> Vec<WorkCount> {
    let mut counts: BTreeMap<&Clean, u64> = asked.iter().map(|status| (status, 0)).collect();
    for status in rows.iter().filter_map(|row| row.get(attribute)) {
        *counts.entry(status).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(status, count)| WorkCount {
            status: status.clone(),
            count,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ecsdeck_core::app::Query;

    use super::*;
    use crate::script::{Cloud, Told, ask, row};

    fn shape() -> TableShape {
        TableShape {
            name: Clean::literal("task_store"),
            key: vec![Clean::literal("task_id")],
            indexes: vec![(Clean::literal("status-index"), Clean::literal("status"))],
            item_count: None,
        }
    }

    fn cloud(attribute: &'static str) -> Arc<Cloud> {
        let statuses = ["pending", "complete", "complete", "failed", "complete"];
        Cloud::with(|state| {
            state.shape = Some(shape());
            state.rows = statuses
                .iter()
                .map(|status| row(&[(attribute, status)]))
                .collect();
            state.page = Some(2);
        })
    }

    fn scan(pages: u32) -> WorkQuery {
        WorkQuery {
            table: Clean::literal("task_store"),
            shape: None,
            status: None,
            index: None,
            statuses: vec![],
            pages,
        }
    }

    fn by_index(statuses: &[&'static str], pages: u32) -> WorkQuery {
        WorkQuery {
            shape: Some(shape()),
            index: Some(Clean::literal("status-index")),
            statuses: statuses
                .iter()
                .map(|status| Clean::literal(status))
                .collect(),
            ..scan(pages)
        }
    }

    async fn read(cloud: &Arc<Cloud>, query: WorkQuery) -> Told {
        ask(cloud, Query::Work(query)).await
    }

    fn table(told: Told) -> WorkTable {
        match <[Answer; 1]>::try_from(told.answers).unwrap() {
            [Answer::Work(table)] => *table,
            other => panic!("{other:?}"),
        }
    }

    fn counts_of(table: &WorkTable) -> Vec<(&str, u64)> {
        table
            .counts
            .iter()
            .map(|count| (count.status.as_str(), count.count))
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_scan_counts_by_the_status_that_it_finds() {
        for attribute in ["status", "state"] {
            let cloud = cloud(attribute);
            let table = table(read(&cloud, scan(10)).await);
            assert_eq!(table.status_attribute, attribute);
            assert_eq!(
                counts_of(&table),
                [("complete", 3), ("failed", 1), ("pending", 1)]
            );
            assert_eq!(
                (table.rows.len(), table.capped, table.consumed),
                (5, false, 1.5)
            );
            assert_eq!((cloud.count("describe_table"), cloud.count("scan")), (1, 3));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn rows_without_a_status_are_given_and_not_counted() {
        let table = table(read(&cloud("colour"), scan(10)).await);
        assert_eq!((table.rows.len(), counts_of(&table)), (5, vec![]));
        assert_eq!(table.status_attribute, "");
    }

    #[tokio::test(start_paused = true)]
    async fn a_scan_stops_at_the_cap_and_says_so() {
        let cloud = cloud("status");
        let table = table(read(&cloud, scan(2)).await);
        assert_eq!(
            (table.rows.len(), table.capped, cloud.count("scan")),
            (4, true, 2)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_scan_that_ends_with_the_cap_is_not_capped() {
        assert!(!table(read(&cloud("status"), scan(3)).await).capped);
    }

    #[tokio::test(start_paused = true)]
    async fn each_status_is_asked_of_the_index() {
        let cloud = cloud("status");
        let query = by_index(&["pending", "failed", "processing"], 10);
        let table = table(read(&cloud, query).await);
        assert_eq!(
            counts_of(&table),
            [("failed", 1), ("pending", 1), ("processing", 0)]
        );
        assert_eq!((cloud.count("query"), cloud.count("scan")), (3, 0));
        assert_eq!(cloud.count("describe_table"), 0, "the shape was known");
    }

    #[tokio::test(start_paused = true)]
    async fn the_cap_is_shared_by_all_statuses() {
        let cloud = cloud("status");
        let query = by_index(&["complete", "pending", "failed"], 3);
        let table = table(read(&cloud, query).await);
        assert!(table.capped);
        assert_eq!(cloud.count("query"), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn an_index_that_is_not_there_is_an_error_and_no_scan() {
        let cloud = cloud("status");
        let index = Some(Clean::literal("other-index"));
        let told = read(
            &cloud,
            WorkQuery {
                index,
                ..by_index(&["pending"], 3)
            },
        )
        .await;
        assert_eq!(told.result.unwrap_err().kind, ErrorKind::Invalid);
        assert_eq!(cloud.count("scan"), 0);
    }
}
