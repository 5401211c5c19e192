//! Whatever signal comes and wherever a write is: the terminal is as before, the journal is true, and the exit code
//! says what is known.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Home, Pty, Sim};

const WEB: &str = "short-drama-web";

/// How far the write is when the signal comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing is asked of AWS for it, or the answer is still to come.
    Before,
    /// The target is read again.
    Checking,
    /// The request is out, and no answer comes.
    Sending,
    /// AWS has accepted it, and whether it shows is being read.
    Reconciling,
}

const PHASES: [Phase; 4] = [
    Phase::Before,
    Phase::Checking,
    Phase::Sending,
    Phase::Reconciling,
];

/// Stalls an action from one of its calls on.
fn stall(sim: &Sim, action: &str, skip: u64) -> u64 {
    sim.fault(json!({ "kind": "stall", "action": action, "skip": skip }))
}

/// Waits for a further call of an action.
fn called(sim: &Sim, action: &str, calls: usize) {
    sim.until(action, |all| {
        all.iter().filter(|call| call.action == action).count() >= calls
    });
}

/// Waits until the write has come so far, once it was asked for. `asked` are the calls for the identity until then.
fn comes_to(sim: &Sim, phase: Phase, asked: usize, update: Option<u64>) {
    match phase {
        Phase::Before => {}
        Phase::Checking => called(sim, "GetCallerIdentity", asked + 1),
        Phase::Sending => called(sim, "UpdateService", 1),
        Phase::Reconciling => {
            called(sim, "UpdateService", 1);
            let before = sim.calls_of("DescribeServices").len();
            stall(sim, "DescribeServices", 0);
            sim.running().delete_faults(update);
            called(sim, "DescribeServices", before + 1);
        }
    }
}

/// What is stalled from the beginning; gives the rule for UpdateService.
fn prepare(sim: &Sim, phase: Phase, asked: usize) -> Option<u64> {
    match phase {
        Phase::Before => None,
        Phase::Checking => {
            stall(sim, "GetCallerIdentity", u64::try_from(asked).unwrap());
            None
        }
        Phase::Sending | Phase::Reconciling => Some(stall(sim, "UpdateService", 0)),
    }
}

fn holds(home: &Home, signal: Signal, phase: Phase, code: Option<i32>, said: &str) {
    let told = format!("{signal:?} while {phase:?}: {code:?}\n{said}");
    let journal = home.journal();
    let outcomes: Vec<&Value> = journal.iter().map(|line| &line["outcome"]).collect();
    match phase {
        Phase::Before | Phase::Checking => {
            assert_eq!(code, Some(128 + signal.as_raw()), "{told}");
            assert!(journal.is_empty(), "{told}\n{journal:#?}");
        }
        Phase::Sending | Phase::Reconciling => {
            assert_eq!(code, Some(4), "{told}");
            assert_eq!(outcomes, [&Value::Null, &json!("unknown")], "{told}");
            let id = journal[0]["id"].as_str().unwrap().get(..8).unwrap();
            assert!(said.contains(id), "{told}");
            let accepted = journal[1]["accepted"] == json!([0]);
            assert_eq!(accepted, phase == Phase::Reconciling, "{journal:#?}");
        }
    }
}

fn command(signal: Signal, phase: Phase) {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let update = match phase {
        Phase::Before => {
            stall(&sim, "ListServices", 0);
            None
        }
        _ => prepare(&sim, phase, 1),
    };
    let going = home.begin(&["scale", WEB, "4", "--yes"]);
    match phase {
        Phase::Before => called(&sim, "ListServices", 1),
        _ => comes_to(&sim, phase, 1, update),
    }
    let (status, said) = going.end_said(signal);
    holds(&home, signal, phase, status.code(), &said);
}

fn console(signal: Signal, phase: Phase) {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &["--service", WEB]);
    pty.until("the service", |s| {
        s.rows[0].contains("live") && s.rows[1].contains(WEB) && s.rows[1].contains("STEADY")
    });
    pty.send("U");
    pty.sees("desired count");
    pty.send("\x154\r");
    pty.sees("SCALE?");
    pty.until("the armed question", |s| s.has("y does it"));
    let asked = sim.calls_of("GetCallerIdentity").len();
    // The count of a rule begins when it is made.
    let update = prepare(&sim, phase, 0);
    if phase != Phase::Before {
        pty.insists("y", "the answer", |s| !s.has("y does it"));
        comes_to(&sim, phase, asked, update);
    }
    pty.signal(signal);
    let ended = pty.ends();
    ended.gave_back();
    let code = i32::try_from(ended.status.exit_code()).unwrap();
    holds(&home, signal, phase, Some(code), &ended.shown.words());
}

fn is_long() -> bool {
    std::env::var_os("ECSDECK_LONG_TESTS").is_some()
}

#[test]
fn whatever_signal_ends_a_command_the_journal_is_true() {
    let mut cases = 0;
    for (number, signal) in ecsdeck::signals::ENDING.into_iter().enumerate() {
        for (place, phase) in PHASES.into_iter().enumerate() {
            // In the short form each signal once, the later phases more often.
            if is_long() || place == [2, 3, 1, 2, 3, 0][number % 6] {
                command(signal, phase);
                cases += 1;
            }
        }
    }
    println!("{cases} signals at commands, 0 wrong");
}

#[test]
fn whatever_signal_ends_the_console_the_terminal_is_as_before() {
    let mut cases = 0;
    for (number, signal) in ecsdeck::signals::ENDING.into_iter().enumerate() {
        for (place, phase) in PHASES.into_iter().enumerate() {
            if is_long() || (number % 3 == 0 && place == [2, 3, 1, 0, 2, 3][number / 3 % 6]) {
                console(signal, phase);
                cases += 1;
            }
        }
    }
    println!("{cases} signals at the console, 0 wrong");
}

#[test]
fn a_reader_that_goes_away_is_no_signal_to_end() {
    let sim = Sim::with("short-drama", |options| options.speed = 20.0);
    let home = Home::on(&sim);
    let (code, said) = home.run_unread(&["scale", WEB, "4", "--yes", "--wait"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn whoever_tells_a_command_to_end_waits_for_nothing_more() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let going = home.begin(&["scale", WEB, "4", "--yes", "--wait"]);
    called(&sim, "UpdateService", 1);
    let (status, said) = going.end_said(Signal::TERM);
    // Before the outcome, or after it.
    let code = status.code().unwrap();
    assert!([4, 143].contains(&code), "{code}: {said}");
}

#[test]
fn what_the_starter_ignores_stays_ignored() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let update = stall(&sim, "UpdateService", 0);
    let going = home.begin_without_hang_ups(&["scale", WEB, "4", "--yes"]);
    called(&sim, "UpdateService", 1);
    going.signal(Signal::HUP);
    sim.running().delete_faults(Some(update));
    let (status, said) = going.ends_said();
    assert_eq!(status.code(), Some(0), "{said}");
}

/// Longer than what was read for a write may be old.
const AGED: Duration = Duration::from_millis(2_200);

/// Stops a command while it reads again before it writes, and lets somebody else set the count meanwhile.
fn stopped_at(action: &str, calls: u64) {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let rule = stall(&sim, action, calls);
    let going = home.begin(&["scale", WEB, "4", "--yes"]);
    called(&sim, action, usize::try_from(calls).unwrap() + 1);
    going.stop();
    sim.running().delete_faults(Some(rule));
    let other = json!({ "cluster": "short-drama-cluster", "service": WEB, "desiredCount": 1 });
    sim.ask("AmazonEC2ContainerServiceV20141113.UpdateService", &other);
    let since = ecsdeck::uptime::since_boot();
    let (clock, end) = (since.clone(), since.now() + AGED);
    while clock.now() < end {
        std::thread::park_timeout(Duration::from_millis(50));
    }
    going.signal(Signal::CONT);
    let (status, said) = going.ends_said();
    assert_eq!(status.code(), Some(5), "stopped at {action}: {said}");
    let sent = sim.calls_of("UpdateService").len();
    assert_eq!(sent, 1, "the other's alone; stopped at {action}: {said}");
}

#[test]
fn a_command_that_was_stopped_overwrites_nobodys_change() {
    // Who we are is asked at the beginning, and again where the write is decided.
    let mut points = vec![("GetCallerIdentity", 1)];
    if is_long() {
        points.extend((0..9).map(|_| ("GetCallerIdentity", 1)));
    }
    for (action, calls) in &points {
        stopped_at(action, *calls);
    }
    println!(
        "{} commands stopped before their write, 0 changes overwritten",
        points.len()
    );
}
