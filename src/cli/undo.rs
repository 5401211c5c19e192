//! `undo`: take a write back.

use ecsdeck_core::act::undo;
use ecsdeck_core::app::{Model, Pane};

use super::Failed;
use super::act::{Act, decider, propose};
use super::ask::Asked;
use super::open_writes::settle;
use super::records;
use crate::exit::Exit;
use crate::settings::Options;

/// What to take back.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Undo {
    /// The write, by its id or the beginning of it, as `journal` shows it; the last one of this account and region
    id: Option<String>,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Undo) -> Result<Exit, Failed> {
    let mut asked = Asked::begin(options, &[Pane::Services]).await?;
    asked.until(Model::is_settled).await?;
    settle(&mut asked).await?;
    let history = records::read(asked.model())?;
    let by = decider(asked.model())?;
    let record = match &command.id {
        Some(id) => history.named(id),
        None => history.to_undo(&by.identity.account, by.region),
    }
    .map_err(records::refused)?;
    let intent = undo(by, record);
    propose(asked, intent, command.act).await
}
