//! Random keys at the console: nothing is written but what somebody confirms on purpose.
//!
//! A confirmation is the key of the question, alone, once the question is armed. So `y` never comes
//! alone here: it comes with others in one write, as what was typed ahead, repeated or pasted does,
//! and every writing call at the simulator is one too many. What comes alone is any other key.

use std::time::Duration;

use super::chance::{Chance, any, cases};
use super::openings::{OPENINGS, walk};
use super::stage::{ESCAPE, Stage, a_yes_is_heard, asks, go_home, is_armed, nothing_was_written};
use crate::harness::Pty;

/// Every key that is bound to something, but for those that leave the console.
const KEYS: &[&str] = &[
    "T", "U", "R", "F", "I", "S", "Z", "A", "H", "D", "Y", "X", "J", "P", "L", "G", "N", "j", "k",
    "g", "h", "w", "l", "/", "!", "d", "c", "r", "e", "v", "p", "x", ":", "?", "o", " ", "f", "n",
    "t", "a", "0", "1", "2", "3", "4", "5", "6", "9", "\r", "\r", "\r", "\t", "\t", "\x1b[Z",
    "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x06",
    "\x02", "\x13", "\x7f", "\x15", ESCAPE,
];

/// What may come with a yes.
const YES: &[&str] = &[
    "y",
    "y",
    "y",
    "\r",
    "web\r",
    "stuck\r",
    "jobs-dead\r",
    "yes\r",
];

#[derive(Debug, Default)]
struct Tally {
    keys: u32,
    bursts: u32,
    /// How often something came while a question stood, and while its answer would have counted.
    asked: u32,
    armed: u32,
    /// How often the console was left.
    left: u32,
}

/// Several keys in one write, with a yes among them more often than not.
fn burst(chance: &mut Chance) -> String {
    let mut keys = String::new();
    for _ in 0..2 + chance.below(4) {
        keys += any(if chance.below(3) == 0 { YES } else { KEYS }, chance);
    }
    // One key is none: it would be a person's answer.
    keys + any(YES, chance)
}

/// One sequence, from the services and back. `yes` says whether a yes comes alone too.
fn sequence(pty: &Pty, chance: &mut Chance, yes: bool, tally: &mut Tally) {
    let opening = any(OPENINGS, chance);
    match chance.below(4) {
        // All of it typed ahead, the yes too.
        0 => pty.types(&(opening.concat() + any(YES, chance) + "y")),
        1 => {}
        _ => {
            walk(pty, opening);
        }
    }
    for _ in 0..4 + chance.below(8) {
        let shown = pty.shown();
        tally.asked += u32::from(asks(&shown));
        tally.armed += u32::from(is_armed(&shown));
        match chance.below(5) {
            0 | 1 => {
                pty.types(&burst(chance));
                tally.bursts += 1;
            }
            2 if yes => pty.types("y"),
            _ => pty.types(any(KEYS, chance)),
        }
        tally.keys += 1;
    }
    go_home(pty);
}

/// So many sequences, and the console that is there afterwards: some of them leave it through the palette.
fn sequences(count: u64, stage: &Stage, further: &[&str], seed: u64, yes: bool) -> (Pty, Tally) {
    let (mut chance, mut tally) = (Chance(seed), Tally::default());
    let mut pty = stage.console(further);
    for number in 0..count {
        sequence(&pty, &mut chance, yes, &mut tally);
        nothing_was_written(stage, &format!("sequence {number} of seed {seed}"));
        if pty.has_left() {
            assert_eq!(pty.ends().status.exit_code(), 0);
            pty = stage.console(further);
            tally.left += 1;
        }
    }
    println!("{count} sequences: {tally:?}, 0 writing calls");
    (pty, tally)
}

/// Two consoles, since they wait for their frames most of the time.
fn by_chance(deck: &str, further: &[&str], seed: u64) {
    std::thread::scope(|scope| {
        for seed in [seed, seed + 1] {
            scope.spawn(move || {
                let stage = Stage::set(deck);
                let (mut pty, tally) = sequences(cases(125, 1_250), &stage, further, seed, false);
                assert!(tally.armed > tally.keys / 20, "few questions: {tally:?}");
                a_yes_is_heard(&stage, &mut pty);
            });
        }
    });
}

#[test]
fn no_random_keys_write_what_nobody_confirmed() {
    by_chance("", &[], 11);
}

#[test]
fn no_random_keys_write_where_names_are_typed_either() {
    by_chance("protected = true", &["--refresh", "1"], 21);
}

#[test]
fn no_random_keys_at_a_read_only_console_write() {
    let stage = Stage::set("");
    let (pty, _) = sequences(cases(60, 2_000), &stage, &["--read-only"], 13, true);
    // It lives, and says why it does not.
    go_home(&pty);
    pty.types("U");
    assert!(
        pty.comes_to(Duration::from_secs(10), |s| s.has("read-only")),
        "{}",
        pty.shown().text()
    );
}
