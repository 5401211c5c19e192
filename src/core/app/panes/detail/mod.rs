//! What the detail pane says.

pub(in crate::app) mod asked;
pub(in crate::app) mod compare;
pub(in crate::app) mod deployments;
pub(in crate::app) mod difference;
pub(in crate::app) mod events;
pub(in crate::app) mod style;
pub(in crate::app) mod task;
pub(in crate::app) mod timeline;
pub(in crate::app) mod why;

use super::detail::deployments::deployment_lines;
use super::detail::task::task_lines;
use crate::app::model::Model;
use crate::app::model::pane::{DetailMode, Pane};
use crate::app::model::viewer::{Line, Style};
use crate::app::model::work_pane::WorkRow;
use crate::domain::{Row, Task, TaskDefinition};
use crate::text::{Clean, age, clock};

impl Model {
    /// The detail pane's title.
    pub fn detail_title(&self) -> Clean {
        let name = self
            .selected()
            .map(|row| row.name.clone())
            .unwrap_or_default();
        match self.detail {
            DetailMode::Why => match self.task_in_detail() {
                Some(task) => Clean::own(format!("task {}", Clean::new(task.short_id()))),
                None => Clean::own(format!("why {name}")),
            },
            DetailMode::Timeline => Clean::own(format!("timeline {name}")),
            DetailMode::Difference => super::detail::difference::title(self, &name),
            DetailMode::Deployments => Clean::own(format!("deployments {name}")),
        }
    }

    /// The detail pane's lines.
    pub fn detail_lines(&self) -> Vec<Line> {
        match self.detail {
            DetailMode::Why => match self.task_in_detail() {
                Some(task) => {
                    let mut lines = task_lines(task, self.definition_of(task), self.now());
                    lines.splice(1..1, self.kept_line(task));
                    lines
                }
                None => super::detail::why::lines(self),
            },
            DetailMode::Timeline => super::detail::timeline::lines(self),
            DetailMode::Difference => super::detail::difference::lines(self),
            DetailMode::Deployments => self
                .selected_service()
                .map(|service| deployment_lines(service, self.now()))
                .unwrap_or_else(no_service),
        }
    }

    /// That a task is known only because it was kept here.
    pub(in crate::app) fn kept_line(&self, task: &Task) -> Option<Line> {
        let since = self.fleet.kept_since(&task.arn)?;
        let text = format!(
            "AWS has forgotten it; kept here since {} UTC, {} ago",
            clock(since),
            age(since, self.now())
        );
        Some(Line::of("kept", Style::Warn, Clean::own(text)))
    }

    /// Whether the detail pane is read at length, and has the width of the screen for it.
    pub fn reads_at_length(&self) -> bool {
        self.focus == Pane::Detail
            && matches!(self.detail, DetailMode::Timeline | DetailMode::Difference)
    }

    /// The task that the detail pane is about: only while the tasks pane has the focus.
    fn task_in_detail(&self) -> Option<&Task> {
        (self.focus == Pane::Tasks)
            .then(|| self.selected_task())
            .flatten()
    }

    pub(in crate::app) fn definition_of(&self, task: &Task) -> Option<&TaskDefinition> {
        self.fleet
            .definitions
            .get(&task.definition)
            .map(std::convert::AsRef::as_ref)
    }

    /// The selected work item: its key and its attributes.
    pub fn selected_work(&self) -> Option<(Clean, Row)> {
        let on = self.work.list.cursor.on()?;
        self.work_rows().into_iter().find_map(|row| match row {
            WorkRow::Item { key, id, row, .. } if key == *on => Some((id, row.clone())),
            _ => None,
        })
    }

    /// The rows of the work pane.
    pub fn work_rows(&self) -> Vec<WorkRow<'_>> {
        self.work.rows(
            self.setup.deck.as_ref(),
            &crate::app::reads::discovery::wanted_tables(self),
        )
    }
}

fn no_service() -> Vec<Line> {
    vec![Line::new(
        Style::Dim,
        Clean::literal("these tasks belong to no service"),
    )]
}
