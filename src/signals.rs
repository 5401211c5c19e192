//! The signals that end the process: one list and one way out, for the console and for every command.
//!
//! What is listened to ends nothing by itself: whoever listens restores what has
//! to be restored, says what became of a write in flight, and ends with the
//! signal's code. What the starter of the process ignores stays ignored (source:
//! POSIX, nohup), but for SIGPIPE, which Rust's own start ignores.

use std::future::poll_fn;
use std::task::Poll;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Exit;
use crate::streams::is_closed;

/// Those that end a process when nobody listens (source: Linux, signal(7)) and that can be listened to.
pub const ENDING: [Number; 18] = [
    Number::HUP,
    Number::INT,
    Number::QUIT,
    Number::TERM,
    Number::PIPE,
    Number::ALARM,
    Number::USR1,
    Number::USR2,
    Number::VTALARM,
    Number::PROF,
    Number::IO,
    Number::POWER,
    Number::XCPU,
    Number::XFSZ,
    Number::STKFLT,
    Number::SYS,
    Number::TRAP,
    Number::ABORT,
];

/// Listens from the beginning on: a signal counts even while something else is being done.
#[derive(Debug)]
pub struct Ending(Vec<(Number, Signal)>);

impl Ending {
    /// Listens to all of them from now on.
    ///
    /// # Errors
    /// Where the system does not let it.
    pub fn listen() -> std::io::Result<Self> {
        let ignored = ignored(&std::fs::read_to_string("/proc/self/status").unwrap_or_default());
        let heard =
            |number: &Number| *number == Number::PIPE || ignored & bit(number.as_raw()) == 0;
        let listen = |number: Number| {
            let stream = signal(SignalKind::from_raw(number.as_raw()))?;
            Ok((number, stream))
        };
        let listened = ENDING.into_iter().filter(heard).map(listen);
        Ok(Self(listened.collect::<std::io::Result<_>>()?))
    }

    /// Listens to none: they are another program's.
    pub fn unheard() -> Self {
        Self(Vec::new())
    }

    /// Waits for the next one: how the process ends.
    pub async fn next(&mut self) -> Exit {
        poll_fn(|context| {
            for (number, stream) in &mut self.0 {
                while stream.poll_recv(context).is_ready() {
                    // It came of our own writing: whoever writes is told by an error and ends in order.
                    if *number == Number::PIPE && is_closed() {
                        continue;
                    }
                    return Poll::Ready(Exit::signal(number.as_raw()));
                }
            }
            Poll::Pending
        })
        .await
    }
}

fn bit(number: i32) -> u64 {
    u32::try_from(number - 1).map_or(0, |shift| 1_u64.checked_shl(shift).unwrap_or(0))
}

/// The signals that a process ignores, as its status file tells them (source: Linux, proc(5), SigIgn).
fn ignored(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_read_off_the_mask() {
        let mask = ignored("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000002\n");
        assert_eq!(mask & bit(Number::HUP.as_raw()), 1);
        assert_ne!(mask & bit(Number::PIPE.as_raw()), 0);
        assert_eq!(mask & bit(Number::INT.as_raw()), 0);
        assert_eq!(ignored(""), 0);
    }

    #[test]
    fn no_signal_is_listed_twice() {
        let numbers: std::collections::BTreeSet<i32> =
            ENDING.iter().map(|number| number.as_raw()).collect();
        assert_eq!(numbers.len(), ENDING.len());
    }
}
