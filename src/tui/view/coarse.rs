//! Ages that change once a minute at most.
//!
//! Each age that ticks by the second is sent over the line every second. Only
//! the age of data that should be fresh is worth that.

use ecsdeck_core::app::age;
use ecsdeck_core::domain::Time;

/// How long ago something was, in at most four columns: `<1m`, `1m`, `4m`, `3h`, `9d`.
pub(super) fn coarse(since: Time, now: Time) -> String {
    match now.duration_since(since).as_secs() {
        ..60 => "<1m".to_owned(),
        60..120 => "1m".to_owned(),
        _ => age(since, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_not_told() {
        let at = |second: i64| Time::from_second(second).unwrap();
        let of = |seconds: i64| coarse(at(0), at(seconds));
        assert_eq!(
            [of(-3), of(59), of(60), of(119), of(120), of(7_200)],
            ["<1m", "<1m", "1m", "1m", "2m", "2h"]
        );
    }
}
