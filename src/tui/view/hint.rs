//! A key and what it does, as the last line and the verdict show it.

use ecsdeck_core::app::Refusals;
use ecsdeck_core::keys::Hint;
use ecsdeck_core::text::width;

use super::canvas::{Canvas, Spot};

/// Behind a key for what IAM would probably refuse: colour alone does not say it. The help says why.
const REFUSED: &str = " (IAM: no)";

/// A key and what it does.
pub(super) struct KeyHint {
    keys: String,
    pub(super) title: String,
    refused: bool,
}

impl KeyHint {
    pub(super) fn new(keys: String, title: &str) -> Self {
        Self {
            keys,
            title: title.to_owned(),
            refused: false,
        }
    }

    /// What the keymap says of it, and what IAM does.
    pub(super) fn of(refusals: &Refusals, hint: &Hint) -> Self {
        Self {
            refused: refusals.action(hint.info.action).is_some(),
            ..Self::new(hint.keys.to_string(), hint.info.title)
        }
    }

    fn behind(&self) -> &'static str {
        if self.refused { REFUSED } else { "" }
    }

    /// Columns that it takes.
    pub(super) fn columns(&self) -> usize {
        width(&self.keys) + 1 + width(&self.title) + self.behind().len()
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, spot: &mut Spot) {
        let theme = canvas.theme;
        let (key, title) = if self.refused {
            (theme.dim, theme.dim)
        } else {
            (theme.key, theme.text)
        };
        canvas.put(spot, &self.keys, key);
        spot.skip(1);
        canvas.put(spot, &self.title, title);
        canvas.put(spot, self.behind(), title);
    }
}
