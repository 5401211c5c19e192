//! Which lines were given out: their ids, exact, and as small as they can be kept.
//!
//! A follow keeps the ids of a quarter of an hour and more; a busy service
//! writes hundreds of lines a second. CloudWatch's ids are numbers of 56 digits,
//! which take 24 bytes here; any other text is kept as it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::LogEventId;

/// Digits of an id of CloudWatch's (source: the examples of FilterLogEvents and GetLogRecord in the CloudWatch Logs
/// API reference).
const DIGITS: usize = 56;
/// So many digits fit into a part.
const PART: usize = 19;

/// Ids by the second of their lines' time, so that old ones can be let go.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ids(BTreeMap<i64, Second>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Second {
    /// In order.
    numbers: Vec<[u64; 3]>,
    texts: BTreeSet<LogEventId>,
}

impl Ids {
    /// Takes an id in. Gives whether it is new.
    pub(super) fn insert(&mut self, second: i64, id: &LogEventId) -> bool {
        let known = self.0.entry(second).or_default();
        match number(id) {
            Some(number) => match known.numbers.binary_search(&number) {
                Ok(_) => false,
                Err(place) => {
                    known.numbers.insert(place, number);
                    true
                }
            },
            None => known.texts.insert(id.clone()),
        }
    }

    /// Lets go of all that are older than this second.
    pub(super) fn keep_from(&mut self, second: i64) {
        self.0 = self.0.split_off(&second);
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        let counts = self.0.values();
        counts
            .map(|second| second.numbers.len() + second.texts.len())
            .sum()
    }
}

/// An id as a number, in parts; none where it is not one of CloudWatch's: `07` must not be `7`.
fn number(id: &str) -> Option<[u64; 3]> {
    if id.len() != DIGITS || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| id.get(from..to)?.parse().ok();
    Some([
        part(0, PART)?,
        part(PART, 2 * PART)?,
        part(2 * PART, DIGITS)?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Clean;

    #[test]
    fn an_id_is_known_whatever_it_is_made_of() {
        let mut ids = Ids::default();
        let zeros = "0".repeat(DIGITS);
        let nines = "9".repeat(DIGITS);
        let short = "0".repeat(DIGITS - 1);
        let all = ["", "0", "00", "a", &zeros, &nines, &short];
        for id in all {
            assert!(ids.insert(7, &Clean::new(id)), "{id}");
        }
        for id in all {
            assert!(!ids.insert(7, &Clean::new(id)), "{id}");
        }
        assert!(ids.insert(8, &Clean::new("a")), "of another second");
        assert_eq!(ids.count(), all.len() + 1);
        ids.keep_from(8);
        assert_eq!(ids.count(), 1);
    }
}
