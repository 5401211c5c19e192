//! The screen: draws the model, and writes what differs.
//!
//! At most one frame is on its way: a new one is drawn only when the one
//! before has been written, so that a slow line never lags behind.

use ecsdeck_core::app::Model;
use ecsdeck_core::text::Clean;
use ecsdeck_tui::painter::Painter;
use ecsdeck_tui::terminal::{Guard, Multiplexer, to_clipboard};
use ecsdeck_tui::theme::Theme;
use ecsdeck_tui::view::view;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

/// The terminal answers to this when it has taken in all that came before (source: ECMA-48, DSR).
const STATUS_QUERY: &[u8] = b"\x1b[5n";

pub(super) struct Screen {
    guard: Guard,
    theme: Theme,
    painter: Painter,
    buffer: Buffer,
    size: Size,
    /// Bytes that are still to be written, and how many of them are.
    out: Vec<u8>,
    written: usize,
    /// The terminal took no more.
    blocked: bool,
    /// A question that the frame under way shows.
    asking: Option<u64>,
    /// Questions about which the terminal was asked.
    asked: std::collections::VecDeque<u64>,
    multiplexer: Multiplexer,
}

impl Screen {
    pub(super) fn new(guard: Guard, theme: Theme, size: Size) -> Self {
        Self {
            guard,
            theme,
            painter: Painter::default(),
            buffer: Buffer::empty(Rect::new(0, 0, size.width, size.height)),
            size,
            out: Vec::new(),
            written: 0,
            blocked: false,
            asking: None,
            asked: std::collections::VecDeque::new(),
            multiplexer: multiplexer(),
        }
    }

    pub(super) fn guard(&self) -> &Guard {
        &self.guard
    }

    pub(super) fn is_writing(&self) -> bool {
        !self.out.is_empty()
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.blocked
    }

    /// Draws the model; what differs waits to be written.
    pub(super) fn draw(&mut self, model: &Model) {
        let area = Rect::new(0, 0, self.size.width, self.size.height);
        self.buffer.resize(area);
        self.buffer.reset();
        let cursor = view(model, &self.theme, &mut self.buffer);
        self.out
            .extend_from_slice(self.painter.paint(&self.buffer, cursor));
        if let Some(question) = self.asking.take() {
            self.out.extend_from_slice(STATUS_QUERY);
            self.asked.push_back(question);
        }
    }

    /// Writes what the terminal takes.
    pub(super) fn flush(&mut self) {
        self.blocked = false;
        while let Some(rest) = self.out.get(self.written..).filter(|rest| !rest.is_empty()) {
            match self.guard.write(rest) {
                Ok(Some(count)) => self.written += count,
                // A line that cannot be written to is found to be gone when it is read.
                Ok(None) | Err(_) => {
                    self.blocked = true;
                    return;
                }
            }
        }
        self.out.clear();
        self.written = 0;
    }

    /// The next frame shows a question: have the terminal say when it has shown it.
    pub(super) fn ask(&mut self, question: u64) {
        self.asking = Some(question);
    }

    /// The terminal answered.
    pub(super) fn answered(&mut self) -> Option<u64> {
        self.asked.pop_front()
    }

    /// Puts text on the user's clipboard.
    pub(super) fn copy(&mut self, text: &Clean) {
        let command = to_clipboard(text, self.multiplexer);
        self.out.extend_from_slice(command.as_bytes());
    }

    pub(super) fn invalidate(&mut self) {
        self.painter.invalidate();
    }

    /// Asks for the size and takes it.
    pub(super) fn resize(&mut self) -> Size {
        self.size = self.guard.size();
        self.size
    }

    /// Gives the terminal to the shell until the process is brought back. Gives whether it was stopped:
    /// where there is no shell to come back from it is not, and nothing is lost.
    pub(super) fn suspend(&mut self) -> bool {
        self.forget();
        // A terminal that cannot be taken again is found to be gone when it is read.
        self.guard.suspend().unwrap_or(false)
    }

    /// The process was stopped and goes on though it did not ask for it.
    pub(super) fn take_back(&mut self) {
        self.forget();
        self.guard.give_back();
        // A terminal that cannot be taken is found to be gone when it is read.
        let _ = self.guard.take_back();
    }

    fn forget(&mut self) {
        self.out.clear();
        self.written = 0;
        self.asked.clear();
        self.painter.invalidate();
    }
}

/// What stands between us and the terminal, by what it says in the environment.
fn multiplexer() -> Multiplexer {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let term = std::env::var("TERM").unwrap_or_default();
    Multiplexer::of(is_set("TMUX"), is_set("STY"), &term)
}
