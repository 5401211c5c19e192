//! DynamoDB: tables and their rows.

mod shapes;
mod token;
mod value;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use ecsdeck_core::domain::{CloudError, TableShape};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Page, PageToken, Reply, RowPage, RowQuery, TableReads, sizes};

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{texts, whole};
use crate::session::Session;

impl TableReads for Aws {
    async fn list_tables(&self, page: Option<PageToken>) -> Reply<Page<Clean>> {
        list(self.session(), page).await
    }

    async fn describe_table(&self, table: &Clean) -> Reply<TableShape> {
        describe(self.session(), table).await
    }

    async fn rows(
        &self,
        table: &Clean,
        query: &RowQuery,
        page: Option<PageToken>,
    ) -> Reply<RowPage> {
        rows(self.session(), table, query, page).await
    }
}

/// The names of tables.
pub(crate) async fn list(session: &Session, page: Option<PageToken>) -> Reply<Page<Clean>> {
    let token = raw(page);
    let answer = session
        .ask("dynamodb:ListTables", |on| {
            on.dynamo
                .list_tables()
                .limit(sizes::LIST_TABLES_PAGE)
                .set_exclusive_start_table_name(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: texts(whole("dynamodb:ListTables", answer.table_names.as_deref())?),
        next: next(answer.last_evaluated_table_name()),
    })
}

/// How a table can be asked.
pub(crate) async fn describe(session: &Session, table: &Clean) -> Reply<TableShape> {
    const CALL: &str = "dynamodb:DescribeTable";
    let answer = session
        .ask(CALL, |on| {
            on.dynamo.describe_table().table_name(table.as_str()).send()
        })
        .await?;
    answer
        .table()
        .map(shapes::shape)
        .ok_or_else(|| CloudError::malformed(CALL, "the answer holds no table"))
}

/// A page of a scan or a query.
pub(crate) async fn rows(
    session: &Session,
    table: &Clean,
    query: &RowQuery,
    page: Option<PageToken>,
) -> Reply<RowPage> {
    let call = match query {
        RowQuery::Scan => "dynamodb:Scan",
        RowQuery::Index { .. } => "dynamodb:Query",
    };
    let from = match page {
        None => None,
        Some(token) => Some(
            token::read(&token)
                .ok_or_else(|| CloudError::malformed(call, "the page token is not one of ours"))?,
        ),
    };
    match query {
        RowQuery::Scan => {
            let answer = session
                .ask(call, |on| {
                    on.dynamo
                        .scan()
                        .table_name(table.as_str())
                        .return_consumed_capacity(ReturnConsumedCapacity::Total)
                        .set_exclusive_start_key(from.clone())
                        .send()
                })
                .await?;
            Ok(shapes::rows(
                whole(call, answer.items.as_deref())?,
                answer.last_evaluated_key(),
                answer.consumed_capacity(),
            ))
        }
        RowQuery::Index {
            index,
            attribute,
            value,
        } => {
            let answer = session
                .ask(call, |on| {
                    on.dynamo
                        .query()
                        .table_name(table.as_str())
                        .index_name(index.as_str())
                        .key_condition_expression("#key = :value")
                        .expression_attribute_names("#key", attribute.as_str())
                        .expression_attribute_values(":value", AttributeValue::S(value.to_string()))
                        .return_consumed_capacity(ReturnConsumedCapacity::Total)
                        .set_exclusive_start_key(from.clone())
                        .send()
                })
                .await?;
            Ok(shapes::rows(
                whole(call, answer.items.as_deref())?,
                answer.last_evaluated_key(),
                answer.consumed_capacity(),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;
    use serde_json::json;

    use super::*;
    use crate::loopback::{Server, ok};

    #[tokio::test]
    async fn a_scan_goes_on_where_it_ended() {
        let server = Server::start(vec![
            ok(r#"{"Items":[{"id":{"S":"7"}}],"LastEvaluatedKey":{"id":{"S":"7"},"n":{"N":"1"},"b":{"B":"AAE="}},"ConsumedCapacity":{"CapacityUnits":1.5}}"#),
            ok(r#"{"Items":[]}"#),
        ])
        .await;
        let (aws, table) = (server.aws(), Clean::new("jobs"));
        let first = aws.rows(&table, &RowQuery::Scan, None).await.unwrap();
        assert!((first.consumed - 1.5).abs() < f64::EPSILON);
        let last = aws.rows(&table, &RowQuery::Scan, first.next).await.unwrap();
        assert_eq!((last.rows.len(), last.next), (0, None));
        assert_eq!(
            server.body(1)["ExclusiveStartKey"],
            json!({ "id": { "S": "7" }, "n": { "N": "1" }, "b": { "B": "AAE=" } })
        );
    }

    #[tokio::test]
    async fn a_query_names_its_key_by_an_alias() {
        let server = Server::start(vec![ok(r#"{"Items":[]}"#)]).await;
        let query = RowQuery::Index {
            index: Clean::new("by-status"),
            attribute: Clean::new("status"),
            value: Clean::new("pending"),
        };
        server
            .aws()
            .rows(&Clean::new("jobs"), &query, None)
            .await
            .unwrap();
        let body = server.body(0);
        assert_eq!(
            body["ExpressionAttributeNames"],
            json!({ "#key": "status" })
        );
        assert_eq!(
            body["ExpressionAttributeValues"],
            json!({ ":value": { "S": "pending" } })
        );
        assert_eq!(
            (&body["IndexName"], &body["KeyConditionExpression"]),
            (&json!("by-status"), &json!("#key = :value"))
        );
    }

    #[tokio::test]
    async fn a_token_that_is_not_ours_is_not_sent() {
        let server = Server::start(vec![ok("{}")]).await;
        let answer = server
            .aws()
            .rows(
                &Clean::new("jobs"),
                &RowQuery::Scan,
                Some(PageToken("two".to_owned())),
            )
            .await;
        assert_eq!(answer.unwrap_err().kind, ErrorKind::Malformed);
        assert_eq!(server.requests().len(), 0);
    }
}
