//! From DynamoDB's shapes to the domain.

use aws_sdk_dynamodb::types::{
    ConsumedCapacity, IndexStatus, KeySchemaElement, KeyType, TableDescription,
};
use ecsdeck_core::domain::{Row, TableShape};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::RowPage;

use super::token::{Item, write as token_of};
use super::value;
use crate::plain::text_or_empty;

/// How a table can be asked.
pub(super) fn shape(raw: &TableDescription) -> TableShape {
    TableShape {
        name: text_or_empty(raw.table_name()),
        key: partition(raw.key_schema())
            .into_iter()
            .chain(element(raw.key_schema(), &KeyType::Range))
            .collect(),
        indexes: raw
            .global_secondary_indexes()
            .iter()
            // One that is being filled answers with a part of its rows.
            .filter(|index| {
                index.index_status() == Some(&IndexStatus::Active)
                    && index.backfilling() != Some(true)
            })
            .filter_map(|index| {
                Some((
                    Clean::new(index.index_name()?),
                    partition(index.key_schema())?,
                ))
            })
            .collect(),
        item_count: raw.item_count().and_then(|count| u64::try_from(count).ok()),
    }
}

fn partition(keys: &[KeySchemaElement]) -> Option<Clean> {
    element(keys, &KeyType::Hash)
}

fn element(keys: &[KeySchemaElement], kind: &KeyType) -> Option<Clean> {
    keys.iter()
        .find(|key| key.key_type() == kind)
        .map(|key| Clean::new(key.attribute_name()))
}

/// A page of a scan or a query.
pub(super) fn rows(
    items: &[Item],
    last: Option<&Item>,
    consumed: Option<&ConsumedCapacity>,
) -> RowPage {
    RowPage {
        rows: items.iter().map(row).collect(),
        next: last.filter(|key| !key.is_empty()).map(token_of),
        consumed: consumed
            .and_then(ConsumedCapacity::capacity_units)
            .unwrap_or_default(),
    }
}

fn row(raw: &Item) -> Row {
    Row(raw
        .iter()
        .map(|(name, value)| (Clean::new(name), value::text(value)))
        .collect())
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::{AttributeValue, GlobalSecondaryIndexDescription};

    use super::*;

    fn key(name: &str, kind: KeyType) -> KeySchemaElement {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
            .unwrap()
    }

    fn index(
        name: &str,
        status: IndexStatus,
        backfilling: bool,
    ) -> GlobalSecondaryIndexDescription {
        GlobalSecondaryIndexDescription::builder()
            .index_name(name)
            .index_status(status)
            .backfilling(backfilling)
            .key_schema(key("made", KeyType::Range))
            .key_schema(key("status", KeyType::Hash))
            .build()
    }

    #[test]
    fn the_partition_key_comes_first_in_whatever_order_it_is_told() {
        let raw = TableDescription::builder()
            .table_name("jobs")
            .key_schema(key("made", KeyType::Range))
            .key_schema(key("id", KeyType::Hash))
            .item_count(-1)
            .build();
        let shape = shape(&raw);
        assert_eq!(shape.key, ["id", "made"]);
        assert_eq!((shape.name.as_str(), shape.item_count), ("jobs", None));
    }

    #[test]
    fn only_indexes_that_know_every_row_are_offered() {
        let raw = TableDescription::builder()
            .global_secondary_indexes(index("ready", IndexStatus::Active, false))
            .global_secondary_indexes(index("filling", IndexStatus::Active, true))
            .global_secondary_indexes(index("new", IndexStatus::Creating, false))
            .build();
        assert_eq!(
            shape(&raw).indexes,
            [(Clean::new("ready"), Clean::new("status"))]
        );
    }

    #[test]
    fn an_empty_page_may_have_a_next_one() {
        let last = Item::from([("id".into(), AttributeValue::S("x".into()))]);
        let page = rows(
            &[],
            Some(&last),
            Some(&ConsumedCapacity::builder().capacity_units(0.5).build()),
        );
        assert!(page.rows.is_empty() && page.next.is_some());
        assert!((page.consumed - 0.5).abs() < f64::EPSILON);
        assert_eq!(rows(&[], None, None).next, None);
    }

    #[test]
    fn a_row_is_its_attributes_as_text() {
        let item = Item::from([
            ("id".into(), AttributeValue::S("a\u{1b}[2Jb".into())),
            ("tries".into(), AttributeValue::N("3".into())),
        ]);
        let page = rows(&[item], None, None);
        let row = page.rows.first().unwrap();
        assert_eq!(
            (
                row.get("id").map(Clean::as_str),
                row.get("tries").map(Clean::as_str)
            ),
            (Some("ab"), Some("3"))
        );
    }
}
