//! `work`: work items and their counts.

use ecsdeck_core::app::{Model, Pane, Slot, WorkRow, masked};
use ecsdeck_core::domain::ErrorKind;
use serde_json::{Map, Value, json};

use super::ask::Asked;
use super::failed::{Failed, cloud_words};
use super::partial::Partial;
use super::{Output, print};
use crate::exit::Exit;
use crate::say::error;
use crate::settings::Options;

pub(super) async fn run(options: &Options, output: Output) -> Result<Exit, Failed> {
    // Families are known by their tasks alone, and their definitions name queues and tables that no deck does.
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Tasks, Pane::Work]).await?;
    asked.until(Model::is_settled).await?;
    let model = asked.model();
    // A table that the deck names and AWS does not have is news, as a missing queue is.
    let works = model.readings.iter();
    let works = works.filter(|(slot, _)| matches!(slot, Slot::Work(_)));
    let errors = works.filter_map(|(_, reading)| reading.error.as_ref());
    let (gone, unread): (Vec<_>, Vec<_>) =
        errors.partition(|error| error.kind == ErrorKind::NotFound);
    let mut partial = Partial::default();
    partial.lacks(unread.into_iter().map(cloud_words));
    if output.json {
        let tables: Vec<Value> = model.work.tables.values().map(document).collect();
        let document = json!({ "region": model.setup.region, "at": model.now(), "tables": tables });
        print::json(&partial.marked(document));
    } else {
        for row in model.work_rows() {
            print::line(&line(&row));
        }
    }
    gone.iter().for_each(|gone| error(&cloud_words(gone)));
    let exit = partial.exit(if gone.is_empty() {
        Exit::Done
    } else {
        Exit::BadNews
    });
    asked.finish()?;
    Ok(exit)
}

fn document(table: &ecsdeck_core::domain::WorkTable) -> Value {
    let rows = table.rows.iter().map(|row| {
        let shown: Map<String, Value> = row
            .0
            .iter()
            .map(|(name, value)| (name.to_string(), json!(masked(name, value))))
            .collect();
        Value::Object(shown)
    });
    let counts: Map<String, Value> = table
        .counts
        .iter()
        .map(|count| (count.status.to_string(), json!(count.count)))
        .collect();
    json!({
        "table": table.shape.name,
        "key": table.shape.key,
        "status_attribute": table.status_attribute,
        "counts": counts,
        "capped": table.capped,
        "consumed_read_units": table.consumed,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn line(row: &WorkRow<'_>) -> String {
    match row {
        WorkRow::Table(name, Some(table)) => {
            let counts: Vec<String> = table
                .counts
                .iter()
                .map(|count| format!("{} {}", count.count, count.status))
                .collect();
            let capped = if table.capped {
                " (a part: reading stopped at the page cap)"
            } else {
                ""
            };
            format!("{name}: {}{capped}", counts.join(", "))
        }
        WorkRow::Table(name, None) => format!("{name}: not read"),
        WorkRow::Item {
            id, status, text, ..
        } => format!("  {status}  {id}  {text}"),
    }
}
