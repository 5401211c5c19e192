//! The log pane. Its rows span the whole screen and have no frame, so that a
//! new line costs its own bytes and the terminal moves the rest.

use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

use ecsdeck_core::app::{
    Hit, LogPane, LogTarget, Model, Pane, ReadLines, ShownLine, length as words, words_elsewhere,
};
use ecsdeck_core::logs::{Level, LogLine};
use ecsdeck_core::text::{Clean, width};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::canvas::{Canvas, Spot};
use super::super::failure::{draw_error, draw_failure};
use super::super::hits::mark;
use super::super::title::{Tint, Title};
use super::super::wrap::wrap;
use crate::theme::Theme;

/// A container's name takes at most this share of the columns.
const LABEL_SHARE: usize = 6;

pub(in crate::view) fn draw_logs(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let logs = &model.logs;
    let area = title(model).draw(canvas, model, Pane::Logs, area);
    let held = logs.buffer.lines().len();
    let mut area = draw_failure(canvas, model, Pane::Logs, area, held);
    if let Some((source, error)) = &logs.failed {
        let most = if held == 0 {
            usize::from(area.height)
        } else {
            2.min(usize::from(area.height) / 3)
        };
        area = draw_error(
            canvas,
            error,
            area,
            most.saturating_sub(usize::from(held == 0)),
        );
        if held == 0 && area.height > 0 {
            let mut spot = Spot::row(area, 0);
            let style = canvas.theme.bad;
            canvas.put(
                &mut spot,
                &format!(" {} cannot be read", source.group),
                style,
            );
            return;
        }
    }
    let height = usize::from(area.height);
    // One more, for the time since the line above.
    let mut window = logs.window(height.saturating_add(1));
    let mut above = (window.len() > height).then(|| window.remove(0).at);
    if window.is_empty() {
        draw_silence(canvas, model, area);
        return;
    }
    let label = labels(logs, usize::from(area.width) / LABEL_SHARE);
    let mut read = ReadLines::default();
    let rows: Vec<Row<'_>> = window
        .into_iter()
        .flat_map(|line| {
            let zone = &model.setup.zone;
            let stamp = logs.stamps.stamp(line.at, above.replace(line.at), zone);
            let shown = logs.shown_line(line, &mut read);
            Row::of(canvas, logs, (line, shown), stamp, label, area.width)
        })
        .collect();
    // The newest row is the one to see where wrapped lines are too many.
    let first = rows.len().saturating_sub(height);
    for (at, row) in (0..area.height).zip(rows.iter().skip(first)) {
        row.draw(canvas, logs, label, Spot::row(area, at));
    }
}

fn title(model: &Model) -> Title {
    let logs = &model.logs;
    let name = match &logs.target {
        None => "Logs".to_owned(),
        Some(LogTarget::Task(arn)) => format!(
            "Logs of task {}",
            Clean::new(arn.name().get(..8).unwrap_or(arn.name()))
        ),
        Some(target) => format!("Logs {}", target.name()),
    };
    let mut title = Title::new(name);
    title = match (logs.at_end, logs.below()) {
        (true, _) => title.note("FOLLOW", Tint::Plain),
        (false, below) => title.note(format!("paused, {below} newer lines"), Tint::Warn),
    };
    if let Some(behind) = logs.behind(model.now()) {
        let behind = Duration::from_secs(behind.unsigned_abs());
        title = title.note(format!("{} behind", words(behind)), Tint::Warn);
    }
    title = title.note(logs.range.label, Tint::Dim);
    if let Some(clock) = logs.stamps.word(&model.setup.zone, model.now()) {
        title = title.note(clock.to_string(), Tint::Dim);
    }
    let containers = logs.containers();
    title = match (&logs.container, containers.as_slice()) {
        (Some(container), _) => title.note(format!("only {container}"), Tint::Warn),
        (None, [one]) => title.note(Clean::new(one).to_string(), Tint::Dim),
        (None, _) => title,
    };
    if !logs.lines.is_empty() {
        title = title.note(format!("&{}", Clean::new(logs.lines.text())), Tint::Warn);
    }
    if !logs.elsewhere.is_empty() {
        title = title.note(words_elsewhere(&logs.elsewhere).to_string(), Tint::Warn);
    }
    if logs.pinned {
        title = title.note("pinned", Tint::Dim);
    }
    if let Some(pattern) = &logs.pattern {
        title = title.note(format!("&&{pattern}"), Tint::Warn);
    }
    if let Some(hit) = logs.hit() {
        let text = Clean::new(logs.search.text());
        let count = match hit {
            Hit { of: 0, .. } => "none".to_owned(),
            Hit { at: 0, of } => format!("{of} lines"),
            Hit { at, of } => format!("{at} of {of}"),
        };
        title = title.note(format!("/{text} {count}"), Tint::Warn);
    }
    title
}

fn draw_silence(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let theme = canvas.theme;
    let words = match &model.logs.silent {
        Some(why) => why.as_str(),
        None if model.logs.target.is_none() => "no log: nothing is selected",
        None if !model.logs.buffer.lines().is_empty() => "no line passes the filter",
        None => "no log lines in this time range",
    };
    let words = canvas.plain(words).into_owned();
    let columns = usize::from(area.width).saturating_sub(1);
    for (at, row) in (0..area.height).zip(wrap(&words, columns, columns)) {
        let mut spot = Spot::row(area, at);
        spot.skip(1);
        canvas.put(&mut spot, words.get(row).unwrap_or_default(), theme.dim);
    }
}

/// Columns for the containers' names; none where all lines are one container's, whom the title names.
fn labels(logs: &LogPane, most: usize) -> usize {
    let containers = logs.containers();
    match containers.as_slice() {
        [] | [_] => 0,
        _ if logs.container.is_some() => 0,
        many => many
            .iter()
            .map(|name| width(name))
            .max()
            .unwrap_or(0)
            .min(most),
    }
}

/// A row of the pane: a line, or a further part of one.
struct Row<'a> {
    line: &'a LogLine,
    stamp: Option<String>,
    shown: ShownLine,
    part: Range<usize>,
}

impl<'a> Row<'a> {
    fn of(
        canvas: &Canvas<'_>,
        logs: &LogPane,
        (line, mut shown): (&'a LogLine, ShownLine),
        stamp: Option<String>,
        label: usize,
        columns: u16,
    ) -> Vec<Self> {
        if let Cow::Owned(plain) = canvas.plain(&shown.text) {
            // In ASCII the places of its parts are other ones: it is drawn in one style.
            (shown.said, shown.names) = (0..plain.len(), Vec::new());
            shown.text = Clean::own(plain);
        }
        if !logs.wrap {
            let part = 0..shown.text.len();
            return vec![Self {
                line,
                stamp,
                shown,
                part,
            }];
        }
        let columns = usize::from(columns);
        let first = columns.saturating_sub(before(logs, label));
        wrap(&shown.text, first, columns.saturating_sub(2))
            .into_iter()
            .map(|part| Self {
                line,
                stamp: stamp.clone(),
                shown: shown.clone(),
                part,
            })
            .collect()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, logs: &LogPane, label: usize, mut spot: Spot) {
        let theme = canvas.theme;
        if self.part.start == 0 {
            if let Some(stamp) = &self.stamp {
                canvas.put(&mut spot, stamp, theme.text);
                spot.skip(1);
            }
            if label > 0 {
                let container = logs.name_of(self.line.stream);
                canvas.put_name(&mut spot, container, label, theme.container(container));
                spot.skip(1);
            }
        } else {
            spot.skip(2);
        }
        let text = self.shown.text.get(self.part.clone()).unwrap_or_default();
        let start = spot;
        for (part, style) in self.styles(theme) {
            let part = self.shown.text.get(part).unwrap_or_default();
            canvas.put(&mut spot, part, style);
        }
        mark(canvas, start, text, &logs.search);
    }
}

impl Row<'_> {
    /// The row's text in pieces that have one style each: what the program says by its level, names of fields dim.
    fn styles(&self, theme: &Theme) -> Vec<(Range<usize>, Style)> {
        let said = match self.shown.level {
            Some(Level::Error | Level::Fatal) => theme.bad,
            Some(Level::Warn) => theme.warn,
            Some(Level::Trace | Level::Debug) => theme.dim,
            Some(Level::Info) | None => theme.text,
        };
        let names = self
            .shown
            .names
            .iter()
            .map(|name| (name.clone(), theme.dim));
        let mut at = self.part.start;
        let mut pieces = Vec::new();
        for (piece, style) in std::iter::once((self.shown.said.clone(), said)).chain(names) {
            let start = piece.start.max(at).min(self.part.end);
            let end = piece.end.max(start).min(self.part.end);
            pieces.push((at..start, theme.text));
            pieces.push((start..end, style));
            at = end;
        }
        pieces.push((at..self.part.end, theme.text));
        pieces.retain(|(piece, _)| !piece.is_empty());
        pieces
    }
}

/// Columns before a line's text.
fn before(logs: &LogPane, label: usize) -> usize {
    logs.stamps.columns()
        + if label > 0 {
            label.saturating_add(1)
        } else {
            0
        }
}
