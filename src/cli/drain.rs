//! `drain` and `restore`: to zero, and back to what is remembered in the journal.

use ecsdeck_core::act::{drain, restore};

use super::act::{Act, decider, propose};
use super::{Failed, records, service};
use crate::exit::Exit;
use crate::settings::Options;

/// What to take to zero.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Drain {
    /// The service, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    #[command(flatten)]
    act: Act,
}

/// What to bring back.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Restore {
    /// The service, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// Stay at the revision that the service is at now: it may be the repair
    #[arg(long)]
    keep_revision: bool,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Drain) -> Result<Exit, Failed> {
    let (mut asked, service) = service::begin(options, &command.service).await?;
    let (target, note) = service::scaling_or_note(&mut asked, &service).await?;
    let mut intent = drain(decider(asked.model())?, &service, target.as_ref());
    if let Ok(intent) = &mut intent {
        intent.notes.extend(note);
    }
    propose(asked, intent, command.act).await
}

pub(super) async fn run_restore(options: &Options, command: Restore) -> Result<Exit, Failed> {
    let (mut asked, service) = service::begin(options, &command.service).await?;
    let history = records::read(asked.model())?;
    let Some(drained) = history.drained(&service.arn) else {
        return Err(Failed::Refused(format!(
            "the journal has no drain of {}: use scale",
            service.name
        )));
    };
    let (target, note) = service::scaling_or_note(&mut asked, &service).await?;
    let mut intent = restore(
        decider(asked.model())?,
        &service,
        target.as_ref(),
        drained,
        !command.keep_revision,
    );
    if let Ok(intent) = &mut intent {
        intent.notes.extend(note);
    }
    propose(asked, intent, command.act).await
}
