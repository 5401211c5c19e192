//! What keys do to text over the panes.

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::viewer::Viewer;
use crate::app::panes::copying;
use crate::keys::Action;
use crate::text::{Clean, Search};

pub(in crate::app) fn in_viewer(
    model: &mut Model,
    mut viewer: Viewer,
    action: Option<Action>,
) -> Vec<Effect> {
    let page = usize::from(model.size.1.saturating_sub(4)).max(1);
    let half = (page / 2).max(1);
    let last = viewer.lines.len().saturating_sub(page);
    let before = viewer.top;
    model.notice = None;
    viewer.top = match action {
        Some(Action::Back) if viewer.search.is_empty() => return Vec::new(),
        Some(
            Action::Leave
            | Action::Quit
            | Action::Open
            | Action::Help
            | Action::Raw
            | Action::Describe,
        ) => return Vec::new(),
        Some(action) if moves(action) && last == 0 => {
            model.note(Tone::Plain, Clean::literal("this is all of it"));
            0
        }
        Some(Action::Down) => viewer.top.saturating_add(1).min(last),
        Some(Action::Up) => viewer.top.saturating_sub(1),
        Some(Action::PageDown) => viewer.top.saturating_add(page).min(last),
        Some(Action::PageUp) => viewer.top.saturating_sub(page),
        Some(Action::HalfDown) => viewer.top.saturating_add(half).min(last),
        Some(Action::HalfUp) => viewer.top.saturating_sub(half),
        Some(Action::GoTop) => 0,
        Some(Action::GoBottom) => last,
        // Filters of rows are on the same key as the search of lines.
        Some(Action::Search | Action::Filter) => {
            let from = viewer.top;
            let purpose = Purpose::InText(Box::new(viewer), from);
            model.overlay = Some(Overlay::Prompt(purpose, Prompt::default()));
            return Vec::new();
        }
        Some(Action::SearchNext | Action::SearchPrevious) if viewer.search.is_empty() => {
            let text = "nothing is searched for: / begins a search";
            model.note(Tone::Plain, Clean::literal(text));
            viewer.top
        }
        Some(action @ (Action::SearchNext | Action::SearchPrevious)) => {
            if !viewer.find(action == Action::SearchPrevious) {
                let words = Clean::new(viewer.search.text());
                let text = format!("no further match for {words}");
                model.note(Tone::Plain, Clean::own(text));
            }
            model.overlay = Some(Overlay::Viewer(viewer));
            return Vec::new();
        }
        Some(Action::Back) if !viewer.search.is_empty() => {
            (viewer.search, viewer.hit) = (Search::default(), None);
            model.overlay = Some(Overlay::Viewer(viewer));
            return Vec::new();
        }
        Some(Action::Copy) => {
            let text: Vec<&str> = viewer.lines.iter().map(|line| line.text.as_str()).collect();
            let text = Clean::own(text.join("\n"));
            model.overlay = Some(Overlay::Viewer(viewer));
            return copying::copy(model, text, "all of it");
        }
        _ => {
            let text = "this is a text: it is scrolled, searched, copied, and closed with esc";
            model.note(Tone::Plain, Clean::literal(text));
            viewer.top
        }
    };
    viewer.hit = viewer.hit.filter(|_| viewer.top == before);
    if viewer.top == before && model.notice.is_none() {
        let text = if before == 0 {
            "this is the beginning"
        } else {
            "this is the end"
        };
        model.note(Tone::Plain, Clean::literal(text));
    }
    model.overlay = Some(Overlay::Viewer(viewer));
    Vec::new()
}

/// Whether an action moves among lines or rows.
pub(in crate::app) fn moves(action: Action) -> bool {
    matches!(
        action,
        Action::Down
            | Action::Up
            | Action::PageDown
            | Action::PageUp
            | Action::HalfDown
            | Action::HalfUp
            | Action::GoTop
            | Action::GoBottom
    )
}
