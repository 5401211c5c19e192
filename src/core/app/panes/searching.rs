//! Searching text: the log, the detail pane, and what is looked at over the panes.
//!
//! A search takes effect while it is typed; who leaves the line is back where they were.

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::{DetailMode, Pane};
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::searched_from::SearchedFrom;
use crate::app::model::viewer::{Line, Viewer};
use crate::text::{Clean, Search};

/// Lines of the detail pane that stand above one that was found: some of them the verdict above says already.
const ABOVE: usize = 3;

/// Whether keys search the detail pane.
fn in_detail(model: &Model) -> bool {
    model.focus == Pane::Detail && matches!(model.detail, DetailMode::Why | DetailMode::Difference)
}

/// Begins to type what is searched for.
pub(in crate::app) fn begin(model: &mut Model) {
    model.searched_from = SearchedFrom {
        log: model.logs.standing(),
        detail: model.detail_top,
    };
    model.overlay = Some(Overlay::Prompt(Purpose::Search, Prompt::default()));
}

/// Something was typed: goes to the first match, or stays where it began.
pub(in crate::app) fn typed(model: &mut Model, text: &str) {
    let from = model.searched_from;
    if in_detail(model) {
        model.detail_top = from.detail;
        model.detail_search = Search::new(text);
        find_in_detail(model, false, true);
        return;
    }
    model.logs.search_for(text);
    model.logs.stand_at(from.log);
    model.logs.find(true);
}

/// What was typed is searched for from now on.
pub(in crate::app) fn accept(model: &mut Model) {
    let (search, found) = if in_detail(model) {
        let lines = model.detail_lines();
        (&model.detail_search, count(&lines, &model.detail_search))
    } else {
        (&model.logs.search, model.logs.hit().map_or(0, |hit| hit.of))
    };
    if search.is_empty() {
        return;
    }
    let words = Clean::new(search.text());
    if found == 0 {
        model.note(Tone::Plain, Clean::own(format!("not found: {words}")));
    } else if search.is_literal() {
        let text = format!("{words} is no expression: it is searched for as it stands");
        model.note(Tone::Plain, Clean::own(text));
    }
}

/// Goes to the next match, or to the one before.
pub(in crate::app) fn next(model: &mut Model, back: bool) {
    let detail = in_detail(model);
    let search = if detail {
        &model.detail_search
    } else {
        &model.logs.search
    };
    if search.is_empty() {
        let text = "nothing is searched for: / begins a search";
        model.note(Tone::Plain, Clean::literal(text));
        return;
    }
    let words = Clean::new(search.text());
    let found = if detail {
        find_in_detail(model, back, false)
    } else {
        model.logs.find(back)
    };
    if !found {
        model.note(
            Tone::Plain,
            Clean::own(format!("no further match for {words}")),
        );
    }
}

/// Scrolls the detail pane to a match. Returns whether there is one.
fn find_in_detail(model: &mut Model, back: bool, here_too: bool) -> bool {
    let lines = model.detail_lines();
    let at = model.detail_top;
    // What was found last stands a few lines below the top.
    let standing = model
        .detail_hit
        .filter(|hit| hit.saturating_sub(ABOVE) == at);
    let from = standing.unwrap_or(at);
    let here_too = here_too || (standing.is_none() && !back);
    let found = find(&lines, &model.detail_search, from, back, here_too);
    if let Some(found) = found {
        model.detail_top = found.saturating_sub(ABOVE);
        model.detail_hit = Some(found);
    }
    found.is_some()
}

fn has(line: &Line, search: &Search) -> bool {
    search.matches(&line.text) || search.matches(&line.label)
}

/// How many lines have what is searched for.
fn count(lines: &[Line], search: &Search) -> usize {
    lines.iter().filter(|line| has(line, search)).count()
}

fn find(lines: &[Line], search: &Search, at: usize, back: bool, here_too: bool) -> Option<usize> {
    let mut hits = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| has(line, search))
        .map(|(place, _)| place);
    if back {
        hits.rfind(|place| *place < at)
    } else {
        hits.find(|place| *place > at || here_too && *place == at)
    }
}

impl Viewer {
    /// Searches for something else from where it was scrolled to, and goes to the first match.
    pub(in crate::app) fn search_for(&mut self, text: &str, from: usize) {
        self.search = Search::new(text);
        (self.top, self.hit) = (from, None);
        self.go_to(find(&self.lines, &self.search, from, false, true));
    }

    /// Goes to the next match, or to the one before. Returns whether there is one.
    pub(in crate::app) fn find(&mut self, back: bool) -> bool {
        let at = self.hit.unwrap_or(self.top);
        let here_too = self.hit.is_none() && !back;
        let found = find(&self.lines, &self.search, at, back, here_too);
        self.go_to(found);
        found.is_some()
    }

    fn go_to(&mut self, hit: Option<usize>) {
        if let Some(hit) = hit {
            (self.top, self.hit) = (hit, Some(hit));
        }
    }

    /// Which line with what is searched for it stands at, from 1, and of how many; 0 where it stands at none.
    pub fn hits(&self) -> Option<(usize, usize)> {
        if self.search.is_empty() {
            return None;
        }
        let upto = self.hit.map_or(0, |hit| {
            let before = self.lines.get(..=hit).unwrap_or_default();
            count(before, &self.search)
        });
        Some((upto, count(&self.lines, &self.search)))
    }
}

/// Takes a key to the line in which is typed what is searched for in a text over the panes.
pub(in crate::app) fn in_text(model: &mut Model, viewer: Viewer) -> Vec<Effect> {
    let (tone, text) = match (viewer.hits(), viewer.search.is_literal()) {
        (Some((_, 0)), _) => (
            Tone::Plain,
            format!("not found: {}", Clean::new(viewer.search.text())),
        ),
        (Some(_), true) => (
            Tone::Plain,
            format!(
                "{} is no expression: it is searched for as it stands",
                Clean::new(viewer.search.text())
            ),
        ),
        _ => {
            model.overlay = Some(Overlay::Viewer(viewer));
            return Vec::new();
        }
    };
    model.note(tone, Clean::own(text));
    model.overlay = Some(Overlay::Viewer(viewer));
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::model::viewer::Style;

    fn viewer(lines: &[&str]) -> Viewer {
        let line = |text: &&str| Line::new(Style::Plain, Clean::new(text));
        Viewer::new(Clean::literal("x"), lines.iter().map(line).collect())
    }

    #[test]
    fn a_text_is_searched_forward_from_where_it_stands_and_back_again() {
        let mut viewer = viewer(&["error 1", "fine", "error 2", "fine", "Error 3"]);
        viewer.search_for("error \\d", 1);
        assert_eq!((viewer.top, viewer.hits()), (2, Some((2, 3))));
        assert!(viewer.find(false));
        assert_eq!((viewer.top, viewer.hits()), (4, Some((3, 3))));
        assert!(!viewer.find(false), "there is none behind the last");
        assert!(viewer.find(true) && viewer.find(true));
        assert_eq!((viewer.top, viewer.hits()), (0, Some((1, 3))));
        viewer.search_for("nope", 3);
        assert_eq!((viewer.top, viewer.hits()), (3, Some((0, 0))));
    }
}
