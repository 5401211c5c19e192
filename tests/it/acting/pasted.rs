//! What is pasted and keys that are held down at the console: neither ever confirms, wherever it lands.

use std::time::{Duration, Instant};

use super::chance::{Chance, any, cases};
use super::openings::{OPENINGS, walk};
use super::stage::{Stage, a_yes_is_heard, go_home, is_armed, nothing_was_written};
use crate::harness::Pty;

/// Where a paste may land beside the questions: the panes, a viewer, what is typed, a form.
const PLACES: &[&[&str]] = &[
    &[],
    &["\t"],
    &["?"],
    &[":"],
    &["/"],
    &["U"],
    &["T"],
    &["T", "\r"],
    &["I", ""],
];

/// What payloads are made of: keys that write and answer, names, ends of lines, marks of a paste's
/// beginning and end, the answer of a terminal that has shown a question.
const PIECES: &[&str] = &[
    "y",
    "y",
    "y",
    "Y",
    "\r",
    "\n",
    "\r\n",
    "T",
    "U",
    "R",
    "S",
    "F",
    "Z",
    "7",
    "web",
    "stuck",
    "enter",
    "yes\r",
    "\t",
    " ",
    "\x1b[201~",
    "\x1b[201~y",
    "\x1b[200~",
    "\x1b[0n",
    "\x1b",
    "\x13",
    "\x1b[27u",
    "\u{e9}\u{6f22}",
    "aws ecs update-service\r",
];

fn payload(chance: &mut Chance) -> String {
    let mut text = String::from(any(PIECES, chance));
    for _ in 0..1 + chance.below(12) {
        text += any(PIECES, chance);
    }
    // One that a line and a read cannot hold, so that it comes in parts.
    if chance.below(6) == 0 {
        text = "x".repeat(4_095) + &text;
    }
    // The last of it is what a person would have to press.
    text + "y"
}

fn pastes(deck: &str, seed: u64) {
    let stage = Stage::set(deck);
    let mut pty = stage.console(&[]);
    let (mut chance, mut on_questions) = (Chance(seed), 0);
    let count = cases(40, 200);
    for number in 0..count {
        // Two of three on a question.
        let place = any(if number % 3 == 0 { PLACES } else { OPENINGS }, &mut chance);
        let text = payload(&mut chance);
        let bracketed = chance.below(2) == 0;
        on_questions += u64::from(walk(&pty, place));
        if bracketed {
            pty.types(&format!("\x1b[200~{text}\x1b[201~"));
        } else {
            pty.types(&text);
            // A mark in it that opens a paste: it has to end some time.
            pty.types("\x1b[201~");
        }
        go_home(&pty);
        let told = format!("payload {number}, bracketed: {bracketed}, at {place:?}: {text:?}");
        nothing_was_written(&stage, &told);
    }
    println!("{count} payloads, {on_questions} of them on a question: 0 writing calls");
    assert!(on_questions > count / 5, "{on_questions} of {count}");
    a_yes_is_heard(&stage, &mut pty);
}

#[test]
fn no_pasted_text_writes_wherever_it_lands() {
    pastes("", 31);
}

#[test]
fn no_pasted_text_writes_where_names_are_typed_either() {
    pastes("protected = true", 32);
}

/// A key that is held down is many of it, and how many are in one read is chance.
const HELD: [usize; 12] = [1, 1, 1, 2, 1, 30, 1, 2, 50, 1, 1, 59];

#[test]
fn no_key_that_is_held_down_writes() {
    let stage = Stage::set("");
    let mut pty = stage.console(&[]);
    // Where each of them means something; five seconds of it at thirty a second.
    let ways: [(&[&str], &str); 14] = [
        (&[], "T"),
        (&[], "U"),
        (&[], "R"),
        (&[], "F"),
        (&[], "I"),
        (&["\r"], "S"),
        (&[], "Z"),
        (&["g", "j", "j"], "A"),
        (&["g", "j"], "H"),
        (&[":queues\r"], "D"),
        (&[":work\r", "j"], "Y"),
        (&[], "X"),
        (&["U", "7"], "\r"),
        (&["T", "\r"], "\x13"),
    ];
    for (way, key) in ways {
        for key_of_way in way {
            pty.types(key_of_way);
        }
        for count in HELD {
            pty.types(&key.repeat(count));
        }
        go_home(&pty);
        nothing_was_written(&stage, &format!("{key:?} held"));
    }
    a_yes_is_heard(&stage, &mut pty);
}

/// Nobody holds a key down with longer pauses: the console takes it for a key that was pressed anew.
const REPEATS: Duration = Duration::from_millis(400);

/// Types a key again and again. Whether it came as fast as a key does that is held down.
fn hold(pty: &Pty, key: &str, times: usize) -> bool {
    let mut last = Instant::now();
    for _ in 0..times {
        pty.types(key);
        if last.elapsed() > REPEATS {
            return false;
        }
        last = Instant::now();
    }
    true
}

#[test]
fn a_yes_that_is_held_down_since_before_the_question_does_not_count() {
    let stage = Stage::set("");
    let mut pty = stage.console(&[]);
    let (mut held, mut questions) = (0, 0);
    for opening in OPENINGS {
        walk(&pty, opening);
        // Not the answer: it comes with others, and goes on one by one.
        let mut is_held = pty.comes_to(Duration::ZERO, is_armed);
        questions += usize::from(is_held);
        pty.types("yy");
        is_held &= hold(&pty, "y", 40);
        if !is_held {
            // The machine was busy with other things: what was typed may have been an answer.
            println!("not held: {opening:?}");
            assert!(stage.wrote().len() <= 1);
            if !stage.wrote().is_empty() {
                return;
            }
        }
        held += usize::from(is_held);
        go_home(&pty);
        nothing_was_written(&stage, &format!("{opening:?} and a held yes"));
    }
    println!("{questions} questions, {held} times a yes was held: 0 writing calls");
    a_yes_is_heard(&stage, &mut pty);
}

#[test]
fn the_last_character_of_a_long_text_is_no_answer() {
    let stage = Stage::set("");
    let mut pty = stage.console(&[]);
    // As much as a read or the terminal's line holds, and a little more or less.
    for length in [
        1, 63, 127, 255, 256, 1_023, 2_047, 4_094, 4_095, 4_096, 4_097, 8_190, 8_191, 8_192, 12_288,
    ] {
        pty.types("F");
        pty.until("the question", is_armed);
        pty.types(&("x".repeat(length) + "y"));
        go_home(&pty);
        nothing_was_written(&stage, &format!("{length} characters and a yes"));
    }
    a_yes_is_heard(&stage, &mut pty);
}
