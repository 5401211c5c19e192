//! What keys do to the results of a query: go through them, sort them, open a row, copy it.
//!
//! The invariant: who leaves the results has the query stopped.

use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::insights::{Insights, QueryStage};
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::overlays::query;
use crate::app::overlays::viewer::moves;
use crate::app::panes::copying;
use crate::app::reads::querying;
use crate::keys::Action;
use crate::logs::insights::{documents, marked, shown_columns};
use crate::text::Clean;

/// Rows above and below those of the results: header, verdict, title, headings, the price, the bottom line.
const AROUND: u16 = 7;

/// Takes a key while results are on the screen.
pub(in crate::app) fn in_results(model: &mut Model, action: Option<Action>) -> Vec<Effect> {
    let Some(mut insights) = model.insights.take() else {
        return Vec::new();
    };
    model.notice = None;
    let page = usize::from(model.size.1.saturating_sub(AROUND)).max(1);
    let last = insights.table.order.len().saturating_sub(1);
    let to = |at: usize| at.min(last);
    let before = insights.at;
    let mut effects = Vec::new();
    match action {
        Some(Action::Confirm) if insights.stage == QueryStage::Asking => insights.agree(),
        Some(Action::Accept) if insights.stage == QueryStage::Asking => {
            let text = "enter alone does not pay for it: y searches, esc leaves";
            model.note(Tone::Plain, Clean::literal(text));
        }
        Some(Action::Back | Action::Leave | Action::Cancel | Action::Quit) => {
            let runs = insights.stage == QueryStage::Running;
            model.insights = Some(insights);
            querying::leave(model);
            if runs {
                let text = "CloudWatch is told to stop the query";
                model.note(Tone::Plain, Clean::literal(text));
            }
            return effects;
        }
        Some(Action::Query) => {
            let text = insights.wish.text.replace('\n', " ");
            model.insights = Some(insights);
            querying::leave(model);
            query::begin(model, &text);
            return effects;
        }
        Some(Action::Help) => {
            model.overlay = Some(Overlay::Viewer(help(model)));
        }
        Some(action) if moves(action) && insights.table.order.is_empty() => {
            model.note(Tone::Plain, Clean::literal("there are no rows"));
        }
        Some(action) if moves(action) => {
            let half = (page / 2).max(1);
            insights.at = match action {
                Action::Down => to(before.saturating_add(1)),
                Action::Up => before.saturating_sub(1),
                Action::PageDown => to(before.saturating_add(page)),
                Action::PageUp => before.saturating_sub(page),
                Action::HalfDown => to(before.saturating_add(half)),
                Action::HalfUp => before.saturating_sub(half),
                Action::GoTop => 0,
                _ => last,
            };
            if insights.at == before {
                let end = if before == 0 {
                    "this is the first row"
                } else {
                    "this is the last row"
                };
                model.note(Tone::Plain, Clean::literal(end));
            }
        }
        Some(action @ (Action::SortNext | Action::SortPrevious)) => {
            let forward = action == Action::SortNext;
            insights.table.sort_next(&insights.results, forward);
            say_order(model, &insights);
        }
        Some(Action::SortReverse) => {
            if insights.table.reverse(&insights.results) {
                say_order(model, &insights);
            } else {
                let text = "the order is the query's: > sorts by a column, = then turns it round";
                model.note(Tone::Plain, Clean::literal(text));
            }
        }
        Some(action @ (Action::Open | Action::Describe | Action::Raw | Action::Copy)) => {
            match chosen(&insights) {
                None => model.note(Tone::Plain, Clean::literal("there are no rows")),
                Some(row) if action == Action::Copy => {
                    let text = cells(&insights, row);
                    effects = copying::copy(model, text, "the row");
                }
                Some(row) => {
                    let viewer = if action == Action::Raw {
                        raw(&insights, row)
                    } else {
                        opened(&insights, row)
                    };
                    model.overlay = Some(Overlay::Viewer(viewer));
                }
            }
        }
        Some(Action::SaveLog | Action::Export) if insights.results.rows.is_empty() => {
            model.note(Tone::Plain, Clean::literal("there are no rows to save"));
        }
        Some(Action::SaveLog | Action::Export) => {
            let lines: Vec<String> = documents(&insights.results)
                .map(|row| format!("{row}\n"))
                .collect();
            effects.push(Effect::Worker(WorkerEffect::Save {
                stem: Clean::literal("query"),
                text: lines.concat(),
            }));
        }
        _ => {
            let text =
                "these are a query's results: enter opens a row, < > = sort, c copies, esc closes";
            model.note(Tone::Plain, Clean::literal(text));
        }
    }
    model.insights = Some(insights);
    if model.overlay.is_none() {
        model.overlay = Some(Overlay::Results);
    }
    effects
}

fn say_order(model: &mut Model, insights: &Insights) {
    let descending = insights.table.sort.is_some_and(|sort| sort.descending);
    let text = match insights.table.sorted_by() {
        None => "sorted as the query has it".to_owned(),
        Some(column) if descending => format!("sorted by {column}, reversed"),
        Some(column) => format!("sorted by {column}"),
    };
    model.note(Tone::Plain, Clean::own(text));
}

/// The place of the row that the cursor stands on.
fn chosen(insights: &Insights) -> Option<usize> {
    insights.table.order.get(insights.at).copied()
}

/// The fields of a row that people look at, with their names.
fn fields(insights: &Insights, row: usize) -> Vec<(&Clean, &Clean)> {
    let cells = insights.results.rows.get(row);
    let columns = shown_columns(&insights.results).into_iter();
    columns
        .filter_map(|(at, name)| Some((name, cells?.get(at)?.as_ref()?)))
        .collect()
}

/// A row for a chat: its cells side by side, a lone one as it is.
fn cells(insights: &Insights, row: usize) -> Clean {
    let fields = fields(insights, row);
    let cells: Vec<String> = match fields.as_slice() {
        [(_, one)] => vec![one.to_string()],
        many => many
            .iter()
            .map(|(_, cell)| Clean::new(cell).to_string())
            .collect(),
    };
    Clean::own(cells.join("  "))
}

/// A row in full: each field with its name, texts in all their lines.
fn opened(insights: &Insights, row: usize) -> Viewer {
    let mut lines = Vec::new();
    for (name, text) in fields(insights, row) {
        let mut parts = text.lines();
        let first = parts.next().unwrap_or_default();
        lines.push(Line {
            label: name.clone(),
            text: Clean::new(first),
            style: Style::Plain,
        });
        lines.extend(parts.map(|part| Line::new(Style::Plain, Clean::new(part))));
    }
    Viewer::new(titled(insights), lines)
}

fn raw(insights: &Insights, row: usize) -> Viewer {
    let document = documents(&insights.results).nth(row).unwrap_or_default();
    Viewer::text(titled(insights), &format!("{document:#}"))
}

fn titled(insights: &Insights) -> Clean {
    let at = insights.at.saturating_add(1);
    let of = insights.table.order.len();
    Clean::own(format!("row {at} of {of}"))
}

fn help(model: &Model) -> Viewer {
    let scope = model.scope();
    let keymap = &model.setup.keymap;
    let rows = [
        (Action::Open, "Open the row in full."),
        (Action::Raw, "Show the row as JSON."),
        (Action::SortNext, "Sort by the next column."),
        (Action::SortPrevious, "Sort by the column before."),
        (Action::SortReverse, "Turn the order round."),
        (Action::Copy, "Copy the row."),
        (Action::SaveLog, "Save all rows to a file, as JSON lines."),
        (Action::Query, "Change the query."),
        (
            Action::Back,
            "Close the results; a query that runs is stopped.",
        ),
    ];
    let lines = rows.into_iter().filter_map(|(action, help)| {
        // Some stand in the log pane's keys alone.
        let keys = keymap.keys(action, scope).join(" ");
        (!keys.is_empty()).then(|| Line {
            label: Clean::own(keys),
            text: Clean::literal(help),
            style: Style::Plain,
        })
    });
    let lines = lines.collect();
    Viewer::new(Clean::literal("keys of a query's results"), lines)
}

/// What is said of a query in place of its rows, or above them while it runs. Empty: the rows say it all.
pub fn result_lines(insights: &Insights) -> Vec<Line> {
    let plain = |text: String| Line::new(Style::Plain, Clean::own(text));
    let bad = |text: String| Line::new(Style::Bad, Clean::own(text));
    match &insights.stage {
        QueryStage::Locating(why) if why.is_empty() => {
            vec![plain("looking for the log groups\u{2026}".to_owned())]
        }
        QueryStage::Locating(why) => vec![plain(why.to_string())],
        QueryStage::Sizing => vec![plain(
            "asking how much the log groups hold\u{2026}".to_owned(),
        )],
        QueryStage::Asking => {
            let expected = insights.expected.map(|expected| expected.words());
            vec![
                Line::new(Style::Warn, Clean::own(expected.unwrap_or_default())),
                Line::new(
                    Style::Key,
                    Clean::literal("y searches them; esc leaves, and nothing is paid"),
                ),
            ]
        }
        QueryStage::Running if insights.results.rows.is_empty() => vec![plain(format!(
            "CloudWatch is searching\u{2026} {} lines so far",
            insights.results.statistics.records_scanned
        ))],
        QueryStage::Over if insights.results.rows.is_empty() => {
            vec![plain("no rows".to_owned())]
        }
        QueryStage::Running | QueryStage::Over => Vec::new(),
        QueryStage::NoGroup(group) => vec![bad(format!("there is no log group {group}"))],
        QueryStage::Wrong(problem) => {
            let words = marked(&insights.wish.text, problem).into_iter();
            let mut lines = vec![bad("CloudWatch does not understand the query:".to_owned())];
            lines.extend(words.map(|line| Line::new(Style::Plain, line)));
            lines
        }
        QueryStage::Failed(error) => vec![bad(error.to_string())],
        QueryStage::Impossible(why) => vec![bad(why.to_string())],
    }
}
