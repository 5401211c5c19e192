//! Every pane of the console: the model with its worker, and what stands on the screen.

use std::time::Duration;

use ecsdeck_core::keys::Pane;

use super::commands::Tally;
use super::ground::{calls, last, reading, world};
use super::judge::{Said, nothing};
use super::kinds::{KINDS, Kind, is_one};
use crate::acting::chance::is_long;
use crate::acting::desk::Desk;
use crate::acting::scene::Scene;
use crate::harness::on_virtual_time;

/// The keys that lead there, from the services with the first of them selected.
fn way(pane: Pane) -> &'static str {
    match pane {
        Pane::Services => "esc",
        Pane::Tasks => ": t a s k s enter",
        Pane::Detail => "d",
        Pane::Queues => ": q u e u e s enter",
        Pane::Work => ": w o r k enter enter",
        Pane::Logs => "l",
    }
}

/// So long a console is looked at: calls that hang are tried three times.
const LOOK: Duration = Duration::from_secs(70);

async fn desk() -> Desk {
    Desk::at(Scene::of(&world()).await)
}

/// Goes to the pane and looks at it for a while; what stands there then.
async fn look(desk: &mut Desk, pane: Pane) -> String {
    desk.pass(Duration::from_secs(2)).await;
    desk.press(way(pane)).await;
    desk.pass(LOOK).await;
    desk.screen()
}

fn wrong(whole: &str, screen: &str, desk: &Desk, kind: &Kind, operation: &str) -> Option<String> {
    if let Some(words) = nothing(whole, screen) {
        return Some(format!("it says \u{201c}{words}\u{201d}"));
    }
    let readings = desk.model.readings.iter();
    let errors: Vec<_> = readings
        .filter_map(|(_, reading)| reading.error.as_ref())
        .collect();
    // What fails for good is one of the readings' errors, or belongs to one thing among others.
    let of_it = errors.iter().find(|error| error.operation == operation);
    let named = screen.contains(operation) || screen.contains(operation.split_once(':').unwrap().1);
    match of_it {
        Some(error)
            if !kind
                .words
                .iter()
                .any(|words| error.to_string().contains(words)) =>
        {
            Some(format!("its error names none of {:?}: {error}", kind.words))
        }
        Some(_) if !named && !screen.contains("failed") => {
            Some("nothing on the screen says that something failed".to_owned())
        }
        _ => None,
    }
}

fn is_drawn(pane: usize, operation: usize, kind: usize) -> bool {
    let of = match KINDS[kind].name {
        "endless pages" => 123,
        _ => 41,
    };
    is_long() || (pane * 5 + operation * 3 + kind).is_multiple_of(of)
}

async fn each_fault(number: usize, pane: Pane, tally: &mut Tally) {
    let mut whole = desk().await;
    let screen = look(&mut whole, pane).await;
    let there = calls(&whole.scene.sim, 0);
    drop(whole);
    for (place, operation) in reading(&there).iter().enumerate() {
        for (at, kind) in KINDS.iter().enumerate() {
            if !is_drawn(number, place, at) || !is_one(kind, operation) {
                continue;
            }
            let mut faulted = desk().await;
            if faulted.scene.sim.add_fault(kind.of(operation)).is_err() {
                continue;
            }
            let told = format!("{pane:?}: {} at {operation}", kind.name);
            println!("{told}");
            let said = look(&mut faulted, pane).await;
            let wrong = wrong(&screen, &said, &faulted, kind, operation);
            tally.most_calls = tally.most_calls.max(last(&faulted.scene.sim));
            let said = Said {
                data: rows(&said),
                ..Said::default()
            };
            tally.take(&told, kind.name, wrong, &said);
        }
    }
}

/// The screen in its rows.
fn rows(screen: &str) -> String {
    let letters: Vec<char> = screen.chars().collect();
    let rows = letters
        .chunks(160)
        .map(|row| row.iter().collect::<String>());
    rows.map(|row| row.trim_end().to_owned() + "\n").collect()
}

#[test]
fn whatever_fails_no_pane_takes_the_unknown_for_nothing() {
    let mut tally = Tally::default();
    for (number, pane) in Pane::ALL.iter().enumerate() {
        on_virtual_time(each_fault(number, *pane, &mut tally));
    }
    tally.end("panes");
}
