//! How the lines of the log are stamped.

use jiff::tz::TimeZone;

use crate::domain::Time;
use crate::text::{Clean, clock};

/// What stands before each line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stamps {
    /// The time of day in UTC, as AWS's own pages have it.
    #[default]
    Utc,
    /// The time of day where the console runs.
    Local,
    /// What has passed since the line above.
    Between,
    /// Nothing.
    Off,
}

impl Stamps {
    /// The next way, the first after the last.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Utc => Self::Local,
            Self::Local => Self::Between,
            Self::Between => Self::Off,
            Self::Off => Self::Utc,
        }
    }

    /// Columns of a stamp with the blank behind it.
    pub const fn columns(self) -> usize {
        match self {
            Self::Utc | Self::Local | Self::Between => 9,
            Self::Off => 0,
        }
    }

    /// What the title says of the clock.
    pub fn word(self, zone: &TimeZone, now: Time) -> Option<Clean> {
        match self {
            Self::Utc => Some(Clean::literal("UTC")),
            Self::Local => {
                let offset = zone.to_offset(now);
                Some(Clean::own(format!("local time, UTC{offset}")))
            }
            Self::Between => Some(Clean::literal("time since the line above")),
            Self::Off => None,
        }
    }

    /// The stamp of a line, eight columns wide; `above` is the time of the line above, where there is one.
    pub fn stamp(self, at: Time, above: Option<Time>, zone: &TimeZone) -> Option<String> {
        match self {
            Self::Utc => Some(clock(at)),
            Self::Local => {
                let local = at.to_zoned(zone.clone());
                let (hour, minute, second) = (local.hour(), local.minute(), local.second());
                Some(format!("{hour:02}:{minute:02}:{second:02}"))
            }
            Self::Between => {
                Some(above.map_or_else(|| format!("{:>8}", "\u{2014}"), |above| between(above, at)))
            }
            Self::Off => None,
        }
    }
}

/// `+0.120s`, `+12.3s`, `+3m20s`, `+2h05m`, `+12d`.
fn between(above: Time, at: Time) -> String {
    let millis = at
        .as_millisecond()
        .saturating_sub(above.as_millisecond())
        .max(0);
    let seconds = millis / 1_000;
    let text = match seconds {
        0..10 => format!("+{seconds}.{:03}s", millis % 1_000),
        10..60 => format!("+{seconds}.{}s", millis % 1_000 / 100),
        60..3_600 => format!("+{}m{:02}s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("+{}h{:02}m", seconds / 3_600, seconds / 60 % 60),
        _ => format!("+{}d", seconds / 86_400),
    };
    format!("{text:>8}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Time {
        Time::from_millisecond(millis).unwrap()
    }

    #[test]
    fn a_stamp_is_that_of_its_clock_and_as_wide_as_every_other() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let stamp = |stamps: Stamps| stamps.stamp(at(3_600_500), Some(at(3_600_380)), &zone);
        assert_eq!(stamp(Stamps::Utc).as_deref(), Some("01:00:00"));
        assert_eq!(stamp(Stamps::Local).as_deref(), Some("03:00:00"));
        assert_eq!(stamp(Stamps::Between).as_deref(), Some(" +0.120s"));
        assert_eq!(stamp(Stamps::Off), None);
        let word = |stamps: Stamps| stamps.word(&zone, at(0)).map(|word| word.to_string());
        assert_eq!(word(Stamps::Local).as_deref(), Some("local time, UTC+02"));
        for passed in [0, 12_340, 200_000, 7_500_000, 9_000_000_000, -5] {
            assert_eq!(between(at(0), at(passed)).chars().count(), 8, "{passed}");
        }
        let first = Stamps::Between.stamp(at(0), None, &zone).unwrap();
        assert_eq!(first.chars().count(), 8);
    }

    #[test]
    fn the_key_goes_round() {
        let mut stamps = Stamps::default();
        for _ in 0..4 {
            stamps = stamps.next();
        }
        assert_eq!(stamps, Stamps::default());
    }
}
