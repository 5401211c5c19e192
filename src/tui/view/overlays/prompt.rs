//! A line that is being typed, and what the palette offers for it.

use ecsdeck_core::app::{Model, Prompt, Purpose, offer_columns, offers};
use ecsdeck_core::text::{Clean, width};
use ratatui::layout::{Position, Rect};

use super::super::bottom::draw_news;
use super::super::canvas::{Canvas, Spot};
use super::super::list::{Place, Width};
use super::offers::{Offers, rows_for};
use super::query::draw_query;
use super::sources::draw_sources;

/// Draws the line into the last row, offers above it. Gives the place of the cursor.
pub(in crate::view) fn draw_prompt(
    canvas: &mut Canvas<'_>,
    model: &Model,
    purpose: &Purpose,
    prompt: &Prompt,
    body: Rect,
    bottom: Rect,
) -> Option<Position> {
    draw_offers(canvas, model, purpose, prompt, body);
    if model.notice.is_some() {
        // What was wrong with the line must not be hidden by the line.
        let row = Rect {
            y: body.bottom().saturating_sub(1),
            height: body.height.min(1),
            ..body
        };
        canvas.clear(row);
        draw_news(canvas, model, &mut Spot::row(row, 0));
    }
    if bottom.height == 0 {
        return None;
    }
    let theme = canvas.theme;
    let mut spot = Spot::row(bottom, 0);
    canvas.put(&mut spot, &purpose.label(), theme.key);
    Some(draw_typed(canvas, prompt, spot))
}

/// Draws what is typed so that the cursor is seen; gives its place.
pub(in crate::view) fn draw_typed(
    canvas: &mut Canvas<'_>,
    prompt: &Prompt,
    spot: Spot,
) -> Position {
    let theme = canvas.theme;
    let typed = prompt.text();
    let split = typed
        .char_indices()
        .nth(prompt.cursor())
        .map_or(typed.len(), |(at, _)| at);
    let (before, after) = (
        typed.get(..split).unwrap_or(typed),
        typed.get(split..).unwrap_or_default(),
    );
    // What was typed is foreign too: it may have been pasted.
    let (before, after) = (Clean::new(before), Clean::new(after));
    let room = spot.room().saturating_sub(1);
    let before = canvas.plain(&before).into_owned();
    let mut shown = before.as_str();
    while width(shown) > room {
        let mut chars = shown.chars();
        chars.next();
        shown = chars.as_str();
    }
    let mut spot = spot;
    canvas.put(&mut spot, shown, theme.heading);
    let place = Position {
        x: spot.x.min(spot.end.saturating_sub(1)),
        y: spot.y,
    };
    canvas.put(&mut spot, &after, theme.heading);
    place
}

/// Where the columns of the palette stand.
const PLACES: [Place; 3] = [
    Place::must(
        "command",
        Width::Longest {
            least: 12,
            share: 40,
        },
    ),
    Place::must("keys", Width::Either(8, 16)),
    Place::may(
        "does",
        Width::Rest {
            least: 12,
            wish: 20,
        },
        0,
    ),
];

/// Rows of the palette, at most: title, headings and offers.
const ROWS: u16 = 12;

fn draw_offers(
    canvas: &mut Canvas<'_>,
    model: &Model,
    purpose: &Purpose,
    prompt: &Prompt,
    body: Rect,
) {
    let theme = canvas.theme;
    match purpose {
        Purpose::Palette if body.height >= 2 => {}
        Purpose::Sources => return draw_sources(canvas, model, prompt, body),
        Purpose::Query => return draw_query(canvas, model, prompt, body),
        _ => return,
    }
    let offers = offers(model, prompt.text());
    let area = rows_for(offers.len(), 2, ROWS, body);
    canvas.clear(area);
    let mut spot = Spot::row(area, 0);
    canvas.put(
        &mut spot,
        &format!(" Commands {} ", offers.len()),
        theme.focus,
    );
    canvas.rule(spot);
    let list = Offers {
        offers: &offers,
        chosen: Some(model.palette.chosen),
        columns: &offer_columns(),
        places: &PLACES,
        marked: |_| false,
        nothing: " no command and no service of that name",
    };
    list.draw(canvas, model, area);
}
