//! `why`: the verdict of one service or family, with its causes.

use ecsdeck_core::app::{Model, Msg, Pane, RowKey, ServiceRow};
use ecsdeck_core::diagnose::{Report, Verdict};
use ecsdeck_core::domain::{Deployment, Rollout};

use super::ask::Asked;
use super::name::Name;
use super::{Failed, print, report, say, status};
use crate::exit::Exit;
use crate::settings::Options;

/// What to ask about.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Why {
    /// The service, or the family of tasks that no service keeps, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// One JSON document
    #[arg(long)]
    json: bool,
    /// Wait until nothing is under way any more
    #[arg(long)]
    wait: bool,
}

pub(super) async fn run(options: &Options, command: Why) -> Result<Exit, Failed> {
    let panes = [Pane::Services, Pane::Tasks];
    let mut asked = if command.wait {
        Asked::begin(options, &panes).await?
    } else {
        Asked::once(options, &panes).await?
    };
    asked.until(Model::is_settled).await?;
    let key = find(asked.model(), options, &command.service)?.key.clone();
    asked.session.take(Msg::WhyAsked(key.clone()));
    asked.until(Model::is_settled).await?;
    if command.wait {
        let mut told = String::new();
        asked
            .until(|model| {
                let going_on = under_way(model, &key);
                let summary =
                    row(model, &key).map(|row| format!("{}: {}", row.verdict.word(), row.summary));
                if let Some(summary) = summary.filter(|summary| going_on && *summary != told) {
                    say(&summary);
                    told = summary;
                }
                !going_on
            })
            .await?;
    }
    let found = reported(asked.model(), &key);
    let Some(found) = found else {
        return Err(Failed::Refused(format!("{} is gone", command.service)));
    };
    if command.json {
        print::json(&serde_json::to_value(&found).map_err(std::io::Error::from)?);
    } else {
        print::out(&report::text(&found));
    }
    asked.finish()?;
    Ok(if found.verdict.is_bad_news() {
        Exit::BadNews
    } else {
        Exit::Done
    })
}

/// The one row of a name; a name that several clusters have needs the cluster before it.
fn find<'a>(model: &'a Model, options: &Options, name: &str) -> Result<&'a ServiceRow, Failed> {
    let wanted = Name::new(name);
    let fits = |row: &&ServiceRow| wanted.fits(&row.name, &row.cluster);
    let mut found: Vec<&ServiceRow> = model.service_rows().iter().filter(fits).collect();
    // A service and a family of the same name: the service is meant.
    if found
        .iter()
        .any(|row| matches!(row.key, RowKey::Service(_)))
    {
        found.retain(|row| matches!(row.key, RowKey::Service(_)));
    }
    match found.as_slice() {
        [row]
            if matches!(
                row.key,
                RowKey::MissingService(_) | RowKey::MissingCluster(_)
            ) =>
        {
            Err(Failed::Refused(format!("{}: {}", wanted.bare, row.summary)))
        }
        [row] => Ok(row),
        [] if model.service_rows().is_empty() => {
            Err(Failed::Refused(status::nothing(model, options)))
        }
        [] => {
            let names: Vec<&str> = model
                .service_rows()
                .iter()
                .map(|row| row.name.as_str())
                .collect();
            Err(Failed::Refused(crate::settings::unknown(
                "service", name, &names,
            )))
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|row| format!("{}/{}", row.cluster, row.name))
                .collect();
            Err(Failed::Refused(wanted.ambiguous(&names)))
        }
    }
}

fn row<'a>(model: &'a Model, key: &RowKey) -> Option<&'a ServiceRow> {
    model.service_rows().iter().find(|row| row.key == *key)
}

fn primary<'a>(model: &'a Model, key: &RowKey) -> Option<&'a Deployment> {
    match key {
        RowKey::Service(arn) => model.fleet.services.get(arn)?.primary(),
        RowKey::Family(..) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
    }
}

/// Whether a rollout, a change of the count or a task of a family has not come to its end.
fn under_way(model: &Model, key: &RowKey) -> bool {
    let rolling =
        primary(model, key).is_some_and(|primary| primary.rollout == Some(Rollout::InProgress));
    let verdict = model
        .fleet
        .diagnosis(key)
        .map(|diagnosis| diagnosis.verdict);
    rolling || matches!(verdict, Some(Verdict::Progressing | Verdict::RollingBack))
}

fn reported(model: &Model, key: &RowKey) -> Option<Report> {
    let runnable = model.fleet.runnable(key);
    let read_only = model.setup.read_only;
    let mut report = Report::diagnosed(model.fleet.diagnosis(key)?, runnable, read_only);
    report.asked = model.fleet.asked(key);
    match key {
        RowKey::Service(arn) => {
            let service = model.fleet.services.get(arn)?;
            report.placed(arn, &service.cluster);
            report.service = Some(service.name.clone());
            if let Some(primary) = service.primary() {
                report.deployment = Some(primary.id.clone());
            }
        }
        RowKey::Family(cluster, family) => {
            report.placed(cluster, cluster);
            report.family = Some(family.clone());
        }
        RowKey::MissingService(_) | RowKey::MissingCluster(_) => return None,
    }
    Some(report)
}
