//! Where everything lies on the screen.
//!
//! The invariants: a list never has more rows than it can fill, and an empty
//! one has its title alone, so that nobody's lines are hidden beside blank ones
//! of a list; what is selected moves no pane, so the rows of tasks and the
//! words of the cause have no say; the log spans the full width, so that the
//! terminal can scroll it.

use ecsdeck_core::app::{Model, Pane, PaneState};
use ratatui::layout::Rect;

/// The least screen that anything is drawn on.
pub(super) const LEAST: (u16, u16) = (40, 10);

/// The panes that lie side by side.
const PLACED: [Pane; 6] = [
    Pane::Services,
    Pane::Tasks,
    Pane::Detail,
    Pane::Queues,
    Pane::Work,
    Pane::Logs,
];

/// Where what lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    /// Who and where we are.
    pub(super) header: Rect,
    /// What keeps us from reading or writing; may have no rows.
    pub(super) banner: Rect,
    /// How the selected row is, and why.
    pub(super) verdict: Rect,
    /// All between the verdict and the last line.
    pub(super) body: Rect,
    /// The panes, each with its title in its first row.
    pub(super) panes: Vec<(Pane, Rect)>,
    /// Rules between panes that lie side by side.
    pub(super) sides: Vec<Rect>,
    /// Hints, notices, what is typed.
    pub(super) bottom: Rect,
}

/// Takes rows off the top of what is left.
fn take(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let taken = Rect {
        height: rows,
        ..*rest
    };
    *rest = Rect {
        y: rest.y.saturating_add(rows),
        height: rest.height.saturating_sub(rows),
        ..*rest
    };
    taken
}

/// Takes columns off the left of what is left.
fn take_left(rest: &mut Rect, columns: u16) -> Rect {
    let columns = columns.min(rest.width);
    let taken = Rect {
        width: columns,
        ..*rest
    };
    *rest = Rect {
        x: rest.x.saturating_add(columns),
        width: rest.width.saturating_sub(columns),
        ..*rest
    };
    taken
}

/// A share of so many hundredths.
fn share(of: u16, hundredths: u16) -> u16 {
    u16::try_from(u32::from(of) * u32::from(hundredths) / 100).unwrap_or(of)
}

impl Layout {
    pub(super) fn new(area: Rect, model: &Model, banner_rows: u16) -> Self {
        let mut rest = area;
        let header = take(&mut rest, 1);
        let banner = take(&mut rest, banner_rows.min(2));
        let verdict = take(&mut rest, verdict_rows(area));
        let body_rows = rest.height.saturating_sub(1);
        let body = take(&mut rest, body_rows);
        let mut layout = Self {
            header,
            banner,
            verdict,
            body,
            bottom: rest,
            ..Self::default()
        };
        match model.zoom {
            Some(pane) => layout.panes.push((pane, body)),
            // A timeline needs the whole width, and the log stays in sight below it.
            None if model.reads_at_length() && area.width >= 70 && area.height >= 20 => {
                layout.one_column(Pane::Detail);
            }
            // A pane that has no place among the others has theirs while keys go there.
            None if !PLACED.contains(&model.focus) => layout.one_column(model.focus),
            None if area.width < 70 || area.height < 20 => {
                layout.one_column(model.focus);
                if model.focus == Pane::Services {
                    layout.cause_below_services(model);
                }
            }
            None => {
                let needed = Needed::of(model);
                // A third column for two titles would be blank.
                let third = needed.queues > 1 || needed.work > 1;
                if third && area.width >= 160 && area.height >= 30 {
                    layout.three_columns(&needed);
                } else {
                    layout.two_columns(&needed);
                }
            }
        }
        layout
    }

    /// One pane and the log.
    fn one_column(&mut self, focus: Pane) {
        // Two panes of one or two rows each would show neither.
        if focus == Pane::Logs || self.body.height < 7 {
            self.panes.push((focus, self.body));
            return;
        }
        let mut rest = self.body;
        let logs = share(rest.height, 40).max(3);
        let upper = take(&mut rest, self.body.height.saturating_sub(logs));
        self.panes.extend([(focus, upper), (Pane::Logs, rest)]);
    }

    /// The rows that few services leave are the cause's.
    fn cause_below_services(&mut self, model: &Model) {
        let [(_, services), (_, logs)] = self.panes.as_slice() else {
            return;
        };
        let (mut services, logs) = (*services, *logs);
        let needed = needed(model, Pane::Services, model.service_rows().len());
        // A title and two lines, or it says nothing.
        if services.height.saturating_sub(needed) < 3 {
            return;
        }
        let upper = take(&mut services, needed);
        self.panes = vec![
            (Pane::Services, upper),
            (Pane::Detail, services),
            (Pane::Logs, logs),
        ];
    }

    /// Services over the cause; tasks over queues over work.
    fn two_columns(&mut self, needed: &Needed) {
        let mut logs = self.body;
        // The log keeps a title and five lines.
        let rows = share(self.body.height, 65)
            .max(14)
            .min(self.body.height.saturating_sub(6));
        let upper = take(&mut logs, rows);
        let mut right = upper;
        let mut left = take_left(&mut right, share(upper.width, 49));
        self.sides.push(take_left(&mut right, 1));
        // Many services need more than the words on one of them, once there is room for both.
        let most = if upper.height < 20 { 46 } else { 60 };
        let most = share(upper.height, most).max(5);
        let services = take(&mut left, needed.services.min(most));
        // The tasks keep their share, and get what the lists below them do not need.
        let tasks = if needed.works_below { 45 } else { 50 };
        let lists = right
            .height
            .saturating_sub(share(upper.height, tasks).max(5));
        let queues = needed.queues.min(share(upper.height, 24).max(4));
        let work = needed.work.min(lists.saturating_sub(queues));
        let rows = right.height.saturating_sub(queues.saturating_add(work));
        let tasks = take(&mut right, rows);
        let queues = take(&mut right, queues);
        self.panes.extend([
            (Pane::Services, services),
            (Pane::Tasks, tasks),
            (Pane::Detail, left),
            (Pane::Queues, queues),
            (Pane::Work, right),
            (Pane::Logs, logs),
        ]);
    }

    /// Services and tasks side by side over the cause; queues over work beside them.
    fn three_columns(&mut self, needed: &Needed) {
        let mut logs = self.body;
        let upper = take(&mut logs, share(self.body.height, 62));
        let mut right = upper;
        let mut detail = take_left(&mut right, share(upper.width, 70));
        self.sides.push(take_left(&mut right, 1));
        let mut tasks = take(&mut detail, share(upper.height, 52));
        let half = share(tasks.width, 54);
        let services = take_left(&mut tasks, half);
        self.sides.push(take_left(&mut tasks, 1));
        let work = needed.work;
        // Each has its share, and what the other does not need.
        let rows = needed
            .queues
            .min(share(upper.height, 36).max(upper.height.saturating_sub(work)));
        let queues = take(&mut right, rows);
        self.panes.extend([
            (Pane::Services, services),
            (Pane::Tasks, tasks),
            (Pane::Detail, detail),
            (Pane::Queues, queues),
            (Pane::Work, right),
            (Pane::Logs, logs),
        ]);
    }
}

/// Rows in which lists are whole: title, headings and rows.
struct Needed {
    /// Keys go to the lists below the tasks: they get a row more.
    works_below: bool,
    services: u16,
    queues: u16,
    work: u16,
}

impl Needed {
    fn of(model: &Model) -> Self {
        Self {
            works_below: matches!(model.focus, Pane::Queues | Pane::Work),
            services: needed(model, Pane::Services, model.service_rows().len()),
            queues: needed(
                model,
                Pane::Queues,
                model.queues.rows(model.setup.deck.as_ref()).len(),
            ),
            work: needed(model, Pane::Work, model.work_rows().len()),
        }
    }
}

fn needed(model: &Model, pane: Pane, rows: usize) -> u16 {
    // What went wrong has a line or two below the rows.
    let failed = match model.pane_state(pane) {
        PaneState::Failed(_, error) if !error.is_about_credentials() => 3,
        _ => 0,
    };
    let shown = match rows {
        0 if model.focus != pane && failed == 0 => 0,
        // In words, that there is nothing.
        0 => 1,
        rows => u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(1),
    };
    shown.saturating_add(1).saturating_add(failed)
}

/// Rows for the verdict: as many as its words need at that width, as a rule, and never so many that the panes suffer.
fn verdict_rows(area: Rect) -> u16 {
    match (area.width, area.height) {
        (..70, 20..) => 4,
        (..70, _) => 3,
        (_, 12..) => 2,
        _ => 1,
    }
}
