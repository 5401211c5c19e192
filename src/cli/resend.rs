//! `run --resend`: an earlier run of which no answer came, sent again with the same tokens.

use ecsdeck_core::act::resend;
use ecsdeck_core::app::{Model, Pane};

use super::Failed;
use super::act::{Act, decider, propose};
use super::ask::Asked;
use super::open_writes::settle;
use super::records;
use crate::exit::Exit;
use crate::settings::{Options, UsageError};

pub(super) async fn start(
    options: &Options,
    id: &str,
    set: &[String],
    act: Act,
) -> Result<Exit, Failed> {
    let given: Vec<(&str, &str)> = set
        .iter()
        .map(|given| {
            given
                .split_once('=')
                .ok_or_else(|| UsageError("--set takes NAME=VALUE".to_owned()))
        })
        .collect::<Result<_, _>>()?;
    let mut asked = Asked::begin(options, &[Pane::Services]).await?;
    asked.until(Model::is_settled).await?;
    settle(&mut asked).await?;
    let history = records::read(asked.model())?;
    let record = history.named(id).map_err(records::refused)?;
    if record.is_done() {
        return Err(Failed::Refused(format!(
            "{id} was done: there is nothing to send again"
        )));
    }
    let by = decider(asked.model())?;
    let intent = resend(by, record, |_, name| {
        let value = given.iter().find(|(known, _)| *known == name);
        value.map(|(_, value)| (*value).to_owned())
    });
    propose(asked, intent, act).await
}
