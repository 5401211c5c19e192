//! `tasks`: running and stopped tasks.

use ecsdeck_core::app::{Pane, task_rows, task_status};
use ecsdeck_core::domain::{Owner, Task, Time};
use ecsdeck_core::text::Values;
use serde_json::{Value, json};

use super::ask::Asked;
use super::listing::Listing;
use super::{Failed, partial, print, say};
use crate::exit::Exit;
use crate::say::error;
use crate::settings::Options;

pub(super) async fn run(options: &Options, listing: Listing) -> Result<Exit, Failed> {
    let mut asked = Asked::once(options, &[Pane::Services, Pane::Tasks]).await?;
    let partial = partial::settle(&mut asked).await?;
    let model = asked.model();
    let rows = listing.rows(model, options, &partial)?;
    let tasks: Vec<_> = rows
        .iter()
        .flat_map(|row| {
            task_rows(&model.fleet, &row.key, true, true)
                .into_iter()
                .map(|task| (row.name.clone(), task))
        })
        .collect();
    if listing.output.json {
        let all: Vec<Value> = tasks
            .iter()
            .filter_map(|(_, row)| model.fleet.task(&row.key))
            .map(|task| {
                let kept = model.fleet.kept_since(&task.arn);
                document(task, kept, model.setup.values)
            })
            .collect();
        let document = json!({ "region": model.setup.region, "at": model.now(), "tasks": all });
        print::json(&partial.marked(document));
    } else if !tasks.is_empty() {
        let lines: Vec<Vec<String>> = tasks
            .iter()
            .map(|(owner, row)| {
                let at = row.stopped.or(row.since);
                vec![
                    row.id.to_string(),
                    owner.to_string(),
                    task_status(row.status).to_owned(),
                    at.map_or("-".to_owned(), |at| ecsdeck_core::app::age(at, model.now())),
                    row.exit_code
                        .map_or("-".to_owned(), |code| code.to_string()),
                    row.revision.to_string(),
                    row.note.to_string(),
                ]
            })
            .collect();
        print::out(&print::table(
            &["TASK", "OWNER", "STATUS", "FOR", "EXIT", "REVISION", "NOTE"],
            &lines,
        ));
    }
    let missing = rows.is_empty();
    if missing && partial.is_whole() {
        error(&super::status::nothing(model));
    } else if tasks.is_empty() && partial.is_whole() {
        say("no tasks ran in the last hour");
    }
    let exit = partial.exit(if missing { Exit::Usage } else { Exit::Done });
    asked.finish()?;
    Ok(exit)
}

/// A task, and since when it has been kept here where AWS has forgotten it.
fn document(task: &Task, kept: Option<Time>, values: Values) -> Value {
    // What somebody gave a task may be a secret.
    let shown = task.shown(values);
    let (service, family) = match &task.owner {
        Owner::Service(name) => (Some(name), None),
        Owner::Family(name) => (None, Some(name)),
    };
    let mut value = json!({ "id": task.id(), "service": service, "family": family, "exit_code": task.exit_code() });
    if let (Some(into), Value::Object(members)) = (value.as_object_mut(), json!(shown)) {
        into.extend(kept.map(|since| ("kept_since".to_owned(), json!(since))));
        into.extend(members.into_iter().filter(|(name, _)| name != "owner"));
    }
    value
}
