//! The question before a write.
//!
//! It is armed only when the terminal has shown it (or, where the terminal
//! does not say so, after a short time): what was typed before is let go. A
//! confirming key counts only when it comes alone; pasted text never confirms.

use std::time::Duration;

use super::input::Prompt;
use crate::act::Intent;
use crate::keys::{Action, Key, Scope};
use crate::text::Clean;

/// How long a terminal that does not answer is given to show the question.
pub(super) const GRACE: Duration = Duration::from_millis(600);

/// A question whose answer changes something.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// What would be done.
    pub intent: Intent,
    /// What else should be known: who owns the count, what will happen.
    pub notes: Vec<Clean>,
    /// The name that has to be typed, where a single key is not enough.
    pub name: Option<Clean>,
    /// What was typed of it.
    pub typed: Prompt,
    /// Answers count from now on.
    pub armed: bool,
    /// The number with which the terminal was asked whether it has shown the question.
    pub(super) question: u64,
    /// From then on it is armed in any case, since the console started.
    pub(super) armed_by: Duration,
}

/// What a key does to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Do it.
    Yes,
    /// Do not.
    No,
    /// Nothing yet.
    Wait,
}

impl Confirm {
    /// Where its keys are looked up.
    pub(super) fn scope(&self) -> Scope {
        if self.name.is_some() {
            Scope::Input
        } else {
            Scope::Dialog
        }
    }

    /// Takes a key and what the keymap says it does.
    pub(super) fn press(&mut self, action: Option<Action>, key: Key, alone: bool) -> Answer {
        // Leaving is always safe, so it needs no arming.
        if action == Some(Action::Cancel) {
            return Answer::No;
        }
        if !self.armed || !alone {
            return Answer::Wait;
        }
        match (&self.name, action) {
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
