//! What the work says: one thing that is wrong with it.

use crate::diagnose::cause::CauseId;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::Time;
use crate::keys::Command;
use crate::text::Clean;

/// Something that is wrong with the work.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    /// One line with its figures.
    pub(super) headline: Clean,
    /// Since when it is so, where that is known.
    pub(super) since: Option<Time>,
    /// What it was read off.
    pub(super) evidence: Vec<Evidence>,
    /// What helps as things stand.
    pub(super) actions: Vec<Command>,
}

impl Finding {
    /// One that rests on one line.
    pub(super) fn of(
        cause: CauseId,
        confidence: f64,
        seen: (EvidenceSource, &Clean, Option<Time>),
        text: String,
        actions: Vec<Command>,
    ) -> Self {
        let (source, reference, at) = seen;
        let evidence = evidence(cause, confidence, (source, reference, at), text);
        Self {
            headline: evidence.text.clone(),
            since: at,
            evidence: vec![evidence],
            actions,
        }
    }
}

/// A line of it.
pub(super) fn evidence(
    cause: CauseId,
    confidence: f64,
    seen: (EvidenceSource, &Clean, Option<Time>),
    text: String,
) -> Evidence {
    let (source, reference, at) = seen;
    Evidence {
        at,
        ..Evidence::about(source, reference.clone(), cause, confidence, text)
    }
}
