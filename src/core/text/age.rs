//! Times as a person reads them.

use std::time::Duration;

use jiff::Timestamp as Time;

/// How long ago something was, in the two characters or three that a column has: `12s`, `4m`, `3h`, `9d`.
///
/// What lies in the future is `0s`: clocks differ a little.
pub fn age(since: Time, now: Time) -> String {
    short(now.duration_since(since).as_secs())
}

/// The same, but the seconds of the first minute are not told: `<1m`, `1m`, `4m`, `3h`, `9d`.
///
/// An age that ticks by the second is sent over the line every second. Only the age of data that should be fresh is
/// worth that.
pub fn coarse(since: Time, now: Time) -> String {
    match now.duration_since(since).as_secs() {
        ..60 => "<1m".to_owned(),
        60..120 => "1m".to_owned(),
        _ => age(since, now),
    }
}

/// A length of time in the same words.
pub fn length(length: Duration) -> String {
    short(i64::try_from(length.as_secs()).unwrap_or(i64::MAX))
}

/// How long something takes, to the minute from a minute and a half on: `45 s`, `3 min`.
pub fn rounded(seconds: u64) -> String {
    match seconds {
        0..90 => format!("{seconds} s"),
        _ => format!("{} min", seconds.saturating_add(30) / 60),
    }
}

fn short(seconds: i64) -> String {
    match seconds {
        ..=0 => "0s".to_owned(),
        1..=119 => format!("{seconds}s"),
        120..=7_199 => format!("{}m", seconds / 60),
        7_200..=172_799 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// The time of day in UTC: `07:31:04`.
pub fn clock(time: Time) -> String {
    let seconds = time.as_second().rem_euclid(86_400);
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_take_at_most_four_columns() {
        let at = |second: i64| Time::from_second(second).unwrap();
        let of = |seconds: i64| age(at(0), at(seconds));
        assert_eq!(
            [of(-3), of(7), of(119), of(120), of(7_200), of(172_800)],
            ["0s", "7s", "119s", "2m", "2h", "2d"]
        );
        assert!(of(400 * 86_400).len() <= 4);
    }

    #[test]
    fn seconds_are_not_told_in_coarse_ages() {
        let at = |second: i64| Time::from_second(second).unwrap();
        let of = |seconds: i64| coarse(at(0), at(seconds));
        assert_eq!(
            [of(-3), of(59), of(60), of(119), of(120), of(7_200)],
            ["<1m", "<1m", "1m", "1m", "2m", "2h"]
        );
    }

    #[test]
    fn the_time_of_day_is_in_utc() {
        assert_eq!(
            clock(Time::from_second(86_400 + 3_661).unwrap()),
            "01:01:01"
        );
    }
}
