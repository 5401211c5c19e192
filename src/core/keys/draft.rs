//! A keymap that is being made: the bindings of all files, each with the place that it comes from.

use std::collections::BTreeMap;

use super::layer::Layer;
use super::{Action, Chord, Scope};

/// Which file says so: the index of the layer, outermost first, and the byte in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    pub(super) layer: usize,
    pub(super) offset: usize,
}

/// A chord of the keymap that is being made: an action, or none for hidden.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) action: Option<Action>,
    pub(super) origin: Origin,
}

/// All layers laid over each other.
pub(super) struct Draft {
    pub(super) layers: Vec<Layer>,
    pub(super) scopes: BTreeMap<Scope, BTreeMap<Chord, Bound>>,
    /// What was bound in an inherited file and then taken away, and where that happened.
    pub(super) lost: Vec<(Action, Origin)>,
}

impl Draft {
    /// Lays the files over each other, the one that inherits nothing first.
    pub(super) fn new(layers: Vec<Layer>) -> Self {
        let mut draft = Self {
            layers: Vec::new(),
            scopes: BTreeMap::new(),
            lost: Vec::new(),
        };
        for (layer, file) in layers.iter().enumerate() {
            for entry in &file.entries {
                let bound = Bound {
                    action: entry.action,
                    origin: Origin {
                        layer,
                        offset: entry.offset,
                    },
                };
                draft.lay(entry.scope, &entry.chord, bound);
            }
        }
        draft.layers = layers;
        draft
    }

    fn lay(&mut self, scope: Scope, chord: &Chord, bound: Bound) {
        let chords = self.scopes.entry(scope).or_default();
        let before = chords.insert(chord.clone(), bound);
        if bound.action.is_none() && !scope.is_pane() {
            // Nothing lies outside that could be hidden.
            chords.remove(chord);
        }
        let outside = self.scopes.get(&Scope::Global).filter(|_| scope.is_pane());
        let outside = outside.and_then(|global| global.get(chord).copied());
        let taken = before.or(outside).and_then(|bound| bound.action);
        if let Some(action) = taken.filter(|action| bound.action != Some(*action)) {
            self.lost.push((action, bound.origin));
        }
    }
}
