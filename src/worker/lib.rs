//! Carries out what the core wants of AWS and of the disk.
//!
//! Effects come in, ports are called, messages go out. Two invariants hold
//! here: a slot has at most one reading in flight and the newest wins, and no
//! write is sent that the journal does not hold durably.

mod act;
mod call;
mod clock;
mod files;
pub mod journal;
mod lasting;
mod pace;
pub mod ports;
mod read;
mod report;
#[cfg(test)]
mod script;
mod share;
mod spawn;
mod stopped;

pub use act::{Settled, carry_out, settle};
pub use clock::CloudClock;
pub use files::data_folder;
pub use journal::Journal;
pub use pace::Gaps;
pub use spawn::{Folders, SHUTDOWN_LIMIT, Tools, spawn};
pub use stopped::stopped_folder;
