//! What every command that changes something has in common: preview, question, outcome.

use std::io::{BufRead, IsTerminal};

use ecsdeck_core::act::{Intent, Outcome};
use ecsdeck_core::app::Msg;
use serde_json::json;

use super::ask::Asked;
use super::{Failed, print, say};
use crate::exit::Exit;

/// How a command that changes something is carried out.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Act {
    /// Print the request and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// One JSON document
    #[arg(long)]
    json: bool,
}

/// Previews, asks, sends, and says how it ended.
pub(super) async fn carry_out(mut asked: Asked, intent: Intent, act: Act) -> Result<Exit, Failed> {
    let region = intent.target.region.clone();
    if act.dry_run {
        let command = intent.request.aws_command(&region);
        let document = json!({
            "operation": intent.request.operation(),
            "region": region,
            "request": intent.request.body(),
            "aws": command,
        });
        print::json(&document);
        asked.finish()?;
        return Ok(Exit::Done);
    }
    if let Some(why) = asked.model().writes_off() {
        return Err(Failed::Refused(why.to_string()));
    }
    if !act.yes && !confirmed(&intent)? {
        say("nothing was changed");
        asked.finish()?;
        return Ok(Exit::BadNews);
    }
    let id = intent.id.clone();
    asked.session.take(Msg::Decided(Box::new(intent.clone())));
    let outcome = loop {
        // The outcome is taken off the model, where the console shows it too.
        if let Some(outcome) = asked.model().outcomes.get(&id) {
            break outcome.clone();
        }
        match asked.step().await {
            Err(Failed::Interrupted) => say("the request is on its way: waiting for its outcome"),
            other => other?,
        }
    };
    report(&intent, &outcome, act.json);
    asked.finish()?;
    Ok(match outcome {
        Outcome::Done => Exit::Done,
        Outcome::Failed(error) if error.is_about_credentials() => Exit::NoCloud,
        Outcome::Failed(_) | Outcome::Refused(_) => Exit::BadNews,
        Outcome::Unknown(_) => Exit::OutcomeUnknown,
    })
}

fn preview(intent: &Intent) {
    let target = &intent.target;
    say(&format!("account {}  region {}  role {}", target.account, target.region, target.role));
    for change in &intent.changes {
        let service = ecsdeck_core::text::Clean::new(target.service.name());
        say(&format!("{} {}: {} {} -> {}", intent.verb, service.ascii(), change.what, change.before, change.after));
    }
    say(&intent.request.aws_command(&target.region));
}

/// Asks on a terminal; elsewhere nobody could answer.
fn confirmed(intent: &Intent) -> Result<bool, Failed> {
    preview(intent);
    if !std::io::stdin().is_terminal() {
        return Err(Failed::Refused("there is no terminal to ask on: give --yes to do it, or --dry-run to see it".to_owned()));
    }
    say("do it? [y/N]");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "yes"))
}

fn report(intent: &Intent, outcome: &Outcome, as_json: bool) {
    if as_json {
        let document = json!({
            "id": intent.id,
            "verb": intent.verb,
            "target": intent.target,
            "changes": intent.changes,
            "outcome": outcome.word(),
            "detail": outcome.detail(),
        });
        print::json(&document);
        return;
    }
    let detail = outcome.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    print::line(&format!("{}{detail}", outcome.word()));
}
