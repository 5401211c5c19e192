//! `check`: what will fail of the revision that a service runs next.

use std::fmt::Write;

use ecsdeck_core::app::{Model, Msg, Pane, RowKey};
use ecsdeck_core::diagnose::{Finding, Preflight};
use ecsdeck_core::domain::{Arn, CloudError, ErrorKind, Service};
use ecsdeck_core::text::Clean;
use serde_json::json;

use super::ask::Asked;
use super::{Failed, print, status};
use crate::exit::Exit;
use crate::settings::Options;

/// What to check.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Check {
    /// The service, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// This revision, instead of the one that the service would run next: a number, FAMILY:NUMBER or a resource name
    #[arg(long, value_name = "REVISION")]
    revision: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(options: &Options, command: Check) -> Result<Exit, Failed> {
    let mut asked = Asked::once(options, &[Pane::Services, Pane::Tasks]).await?;
    asked.until(Model::is_settled).await?;
    if asked.model().service_rows().is_empty() {
        return Err(Failed::NoSuch(status::nothing(asked.model())));
    }
    let RowKey::Service(arn) = asked.model().row_named(&command.service)? else {
        let why = format!("{} is no service", Clean::new(&command.service));
        return Err(Failed::NoSuch(why));
    };
    let check = asked.model().check_of(&arn, command.revision.as_deref())?;
    let revision = check.revision.clone();
    asked.session.take(Msg::CheckAsked(check));
    asked.until(Model::is_settled).await?;
    let model = asked.model();
    let Some(service) = model.fleet.services.get(&arn) else {
        return Err(Failed::NoSuch(format!("{} is gone", command.service)));
    };
    let Some(found) = model.preflight() else {
        return Err(not_read(model.unchecked(), &revision));
    };
    if command.json {
        print::json(&document(&found, service, &revision));
    } else {
        print::out(&text(&found, service, &revision));
    }
    asked.finish()?;
    Ok(exit(&found))
}

/// Why there is nothing to check.
fn not_read(error: Option<&CloudError>, revision: &Arn) -> Failed {
    let name = Clean::new(revision.name());
    match error {
        Some(error) if error.kind == ErrorKind::NotFound => {
            Failed::NoSuch(format!("there is no task definition {name}"))
        }
        Some(error) => Failed::Cloud(Box::new(error.clone())),
        None => Failed::Worker(format!("task definition {name} was not read")),
    }
}

/// What could not be asked leaves the answer partial, bad news in it or not.
fn exit(found: &Preflight) -> Exit {
    if !found.not_checked.is_empty() || !found.open.is_empty() {
        Exit::NoCloud
    } else if found.findings.is_empty() {
        Exit::Done
    } else {
        Exit::BadNews
    }
}

fn document(found: &Preflight, service: &Service, revision: &Arn) -> serde_json::Value {
    let finding = |one: &Finding| {
        json!({
            "id": one.id,
            "certain": one.certain,
            "summary": one.id.summary(),
            "text": one.text,
            "fix": one.fix,
        })
    };
    json!({
        "account": service.arn.account(),
        "region": service.arn.region(),
        "cluster": service.cluster.name(),
        "service": service.name,
        "revision": revision.name(),
        "findings": found.findings.iter().map(finding).collect::<Vec<_>>(),
        "checked": found.checked,
        "not_checked": found.not_checked,
        "not_visible": found.not_visible,
        "partial": !found.not_checked.is_empty(),
    })
}

fn text(found: &Preflight, service: &Service, revision: &Arn) -> String {
    let count = match found.findings.len() {
        0 => "nothing found that will fail".to_owned(),
        1 => "1 finding".to_owned(),
        more => format!("{more} findings"),
    };
    let mut text = String::new();
    let of = Clean::new(revision.name());
    // Writing into a string does not fail.
    let _ = writeln!(text, "{} with {of}: {count}", service.name);
    let mut row = |label: &str, words: &str| {
        let _ = writeln!(text, "  {label:<12}{words}");
    };
    for finding in &found.findings {
        let will = if finding.certain {
            "will fail"
        } else {
            "may fail"
        };
        row(will, &format!("{}: {}", finding.id, finding.words()));
        row("fix", &finding.fix);
    }
    for checked in &found.checked {
        row("checked", checked);
    }
    for one in &found.not_checked {
        row("not checked", &format!("{}: {}", one.question, one.why));
    }
    for one in &found.not_visible {
        row("not checked", one);
    }
    text
}
