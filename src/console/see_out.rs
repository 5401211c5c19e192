//! After the screen is given back: what becomes of the writes that are under way.

use std::collections::BTreeMap;

use ecsdeck_core::act::{IntentId, Outcome};
use ecsdeck_core::app::{Model, Msg};
use ecsdeck_core::text::Clean;

use crate::backend::{Backend, PATIENCE};
use crate::exit::Exit;
use crate::say::say;
use crate::signals::Ending;

/// Writes that are under way, with their titles.
pub(super) type Running = BTreeMap<IntentId, Clean>;

pub(super) fn running(model: &Model) -> Running {
    let running = model.running.iter();
    running
        .map(|(id, running)| (id.clone(), running.title.clone()))
        .collect()
}

/// Waits for the writes that are under way, and says what became of them. A signal ends the wait within a second: a
/// write that has no answer by then is journalled as unknown.
pub(super) async fn see_out(
    backend: &mut Backend,
    mut writes: Running,
    signals: &mut Ending,
    mut exit: Exit,
) -> Exit {
    if writes.is_empty() {
        return exit;
    }
    let mut last = None;
    if exit.is_signal() {
        backend.give_up();
        last = Some(tokio::time::Instant::now() + PATIENCE);
    } else {
        say("a change is under way: waiting until its outcome is known");
    }
    let mut unknown = false;
    while !writes.is_empty() {
        tokio::select! {
            msg = backend.messages.recv() => match msg {
                Some(Msg::Acted { intent, outcome, .. }) => {
                    let Some(title) = writes.remove(&intent) else {
                        continue;
                    };
                    tell(&intent, &title, &outcome);
                    unknown |= Exit::of_outcome(&outcome) == Exit::OutcomeUnknown;
                }
                Some(_) => {}
                None => break,
            },
            signal = signals.next(), if last.is_none() => {
                exit = signal;
                backend.give_up();
                last = Some(tokio::time::Instant::now() + PATIENCE);
            }
            () = until(last) => break,
        }
    }
    for (intent, title) in &writes {
        let id = intent.short();
        say(&format!(
            "{title}: outcome unknown (write {id}).\nHint: run ecsdeck journal to see the outcome"
        ));
        unknown = true;
    }
    if unknown { Exit::OutcomeUnknown } else { exit }
}

fn tell(intent: &IntentId, title: &Clean, outcome: &Outcome) {
    let detail = outcome.detail();
    let detail = detail.map(|detail| format!(" \u{2014} {detail}"));
    say(&format!(
        "{title}: {}{} (write {})",
        outcome.words(),
        detail.unwrap_or_default(),
        intent.short()
    ));
}

async fn until(at: Option<tokio::time::Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
