//! The order of log events over streams, and its places as tokens.
//!
//! Invariant: a token is good for the query that it was given to, for 24 hours.

use super::lines::Place;
use crate::clock::{HOUR, Time};
use crate::wire::page;

/// How long a token is good.
const GOOD_FOR: i64 = 24 * HOUR;

/// The most that one page holds: the bytes of messages, and 26 more for each event.
const PAGE_BYTES: usize = 1 << 20;

/// The order of events over streams, and the place in it after which a page begins.
pub(super) type Order = (Place, String);

/// What tells one query from another, and when it asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) query: u64,
    pub(super) now: Time,
}

pub(super) fn order_token(order: &Order, asked: Asked) -> String {
    let (place, name) = order;
    let kind = u8::from(place.ordinary);
    let Asked { query, now } = asked;
    page::seal(&format!(
        "{query:x}/{}/{}/{kind}/{}/{name}",
        now.0, place.at.0, place.number
    ))
}

/// The place of a token; `None` when it is another query's, too old, or none at all.
pub(super) fn parse_order(token: &str, asked: Asked) -> Option<Order> {
    let text = page::unseal(token)?;
    let mut parts = text.splitn(6, '/');
    let query = u64::from_str_radix(parts.next()?, 16).ok()?;
    let given = Time(parts.next()?.parse().ok()?);
    if query != asked.query || asked.now - given > GOOD_FOR {
        return None;
    }
    let at = Time(parts.next()?.parse().ok()?);
    let ordinary = parts.next()? == "1";
    let number = parts.next()?.parse().ok()?;
    Some((
        Place {
            at,
            ordinary,
            number,
        },
        parts.next()?.to_owned(),
    ))
}

/// What room a page has left.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Room {
    pub(super) fn page() -> Self {
        Room(PAGE_BYTES)
    }

    /// Takes the room of an event; false when there is none left for it.
    pub(super) fn take(&mut self, message: &str) -> bool {
        let size = message.len() + 26;
        let fits = size <= self.0;
        self.0 = self.0.saturating_sub(size);
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_another_query_or_of_the_day_before_is_not_understood() {
        let order = (Place::start_of(Time(5)), "a/b".to_owned());
        let asked = Asked {
            query: 7,
            now: Time(1_000),
        };
        let token = order_token(&order, asked);
        assert_eq!(parse_order(&token, asked), Some(order));
        assert_eq!(parse_order(&token, Asked { query: 8, ..asked }), None);
        let later = Asked {
            now: Time(1_001) + GOOD_FOR,
            ..asked
        };
        assert_eq!(parse_order(&token, later), None);
    }

    #[test]
    fn a_page_holds_a_mebibyte() {
        let mut room = Room::page();
        let line = "x".repeat(1_000);
        let fits = (0..2_000).take_while(|_| room.take(&line)).count();
        assert_eq!(fits, (1 << 20) / 1_026);
    }
}
