//! Which log a name means: one that is known, or one of the groups that it may be.

use ecsdeck_core::app::{LogTarget, Model};
use ecsdeck_core::domain::CloudError;
use ecsdeck_core::names::{Name, NameError};
use ecsdeck_core::text::Clean;

use super::Failed;
use super::ask::{Asked, is_needed};
use super::outage::Outage;

/// A name, and what it may mean.
#[derive(Debug)]
pub(super) struct Choice {
    typed: String,
    first: LogTarget,
    /// What it may mean besides, where CloudWatch has no such group.
    others: std::vec::IntoIter<LogTarget>,
}

impl Choice {
    /// What the name means: one log, or the log groups that it may be though nobody knows of them yet.
    ///
    /// # Errors
    /// Where several things have the name, nothing can have it, or AWS cannot be asked.
    pub(super) async fn find(
        asked: &mut Asked,
        follow: bool,
        outage: &mut Outage,
        typed: &str,
    ) -> Result<Self, Failed> {
        let mut targets = possible(asked, follow, outage, typed).await?.into_iter();
        match targets.next() {
            Some(first) => Ok(Self {
                typed: typed.to_owned(),
                first,
                others: targets,
            }),
            None => Err(asked.model().log_named(typed).err().map_or_else(
                || Failed::NoSuch(format!("no log named {}", Clean::new(typed))),
                Failed::from,
            )),
        }
    }

    /// A log group, or a log of the deck, and nothing else.
    ///
    /// # Errors
    /// Where no log group can be named so.
    pub(super) fn of_group(model: &Model, typed: &str) -> Result<Self, Failed> {
        let mut logs = model.setup.deck.iter().flat_map(|deck| &deck.logs);
        let groups = match logs.any(|log| log.name == typed) {
            true => vec![Clean::new(typed)],
            false => Name::new(typed).possible_groups(),
        };
        let groups = groups.into_iter();
        let mut targets = groups.map(LogTarget::Group).collect::<Vec<_>>().into_iter();
        match targets.next() {
            Some(first) => Ok(Self {
                typed: typed.to_owned(),
                first,
                others: targets,
            }),
            None => Err(Failed::NoSuch(format!(
                "no log group can be named {}",
                Clean::new(typed)
            ))),
        }
    }

    /// The name as it was typed.
    pub(super) fn typed(&self) -> &str {
        &self.typed
    }

    /// What it means, as far as is known.
    pub(super) fn target(&self) -> LogTarget {
        self.first.clone()
    }

    /// Whether it means this group.
    pub(super) fn is(&self, group: Option<&Clean>) -> bool {
        matches!(&self.first, LogTarget::Group(name) if Some(name) == group)
    }

    /// Takes the next meaning. Returns false where there is none.
    pub(super) fn try_next(&mut self) -> bool {
        match self.others.next() {
            Some(next) => {
                self.first = next;
                true
            }
            None => false,
        }
    }

    /// What to say where CloudWatch has no such group: what else the name may have meant.
    pub(super) fn not_there(&self, model: &Model, error: CloudError) -> Failed {
        match model.log_named(&self.typed) {
            Err(unknown @ NameError::Unknown { .. }) if model.is_listed() => unknown.into(),
            _ => Failed::Cloud(Box::new(error)),
        }
    }
}

/// Goes on until the model is ready: while lines are followed also through what passes.
///
/// # Errors
/// Where something failed that does not pass.
pub(super) async fn listed(
    asked: &mut Asked,
    follow: bool,
    outage: &mut Outage,
    ready: impl FnMut(&Model) -> bool,
) -> Result<(), Failed> {
    if follow {
        asked.wait(outage, is_needed, ready).await
    } else {
        asked.until(ready).await
    }
}

async fn possible(
    asked: &mut Asked,
    follow: bool,
    outage: &mut Outage,
    typed: &str,
) -> Result<Vec<LogTarget>, Failed> {
    let groups = Name::new(typed).possible_groups();
    let groups = || groups.iter().cloned().map(LogTarget::Group).collect();
    if Name::new(typed).is_log() {
        // Nothing else can have this name: nobody needs to know what there is.
        return Ok(match asked.model().log_named(typed) {
            Ok(target) => vec![target],
            Err(NameError::Unknown { .. }) => groups(),
            Err(error) => return Err(error.into()),
        });
    }
    listed(asked, follow, outage, Model::is_listed).await?;
    if !follow && asked.model().log_named(typed).is_err() {
        // A name counts as unknown only when all that there is has been described.
        asked.settled().await?;
    }
    if follow && is_unknown(asked.model(), typed) {
        // What could not be read yet may well be what is meant.
        let known = |model: &Model| {
            let unread = model.readings.error_of(is_needed).is_some();
            !is_unknown(model, typed) || (model.is_settled() && !unread)
        };
        asked.wait(outage, is_needed, known).await?;
    }
    match asked.model().log_named(typed) {
        Ok(target) => Ok(vec![target]),
        Err(NameError::Unknown { .. }) => Ok(groups()),
        Err(error) => Err(error.into()),
    }
}

/// Whether nothing that is known has the name.
fn is_unknown(model: &Model, typed: &str) -> bool {
    matches!(model.log_named(typed), Err(NameError::Unknown { .. }))
}
