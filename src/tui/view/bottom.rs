//! The last line: what is typed, what has just happened, or what the keys do.

use ecsdeck_core::act::Stage;
use ecsdeck_core::app::{Model, Notice, Overlay, Tone};
use ecsdeck_core::keys::{Action, Scope};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, Spot};
use super::hint::KeyHint;
use super::wrap::wrap;

/// Rows that a notice takes at most.
const MOST_NEWS: u16 = 5;
/// Columns before the words of a notice: its sign and a blank on each side.
const INDENT: usize = 3;

/// Draws hints or news. Gives nothing: what is typed draws itself.
pub(super) fn draw_bottom(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    if area.height == 0 || draw_long_news(canvas, model, area) {
        return;
    }
    let mut spot = Spot::row(area, 0);
    if !draw_news(canvas, model, &mut spot) {
        draw_hints(canvas, model, spot);
    }
}

/// How something ended is read to its end: what does not fit lies over the rows above for as long as it is told. Gives
/// whether there was such a thing.
fn draw_long_news(canvas: &mut Canvas<'_>, model: &Model, area: Rect) -> bool {
    let Some(notice) = model.notice.as_ref().filter(|_| model.running.is_empty()) else {
        return false;
    };
    let columns = usize::from(area.width).saturating_sub(INDENT);
    let text = canvas.plain(&notice.text).into_owned();
    let rows = wrap(&text, columns, columns);
    let more = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let more = more.min(MOST_NEWS).min(area.y).saturating_sub(1);
    if more == 0 {
        return false;
    }
    let area = Rect {
        y: area.y.saturating_sub(more),
        height: more.saturating_add(1),
        ..area
    };
    canvas.clear(area);
    let (sign, style) = look(canvas, notice);
    let cut = rows.len() > usize::from(area.height);
    for (at, row) in (0..area.height).zip(rows) {
        let mut spot = Spot::row(area, at);
        spot.skip(1);
        if at == 0 {
            canvas.put(&mut spot, sign, style);
        }
        let mut spot = Spot::row(area, at);
        spot.skip(u16::try_from(INDENT).unwrap_or_default());
        let last = cut && at.saturating_add(1) == area.height;
        // What is too long for its row ends with a mark.
        let row = if last { row.start..text.len() } else { row };
        canvas.put(&mut spot, text.get(row).unwrap_or_default(), style);
    }
    true
}

fn look(canvas: &Canvas<'_>, notice: &Notice) -> (&'static str, Style) {
    match notice.tone {
        Tone::Good => (canvas.glyphs.good, canvas.theme.good),
        Tone::Plain => (canvas.glyphs.dot, canvas.theme.text),
        Tone::Bad => (canvas.glyphs.bad, canvas.theme.bad),
    }
}

/// Draws hints, for whoever draws the news elsewhere.
pub(super) fn draw_hints_alone(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    if area.height > 0 {
        draw_hints(canvas, model, Spot::row(area, 0));
    }
}

/// Writes under way and the notice. Gives whether there was anything.
pub(super) fn draw_news(canvas: &mut Canvas<'_>, model: &Model, spot: &mut Spot) -> bool {
    let theme = canvas.theme;
    let mut news = false;
    for running in model.running.values() {
        let stage = match running.stage {
            Stage::Checking => "checking",
            Stage::Journalling => "writing the journal",
            Stage::Sending => "sending",
            Stage::Reconciling => "reading back",
        };
        if news {
            spot.skip(2);
        }
        canvas.put(
            spot,
            &format!(" {} {}: {stage}", canvas.glyphs.way, running.title),
            theme.heading,
        );
        news = true;
    }
    if let Some(notice) = &model.notice {
        let (sign, style) = look(canvas, notice);
        if news {
            spot.skip(2);
        }
        canvas.put(spot, &format!(" {sign} {}", notice.text), style);
        news = true;
    }
    news
}

fn draw_hints(canvas: &mut Canvas<'_>, model: &Model, spot: Spot) {
    let theme = canvas.theme;
    let mut hints = hints(model);
    // Help has its place at the right whatever else fits.
    let help = hints
        .iter()
        .position(|hint| hint.title == "help")
        .map(|at| hints.remove(at));
    let mut left = spot;
    if let Some(help) = help {
        let mut right = spot;
        let columns = help.columns().saturating_add(1);
        right.x = right
            .end
            .saturating_sub(u16::try_from(columns).unwrap_or(u16::MAX))
            .max(spot.x);
        left = spot.less(columns.saturating_add(1));
        help.draw(canvas, &mut right);
    }
    left.skip(1);
    if !model.pending.is_empty() {
        let keys: Vec<String> = model.pending.iter().map(ToString::to_string).collect();
        canvas.put(
            &mut left,
            &format!("{} \u{2026}", keys.join(" ")),
            theme.caution,
        );
        left.skip(2);
    }
    for hint in hints {
        if hint.columns() > left.room() {
            break;
        }
        hint.draw(canvas, &mut left);
        left.skip(2);
    }
}

/// Keys and what they do here, the most useful first.
fn hints(model: &Model) -> Vec<KeyHint> {
    let scope = model.scope();
    let keymap = &model.setup.keymap;
    // The keys are the pane's below, or a line's, but only these do something now.
    let few: &[(Action, &str)] = match &model.overlay {
        Some(Overlay::Results) if scope == Scope::Dialog => {
            &[(Action::Confirm, "yes"), (Action::Cancel, "cancel")]
        }
        Some(Overlay::Results) => &[
            (Action::Back, "close"),
            (Action::Open, "row"),
            (Action::SortNext, "sort"),
            (Action::SortReverse, "reverse"),
            (Action::Copy, "copy"),
            (Action::SaveLog, "save"),
            (Action::Query, "change query"),
        ],
        Some(Overlay::Viewer(_)) => &[
            (Action::Back, "close"),
            (Action::Down, "down"),
            (Action::PageDown, "page down"),
            (Action::GoBottom, "end"),
            (Action::Copy, "copy"),
        ],
        Some(Overlay::Form(form)) if form.is_menu() => &[
            (Action::Accept, "take"),
            (Action::Down, "next"),
            (Action::Up, "previous"),
            (Action::Cancel, "cancel"),
        ],
        // Without a name to type enter says neither yes nor no.
        Some(Overlay::Confirm(confirm)) if confirm.proposal.name.is_none() => {
            &[(Action::Confirm, "yes"), (Action::Cancel, "cancel")]
        }
        Some(Overlay::Form(_)) => &[
            (Action::Preview, "preview"),
            (Action::Complete, "next"),
            (Action::PreviousField, "previous"),
            (Action::Cancel, "cancel"),
        ],
        _ => &[],
    };
    if !few.is_empty() {
        let key = |action| keymap.keys(action, scope).into_iter().next();
        return few
            .iter()
            .filter_map(|(action, title)| Some(KeyHint::new(key(*action)?, title)))
            .collect();
    }
    let writes_off = model.setup.read_only;
    let refusals = model.refusals();
    keymap
        .hints(scope)
        .into_iter()
        .filter(|hint| !(hint.info.write && writes_off))
        .map(|hint| KeyHint::of(&refusals, &hint))
        .collect()
}
