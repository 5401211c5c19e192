//! Which targets have a write in flight: no second one goes to any part of them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use ecsdeck_core::text::Clean;

/// What the writes in flight have claimed.
#[derive(Clone, Default)]
pub(super) struct Busy(Arc<Mutex<BTreeSet<Clean>>>);

impl Busy {
    /// Claims all of a target, unless a write in flight has some of it.
    pub(super) fn claim(&self, keys: Vec<Clean>) -> Option<Claim> {
        let mut claimed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.iter().any(|key| claimed.contains(key)) {
            return None;
        }
        claimed.extend(keys.iter().cloned());
        Some(Claim {
            busy: self.clone(),
            keys,
        })
    }
}

/// A target that no other write may go to as long as this is there.
pub(super) struct Claim {
    busy: Busy,
    keys: Vec<Clean>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut claimed = self.busy.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.keys.iter().for_each(|key| {
            claimed.remove(key);
        });
    }
}
