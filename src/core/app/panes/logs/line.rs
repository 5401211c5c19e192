//! A line of the log as it is shown: folded where it is structured, else as it was written.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use crate::app::model::log_pane::LogPane;
use crate::logs::{Level, LogLine, Message, PYTHON, error_of};
use crate::text::Clean;

/// Lines that are looked back through for the line before of the same stream.
const LOOK_BACK: usize = 50;

/// Lines that are looked through for the frames of a trace, each way.
const FRAMES: usize = 200;

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownLine {
    /// Its text, on one row where rows are not wrapped.
    pub text: Clean,
    /// How bad it is.
    pub level: Option<Level>,
    /// Where its level and message stand, in bytes of the text.
    pub said: Range<usize>,
    /// Where names of fields stand.
    pub names: Vec<Range<usize>>,
}

impl ShownLine {
    /// A text without fields, on one row.
    fn plain(text: &str, level: Option<Level>) -> Self {
        let text = Clean::new(text);
        Self {
            said: 0..text.len(),
            text,
            level,
            names: Vec::new(),
        }
    }

    /// Marks how many lines are folded away beside it.
    fn marked(mut self, folded: usize) -> Self {
        if folded > 0 {
            let lines = if folded == 1 { "line" } else { "lines" };
            let start = self.text.len();
            self.text = Clean::own(format!("{} (+{folded} {lines})", self.text));
            self.names.push(start..self.text.len());
        }
        self
    }

    /// Level, message, and the fields in which the line differs from the one before of its stream.
    fn folded(message: &Message, before: Option<&Message>) -> Self {
        let mut text = String::new();
        if let Some(level) = message.level {
            text.push_str(&format!("{:<5} ", level.word()));
        }
        text.push_str(&message.text);
        if let Some(error) = &message.error {
            let colon = if message.text.is_empty() { "" } else { ": " };
            text.push_str(&format!("{colon}{error}"));
        }
        let said = 0..text.len();
        let mut names = Vec::new();
        for (name, value) in message.new_fields(before) {
            let gap = if text.is_empty() { "" } else { " " };
            text.push_str(gap);
            let start = text.len();
            text.push_str(&format!("{name}="));
            names.push(start..text.len());
            text.push_str(value);
        }
        Self {
            text: Clean::own(text),
            level: message.level,
            said,
            names,
        }
    }
}

/// Lines that were read while a frame is drawn: each is read once, though the next one of its stream is told apart
/// from it too.
#[derive(Debug, Default)]
pub struct ReadLines(BTreeMap<u64, Option<Rc<Message>>>);

impl ReadLines {
    fn message(&mut self, line: &LogLine) -> Option<Rc<Message>> {
        let read = || Message::of(&line.text).map(Rc::new);
        self.0.entry(line.number).or_insert_with(read).clone()
    }
}

impl LogPane {
    /// A line as it is shown. What is searched for is always on the screen: a line that has it in a field that is folded
    /// away is shown as it was written.
    pub fn shown_line(&self, line: &LogLine, read: &mut ReadLines) -> ShownLine {
        let written = || ShownLine::plain(&line.text, line.level);
        if !self.folds {
            return written();
        }
        let Some(message) = read.message(line) else {
            let Some(error) = error_of(&line.text) else {
                return written().marked(self.frames_of(line));
            };
            let lines = line.text.lines().filter(|line| !line.trim().is_empty());
            let folded = lines.count().saturating_sub(1);
            return ShownLine::plain(error, line.level).marked(folded);
        };
        let before = self
            .line_before(line)
            .and_then(|before| read.message(before));
        let folded = ShownLine::folded(&message, before.as_deref());
        let lost = self.search.matches(&line.text) && !self.search.matches(&folded.text);
        if lost { written() } else { folded }
    }

    /// How many frames of a stack trace are folded away beside the line that names its error: before it in Python, behind
    /// it in most others.
    fn frames_of(&self, line: &LogLine) -> usize {
        let lines = self.buffer.lines();
        let after = lines.partition_point(|held| held.at <= line.at);
        let Some(at) = lines
            .range(..after)
            .rposition(|held| held.number == line.number)
        else {
            return 0;
        };
        let own = |held: &&LogLine| held.stream == line.stream;
        let before = lines.range(..at).rev().take(FRAMES).filter(own);
        let behind = lines.range(at.saturating_add(1)..).take(FRAMES).filter(own);
        let run = |lines: &mut dyn Iterator<Item = &LogLine>| {
            let mut frames = lines.take_while(|held| held.frame).peekable();
            let mut is_python = false;
            let count = frames
                .by_ref()
                .inspect(|held| is_python |= held.text.contains(PYTHON))
                .count();
            (count, is_python)
        };
        let (before, its_own) = run(&mut before.into_iter());
        let (behind, of_next) = run(&mut behind.into_iter());
        let before = if its_own { before } else { 0 };
        // What follows up to the next traceback of Python is that one's.
        before.saturating_add(if of_next { 0 } else { behind })
    }

    /// The line before of the same stream, where it is near.
    fn line_before(&self, line: &LogLine) -> Option<&LogLine> {
        let lines = self.buffer.lines();
        let after = lines.partition_point(|held| held.at <= line.at);
        let at = lines
            .range(..after)
            .rposition(|held| held.number == line.number)?;
        let before = lines.range(..at).rev().take(LOOK_BACK);
        before
            .into_iter()
            .find(|held| held.stream == line.stream && self.shows(held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LogEvent, Time};

    fn pane(lines: &[&str]) -> LogPane {
        let mut pane = LogPane::new(100);
        for (at, text) in lines.iter().enumerate() {
            pane.buffer.insert(LogEvent {
                id: Clean::new(&at.to_string()),
                group: Clean::new("g"),
                stream: Clean::new("ecs/web/0123"),
                at: Time::from_second(i64::try_from(at).unwrap()).unwrap(),
                ingested: None,
                message: Clean::multiline(text),
            });
        }
        pane
    }

    fn shown(pane: &LogPane) -> Vec<String> {
        let window = pane.window(20);
        let mut read = ReadLines::default();
        let lines = window
            .into_iter()
            .map(|line| pane.shown_line(line, &mut read));
        lines.map(|line| line.text.to_string()).collect()
    }

    const LINES: [&str; 3] = [
        r#"{"level":"info","msg":"served","path":"/a","pid":1}"#,
        r#"{"level":"error","msg":"served","path":"/b","pid":1}"#,
        "plain words",
    ];

    #[test]
    fn a_structured_line_shows_what_differs_from_the_one_before_and_a_plain_one_is_as_it_was() {
        let mut pane = pane(&LINES);
        assert_eq!(
            shown(&pane),
            [
                "INFO  served path=/a pid=1",
                "ERROR served path=/b",
                "plain words"
            ]
        );
        pane.folds = false;
        assert_eq!(shown(&pane), LINES);
    }

    #[test]
    fn each_line_is_read_once_for_a_frame() {
        let pane = pane(&LINES);
        let mut read = ReadLines::default();
        for line in pane.window(20) {
            pane.shown_line(line, &mut read);
        }
        assert_eq!(read.0.len(), 3);
        let shared = read.0.values().flatten().map(Rc::strong_count);
        assert_eq!(shared.collect::<Vec<_>>(), [1, 1], "none is kept elsewhere");
    }

    #[test]
    fn what_is_searched_for_is_shown_though_it_would_be_folded_away() {
        let mut pane = pane(&LINES);
        pane.search_for("\"pid\"");
        assert_eq!(shown(&pane), LINES);
        pane.search_for("served");
        assert_eq!(shown(&pane).first().unwrap(), "INFO  served path=/a pid=1");
    }

    #[test]
    fn of_a_stack_trace_the_line_that_names_the_error_is_shown() {
        let mut pane = pane(&[
            "Traceback (most recent call last):",
            "  File \"app.py\", line 3, in <module>",
            "KeyError: 'REDIS_URL'",
            "Traceback (most recent call last):\n  File \"b.py\"\nValueError: b",
        ]);
        assert_eq!(
            shown(&pane),
            [
                "KeyError: 'REDIS_URL' (+2 lines)",
                "ValueError: b (+2 lines)"
            ]
        );
        pane.folds = false;
        assert_eq!(shown(&pane).len(), 4);
    }

    #[test]
    fn the_frames_behind_an_error_are_counted_beside_it_and_no_other_s() {
        let pane = pane(&[
            "java.lang.X: a",
            "\tat b.C.d(C.java:1)",
            "Caused by: java.Y: g",
            "\tat e.F.g(F.java:2)",
            "\tat h.I.j(I.java:3)",
            "Traceback (most recent call last):",
            "KeyError: 'A'",
            "fine",
        ]);
        assert_eq!(
            shown(&pane),
            [
                "java.lang.X: a (+1 line)",
                "Caused by: java.Y: g",
                "KeyError: 'A' (+3 lines)",
                "fine"
            ]
        );
    }
}
