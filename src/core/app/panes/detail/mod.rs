//! What the detail pane says.

pub(in crate::app) mod asked;
pub(in crate::app) mod compare;
pub(in crate::app) mod deployments;
pub(in crate::app) mod difference;
pub(in crate::app) mod events;
pub(in crate::app) mod task;
pub(in crate::app) mod timeline;
pub(in crate::app) mod why;

use super::moving::go;
use super::services;
use super::spec::{Needs, Spec};
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::Motion;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::DetailMode;
use crate::app::model::viewer::{Line, Style};
use crate::domain::{Task, TaskDefinition};
use crate::keys::Pane;
use crate::text::Clean;
use deployments::deployment_lines;
use task::{kept_line, task_lines};

pub(in crate::app) const SPEC: Spec = Spec {
    needs: Needs {
        verdicts: true,
        causes: true,
        tasks: true,
        definitions: true,
    },
    part: services::part,
    step,
    open: |model| model.overlay = services::describe::describe(model).map(Overlay::Viewer),
    filter: |model| {
        Some(if model.detail == DetailMode::Timeline {
            &model.timeline_filter
        } else {
            &model.services.filter
        })
    },
    set_filter,
    copy: services::copy,
    describe: services::describe::describe,
    raw: services::describe::raw,
    ..Spec::blank(Pane::Detail)
};

fn step(model: &mut Model, motion: Motion) {
    let lines = model.detail_lines().len().saturating_sub(1);
    model.detail_top = match motion {
        Motion::By(by) => model.detail_top.saturating_add_signed(by).min(lines),
        Motion::First => 0,
        Motion::Last => lines,
    };
}

fn set_filter(model: &mut Model, filter: Filter) {
    if model.detail == DetailMode::Timeline {
        model.timeline_filter = filter;
        model.detail_top = 0;
    } else {
        services::set_filter(model, filter);
    }
}

/// Shows it in a mode, or goes back to what it was where it is in that mode.
pub(in crate::app) fn show(model: &mut Model, mode: DetailMode) {
    model.detail_top = 0;
    let at_length = model.reads_at_length();
    // The same key once more goes back to what it was.
    let shown = mode != DetailMode::Why || model.focus == Pane::Detail;
    if model.detail == mode && shown {
        model.detail = DetailMode::Why;
        if at_length || mode == DetailMode::Why {
            go(model, Pane::Services);
        }
        return;
    }
    model.detail = mode;
    match mode {
        // Keys go where the words are: scrolling them must not move what they are about.
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => go(model, Pane::Detail),
        DetailMode::Deployments => {}
    }
}

/// Goes back to why. Returns whether it showed anything else.
pub(in crate::app) fn back_to_why(model: &mut Model) -> bool {
    if model.reads_at_length() {
        model.focus = Pane::Services;
    }
    std::mem::replace(&mut model.detail, DetailMode::Why) != DetailMode::Why
}

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
            DetailMode::Difference => difference::title(self, &name),
            DetailMode::Deployments => Clean::own(format!("deployments {name}")),
        }
    }

    /// The detail pane's lines.
    pub fn detail_lines(&self) -> Vec<Line> {
        match self.detail {
            DetailMode::Why => match self.task_in_detail() {
                Some(task) => {
                    let mut lines = task_lines(task, self.definition_of(task), self.now());
                    lines.splice(1..1, kept_line(self, task));
                    lines
                }
                None => why::lines(self),
            },
            DetailMode::Timeline => timeline::lines(self),
            DetailMode::Difference => difference::lines(self),
            DetailMode::Deployments => self
                .selected_service()
                .map(|service| deployment_lines(service, self.now()))
                .unwrap_or_else(no_service),
        }
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
}

fn no_service() -> Vec<Line> {
    vec![Line::new(
        Style::Dim,
        Clean::literal("these tasks belong to no service"),
    )]
}
