//! A panic on any thread gives the terminal back before anybody prints.

use std::panic;
use std::sync::{Arc, Mutex, Once, PoisonError, TryLockError, Weak};

use super::tty::Tty;

/// The terminal that was taken last.
static TAKEN: Mutex<Weak<Tty>> = Mutex::new(Weak::new());

pub(super) fn remember(tty: &Arc<Tty>) {
    *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(tty);
}

/// Gives the terminal back first whenever something panics, then does what the
/// hook that is installed now does. Call it after that hook was installed;
/// calling it again does nothing.
///
/// This holds for panics that are caught later, too: after one, writing to the
/// terminal is an error, and the loop should end.
pub fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let next = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            give_back();
            next(info);
        }));
    });
}

fn give_back() {
    let tty = match TAKEN.try_lock() {
        Ok(tty) => tty.upgrade(),
        Err(TryLockError::Poisoned(tty)) => tty.into_inner().upgrade(),
        Err(TryLockError::WouldBlock) => None,
    };
    if let Some(tty) = tty {
        tty.give_back_if_free();
    }
}
