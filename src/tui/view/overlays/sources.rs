//! The logs that can be chosen, above the line in which they are named.

use ecsdeck_core::app::{Model, Prompt, Slot, source_columns, source_offers};
use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Spot};
use super::super::list::{Place, Width};
use super::offers::{Offers, rows_for};

/// Where the columns stand.
const PLACES: [Place; 3] = [
    Place::must(
        "log",
        Width::Longest {
            least: 12,
            share: 70,
        },
    ),
    Place::must("kind", Width::Either(8, 12)),
    Place::may("of", Width::Rest { least: 8, wish: 16 }, 0),
];

/// Rows, at most: title, headings and offers.
const ROWS: u16 = 16;

/// Draws what fits what was typed.
pub(super) fn draw_sources(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt, body: Rect) {
    if body.height < 2 {
        return;
    }
    let offers = source_offers(model, prompt.text());
    let area = rows_for(offers.len(), 3, ROWS, body);
    canvas.clear(area);
    let theme = canvas.theme;
    let mut spot = Spot::row(area, 0);
    canvas.put(&mut spot, &format!(" Logs {} ", offers.len()), theme.focus);
    let marked = model.sources.marked.len();
    if marked > 0 {
        let words = format!(" {marked} marked: enter shows them together ");
        canvas.put(&mut spot, &words, theme.warn);
    } else {
        canvas.put(&mut spot, " tab marks several ", theme.dim);
    }
    let (words, style) = match model.readings.get(&Slot::LogGroups) {
        Some(reading) if reading.error.is_some() => {
            let error = reading.error.as_ref().map(ToString::to_string);
            let error = error.unwrap_or_default();
            (format!(" log groups cannot be read: {error} "), theme.bad)
        }
        Some(reading) if reading.is_known() && model.sources.more => (
            " the account has more groups: type a whole name ".to_owned(),
            theme.warn,
        ),
        Some(reading) if reading.is_known() => (String::new(), theme.dim),
        _ => (" reading the log groups\u{2026} ".to_owned(), theme.dim),
    };
    canvas.put(&mut spot, &words, style);
    canvas.rule(spot);
    let list = Offers {
        offers: &offers,
        chosen: Some(model.sources.chosen.min(offers.len().saturating_sub(1))),
        columns: &source_columns(),
        places: &PLACES,
        marked: |offer| offer.marked,
        nothing: " no log of that name",
    };
    list.draw(canvas, model, area);
}
