//! The console ends between any two steps of a write: its future is dropped at every await.

use std::pin::Pin;
use std::task::{Context, Poll};

use ecsdeck_core::act::OutcomeKind;
use ecsdeck_core::act::history::Kind;
use serde_json::{Value, json};

use super::actions::{ALL, Action};
use super::chance::is_long;
use super::scene::{Scene, decided};
use crate::harness::on_virtual_time;

/// A future that ends after so many polls, with nothing where it has not come to its own end.
struct Polls<F> {
    inner: F,
    left: usize,
}

impl<F: Future + Unpin> Future for Polls<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        Pin::new(&mut self.inner).poll(context).map(Some)
    }
}

/// Whether it came to its own end within so many polls, and whether it had sent anything.
async fn dropped_after(polls: usize, action: &Action, fault: Option<&Value>) -> (bool, bool) {
    let scene = Scene::set().await;
    let intent = decided(action, &scene).await;
    if let Some(fault) = fault {
        for call in action.sends {
            let mut rule = fault.clone();
            rule["action"] = (*call).into();
            scene.fault(rule);
        }
    }
    // On the heap, so that it is gone with `Polls`, and with it what it holds.
    let inner = Box::pin(scene.act(&intent, |_| {}));
    let outcome = Polls { inner, left: polls }.await;
    // What was under way when it was dropped still arrives.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let sent = scene.sent(action);
    let told = format!(
        "{}, {polls} polls, {fault:?}: {outcome:?}, {sent:?}",
        action.name
    );
    let written = scene.written();
    let has_intent = written
        .entries
        .iter()
        .any(|entry| entry.kind == Kind::Intent);
    assert!(
        sent.is_empty() || has_intent,
        "a write without an intent: {told}"
    );
    scene.start_again().await;
    let (written, shows) = (scene.written(), (action.shows)(&scene.state()));
    assert_eq!(written.history().unsettled().next(), None, "{told}");
    assert_eq!(written.warnings, [], "{told}");
    assert_eq!(
        scene.sent(action).len(),
        sent.len(),
        "settling sends nothing: {told}"
    );
    let last = written
        .entries
        .last()
        .and_then(|entry| entry.outcome.as_ref());
    assert_eq!(
        last.is_some_and(
            |word| *word == OutcomeKind::Done || *word == OutcomeKind::AppliedByUnknown
        ),
        shows,
        "the journal says {last:?}: {told}"
    );
    (outcome.is_some(), !sent.is_empty())
}

#[test]
fn dropped_at_any_step_no_write_is_without_an_intent_and_the_next_start_tells_the_truth() {
    let faults = [
        None,
        Some(json!({ "kind": "throttle", "times": 1 })),
        Some(json!({ "kind": "reset-after" })),
    ];
    // In the short form one of each kind of end: one request, several, and one with a token.
    let few = ["scale", "run", "deploy"];
    for action in ALL
        .iter()
        .filter(|one| is_long() || few.contains(&one.name))
    {
        for fault in &faults {
            let (mut polls, mut sent) = (0, 0);
            loop {
                let (ended, has_sent) =
                    on_virtual_time(dropped_after(polls, action, fault.as_ref()));
                sent += usize::from(has_sent);
                if ended {
                    break;
                }
                polls += 1;
            }
            println!(
                "{}, {fault:?}: dropped at {polls} steps, {sent} of them after sending",
                action.name
            );
            assert!(polls > 5 && sent > 1, "{polls} steps, {sent} after sending");
        }
    }
}
