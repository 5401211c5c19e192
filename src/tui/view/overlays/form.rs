//! A form: its fields one below the other, each with its error in its place.
//!
//! The invariant: the field that keys go to is on the screen, with what is
//! typed and what is wrong with it, at any size that is drawn at all.

use ecsdeck_core::app::{Field, Form, Model, Prompt, Value, tag_offers};
use ecsdeck_core::text::{Align, Clean, width};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::super::bottom::draw_news;
use super::super::canvas::{Canvas, Spot};
use super::super::wrap::wrap;
use super::prompt::draw_typed;

/// From this width on, labels stand beside their values.
const ROOMY: u16 = 60;
/// Rows that a value of several lines has at most.
const LINES: usize = 6;

/// Tags that are offered at a time.
const OFFERS: usize = 8;

/// A row that is drawn.
struct Row<'a> {
    field: usize,
    part: Part<'a>,
}

enum Part<'a> {
    Label(&'a Field),
    /// A label and a line of its value beside it, or the line alone.
    Line {
        label: Option<&'a Field>,
        text: String,
        style: Style,
    },
    /// What is being typed.
    Typed {
        label: Option<&'a Field>,
        prompt: Prompt,
        /// The row that the cursor is in.
        here: bool,
    },
    Words(String, Style),
}

/// Draws the form over the body; gives the cursor's place.
pub(in crate::view) fn draw_form(
    canvas: &mut Canvas<'_>,
    model: &Model,
    form: &Form,
    body: Rect,
) -> Option<Position> {
    canvas.clear(body);
    let theme = canvas.theme;
    let labels = form.fields.iter().map(|field| width(&field.label));
    let labels = labels
        .max()
        .unwrap_or(0)
        .saturating_add(2)
        .min(usize::from(body.width) / 3);
    let beside = body.width >= ROOMY;
    let columns = usize::from(body.width).saturating_sub(if beside { labels + 3 } else { 4 });
    let rows: Vec<Row<'_>> = form
        .fields
        .iter()
        .enumerate()
        .flat_map(|(at, field)| {
            rows(canvas, form, at, field, beside, columns)
                .into_iter()
                .chain(offered(canvas, model, form, at, columns))
                .map(move |part| Row { field: at, part })
        })
        .collect();
    let mut top = Spot::row(body, 0);
    canvas.put(&mut top, &format!(" {} ", form.title), theme.focus);
    canvas.rule(top);
    // What is wrong with the whole form goes where it is seen, above the fields.
    let mut used = 1;
    if let Some(error) = &form.error {
        let room = usize::from(body.width).saturating_sub(4);
        let text = canvas.plain(error).into_owned();
        let most = usize::from(body.height / 3).max(1);
        for row in wrap(&text, room, room).into_iter().take(most) {
            let mut spot = Spot::row(body, used);
            spot.skip(1);
            let sign = if row.start == 0 {
                canvas.glyphs.bad
            } else {
                " "
            };
            canvas.put(&mut spot, sign, theme.bad);
            spot.skip(1);
            canvas.put(&mut spot, text.get(row).unwrap_or_default(), theme.bad);
            used = used.saturating_add(1);
        }
    }
    let news = model.notice.is_some() && form.error.is_none();
    let area = Rect {
        y: body.y.saturating_add(used),
        height: body
            .height
            .saturating_sub(used)
            .saturating_sub(u16::from(news)),
        ..body
    };
    let first = first(&rows, form.at, usize::from(area.height));
    let below = rows
        .len()
        .saturating_sub(first.saturating_add(usize::from(area.height)));
    if first > 0 || below > 0 {
        let words = format!(
            " field {} of {} ",
            form.at.saturating_add(1),
            form.fields.len()
        );
        canvas.put_right(Spot::row(body, 0), &words, theme.text);
    }
    let mut cursor = None;
    for (at, row) in (0..area.height).zip(rows.iter().skip(first)) {
        let mut spot = Spot::row(area, at);
        let here = row.field == form.at;
        cursor = draw_row(
            canvas,
            row,
            here,
            if beside { labels } else { 0 },
            &mut spot,
        )
        .or(cursor);
    }
    if news {
        let row = Rect {
            y: body.bottom().saturating_sub(1),
            height: body.height.min(1),
            ..body
        };
        draw_news(canvas, model, &mut Spot::row(row, 0));
    }
    cursor
}

/// The first row that is shown: as little is scrolled as the field that keys go to allows.
fn first(rows: &[Row<'_>], at: usize, height: usize) -> usize {
    let from = rows.iter().position(|row| row.field == at).unwrap_or(0);
    let to = rows.iter().rposition(|row| row.field == at).unwrap_or(0);
    // The next field's first row says that it goes on.
    let to = to.saturating_add(1).min(rows.len().saturating_sub(1));
    to.saturating_add(1).saturating_sub(height).min(from)
}

fn rows<'a>(
    canvas: &Canvas<'_>,
    form: &Form,
    at: usize,
    field: &'a Field,
    beside: bool,
    columns: usize,
) -> Vec<Part<'a>> {
    let theme = canvas.theme;
    let here = form.at == at;
    let mut parts = Vec::new();
    if !beside {
        parts.push(Part::Label(field));
    }
    let mut label = beside.then_some(field);
    match &field.value {
        Value::Text(prompt) | Value::Number { prompt, .. } if here && !field.secret => {
            parts.extend(typed(prompt, label));
        }
        Value::Text(prompt) | Value::Number { prompt, .. } => {
            let text = if field.secret {
                "*".repeat(prompt.text().chars().count().min(columns.saturating_sub(1)))
            } else {
                prompt.text().to_owned()
            };
            if here {
                parts.push(Part::Typed {
                    label,
                    prompt: Prompt::new(&text),
                    here: true,
                });
            } else {
                let lines = text.split('\n').count();
                let more = match lines {
                    1 => String::new(),
                    lines => format!(" (+{} lines)", lines - 1),
                };
                let text = Clean::new(text.lines().next().unwrap_or_default());
                parts.push(Part::Line {
                    label,
                    text: format!("{text}{more}"),
                    style: theme.text,
                });
            }
        }
        Value::Choice { options, at } if form.is_menu() => {
            for (place, option) in options.iter().enumerate() {
                let chosen = place == *at;
                let sign = if chosen { canvas.glyphs.here } else { " " };
                parts.push(Part::Line {
                    label: label.take(),
                    text: format!("{sign} {option}"),
                    style: if chosen { theme.heading } else { theme.text },
                });
            }
        }
        Value::Choice { options, at } => {
            let chosen = options.get(*at).map_or("", Clean::as_str);
            let all: Vec<String> = options
                .iter()
                .enumerate()
                .map(|(place, option)| {
                    if place == *at {
                        format!("[{option}]")
                    } else {
                        format!(" {option} ")
                    }
                })
                .collect();
            let all = all.join(" ");
            let text = if width(&all) <= columns {
                all
            } else {
                format!("[{chosen}]  {} of {}", at + 1, options.len())
            };
            parts.push(Part::Line {
                label,
                text,
                style: if here { theme.heading } else { theme.text },
            });
        }
    }
    if let Some(error) = &field.error {
        let text = format!("{} {}", canvas.glyphs.bad, canvas.plain(error));
        parts.extend(words(&text, columns, theme.bad));
    }
    if here && !field.help.is_empty() {
        parts.extend(words(&canvas.plain(&field.help), columns, theme.dim));
    }
    parts
}

/// What is offered for the field that keys go to: tags, around the one that is chosen.
fn offered<'a>(
    canvas: &Canvas<'_>,
    model: &Model,
    form: &Form,
    at: usize,
    columns: usize,
) -> Vec<Part<'a>> {
    let Some(tags) = tag_offers(model, form).filter(|_| form.at == at) else {
        return Vec::new();
    };
    let theme = canvas.theme;
    let first = form.offered.unwrap_or_default();
    let first = first.saturating_sub(OFFERS.saturating_sub(1));
    let mut parts: Vec<Part<'a>> = Vec::new();
    for (place, offer) in tags.offers.iter().enumerate().skip(first).take(OFFERS) {
        let chosen = form.offered == Some(place);
        let sign = if chosen { canvas.glyphs.here } else { " " };
        parts.push(Part::Line {
            label: None,
            text: format!("{sign} {}", canvas.plain(&offer.line)),
            style: if chosen { theme.heading } else { theme.text },
        });
    }
    let more = tags
        .offers
        .len()
        .saturating_sub(first.saturating_add(OFFERS));
    if more > 0 {
        parts.extend(words(&format!("{more} more"), columns, theme.dim));
    }
    if let Some(note) = &tags.note {
        parts.extend(words(&canvas.plain(note), columns, theme.dim));
    }
    parts
}

fn words<'a>(text: &str, columns: usize, style: Style) -> Vec<Part<'a>> {
    wrap(text, columns, columns)
        .into_iter()
        .map(|row| Part::Words(text.get(row).unwrap_or_default().to_owned(), style))
        .collect()
}

/// The lines of what is being typed, those around the cursor where there are many.
fn typed<'a>(prompt: &Prompt, label: Option<&'a Field>) -> Vec<Part<'a>> {
    let lines: Vec<&str> = prompt.text().split('\n').collect();
    let before: Vec<char> = prompt.text().chars().take(prompt.cursor()).collect();
    let line = before.iter().filter(|c| **c == '\n').count();
    let start = before
        .iter()
        .rposition(|c| *c == '\n')
        .map_or(0, |at| at + 1);
    let column = before.len() - start;
    let first = line.saturating_sub(LINES - 1);
    let mut label = label;
    let shown = lines.iter().enumerate().skip(first).take(LINES);
    shown
        .map(|(at, text)| {
            let mut shown = Prompt::long(text, usize::MAX, false);
            if at == line {
                shown.put_cursor(column);
            }
            Part::Typed {
                label: label.take(),
                prompt: shown,
                here: at == line,
            }
        })
        .collect()
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    row: &Row<'_>,
    here: bool,
    labels: usize,
    spot: &mut Spot,
) -> Option<Position> {
    let theme = canvas.theme;
    let label = match &row.part {
        Part::Label(field) => Some(*field),
        Part::Line { label, .. } | Part::Typed { label, .. } => *label,
        Part::Words(..) => None,
    };
    let sign = if here && label.is_some() {
        canvas.glyphs.here
    } else {
        " "
    };
    canvas.put_column(spot, sign, 1, Align::Left, theme.cursor_focus);
    if let Some(field) = label {
        let style = if here { theme.heading } else { theme.key };
        let mark = if field.required { "*" } else { "" };
        let columns = if labels > 0 { labels } else { spot.room() };
        canvas.put_column(
            spot,
            &format!("{}{mark}", field.label),
            columns,
            Align::Left,
            style,
        );
        spot.skip(1);
    } else {
        spot.skip(u16::try_from(labels).unwrap_or(0).saturating_add(1));
    }
    match &row.part {
        Part::Label(_) => None,
        Part::Line { text, style, .. } | Part::Words(text, style) => {
            canvas.put(spot, text, *style);
            None
        }
        Part::Typed { prompt, here, .. } => {
            let place = draw_typed(canvas, prompt, *spot);
            here.then_some(place)
        }
    }
}
