//! The queues pane: depths, and what lies in dead-letter queues.

use std::cmp::Ordering;

use ecsdeck_core::app::{Model, Pane, QueueRow};
use ecsdeck_core::text::{Align, width};
use ratatui::layout::Rect;

use super::canvas::{Canvas, Mark, Spot};
use super::failure::draw_failure;
use super::list::top;
use super::title::Title;

/// Columns of each number.
const NUMBER: usize = 7;

/// Heads of the numbers, from the left: waiting to be received, received and not done, not yet to be
/// received, in the dead-letter queue.
const HEADS: [&str; 4] = ["waiting", "flight", "delay", "DLQ"];

/// Below this width the delayed ones are left out where there are none.
const ROOMY: u16 = 52;

pub(super) fn draw_queues(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.queues.rows(model.setup.deck.as_ref());
    let place = model
        .queues
        .list
        .cursor
        .on()
        .and_then(|on| rows.iter().position(|row| row.name == on))
        .unwrap_or(0);
    let height = usize::from(area.height.saturating_sub(1));
    let delays = area.width >= ROOMY
        || rows
            .iter()
            .any(|row| row.queue.is_some_and(|queue| queue.depth.delayed > 0));
    let mut title = Title::new(format!("Queues {}", rows.len()))
        .filter(model.queues.list.filter.text())
        .window(top(place, height, rows.len()), height, rows.len());
    if !rows.is_empty() {
        title.heads = HEADS
            .iter()
            .filter(|head| delays || **head != "delay")
            .map(|head| format!("{head:>NUMBER$}"))
            .collect();
    }
    let area = title.draw(canvas, model, Pane::Queues, area);
    let area = draw_failure(canvas, model, Pane::Queues, area, rows.len());
    if rows.is_empty() && area.height > 0 {
        let read = !matches!(
            model.pane_state(Pane::Queues),
            ecsdeck_core::app::PaneState::Loading
        );
        let mut spot = Spot::row(area, 0);
        spot.skip(1);
        let (words, style) = (
            if read {
                "no queue found"
            } else {
                "asking AWS for queues"
            },
            canvas.theme.dim,
        );
        canvas.put(&mut spot, words, style);
    }
    let first = top(place, usize::from(area.height), rows.len());
    for (at, (number, row)) in (0..area.height).zip(rows.iter().enumerate().skip(first)) {
        let mark = Mark::only_focused(number == place, model.focus == Pane::Queues);
        draw_row(canvas, row, mark, delays, Spot::row(area, at));
    }
}

fn draw_row(canvas: &mut Canvas<'_>, row: &QueueRow<'_>, mark: Mark, delays: bool, mut spot: Spot) {
    let (theme, glyphs) = (canvas.theme, canvas.glyphs);
    let dead = row
        .queue
        .and_then(|queue| queue.dead_letter.as_ref())
        .map(|dead| dead.depth);
    let (sign, style) = match (row.queue, dead) {
        (None, _) => (glyphs.bad, theme.bad),
        (Some(_), Some(Some(depth))) if depth.visible > 0 => (glyphs.warn, theme.warn),
        (Some(queue), _) if queue.depth.visible.saturating_add(queue.depth.in_flight) == 0 => {
            (glyphs.rest, theme.dim)
        }
        (Some(_), _) => (glyphs.way, theme.text),
    };
    canvas.put_mark(&mut spot, mark, sign, style);
    let Some(queue) = row.queue else {
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
        return;
    };
    let numbers = HEADS
        .len()
        .saturating_sub(usize::from(!delays))
        .saturating_mul(NUMBER);
    let columns = spot.room().saturating_sub(numbers);
    canvas.put_name(&mut spot, row.name, columns, theme.text);
    let trend = match row.trend {
        Ordering::Greater => glyphs.up,
        Ordering::Less => glyphs.down,
        Ordering::Equal => "",
    };
    let depth = queue.depth;
    let waiting = if depth.visible > 0 {
        theme.heading
    } else {
        theme.text
    };
    canvas.put_column(
        &mut spot,
        &format!("{}{}", trend, short(depth.visible)),
        NUMBER,
        Align::Right,
        waiting,
    );
    canvas.put_column(
        &mut spot,
        &short(depth.in_flight),
        NUMBER,
        Align::Right,
        theme.text,
    );
    if delays {
        canvas.put_column(
            &mut spot,
            &short(depth.delayed),
            NUMBER,
            Align::Right,
            theme.text,
        );
    }
    let (dead, style) = match dead {
        None => ("none".to_owned(), theme.dim),
        Some(None) => ("?".to_owned(), theme.warn),
        Some(Some(depth)) if depth.visible > 0 => (short(depth.visible), theme.warn),
        Some(Some(_)) => ("0".to_owned(), theme.text),
    };
    canvas.put_column(&mut spot, &dead, NUMBER, Align::Right, style);
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
