//! What the journal remembers of earlier writes, for commands that build on them.

use ecsdeck_core::act::{Record, Verb, is_taken_back, last_done, last_of};
use ecsdeck_core::app::Model;
use ecsdeck_core::domain::Service;

use super::{Failed, ask};

/// The writes of the journal, oldest first.
pub(super) struct Records(Vec<Record>);

impl Records {
    /// Reads the user's journal.
    pub(super) fn read(model: &Model) -> Result<Self, Failed> {
        let Some(journal) = ask::journal(model.setup.deck_name()) else {
            return Err(Failed::Refused(
                "there is no place for a journal".to_owned(),
            ));
        };
        let contents = journal
            .read()
            .map_err(|error| Failed::Refused(error.to_string()))?;
        Ok(Self(contents.records()))
    }

    fn all(&self) -> Vec<&Record> {
        self.0.iter().collect()
    }

    /// The newest of these verbs on a service that was done and not taken back.
    pub(super) fn last_of(&self, service: &Service, verbs: &[Verb]) -> Option<&Record> {
        last_of(&self.all(), &service.arn, verbs)
    }

    /// The last write to this account and region, where it can be taken back.
    pub(super) fn last(&self, account: &str, region: &str) -> Result<&Record, Failed> {
        last_done(&self.all(), account, region).map_err(|why| Failed::Refused(why.to_string()))
    }

    /// The write of an id, or of the beginning of one.
    pub(super) fn of(&self, id: &str) -> Result<&Record, Failed> {
        let mut like = self
            .0
            .iter()
            .filter(|record| id.len() >= 4 && record.id.as_str().starts_with(id));
        match (like.next(), like.next()) {
            (Some(record), None) => {
                if is_taken_back(&self.all(), record) {
                    return Err(Failed::Refused(format!("{id} has been taken back already")));
                }
                Ok(record)
            }
            (Some(_), Some(_)) => Err(Failed::Refused(format!("several writes begin with {id}"))),
            (None, _) => Err(Failed::Refused(format!(
                "the journal has no write {}: ecsdeck journal lists them",
                ecsdeck_core::text::Clean::new(id)
            ))),
        }
    }
}
