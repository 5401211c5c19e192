//! The question before a write: where, what, before and after, and how to say yes.
//!
//! The invariants: names are in ASCII, so that no look-alike letter passes;
//! the target, the change and the way to answer are there at any size.

use ecsdeck_core::app::{Confirm, Model};
use ecsdeck_core::keys::{Action, Scope};
use ecsdeck_core::text::Clean;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::super::canvas::{Canvas, Spot};
use super::super::wrap::wrap;
use super::prompt::draw_typed;

/// A line of the question.
struct Said {
    text: String,
    style: Style,
    /// What goes first where there is no room; 0 stays always.
    rank: u8,
}

/// Draws the question over the body; gives the cursor's place where a name is typed.
pub(in crate::view) fn draw_question(
    canvas: &mut Canvas<'_>,
    model: &Model,
    confirm: &Confirm,
    body: Rect,
) -> Option<Position> {
    let columns = body.width.min(96);
    // Cursor column, a blank on each side, a rule on each side.
    let inner = usize::from(columns).saturating_sub(4);
    let mut lines = Vec::new();
    for said in said(canvas, model, confirm) {
        let text = canvas.plain(&said.text).into_owned();
        for row in wrap(&text, inner, inner.saturating_sub(2)) {
            let indent = if row.start == 0 { "" } else { "  " };
            let text = format!("{indent}{}", text.get(row).unwrap_or_default());
            lines.push(Said { text, ..said });
        }
    }
    // Two rules, and the line that says how to answer.
    let most = usize::from(body.height).saturating_sub(3);
    let lines = fitted(canvas, lines, most, usize::from(confirm.scrolled));
    let height = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_add(3)
        .min(body.height);
    let area = Rect {
        x: body
            .x
            .saturating_add(body.width.saturating_sub(columns) / 2),
        y: body
            .y
            .saturating_add(body.height.saturating_sub(height) / 2),
        width: columns,
        height,
    };
    canvas.clear(area);
    draw_frame(canvas, confirm, area);
    for (at, line) in (1..).zip(&lines) {
        let mut spot = Spot::row(area, at);
        spot.skip(2);
        spot.end = spot.end.saturating_sub(2);
        canvas.put(&mut spot, &line.text, line.style);
    }
    let answer = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_add(1)
        .min(area.height.saturating_sub(1));
    let mut spot = Spot::row(area, answer);
    spot.skip(2);
    spot.end = spot.end.saturating_sub(2);
    draw_answer(canvas, model, confirm, spot)
}

/// The lines that are shown in so many rows: all, or the weightiest and how many there are more, or those from where
/// somebody has scrolled to.
fn fitted(canvas: &Canvas<'_>, mut lines: Vec<Said>, most: usize, scrolled: usize) -> Vec<Said> {
    if lines.len() <= most {
        return lines;
    }
    let all = lines.len();
    let room = most.saturating_sub(1);
    let hidden = all.saturating_sub(room);
    let told = if scrolled == 0 {
        format!("{hidden} more lines: down shows them")
    } else {
        let from = scrolled.min(hidden);
        lines.drain(..from);
        format!("lines {} to {} of {all}", from + 1, from + room)
    };
    while lines.len() > room {
        let weight = |line: &Said| line.rank;
        let lightest = lines.iter().map(weight).max();
        // Who scrolls reads on in their order.
        let lightest = lightest.filter(|rank| *rank > 0 && scrolled == 0);
        let at = lightest.and_then(|rank| lines.iter().rposition(|line| line.rank == rank));
        match at {
            Some(at) => drop(lines.remove(at)),
            None => lines.truncate(room),
        }
    }
    if most > 0 {
        lines.push(Said {
            text: told,
            style: canvas.theme.dim,
            rank: 0,
        });
    }
    lines
}

fn ascii(text: &str) -> String {
    Clean::new(text).ascii().into_owned()
}

fn said(canvas: &Canvas<'_>, model: &Model, confirm: &Confirm) -> Vec<Said> {
    let theme = canvas.theme;
    let (intent, target) = (&confirm.proposal.intent, &confirm.proposal.intent.target);
    let line = |rank: u8, text: String, style: Style| Said { text, style, rank };
    let mut lines = vec![
        line(
            0,
            format!(
                "account {}, {}",
                target.account.ascii(),
                target.region.ascii()
            ),
            theme.heading,
        ),
        line(1, format!("role {}", target.role.ascii()), theme.text),
        line(
            0,
            format!(
                "{} {}",
                target.subject.kind(),
                target.subject.name().ascii()
            ),
            theme.heading,
        ),
    ];
    if let Some(cluster) = &target.cluster {
        lines.push(line(
            1,
            format!("cluster {}", ascii(cluster.name())),
            theme.text,
        ));
    }
    for change in &intent.changes {
        let text = format!(
            "{}: {} {} {}",
            ascii(&change.what.to_string()),
            change.before.ascii(),
            canvas.glyphs.arrow,
            change.after.ascii()
        );
        lines.push(line(0, text, theme.caution));
    }
    lines.extend(
        confirm
            .proposal
            .notes
            .iter()
            .map(|note| line(2, note.to_string(), theme.warn)),
    );
    let warnings = confirm.warnings.iter();
    lines.extend(warnings.map(|warning| line(1, warning.to_string(), theme.bad)));
    let unchecked = model.unchecked_words(confirm).into_iter();
    lines.extend(unchecked.map(|words| line(3, words.to_string(), theme.dim)));
    lines.push(line(4, String::new(), theme.text));
    for command in &confirm.proposal.commands {
        lines.push(line(3, format!("$ {}", command.ascii()), theme.dim));
    }
    lines.push(line(4, String::new(), theme.text));
    lines
}

fn draw_frame(canvas: &mut Canvas<'_>, confirm: &Confirm, area: Rect) {
    let theme = canvas.theme;
    let last = area.height.saturating_sub(1);
    canvas.side(Rect { width: 1, ..area });
    canvas.side(Rect {
        x: area.right().saturating_sub(1),
        width: 1,
        ..area
    });
    let [top_left, top_right, bottom_left, bottom_right] = canvas.glyphs.corners;
    for (row, left, right) in [(0, top_left, top_right), (last, bottom_left, bottom_right)] {
        canvas.rule(Spot::row(area, row));
        canvas.put(&mut Spot::row(area, row), left, theme.dim);
        canvas.put_right(Spot::row(area, row), right, theme.dim);
    }
    let mut spot = Spot::row(area, 0);
    spot.skip(2);
    canvas.put(
        &mut spot,
        &format!(
            " {}? ",
            confirm.proposal.intent.verb.as_str().to_uppercase()
        ),
        theme.caution,
    );
}

fn draw_answer(
    canvas: &mut Canvas<'_>,
    model: &Model,
    confirm: &Confirm,
    mut spot: Spot,
) -> Option<Position> {
    let theme = canvas.theme;
    let scope = if confirm.proposal.name.is_some() {
        Scope::Input
    } else {
        Scope::Dialog
    };
    let key = |action: Action| {
        model
            .setup
            .keymap
            .keys(action, scope)
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    if !confirm.armed {
        canvas.put(
            &mut spot,
            &format!("wait\u{2026}   {} cancels", key(Action::Cancel)),
            theme.heading,
        );
        return None;
    }
    match &confirm.proposal.name {
        None => {
            let words = format!(
                "{} does it, {} cancels",
                key(Action::Confirm),
                key(Action::Cancel)
            );
            canvas.put(&mut spot, &words, theme.heading);
            None
        }
        Some(name) => {
            let words = format!("type {} and {}: ", name.ascii(), key(Action::Accept));
            // What is typed needs room whatever the name's length.
            let mut label = spot.less(spot.room() / 3);
            canvas.put(&mut label, &words, theme.heading);
            spot.x = label.x;
            Some(draw_typed(canvas, &confirm.typed, spot))
        }
    }
}
