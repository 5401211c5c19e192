//! Which lines of the log are saved or copied, and in which form.

use serde_json::json;

use crate::app::model::log_pane::LogPane;
use crate::logs::LogLine;
use crate::text::Clean;

/// Some lines of the log, in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Portion {
    /// Those on the screen alone; else all that are held and pass the filters.
    pub(in crate::app) shown: bool,
    /// A JSON object for each; else time, stream and line.
    pub(in crate::app) json: bool,
}

/// All of them, as text.
pub(in crate::app) const ALL: Portion = Portion {
    shown: false,
    json: false,
};

impl Portion {
    /// Reads `all` or `shown`, and `text` or `json`, in any order.
    pub(in crate::app) fn parse(words: &str) -> Result<Self, Clean> {
        let mut portion = ALL;
        for word in words.split_whitespace() {
            match word {
                "all" => portion.shown = false,
                "shown" => portion.shown = true,
                "text" => portion.json = false,
                "json" => portion.json = true,
                other => {
                    let other = Clean::new(other);
                    let text = format!("no {other} here (available: all, shown, text, json)");
                    return Err(Clean::own(text));
                }
            }
        }
        Ok(portion)
    }

    /// The lines, each with its end. Those on the screen are the last so many.
    pub(in crate::app) fn of(self, logs: &LogPane, rows: usize) -> String {
        let lines = if self.shown {
            logs.window(rows)
        } else {
            logs.passing().collect()
        };
        let mut text = String::new();
        for line in lines {
            if self.json {
                text.push_str(&logs.line_json(line));
            } else {
                let stream = logs.buffer.stream(line.stream);
                let stream = stream.map_or("", |(_, stream)| stream.as_str());
                text.push_str(&format!("{} {stream} {}", line.at, line.text));
            }
            text.push('\n');
        }
        text
    }
}

impl LogPane {
    /// A line as one JSON object on one line of text.
    pub fn line_json(&self, line: &LogLine) -> String {
        let (group, stream) = self.buffer.stream(line.stream).cloned().unwrap_or_default();
        json!({
            "at": line.at,
            "group": group,
            "stream": stream,
            "container": Self::container_of(&stream),
            "task": Self::task_of(&stream),
            "message": line.text,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LogEvent, Time};

    #[test]
    fn lines_are_given_as_text_or_json_all_or_those_that_are_shown() {
        let mut pane = LogPane::new(10);
        for (at, text) in ["one", "two \"x\"\nthree"].into_iter().enumerate() {
            pane.insert(LogEvent {
                id: Clean::new(text),
                group: Clean::new("g"),
                stream: Clean::new("ecs/web/1"),
                at: Time::from_second(i64::try_from(at).unwrap()).unwrap(),
                ingested: None,
                message: Clean::record(text),
            });
        }
        let of = |words: &str| Portion::parse(words).unwrap().of(&pane, 1);
        assert_eq!(
            of("all"),
            "1970-01-01T00:00:00Z ecs/web/1 one\n1970-01-01T00:00:01Z ecs/web/1 two \"x\"\nthree\n"
        );
        let json = of("json shown");
        assert_eq!(
            json.lines().count(),
            1,
            "a line of JSON holds no line end: {json}"
        );
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["message"], "two \"x\"\nthree");
        assert_eq!(value["container"], "web");
        assert!(Portion::parse("half").unwrap_err().contains("no half here"));
    }
}
