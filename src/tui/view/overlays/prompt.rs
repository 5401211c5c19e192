//! A line that is being typed, and what the palette offers for it.

use ecsdeck_core::app::{Model, Prompt, Purpose, suggestions};
use ecsdeck_core::text::{Align, Clean, width};
use ratatui::layout::{Position, Rect};

use super::super::bottom::draw_news;
use super::super::canvas::{Canvas, Spot};

/// Draws the line into the last row, offers above it. Gives the place of the cursor.
pub(in crate::view) fn draw_prompt(
    canvas: &mut Canvas<'_>,
    model: &Model,
    purpose: &Purpose,
    prompt: &Prompt,
    body: Rect,
    bottom: Rect,
) -> Option<Position> {
    draw_offers(canvas, purpose, prompt, body);
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

fn draw_offers(canvas: &mut Canvas<'_>, purpose: &Purpose, prompt: &Prompt, body: Rect) {
    let theme = canvas.theme;
    let offers = suggestions(purpose, prompt.text());
    let most = usize::from(body.height.saturating_sub(1)).min(10);
    let shown = offers.len().min(most);
    if *purpose != Purpose::Palette || body.height < 2 {
        return;
    }
    let height = u16::try_from(shown.max(1))
        .unwrap_or(u16::MAX)
        .saturating_add(1);
    let area = Rect {
        y: body.bottom().saturating_sub(height),
        height,
        ..body
    };
    canvas.clear(area);
    let mut spot = Spot::row(area, 0);
    let more = offers.len().saturating_sub(shown);
    let head = if more > 0 {
        format!(" Commands, {more} more ")
    } else {
        " Commands ".to_owned()
    };
    canvas.put(&mut spot, &head, theme.focus);
    canvas.rule(spot);
    if offers.is_empty() {
        let mut spot = Spot::row(area, 1);
        canvas.put(&mut spot, " no command of that name", theme.warn);
    }
    let names = offers
        .iter()
        .map(|offer| offer.name.len())
        .max()
        .unwrap_or(0);
    for (at, offer) in (1..area.height).zip(&offers) {
        let mut spot = Spot::row(area, at);
        // Enter takes the first.
        let first = at == 1;
        canvas.put_column(
            &mut spot,
            if first { canvas.glyphs.cursor } else { " " },
            1,
            Align::Left,
            theme.cursor,
        );
        canvas.put_column(
            &mut spot,
            offer.name,
            names,
            Align::Left,
            if first { theme.heading } else { theme.key },
        );
        spot.skip(2);
        canvas.put(&mut spot, offer.help, theme.text);
    }
}
