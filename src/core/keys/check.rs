//! Rules that hold across a whole keymap: every chord can be pressed, nothing
//! opens and confirms a change, and there is always a way out.

use super::draft::{Bound, Draft, Origin};
use super::problem::{KeymapError, Problem, name};
use super::{Action, Chord, Scope};

pub(super) fn check(draft: &Draft) -> Result<(), KeymapError> {
    every_chord_can_be_pressed(draft)?;
    nothing_opens_and_confirms(draft)?;
    there_is_a_way_out(draft)
}

/// A binding that does something, and where it is.
struct Live<'a> {
    scope: Scope,
    chord: &'a Chord,
    action: Action,
    origin: Origin,
}

impl Draft {
    fn live(&self, scope: Scope) -> impl Iterator<Item = Live<'_>> {
        let bound = self.scopes.get(&scope).into_iter().flatten();
        bound.filter_map(move |(chord, Bound { action, origin })| {
            action.map(|action| Live {
                scope,
                chord,
                action,
                origin: *origin,
            })
        })
    }

    /// What is bound when `scope` is the innermost.
    fn reachable(&self, scope: Scope) -> impl Iterator<Item = Live<'_>> {
        let own = self.scopes.get(&scope);
        let outside = scope
            .chain()
            .iter()
            .skip(1)
            .flat_map(|outer| self.live(*outer))
            .filter(move |live| {
                let hides = |(chord, bound): (&Chord, &Bound)| {
                    chord == live.chord || bound.action.is_none() && chord.begins(live.chord)
                };
                !own.into_iter().flatten().any(hides)
            });
        self.live(scope).chain(outside)
    }

    fn error(&self, origin: Origin, problem: Problem) -> KeymapError {
        match self.layers.get(origin.layer) {
            Some(layer) => layer.error(origin.offset, problem),
            None => KeymapError::new(None, problem),
        }
    }
}

fn every_chord_can_be_pressed(draft: &Draft) -> Result<(), KeymapError> {
    for scope in Scope::ALL {
        let bound: Vec<_> = draft.reachable(scope).collect();
        let pairs = bound
            .iter()
            .flat_map(|short| bound.iter().map(move |long| (short, long)));
        for (short, long) in pairs.filter(|(short, long)| short.chord.begins(long.chord)) {
            // The later of the two is the one to change.
            let (here, other) = if short.origin > long.origin {
                (short, long)
            } else {
                (long, short)
            };
            let Some(layer) = draft.layers.get(other.origin.layer) else {
                continue;
            };
            let problem = Problem::Prefix {
                short: short.chord.clone(),
                long: long.chord.clone(),
                action: name(short.action),
                scope: other.scope,
                place: layer.place(other.origin.offset),
            };
            return Err(draft.error(here.origin, problem));
        }
    }
    Ok(())
}

fn nothing_opens_and_confirms(draft: &Draft) -> Result<(), KeymapError> {
    let confirms: Vec<_> = draft
        .live(Scope::Dialog)
        .filter(|live| live.action == Action::Confirm)
        .collect();
    for opens in Scope::ALL.into_iter().flat_map(|scope| draft.live(scope)) {
        if !opens.action.info().write || opens.action == Action::Confirm {
            continue;
        }
        let same = confirms
            .iter()
            .find(|confirms| opens.chord.keys().last() == confirms.chord.keys().first());
        if let Some(confirms) = same {
            let problem = Problem::OpensAndConfirms {
                action: name(opens.action),
                chord: opens.chord.clone(),
                confirm: confirms.chord.clone(),
            };
            return Err(draft.error(opens.origin.max(confirms.origin), problem));
        }
    }
    Ok(())
}

fn there_is_a_way_out(draft: &Draft) -> Result<(), KeymapError> {
    let panes = Scope::ALL.into_iter().filter(|scope| scope.is_pane());
    let needed = panes.map(|pane| (pane, Action::Quit)).chain([
        (Scope::Dialog, Action::Cancel),
        (Scope::Dialog, Action::Confirm),
        (Scope::Input, Action::Cancel),
        (Scope::Input, Action::Accept),
    ]);
    for (scope, action) in needed {
        if draft.reachable(scope).any(|live| live.action == action) {
            continue;
        }
        let top = Origin {
            layer: draft.layers.len().saturating_sub(1),
            offset: 0,
        };
        let taken = draft.lost.iter().rfind(|(lost, _)| *lost == action);
        let origin = taken.map_or(top, |(_, origin)| *origin);
        return Err(draft.error(
            origin,
            Problem::Unreachable {
                action: name(action),
                scope,
            },
        ));
    }
    Ok(())
}
