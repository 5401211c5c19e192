//! `queues`: queue depths.

use ecsdeck_core::app::{Model, Pane, QueueRow, Slot};
use serde_json::{Value, json};

use super::ask::Asked;
use super::{Failed, Output, partial, print};
use crate::exit::Exit;
use crate::settings::Options;

pub(super) async fn run(options: &Options, output: Output) -> Result<Exit, Failed> {
    // Families are known by their tasks alone, and their definitions name queues and tables that no deck does.
    let mut asked = Asked::begin(options, &[Pane::Services, Pane::Tasks, Pane::Queues]).await?;
    asked.until(Model::is_settled).await?;
    let model = asked.model();
    let rows = model.queues.rows(model.setup.deck.as_ref());
    let mut partial = partial::of(model, |slot| matches!(slot, Slot::Queues));
    let unread = |row: &QueueRow<'_>| Some(format!("{}: {}", row.name, row.error?));
    partial.lacks(rows.iter().filter_map(unread));
    if output.json {
        let all: Vec<Value> = rows.iter().map(document).collect();
        let document = json!({ "region": model.setup.region, "at": model.now(), "queues": all });
        print::json(&partial.marked(document));
    } else {
        let lines: Vec<Vec<String>> = rows.iter().map(cells).collect();
        print::out(&print::table(
            &["QUEUE", "VISIBLE", "IN FLIGHT", "DELAYED", "DEAD"],
            &lines,
        ));
    }
    let missing = rows.iter().any(|row| row.queue.is_none());
    let exit = partial.exit(if missing { Exit::BadNews } else { Exit::Done });
    asked.finish()?;
    Ok(exit)
}

fn document(row: &QueueRow<'_>) -> Value {
    let Some(queue) = row.queue else {
        return json!({ "name": row.name, "missing": row.error.is_none(), "error": row.error });
    };
    let dead = queue.dead_letter.as_ref().map(|dead| {
        json!({
            "name": dead.arn.name(),
            "arn": dead.arn,
            "max_receives": dead.max_receives,
            "visible": dead.depth.map(|depth| depth.visible),
        })
    });
    json!({
        "name": queue.name,
        "url": queue.url,
        "arn": queue.arn,
        "missing": false,
        "visible": queue.depth.visible,
        "in_flight": queue.depth.in_flight,
        "delayed": queue.depth.delayed,
        "dead_letter": dead,
    })
}

fn cells(row: &QueueRow<'_>) -> Vec<String> {
    let Some(queue) = row.queue else {
        let why = row.error.map_or("missing".to_owned(), ToString::to_string);
        return vec![row.name.to_string(), why];
    };
    let dead = queue.dead_letter.as_ref().and_then(|dead| dead.depth);
    vec![
        queue.name.to_string(),
        queue.depth.visible.to_string(),
        queue.depth.in_flight.to_string(),
        queue.depth.delayed.to_string(),
        dead.map_or("-".to_owned(), |depth| depth.visible.to_string()),
    ]
}
