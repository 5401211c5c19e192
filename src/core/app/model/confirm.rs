//! The question before a write.
//!
//! It is armed only when the terminal has shown it (or, where the terminal
//! does not say so, after a short time): what was typed before is let go. A
//! confirming key counts only when it comes alone; pasted text never confirms,
//! and a key that is held down since before does not either.

use std::time::Duration;

use super::form::Form;
use super::prompt::Prompt;
use super::proposal::Proposal;
use crate::keys::{Action, Key, Scope};
use crate::text::Clean;

/// How long the checks beside a question may take before it says that they have no answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a terminal that does not answer is given to show the question.
pub(in crate::app) const GRACE: Duration = Duration::from_millis(600);

/// After a confirming key that did not count, others do not count for so long: a key that is held down repeats
/// after two thirds of a second at the latest (source: xset, `r rate`), and then many times a second.
const HELD: Duration = Duration::from_millis(700);

/// A question whose answer changes something.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// What would be done.
    pub proposal: Proposal,
    /// What was typed of it.
    pub typed: Prompt,
    /// The form that led to it: a no goes back there.
    pub(in crate::app) form: Option<Box<Form>>,
    /// Answers count from now on.
    pub armed: bool,
    /// The number with which the terminal was asked whether it has shown the question.
    pub(in crate::app) question: u64,
    /// From then on it is armed in any case, since the console started.
    pub(in crate::app) armed_by: Duration,
    /// Since when it stands, since the console started.
    pub(in crate::app) since: Duration,
    /// What the checks beside it have found so far, and it shows: a further finding disarms it until that is on the
    /// screen too.
    pub warnings: Vec<Clean>,
    /// Rows that were scrolled down, where it does not fit.
    pub scrolled: u16,
    /// Until then a confirming key may be one that is held down.
    pub(in crate::app) held_until: Duration,
}

/// What a key does to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Answer {
    /// Do it.
    Yes,
    /// Do not.
    No,
    /// Nothing yet.
    Wait,
}

impl Confirm {
    /// When the checks beside it are no longer waited for, where that is still to come.
    pub(in crate::app) fn checked_by(&self, elapsed: Duration) -> Option<Duration> {
        let until = self.since.saturating_add(PATIENCE);
        (self.proposal.check.is_some() && elapsed < until).then_some(until)
    }

    /// Where its keys are looked up.
    pub(in crate::app) fn scope(&self) -> Scope {
        if self.proposal.name.is_some() {
            Scope::Input
        } else {
            Scope::Dialog
        }
    }

    /// Goes up or down in a question that does not fit.
    pub(in crate::app) fn scroll(&mut self, action: Option<Action>) {
        const PAGE: u16 = 5;
        /// More rows than any question has.
        const MOST: u16 = 400;
        let at = self.scrolled;
        self.scrolled = match action {
            Some(Action::Down) => at.saturating_add(1),
            Some(Action::Up) => at.saturating_sub(1),
            Some(Action::PageDown) => at.saturating_add(PAGE),
            Some(Action::PageUp) => at.saturating_sub(PAGE),
            _ => at,
        }
        .min(MOST);
    }

    /// Takes a key, what the keymap says it does, whether it came by itself, and when.
    pub(in crate::app) fn press(
        &mut self,
        action: Option<Action>,
        key: Key,
        alone: bool,
        elapsed: Duration,
    ) -> Answer {
        // Leaving is always safe, so it needs no arming.
        if action == Some(Action::Cancel) {
            return Answer::No;
        }
        let confirms = matches!(action, Some(Action::Confirm | Action::Accept));
        if !self.armed || !alone || (confirms && elapsed < self.held_until) {
            if confirms {
                self.held_until = elapsed.saturating_add(HELD);
            }
            return Answer::Wait;
        }
        match (&self.proposal.name, action) {
            (None, Some(Action::Confirm)) => Answer::Yes,
            (Some(name), Some(Action::Accept)) if self.typed.text() == name.as_str() => Answer::Yes,
            (Some(_), None) => {
                self.typed.press(key);
                Answer::Wait
            }
            _ => Answer::Wait,
        }
    }
}
