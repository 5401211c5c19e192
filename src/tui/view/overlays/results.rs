//! The results of a query of Logs Insights: what is searched, the rows, the price.

use ecsdeck_core::app::{Insights, Model, QueryStage, result_lines};
use ecsdeck_core::logs::insights::{TableColumn, one_line};
use ecsdeck_core::text::{Align, width};
use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Mark, Spot};
use super::super::list::top;
use super::super::verdict::meaning;
use super::super::wrap::wrap;

/// A column that others follow is not wider than this: one long message must not push all others aside.
const WIDEST: usize = 60;
/// The last column begins at least so far from the right.
const LEAST: usize = 10;

/// Draws the results over the panes.
pub(in crate::view) fn draw_results(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    canvas.clear(area);
    let Some(insights) = &model.insights else {
        return;
    };
    draw_title(canvas, model, insights, Spot::row(area, 0));
    let mut at = 1;
    let columns = usize::from(area.width).saturating_sub(2).max(1);
    for line in result_lines(insights) {
        let style = meaning(canvas.theme, line.style);
        let text = canvas.plain(&line.text).into_owned();
        for row in wrap(&text, columns, columns) {
            let mut spot = Spot::row(area, at);
            spot.skip(1);
            canvas.put(&mut spot, text.get(row).unwrap_or_default(), style);
            at = at.saturating_add(1);
        }
    }
    let price = price(insights);
    let below = u16::from(price.is_some());
    if !insights.table.order.is_empty() {
        let rows = Rect {
            y: area.y.saturating_add(at),
            height: area.height.saturating_sub(at).saturating_sub(below),
            ..area
        };
        draw_rows(canvas, insights, rows);
    }
    if let Some((words, is_whole)) = price
        && area.height > 1
    {
        let mut spot = Spot::row(area, area.height.saturating_sub(1));
        spot.skip(1);
        let style = if is_whole {
            canvas.theme.dim
        } else {
            canvas.theme.warn
        };
        canvas.put(&mut spot, &words, style);
    }
}

/// What it cost, once it is known; and whether the rows are all that there are.
fn price(insights: &Insights) -> Option<(String, bool)> {
    match (&insights.stage, insights.broken_off()) {
        (QueryStage::Over, Some(why)) => {
            Some((format!("{}; not all: {why}", insights.told()), false))
        }
        (QueryStage::Over, None) => Some((insights.told(), true)),
        (QueryStage::Running, _) if !insights.table.order.is_empty() => Some((
            format!("CloudWatch goes on searching\u{2026} {}", insights.told()),
            false,
        )),
        _ => None,
    }
}

fn draw_title(canvas: &mut Canvas<'_>, model: &Model, insights: &Insights, mut spot: Spot) {
    let theme = canvas.theme;
    canvas.put(&mut spot, " Logs Insights ", theme.focus);
    if let Some(name) = &insights.wish.name {
        canvas.put(&mut spot, &format!(" {name} "), theme.heading);
    }
    let zone = &model.setup.zone;
    let at = |time: ecsdeck_core::domain::Time, form: &str| {
        time.to_zoned(zone.clone()).strftime(form).to_string()
    };
    let (since, until) = (insights.wish.since, insights.wish.until);
    // The day is said where it is another one than that of the end.
    let is_one_day = at(since, "%F") == at(until, "%F");
    let form = if is_one_day {
        "%H:%M:%S"
    } else {
        "%m-%d %H:%M"
    };
    let words = format!(
        " {}, {} to {} ",
        insights.searched(),
        at(since, form),
        at(until, form)
    );
    canvas.put(&mut spot, &words, theme.text);
    let rows = insights.table.order.len();
    if rows > 0 {
        let row = insights.at.saturating_add(1);
        canvas.put(&mut spot, &format!(" {row} of {rows} "), theme.text);
    }
    canvas.rule(spot);
}

/// The columns that there is room for, with how wide each is drawn.
fn placed(columns: &[TableColumn], room: usize) -> Vec<(usize, &TableColumn, usize)> {
    let mut left = room;
    let mut placed = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        if left < LEAST.min(column.width) || left == 0 {
            break;
        }
        let is_last = at.saturating_add(1) == columns.len();
        let wide = if is_last {
            column.width
        } else {
            column.width.min(WIDEST)
        };
        let wide = wide.min(left);
        placed.push((at, column, wide));
        left = left.saturating_sub(wide.saturating_add(2));
    }
    placed
}

fn draw_rows(canvas: &mut Canvas<'_>, insights: &Insights, area: Rect) {
    let theme = canvas.theme;
    let table = &insights.table;
    // The cursor's column, its sign's, and a blank.
    let room = usize::from(area.width).saturating_sub(3);
    let placed = placed(&table.columns, room);
    let mut spot = Spot::row(area, 0);
    spot.skip(3);
    for (at, column, wide) in &placed {
        let sort = table.sort.filter(|sort| sort.column == *at);
        let arrow = match sort {
            None => "",
            Some(sort) if sort.descending => canvas.glyphs.down,
            Some(_) => canvas.glyphs.up,
        };
        let style = if sort.is_some() {
            theme.heading
        } else {
            theme.dim
        };
        // Names of fields are told apart by their case: they stand as they are.
        let name = match column.is_number {
            true => format!("{arrow}{}", column.name),
            false => format!("{}{arrow}", column.name),
        };
        let wider = (*wide).max(width(&name).min(wide.saturating_add(1)));
        let mut own = spot;
        canvas.put_column(&mut own, &name, wider, align(column), style);
        spot.skip(u16::try_from(*wide).unwrap_or(u16::MAX));
        spot.skip(2);
    }
    let hidden = table.columns.len().saturating_sub(placed.len());
    if hidden > 0 {
        canvas.put(&mut spot, &format!("+{hidden}"), theme.warn);
    }
    let height = usize::from(area.height.saturating_sub(1));
    let first = top(insights.at, height, table.order.len());
    let rows = table.order.iter().enumerate().skip(first).take(height);
    for (at, (number, row)) in (1..).zip(rows) {
        let mut spot = Spot::row(area, at);
        canvas.put_mark(
            &mut spot,
            Mark::new(number == insights.at, true),
            " ",
            theme.text,
        );
        let cells = insights.results.rows.get(*row);
        for (_, column, wide) in &placed {
            let cell = cells.and_then(|cells| cells.get(column.at)?.as_ref());
            let text = cell.map(one_line).unwrap_or_default();
            canvas.put_column(&mut spot, &text, *wide, align(column), theme.text);
            spot.skip(2);
        }
        if number == insights.at {
            canvas.light(area, at);
        }
    }
}

fn align(column: &TableColumn) -> Align {
    if column.is_number {
        Align::Right
    } else {
        Align::Left
    }
}
