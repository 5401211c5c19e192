//! A line of the log in full, with what its stream wrote around it.

use crate::app::model::Model;
use crate::app::model::log_pane::LogPane;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::logs::{Level, LogLine, fields_of};
use crate::text::Clean;

/// Lines of the same stream that are shown before it, and behind it.
const NEIGHBOURS: usize = 12;

/// Opens the last line that is shown. Returns false where there is none.
pub(super) fn open(model: &mut Model) -> bool {
    let opened = model.logs.current().map(|line| in_full(&model.logs, line));
    let found = opened.is_some();
    if let Some(viewer) = opened {
        model.overlay = Some(crate::app::model::overlay::Overlay::Viewer(viewer));
    }
    found
}

fn in_full(logs: &LogPane, line: &LogLine) -> Viewer {
    let (group, stream) = logs.buffer.stream(line.stream).cloned().unwrap_or_default();
    let mut lines = vec![
        Line::of("at", Style::Plain, Clean::own(format!("{:.3}", line.at))),
        Line::of("group", Style::Plain, group),
        Line::of("stream", Style::Plain, stream),
    ];
    if let Some(level) = line.level {
        lines.push(Line::of(
            "level",
            style(Some(level)),
            Clean::literal(level.word()),
        ));
    }
    lines.push(Line::gap());
    match fields_of(&line.text) {
        Some(fields) => {
            for (name, value) in fields {
                let mut parts = value.lines();
                let first = parts.next().unwrap_or_default();
                let text = Clean::own(format!("{name}: {first}"));
                lines.push(Line::new(Style::Plain, text));
                lines.extend(parts.map(|part| indented(part, Style::Plain)));
            }
        }
        None => {
            let text = line.text.lines();
            lines.extend(text.map(|part| Line::new(style(line.level), Clean::new(part))));
        }
    }
    lines.push(Line::gap());
    lines.push(Line::new(
        Style::Heading,
        Clean::literal("around it, of the same stream"),
    ));
    lines.extend(around(logs, line));
    Viewer::new(Clean::literal("Log line"), lines)
}

fn indented(text: &str, style: Style) -> Line {
    Line::new(style, Clean::own(format!("    {}", Clean::new(text))))
}

/// What the stream wrote before it and after it, whole.
fn around<'a>(logs: &'a LogPane, line: &'a LogLine) -> impl Iterator<Item = Line> + 'a {
    let lines = logs.buffer.lines();
    let own = lines.iter().filter(|held| held.stream == line.stream);
    let own: Vec<&LogLine> = own.collect();
    let at = own
        .iter()
        .position(|held| held.number == line.number)
        .unwrap_or(0);
    let first = at.saturating_sub(NEIGHBOURS);
    let count = (at - first).saturating_add(NEIGHBOURS).saturating_add(1);
    own.into_iter()
        .skip(first)
        .take(count)
        .flat_map(move |held| {
            let here = held.number == line.number;
            let mark = if here { ">" } else { " " };
            let style = if here {
                Style::Heading
            } else {
                style(held.level)
            };
            let mut parts = held.text.lines();
            let clock = crate::text::clock(held.at);
            let text = format!(
                "{mark} {clock} {}",
                Clean::new(parts.next().unwrap_or_default())
            );
            let head = Line::new(style, Clean::own(text));
            let rest = parts.map(move |part| indented(part, style));
            std::iter::once(head).chain(rest).collect::<Vec<_>>()
        })
}

fn style(level: Option<Level>) -> Style {
    match level {
        Some(Level::Error | Level::Fatal) => Style::Bad,
        Some(Level::Warn) => Style::Warn,
        Some(Level::Trace | Level::Debug) => Style::Dim,
        Some(Level::Info) | None => Style::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LogEvent, Time};

    fn pane(lines: &[(&str, &str)]) -> LogPane {
        let mut pane = LogPane::new(100);
        for (at, (stream, text)) in lines.iter().enumerate() {
            pane.buffer.insert(LogEvent {
                id: Clean::new(&at.to_string()),
                group: Clean::new("g"),
                stream: Clean::new(stream),
                at: Time::from_second(i64::try_from(at).unwrap()).unwrap(),
                ingested: None,
                message: Clean::multiline(text),
            });
        }
        pane
    }

    #[test]
    fn a_line_is_shown_whole_with_its_own_stream_around_it() {
        let pane = pane(&[
            ("p/web/1", "before"),
            ("p/web/2", "of another stream"),
            (
                "p/web/1",
                r#"{"level":"error","time":"x","msg":"a","stack":"E: b\n    at c","n":{"m":1},"o":null}"#,
            ),
            ("p/web/1", "after"),
        ]);
        let line = pane.buffer.lines().get(2).unwrap();
        let viewer = in_full(&pane, line);
        let text: Vec<&str> = viewer.lines.iter().map(|line| line.text.as_str()).collect();
        for part in [
            "ERROR",
            "level: error",
            "time: x",
            "msg: a",
            "stack: E: b",
            "        at c",
            "n.m: 1",
            "o: null",
        ] {
            assert!(text.contains(&part), "{part:?} in {text:#?}");
        }
        let around = text
            .iter()
            .position(|text| text.starts_with("around"))
            .unwrap();
        let around: Vec<&str> = text.into_iter().skip(around + 1).collect();
        assert!(around.first().unwrap().ends_with("before"), "{around:?}");
        assert!(
            around.get(1).unwrap().starts_with("> 00:00:02"),
            "{around:?}"
        );
        assert_eq!(around.len(), 3, "{around:?}");
    }
}
