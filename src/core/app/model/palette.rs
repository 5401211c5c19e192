//! What the palette remembers of this run.

use std::collections::BTreeMap;

use crate::keys::Action;

/// What the palette remembers of this run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// The place of the offer that enter takes, from 0.
    pub chosen: usize,
    /// How often each action was called by its name.
    pub(in crate::app) used: BTreeMap<Action, u32>,
    /// Lines that did something, the oldest first; none stands in it twice.
    pub(in crate::app) said: Vec<String>,
    /// How many lines somebody has gone back in them.
    pub(in crate::app) recalled: usize,
}

impl Palette {
    /// It is opened, or what is typed is another line.
    pub(in crate::app) fn begin(&mut self) {
        (self.chosen, self.recalled) = (0, 0);
    }

    /// Remembers a line that did something.
    pub(in crate::app) fn remember(&mut self, line: &str) {
        self.said.retain(|said| said != line);
        self.said.push(line.to_owned());
    }

    /// The line before the one that was recalled last; none: there is none.
    pub(in crate::app) fn recall(&mut self) -> Option<String> {
        let back = self.recalled.saturating_add(1);
        let line = self.said.get(self.said.len().checked_sub(back)?)?.clone();
        self.recalled = back;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_the_newest_first_and_each_once() {
        let mut palette = Palette::default();
        for line in ["tasks", "queues", "tasks"] {
            palette.remember(line);
        }
        assert_eq!(palette.recall().as_deref(), Some("tasks"));
        assert_eq!(palette.recall().as_deref(), Some("queues"));
        assert_eq!(palette.recall(), None);
        palette.begin();
        assert_eq!(palette.recall().as_deref(), Some("tasks"));
    }
}
