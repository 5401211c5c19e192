//! Going from pane to pane.

use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::app::model::pane::Pane;
use crate::text::Clean;

pub(in crate::app) fn page(model: &Model) -> isize {
    isize::try_from(usize::from(model.size.1) / 2)
        .unwrap_or(1)
        .max(1)
}

pub(in crate::app) fn half_page(model: &Model) -> isize {
    (page(model) / 2).max(1)
}

/// Goes to the next pane there is, or to the one before.
pub(in crate::app) fn step_pane(model: &mut Model, by: isize) {
    let panes: Vec<Pane> = Pane::ALL
        .into_iter()
        .filter(|pane| model.setup.panes.contains(pane))
        .collect();
    let at = panes.iter().position(|pane| *pane == model.focus);
    let next = match at {
        Some(at) => at.saturating_add(panes.len()).saturating_add_signed(by) % panes.len(),
        None => 0,
    };
    if let Some(pane) = panes.get(next) {
        go(model, *pane);
    }
}

/// Goes to a pane.
pub(in crate::app) fn go(model: &mut Model, pane: Pane) {
    model.focus = pane;
    model.zoom = model.zoom.map(|_| pane);
}

/// Goes to a pane; who is there already is told so.
pub(in crate::app) fn go_or_say(model: &mut Model, pane: Pane) {
    if model.focus == pane {
        let text = format!("this is the {} pane", pane.scope());
        return model.note(Tone::Plain, Clean::own(text));
    }
    go(model, pane);
}
