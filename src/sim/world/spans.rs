//! Spans of time as people write them: `"90s"`, `"14m"`, `"-2h"`, `"3d"`, or seconds.

use std::fmt;

use jiff::{Span as JiffSpan, SpanRelativeTo};
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use crate::clock::Millis;
use crate::random::Random;

/// A signed span of virtual time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Millis);

/// A span that lies between two bounds, drawn anew each time it is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Between {
    pub(crate) low: Millis,
    pub(crate) high: Millis,
}

impl Between {
    pub(crate) const fn seconds(low: i64, high: i64) -> Self {
        Between {
            low: low * 1_000,
            high: high * 1_000,
        }
    }

    pub(crate) fn draw(self, random: &mut Random) -> Millis {
        random.between(self.low, self.high)
    }
}

fn milliseconds<E: Error>(text: &str) -> Result<Millis, E> {
    let wrong = || {
        E::custom(format!(
            "`{text}` is not a span of time such as \"90s\" or \"14m\""
        ))
    };
    let span: JiffSpan = text.parse().map_err(|_| wrong())?;
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| wrong())?;
    Millis::try_from(duration.as_millis()).map_err(|_| wrong())
}

struct SpanVisitor;

impl Visitor<'_> for SpanVisitor {
    type Value = Span;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a span of time such as \"90s\", \"14m\" or a number of seconds")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Span, E> {
        milliseconds(text).map(Span)
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Span, E> {
        Ok(Span(seconds.saturating_mul(1_000)))
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Span, E> {
        self.visit_i64(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SpanVisitor)
    }
}

struct BetweenVisitor;

impl<'de> Visitor<'de> for BetweenVisitor {
    type Value = Between;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a span of time, or two: [\"3m\", \"8m\"]")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Between, E> {
        milliseconds(text).map(|at| Between { low: at, high: at })
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Between, E> {
        Ok(Between::seconds(seconds, seconds))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut bounds: A) -> Result<Between, A::Error> {
        let missing = || A::Error::custom("two spans are needed: [\"3m\", \"8m\"]");
        let Span(low) = bounds.next_element()?.ok_or_else(missing)?;
        let Span(high) = bounds.next_element()?.ok_or_else(missing)?;
        if high < low {
            return Err(A::Error::custom(
                "the first span must not be the longer one",
            ));
        }
        Ok(Between { low, high })
    }
}

impl<'de> Deserialize<'de> for Between {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BetweenVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Sample {
        span: Span,
        between: Between,
    }

    fn read(text: &str) -> Result<Sample, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn spans_read_as_people_write_them() {
        let sample = read("span = '-14m'\nbetween = ['30s', '1h 30m']").unwrap();
        assert_eq!(sample.span, Span(-14 * 60_000));
        assert_eq!(sample.between, Between::seconds(30, 5_400));
        let sample = read("span = '3d'\nbetween = 5").unwrap();
        assert_eq!(sample.span, Span(3 * 86_400_000));
        assert_eq!(sample.between, Between::seconds(5, 5));
    }

    #[test]
    fn a_range_that_runs_backwards_is_refused() {
        assert!(read("span = 1\nbetween = ['2m', '1m']").is_err());
    }
}
