//! The binary without a terminal.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{ECSDECK, Home, PATIENCE};

/// What a command printed and how it ended.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Between two looks at a command's memory.
const LOOK: Duration = Duration::from_millis(5);

/// The most memory that a process has had, in KiB; 0 of one that has ended.
fn high_water(status: &str) -> u64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.map_or(0, |number| number.parse().unwrap())
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

impl Home {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(ECSDECK);
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.path());
        command
    }

    /// Runs a command to its end, without any input.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        to_its_end(self.command(arguments), arguments)
    }

    /// Runs a command to its end, without any input; also the most memory that it had, in KiB.
    #[track_caller]
    pub(crate) fn run_watched(&self, arguments: &[&str], patience: Duration) -> (Ran, u64) {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let (pid, status) = (pid_of(&child), format!("/proc/{}/status", child.id()));
        let (done, ended) = channel();
        std::thread::spawn(move || done.send(child.wait_with_output().unwrap()));
        let (end, mut most) = (Instant::now() + patience, 0);
        loop {
            match ended.recv_timeout(LOOK) {
                Ok(output) => return (Ran::of(output), most),
                Err(_) if Instant::now() > end => {
                    kill_process(pid, Signal::KILL).unwrap();
                    panic!("{arguments:?} does not end: {:?}", ended.recv().unwrap());
                }
                // The system keeps the mark itself: only what comes after the last look is not seen.
                Err(_) => most = most.max(high_water(&status)),
            }
        }
    }

    /// Runs a command that can write no file beyond so many blocks of 512 bytes: what would be
    /// longer is an error in the middle, as on a disk that is full.
    #[track_caller]
    pub(crate) fn run_with_small_files(&self, blocks: usize, arguments: &[&str]) -> Ran {
        let mut command = Command::new("/bin/sh");
        // Without the trap the signal that comes with the error would end the command.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        command
            .args(["-c", &script, ECSDECK])
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.path());
        to_its_end(command, arguments)
    }
    /// Starts a command that goes on.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Following {
        Following::of(self.command(arguments))
    }

    /// Runs a command whose output nobody reads: the reader has gone before it begins. Gives the exit code, and what it
    /// said.
    pub(crate) fn run_unread(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(ECSDECK);
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.path())
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    }

    /// The same as nohup starts it.
    pub(crate) fn begin_without_hang_ups(&self, arguments: &[&str]) -> Following {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "trap '' HUP; exec \"$0\" \"$@\"", ECSDECK])
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.path());
        Following::of(command)
    }
}

impl Following {
    fn of(mut command: Command) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (say, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines() {
                if say.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            lines,
            seen: Vec::new(),
        }
    }
}

/// Runs a command without any input to its end.
#[track_caller]
fn to_its_end(mut command: Command, arguments: &[&str]) -> Ran {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let pid = pid_of(&child);
    let (done, ended) = channel();
    std::thread::spawn(move || done.send(child.wait_with_output().unwrap()));
    match ended.recv_timeout(PATIENCE) {
        Ok(output) => Ran::of(output),
        Err(_) => {
            kill_process(pid, Signal::KILL).unwrap();
            panic!("{arguments:?} does not end: {:?}", ended.recv().unwrap());
        }
    }
}

fn pid_of(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap()
}

/// A command that goes on, and the lines that it has printed.
pub(crate) struct Following {
    child: Child,
    lines: Receiver<String>,
    pub(crate) seen: Vec<String>,
}

impl Following {
    /// Waits until the lines are as wanted.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, ready: impl Fn(&[String]) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !ready(&self.seen) {
            assert!(
                Instant::now() < end,
                "waited for {what} in vain: {} lines",
                self.seen.len()
            );
            match self
                .lines
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.seen.push(line),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("waited for {what} in vain: {:#?}", self.seen)
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let mut said = String::new();
                    self.child
                        .stderr
                        .take()
                        .unwrap()
                        .read_to_string(&mut said)
                        .unwrap();
                    panic!("ended before {what}: {:#?}\n{said}", self.seen);
                }
            }
        }
    }

    /// Sends a signal and takes in all that it still prints.
    pub(crate) fn end(mut self, signal: Signal) -> (ExitStatus, Vec<String>) {
        kill_process(pid_of(&self.child), signal).unwrap();
        let end = Instant::now() + PATIENCE;
        // The channel closes when the command has closed its output.
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            assert!(Instant::now() < end, "it goes on though it got {signal:?}");
            self.seen.push(line);
        }
        let status = self.child.wait().unwrap();
        (status, std::mem::take(&mut self.seen))
    }
}

impl Following {
    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(pid_of(&self.child), signal).unwrap();
    }

    /// Stops it as a terminal does, and waits until it stands still.
    #[track_caller]
    pub(crate) fn stop(&self) {
        self.signal(Signal::STOP);
        let status = format!("/proc/{}/status", self.child.id());
        let stands = || {
            let text = std::fs::read_to_string(&status).unwrap();
            text.lines().any(|line| line.starts_with("State:\tT"))
        };
        let end = Instant::now() + PATIENCE;
        while !stands() {
            assert!(Instant::now() < end, "it goes on though it was stopped");
            std::thread::park_timeout(LOOK);
        }
    }

    /// Sends a signal; how the command ends, and all that it has said.
    pub(crate) fn end_said(self, signal: Signal) -> (ExitStatus, String) {
        self.signal(signal);
        self.ends_said()
    }

    /// How the command ends by itself, and all that it has said.
    pub(crate) fn ends_said(mut self) -> (ExitStatus, String) {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.seen.push(line),
                Err(RecvTimeoutError::Timeout) => panic!("it goes on: {:#?}", self.seen),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = self.child.wait().unwrap();
        let mut said = self.seen.join("\n");
        let stderr = self.child.stderr.take();
        stderr.unwrap().read_to_string(&mut said).unwrap();
        (status, said)
    }

    /// Closes the reader's end, as `head` does; how the command ends, and what it says of it.
    pub(crate) fn goes_away(mut self) -> (ExitStatus, String) {
        drop(std::mem::replace(&mut self.lines, channel().1));
        let status = self.child.wait().unwrap();
        let mut said = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        (status, said)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
