//! A moment as AWS's tools write it: RFC 3339 with any offset, seconds or
//! milliseconds since 1970. What is none of these is no moment, and no error.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::Time;

/// A moment, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moment(pub(super) Option<Time>);

/// From here on a number counts milliseconds: as seconds it would lie in the year 5138.
const MILLISECONDS: f64 = 1e11;

impl Moment {
    fn number(number: f64) -> Self {
        let millis = if number.abs() >= MILLISECONDS {
            number
        } else {
            number * 1_000.0
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast saturates, and what no calendar holds is none"
        )]
        let millis = millis.round() as i64;
        Self(Time::from_millisecond(millis).ok())
    }

    fn text(text: &str) -> Self {
        match text.parse::<Time>() {
            Ok(time) => Self(Some(time)),
            Err(_) => text.parse().map_or(Self(None), Self::number),
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Moment;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a time")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
                Ok(Moment::text(text))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Moment, E> {
                Ok(Moment::number(number))
            }

            #[expect(
                clippy::cast_precision_loss,
                reason = "a double holds every millisecond of our era"
            )]
            fn visit_i64<E: Error>(self, number: i64) -> Result<Moment, E> {
                Ok(Moment::number(number as f64))
            }

            #[expect(
                clippy::cast_precision_loss,
                reason = "a double holds every millisecond of our era"
            )]
            fn visit_u64<E: Error>(self, number: u64) -> Result<Moment, E> {
                Ok(Moment::number(number as f64))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Moment, E> {
                Ok(Moment(None))
            }

            fn visit_unit<E: Error>(self) -> Result<Moment, E> {
                Ok(Moment(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Moment, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Moment(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Moment, A::Error> {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Moment(None))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_moment_gives_the_same() {
        for written in [
            r#""2023-11-14T22:13:20.500Z""#,
            r#""2023-11-15T07:13:20.5+09:00""#,
            "1700000000.5",
            "1700000000500",
            r#""1700000000.5""#,
        ] {
            let moment: Moment = serde_json::from_str(written).unwrap();
            let expected = Time::from_millisecond(1_700_000_000_500).ok();
            assert_eq!(moment, Moment(expected), "{written}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for written in [r#""soon""#, "1e300", "null", "[1]", r#"{"a":1}"#, "true"] {
            let moment: Moment = serde_json::from_str(written).unwrap();
            assert_eq!(moment, Moment(None), "{written}");
        }
    }
}
