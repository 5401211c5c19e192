//! The binary in a pseudo-terminal, and what a person would see on it.
//!
//! A thread reads what the program writes into a terminal emulator; a test waits for a state
//! of the screen. The terminal's settings are read at the program's own end of the line.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::tcgetattr;

use super::{ECSDECK, Home, PATIENCE};

/// The question that a terminal answers when it has shown all that came before, and the answer.
const STATUS_QUERY: &[u8] = b"\x1b[5n";
const STATUS_OK: &[u8] = b"\x1b[0n";

/// Begins and ends an update that a terminal shows in one piece (source: the terminal working group's note on
/// synchronised output).
const SYNCHRONISE: &[u8] = b"\x1b[?2026h";
const SYNCHRONISED: &[u8] = b"\x1b[?2026l";

/// Enters the alternate screen; the program writes it in one piece.
const ENTER: &[u8] = b"\x1b[?1049h";

type Writer = Arc<Mutex<Option<Box<dyn Write + Send>>>>;

/// What is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) rows: Vec<String>,
    pub(crate) alternate: bool,
    pub(crate) bracketed_paste: bool,
    pub(crate) cursor_hidden: bool,
}

impl Shown {
    pub(crate) fn has(&self, text: &str) -> bool {
        self.rows.iter().any(|row| row.contains(text))
    }

    /// The first row that has a text.
    #[track_caller]
    pub(crate) fn row(&self, text: &str) -> &str {
        self.rows
            .iter()
            .find(|row| row.contains(text))
            .unwrap_or_else(|| panic!("no {text:?} in\n{}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        self.rows.join("\n")
    }

    /// All text as if in one line, for what may be wrapped.
    pub(crate) fn words(&self) -> String {
        self.rows
            .iter()
            .flat_map(|row| row.split_whitespace())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

struct Seen {
    parser: vt100::Parser,
    bytes: u64,
    /// Answer status queries.
    answers: bool,
    /// The alternate screen was entered at least once.
    was_taken: bool,
    /// Queries that were asked.
    asked: u64,
    /// An update has begun and not ended: nobody sees any of it yet.
    part: bool,
    /// The last bytes, in case a sequence is cut in two.
    tail: Vec<u8>,
    ended: bool,
    /// Let go of the line at the next thing that comes.
    letting_go: bool,
}

impl Seen {
    /// Whether the screen is one that a person could see: no update is half written.
    fn is_whole(&self) -> bool {
        !self.part || self.ended
    }
}

struct Screen {
    seen: Mutex<Seen>,
    changed: Condvar,
}

impl Screen {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

fn shown(parser: &vt100::Parser) -> Shown {
    let screen = parser.screen();
    let (_, columns) = screen.size();
    Shown {
        rows: screen
            .rows(0, columns.get())
            .map(|row| row.trim_end().to_owned())
            .collect(),
        alternate: screen.alternate_screen(),
        bracketed_paste: screen.bracketed_paste(),
        cursor_hidden: screen.hide_cursor(),
    }
}

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// The terminal's settings afterwards.
    pub(crate) settings: String,
    /// The terminal's settings before.
    pub(crate) before: String,
    /// The screen that it left.
    pub(crate) shown: Shown,
    /// Whether it ever took the screen.
    pub(crate) was_taken: bool,
}

impl Ended {
    /// Asserts that the terminal is as it was.
    #[track_caller]
    pub(crate) fn gave_back(&self) {
        assert_eq!(self.settings, self.before, "the line's settings");
        assert!(!self.shown.alternate, "on the alternate screen");
        assert!(!self.shown.bracketed_paste, "bracketed paste is on");
        assert!(!self.shown.cursor_hidden, "the cursor is hidden");
    }
}

pub(crate) struct Pty {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Writer,
    screen: Arc<Screen>,
    reader: Option<JoinHandle<()>>,
    /// The shell's end of the line, as it were: it keeps its settings.
    line: Option<OwnedFd>,
    pid: Pid,
    exit: Receiver<ExitStatus>,
    ended: Option<ExitStatus>,
    /// The settings before the program was started.
    pub(crate) before: String,
}

fn nonzero(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Pty {
    /// Runs the binary on a terminal of so many columns and rows.
    pub(crate) fn start(home: &Home, size: (u16, u16), arguments: &[&str]) -> Self {
        Self::start_program(home, size, ECSDECK, arguments, true)
    }

    /// The same on a terminal that never answers a query.
    pub(crate) fn start_mute(home: &Home, size: (u16, u16), arguments: &[&str]) -> Self {
        Self::start_program(home, size, ECSDECK, arguments, false)
    }

    /// Runs any program.
    pub(crate) fn start_program(
        home: &Home,
        (columns, rows): (u16, u16),
        program: &str,
        arguments: &[&str],
        answers: bool,
    ) -> Self {
        let pair = native_pty_system()
            .openpty(pty_size(columns, rows))
            .unwrap();
        let path = pair.master.tty_name().unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let line = rustix::fs::open(&path, flags, Mode::empty()).unwrap();
        let before = settings(&line);
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        command.cwd(home.path());
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let pid = Pid::from_raw(i32::try_from(child.process_id().unwrap()).unwrap()).unwrap();
        let (tell, exit) = channel();
        std::thread::spawn(move || tell.send(child.wait().unwrap()));
        let writer: Writer = Arc::new(Mutex::new(Some(pair.master.take_writer().unwrap())));
        let screen = Arc::new(Screen {
            seen: Mutex::new(Seen {
                parser: vt100::Parser::new(nonzero(rows), nonzero(columns), 0),
                bytes: 0,
                answers,
                was_taken: false,
                asked: 0,
                part: false,
                tail: Vec::new(),
                ended: false,
                letting_go: false,
            }),
            changed: Condvar::new(),
        });
        let from = pair.master.try_clone_reader().unwrap();
        let reader = std::thread::spawn({
            let (screen, writer) = (Arc::clone(&screen), Arc::clone(&writer));
            move || read(from, &screen, &writer)
        });
        Self {
            master: Some(pair.master),
            writer,
            screen,
            reader: Some(reader),
            line: Some(line),
            pid,
            exit,
            ended: None,
            before,
        }
    }

    pub(crate) fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Types keys, in one write.
    pub(crate) fn send(&self, keys: &str) {
        let mut writer = self.writer.lock().unwrap();
        let writer = writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Bytes that were typed and that the program has not read.
    pub(super) fn unread(&self) -> u64 {
        rustix::io::ioctl_fionread(self.line.as_ref().unwrap()).unwrap()
    }

    /// Waits until the program has written something, or until that time is over. Whether it still runs.
    pub(super) fn stirs(&self, within: Duration) -> bool {
        let seen = self.screen.lock();
        let (seen, _) = self.screen.changed.wait_timeout(seen, within).unwrap();
        !seen.ended
    }

    pub(crate) fn shown(&self) -> Shown {
        shown(&self.screen.lock().parser)
    }

    /// Bytes that the program has written.
    pub(crate) fn bytes(&self) -> u64 {
        self.screen.lock().bytes
    }

    /// Whether the program ever took the screen.
    pub(crate) fn was_taken(&self) -> bool {
        self.screen.lock().was_taken
    }

    /// How often the program asked whether all was shown.
    pub(crate) fn asked(&self) -> u64 {
        self.screen.lock().asked
    }

    /// Waits until the screen is as wanted; gives it.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, ready: impl Fn(&Shown) -> bool) -> Shown {
        let end = Instant::now() + PATIENCE;
        let screen = Arc::clone(&self.screen);
        let mut seen = screen.lock();
        loop {
            let now = shown(&seen.parser);
            if seen.is_whole() && ready(&now) {
                return now;
            }
            if self.ended.is_none() {
                self.ended = self.exit.try_recv().ok();
            }
            let gone = seen
                .ended
                .then(|| format!("ended ({:?}) before", self.ended));
            let late = (Instant::now() >= end).then(|| "waited in vain for".to_owned());
            if let Some(how) = gone.or(late) {
                drop(seen);
                panic!("{how} {what}; on the screen:\n{}", now.text());
            }
            // Woken by what is written; the limit is there to notice that time is up.
            seen = screen
                .changed
                .wait_timeout(seen, Duration::from_millis(500))
                .unwrap()
                .0;
        }
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> Shown {
        self.until(&format!("{text:?}"), |shown| shown.has(text))
    }

    /// Sends keys again and again until the screen is as wanted, for keys that may not be heard at first.
    #[track_caller]
    pub(crate) fn insists(&mut self, keys: &str, what: &str, ready: impl Fn(&Shown) -> bool) {
        let end = Instant::now() + PATIENCE;
        let screen = Arc::clone(&self.screen);
        loop {
            self.send(keys);
            let seen = screen.lock();
            let again = Duration::from_secs(1);
            let (seen, waited) = screen
                .changed
                .wait_timeout_while(seen, again, |seen| {
                    !(seen.is_whole() && ready(&shown(&seen.parser)))
                })
                .unwrap();
            if !waited.timed_out() {
                return;
            }
            let now = shown(&seen.parser);
            drop(seen);
            assert!(
                Instant::now() < end,
                "insisted in vain on {what}; on the screen:\n{}",
                now.text()
            );
        }
    }

    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        self.screen
            .lock()
            .parser
            .set_size(nonzero(rows), nonzero(columns));
        self.master
            .as_ref()
            .unwrap()
            .resize(pty_size(columns, rows))
            .unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// The settings of the line now.
    pub(crate) fn settings(&self) -> String {
        settings(self.line.as_ref().unwrap())
    }

    fn wait_for_exit(&mut self) -> ExitStatus {
        if let Some(status) = self.ended.take() {
            return status;
        }
        match self.exit.recv_timeout(PATIENCE) {
            Ok(status) => status,
            Err(_) => panic!("it does not end; on the screen:\n{}", self.shown().text()),
        }
    }

    /// Waits for the program's end, and takes in all that it wrote.
    pub(crate) fn ends(mut self) -> Ended {
        let status = self.wait_for_exit();
        let settings = self.settings();
        // With nobody at its other end, the line says that it has ended when all is read.
        self.line = None;
        self.reader.take().unwrap().join().unwrap();
        Ended {
            status,
            settings,
            before: self.before.clone(),
            shown: self.shown(),
            was_taken: self.was_taken(),
        }
    }

    /// Closes the terminal's end of the line, as when a connection drops; waits for the program's end.
    ///
    /// `nudge` are keys that make the program write something: the reader lets go then.
    pub(crate) fn hang_up(mut self, nudge: &str) -> (ExitStatus, Duration) {
        self.screen.lock().letting_go = true;
        self.send(nudge);
        self.reader.take().unwrap().join().unwrap();
        self.line = None;
        let writer = self.writer.lock().unwrap().take();
        let at = Instant::now();
        drop(writer);
        self.master = None;
        let status = self.wait_for_exit();
        (status, at.elapsed())
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.ended.is_none()
            && matches!(
                self.exit.try_recv(),
                Err(std::sync::mpsc::TryRecvError::Empty)
            )
        {
            // A test that failed leaves nothing behind.
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

fn settings(line: &OwnedFd) -> String {
    let settings = tcgetattr(line).unwrap();
    format!(
        "{settings:?} {} {}",
        settings.input_speed(),
        settings.output_speed()
    )
}

fn read(mut from: Box<dyn Read + Send>, screen: &Screen, writer: &Writer) {
    let mut bytes = [0; 65_536];
    loop {
        // An error is a line that has nobody at its other end any more.
        let count = from.read(&mut bytes).unwrap_or(0);
        let mut seen = screen.lock();
        if count == 0 {
            seen.ended = true;
            screen.changed.notify_all();
            return;
        }
        let new = &bytes[..count];
        seen.bytes += u64::try_from(count).unwrap();
        seen.parser.process(new);
        seen.was_taken |= new.windows(ENTER.len()).any(|window| window == ENTER);
        let mut tail = std::mem::take(&mut seen.tail);
        let known = tail.len();
        tail.extend_from_slice(new);
        let asked = tail
            .windows(STATUS_QUERY.len())
            .enumerate()
            .filter(|(at, window)| at + STATUS_QUERY.len() > known && *window == STATUS_QUERY)
            .count();
        let last = |sequence: &[u8]| {
            tail.windows(sequence.len())
                .rposition(|one| one == sequence)
        };
        match (last(SYNCHRONISE), last(SYNCHRONISED)) {
            (None, None) => {}
            (begun, ended) => seen.part = begun > ended,
        }
        seen.tail = tail.split_off(tail.len().saturating_sub(SYNCHRONISE.len() - 1));
        seen.asked += u64::try_from(asked).unwrap();
        let answers = seen.answers;
        let letting_go = seen.letting_go;
        screen.changed.notify_all();
        drop(seen);
        if letting_go {
            return;
        }
        if answers && asked > 0 {
            let mut writer = writer.lock().unwrap();
            if let Some(writer) = writer.as_mut() {
                // A program that has ended wants no answer.
                let _ = writer.write_all(&STATUS_OK.repeat(asked));
            }
        }
    }
}
