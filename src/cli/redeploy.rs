//! `redeploy`: start every task of a service anew, with the revision that it has.

use ecsdeck_core::act::redeploy;

use super::act::{Act, decider, propose};
use super::{Failed, service};
use crate::exit::Exit;
use crate::settings::Options;

/// What to redeploy.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Redeploy {
    /// The service, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Redeploy) -> Result<Exit, Failed> {
    let (asked, service) = service::begin(options, &command.service).await?;
    let intent = redeploy(decider(asked.model())?, &service);
    propose(asked, intent, command.act).await
}
