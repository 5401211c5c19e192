//! The tasks pane.

use ecsdeck_core::app::{Model, Pane, TaskRow, coarse, task_status};
use ecsdeck_core::domain::{Health, TaskStatus};
use ecsdeck_core::text::{Align, width};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, Mark, Spot};
use super::failure::draw_failure;
use super::list::top;
use super::title::{Tint, Title};

/// From this width on, health, exit code and address have columns of their own.
const ROOMY: usize = 74;

pub(super) fn draw_tasks(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.task_rows();
    let height = usize::from(area.height.saturating_sub(1));
    let first = top(model.tasks.cursor.place(), height, rows.len());
    let number = |of: u32| usize::try_from(of).unwrap_or(usize::MAX);
    let shown = |row: &TaskRow| number(row.count.saturating_sub(row.kept_count));
    let tasks: usize = rows.iter().map(shown).sum();
    let kept: usize = rows.iter().map(|row| number(row.kept_count)).sum();
    let failed: usize = rows.iter().filter(|row| row.failed).map(shown).sum();
    let mut title = Title::new(format!("Tasks {tasks}"));
    if failed > 0 {
        title = title.note(format!("{failed} failed"), Tint::Bad);
    }
    if kept > 0 {
        title = title.note(format!("{kept} kept"), Tint::Dim);
    }
    if model.marked() > 0 {
        title = title.note(format!("{} marked", model.marked()), Tint::Warn);
    }
    if !model.show_stopped {
        title = title.note("running only", Tint::Warn);
    }
    title = title
        .filter(model.tasks.filter.text())
        .window(first, height, rows.len());
    let area = title.draw(canvas, model, Pane::Tasks, area);
    let area = draw_failure(canvas, model, Pane::Tasks, area, rows.len());
    if rows.is_empty() && area.height > 0 {
        let mut spot = Spot::row(area, 0);
        spot.skip(1);
        let style = canvas.theme.dim;
        canvas.put(&mut spot, nothing(model), style);
        return;
    }
    let first = top(
        model.tasks.cursor.place(),
        usize::from(area.height),
        rows.len(),
    );
    let shown = rows.get(first..).unwrap_or_default();
    let shown = shown.get(..usize::from(area.height)).unwrap_or(shown);
    let status = shown
        .iter()
        .map(|row| task_status(row.status).len())
        .max()
        .unwrap_or(0);
    let revision = shown
        .iter()
        .map(|row| width(revision(row)))
        .max()
        .unwrap_or(0)
        .min(8);
    for (at, row) in (0..area.height).zip(shown) {
        draw_row(canvas, model, row, (status, revision), Spot::row(area, at));
    }
}

/// Which task it is; of several that ended for the same reason, how many.
fn which(row: &TaskRow) -> String {
    if row.count > 1 {
        format!("\u{d7}{}", row.count)
    } else {
        row.id.to_string()
    }
}

/// Since when tasks have been ending for the same reason.
fn since_first(row: &TaskRow, model: &Model) -> Option<String> {
    let first = row.first?;
    Some(format!("since {}", coarse(first, model.now())))
}

fn nothing(model: &Model) -> &'static str {
    let unread = model.fleet.tasks_listed.is_empty();
    match () {
        () if model.selected().is_none() => "nothing is selected",
        () if unread => "asking AWS for tasks",
        () if !model.tasks.filter.is_empty() => "no task passes the filter",
        () if !model.show_stopped => "no task runs",
        () => "no task has run in the last hour",
    }
}

/// `:7` of `family:7`.
fn revision(row: &TaskRow) -> &str {
    row.revision
        .rfind(':')
        .and_then(|at| row.revision.get(at..))
        .unwrap_or(&row.revision)
}

fn sign(canvas: &Canvas<'_>, row: &TaskRow) -> (&'static str, Style) {
    let (glyphs, theme) = (canvas.glyphs, canvas.theme);
    match row.status {
        _ if row.failed => (glyphs.bad, theme.bad),
        TaskStatus::Running if row.health == Health::Unhealthy => (glyphs.warn, theme.warn),
        TaskStatus::Running => (glyphs.good, theme.good),
        TaskStatus::Provisioning | TaskStatus::Pending | TaskStatus::Activating => {
            (glyphs.way, theme.text)
        }
        TaskStatus::Deactivating | TaskStatus::Stopping | TaskStatus::Deprovisioning => {
            (glyphs.way, theme.dim)
        }
        TaskStatus::Stopped | TaskStatus::Deleted => (glyphs.rest, theme.dim),
        TaskStatus::Other => (glyphs.unknown, theme.warn),
    }
}

fn health(row: &TaskRow) -> &'static str {
    match row.health {
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
        Health::Unknown => "",
    }
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    model: &Model,
    row: &TaskRow,
    (status, revisions): (usize, usize),
    mut spot: Spot,
) {
    let theme = canvas.theme;
    let here = model.tasks.cursor.on() == Some(&row.key);
    let roomy = spot.room() >= ROOMY;
    let (glyph, style) = sign(canvas, row);
    canvas.put_mark(
        &mut spot,
        Mark::new(here, model.focus == Pane::Tasks),
        glyph,
        style,
    );
    if model.is_marked(&row.key) {
        // In the blank before the words.
        let mut blank = Spot {
            x: spot.x.saturating_sub(1),
            ..spot
        };
        canvas.put(&mut blank, "*", theme.key);
    }
    canvas.put_column(
        &mut spot,
        task_status(row.status),
        status,
        Align::Left,
        style,
    );
    spot.skip(1);
    let several = if row.count > 1 {
        theme.heading
    } else {
        theme.text
    };
    canvas.put_name(&mut spot, &which(row), 8, several);
    spot.skip(1);
    canvas.put_column(&mut spot, revision(row), revisions, Align::Left, theme.text);
    spot.skip(1);
    let since = row
        .stopped
        .or(row.since)
        .map(|since| coarse(since, model.now()))
        .unwrap_or_default();
    canvas.put_column(&mut spot, &since, 4, Align::Right, theme.text);
    spot.skip(2);
    let exit = row
        .exit_code
        .filter(|_| row.stopped.is_some())
        .map(|code| format!("exit {code}"))
        .unwrap_or_default();
    let bad = if row.failed { theme.bad } else { theme.text };
    if roomy {
        let ill = row.health == Health::Unhealthy;
        canvas.put_column(
            &mut spot,
            health(row),
            9,
            Align::Left,
            if ill { theme.warn } else { theme.text },
        );
        spot.skip(1);
        canvas.put_column(&mut spot, &exit, 8, Align::Left, bad);
        spot.skip(1);
    } else {
        if row.health == Health::Unhealthy {
            canvas.put(&mut spot, "unhealthy ", theme.warn);
        }
        // Of what ended well the number 0 says nothing that the sign does not say.
        if row.failed && !exit.is_empty() {
            canvas.put(&mut spot, &exit, bad);
            spot.skip(1);
        }
    }
    if let Some(since) = since_first(row, model).filter(|_| roomy) {
        canvas.put(&mut spot, &since, theme.dim);
        spot.skip(2);
    }
    // Nobody finds it in AWS any more.
    if row.kept.is_some() {
        canvas.put(&mut spot, "kept", theme.caution);
        spot.skip(1);
    }
    let note = if row.failed { theme.text } else { theme.dim };
    // Of a task that runs, AWS says only which deployment began it, and the revision says that better.
    if !row.note.starts_with("ecs-svc/") {
        canvas.put_words(&mut spot, &row.note, note);
        spot.skip(2);
    }
    if let Some(address) = row
        .address
        .as_ref()
        .filter(|_| row.stopped.is_none() && spot.room() >= 7)
    {
        canvas.put(&mut spot, address, theme.dim);
    }
}
