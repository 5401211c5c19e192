//! Where a key is pressed.

use std::fmt;

/// A part of a keymap. Lookup goes from the innermost outwards: a dialog or an
/// input hides everything below it, a pane comes before `global`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Every pane.
    Global,
    /// The list of clusters and services.
    Services,
    /// The list of tasks.
    Tasks,
    /// Why, and the details of what is selected.
    Detail,
    /// The list of queues.
    Queues,
    /// The rows of a work table.
    Work,
    /// The log.
    Logs,
    /// A question that waits for an answer.
    Dialog,
    /// A line that is being typed: filter, search, palette, form.
    Input,
}

impl Scope {
    /// Every scope, in the order of the help.
    pub const ALL: [Self; 9] = [
        Self::Global,
        Self::Services,
        Self::Tasks,
        Self::Detail,
        Self::Queues,
        Self::Work,
        Self::Logs,
        Self::Dialog,
        Self::Input,
    ];

    /// As keymap files spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Services => "services",
            Self::Tasks => "tasks",
            Self::Detail => "detail",
            Self::Queues => "queues",
            Self::Work => "work",
            Self::Logs => "logs",
            Self::Dialog => "dialog",
            Self::Input => "input",
        }
    }

    /// The scope with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Where a key is looked up when this scope is the innermost.
    pub const fn chain(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::Services => &[Self::Services, Self::Global],
            Self::Tasks => &[Self::Tasks, Self::Global],
            Self::Detail => &[Self::Detail, Self::Global],
            Self::Queues => &[Self::Queues, Self::Global],
            Self::Work => &[Self::Work, Self::Global],
            Self::Logs => &[Self::Logs, Self::Global],
            Self::Dialog => &[Self::Dialog],
            Self::Input => &[Self::Input],
        }
    }

    /// Whether the scope is one of the panes.
    pub const fn is_pane(self) -> bool {
        self.chain().len() == 2
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
