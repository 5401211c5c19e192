//! Moments as people write them: `10m` ago, `14:05`, `yesterday`, `2026-11-30T14:05`, RFC 3339.

use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::duration::parse_duration;

/// What may be written, for messages.
pub const MOMENTS: &str =
    "10m, 2h, 1d (ago), 14:05, yesterday, 2026-11-30, 2026-11-30T14:05 or RFC 3339";

/// The moment that a text means: a length of time before `now`, a time of day (the last one that is over), `today`,
/// `yesterday`, a date or a date and time in a time zone, or RFC 3339. None for anything else.
pub fn parse_moment(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(ago) = parse_duration(text) {
        let seconds = i64::try_from(ago.as_secs()).ok()?;
        return now.checked_sub(Span::new().try_seconds(seconds).ok()?).ok();
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let today = now.to_zoned(zone.clone()).date();
    if let Some(clock) = time_of_day(text) {
        let moment = at(today, clock, zone)?;
        return if moment > now {
            at(today.yesterday().ok()?, clock, zone)
        } else {
            Some(moment)
        };
    }
    let (day, clock) = match text.split_once([' ', 'T']) {
        Some((day, clock)) => (day, time_of_day(clock)?),
        None => (text, Clock::midnight()),
    };
    let date = match day.to_ascii_lowercase().as_str() {
        "today" => today,
        "yesterday" => today.yesterday().ok()?,
        _ => day.parse::<Date>().ok()?,
    };
    at(date, clock, zone)
}

/// The same for the end of a span that begins at `since`: a time of day is the first such one behind it.
pub fn parse_moment_after(
    text: &str,
    since: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let Some(clock) = time_of_day(text.trim()) else {
        return parse_moment(text, now, zone);
    };
    let day = since.to_zoned(zone.clone()).date();
    let same = at(day, clock, zone)?;
    if same > since {
        Some(same)
    } else {
        at(day.tomorrow().ok()?, clock, zone)
    }
}

fn at(date: Date, clock: Clock, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(DateTime::from_parts(date, clock)).ok()
}

/// `14:05` or `14:05:30`; jiff alone would read `14` as an hour as well.
fn time_of_day(text: &str) -> Option<Clock> {
    let is_clock = text.contains(':')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b':');
    is_clock.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(text: &str, hours: i8) -> Option<String> {
        let now = "2026-11-30T14:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(hours));
        parse_moment(text, now, &zone).map(|moment| moment.to_string())
    }

    #[test]
    fn people_write_lengths_of_time_times_of_day_days_and_stamps() {
        for (text, moment) in [
            ("10m", "2026-11-30T13:50:00Z"),
            ("1d", "2026-11-29T14:00:00Z"),
            ("13:05", "2026-11-30T13:05:00Z"),
            ("13:05:30", "2026-11-30T13:05:30Z"),
            ("14:05", "2026-11-29T14:05:00Z"),
            ("today", "2026-11-30T00:00:00Z"),
            ("yesterday", "2026-11-29T00:00:00Z"),
            ("Yesterday 22:10", "2026-11-29T22:10:00Z"),
            ("2026-11-28", "2026-11-28T00:00:00Z"),
            ("2026-11-28T09:30", "2026-11-28T09:30:00Z"),
            ("2026-11-28 09:30:15", "2026-11-28T09:30:15Z"),
            ("2026-11-28T09:30:00+02:00", "2026-11-28T07:30:00Z"),
        ] {
            assert_eq!(means(text, 0).as_deref(), Some(moment), "{text}");
        }
    }

    #[test]
    fn the_end_of_a_span_is_the_first_time_of_day_behind_its_beginning() {
        let now = "2026-11-30T15:00:00Z".parse().unwrap();
        let span = |since: &str, until: &str| {
            let since = parse_moment(since, now, &TimeZone::UTC).unwrap();
            parse_moment_after(until, since, now, &TimeZone::UTC).map(|until| until.to_string())
        };
        for (since, until, moment) in [
            ("14:30", "15:30", "2026-11-30T15:30:00Z"),
            ("14:30", "14:45", "2026-11-30T14:45:00Z"),
            ("22:00", "02:00", "2026-11-30T02:00:00Z"),
            ("yesterday", "14:45", "2026-11-29T14:45:00Z"),
            ("2h", "5m", "2026-11-30T14:55:00Z"),
        ] {
            assert_eq!(
                span(since, until).as_deref(),
                Some(moment),
                "{since} {until}"
            );
        }
    }

    #[test]
    fn a_time_of_day_is_that_of_the_time_zone() {
        assert_eq!(means("13:05", 2).as_deref(), Some("2026-11-30T11:05:00Z"));
        assert_eq!(
            means("yesterday", -5).as_deref(),
            Some("2026-11-29T05:00:00Z")
        );
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "14",
            "25:00",
            "tomorrow",
            "2026-13-01",
            "10:5x",
            "-5m",
            "T14:05",
            "yesterday 9",
        ] {
            assert_eq!(means(text, 0), None, "{text}");
        }
        assert_eq!(means("9999999999w", 0), None);
    }
}
