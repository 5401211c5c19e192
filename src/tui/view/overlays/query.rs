//! The queries that can be asked again, above the line in which one is written.

use ecsdeck_core::app::{Model, Prompt, query_chosen, query_columns, query_offers};
use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Spot};
use super::super::list::{Place, Width};
use super::offers::{Offers, rows_for};

/// Where the columns stand.
const PLACES: [Place; 3] = [
    Place::must(
        "name",
        Width::Longest {
            least: 4,
            share: 30,
        },
    ),
    Place::may("log", Width::Either(8, 16), 1),
    Place::must(
        "query",
        Width::Rest {
            least: 20,
            wish: 40,
        },
    ),
];

/// Rows, at most: title, headings and offers.
const ROWS: u16 = 14;

/// Draws what fits what was typed, and of which log and time a query would be.
pub(super) fn draw_query(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt, body: Rect) {
    if body.height < 2 {
        return;
    }
    let offers = query_offers(model, prompt.text());
    let chosen = query_chosen(model, prompt.text(), &offers);
    let area = rows_for(offers.len(), 2, ROWS, body);
    canvas.clear(area);
    let theme = canvas.theme;
    let mut spot = Spot::row(area, 0);
    canvas.put(&mut spot, " Logs Insights ", theme.focus);
    let target = model.logs.target.as_ref();
    let log = target.map_or_else(|| "no log".to_owned(), |target| target.name().to_string());
    let range = match model.logs.range.label {
        "now" => "15m",
        label => label,
    };
    canvas.put(&mut spot, &format!(" of {log}, {range} "), theme.text);
    let words = " since=2h before a query: another range; tab: change one ";
    canvas.put(&mut spot, words, theme.dim);
    canvas.rule(spot);
    let list = Offers {
        offers: &offers,
        chosen,
        columns: &query_columns(),
        places: &PLACES,
        marked: |_| false,
        nothing: " what is typed is asked",
    };
    list.draw(canvas, model, area);
}
