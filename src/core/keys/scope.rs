//! The panes, and where a key is pressed.
//!
//! A new pane is one line in the one table (`action`): its scope, its name in keymap
//! files and its place in the round of `tab` follow from that.

use std::fmt;

use super::Scope;

macro_rules! panes {
    ($($(#[$doc:meta])* $pane:ident $name:literal;)*) => {
        /// The panes, in the order in which `tab` goes through them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Pane {
            $($(#[$doc])* $pane,)*
        }

        const COUNT: usize = [$($name),*].len();

        impl Pane {
            /// All of them.
            pub const ALL: [Self; COUNT] = [$(Self::$pane),*];

            /// Where keys are looked up while it has the focus and nothing lies over it.
            pub const fn scope(self) -> Scope {
                match self {
                    $(Self::$pane => Scope::$pane,)*
                }
            }
        }

        /// A part of a keymap. Lookup goes from the innermost outwards: a dialog or an
        /// input hides everything below it, a pane comes before `global`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scope {
            /// Every pane.
            Global,
            $($(#[$doc])* $pane,)*
            /// A question that waits for an answer.
            Dialog,
            /// A line that is being typed: filter, search, palette, form.
            Input,
        }

        impl Scope {
            /// Every scope, in the order of the help.
            pub const ALL: [Self; COUNT + 3] =
                [Self::Global, $(Self::$pane,)* Self::Dialog, Self::Input];

            /// Where a key may be bound that has its meaning in all panes.
            pub const PANES: [Self; COUNT + 1] = [Self::Global, $(Self::$pane),*];

            /// As keymap files spell it.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Global => "global",
                    $(Self::$pane => $name,)*
                    Self::Dialog => "dialog",
                    Self::Input => "input",
                }
            }

            /// Where a key is looked up when this scope is the innermost.
            pub const fn chain(self) -> &'static [Self] {
                match self {
                    Self::Global => &[Self::Global],
                    $(Self::$pane => &[Self::$pane, Self::Global],)*
                    Self::Dialog => &[Self::Dialog],
                    Self::Input => &[Self::Input],
                }
            }
        }
    };
}

pub(super) use panes;

impl Scope {
    /// The scope with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
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
