//! Carries out what the core wants of AWS and of the disk.
//!
//! Effects come in, ports are called, messages go out. Two invariants hold
//! here: a slot has at most one reading in flight and the newest wins, and no
//! write is sent that the journal does not hold durably.

mod clock;
mod files;
pub mod journal;
pub mod ports;

pub use clock::CloudClock;
pub use files::data_folder;
pub use journal::Journal;
