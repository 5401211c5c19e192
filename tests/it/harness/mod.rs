//! What the tests stand on: a simulated AWS, a home without anything of the developer's, and
//! the binary in it, with a terminal or without.

mod at_scenario;
mod cli;
mod gate;
mod home;
mod pty;
mod sim;
mod typing;
mod virtual_time;

pub(crate) use self::at_scenario::at_scenario;
pub(crate) use self::cli::Ran;
pub(crate) use self::gate::Gate;
pub(crate) use self::home::Home;
pub(crate) use self::pty::{Ended, Pty, Shown};
pub(crate) use self::sim::{Call, Sim, ask_at};
pub(crate) use self::virtual_time::{on_virtual_time, ticks};

use std::time::Duration;

/// How long anything may take that a test waits for. It is only ever waited out by a test that fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(45);

/// The binary.
pub(crate) const ECSDECK: &str = env!("CARGO_BIN_EXE_ecsdeck");

/// Whether a text names what is wrong in the world `short-drama`: an image tag that is not there.
pub(crate) fn names_the_cause(text: &str) -> bool {
    [
        "CannotPullContainerError",
        "orchestrator:v1.90",
        "the image's tag",
    ]
    .iter()
    .any(|words| text.contains(words))
}
