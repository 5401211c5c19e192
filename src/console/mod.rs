//! The console: the one loop that owns the model and the terminal.
//!
//! It waits for signals, input, the worker and the next deadline, and for
//! nothing else; it takes in all that has come before it draws; it draws at
//! most once in a frame's time; and it sleeps while nothing is due.

mod frame;
mod input;
mod see_out;
mod signals;

use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use ecsdeck_core::app::{LoopEffect, Msg, Setup};
use ecsdeck_tui::input::{Decoder, Input};
use ecsdeck_tui::terminal::{Guard, Modes};
use ecsdeck_tui::theme::Theme;
use ecsdeck_worker::Journal;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use crate::backend::{Backend, Cloud};
use crate::exit::Exit;
use crate::session::Session;

use self::frame::Screen;
use self::signals::{Signal, Signals};

/// Between two frames that nobody's key caused.
const FRAME: Duration = Duration::from_millis(50);
/// A lone escape is one when nothing has followed for so long.
const ESCAPE: Duration = Duration::from_millis(40);
/// A paste has ended when nothing has followed for so long.
const PASTE: Duration = Duration::from_millis(120);
/// Nobody types so many bytes between two reads: they were pasted, or waited while the machine was busy.
const MANY: usize = 16;
/// What comes so soon after many bytes belongs to them.
const TRAIL: Duration = Duration::from_millis(300);
/// Messages that are taken in before a frame is drawn, at most.
const AT_ONCE: usize = 512;

/// What a console is started with.
pub struct Start {
    /// For the core.
    pub setup: Setup,
    /// Where AWS is.
    pub cloud: Cloud,
    /// Colours.
    pub theme: Theme,
    /// Take the mouse.
    pub mouse: bool,
    /// Where writes are recorded.
    pub journal: Option<Journal>,
    /// The folder in which stopped tasks are kept.
    pub stopped: Option<std::path::PathBuf>,
}

/// Runs the console until it is left.
///
/// # Errors
/// Where the terminal cannot be taken, read or written.
pub async fn run(start: Start) -> std::io::Result<Exit> {
    let read_only = start.setup.read_only;
    // Before the terminal is taken: from then on nothing may end the process by itself.
    let mut signals = Signals::new()?;
    let guard = Guard::enter(Modes { mouse: start.mouse })?;
    let line = watch(guard_fd(&guard)?)?;
    let (gone_in, gone) = tokio::sync::oneshot::channel::<()>();
    ecsdeck_tui::terminal::watch_for_hang_up(guard_fd(&guard)?, move || {
        // The loop has ended already when nobody listens.
        let _ = gone_in.send(());
    })?;

    let size = guard.size();
    let mut screen = Screen::new(guard, start.theme, size);
    // The skeleton is on the screen before credentials are loaded or anything is connected to.
    let (effects, effects_out) = tokio::sync::mpsc::channel(1);
    drop(effects_out);
    let setup = start.setup;
    let skeleton = Session::new(
        setup.clone(),
        (size.width, size.height),
        effects,
        std::sync::Arc::new(|| None),
    );
    screen.draw(&skeleton.model);
    screen.flush();
    drop(skeleton);

    let mut backend = Backend::start(start.cloud, read_only, start.journal, start.stopped)?;
    let session = Session::new(
        setup,
        (size.width, size.height),
        backend.effects.clone(),
        backend.dates.clone(),
    );
    let mut console = Console {
        session,
        screen,
        decoder: Decoder::new(),
        fed: Instant::now(),
        flooded: None,
        drawn: Instant::now(),
        dirty: true,
        urgent: false,
        exit: None,
        continued: false,
    };
    console.take(Msg::Ticked);
    let exit = console.run(&mut backend, &line, &mut signals, gone).await;
    let Console {
        session, screen, ..
    } = console;
    drop(screen);
    let writes = see_out::running(&session.model);
    drop(session);
    let exit = see_out::see_out(&mut backend, writes, &mut signals.ending, exit).await;
    if exit.is_signal() {
        // Nobody waits any more.
        return Ok(exit);
    }
    if let Err(why) = backend.finish() {
        crate::say::say(&why);
    }
    Ok(exit)
}

/// The terminal's file description under another number, for readiness.
fn guard_fd(guard: &Guard) -> std::io::Result<OwnedFd> {
    guard.as_fd().try_clone_to_owned()
}

type Line = AsyncFd<OwnedFd>;

/// Tells when the terminal can be read and written.
#[expect(
    deprecated,
    reason = "deprecated for types whose descriptor may change; an OwnedFd's cannot, and the new function is unsafe"
)]
fn watch(fd: OwnedFd) -> std::io::Result<Line> {
    AsyncFd::with_interest(fd, Interest::READABLE | Interest::WRITABLE)
}

struct Console {
    session: Session,
    screen: Screen,
    decoder: Decoder,
    /// When the decoder last got bytes.
    fed: Instant,
    /// When many bytes last came at once, or what followed them.
    flooded: Option<Instant>,
    drawn: Instant,
    /// Something may look different.
    dirty: bool,
    /// A key caused it: it is drawn at once.
    urgent: bool,
    exit: Option<Exit>,
    /// The process stopped itself and is back; the signal that brought it back is still to come.
    continued: bool,
}

impl Console {
    async fn run(
        &mut self,
        backend: &mut Backend,
        line: &Line,
        signals: &mut Signals,
        mut gone: tokio::sync::oneshot::Receiver<()>,
    ) -> Exit {
        loop {
            if let Some(exit) = self.exit {
                return exit;
            }
            self.draw_if_due();
            self.screen.flush();
            let deadline = self.deadline();
            tokio::select! {
                biased;
                signal = signals.next() => self.signalled(signal),
                _ = &mut gone => return Exit::hung_up(),
                ready = line.readable() => match ready {
                    Ok(mut ready) => {
                        if !self.read() {
                            return Exit::hung_up();
                        }
                        ready.clear_ready();
                    }
                    Err(_) => return Exit::hung_up(),
                },
                ready = line.writable(), if self.screen.is_writing() => match ready {
                    Ok(mut ready) => if self.screen.is_blocked() { ready.clear_ready() },
                    Err(_) => return Exit::hung_up(),
                },
                msg = backend.messages.recv() => match msg {
                    Some(msg) => {
                        self.take(msg);
                        for _ in 0..AT_ONCE {
                            match backend.messages.try_recv() {
                                Ok(msg) => self.take(msg),
                                Err(_) => break,
                            }
                        }
                    }
                    // The worker has ended, which it does by itself only when it could not begin.
                    None => return Exit::NoCloud,
                },
                () = self.session.room() => self.take(Msg::Ticked),
                () = until(deadline) => self.time_passed(),
            }
        }
    }

    /// Takes in what happened, and does what is the loop's to do.
    fn take(&mut self, msg: Msg) {
        self.dirty = true;
        for effect in self.session.take(msg) {
            match effect {
                LoopEffect::Copy(text) => self.screen.copy(&text),
                LoopEffect::AskShown(question) => self.screen.ask(question),
                LoopEffect::Suspend => self.suspend(),
                LoopEffect::Repaint => self.screen.invalidate(),
                LoopEffect::Quit => self.exit = Some(Exit::Done),
            }
        }
    }

    fn draw_if_due(&mut self) {
        let due = self.urgent || self.drawn.elapsed() >= FRAME;
        if self.dirty && due && !self.screen.is_writing() {
            self.screen.draw(&self.session.model);
            self.drawn = Instant::now();
            self.dirty = false;
            self.urgent = false;
        }
    }

    /// When something is to be done though nothing comes in.
    fn deadline(&self) -> Option<Instant> {
        let frame = (self.dirty && !self.screen.is_writing()).then(|| self.drawn + FRAME);
        let decoder = self
            .decoder
            .pending()
            .map(|pending| self.fed + patience(pending));
        [frame, decoder, self.session.next_wake()]
            .into_iter()
            .flatten()
            .min()
    }

    fn time_passed(&mut self) {
        if self
            .decoder
            .pending()
            .is_some_and(|pending| self.fed.elapsed() >= patience(pending))
        {
            let mut inputs = Vec::new();
            self.decoder.flush(&mut inputs);
            self.inputs(inputs);
        }
        if self
            .session
            .next_wake()
            .is_some_and(|wake| wake <= Instant::now())
        {
            self.take(Msg::Ticked);
        }
    }

    /// Reads what was typed. Gives whether the line is still there.
    fn read(&mut self) -> bool {
        let mut bytes = [0_u8; 4_096];
        loop {
            match self.screen.guard().read(&mut bytes) {
                Ok(None) => return true,
                Ok(Some(0)) | Err(_) => return false,
                Ok(Some(count)) => {
                    let mut inputs = Vec::new();
                    self.decoder
                        .feed(bytes.get(..count).unwrap_or_default(), &mut inputs);
                    self.fed = Instant::now();
                    // A line holds 4,095 bytes, so the rest of a long text comes by itself though it was not typed
                    // by itself (source: Linux, N_TTY_BUF_SIZE).
                    let follows = self.flooded.is_some_and(|at| at.elapsed() < TRAIL);
                    if follows {
                        input::in_company(&mut inputs);
                    }
                    self.inputs(inputs);
                    if follows || count >= MANY {
                        // What was taken in meanwhile took its time too.
                        self.flooded = Some(Instant::now());
                    }
                }
            }
        }
    }

    fn inputs(&mut self, inputs: Vec<Input>) {
        for event in inputs {
            if matches!(event, Input::DeviceStatusOk) {
                if let Some(question) = self.screen.answered() {
                    self.take(Msg::Shown(question));
                }
                continue;
            }
            for msg in input::messages(event) {
                self.urgent = true;
                self.take(msg);
            }
        }
    }

    fn signalled(&mut self, signal: Signal) {
        match signal {
            Signal::Resized => {
                let size = self.screen.resize();
                self.take(Msg::Resized {
                    width: size.width,
                    height: size.height,
                });
            }
            Signal::Suspend => self.suspend(),
            // The terminal was taken already; a second time would drop what has been typed since.
            Signal::Continued if std::mem::take(&mut self.continued) => {}
            Signal::Continued => {
                self.screen.take_back();
                self.take(Msg::Resumed);
            }
            Signal::End(exit) => self.exit = Some(exit),
        }
    }

    fn suspend(&mut self) {
        self.continued = self.screen.suspend();
        let size = self.screen.resize();
        self.decoder = Decoder::new();
        self.take(Msg::Resized {
            width: size.width,
            height: size.height,
        });
        self.take(Msg::Resumed);
    }
}

fn patience(pending: ecsdeck_tui::input::Pending) -> Duration {
    match pending {
        ecsdeck_tui::input::Pending::Escape => ESCAPE,
        ecsdeck_tui::input::Pending::Paste => PASTE,
    }
}

/// Waits until a moment; for ever where there is none.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
