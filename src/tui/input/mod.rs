//! Bytes from the terminal become events.
//!
//! The decoder is pure: it has no clock and no descriptor. Invariants: no
//! bytes make it panic or grow without bound; how the bytes are cut into reads
//! changes nothing but [`Press::alone`]; an unknown sequence is swallowed
//! whole rather than run as keys.
//!
//! # Pasted text
//!
//! Between `CSI 200 ~` and `CSI 201 ~` nothing is a key. Text that was copied
//! from a hostile page may contain the end mark itself, and some terminals
//! pass it on; so an end mark does not end the paste. The paste goes on until
//! the terminal is silent after an end mark: until the caller, who sees
//! [`Pending`] and keeps the deadline, calls [`Decoder::flush`]. What comes
//! before that belongs to the paste, keys that somebody types within those
//! milliseconds included. Marks are not part of the text.
//!
//! A paste that never ends would leave the keyboard dead, so ctrl-c followed by
//! silence gets through as a key; the paste stays open.

mod decoder;
mod keys;
mod paste;
mod sequence;

pub use self::decoder::{Decoder, Pending};
pub use self::keys::Press;

/// What came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(Press),
    /// Text that was pasted, raw: it may hold any character, line ends as the
    /// terminal sent them (mostly CR). At most [`Decoder::PASTE_MAX`] bytes;
    /// what is more is dropped.
    Paste(String),
    /// `CSI 0 n`: the terminal has processed everything before our `CSI 5 n`.
    DeviceStatusOk,
    /// The mouse, where it was asked for.
    Mouse(Mouse),
    /// Something else, swallowed: reports that nobody asks for, too.
    Unknown,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// A button went down: 0 left, 1 middle, 2 right.
    Press(u8),
    /// A button went up.
    Release(u8),
    /// Moved, with this button down.
    Drag(u8),
    /// Moved, with no button down.
    Move,
    /// The wheel went up.
    WheelUp,
    /// The wheel went down.
    WheelDown,
    /// The wheel went left.
    WheelLeft,
    /// The wheel went right.
    WheelRight,
}

/// A mouse report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub kind: MouseKind,
    /// Column, from 0.
    pub col: u16,
    /// Row, from 0.
    pub row: u16,
    /// Control was down.
    pub ctrl: bool,
    /// Alt was down.
    pub alt: bool,
    /// Shift was down.
    pub shift: bool,
}
