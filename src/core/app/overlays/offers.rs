//! Moving among what a line of input offers.

use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::keys::Action;
use crate::text::Clean;

/// So many offers a page has.
const PAGE: usize = 10;

/// Where a move leads from an offer, by places from 0; at an end it says so.
pub(in crate::app) fn step(model: &mut Model, action: Action, at: usize, last: usize) -> usize {
    let to = match action {
        Action::Up => at.saturating_sub(1),
        Action::PageUp => at.saturating_sub(PAGE),
        Action::PageDown => at.saturating_add(PAGE).min(last),
        _ => at.saturating_add(1).min(last),
    };
    if to == at {
        let end = if matches!(action, Action::Up | Action::PageUp) {
            "this is the first"
        } else {
            "this is the last"
        };
        model.note(Tone::Plain, Clean::literal(end));
    }
    to
}
