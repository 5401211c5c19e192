//! `why`: the verdict of one service or family, with its causes.

use std::time::Duration;

use ecsdeck_core::app::{Model, Msg, Pane, RowKey, ServiceRow};
use ecsdeck_core::diagnose::{Report, Verdict};
use ecsdeck_core::domain::{Deployment, Rollout};

use super::ask::{Asked, is_needed};
use super::outage::Outage;
use super::watch::until_over;
use super::{Failed, partial, print, report, status};
use crate::exit::Exit;
use crate::settings::Options;

/// What to ask about.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Why {
    /// The service, or the family of tasks that no service keeps, with or without its cluster; or one of its tasks
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Wait until nothing is under way any more
    #[arg(long)]
    wait: bool,
    /// End the wait after so long, with exit code 4: 30s, 10m, 2h
    #[arg(long, value_name = "TIME", requires = "wait", value_parser = super::length)]
    timeout: Option<Duration>,
}

pub(super) async fn run(options: &Options, command: Why) -> Result<Exit, Failed> {
    let panes = [Pane::Services, Pane::Tasks];
    let mut asked = if command.wait {
        Asked::begin(options, &panes).await?
    } else {
        Asked::once(options, &panes).await?
    };
    let mut outage = Outage::default();
    asked.within(command.timeout);
    if command.wait {
        let settled = Model::is_settled;
        asked.wait(&mut outage, is_needed, settled).await?;
    } else {
        asked.until(Model::is_settled).await?;
    }
    if asked.model().service_rows().is_empty() {
        return Err(Failed::NoSuch(status::nothing(asked.model())));
    }
    let key = asked.model().row_named(&command.service)?;
    asked.session.take(Msg::WhyAsked(key.clone()));
    if command.wait {
        let words = |row: &ServiceRow| format!("{}: {}", row.verdict.word(), row.summary);
        let goes_on = |model: &Model| under_way(model, &key);
        until_over(&mut asked, &mut outage, &key, goes_on, words).await?;
    } else {
        asked.until(Model::is_settled).await?;
    }
    let found = reported(asked.model(), &key);
    let Some(found) = found else {
        return Err(Failed::NoSuch(format!("{} is gone", command.service)));
    };
    let unanswered = partial::unanswered(asked.model(), std::iter::once(&key));
    let work = partial::work(asked.model(), std::iter::once(&key));
    if command.json {
        let document = serde_json::to_value(&found).map_err(std::io::Error::from)?;
        print::json(&unanswered.clone().and(work.clone()).marked(document));
    } else {
        print::out(&report::text(&found));
    }
    unanswered.tell();
    let exit = if found.verdict.is_bad_news() {
        Exit::BadNews
    } else {
        Exit::Done
    };
    let exit = work.exit(exit);
    asked.finish()?;
    Ok(exit)
}

pub(super) fn row<'a>(model: &'a Model, key: &RowKey) -> Option<&'a ServiceRow> {
    model.service_rows().iter().find(|row| row.key == *key)
}

fn primary<'a>(model: &'a Model, key: &RowKey) -> Option<&'a Deployment> {
    match key {
        RowKey::Service(arn) => model.fleet.services.get(arn)?.primary(),
        RowKey::Family(..) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
    }
}

/// Whether a rollout, a change of the count or a task of a family has not come to its end.
pub(super) fn under_way(model: &Model, key: &RowKey) -> bool {
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
