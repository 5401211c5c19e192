//! Colours by meaning.
//!
//! The invariant: a role never says anything by colour alone. Whatever is drawn
//! in it has a word or a sign of its own, so that [`Theme::mono`] loses nothing.

use ratatui::style::{Color, Modifier, Style};

/// Colours and attributes by meaning.
///
/// Only the terminal's own 16 colours are used, and no grey: these are what
/// people have made readable on their background, light or dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Ordinary text.
    pub text: Style,
    /// What matters less: rules, labels, things that are over.
    pub dim: Style,
    /// The beginning of a section, the name of what is selected.
    pub heading: Style,
    /// All is well.
    pub good: Style,
    /// Somebody should look.
    pub warn: Style,
    /// Something is broken.
    pub bad: Style,
    /// What must not be overlooked: a verdict's word, a banner.
    pub alert: Style,
    /// The same for what is only a warning.
    pub caution: Style,
    /// The mark of the selected row in a pane that keys do not go to.
    pub cursor: Style,
    /// The mark of the selected row in the pane that keys go to.
    pub cursor_focus: Style,
    /// The whole row that the cursor rests on in the pane that keys go to.
    pub selected: Style,
    /// A pane's title.
    pub title: Style,
    /// The title of the pane that keys go to.
    pub focus: Style,
    /// A key in the hint bar and in the help.
    pub key: Style,
    /// What a search found.
    pub hit: Style,
    /// Containers in the log; which one is whose follows from its name.
    pub containers: [Style; 6],
}

/// Readable on every background; what is dim would not be.
const SELECTED: Style = Style::new()
    .add_modifier(Modifier::REVERSED)
    .remove_modifier(Modifier::DIM);

impl Default for Theme {
    fn default() -> Self {
        let plain = Style::new();
        let of = |color: Color| Style::new().fg(color);
        Self {
            text: plain,
            dim: plain.add_modifier(Modifier::DIM),
            heading: plain.add_modifier(Modifier::BOLD),
            good: of(Color::Green),
            warn: of(Color::Yellow),
            bad: of(Color::Red).add_modifier(Modifier::BOLD),
            alert: of(Color::Red).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            caution: of(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            cursor: of(Color::Cyan),
            cursor_focus: of(Color::Cyan).add_modifier(Modifier::BOLD),
            selected: SELECTED,
            title: plain,
            focus: of(Color::Cyan).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            key: of(Color::Cyan),
            hit: plain.add_modifier(Modifier::REVERSED),
            containers: [
                of(Color::Cyan),
                of(Color::Magenta),
                of(Color::Green),
                of(Color::LightBlue),
                of(Color::Yellow),
                of(Color::LightMagenta),
            ],
        }
    }
}

impl Theme {
    /// Without any colour: for `NO_COLOR` and for terminals that have none.
    pub fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let reversed = bold.add_modifier(Modifier::REVERSED);
        Self {
            text: plain,
            dim: plain,
            heading: bold,
            good: plain,
            warn: bold,
            bad: bold,
            alert: reversed,
            caution: reversed,
            cursor: plain,
            cursor_focus: bold,
            selected: SELECTED,
            title: plain,
            focus: reversed,
            key: bold,
            hit: plain.add_modifier(Modifier::REVERSED),
            containers: [plain; 6],
        }
    }

    /// The style of a container, the same in every run.
    pub fn container(&self, name: &str) -> Style {
        // FNV-1a: short names that differ in one letter must not share a colour too often.
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        let at = usize::try_from(hash >> 8).unwrap_or(0) % self.containers.len();
        self.containers.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mono_has_no_colour() {
        let mono = Theme::mono();
        let roles = [
            mono.text,
            mono.dim,
            mono.good,
            mono.warn,
            mono.bad,
            mono.alert,
            mono.caution,
            mono.cursor,
            mono.focus,
            mono.key,
        ];
        assert!(
            roles
                .iter()
                .chain(&mono.containers)
                .all(|style| style.fg.is_none() && style.bg.is_none())
        );
    }

    #[test]
    fn a_container_keeps_its_colour_and_neighbours_differ() {
        let theme = Theme::default();
        assert_eq!(theme.container("backend"), theme.container("backend"));
        let different: std::collections::HashSet<_> =
            ["backend", "nginx", "worker", "sidecar", "datadog-agent"]
                .iter()
                .map(|name| theme.container(name))
                .collect();
        assert!(different.len() >= 3, "{different:?}");
    }
}
