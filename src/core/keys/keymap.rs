//! A keymap that is ready: what a key does, given what was pressed before it.
//!
//! A chord never expires by the clock; `esc` or a key that leads nowhere ends it.

use std::collections::BTreeMap;

use super::key::{Code, Key};
use super::trie::{Match, Node};
use super::{Action, Chord, Scope};
use crate::text::Clean;

/// What keys do, in each scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Keymap {
    name: Clean,
    scopes: BTreeMap<Scope, Node>,
}

/// What came of a key press.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Do this.
    Action(Action),
    /// A chord has begun; these keys would end it.
    Pending(Vec<Continuation>),
    /// The chord that had begun was given up with `esc`.
    Cancelled,
    /// Nothing is bound there. A chord that had begun is given up.
    Unbound,
}

/// How a chord that has begun may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    /// The keys that are still to be pressed.
    pub keys: Chord,
    /// What they lead to.
    pub action: Action,
}

impl Keymap {
    /// Bindings by scope; no action hides what the scopes outside bind.
    pub(super) fn new(
        name: Clean,
        bindings: impl Iterator<Item = (Scope, Chord, Option<Action>)>,
    ) -> Self {
        let mut scopes: BTreeMap<Scope, Node> = BTreeMap::new();
        for (scope, chord, action) in bindings {
            scopes.entry(scope).or_default().insert(&chord, action);
        }
        Self { name, scopes }
    }

    /// Its name.
    pub fn name(&self) -> &Clean {
        &self.name
    }

    /// What `key` does after the keys in `pending`, looked up in `scopes`,
    /// innermost first (see [`Scope::chain`]). Keeps `pending`: it holds the
    /// keys of a chord that has begun, and is empty after every other outcome.
    pub fn press(&self, scopes: &[Scope], pending: &mut Vec<Key>, key: Key) -> Outcome {
        let key = key.normal();
        if !pending.is_empty() && key == Key::plain(Code::Esc) {
            pending.clear();
            return Outcome::Cancelled;
        }
        pending.push(key);
        let (action, continuations) = self.look_up(scopes, pending);
        if continuations.is_empty() {
            pending.clear();
            return action.map_or(Outcome::Unbound, Outcome::Action);
        }
        Outcome::Pending(continuations)
    }

    /// What may follow the keys in `pending`: the which-key box.
    pub fn continuations(&self, scopes: &[Scope], pending: &[Key]) -> Vec<Continuation> {
        self.look_up(scopes, pending).1
    }

    /// The action that the keys lead to, or how they may go on; never both.
    fn look_up(&self, scopes: &[Scope], keys: &[Key]) -> (Option<Action>, Vec<Continuation>) {
        let mut continuations: BTreeMap<Vec<Key>, Action> = BTreeMap::new();
        for node in scopes.iter().filter_map(|scope| self.scopes.get(scope)) {
            let opaque = match node.find(keys) {
                Match::Action(action) if continuations.is_empty() => {
                    return (Some(action), Vec::new());
                }
                // An inner scope has begun a chord with these keys.
                Match::Action(_) => true,
                Match::Partial { node, opaque } => {
                    for (keys, action) in node.leaves() {
                        continuations.entry(keys).or_insert(action);
                    }
                    opaque
                }
                Match::Nothing { opaque } => opaque,
            };
            if opaque {
                break;
            }
        }
        let list = continuations
            .into_iter()
            .map(|(keys, action)| Continuation {
                keys: Chord::new(keys),
                action,
            });
        (None, list.collect())
    }

    /// The keys bound to `action` in `scope` and those outside of it, as
    /// keymap files spell them, the shortest first.
    pub fn keys(&self, action: Action, scope: Scope) -> Vec<String> {
        let bound = self
            .bindings(scope)
            .into_iter()
            .filter(|(_, bound)| *bound == action);
        let mut names: Vec<_> = bound.map(|(chord, _)| chord.to_string()).collect();
        // A letter says more than a number.
        names.sort_by_key(|keys| super::listing::shortness(keys));
        names
    }

    /// Everything that can be pressed when `scope` is the innermost.
    pub(super) fn bindings(&self, scope: Scope) -> Vec<(Chord, Action)> {
        let chain = scope.chain();
        let leaves = chain
            .iter()
            .filter_map(|scope| self.scopes.get(scope))
            .flat_map(Node::leaves);
        let live = leaves.filter(|(keys, action)| self.look_up(chain, keys).0 == Some(*action));
        let unique: BTreeMap<_, _> = live
            .map(|(keys, action)| (Chord::new(keys), action))
            .collect();
        unique.into_iter().collect()
    }

    /// What one key does in `scope` itself, not in those outside of it.
    pub fn bound(&self, scope: Scope, key: Key) -> Option<Action> {
        match self.scopes.get(&scope)?.find(&[key.normal()]) {
            Match::Action(action) => Some(action),
            Match::Partial { .. } | Match::Nothing { .. } => None,
        }
    }

    /// What is bound in `scope` itself.
    pub(super) fn own(&self, scope: Scope) -> Vec<(Chord, Action)> {
        let leaves = self
            .scopes
            .get(&scope)
            .map(Node::leaves)
            .unwrap_or_default();
        leaves
            .into_iter()
            .map(|(keys, action)| (Chord::new(keys), action))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Action, Key, Keymap, Outcome, Scope, Source};

    fn keymap(text: &str) -> Keymap {
        let text = format!("inherits = \"default\"\n{text}");
        Keymap::load("mine", &|_| {
            Some(Source {
                file: "mine.toml".to_owned(),
                text: text.clone(),
            })
        })
        .unwrap()
    }

    /// Presses the keys one after the other; what the last one did, and what is pending.
    fn press(keymap: &Keymap, scope: Scope, keys: &str) -> (Outcome, usize) {
        let mut pending = Vec::new();
        let press = |key| keymap.press(scope.chain(), &mut pending, Key::parse(key).unwrap());
        let outcome = keys.split(' ').map(press).last().unwrap();
        (outcome, pending.len())
    }

    #[test]
    fn a_pane_comes_before_the_global_scope_and_an_input_hides_both() {
        let keymap = keymap("");
        assert_eq!(
            press(&keymap, Scope::Tasks, "p"),
            (Outcome::Action(Action::Deployments), 0)
        );
        assert_eq!(
            press(&keymap, Scope::Logs, "p"),
            (Outcome::Action(Action::FailedLog), 0)
        );
        assert_eq!(press(&keymap, Scope::Input, "p"), (Outcome::Unbound, 0));
        assert_eq!(
            press(&keymap, Scope::Dialog, "y"),
            (Outcome::Action(Action::Confirm), 0)
        );
        assert_eq!(press(&keymap, Scope::Dialog, "U"), (Outcome::Unbound, 0));
    }

    #[test]
    fn a_chord_waits_and_lists_how_it_may_go_on() {
        let keymap =
            keymap("[global]\n\"g\" = false\n\"g g\" = \"go-top\"\n[logs]\n\"g e\" = \"follow\"");
        let (Outcome::Pending(list), 1) = press(&keymap, Scope::Logs, "g") else {
            panic!("must wait")
        };
        let list: Vec<_> = list
            .iter()
            .map(|next| (next.keys.to_string(), next.action))
            .collect();
        assert_eq!(
            list,
            [
                ("e".to_owned(), Action::Follow),
                ("g".to_owned(), Action::GoTop)
            ]
        );
        assert_eq!(
            press(&keymap, Scope::Logs, "g g"),
            (Outcome::Action(Action::GoTop), 0)
        );
        assert_eq!(
            press(&keymap, Scope::Logs, "g e"),
            (Outcome::Action(Action::Follow), 0)
        );
        assert_eq!(press(&keymap, Scope::Tasks, "g e"), (Outcome::Unbound, 0));
    }

    #[test]
    fn escape_gives_up_a_chord_and_nothing_else() {
        let keymap = keymap("[global]\n\"g\" = false\n\"g g\" = \"go-top\"");
        assert_eq!(
            press(&keymap, Scope::Tasks, "g esc"),
            (Outcome::Cancelled, 0)
        );
        assert_eq!(
            press(&keymap, Scope::Tasks, "esc"),
            (Outcome::Action(Action::Back), 0)
        );
    }

    #[test]
    fn a_key_unbound_in_a_pane_is_unbound_there_only() {
        let keymap =
            keymap("[logs]\n\"d\" = false\n[global]\n\"z z\" = \"copy\"\n[work]\n\"z\" = false");
        assert_eq!(press(&keymap, Scope::Logs, "d"), (Outcome::Unbound, 0));
        assert_eq!(
            press(&keymap, Scope::Tasks, "d"),
            (Outcome::Action(Action::Describe), 0)
        );
        assert_eq!(press(&keymap, Scope::Work, "z"), (Outcome::Unbound, 0));
        assert_eq!(
            press(&keymap, Scope::Tasks, "z z"),
            (Outcome::Action(Action::Copy), 0)
        );
    }
}
