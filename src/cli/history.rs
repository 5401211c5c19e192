//! The journal by writes: what each was, and how it ended as far as is known.
//!
//! The last outcome of a write counts: one that nobody knew may have been settled by reading later.

use std::collections::BTreeMap;

use ecsdeck_core::act::{IntentId, Made};
use ecsdeck_core::text::Clean;

use ecsdeck_worker::journal::{Entry, Kind};

/// A write, out of all its lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct History {
    /// What was to be sent. Where that line is lost, the first line that names the write.
    pub(super) intent: Entry,
    /// What its requests made, as far as is known.
    pub(super) made: Made,
    /// How it ended, as far as is known.
    pub(super) outcome: Option<Entry>,
    /// The write that took it back, once that was done.
    pub(super) undone_by: Option<IntentId>,
}

impl History {
    /// The word for how it ended: `done`, `failed`, `refused`, `unknown`; none where no outcome is on record.
    pub(super) fn word(&self) -> Option<&Clean> {
        self.outcome.as_ref()?.outcome.as_ref()
    }

    /// Whether nobody knows if it was applied.
    pub(super) fn is_unsettled(&self) -> bool {
        self.word().is_none_or(|word| word.as_str() == "unknown")
    }

    /// Whether it was applied.
    pub(super) fn is_done(&self) -> bool {
        self.word().is_some_and(|word| word.as_str() == "done")
    }
}

/// The writes of a journal, in the order in which they were decided.
pub(super) fn histories(entries: &[Entry]) -> Vec<History> {
    let mut places: BTreeMap<&IntentId, usize> = BTreeMap::new();
    let mut writes: Vec<History> = Vec::new();
    for entry in entries {
        let place = *places.entry(&entry.id).or_insert_with(|| {
            writes.push(History {
                intent: entry.clone(),
                made: Made::default(),
                outcome: None,
                undone_by: None,
            });
            writes.len() - 1
        });
        let Some(write) = writes.get_mut(place) else {
            continue;
        };
        write.made.add(entry.made.clone());
        if entry.kind == Kind::Outcome {
            write.outcome = Some(entry.clone());
        }
    }
    let undone: Vec<(IntentId, IntentId)> = writes
        .iter()
        .filter(|write| write.is_done())
        .filter_map(|write| Some((write.intent.undoes.clone()?, write.intent.id.clone())))
        .collect();
    for (undone, by) in undone {
        if let Some(write) = places.get(&undone).and_then(|place| writes.get_mut(*place)) {
            write.undone_by = Some(by);
        }
    }
    writes
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::Arn;
    use serde_json::json;

    use super::*;

    fn entry(id: &str, kind: &str, more: serde_json::Value) -> Entry {
        let mut line = json!({
            "kind": kind, "id": id, "at": "2026-01-01T00:00:00Z", "who": { "arn": "a" }, "verb": "scale",
            "target": { "account": "1", "region": "r", "role": "o", "cluster": "c", "service": "s" },
            "changes": [], "operation": "ecs:UpdateService",
        });
        line.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        serde_json::from_value(line).unwrap()
    }

    fn ended(id: &str, word: &str) -> Entry {
        entry(id, "outcome", json!({ "outcome": word }))
    }

    #[test]
    fn an_intent_without_an_outcome_is_unsettled_and_so_is_an_unknown_one() {
        let intent = |id| entry(id, "intent", json!({}));
        let writes = histories(&[
            intent("a"),
            intent("b"),
            ended("b", "unknown"),
            intent("c"),
            ended("c", "done"),
            intent("d"),
            ended("d", "unknown"),
            // Settled at the next start.
            ended("d", "done"),
        ]);
        let unsettled: Vec<bool> = writes.iter().map(History::is_unsettled).collect();
        assert_eq!(unsettled, [true, true, false, false]);
        assert!(writes[3].is_done());
    }

    #[test]
    fn a_write_is_taken_back_only_by_one_that_was_done() {
        let undo = |id, undone| entry(id, "intent", json!({ "undoes": undone }));
        let writes = histories(&[
            entry("a", "intent", json!({})),
            ended("a", "done"),
            undo("b", "a"),
            ended("b", "refused"),
        ]);
        assert_eq!(writes[0].undone_by, None);
        let writes = histories(&[
            entry("a", "intent", json!({})),
            ended("a", "done"),
            undo("b", "a"),
            ended("b", "done"),
        ]);
        assert_eq!(writes[0].undone_by.as_ref(), Some(&writes[1].intent.id));
    }

    #[test]
    fn what_the_steps_made_is_kept_though_there_is_no_outcome() {
        let writes = histories(&[
            entry("a", "intent", json!({})),
            entry("a", "step", json!({ "made": { "revision": "web:8" } })),
        ]);
        assert_eq!(writes.len(), 1);
        assert_eq!(writes[0].made.revision, Some(Arn::new("web:8")));
    }
}
