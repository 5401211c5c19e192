//! `scale`: set a service's desired count.

use ecsdeck_core::act::{autoscaling_words, scale};

use super::act::{Act, decider, propose};
use super::{Failed, service};
use crate::exit::Exit;
use crate::settings::Options;

/// What to scale.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Scale {
    /// The service, with or without its cluster: [CLUSTER/]SERVICE
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// The desired count
    #[arg(allow_negative_numbers = true)]
    count: String,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Scale) -> Result<Exit, Failed> {
    let (mut asked, service) = service::begin(options, &command.service).await?;
    let mut intent = scale(decider(asked.model())?, &service, &command.count);
    if let Ok(intent) = &mut intent {
        let (target, note) = service::scaling_or_note(&mut asked, &service).await?;
        intent.notes.extend(note);
        let count = command.count.trim().parse();
        let undone = |target| autoscaling_words(target, count.ok()?);
        intent.notes.extend(target.as_ref().and_then(undone));
    }
    propose(asked, intent, command.act).await
}
