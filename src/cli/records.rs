//! What the journal remembers of earlier writes, for commands that build on them.

use ecsdeck_core::act::{Record, last_done};
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

    fn newest_first(&self) -> impl Iterator<Item = &Record> {
        self.0.iter().rev()
    }

    fn is_taken_back(&self, record: &Record) -> bool {
        self.0
            .iter()
            .any(|later| later.undoes.as_ref() == Some(&record.id) && is_done(later))
    }

    /// The newest of these verbs on a service that was done and not taken back.
    pub(super) fn last_of(&self, service: &Service, verbs: &[&str]) -> Option<&Record> {
        self.newest_first().find(|record| {
            verbs.contains(&record.verb.as_str())
                && record.target.subject.service() == Some(&service.arn)
                && is_done(record)
                && !self.is_taken_back(record)
        })
    }

    /// The last write to this account and region, where it can be taken back.
    pub(super) fn last(&self, account: &str, region: &str) -> Result<&Record, Failed> {
        let records: Vec<&Record> = self.0.iter().collect();
        last_done(&records, account, region).map_err(|why| Failed::Refused(why.to_string()))
    }

    /// The write of an id, or of the beginning of one.
    pub(super) fn of(&self, id: &str) -> Result<&Record, Failed> {
        let mut like = self
            .newest_first()
            .filter(|record| id.len() >= 4 && record.id.as_str().starts_with(id));
        match (like.next(), like.next()) {
            (Some(record), None) => {
                if self.is_taken_back(record) {
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

fn is_done(record: &Record) -> bool {
    record
        .outcome
        .as_ref()
        .is_some_and(|word| word.as_str() == "done")
}
