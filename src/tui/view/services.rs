//! The services pane.

use ecsdeck_core::app::{Model, Pane, ServiceRow, coarse};
use ecsdeck_core::text::{Align, width};
use ratatui::layout::Rect;

use super::canvas::{Canvas, Mark, Spot};
use super::failure::draw_failure;
use super::list::top;
use super::title::{Tint, Title};
use super::verdict::{short_word, verdict_style, word};

/// From this width on, rows have their cluster and their age.
const ROOMY: usize = 64;
/// From this width on, verdicts have their full words.
const WORDY: usize = 100;

/// Columns that a row's parts have, the same in every row that is shown.
struct Columns {
    wordy: bool,
    verdict: usize,
    name: usize,
    cluster: usize,
    counts: usize,
    age: usize,
}

pub(super) fn draw_services(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.service_rows();
    // The most broken come first.
    let troubled = rows.partition_point(|row| row.verdict.is_bad_news());
    let height = usize::from(area.height.saturating_sub(1));
    let first = top(model.services.cursor.place(), height, rows.len());
    let mut title = Title::new(format!("Services {}", rows.len()));
    if troubled > 0 {
        title = title.note(format!("{troubled} in trouble"), Tint::Bad);
    }
    if model.problems_only {
        title = title.note("problems only", Tint::Warn);
    }
    title = title.filter(model.services.filter.text());
    if model.hidden_services() > 0 {
        title = title.note(format!("{} hidden", model.hidden_services()), Tint::Dim);
    }
    title = title.window(first, height, rows.len());
    let area = title.draw(canvas, model, Pane::Services, area);
    let area = draw_failure(canvas, model, Pane::Services, area, rows.len());
    let first = top(
        model.services.cursor.place(),
        usize::from(area.height),
        rows.len(),
    );
    let shown = rows.get(first..).unwrap_or_default();
    let shown = shown.get(..usize::from(area.height)).unwrap_or(shown);
    let columns = Columns::new(shown, usize::from(area.width));
    for (at, row) in (0..area.height).zip(shown) {
        draw_row(canvas, model, row, &columns, Spot::row(area, at));
    }
}

/// Running of desired, and what is on its way.
fn counts(row: &ServiceRow) -> String {
    let pending = if row.pending > 0 {
        format!("+{}", row.pending)
    } else {
        String::new()
    };
    match row.desired {
        Some(desired) => format!("{}{pending}/{desired}", row.running),
        None if row.revision.is_empty() => "-".to_owned(),
        None => format!("{}{pending}", row.running),
    }
}

impl Columns {
    /// Only what is shown is looked at: a key must not cost more where there are more services.
    fn new(rows: &[ServiceRow], room: usize) -> Self {
        let widest = |of: &dyn Fn(&ServiceRow) -> usize| rows.iter().map(of).max().unwrap_or(0);
        let (roomy, wordy) = (room >= ROOMY, room >= WORDY);
        let verdict = widest(&|row| {
            if wordy {
                row.verdict.word().len()
            } else {
                short_word(row.verdict).len()
            }
        });
        let counts = widest(&|row| counts(row).len()).min(9);
        let several = rows
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.cluster != b.cluster));
        let cluster = if several && roomy {
            widest(&|row| width(&row.cluster)).min(room / 5)
        } else {
            0
        };
        let longest = widest(&|row| width(&row.name));
        // Cursor, sign and a blank, and a blank behind every column.
        let rest = room
            .saturating_sub(2 + 1 + verdict + 1 + cluster + usize::from(cluster > 0) + 1 + counts);
        // A name that can be read is worth more than an age, which the verdict above says too.
        let age = if longest.saturating_add(5) <= rest || roomy {
            4
        } else {
            0
        };
        let name = longest.min(if age > 0 {
            rest.saturating_sub(age + 1)
        } else {
            rest
        });
        Self {
            wordy,
            verdict,
            name,
            cluster,
            counts,
            age,
        }
    }
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    model: &Model,
    row: &ServiceRow,
    columns: &Columns,
    mut spot: Spot,
) {
    let theme = canvas.theme;
    let here = model.services.cursor.on() == Some(&row.key);
    let style = verdict_style(theme, row.verdict);
    let mark = Mark::new(here, model.focus == Pane::Services);
    canvas.put_mark(&mut spot, mark, canvas.glyphs.verdict(row.verdict), style);
    let verdict = if columns.wordy {
        word(row.verdict)
    } else {
        short_word(row.verdict).to_owned()
    };
    canvas.put_column(&mut spot, &verdict, columns.verdict, Align::Left, style);
    spot.skip(1);
    canvas.put_name(&mut spot, &row.name, columns.name, theme.text);
    spot.skip(1);
    if columns.cluster > 0 {
        canvas.put_name(&mut spot, &row.cluster, columns.cluster, theme.dim);
        spot.skip(1);
    }
    let short = row.desired.is_some_and(|desired| row.running < desired);
    canvas.put_column(
        &mut spot,
        &counts(row),
        columns.counts,
        Align::Right,
        if short { theme.warn } else { theme.text },
    );
    spot.skip(1);
    let since = row
        .since
        .map(|since| coarse(since, model.now()))
        .unwrap_or_default();
    canvas.put_column(&mut spot, &since, columns.age, Align::Right, theme.text);
    spot.skip(2);
    // A few columns of a sentence say nothing.
    if spot.room() >= 16 {
        canvas.put_words(
            &mut spot,
            &row.summary,
            if row.verdict.is_bad_news() {
                theme.text
            } else {
                theme.dim
            },
        );
    }
}
