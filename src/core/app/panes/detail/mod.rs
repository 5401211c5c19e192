//! What the detail pane says.

pub(in crate::app) mod asked;
pub(in crate::app) mod compare;
pub(in crate::app) mod deployments;
pub(in crate::app) mod difference;
pub(in crate::app) mod events;
pub(in crate::app) mod journal;
pub(in crate::app) mod task;
pub(in crate::app) mod timeline;
pub(in crate::app) mod why;

use super::columns::names;
use super::moving::go;
use super::services;
use super::spec::{Needs, Spec};
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::Motion;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::DetailMode;
use crate::app::model::viewer::{Line, Viewer};
use crate::domain::{Task, TaskDefinition};
use crate::keys::Pane;
use crate::text::{Clean, Search};
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
    open: |model| model.overlay = describe(model).map(Overlay::Viewer),
    filter: |model| match model.detail {
        DetailMode::Timeline => Some(&model.timeline_filter),
        DetailMode::Deployments => Some(&model.deployments.filter),
        DetailMode::Journal => Some(&model.journal_pane.list.filter),
        // They are text: it is searched.
        DetailMode::Why | DetailMode::Difference => None,
    },
    clear: |model| {
        let searched = !model.detail_search.is_empty();
        (model.detail_search, model.detail_hit) = (Search::default(), None);
        searched
    },
    set_filter,
    columns: |model| match model.detail {
        DetailMode::Deployments => names(&deployments::columns()),
        DetailMode::Journal => names(&journal::columns()),
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => Vec::new(),
    },
    sorted: |model| match model.detail {
        DetailMode::Deployments => model.deployments.sort,
        DetailMode::Journal => model.journal_pane.list.sort,
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => None,
    },
    order: |model| match model.detail {
        DetailMode::Journal => "newest first",
        _ => "the primary deployment first",
    },
    sort: |model, sort| {
        match model.detail {
            DetailMode::Deployments => model.deployments.sort = sort,
            DetailMode::Journal => model.journal_pane.list.sort = sort,
            DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => {}
        }
        settle(model);
    },
    copy: |model| match model.detail {
        DetailMode::Deployments => model.deployments.cursor.on().cloned(),
        DetailMode::Journal => journal::copy(model),
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => services::copy(model),
    },
    describe,
    raw: |model| match model.detail {
        DetailMode::Deployments => deployments::raw(model),
        // It is no answer of AWS: its lines are in the file of the journal.
        DetailMode::Journal => journal::describe(model),
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => {
            services::describe::raw(model)
        }
    },
    enter: Some(|model| show(model, DetailMode::Why)),
    ..Spec::blank(Pane::Detail)
};

/// Brings the lists that it shows into line with what they are of.
pub(in crate::app) fn settle(model: &mut Model) {
    match model.detail {
        DetailMode::Deployments => deployments::settle(model),
        DetailMode::Journal => journal::settle(model),
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => {}
    }
}

fn describe(model: &Model) -> Option<Viewer> {
    match model.detail {
        DetailMode::Deployments => deployments::describe(model),
        DetailMode::Journal => journal::describe(model),
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => {
            services::describe::describe(model)
        }
    }
}

fn step(model: &mut Model, motion: Motion) -> bool {
    let moved = match model.detail {
        DetailMode::Deployments => deployments::step(model, motion),
        DetailMode::Journal => journal::step(model, motion),
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => {
            return scroll(model, motion);
        }
    };
    if moved {
        model.moved_at = model.stamp.elapsed;
    }
    moved
}

fn scroll(model: &mut Model, motion: Motion) -> bool {
    let lines = model.detail_lines().len().saturating_sub(1);
    let before = model.detail_top;
    model.detail_top = match motion {
        Motion::By(by) => model.detail_top.saturating_add_signed(by).min(lines),
        Motion::First => 0,
        Motion::Last => lines,
    };
    model.detail_top != before
}

fn set_filter(model: &mut Model, filter: Filter) {
    match model.detail {
        DetailMode::Timeline => {
            model.timeline_filter = filter;
            model.detail_top = 0;
        }
        DetailMode::Deployments => model.deployments.filter = filter,
        DetailMode::Journal => model.journal_pane.list.filter = filter,
        DetailMode::Why | DetailMode::Difference => {}
    }
    settle(model);
}

/// Shows it in a mode, or goes back to what it was where it is in that mode.
pub(in crate::app) fn show(model: &mut Model, mode: DetailMode) {
    model.detail_top = 0;
    (model.detail_search, model.detail_hit) = (Search::default(), None);
    // The same key once more goes back to what it was.
    if model.detail == mode && model.focus == Pane::Detail {
        model.detail = DetailMode::Why;
        return go(model, Pane::Services);
    }
    model.detail = mode;
    // Keys go where the words are: scrolling them must not move what they are about.
    go(model, Pane::Detail);
}

/// Goes back to why. Returns whether it showed anything else.
pub(in crate::app) fn back_to_why(model: &mut Model) -> bool {
    if model.focus == Pane::Detail && model.detail != DetailMode::Why {
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
            DetailMode::Journal => Clean::literal("journal"),
        }
    }

    /// The detail pane's lines.
    pub fn detail_lines(&self) -> Vec<Line> {
        match self.detail {
            DetailMode::Why => match self.task_in_detail() {
                Some(task) => {
                    let shown = task.shown(self.setup.values);
                    let mut lines = task_lines(&shown, self.definition_of(task), self.now());
                    lines.splice(1..1, kept_line(self, task));
                    lines
                }
                None => why::lines(self),
            },
            DetailMode::Timeline => timeline::lines(self),
            DetailMode::Difference => difference::lines(self),
            // They are rows of a list.
            DetailMode::Deployments | DetailMode::Journal => Vec::new(),
        }
    }

    /// Whether the detail pane is read at length, and has the width of the screen for it.
    pub fn reads_at_length(&self) -> bool {
        self.focus == Pane::Detail
            && matches!(
                self.detail,
                DetailMode::Timeline | DetailMode::Difference | DetailMode::Journal
            )
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
