//! The order of log events over streams, and its places as tokens.

use super::lines::Place;
use crate::clock::Time;
use crate::wire::page;

/// The order of events over streams, and the place in it after which a page begins.
pub(super) type Order = (Place, String);

pub(super) fn order_token(order: &Order) -> String {
    let (place, name) = order;
    let kind = u8::from(place.ordinary);
    page::seal(&format!("{}/{kind}/{}/{name}", place.at.0, place.number))
}

pub(super) fn parse_order(token: &str) -> Option<Order> {
    let text = page::unseal(token)?;
    let mut parts = text.splitn(4, '/');
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
