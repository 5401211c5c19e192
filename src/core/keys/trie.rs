//! The keys of one scope, as a tree: each key that is pressed goes one step down.

use std::collections::BTreeMap;

use super::{Action, Chord, Key};

/// A place in the tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Node {
    end: Option<End>,
    children: BTreeMap<Key, Node>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Act(Action),
    /// Unbound in this scope: what the scopes outside bind there is hidden.
    Hidden,
}

/// What keys lead to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Match<'a> {
    Action(Action),
    /// A chord has begun. `opaque`: the scopes outside have no say in how it goes on.
    Partial {
        node: &'a Node,
        opaque: bool,
    },
    /// Nothing. `opaque`: nor in the scopes outside.
    Nothing {
        opaque: bool,
    },
}

impl Node {
    /// Binds the chord, or hides it with none.
    pub(super) fn insert(&mut self, chord: &Chord, action: Option<Action>) {
        let node = chord
            .keys()
            .iter()
            .fold(self, |node, key| node.children.entry(*key).or_default());
        node.end = Some(action.map_or(End::Hidden, End::Act));
    }

    pub(super) fn find(&self, keys: &[Key]) -> Match<'_> {
        let (mut node, mut opaque) = (self, false);
        for key in keys {
            let Some(next) = node.children.get(key) else {
                return Match::Nothing { opaque };
            };
            node = next;
            opaque |= node.end == Some(End::Hidden);
        }
        match node.end {
            Some(End::Act(action)) => Match::Action(action),
            _ if node.children.is_empty() => Match::Nothing { opaque },
            _ => Match::Partial { node, opaque },
        }
    }

    /// Every action below, with the keys that are still to be pressed.
    pub(super) fn leaves(&self) -> Vec<(Vec<Key>, Action)> {
        let mut leaves = Vec::new();
        self.collect(&mut Vec::new(), &mut leaves);
        leaves
    }

    fn collect(&self, path: &mut Vec<Key>, leaves: &mut Vec<(Vec<Key>, Action)>) {
        if let Some(End::Act(action)) = self.end {
            leaves.push((path.clone(), action));
        }
        for (key, child) in &self.children {
            path.push(*key);
            child.collect(path, leaves);
            path.pop();
        }
    }
}
