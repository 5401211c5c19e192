//! How the selected row is, in one strong line: what a person sees first.

use std::ops::Range;

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

/// The words, piece by piece: sign and word, name and age, whether anybody is served, why.
fn pieces(canvas: &Canvas<'_>, model: &Model) -> Option<Vec<(String, Style)>> {
    let theme = canvas.theme;
    let row = model.selected()?;
    let style = match tone(row.verdict) {
        _ if row.is_down() => theme.alert,
        Meaning::Bad => theme.alert,
        Meaning::Warn => theme.caution,
        _ if row.waits => theme.caution,
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
    let mut pieces = vec![
        (mark, style),
        (format!(" {}{age}", row.name), theme.heading),
    ];
    let serving = &row.serving.words;
    if !serving.is_empty() {
        let style = if row.is_down() {
            theme.bad
        } else {
            theme.heading
        };
        pieces.push((": ".to_owned(), theme.text));
        pieces.push((serving.to_string(), style));
    }
    let why = model.reason();
    if !why.is_empty() {
        let before = if serving.is_empty() { ": " } else { "; " };
        pieces.push((format!("{before}{why}"), theme.text));
    }
    let plain = |(text, style): (String, Style)| (canvas.plain(&text).into_owned(), style);
    Some(pieces.into_iter().map(plain).collect())
}

/// How words and keys lie in the area.
struct Lines {
    text: String,
    /// Byte ranges of the rows of the words.
    rows: Vec<Range<usize>>,
    /// Whether the words are all there.
    whole: bool,
    keys: Vec<KeyHint>,
    /// Columns before the keys, in the last row.
    keys_at: usize,
}

/// From this width on keys may take room from the words.
const ROOMY: usize = 56;
/// The most columns of the last row that keys take from the words, in hundredths.
const KEYS_SHARE: usize = 46;

impl Lines {
    /// Words first; the keys that help stand below them or at the end of the last row. Where both do not fit, the end of
    /// the words is cut, which is what AWS says: the keys are why somebody looks.
    fn new(canvas: &Canvas<'_>, model: &Model, area: Rect) -> Option<Self> {
        let pieces = pieces(canvas, model)?;
        let text: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
        let columns = usize::from(area.width);
        let height = usize::from(area.height);
        let mut rows = wrap(&text, columns, columns.saturating_sub(INDENT));
        let whole = rows.len() <= height;
        rows.truncate(height);
        let used = match rows.last() {
            Some(last) if rows.len() == height => {
                let indent = if height > 1 { INDENT } else { 0 };
                width(text.get(last.clone()).unwrap_or_default()).saturating_add(indent)
            }
            _ => 0,
        };
        let free = columns.saturating_sub(used);
        // Where there is little room, the words are worth more.
        let share = if height > 1 && columns >= ROOMY {
            columns.saturating_mul(KEYS_SHARE) / 100
        } else {
            0
        };
        let share = if used == 0 {
            columns.saturating_sub(INDENT)
        } else {
            share
        };
        let refusals = model.refusals();
        let (mut keys, mut needs) = (Vec::new(), 0_usize);
        for hint in model.helping_keys() {
            let hint = KeyHint::of(&refusals, &hint);
            let one = hint.columns().saturating_add(2);
            if needs.saturating_add(one) > free.max(share) {
                break;
            }
            needs = needs.saturating_add(one);
            keys.push(hint);
        }
        // Behind each of them are two blanks; those behind the last stand before the first.
        let keys_at = if used == 0 {
            INDENT
        } else {
            columns.saturating_sub(needs.saturating_sub(2))
        };
        Some(Self {
            whole: whole && (keys.is_empty() || used == 0 || needs <= free),
            text,
            rows,
            keys,
            keys_at,
        })
    }

    fn has_keys_beside(&self, height: u16) -> bool {
        !self.keys.is_empty() && self.rows.len() == usize::from(height)
    }
}

/// Whether the line shows all there is: then nobody need say it again.
pub(super) fn shows_all(canvas: &Canvas<'_>, model: &Model, area: Rect) -> bool {
    Lines::new(canvas, model, area).is_none_or(|lines| lines.whole)
}

/// Whether the keys that help are there already.
pub(super) fn shows_keys(canvas: &Canvas<'_>, model: &Model, area: Rect) -> bool {
    Lines::new(canvas, model, area).is_some_and(|lines| !lines.keys.is_empty())
}

pub(super) fn draw_verdict(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let theme = canvas.theme;
    let (Some(pieces), Some(lines)) = (pieces(canvas, model), Lines::new(canvas, model, area))
    else {
        let mut spot = Spot::row(area, 0);
        spot.skip(1);
        canvas.put(&mut spot, nothing(model), theme.dim);
        return;
    };
    let last = lines.rows.len().saturating_sub(1);
    for (at, row) in lines.rows.iter().enumerate() {
        let mut spot = Spot::row(area, u16::try_from(at).unwrap_or(u16::MAX));
        if at > 0 {
            spot.skip(u16::try_from(INDENT).unwrap_or_default());
        }
        // What does not fit is cut in the last row.
        let end = if at == last {
            lines.text.len()
        } else {
            row.end
        };
        if at == last && lines.has_keys_beside(area.height) {
            let keys = area
                .x
                .saturating_add(u16::try_from(lines.keys_at).unwrap_or(u16::MAX));
            spot.end = spot.end.min(keys.saturating_sub(1));
        }
        let mut from = 0_usize;
        for (piece, style) in &pieces {
            let to = from.saturating_add(piece.len());
            let (start, stop) = (from.max(row.start), to.min(end));
            canvas.put_words(
                &mut spot,
                lines.text.get(start..stop).unwrap_or_default(),
                *style,
            );
            from = to;
        }
    }
    let mut spot = Spot::row(area, area.height.saturating_sub(1));
    spot.skip(u16::try_from(lines.keys_at).unwrap_or(u16::MAX));
    for key in lines.keys {
        key.draw(canvas, &mut spot);
        spot.skip(2);
    }
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
