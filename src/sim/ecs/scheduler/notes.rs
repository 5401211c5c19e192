//! Service events: newest first, at most 100, repeated ones held back for six hours.

use crate::clock::{HOUR, Time};
use crate::ecs::Ecs;
use crate::ecs::ServiceKey;
use crate::ecs::service::ServiceEvent;
use crate::world::Controller;

/// The most events that DescribeServices shows.
///
/// source: ECS API reference, Service (`events`, "up to the last 100").
pub(crate) const KEPT: usize = 100;

/// A repeated event is sent again only after this long.
///
/// source: developer guide, service-event-messages (duplicates are suppressed until the cause
/// is resolved or six hours pass).
pub(crate) const AGAIN: i64 = 6 * HOUR;

/// Whether an event last sent `said` may be sent again.
pub(crate) fn may_repeat(said: Option<Time>, now: Time) -> bool {
    said.is_none_or(|at| now - at >= AGAIN)
}

impl Ecs {
    /// Adds an event; `what` follows the service's name.
    pub(crate) fn note(&mut self, key: ServiceKey, what: impl AsRef<str>) {
        self.note_at(key, self.desk.now, what);
    }

    pub(crate) fn note_at(&mut self, key: ServiceKey, at: Time, what: impl AsRef<str>) {
        self.noted += 1;
        let id = self.desk.random("event", self.noted).uuid();
        let Some(service) = self.service_mut(key) else {
            return;
        };
        // Events of services with task sets name the task set too.
        let set = match service.controller {
            Controller::Ecs => None,
            Controller::CodeDeploy | Controller::External => service.primary(),
        };
        let set = set.map_or_else(String::new, |set| format!(", taskSet {}", set.id));
        let message = format!("(service {}{set}) {}", service.name, what.as_ref());
        service.events.push_front(ServiceEvent { id, at, message });
        service.events.truncate(KEPT);
    }

    /// Adds an event about something that lasts, unless it was said less than six hours
    /// ago and the cause has not been resolved since.
    pub(crate) fn note_once(&mut self, key: ServiceKey, about: &str, what: impl AsRef<str>) {
        let now = self.desk.now;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        if may_repeat(service.notices.said.get(about).copied(), now) {
            service.notices.said.insert(about.to_owned(), now);
            self.note(key, what);
        }
    }

    /// The causes whose names begin so are resolved: their events may be sent again.
    pub(crate) fn resolved(&mut self, key: ServiceKey, about: &str) {
        if let Some(service) = self.service_mut(key) {
            service
                .notices
                .said
                .retain(|what, _| !what.starts_with(about));
        }
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
