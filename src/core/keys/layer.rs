//! One keymap file, read but not yet laid over the one that it inherits.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::chord::{BadChord, Chord};
use super::key::{self, BadKey, Code, Key};
use super::problem::{KeymapError, Problem, name};
use super::{Action, Scope};
use crate::text::{Clean, Place, nearest};

/// A keymap file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name, for messages.
    pub file: String,
    /// What it holds.
    pub text: String,
}

/// A file's bindings, in the order of the file.
pub(super) struct Layer {
    source: Source,
    /// The keymap under this one, and where it is named.
    pub(super) inherits: Option<(String, usize)>,
    pub(super) entries: Vec<Entry>,
}

/// A line of a keymap file.
pub(super) struct Entry {
    pub(super) scope: Scope,
    pub(super) chord: Chord,
    /// None unbinds.
    pub(super) action: Option<Action>,
    /// Byte offset of the line's key.
    pub(super) offset: usize,
}

impl Layer {
    pub(super) fn parse(source: Source) -> Result<Self, KeymapError> {
        let mut layer = Self {
            source,
            inherits: None,
            entries: Vec::new(),
        };
        let text = layer.source.text.clone();
        let root = DeTable::parse(&text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            layer.error(offset, Problem::Syntax(Clean::new(error.message())))
        })?;
        for (word, value) in in_order(root.get_ref()) {
            let offset = word.span().start;
            match (word.get_ref().as_ref(), value.get_ref()) {
                ("inherits", DeValue::String(parent)) => {
                    layer.inherits = Some((parent.to_string(), value.span().start));
                }
                ("inherits", _) => {
                    return Err(layer.wrong_type("inherits", "the name of a keymap", offset));
                }
                (word, DeValue::Table(table)) => {
                    let scope =
                        Scope::named(word).ok_or_else(|| layer.unknown_scope(word, offset))?;
                    for (word, value) in in_order(table) {
                        let entry = layer.entry(
                            scope,
                            word.get_ref(),
                            value.get_ref(),
                            word.span().start,
                        )?;
                        layer.entries.push(entry);
                    }
                }
                (word, _) if Scope::named(word).is_some() => {
                    return Err(layer.wrong_type(
                        word,
                        "a table: [scope], then lines of key = \"action\"",
                        offset,
                    ));
                }
                (word, _) => return Err(layer.unknown_scope(word, offset)),
            }
        }
        layer.refuse_doubles()?;
        Ok(layer)
    }

    pub(super) fn place(&self, offset: usize) -> Place {
        Place::at(&self.source.file, &self.source.text, offset)
    }

    pub(super) fn error(&self, offset: usize, problem: Problem) -> KeymapError {
        KeymapError::new(Some(self.place(offset)), problem)
    }

    fn wrong_type(&self, word: &str, expected: &'static str, offset: usize) -> KeymapError {
        self.error(
            offset,
            Problem::WrongType(Clean::own(format!("`{}`", Clean::new(word))), expected),
        )
    }

    fn unknown_scope(&self, word: &str, offset: usize) -> KeymapError {
        let names = Scope::ALL.into_iter().map(Scope::name).chain(["inherits"]);
        self.error(
            offset,
            Problem::UnknownScope {
                name: Clean::new(word),
                nearest: nearest(word, names),
            },
        )
    }

    fn entry(
        &self,
        scope: Scope,
        keys: &str,
        value: &DeValue<'_>,
        offset: usize,
    ) -> Result<Entry, KeymapError> {
        let chord = Chord::parse(keys).map_err(|bad| self.error(offset, bad_chord(keys, bad)))?;
        let action = match value {
            DeValue::Boolean(false) => None,
            DeValue::String(word) => Some(Action::named(word).ok_or_else(|| {
                let names = Action::ALL.iter().map(|action| name(*action));
                let problem = Problem::UnknownAction {
                    name: Clean::new(word),
                    nearest: nearest(word, names),
                };
                self.error(offset, problem)
            })?),
            _ => {
                return Err(self.wrong_type(
                    keys,
                    "the name of an action, or false to unbind the key",
                    offset,
                ));
            }
        };
        let entry = Entry {
            scope,
            chord,
            action,
            offset,
        };
        match entry.refused() {
            Some(problem) => Err(self.error(offset, problem)),
            None => Ok(entry),
        }
    }

    /// TOML refuses a key that is spelt the same twice; `space` and `" "` it cannot know.
    fn refuse_doubles(&self) -> Result<(), KeymapError> {
        let mut seen = BTreeMap::new();
        for entry in &self.entries {
            if let Some(other) = seen.insert((entry.scope, &entry.chord), entry.offset) {
                let (chord, scope) = (entry.chord.clone(), entry.scope);
                let problem = Problem::Conflict {
                    chord,
                    scope,
                    other: self.place(other).line,
                };
                return Err(self.error(entry.offset, problem));
            }
        }
        Ok(())
    }
}

impl Entry {
    /// What forbids this binding, whatever else is bound.
    fn refused(&self) -> Option<Problem> {
        let action = self.action?;
        let (info, chord) = (action.info(), &self.chord);
        if !info.scopes.contains(&self.scope) {
            return Some(Problem::WrongScope {
                action: info.name,
                scope: self.scope,
                action_scopes: info.scopes,
            });
        }
        if info.write && is_pressed_by_habit(chord) {
            return Some(Problem::WriteKey {
                action: info.name,
                chord: chord.clone(),
            });
        }
        let typed =
            self.scope == Scope::Input && chord.keys().iter().any(|key| key.text().is_some());
        typed.then(|| Problem::TypedKey(chord.clone()))
    }
}

/// Keys that other programs have taught hands to press without a thought.
fn is_pressed_by_habit(chord: &Chord) -> bool {
    let habit =
        |key: &Key| key.code == Code::Enter || *key == Key::ctrl('d') || *key == Key::ctrl('k');
    chord.keys().iter().any(habit) || chord.keys() == [Key::char('r')]
}

fn bad_chord(keys: &str, bad: BadChord) -> Problem {
    match bad {
        BadChord::Key(word, BadKey::Unknown { .. }) => {
            let last = word.rsplit('-').next().unwrap_or(&word);
            let meant = nearest(&word, key::names()).or_else(|| nearest(last, key::names()));
            Problem::UnknownKey {
                name: Clean::new(&word),
                nearest: meant,
            }
        }
        BadChord::Key(word, BadKey::SameAs(same_as)) => Problem::SameKey {
            name: Clean::new(&word),
            same_as,
        },
        BadChord::Key(word, BadKey::Varies) => Problem::VaryingKey(Clean::new(&word)),
        BadChord::Empty => Problem::UnknownKey {
            name: Clean::new(keys),
            nearest: Some("space"),
        },
        BadChord::Escape => Problem::EscapeInChord(Clean::new(keys)),
    }
}

type Item<'t, 'i> = (
    &'t toml::Spanned<toml::de::DeString<'i>>,
    &'t toml::Spanned<DeValue<'i>>,
);

/// A table in the order of the file, so that the first error is the first.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Item<'t, 'i>> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(word, _)| word.span().start);
    items
}
