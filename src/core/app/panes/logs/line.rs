//! A line of the log as it is shown: folded where it is structured, else as it was written.

use std::ops::Range;

use crate::app::model::log_pane::{LogPane, matches};
use crate::logs::{Level, LogLine, Message, error_of};
use crate::text::Clean;

/// Lines that are looked back through for the line before of the same stream.
const LOOK_BACK: usize = 50;

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

impl LogPane {
    /// A line as it is shown. What is searched for is always on the screen: a line that has it in a field that is folded
    /// away is shown as it was written.
    pub fn shown_line(&self, line: &LogLine) -> ShownLine {
        let written = || ShownLine::plain(&line.text, line.level);
        if !self.folds {
            return written();
        }
        let Some(message) = Message::of(&line.text) else {
            let error = error_of(&line.text).map(|error| ShownLine::plain(error, line.level));
            return error.unwrap_or_else(written);
        };
        let before = self
            .line_before(line)
            .and_then(|before| Message::of(&before.text));
        let folded = ShownLine::folded(&message, before.as_ref());
        let lost = !self.search.is_empty()
            && matches(&line.text, &self.search)
            && !matches(&folded.text, &self.search);
        if lost { written() } else { folded }
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
        let lines = window.into_iter().map(|line| pane.shown_line(line));
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
    fn what_is_searched_for_is_shown_though_it_would_be_folded_away() {
        let mut pane = pane(&LINES);
        pane.search = "\"pid\"".to_owned();
        assert_eq!(shown(&pane), LINES);
        pane.search = "served".to_owned();
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
        assert_eq!(shown(&pane), ["KeyError: 'REDIS_URL'", "ValueError: b"]);
        pane.folds = false;
        assert_eq!(shown(&pane).len(), 4);
    }
}
