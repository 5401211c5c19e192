//! What keys do to text over the panes.

use crate::app::effect::{Effect, LoopEffect};
use crate::app::model::Model;
use crate::app::model::overlay::Overlay;
use crate::app::model::viewer::Viewer;
use crate::keys::Action;
use crate::text::Clean;

pub(in crate::app) fn in_viewer(
    model: &mut Model,
    mut viewer: Viewer,
    action: Option<Action>,
) -> Vec<Effect> {
    let page = usize::from(model.size.1.saturating_sub(4)).max(1);
    let last = viewer.lines.len().saturating_sub(page);
    viewer.top = match action {
        Some(
            Action::Back
            | Action::Leave
            | Action::Quit
            | Action::Open
            | Action::Help
            | Action::Raw
            | Action::Journal
            | Action::Describe,
        ) => return Vec::new(),
        Some(Action::Down) => viewer.top.saturating_add(1).min(last),
        Some(Action::Up) => viewer.top.saturating_sub(1),
        Some(Action::PageDown) => viewer.top.saturating_add(page).min(last),
        Some(Action::PageUp) => viewer.top.saturating_sub(page),
        Some(Action::GoTop) => 0,
        Some(Action::GoBottom) => last,
        Some(Action::Export) => {
            let saved = super::journal::export(model, &viewer);
            model.overlay = Some(Overlay::Viewer(viewer));
            return saved.into_iter().collect();
        }
        Some(Action::Copy) => {
            let text: Vec<&str> = viewer.lines.iter().map(|line| line.text.as_str()).collect();
            let text = Clean::own(text.join("\n"));
            model.overlay = Some(Overlay::Viewer(viewer));
            return vec![Effect::Loop(LoopEffect::Copy(text))];
        }
        _ => viewer.top,
    };
    model.overlay = Some(Overlay::Viewer(viewer));
    Vec::new()
}
