//! The journal by writes: what each was, what has become of it, and what that means for the next one.
//!
//! This is the one place where lines become writes. Console, command line,
//! timeline, undo and settling ask here, so that all of them say the same of a
//! write. The invariants: the last outcome of a write counts; a write is taken
//! back by one that was done and was not taken back itself; the fold looks at
//! each line once.

mod entry;
mod export;
mod record;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{ActError, Goal, IntentId, Verb};
use crate::domain::{Arn, Suspended};
use crate::text::Clean;
pub use entry::{Author, Entry, Kind, Sent, StepEntry};
pub use export::markdown;
pub use record::{Ended, Record, RecordedStep, State};

/// So many characters of an id name a write, at least.
const ID_PREFIX: usize = 4;

/// What the journal says, by writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// In the order in which they were decided.
    records: Vec<Record>,
    /// Where in it each is.
    places: BTreeMap<IntentId, usize>,
}

impl History {
    /// Folds the lines of a journal, the oldest first.
    pub fn of(entries: &[Entry]) -> Self {
        let mut history = Self::default();
        for entry in entries {
            history.add(entry);
        }
        history.take_back();
        history
    }

    /// The writes, in the order in which they were decided.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The write of an id.
    pub fn record(&self, id: &IntentId) -> Option<&Record> {
        self.records.get(*self.places.get(id)?)
    }

    /// The write whose id is this, or begins so.
    ///
    /// # Errors
    /// When there is none, or several begin so.
    pub fn named(&self, id: &str) -> Result<&Record, ActError> {
        let fits = |record: &&Record| id.len() >= ID_PREFIX && record.id.as_str().starts_with(id);
        let mut found = self.records.iter().filter(fits);
        match (found.next(), found.next()) {
            (Some(record), None) => Ok(record),
            (Some(_), Some(_)) => Err(ActError::bad(format!(
                "several writes begin with {}",
                Clean::new(id)
            ))),
            (None, _) => Err(ActError::bad(format!(
                "the journal has no write {}: ecsdeck journal lists them",
                Clean::new(id)
            ))),
        }
    }

    /// The writes of which nobody knows yet how they ended, the oldest first. One that is being sent at this moment is
    /// among them.
    pub fn unsettled(&self) -> impl Iterator<Item = &Record> {
        let records = self.records.iter();
        records.filter(|record| record.whole && !record.state().is_settled())
    }

    /// Those of them that can be looked at in a region: what is there says nothing of another one.
    pub fn unsettled_in(&self, region: &str) -> impl Iterator<Item = &Record> {
        self.unsettled()
            .filter(move |record| record.target.region == *region)
    }

    /// The newest write of one of these verbs to a service that was done and still stands.
    pub fn last_on(&self, service: &Arn, verbs: &[Verb]) -> Option<&Record> {
        let own = |record: &Record| {
            let verb = record.verb.known();
            verb.is_some_and(|verb| verbs.contains(&verb))
        };
        self.standing_on(service).find(|record| own(record))
    }

    /// The drain that took a service to zero, and still stands.
    pub fn drained(&self, service: &Arn) -> Option<&Record> {
        self.last_on(service, &[Verb::Drain])
    }

    /// What was suspended of a service before ecsdeck suspended all of it, where that still stands: the newest write
    /// that was done and changed what is suspended left it as it is `now`. Other writes, such as new bounds, say
    /// nothing of it; nor does one after which somebody else suspended or resumed something.
    pub fn suspended_before(&self, service: &Arn, now: Suspended) -> Option<Suspended> {
        let scaling = |record: &Record| {
            record.goals().find_map(|goal| match goal {
                Goal::Scaling {
                    service: of,
                    before,
                    after,
                    ..
                } if of == service && before.suspended != after.suspended => {
                    Some((before.suspended, after.suspended))
                }
                _ => None,
            })
        };
        // An undo changes it too: the write that it took back need not be skipped.
        let mut done = self.records.iter().rev().filter(|one| one.is_done());
        let (before, after) = done.find_map(scaling)?;
        (after == now && now == Suspended::ALL).then_some(before)
    }

    /// The write that is taken back when nobody names one: the last to this account and region that was done and
    /// still stands. Undone writes are skipped, like an editor's undo.
    ///
    /// # Errors
    /// When there is none, or the last one took another back without being an undo: then an older one has to be named,
    /// so that nobody takes back what they did not mean.
    pub fn to_undo(&self, account: &str, region: &str) -> Result<&Record, ActError> {
        let here = |record: &&Record| {
            record.stands()
                && record.target.account == *account
                && record.target.region == *region
                && !(record.undoes.is_some() && record.verb == Verb::Undo)
        };
        let last = self.records.iter().rev().find(here).ok_or_else(|| {
            ActError::impossible(
                "the journal has no write in this account and region that can be undone",
            )
        })?;
        if last.undoes.is_some() {
            return Err(ActError::impossible(format!(
                "the last write, {} of {}, undid an earlier one. Hint: `ecsdeck undo ID` undoes an older one; `ecsdeck journal` lists the ids",
                last.verb,
                last.target.subject.name()
            )));
        }
        Ok(last)
    }

    /// The writes to a service that were done and still stand, the newest first.
    fn standing_on<'h>(&'h self, service: &Arn) -> impl Iterator<Item = &'h Record> {
        let service = service.clone();
        self.records.iter().rev().filter(move |record| {
            record.stands() && record.target.subject.service() == Some(&service)
        })
    }

    fn add(&mut self, entry: &Entry) {
        let place = *self.places.entry(entry.id.clone()).or_insert_with(|| {
            self.records.push(entry.record());
            self.records.len().saturating_sub(1)
        });
        let Some(record) = self.visit(place) else {
            return;
        };
        match entry.kind {
            // Of two intents with the same id the first counts: a request was sent for it.
            Kind::Intent => {}
            Kind::Step | Kind::Outcome => {
                record.made.add(entry.made.clone());
                record.accepted.extend(&entry.accepted);
                let before = record.ended.take();
                // A step has no outcome: what was known of it stays.
                record.ended = entry.ended(before);
            }
        }
    }

    /// Marks the writes that were taken back. The newest comes first: whether it was taken back itself is known by then.
    fn take_back(&mut self) {
        for place in (0..self.records.len()).rev() {
            let Some(by) = self.visit(place) else {
                continue;
            };
            let (id, undoes, stands) = (by.id.clone(), by.undoes.clone(), by.stands());
            let Some(taken) = undoes.and_then(|undoes| self.places.get(&undoes).copied()) else {
                continue;
            };
            // Nothing takes back itself, or what came after it.
            if stands
                && taken < place
                && let Some(record) = self.visit(taken)
            {
                record.undone_by.get_or_insert(id);
            }
        }
    }

    fn visit(&mut self, place: usize) -> Option<&mut Record> {
        #[cfg(test)]
        tests::visited();
        self.records.get_mut(place)
    }
}
