//! Whatever changes while a person acts, nothing is sent but what the question showed: refreshes, rows
//! that move, filters, counts that others set, services that are deleted and tasks that end, in any
//! order with keys. Counted at the simulator's log.

use std::time::Duration;

use serde_json::{Value, json};

use super::chance::{Chance, any, cases};
use super::desk::Desk;
use super::scene::ACTOR;
use super::stage::reads;
use crate::harness::on_virtual_time;

/// The ways to a question.
const OPENINGS: &[&str] = &[
    "U 7 enter",
    "U 0 enter",
    "F",
    "R",
    "Z",
    "I",
    "H",
    "A",
    "T enter ctrl-s",
    "T down enter ctrl-s",
    "enter S",
    "enter space space S",
    ": q u e u e s enter D",
    ": w o r k enter j Y",
    "X",
];

/// What moves, filters and sorts; what leaves; what fills in.
const KEYS: &[&str] = &[
    "j",
    "j",
    "k",
    "g",
    "G",
    "tab",
    "enter",
    "esc",
    "n",
    "!",
    "x",
    "r",
    "space",
    "w",
    "ctrl-s",
    "2",
    "/ w e b enter",
    "/ s enter",
    "/ esc",
    "esc esc esc",
];

/// The services of the scene, and what others set them to.
const SERVICES: &[&str] = &["web", "scaled", "stuck", "paused", "gone", "held"];

#[derive(Debug, Default)]
struct Tally {
    schedules: u32,
    asked: u32,
    confirmed: u32,
    sent: u32,
    /// Confirmed, and not sent since something had changed by then.
    stopped: u32,
}

/// Somebody else changes something.
async fn change(desk: &Desk, chance: &mut Chance) {
    let ecs = |operation: &str| match operation {
        "UpdateService" => "AmazonEC2ContainerServiceV20141113.UpdateService",
        "DeleteService" => "AmazonEC2ContainerServiceV20141113.DeleteService",
        _ => "AmazonEC2ContainerServiceV20141113.StopTask",
    };
    // What is asked about, more often than not.
    let asked = desk
        .question()
        .and_then(|asked| asked.proposal.intent.target.subject.service());
    let asked = asked
        .filter(|_| chance.below(3) > 0)
        .map(|arn| arn.name().to_owned());
    let name = asked.unwrap_or_else(|| any(SERVICES, chance).to_owned());
    let mut body = json!({ "cluster": "main", "service": name });
    match chance.below(6) {
        0 | 1 => {
            body["desiredCount"] = chance.below(5).into();
            desk.others(ecs("UpdateService"), body).await;
        }
        2 => {
            body["taskDefinition"] = any(&["web:1", "web:2", "web:3"], chance).into();
            desk.others(ecs("UpdateService"), body).await;
        }
        3 => {
            body["force"] = true.into();
            desk.others(ecs("DeleteService"), body).await;
        }
        4 => {
            let state = desk.scene.state();
            let tasks = state["tasks"].as_array().unwrap();
            let task = &tasks[usize::try_from(chance.below(tasks.len() as u64)).unwrap()];
            let body = json!({ "cluster": "main", "task": task["id"] });
            desk.others(ecs("StopTask"), body).await;
        }
        _ => {
            let seconds = 30 + chance.below(300);
            desk.scene.sim.advance(Duration::from_secs(seconds));
        }
    }
}

/// Holds what was sent against what was confirmed: each request is one that a question showed, to
/// the last member of its body, and none was sent twice.
fn is_what_was_shown(desk: &Desk, tally: &mut Tally) {
    let calls = desk.scene.sim.calls(0);
    let calls = calls.as_array().unwrap().iter();
    let ours = calls.filter(|call| call["who"] == ACTOR);
    let mut shown: Vec<(String, Value)> = Vec::new();
    for step in desk.confirmed.iter().flat_map(|intent| &intent.steps) {
        let (_, operation) = step.request.operation().split_once(':').unwrap();
        shown.push((operation.to_owned(), step.request.body()));
    }
    let all = shown.len();
    for call in ours.filter(|call| !reads(call["action"].as_str().unwrap())) {
        let at = shown.iter().position(|(operation, body)| {
            let mut body = body.clone();
            // A revision that an earlier step registers has no name before.
            let registered = body["taskDefinition"].as_str();
            if registered.is_some_and(|name| name.starts_with('(')) {
                body["taskDefinition"] = call["request"]["taskDefinition"].clone();
            }
            *operation == call["action"] && body == call["request"]
        });
        let at = at.unwrap_or_else(|| panic!("no question showed {call:#}: {shown:#?}"));
        shown.remove(at);
        tally.sent += 1;
    }
    tally.stopped += u32::try_from(shown.len()).unwrap();
    tally.confirmed += u32::try_from(all).unwrap();
    assert_eq!(desk.scene.written().warnings, []);
}

/// Things that happen in one schedule.
const STEPS: usize = 20;

async fn schedule(desk: &mut Desk, chance: &mut Chance, tally: &mut Tally) {
    for _ in 0..STEPS {
        match chance.below(10) {
            0 | 1 => {
                let rows = any(&["esc g", "esc j", "esc k", "esc"], chance);
                desk.press(rows).await;
                desk.press(any(OPENINGS, chance)).await;
                if chance.below(4) > 0 {
                    desk.pass(Duration::from_secs(1)).await;
                }
            }
            2 => desk.show().await,
            3 => desk.press("y").await,
            4 => change(desk, chance).await,
            5 => desk.press(any(KEYS, chance)).await,
            // A person who goes all the way, while the world goes on.
            6 | 7 if desk.question().is_some() => {
                tally.asked += 1;
                desk.show().await;
                if chance.below(2) == 0 {
                    change(desk, chance).await;
                }
                desk.pass(Duration::from_millis(chance.below(3_000))).await;
                desk.press("y").await;
            }
            _ => desk.pass(Duration::from_millis(chance.below(3_000))).await,
        }
    }
    desk.press("esc esc esc").await;
    tally.schedules += 1;
}

/// Schedules one after the other at one desk: by the last of them much of its world is gone.
const AT_ONE_DESK: u64 = 4;

async fn some(seed: u64, tally: &mut Tally) {
    let (mut desk, mut chance) = (Desk::new().await, Chance(seed));
    desk.pass(Duration::from_secs(2)).await;
    for _ in 0..AT_ONE_DESK {
        schedule(&mut desk, &mut chance, tally).await;
    }
    for _ in 0..300 {
        if desk.model.running.is_empty() {
            break;
        }
        desk.pass(Duration::from_secs(1)).await;
    }
    let ends = desk.model.running.is_empty();
    assert!(ends, "a write of seed {seed} never ends");
    is_what_was_shown(&desk, tally);
}

/// In two halves, so that two cores have something to do.
fn half(rest: u64) {
    let mut tally = Tally::default();
    let desks = 0..cases(200, 2_000) / AT_ONE_DESK;
    for seed in desks.filter(|seed| seed % 2 == rest) {
        on_virtual_time(some(seed, &mut tally));
    }
    println!("{tally:?}: nothing was sent but what was shown");
    assert!(tally.sent > tally.schedules / 4, "{tally:?}");
    assert!(tally.stopped > tally.schedules / 50, "{tally:?}");
}

#[test]
fn whatever_changes_meanwhile_nothing_is_sent_but_what_the_question_showed() {
    half(0);
}

#[test]
fn whatever_changes_meanwhile_nothing_is_sent_but_what_the_question_showed_either() {
    half(1);
}
