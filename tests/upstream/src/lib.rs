//! What keeps us from reading keys with crossterm, measured.
//!
//! A test that fails here says that crossterm has mended something: then the
//! decoder, or the watchdog of the terminal, may have become unnecessary. Run
//! it when crossterm has a new version:
//! `cargo test --manifest-path tests/upstream/Cargo.toml`.
#![cfg(test)]

use std::io::{BufRead, BufReader, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use crossterm::event::{poll, read};
use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// Set for the process that reads with crossterm.
const CHILD: &str = "ECSDECK_READS_WITH_CROSSTERM";
/// Longer than anything takes here.
const LONG: Duration = Duration::from_secs(20);

/// A process of its own: crossterm has one reader, of one stdin, for good.
#[test]
#[ignore = "the child of the tests here"]
fn reader() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    // A second of the processor is for ever, for a reader.
    let second = Rlimit {
        current: Some(1),
        maximum: Some(2),
    };
    setrlimit(Resource::Cpu, second).unwrap();
    let mut out = std::io::stdout();
    while let Ok(true) = poll(LONG) {
        let Ok(event) = read() else { return };
        writeln!(out, "> {event:?}").unwrap();
        out.flush().unwrap();
    }
}

struct Reader {
    /// The user's end of the line; none when it has hung up.
    line: Option<OwnedFd>,
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Reader {
    fn start() -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let line = openpt(flags).unwrap();
        grantpt(&line).unwrap();
        unlockpt(&line).unwrap();
        let own = ioctl_tiocgptpeer(&line, flags).unwrap();
        let mut raw = tcgetattr(&own).unwrap();
        raw.make_raw();
        tcsetattr(&own, OptionalActions::Now, &raw).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "reader"])
            .args(["--ignored", "--nocapture"])
            .env(CHILD, "1")
            .stdin(own)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self {
            line: Some(line),
            child,
            out,
        }
    }

    /// What crossterm makes of some bytes, up to the key q that follows them.
    fn made_of(&mut self, bytes: &[u8]) -> Vec<String> {
        for typed in [bytes, b"q"] {
            let written = rustix::io::write(self.line.as_ref().unwrap(), typed);
            assert_eq!(written.unwrap(), typed.len());
        }
        let mut events = Vec::new();
        loop {
            let mut line = String::new();
            assert_ne!(self.out.read_line(&mut line).unwrap(), 0, "{events:?}");
            // The test's own line may come before on the same one.
            let Some((_, event)) = line.trim_end().split_once("> ") else {
                continue;
            };
            if event.contains("Char('q')") {
                return events;
            }
            events.push(event.to_owned());
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// crossterm#793: the error of the read is dropped, and it is tried again.
#[test]
fn crossterm_spins_on_a_line_that_is_gone() {
    let mut reader = Reader::start();
    assert_eq!(reader.made_of(b"").len(), 0);
    reader.line = None;
    let ended = reader.child.wait().unwrap();
    assert_eq!(ended.signal(), Some(Signal::XCPU.as_raw()), "{ended:?}");
}

/// A question counts as shown when the terminal has answered.
#[test]
fn crossterm_hands_no_status_report_out() {
    assert_eq!(Reader::start().made_of(b"\x1b[0n"), [""; 0]);
}

/// Whoever copies from a hostile page pastes end marks too.
#[test]
fn crossterm_takes_pasted_text_after_an_end_mark_for_keys() {
    let events = Reader::start().made_of(b"\x1b[200~a\x1b[201~y\x1b[201~");
    assert!(events.iter().any(|e| e == "Paste(\"a\")"), "{events:?}");
    assert!(events.iter().any(|e| e.contains("Char('y')")), "{events:?}");
}

/// Text that is pasted without marks comes as many keys at once.
#[test]
fn crossterm_tells_no_key_that_came_alone() {
    let mut reader = Reader::start();
    let alone = reader.made_of(b"a");
    let many = reader.made_of(b"ab");
    assert_eq!(alone.first(), many.first());
}
