//! The title of a pane: a rule with its name, its filter and how fresh its data are.

use ecsdeck_core::app::{Model, Pane, PaneState, age, clock};
use ecsdeck_core::text::{Clean, width};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, Spot};

/// What a pane's title says beside the freshness of its data.
#[derive(Clone, Debug, Default)]
pub(super) struct Title {
    /// Its name.
    pub(super) name: String,
    /// Further words, in the order of their importance.
    pub(super) notes: Vec<(String, Tint)>,
    /// A note says already that data are awaited.
    pub(super) awaits: bool,
}

/// How a word in a title is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tint {
    /// As the title itself.
    Plain,
    /// Less important.
    Dim,
    /// Something that should be noticed.
    Warn,
    /// Something broken.
    Bad,
}

impl Title {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    pub(super) fn note(mut self, note: impl Into<String>, tint: Tint) -> Self {
        self.notes.push((note.into(), tint));
        self
    }

    /// A filter that hides rows must be seen: a list that looks empty may not be.
    pub(super) fn filter(self, text: &str) -> Self {
        if text.is_empty() {
            self
        } else {
            self.note(format!("/{}", Clean::new(text)), Tint::Warn)
        }
    }

    /// Which rows of how many are shown, where not all are.
    pub(super) fn window(self, before: usize, shown: usize, rows: usize) -> Self {
        if rows <= shown {
            return self;
        }
        let last = before.saturating_add(shown).min(rows);
        self.note(
            format!("{}-{last} of {rows}", before.saturating_add(1)),
            Tint::Dim,
        )
    }

    /// Draws it into the first row of the pane's area; gives the rest.
    pub(super) fn draw(
        self,
        canvas: &mut Canvas<'_>,
        model: &Model,
        pane: Pane,
        area: Rect,
    ) -> Rect {
        let mut spot = Spot::row(
            Rect {
                height: area.height.min(1),
                ..area
            },
            0,
        );
        if area.height > 0 {
            let focused = model.focus == pane;
            let theme = canvas.theme;
            let name = if focused {
                format!(" {} {} ", canvas.glyphs.focus, self.name)
            } else {
                format!(" {} ", self.name)
            };
            let name_columns = width(&name);
            let mut right = spot;
            let said = self.awaits && matches!(model.pane_state(pane), PaneState::Loading);
            if let Some((words, tint)) = state(model, pane).filter(|_| !said) {
                right.x = right
                    .x
                    .saturating_add(u16::try_from(name_columns).unwrap_or(u16::MAX))
                    .min(right.end);
                let before = canvas.put_right(right, &format!(" {words} "), style(canvas, tint));
                right = Spot {
                    x: spot.x,
                    ..before
                };
            }
            spot.end = right.end;
            canvas.put(
                &mut spot,
                &name,
                if focused { theme.focus } else { theme.title },
            );
            for (note, tint) in self.notes {
                let note = format!(" {note} ");
                // Half of a number misleads; half of a filter still says that there is one.
                let cut = matches!(tint, Tint::Warn | Tint::Bad) && spot.room() >= 8;
                if width(&note) > spot.room() && !cut {
                    continue;
                }
                canvas.put(&mut spot, &note, style(canvas, tint));
            }
            canvas.rule(spot);
        }
        Rect {
            y: area.y.saturating_add(1).min(area.bottom()),
            height: area.height.saturating_sub(1),
            ..area
        }
    }
}

fn style(canvas: &Canvas<'_>, tint: Tint) -> Style {
    match tint {
        Tint::Plain => canvas.theme.title,
        Tint::Dim => canvas.theme.dim,
        Tint::Warn => canvas.theme.warn,
        Tint::Bad => canvas.theme.bad,
    }
}

/// How fresh the data of a pane are, where that needs saying.
pub(super) fn state(model: &Model, pane: Pane) -> Option<(String, Tint)> {
    let now = model.now();
    match model.pane_state(pane) {
        PaneState::Live => None,
        PaneState::Loading => model
            .is_awaited(pane)
            .then(|| ("loading\u{2026}".to_owned(), Tint::Dim)),
        PaneState::Old(from) => Some((format!("stale {}", age(from, now)), Tint::Warn)),
        // The banner, or the pane that these data are from, says the rest.
        PaneState::Failed(Some(from), error)
            if error.is_about_credentials() || pane == Pane::Detail =>
        {
            Some((format!("stale {}", age(from, now)), Tint::Warn))
        }
        PaneState::Failed(from, error) => {
            let code = error
                .code
                .as_ref()
                .map(|code| format!(" {code}"))
                .unwrap_or_default();
            let from = from.map_or_else(
                || "no data".to_owned(),
                |from| format!("data {} old", age(from, now)),
            );
            Some((
                format!("failed, {from}: {}{code}", error.operation),
                Tint::Bad,
            ))
        }
        PaneState::Paused(from) => {
            let time = clock(from);
            Some((
                format!("paused {}", time.get(..5).unwrap_or(&time)),
                Tint::Dim,
            ))
        }
    }
}
