//! What earlier writes mean for the next one. Records are given oldest first.

use super::{ActError, Record, Verb};
use crate::domain::Arn;

/// Whether another write took this one back.
pub fn is_taken_back(records: &[&Record], record: &Record) -> bool {
    let took_back = |later: &&&Record| later.undoes.as_ref() == Some(&record.id);
    records
        .iter()
        .filter(took_back)
        .any(|later| later.is_done())
}

/// The newest write of these verbs to a service that was done and not taken back.
pub fn last_of<'r>(records: &[&'r Record], service: &Arn, verbs: &[Verb]) -> Option<&'r Record> {
    records.iter().rev().copied().find(|record| {
        record
            .verb
            .known()
            .is_some_and(|verb| verbs.contains(&verb))
            && record.target.subject.service() == Some(service)
            && record.is_done()
            && !is_taken_back(records, record)
    })
}

/// The last write to an account and region that was done and still stands, of records that are given oldest first: the
/// one that is taken back when nobody names one. Undone writes are gone behind, as an editor does.
///
/// # Errors
/// When there is none, or the last one took another back without being an undo: then an older one has to be named, so
/// that nobody takes back what they did not mean.
pub fn last_done<'r>(
    records: &[&'r Record],
    account: &str,
    region: &str,
) -> Result<&'r Record, ActError> {
    let here = |record: &&&Record| {
        record.target.account == *account && record.target.region == *region && record.is_done()
    };
    let is_undo = |record: &Record| record.undoes.is_some() && record.verb == Verb::Undo;
    let stands = |record: &&&Record| !is_undo(record) && !is_taken_back(records, record);
    let mut done = records.iter().rev().filter(here);
    let last = done.find(stands).ok_or_else(|| {
        ActError::impossible("the journal has nothing that was done here and could be taken back")
    })?;
    if last.undoes.is_some() {
        return Err(ActError::impossible(format!(
            "the last write, {} of {}, took back an earlier one; `ecsdeck undo ID` takes back an older one, `ecsdeck journal` has the ids",
            last.verb,
            last.target.subject.name()
        )));
    }
    Ok(last)
}
