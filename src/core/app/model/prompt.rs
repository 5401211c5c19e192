//! A line of input.

use std::borrow::Cow;

use tui_input::{Input, InputRequest};

use super::viewer::Viewer;
use crate::domain::Arn;
use crate::keys::{Code, Key};

/// What a line of input is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Filters the pane that has the focus; takes effect with every key.
    Filter,
    /// Searches the log or the detail pane; takes effect with every key.
    Search,
    /// Searches this text, which was scrolled to this line before; takes effect with every key.
    InText(Box<Viewer>, usize),
    /// Filters the lines of the log; takes effect with every key.
    LineFilter,
    /// CloudWatch's filter pattern of the log.
    Pattern,
    /// A query of Logs Insights.
    Query,
    /// Chooses logs among those that there are.
    Sources,
    /// Names an action or a place to go to.
    Palette,
    /// The new desired count of this service, which has this one now.
    Scale(Arn, u32),
}

impl Purpose {
    /// What stands before the line.
    pub fn label(&self) -> Cow<'static, str> {
        match self {
            Self::Filter | Self::Search | Self::InText(..) => "/".into(),
            Self::Pattern => "&&".into(),
            Self::LineFilter => "&".into(),
            Self::Query => "query: ".into(),
            Self::Sources => "logs: ".into(),
            Self::Palette => ":".into(),
            Self::Scale(_, now) => format!("desired count (now {now}): ").into(),
        }
    }
}

/// Text that is being typed: a line, or several where it was made so. Holds at most [`Prompt::MOST`] characters
/// where it was not made for more.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    input: Line,
    most: usize,
    lines: bool,
}

/// [`Input`] compares by what is typed and where the cursor stands.
#[derive(Clone, Debug, Default)]
struct Line(Input);

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.0.value() == other.0.value() && self.0.cursor() == other.0.cursor()
    }
}

impl Default for Prompt {
    fn default() -> Self {
        Self::new("")
    }
}

impl Prompt {
    /// Characters that a line holds at most.
    pub const MOST: usize = 256;

    /// A line that begins with a text.
    pub fn new(text: &str) -> Self {
        Self {
            input: Line(Input::new(text.to_owned())),
            most: Self::MOST,
            lines: false,
        }
    }

    /// Text that may be long, and may have several lines.
    pub fn long(text: &str, most: usize, lines: bool) -> Self {
        Self {
            most,
            lines,
            ..Self::new(text)
        }
    }

    /// What is typed. Typed text is not [`Clean`](crate::text::Clean): sanitise it before it is drawn.
    pub fn text(&self) -> &str {
        self.input.0.value()
    }

    /// Characters that it holds at most.
    pub fn most(&self) -> usize {
        self.most
    }

    /// Whether it may have several lines.
    pub fn has_lines(&self) -> bool {
        self.lines
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
            (Code::Home, ..) | (Code::Char('a'), true, false) => return self.edge(false),
            (Code::End, ..) | (Code::Char('e'), true, false) => return self.edge(true),
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

    /// Takes pasted text: its first line, or all of it where it may have several. Gives whether all of it was taken.
    pub fn paste(&mut self, text: &str) -> bool {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let lines = self.lines;
        let mut whole = true;
        for c in text.trim_end_matches('\n').chars() {
            match c {
                '\n' if !lines => return false,
                // A tab would be a step to the next field if it were typed.
                '\t' => whole &= self.insert(' '),
                c if c.is_control() && c != '\n' => {}
                c => whole &= self.insert(c),
            }
        }
        whole
    }

    /// Begins a new line, where it may have several.
    pub fn break_line(&mut self) -> bool {
        self.lines && self.insert('\n')
    }

    /// Moves the cursor to the line below, or above. Gives whether there is one.
    pub fn go_line(&mut self, down: bool) -> bool {
        let chars: Vec<char> = self.text().chars().collect();
        let cursor = self.cursor().min(chars.len());
        let line_of = |at: usize| {
            let before = chars.get(..at).unwrap_or_default();
            before
                .iter()
                .rposition(|c| *c == '\n')
                .map_or(0, |at| at + 1)
        };
        let end_of = |at: usize| {
            let after = chars.get(at..).unwrap_or_default();
            let length = after.iter().position(|c| *c == '\n');
            length.map_or(chars.len(), |length| at + length)
        };
        let start = line_of(cursor);
        let column = cursor - start;
        let (to, end) = if down {
            let end = end_of(cursor);
            if end == chars.len() {
                return false;
            }
            (end + 1, end_of(end + 1))
        } else {
            let Some(end) = start.checked_sub(1) else {
                return false;
            };
            (line_of(end), end)
        };
        self.put_cursor((to + column).min(end));
        true
    }

    /// To the beginning or the end of the line that the cursor is in.
    fn edge(&mut self, end: bool) -> bool {
        let chars: Vec<char> = self.text().chars().collect();
        let cursor = self.cursor().min(chars.len());
        let (before, after) = chars.split_at(cursor);
        let to = if end {
            let length = after.iter().position(|c| *c == '\n');
            length.map_or(chars.len(), |length| cursor + length)
        } else {
            before
                .iter()
                .rposition(|c| *c == '\n')
                .map_or(0, |at| at + 1)
        };
        self.put_cursor(to);
        false
    }

    /// Puts the cursor before the character of that place.
    pub fn put_cursor(&mut self, at: usize) {
        self.input.0.handle(InputRequest::SetCursor(at));
    }

    fn insert(&mut self, c: char) -> bool {
        let fits = self.text().chars().count() < self.most;
        fits && self.input.0.handle(InputRequest::InsertChar(c)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_the_first_of_pasted_lines_and_says_that_there_were_more() {
        let mut prompt = Prompt::default();
        assert!(!prompt.paste("one\ntwo"));
        assert_eq!(prompt.text(), "one");
        assert!(prompt.paste("!\r\n"), "a line end at its end is no line");
        assert_eq!(prompt.text(), "one!");
    }

    #[test]
    fn lines_take_pasted_lines_and_no_controls() {
        let mut prompt = Prompt::long("", 100, true);
        assert!(prompt.paste("one\r\ntwo\tthree\x1b[31m\u{7}"));
        assert_eq!(prompt.text(), "one\ntwo three[31m");
    }

    #[test]
    fn what_does_not_fit_is_not_taken() {
        let mut prompt = Prompt::long("", 3, false);
        assert!(!prompt.paste("four"));
        assert_eq!(prompt.text(), "fou");
    }

    #[test]
    fn the_cursor_goes_through_lines_and_stops_at_both_ends() {
        let mut prompt = Prompt::long("abcd\nx\nefgh", 100, true);
        assert_eq!(prompt.cursor(), 11);
        assert!(!prompt.go_line(true));
        assert!(prompt.go_line(false));
        assert_eq!(prompt.cursor(), 6, "the line is shorter");
        assert!(prompt.go_line(false));
        assert_eq!(prompt.cursor(), 1);
        assert!(!prompt.go_line(false));
        prompt.press(Key::ctrl('e'));
        assert_eq!(prompt.cursor(), 4);
        assert!(prompt.go_line(true));
        prompt.press(Key::ctrl('a'));
        assert_eq!(prompt.cursor(), 5);
    }
}
