//! The events of a service.

use crate::app::model::viewer::{Line, Style};
use crate::domain::{Service, ServiceEvent, Time};
use crate::text::{Clean, age, clock};

pub(in crate::app) fn event_lines(service: &Service, now: Time) -> Vec<Line> {
    if service.events.is_empty() {
        return vec![Line::new(
            Style::Dim,
            Clean::literal("AWS shows no events of this service"),
        )];
    }
    service
        .events
        .iter()
        .map(|event| {
            let label = event
                .at
                .map(|at| Clean::own(format!("{} {}", clock(at), age(at, now))))
                .unwrap_or_default();
            let (text, style) = event_words(service, event);
            Line { label, text, style }
        })
        .collect()
}

/// What an event says, and whether it speaks of trouble.
pub(in crate::app) fn event_words(service: &Service, event: &ServiceEvent) -> (Clean, Style) {
    let words = event.message.to_ascii_lowercase();
    let bad = ["unable", "failed", "unhealthy", "rolling back"]
        .iter()
        .any(|word| words.contains(word));
    let style = if bad { Style::Warn } else { Style::Plain };
    // AWS begins each line with the service's name, which the title says already.
    let prefix = format!("(service {}) ", service.name);
    let text = event
        .message
        .strip_prefix(prefix.as_str())
        .map_or_else(|| event.message.clone(), Clean::new);
    (text, style)
}
