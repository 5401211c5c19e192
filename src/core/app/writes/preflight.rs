//! What will fail next, told in the question before a write. The checks run beside the question and hold it up for
//! nothing; the invariant is that no yes counts before every finding that is known has been on the screen.

use crate::app::effect::{Effect, LoopEffect};
use crate::app::model::Model;
use crate::app::model::confirm::{Confirm, GRACE};
use crate::app::model::overlay::Overlay;
use crate::diagnose::Finding;
use crate::text::Clean;

/// Takes new findings into the question that stands. It counts no answer until they have been shown.
pub(in crate::app) fn warn(model: &mut Model) -> Option<Effect> {
    if !matches!(&model.overlay, Some(Overlay::Confirm(confirm)) if confirm.proposal.check.is_some())
    {
        return None;
    }
    let found = model.preflight()?;
    let found: Vec<Clean> = found.findings.iter().map(Finding::words).collect();
    let elapsed = model.stamp.elapsed;
    let question = model.questions.saturating_add(1);
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else {
        return None;
    };
    let is_new = found.iter().any(|one| !confirm.warnings.contains(one));
    confirm.warnings = found;
    if !is_new {
        return None;
    }
    confirm.armed = false;
    confirm.question = question;
    confirm.armed_by = elapsed.saturating_add(GRACE);
    model.questions = question;
    Some(Effect::Loop(LoopEffect::AskShown(question)))
}

impl Model {
    /// Whether there is no more to come of the check: everything has its answer, or will have none.
    pub fn is_checked(&self) -> bool {
        match self.preflight() {
            Some(found) => found.open.is_empty(),
            None => self.unchecked().is_some(),
        }
    }

    /// What came of the check, in two lists of lines: what will fail, and what was not checked.
    pub fn check_words(&self) -> (Vec<Clean>, Vec<Clean>) {
        let found = self.preflight();
        let findings = found.iter().flat_map(|found| &found.findings);
        let words = findings.map(Finding::words).collect();
        (words, self.unanswered(false))
    }

    /// How far the checks beside a question are, where that is worth a line: what is still asked, and what has no answer.
    pub fn unchecked_words(&self, confirm: &Confirm) -> Vec<Clean> {
        if confirm.proposal.check.is_none() {
            return Vec::new();
        }
        self.unanswered(confirm.checked_by(self.stamp.elapsed).is_some())
    }

    /// What of the check has no answer. While somebody `waits`, what is asked may still have one.
    fn unanswered(&self, waits: bool) -> Vec<Clean> {
        let Some(found) = self.preflight() else {
            let words = match self.unchecked() {
                Some(error) => Clean::own(format!("not checked: {error}")),
                None if waits => Clean::literal("checking what it needs\u{2026}"),
                None => Clean::literal("not checked: its task definition has not been read"),
            };
            return vec![words];
        };
        let without = found.not_checked.iter();
        let mut words: Vec<Clean> = without
            .map(|one| Clean::own(format!("not checked: {} {}", one.question, one.why)))
            .collect();
        if !found.open.is_empty() {
            words.push(if waits {
                Clean::literal("checking what it needs\u{2026}")
            } else {
                let open: Vec<&str> = found.open.iter().map(Clean::as_str).collect();
                Clean::own(format!("not checked yet: {}", open.join("; ")))
            });
        }
        words
    }
}
