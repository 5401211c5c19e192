//! What the rest of the program asks of a pane.

use std::time::Duration;

use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::{Motion, Sort};
use crate::app::model::slot::Slot;
use crate::app::model::viewer::Viewer;
use crate::keys::Pane;
use crate::text::Clean;

/// A pane, as the table has it.
pub(in crate::app) struct Spec {
    /// Which.
    pub(in crate::app) pane: Pane,
    /// What has to be read of the fleet while it is there.
    pub(in crate::app) needs: Needs,
    /// How a slot's data belong to it.
    pub(in crate::app) part: fn(&Slot) -> Part,
    /// What is read for it alone while it is seen, and how often.
    pub(in crate::app) wants: fn(&Model) -> Vec<Want>,
    /// Its rows are found by what task definitions name, because no deck names them.
    pub(in crate::app) is_found: fn(&Model) -> bool,
    /// Whether anything will come while it has nothing.
    pub(in crate::app) is_awaited: fn(&Model) -> bool,
    /// Moves its cursor, or scrolls. Returns whether anything moved.
    pub(in crate::app) step: fn(&mut Model, Motion) -> bool,
    /// Goes to it by its own key, where that does more than give it the focus.
    pub(in crate::app) enter: Option<fn(&mut Model)>,
    /// Opens what is selected.
    pub(in crate::app) open: fn(&mut Model),
    /// What its rows are filtered by; none where lines are searched instead.
    pub(in crate::app) filter: fn(&Model) -> Option<&Filter>,
    /// Filters its rows.
    pub(in crate::app) set_filter: fn(&mut Model, Filter),
    /// The columns by which its rows can be sorted; none where it has no rows.
    pub(in crate::app) columns: fn(&Model) -> Vec<&'static str>,
    /// By which of them somebody sorts them.
    pub(in crate::app) sorted: fn(&Model) -> Option<Sort>,
    /// Their own order, in words.
    pub(in crate::app) order: fn(&Model) -> &'static str,
    /// Sorts its rows, or leaves them in their own order.
    pub(in crate::app) sort: fn(&mut Model, Option<Sort>),
    /// Takes back marks or a search. Returns whether there were any.
    pub(in crate::app) clear: fn(&mut Model) -> bool,
    /// Goes back to where its rows or lines are followed. Returns whether it was elsewhere.
    pub(in crate::app) back: fn(&mut Model) -> bool,
    /// What is copied.
    pub(in crate::app) copy: fn(&Model) -> Option<Clean>,
    /// What is selected, at length.
    pub(in crate::app) describe: fn(&Model) -> Option<Viewer>,
    /// What AWS answered about what is selected.
    pub(in crate::app) raw: fn(&Model) -> Option<Viewer>,
}

impl Spec {
    /// A pane of which nothing is said yet.
    pub(in crate::app) const fn blank(pane: Pane) -> Self {
        Self {
            pane,
            needs: Needs::NOTHING,
            part: |_| Part::No,
            wants: |_| Vec::new(),
            is_found: |_| false,
            is_awaited: |_| true,
            step: |_, _| false,
            enter: None,
            open: |_| {},
            filter: |_| None,
            set_filter: |_, _| {},
            columns: |_| Vec::new(),
            sorted: |_| None,
            order: |_| "trouble first",
            sort: |_, _| {},
            clear: |_| false,
            back: |_| false,
            copy: |_| None,
            describe: |_| None,
            raw: |_| None,
        }
    }
}

/// What a pane tells that comes from elsewhere than its own reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Needs {
    /// It tells verdicts: what decides between causes is asked.
    pub(in crate::app) verdicts: bool,
    /// It tells the causes themselves, and what may be done.
    pub(in crate::app) causes: bool,
    /// It is about the selected row and its tasks: they are listed, and the row stays selected while it has the focus.
    pub(in crate::app) tasks: bool,
    /// It needs task definitions.
    pub(in crate::app) definitions: bool,
}

impl Needs {
    /// Nothing.
    pub(in crate::app) const NOTHING: Self = Self {
        verdicts: false,
        causes: false,
        tasks: false,
        definitions: false,
    };
}

/// How a slot's data belong to a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Part {
    /// Not at all.
    No,
    /// They are what it shows.
    Whole,
    /// They are a quicker reading of a part of it.
    Quicker,
}

/// A slot that is kept fresh for a pane.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct Want {
    /// Which.
    pub(in crate::app) slot: Slot,
    /// How often it is read.
    pub(in crate::app) every: Duration,
    /// It goes at its own pace, however slowly the rest is read.
    pub(in crate::app) own_pace: bool,
}

impl Want {
    /// A slot that is read every so often, or as slowly as all the rest.
    pub(in crate::app) fn new(slot: Slot, every: Duration) -> Self {
        Self {
            slot,
            every,
            own_pace: false,
        }
    }
}
