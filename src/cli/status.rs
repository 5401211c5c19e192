//! `status`: every service's verdict.

use ecsdeck_core::app::{Model, RowKey, ServiceRow};
use ecsdeck_core::domain::Rollout;
use serde_json::{Value, json};

use super::ask::Asked;
use super::{Failed, Output, print, say};
use crate::exit::Exit;
use crate::settings::Options;

pub(super) async fn run(options: &Options, output: Output) -> Result<Exit, Failed> {
    let mut asked = Asked::verdicts(options).await?;
    asked.until(Model::is_settled).await?;
    let model = asked.model();
    let wanted = |row: &&ServiceRow| {
        options
            .service
            .as_ref()
            .is_none_or(|name| row.name.as_str() == name)
    };
    let rows: Vec<&ServiceRow> = model.service_rows().iter().filter(wanted).collect();
    if output.json {
        print::json(&document(model, &rows));
    } else {
        if !rows.is_empty() {
            print::out(&text(model, &rows));
        }
    }
    let empty = rows.is_empty();
    if empty {
        say(&nothing(model, options));
    }
    let bad = empty || rows.iter().any(|row| row.verdict.is_bad_news());
    asked.finish()?;
    Ok(if bad { Exit::BadNews } else { Exit::Done })
}

/// Why there is nothing to show: an empty answer must not look like a healthy one.
pub(super) fn nothing(model: &Model, options: &Options) -> String {
    let account = model
        .identity
        .as_ref()
        .map(|identity| identity.account.to_string())
        .unwrap_or_default();
    let place = format!("account {account}, region {}", model.setup.region);
    match &options.service {
        Some(name) if !model.service_rows().is_empty() => {
            let names: Vec<&str> = model
                .service_rows()
                .iter()
                .map(|row| row.name.as_str())
                .collect();
            crate::settings::unknown("service", name, &names)
        }
        _ if model.fleet.clusters.is_empty() => format!("there is no ECS cluster in {place}"),
        _ => format!("there is no service and no task in {place}"),
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
