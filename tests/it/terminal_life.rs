//! The terminal is as it was, whichever way the console ends or is set aside.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{ECSDECK, Home, Pty, Shown, Sim};

#[test]
fn every_way_out_gives_the_terminal_back() {
    type Leave = fn(&Pty);
    let ways: [(&str, Leave, u32); 5] = [
        ("q", |pty| pty.send("q"), 0),
        ("ctrl-c", |pty| pty.send("\x03"), 0),
        ("SIGTERM", |pty| pty.signal(Signal::TERM), 143),
        ("SIGINT", |pty| pty.signal(Signal::INT), 130),
        ("SIGHUP", |pty| pty.signal(Signal::HUP), 129),
    ];
    for (name, leave, code) in ways {
        let home = Home::new();
        let mut pty = Pty::start(&home, (80, 24), &["demo"]);
        let shown = pty.sees("STUCK");
        assert!(
            shown.alternate && shown.bracketed_paste && shown.cursor_hidden,
            "{shown:?}"
        );
        assert_ne!(pty.settings(), pty.before, "the line is raw");
        leave(&pty);
        let ended = pty.ends();
        assert_eq!(ended.status.exit_code(), code, "{name}");
        ended.gave_back();
        assert!(
            ended.shown.text().trim().is_empty(),
            "{name} leaves on the screen:\n{}",
            ended.shown.text()
        );
    }
}

#[test]
fn a_question_keeps_nobody_from_leaving() {
    let home = Home::new();
    let mut pty = Pty::start(&home, (80, 24), &["demo"]);
    pty.sees("STUCK");
    pty.send("U");
    pty.sees("desired count");
    pty.send("\x157\r");
    pty.sees("SCALE?");
    pty.send("\x03");
    let ended = pty.ends();
    assert_eq!(ended.status.exit_code(), 0);
    ended.gave_back();
}

/// A shell with job control, and the console in it on a simulator that stands still.
struct Shell {
    _home: Home,
    sim: Sim,
    pty: Pty,
    /// The line's settings while the shell has it.
    settings: String,
}

const PROMPT: &str = "prompt>";

impl Shell {
    fn start() -> Self {
        let sim = Sim::still("short-drama");
        let home = Home::on(&sim).env("PS1", PROMPT);
        let mut pty = Pty::start_program(&home, (120, 40), "/bin/sh", &["-i"], true);
        pty.sees(PROMPT);
        let settings = pty.settings();
        pty.send(&format!("{ECSDECK} --refresh 0\r"));
        let mut shell = Self {
            _home: home,
            sim,
            pty,
            settings,
        };
        shell.is_whole();
        shell
    }

    /// Waits until everything has been read and drawn.
    fn is_whole(&mut self) -> Shown {
        self.pty.until("the whole screen", |s| {
            s.alternate
                && s.has("STUCK")
                && s.has("stopped")
                && s.has("gpu_tasks_queue")
                && s.has("done")
                && s.has("canvas-service ")
                && !s.has("loading")
        })
    }

    fn is_stopped(&mut self) {
        self.pty.until("the shell's prompt", |s| {
            !s.alternate
                && !s.bracketed_paste
                && !s.cursor_hidden
                && s.rows.iter().any(|row| row.contains("Stopped"))
        });
        // The shell has the line again: what is typed is echoed by it.
        self.pty.send("echo here $((6*7))\r");
        self.pty.until("the shell's answer", |s| {
            s.rows.iter().any(|row| row.ends_with("here 42"))
        });
        assert_eq!(self.pty.settings(), self.settings);
        self.pty.send("clear\r");
        self.pty.until("an empty screen", |s| !s.has("here 42"));
    }

    /// Brings the console back, and waits for the very screen that was there.
    fn resumes(&mut self, before: &Shown) {
        self.pty.send("fg\r");
        let before = body(before);
        self.pty.until("the screen as it was", |s| {
            s.alternate && s.cursor_hidden && body(s) == before
        });
    }

    fn resume(&mut self) -> Shown {
        self.pty.send("fg\r");
        self.is_whole()
    }

    /// The console's process: the shell's only child.
    fn console(&self) -> Pid {
        let shell = self.pty.pid();
        let children =
            std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
        Pid::from_raw(children.trim().parse().unwrap()).unwrap()
    }

    fn leave(mut self) {
        self.pty.send("\x03");
        // The shell writes its prompt when it has the line again.
        self.pty.until("the prompt", |s| {
            let last = s.rows.iter().rev().find(|row| !row.is_empty());
            !s.alternate && last.is_some_and(|row| row == PROMPT)
        });
        assert_eq!(self.pty.settings(), self.settings);
        self.pty.send("exit\r");
        self.pty.ends();
    }
}

/// What does not change while nothing is read: all but the header, and the times of reading.
fn body(shown: &Shown) -> Vec<String> {
    let untimed = |row: &String| match row.split_once("paused ") {
        Some((start, rest)) => format!("{start}paused{}", rest.get(5..).unwrap_or_default()),
        None => row.clone(),
    };
    shown.rows[1..].iter().map(untimed).collect()
}

#[test]
fn ctrl_z_and_back_any_number_of_times_shows_the_same_screen() {
    let mut shell = Shell::start();
    let before = shell.is_whole();
    for _ in 0..5 {
        shell.pty.send("\x1a");
        shell.is_stopped();
        shell.resumes(&before);
    }
    // It is alive, too.
    shell.pty.send("j");
    shell.pty.until("the next service", |s| {
        s.rows[1].contains("short-drama-notifier")
    });
    shell.leave();
}

#[test]
fn a_console_that_others_stop_and_continue_comes_back_as_well() {
    let mut shell = Shell::start();
    let before = shell.is_whole();
    kill_process(shell.console(), Signal::TSTP).unwrap();
    shell.is_stopped();
    shell.resumes(&before);
    shell.leave();
}

#[test]
fn what_was_asked_before_ctrl_z_is_withdrawn() {
    let mut shell = Shell::start();
    shell.pty.send("U");
    shell.pty.sees("desired count");
    shell.pty.send("\x157\r");
    shell.pty.sees("y does it");
    shell.pty.send("\x1a");
    shell.is_stopped();
    let shown = shell.resume();
    assert!(!shown.has("SCALE?"), "{}", shown.text());
    // The key that would have confirmed means what it means in the pane: the raw answer of AWS.
    shell.pty.send("y");
    shell.pty.sees("\"desired\": 2");
    shell.pty.send("\x1b");
    shell.is_whole();
    assert_eq!(shell.sim.calls_of("UpdateService").len(), 0);
    shell.leave();
}

/// A connection that drops: the console has 800 ms to end by itself, and is ended then. The rest
/// is for a machine that is busy with other tests.
const GONE_WITHIN: Duration = Duration::from_secs(4);

#[test]
fn a_dead_line_ends_the_console() {
    let home = Home::new();
    let mut pty = Pty::start(&home, (80, 24), &["demo"]);
    pty.sees("STUCK");
    let (status, took) = pty.hang_up("j");
    println!("gone after {took:?}");
    assert_eq!(status.exit_code(), 129);
    assert!(took < GONE_WITHIN, "{took:?}");
}

#[test]
fn a_dead_line_ends_a_console_that_nobody_sends_a_signal() {
    let home = Home::new();
    // As after nohup: the signal of the line is not heard.
    let script = format!("trap '' HUP; exec {ECSDECK} demo");
    let mut pty = Pty::start_program(&home, (80, 24), "/bin/sh", &["-c", &script], true);
    pty.sees("STUCK");
    let (status, took) = pty.hang_up("j");
    println!("gone after {took:?}");
    assert_eq!(status.exit_code(), 129);
    assert!(took < GONE_WITHIN, "{took:?}");
}
