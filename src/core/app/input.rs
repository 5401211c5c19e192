//! A line of input.

use std::borrow::Cow;

use tui_input::{Input, InputRequest};

use crate::domain::Arn;
use crate::keys::{Code, Key};

/// What a line of input is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Filters the pane that has the focus; takes effect with every key.
    Filter,
    /// Searches the log; takes effect with every key.
    Search,
    /// Names an action or a place to go to.
    Palette,
    /// The new desired count of this service, which has this one now.
    Scale(Arn, u32),
}

impl Purpose {
    /// What stands before the line.
    pub fn label(&self) -> Cow<'static, str> {
        match self {
            Self::Filter | Self::Search => "/".into(),
            Self::Palette => ":".into(),
            Self::Scale(_, now) => format!("desired count (now {now}): ").into(),
        }
    }
}

/// A line that is being typed. Holds at most [`Prompt::MOST`] characters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    input: Line,
}

/// [`Input`] compares by what is typed and where the cursor stands.
#[derive(Clone, Debug, Default)]
struct Line(Input);

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.0.value() == other.0.value() && self.0.cursor() == other.0.cursor()
    }
}

impl Prompt {
    /// Characters that a line holds at most.
    pub const MOST: usize = 256;

    /// A line that begins with a text.
    pub fn new(text: &str) -> Self {
        Self {
            input: Line(Input::new(text.to_owned())),
        }
    }

    /// What is typed. Typed text is not [`Clean`](crate::text::Clean): sanitise it before it is drawn.
    pub fn text(&self) -> &str {
        self.input.0.value()
    }

    /// The cursor's place in characters from 0.
    pub fn cursor(&self) -> usize {
        self.input.0.cursor()
    }

    /// Takes a key. Gives whether it changed the line; keys that are none of a line's own do nothing.
    pub fn press(&mut self, key: Key) -> bool {
        let request = match (key.code, key.ctrl, key.alt) {
            (Code::Char(c), false, false) => return self.insert(c),
            (Code::Backspace, false, false) | (Code::Char('h'), true, false) => {
                InputRequest::DeletePrevChar
            }
            (Code::Delete, ..) => InputRequest::DeleteNextChar,
            (Code::Left, false, false) | (Code::Char('b'), true, false) => {
                InputRequest::GoToPrevChar
            }
            (Code::Right, false, false) | (Code::Char('f'), true, false) => {
                InputRequest::GoToNextChar
            }
            (Code::Home, ..) | (Code::Char('a'), true, false) => InputRequest::GoToStart,
            (Code::End, ..) | (Code::Char('e'), true, false) => InputRequest::GoToEnd,
            (Code::Char('w'), true, false) | (Code::Backspace, _, true) => {
                InputRequest::DeletePrevWord
            }
            (Code::Char('u'), true, false) => InputRequest::DeleteLine,
            _ => return false,
        };
        self.input
            .0
            .handle(request)
            .is_some_and(|change| change.value)
    }

    /// Takes pasted text: its first line.
    pub fn paste(&mut self, text: &str) -> bool {
        let mut changed = false;
        for c in text
            .chars()
            .take_while(|c| !matches!(c, '\n' | '\r'))
            .filter(|c| !c.is_control())
        {
            changed |= self.insert(c);
        }
        changed
    }

    fn insert(&mut self, c: char) -> bool {
        let fits = self.text().chars().count() < Self::MOST;
        fits && self.input.0.handle(InputRequest::InsertChar(c)).is_some()
    }
}
