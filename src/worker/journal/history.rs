//! The writes that the journal's lines tell of: what was done, and what nobody knows the end of.

use std::collections::BTreeMap;

use ecsdeck_core::act::{IntentId, Record, RecordedStep};

use super::{Contents, Entry, Kind};

impl Contents {
    /// The writes, oldest first, each with what its last outcome said.
    pub fn records(&self) -> Vec<Record> {
        self.writes()
            .into_iter()
            .map(|write| write.record())
            .collect()
    }

    /// The writes whose end is not known, oldest first: an intent without an outcome (the console
    /// was killed, or another one is at it), or one whose outcome is unknown and was not settled.
    pub fn unsettled(&self) -> Vec<Unsettled> {
        self.writes()
            .into_iter()
            .filter(|write| match write.last {
                None => true,
                Some(last) => last.outcome.as_deref() == Some("unknown") && !last.settled,
            })
            .map(|write| Unsettled {
                entry: write.intent.clone(),
                record: write.record(),
            })
            .collect()
    }

    fn writes(&self) -> Vec<Write<'_>> {
        let mut writes: Vec<Write<'_>> = Vec::new();
        let mut places: BTreeMap<&IntentId, usize> = BTreeMap::new();
        for entry in &self.entries {
            match (entry.kind, places.get(&entry.id)) {
                (Kind::Intent, None) => {
                    places.insert(&entry.id, writes.len());
                    writes.push(Write {
                        intent: entry,
                        noted: None,
                        last: None,
                    });
                }
                (Kind::Step, Some(at)) => {
                    if let Some(write) = writes.get_mut(*at) {
                        write.noted = Some(entry);
                    }
                }
                (Kind::Outcome, Some(at)) => {
                    if let Some(write) = writes.get_mut(*at) {
                        write.last = Some(entry);
                    }
                }
                // A line whose intent was lost says nothing that could be acted on.
                (Kind::Intent, Some(_)) | (Kind::Step | Kind::Outcome, None) => {}
            }
        }
        writes
    }
}

/// The lines of one write.
struct Write<'a> {
    intent: &'a Entry,
    noted: Option<&'a Entry>,
    last: Option<&'a Entry>,
}

impl Write<'_> {
    fn record(&self) -> Record {
        let intent = self.intent;
        let steps = intent.steps.iter().map(|step| RecordedStep {
            operation: step.operation.clone(),
            request: step.request.clone(),
            goal: step.goal(),
        });
        let mut made = self
            .noted
            .map(|noted| noted.made.clone())
            .unwrap_or_default();
        if let Some(last) = self.last {
            made.add(last.made.clone());
        }
        Record {
            id: intent.id.clone(),
            at: intent.at,
            verb: intent.verb.clone(),
            target: intent.target.clone(),
            changes: intent.changes.clone(),
            steps: steps.collect(),
            made,
            outcome: self.last.and_then(|last| last.outcome.clone()),
            undoes: intent.undoes.clone(),
        }
    }
}

/// A write whose end is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsettled {
    /// The line of its intent.
    pub(crate) entry: Entry,
    /// What is known of it.
    pub record: Record,
}
