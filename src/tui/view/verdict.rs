//! How the selected row is, in one strong line: what a person sees first.

use ecsdeck_core::app::{Model, Pane, PaneState, Style as Meaning, coarse};
use ecsdeck_core::diagnose::Verdict;
use ecsdeck_core::text::width;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, Spot};
use super::hint::KeyHint;
use super::wrap::wrap;
use crate::theme::Theme;

/// Columns by which further rows are set in.
const INDENT: usize = 3;

/// How a verdict is meant.
fn tone(verdict: Verdict) -> Meaning {
    match verdict {
        Verdict::Steady | Verdict::ScaledToZero => Meaning::Good,
        Verdict::Progressing | Verdict::Unknown => Meaning::Plain,
        Verdict::RolledBack | Verdict::RollingBack | Verdict::Degraded => Meaning::Warn,
        Verdict::Failed | Verdict::Stuck => Meaning::Bad,
    }
}

/// The style of a verdict's sign and word, wherever it stands.
pub(super) fn verdict_style(theme: &Theme, verdict: Verdict) -> Style {
    meaning(theme, tone(verdict))
}

/// The style of what is meant so.
pub(super) fn meaning(theme: &Theme, meaning: Meaning) -> Style {
    match meaning {
        Meaning::Plain => theme.text,
        Meaning::Dim => theme.dim,
        Meaning::Heading => theme.heading,
        Meaning::Key => theme.key,
        Meaning::Good => theme.good,
        Meaning::Warn => theme.warn,
        Meaning::Bad => theme.bad,
        Meaning::Verdict(verdict) => verdict_style(theme, verdict),
    }
}

/// A verdict in words for people.
pub(super) fn word(verdict: Verdict) -> String {
    verdict.word().replace('_', " ")
}

/// The same in at most eight columns.
pub(super) fn short_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Steady => "steady",
        Verdict::ScaledToZero => "at zero",
        Verdict::Progressing => "rolling",
        Verdict::Unknown => "unknown",
        Verdict::RolledBack => "reverted",
        Verdict::RollingBack => "rollback",
        Verdict::Degraded => "degraded",
        Verdict::Failed => "failed",
        Verdict::Stuck => "stuck",
    }
}

/// The parts of the line: sign and word, name and age, why.
fn parts(canvas: &Canvas<'_>, model: &Model) -> Option<(String, Style, String, String)> {
    let theme = canvas.theme;
    let row = model.selected()?;
    let style = match tone(row.verdict) {
        Meaning::Bad => theme.alert,
        Meaning::Warn => theme.caution,
        other => meaning(theme, other).patch(theme.heading),
    };
    let mark = format!(
        " {} {} ",
        canvas.glyphs.verdict(row.verdict),
        word(row.verdict).to_uppercase()
    );
    let since = row
        .since
        .filter(|_| row.verdict.is_bad_news() || row.verdict == Verdict::Progressing);
    let age = since
        .map(|since| format!(" for {}", coarse(since, model.now())))
        .unwrap_or_default();
    let why = if row.summary.is_empty() {
        String::new()
    } else {
        format!(": {}", row.summary)
    };
    Some((mark, style, format!(" {}{age}", row.name), why))
}

/// Whether the line shows all there is: then nobody need say it again.
pub(super) fn shows_all(canvas: &Canvas<'_>, model: &Model, area: Rect) -> bool {
    let Some((mark, _, name, why)) = parts(canvas, model) else {
        return true;
    };
    let text = canvas.plain(&format!("{mark}{name}{why}")).into_owned();
    let columns = usize::from(area.width);
    wrap(&text, columns, columns.saturating_sub(3)).len() <= usize::from(area.height)
}

/// The keys that help, and where they stand in the last row.
struct Keys {
    keys: Vec<KeyHint>,
    /// Columns from the left.
    at: usize,
}

/// The keys that help, in the room that the words leave in the last row: where they leave all of it, under the words,
/// else at its end. None where they leave too little.
fn keys(canvas: &Canvas<'_>, model: &Model, area: Rect) -> Option<Keys> {
    let (mark, _, name, why) = parts(canvas, model)?;
    let text = canvas.plain(&format!("{mark}{name}{why}")).into_owned();
    let columns = usize::from(area.width);
    let rows = wrap(&text, columns, columns.saturating_sub(INDENT));
    let used = match rows.len().cmp(&usize::from(area.height)) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Equal => {
            let last = rows.last().cloned().unwrap_or_default();
            width(text.get(last).unwrap_or_default())
        }
        std::cmp::Ordering::Greater => return None,
    };
    let room = columns.saturating_sub(used.saturating_add(INDENT + 2));
    let mut needs = 0;
    let mut keys = Vec::new();
    let refusals = model.refusals();
    for hint in model.helping_keys() {
        let hint = KeyHint::of(&refusals, &hint);
        let one = hint.columns().saturating_add(2);
        if needs + one > room {
            break;
        }
        needs += one;
        keys.push(hint);
    }
    let at = if used == 0 {
        INDENT
    } else {
        columns.saturating_sub(needs)
    };
    (!keys.is_empty()).then_some(Keys { keys, at })
}

/// Whether the keys that help are there already.
pub(super) fn shows_keys(canvas: &Canvas<'_>, model: &Model, area: Rect) -> bool {
    keys(canvas, model, area).is_some()
}

fn draw_keys(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let Some(Keys { keys, at }) = keys(canvas, model, area) else {
        return;
    };
    let mut spot = Spot::row(area, area.height.saturating_sub(1));
    spot.skip(u16::try_from(at).unwrap_or(u16::MAX));
    for key in keys {
        key.draw(canvas, &mut spot);
        spot.skip(2);
    }
}

pub(super) fn draw_verdict(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let theme = canvas.theme;
    let Some((mark, style, name, why)) = parts(canvas, model) else {
        let mut spot = Spot::row(area, 0);
        spot.skip(1);
        canvas.put(&mut spot, nothing(model), theme.dim);
        return;
    };
    let (mark, name) = (
        canvas.plain(&mark).into_owned(),
        canvas.plain(&name).into_owned(),
    );
    let text = canvas.plain(&format!("{mark}{name}{why}")).into_owned();
    let columns = usize::from(area.width);
    let strong = mark.len().saturating_add(name.len());
    for (at, row) in (0..area.height).zip(wrap(&text, columns, columns.saturating_sub(3))) {
        let mut spot = Spot::row(area, at);
        if at > 0 {
            spot.skip(3);
        }
        let end = if at.saturating_add(1) == area.height {
            text.len()
        } else {
            row.end
        };
        let mut piece = |from: usize, to: usize, style: Style| {
            let (from, to) = (from.max(row.start), to.min(end));
            canvas.put_words(&mut spot, text.get(from..to).unwrap_or_default(), style);
        };
        piece(0, mark.len(), style);
        piece(mark.len(), strong, theme.heading);
        piece(strong, text.len(), theme.text);
    }
    draw_keys(canvas, model, area);
}

/// Why nothing is selected.
pub(super) fn nothing(model: &Model) -> &'static str {
    match model.pane_state(Pane::Services) {
        PaneState::Loading => "asking AWS for clusters and services",
        PaneState::Failed(..) => "nothing could be read yet",
        _ if model.hidden_services() > 0 => "the filter hides every row",
        _ if model.fleet.listed.is_empty() => "asking AWS for clusters and services",
        _ => "no service and no task in these clusters",
    }
}
