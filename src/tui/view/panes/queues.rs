//! The queues pane: depths, and what lies in dead-letter queues.

use std::cmp::Ordering;

use ecsdeck_core::app::{Model, Pane, PaneState, QueueRow, queue_columns};
use ecsdeck_core::text::width;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::canvas::{Canvas, Spot};
use super::super::list::{Face, List, Place, Rows, Width};
use super::super::title::Title;

/// Where its columns stand.
const PLACES: [Place; 5] = [
    Place::must(
        "name",
        Width::Longest {
            least: 12,
            share: 50,
        },
    ),
    Place::must("waiting", Width::Fixed(7)),
    Place::may("flight", Width::Fixed(6), 1),
    Place::may("delay", Width::Fixed(6), 2),
    Place::must("DLQ", Width::Fixed(6)),
];

pub(in crate::view) fn draw_queues(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.queues.rows(model.setup.deck.as_ref());
    let pane = &model.queues.list;
    let focused = model.focus == Pane::Queues;
    let on = |key: Option<&ecsdeck_core::text::Clean>| {
        key.and_then(|key| rows.iter().position(|row| row.name == key))
    };
    // Nothing hangs on its cursor: it matters only while keys go there.
    let cursor = focused.then(|| on(pane.cursor.on()).unwrap_or(0));
    let empty = match model.pane_state(Pane::Queues) {
        PaneState::Loading => "asking AWS for queues",
        PaneState::Failed(None, _) => "nothing could be read yet",
        _ if pane.hidden > 0 => "no queue passes the filter",
        _ => "no queue found",
    };
    let list = List {
        pane: Pane::Queues,
        title: Title::new(format!("Queues {}", rows.len())),
        filter: pane.filter.text(),
        hidden: pane.hidden,
        empty: model
            .unknown_column(Pane::Queues)
            .map_or_else(|| empty.to_owned(), |words| words.to_string()),
        rows: Rows {
            rows: &rows,
            cursor,
            lit: pane.cursor.lit().filter(|_| focused),
            items: |_| true,
            sort: pane.sort,
            columns: &queue_columns(),
            places: &PLACES,
            // Numbers alone say nothing.
            headed_from: 2,
            instead,
            without: &[],
        },
    };
    list.draw(
        canvas,
        model,
        area,
        |canvas, row| {
            let (sign, style) = sign(canvas, row);
            Face {
                sign,
                style,
                marked: false,
            }
        },
        draw_missing,
    );
}

fn instead(row: &QueueRow<'_>, column: &str, _columns: usize) -> Option<String> {
    let queue = row.queue?;
    match column {
        "waiting" => {
            let trend = match row.trend {
                Ordering::Greater => "\u{2191}",
                Ordering::Less => "\u{2193}",
                Ordering::Equal => "",
            };
            Some(format!("{trend}{}", short(queue.depth.visible)))
        }
        "flight" => Some(short(queue.depth.in_flight)),
        "delay" => Some(short(queue.depth.delayed)),
        "DLQ" => {
            let depth = queue.dead_letter.as_ref()?.depth?;
            Some(short(depth.visible))
        }
        _ => None,
    }
}

/// A number in at most six columns.
fn short(number: u64) -> String {
    match number {
        0..=99_999 => number.to_string(),
        100_000..=999_999_999 if number < 10_000_000 => format!("{}k", number / 1_000),
        10_000_000..=99_999_999_999 => format!("{}M", number / 1_000_000),
        _ => "lots".to_owned(),
    }
}

fn sign(canvas: &Canvas<'_>, row: &QueueRow<'_>) -> (&'static str, Style) {
    let (theme, glyphs) = (canvas.theme, canvas.glyphs);
    let dead = row
        .queue
        .and_then(|queue| queue.dead_letter.as_ref())
        .map(|dead| dead.depth);
    match (row.queue, dead) {
        (None, _) => (glyphs.bad, theme.bad),
        (Some(_), Some(Some(depth))) if depth.visible > 0 => (glyphs.warn, theme.warn),
        (Some(queue), _) if queue.depth.visible.saturating_add(queue.depth.in_flight) == 0 => {
            (glyphs.rest, theme.dim)
        }
        (Some(_), _) => (glyphs.way, theme.text),
    }
}

/// Draws a queue of which there are no numbers. Gives whether it is one.
fn draw_missing(canvas: &mut Canvas<'_>, row: &QueueRow<'_>, mut spot: Spot) -> bool {
    if row.queue.is_some() {
        return false;
    }
    let theme = canvas.theme;
    let words = match row.error {
        Some(error) => match &error.code {
            Some(code) => format!("{} {code}", error.operation),
            None => format!("{} failed", error.operation),
        },
        None => "missing in AWS".to_owned(),
    };
    let name = width(row.name).min(
        spot.room()
            .saturating_sub(width(&words).saturating_add(1))
            .max(8),
    );
    canvas.put_name(&mut spot, row.name, name, theme.text);
    spot.skip(1);
    canvas.put(&mut spot, &words, theme.bad);
    true
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_depth_takes_at_most_six_columns() {
        for number in [
            0,
            7,
            99_999,
            100_000,
            9_999_999,
            10_000_000,
            99_999_999_999,
            u64::MAX,
        ] {
            assert!(short(number).len() <= 6, "{number}: {}", short(number));
        }
        assert_eq!(
            (short(123_456), short(12_345_678)),
            ("123k".to_owned(), "12M".to_owned())
        );
    }
}
