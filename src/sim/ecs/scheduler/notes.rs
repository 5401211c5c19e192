//! Service events: newest first, at most 100, repeated ones held back for six hours.

use crate::clock::{HOUR, Time};
use crate::ecs::ServiceKey;
use crate::ecs::service::ServiceEvent;
use crate::engine::Engine;

/// The most events that DescribeServices shows.
pub(crate) const KEPT: usize = 100;

/// A repeated event is sent again only after this long (service-event-messages).
pub(crate) const AGAIN: i64 = 6 * HOUR;

/// Whether an event last sent `said` may be sent again.
pub(crate) fn may_repeat(said: Option<Time>, now: Time) -> bool {
    said.is_none_or(|at| now - at >= AGAIN)
}

impl Engine {
    /// Adds an event; `what` follows the service's name.
    pub(crate) fn note(&mut self, key: ServiceKey, what: impl AsRef<str>) {
        self.note_at(key, self.now, what);
    }

    pub(crate) fn note_at(&mut self, key: ServiceKey, at: Time, what: impl AsRef<str>) {
        self.ecs.noted += 1;
        let id = self.random("event", self.ecs.noted).uuid();
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        let message = format!("(service {}) {}", service.name, what.as_ref());
        service.events.push_front(ServiceEvent { id, at, message });
        service.events.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_event_is_held_back_for_six_hours() {
        assert!(may_repeat(None, Time(0)));
        assert!(!may_repeat(Some(Time(0)), Time(AGAIN - 1)));
        assert!(may_repeat(Some(Time(0)), Time(AGAIN)));
    }
}
