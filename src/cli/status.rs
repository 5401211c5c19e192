//! `status`: every service's verdict.

use ecsdeck_core::app::{Model, RowKey, ServiceRow};
use ecsdeck_core::deck::Deck;
use ecsdeck_core::domain::Rollout;
use serde_json::{Value, json};

use super::ask::Asked;
use super::listing::Listing;
use super::{Failed, partial, print, say};
use crate::exit::Exit;
use crate::say::error;
use crate::settings::Options;

pub(super) async fn run(options: &Options, listing: Listing) -> Result<Exit, Failed> {
    let mut asked = Asked::verdicts(options).await?;
    let partial = partial::settle(&mut asked).await?;
    let model = asked.model();
    unread(model);
    let rows = listing.rows(model, options, &partial)?;
    let partial = partial.and(partial::work(model, rows.iter().map(|row| &row.key)));
    let unanswered = partial::unanswered(model, rows.iter().map(|row| &row.key));
    unanswered.tell();
    if listing.output.json {
        let document = document(model, &rows);
        print::json(&unanswered.and(partial.clone()).marked(document));
    } else if !rows.is_empty() {
        print::out(&text(model, &rows));
    }
    if rows.is_empty() && partial.is_whole() {
        error(&nothing(model));
    }
    let exit = if rows.is_empty() || lacks_cluster(model, options) {
        Exit::Usage
    } else if rows.iter().any(|row| row.verdict.is_bad_news()) {
        Exit::BadNews
    } else {
        Exit::Done
    };
    let exit = partial.exit(exit);
    asked.finish()?;
    Ok(exit)
}

/// Names what the deck says and nothing reads yet.
fn unread(model: &Model) {
    let unread = model.setup.deck.as_ref().map(Deck::unread);
    let Some(unread) = unread.filter(|unread| !unread.is_empty()) else {
        return;
    };
    say(&format!(
        "ecsdeck does not use these deck settings yet: {}",
        unread.join(", ")
    ));
}

/// Whether a cluster that was named on the command line is not there. One that the deck names is bad news instead.
fn lacks_cluster(model: &Model, options: &Options) -> bool {
    !options.cluster.is_empty() && !model.fleet.missing_clusters.is_empty()
}

/// Why there is nothing to show.
pub(super) fn nothing(model: &Model) -> String {
    let account = model
        .identity
        .as_ref()
        .map(|identity| identity.account.to_string())
        .unwrap_or_default();
    let place = format!("account {account}, region {}", model.setup.region);
    if model.fleet.clusters.is_empty() {
        format!("no ECS cluster in {place}. Hint: choose another region with --region")
    } else {
        format!("no service and no task in {place}")
    }
}

fn document(model: &Model, rows: &[&ServiceRow]) -> Value {
    let identity = model.identity.as_ref();
    json!({
        "account": identity.map(|identity| &identity.account),
        "region": model.setup.region,
        "identity": identity.map(|identity| &identity.arn),
        "deck": model.setup.deck_name(),
        "at": model.now(),
        "services": rows.iter().map(|row| service(model, row)).collect::<Vec<_>>(),
    })
}

fn service(model: &Model, row: &ServiceRow) -> Value {
    let known = match &row.key {
        RowKey::Service(arn) => model.fleet.services.get(arn),
        _ => None,
    };
    let rollout = known
        .and_then(|service| service.primary())
        .and_then(|primary| primary.rollout)
        .map(|rollout| match rollout {
            Rollout::InProgress => "IN_PROGRESS",
            Rollout::Completed => "COMPLETED",
            Rollout::Failed => "FAILED",
        });
    let evidence = model
        .fleet
        .diagnosis(&row.key)
        .map(|diagnosis| &diagnosis.evidence);
    json!({
        "cluster": row.cluster,
        "service": known.map(|service| &service.name).or(matches!(row.key, RowKey::MissingService(_)).then_some(&row.name)),
        "family": matches!(row.key, RowKey::Family(..)).then_some(&row.name),
        "missing": matches!(row.key, RowKey::MissingService(_) | RowKey::MissingCluster(_)),
        "arn": known.map(|service| &service.arn),
        "verdict": row.verdict.word(),
        "since": row.since,
        "summary": row.summary,
        "desired": row.desired,
        "running": row.running,
        "pending": row.pending,
        "task_definition": row.revision,
        "rollout": rollout,
        "deployments": known.map(|service| &service.deployments),
        "evidence": evidence,
    })
}

fn text(model: &Model, rows: &[&ServiceRow]) -> String {
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let desired = row
                .desired
                .map_or("-".to_owned(), |desired| desired.to_string());
            vec![
                row.verdict.word().to_owned(),
                format!("{}/{}", row.cluster, row.name),
                format!("{}/{desired}", row.running),
                row.since.map_or("-".to_owned(), |since| {
                    ecsdeck_core::app::age(since, model.now())
                }),
                row.summary.to_string(),
            ]
        })
        .collect();
    print::table(&["VERDICT", "SERVICE", "RUNNING", "FOR", "WHY"], &lines)
}
