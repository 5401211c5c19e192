//! From an intent to what is proposed: its notes, its commands, and the name that must be typed.

use super::failing::check_of;
use super::notes::notes;
use crate::act::Intent;
use crate::app::model::Model;
use crate::app::model::proposal::Proposal;
use crate::text::Clean;

/// What is proposed of an intent.
pub(in crate::app) fn propose(model: &Model, intent: Intent) -> Proposal {
    Proposal {
        commands: commands(model, &intent),
        notes: notes(model, &intent),
        check: check_of(model, &intent),
        name: must_be_typed(model, &intent),
        intent,
    }
}

/// The name that must be typed: its target's, for a big change in a protected deck, and for one that takes back what
/// perhaps somebody else did.
fn must_be_typed(model: &Model, intent: &Intent) -> Option<Clean> {
    ((model.setup.is_protected() && intent.big) || intent.doubtful)
        .then(|| Clean::new(&intent.target.subject.name().ascii()))
}

/// What is sent, as commands. Somebody may look over the shoulder.
fn commands(model: &Model, intent: &Intent) -> Vec<Clean> {
    let commands = intent.shown(model.setup.values).aws_commands();
    commands.iter().map(|command| Clean::new(command)).collect()
}
