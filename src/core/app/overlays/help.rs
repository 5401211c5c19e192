//! What the keys do, as text over the panes.

use crate::app::model::Model;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::keys::Group;
use crate::text::Clean;

/// What the keys do here.
pub(in crate::app) fn help(model: &Model) -> Viewer {
    let scope = model.scope();
    let mut lines = Vec::new();
    let mut group = None;
    let refusals = model.refusals();
    let mut help = model.setup.keymap.help(scope);
    // What cannot be done here at all is no help.
    help.retain(|help| !(help.info.write && model.setup.read_only));
    // What changes something is what somebody looks for in a hurry.
    help.sort_by_key(|help| (help.info.group != Group::Act, help.info.group));
    for help in help {
        if group != Some(help.info.group) {
            if group.is_some() {
                lines.push(Line::gap());
            }
            group = Some(help.info.group);
            lines.push(Line::new(
                Style::Heading,
                Clean::literal(help.info.group.title()),
            ));
        }
        let (text, style) = match refusals.action(help.info.action) {
            Some(why) => (Clean::own(format!("{why}. {}", help.info.help)), Style::Dim),
            None => (Clean::literal(help.info.help), Style::Plain),
        };
        lines.push(Line {
            label: help.keys,
            text,
            style,
        });
    }
    Viewer::new(
        Clean::own(format!(
            "keys in {scope} (keymap {})",
            model.setup.keymap.name()
        )),
        lines,
    )
}
