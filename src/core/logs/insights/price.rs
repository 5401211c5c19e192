//! What a query costs: beforehand from what its groups hold, afterwards from what was scanned.

use crate::domain::{LogGroup, Time};

/// US dollars for a gigabyte that a query scans, in us-east-1 (source: Amazon CloudWatch pricing, "Logs Insights
/// queries"). Other regions ask for up to twice as much.
const USD_A_GB: f64 = 0.005;
/// AWS bills storage and scans in binary gigabytes (source: Amazon CloudWatch pricing, whose examples have 1,024 GB in
/// a TB).
const GB: f64 = 1_073_741_824.0;
/// From this price on somebody is asked before: what a person runs by hand all day is below it.
const WORTH_A_QUESTION: f64 = 0.05;
/// Of groups whose size nobody knows, ranges up to this length are scanned without a question, in seconds.
const SHORT: i64 = 3 * 3_600;
const DAY: f64 = 86_400.0;

/// What a query can be expected to scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Bytes; none where nobody knows how much the groups hold.
    pub bytes: Option<u64>,
    /// The length of the range, in seconds.
    seconds: i64,
}

impl Expected {
    /// Takes each group's lines for as many at one time as at another: the part of what it holds that the range is of the
    /// time for which it holds them. CloudWatch's number lags by hours and AWS does not say whether it is that of the
    /// compressed lines, so this is an order of magnitude. `groups` is none where their sizes could not be read.
    pub fn of(groups: Option<&[LogGroup]>, (start, end): (Time, Time), now: Time) -> Self {
        let seconds = end.duration_since(start).as_secs();
        let each = |group: &LogGroup| group_bytes(group, (start, end), now);
        let sum = |groups: &[LogGroup]| groups.iter().map(each).sum::<Option<f64>>();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "bytes of logs are far below 2^63, and the cast saturates"
        )]
        let bytes = groups.and_then(sum).map(|bytes| bytes.max(0.0) as u64);
        Self { bytes, seconds }
    }

    /// Whether somebody should say yes before.
    pub fn is_worth_a_question(&self) -> bool {
        match self.bytes {
            Some(bytes) => usd(bytes) >= WORTH_A_QUESTION,
            None => self.seconds > SHORT,
        }
    }

    /// In words: `about 12.0 GB would be scanned: about 0.06 USD`.
    pub fn words(&self) -> String {
        match self.bytes {
            Some(bytes) => format!(
                "about {} would be scanned: about {}",
                bytes_words(bytes),
                price_words(bytes)
            ),
            None => format!(
                "how much would be scanned is not known (each GB costs {USD_A_GB} USD in us-east-1)"
            ),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "bytes, to a few digits")]
fn group_bytes(group: &LogGroup, (start, end): (Time, Time), now: Time) -> Option<f64> {
    let stored = group.stored? as f64;
    let created = group.created.unwrap_or(Time::UNIX_EPOCH);
    let kept = group.retention_days.map(|days| f64::from(days) * DAY);
    let seconds = |from: Time, to: Time| to.duration_since(from).as_secs_f64().max(0.0);
    let age = seconds(created, now)
        .min(kept.unwrap_or(f64::INFINITY))
        .max(1.0);
    // What lies before the oldest line, or in the future, holds nothing.
    let oldest = seconds(start, now).min(age);
    let newest = seconds(end, now).min(age);
    Some(stored * ((oldest - newest).max(0.0) / age))
}

#[expect(clippy::cast_precision_loss, reason = "bytes, to a few digits")]
fn usd(bytes: u64) -> f64 {
    bytes as f64 / GB * USD_A_GB
}

/// The price of a scan: `0.06 USD`. What is less than a hundredth of a cent is said so.
pub fn price_words(bytes: u64) -> String {
    match usd(bytes) {
        0.0 => "0 USD".to_owned(),
        usd if usd < 0.0001 => "less than 0.0001 USD".to_owned(),
        usd if usd < 0.01 => format!("{usd:.4} USD"),
        usd => format!("{usd:.2} USD"),
    }
}

/// What was scanned and what that costs: `scanned 1.3 MB: less than 0.0001 USD (0.005 USD a GB in us-east-1)`.
pub fn scanned_words(bytes: u64) -> String {
    format!(
        "scanned {}: {} ({USD_A_GB} USD a GB in us-east-1)",
        bytes_words(bytes),
        price_words(bytes)
    )
}

/// A number of bytes: `1.3 MB`.
#[expect(clippy::cast_precision_loss, reason = "bytes, to a few digits")]
pub fn bytes_words(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    if bytes < 1_024 {
        return format!("{bytes} bytes");
    }
    let mut rest = bytes as f64 / 1_024.0;
    let mut unit = "KB";
    for next in UNITS {
        unit = next;
        // What would be rounded up to the next unit is said in it.
        if rest < 1_023.95 {
            break;
        }
        if next != "PB" {
            rest /= 1_024.0;
        }
    }
    format!("{rest:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Clean;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn group(stored: Option<u64>, created: &str, retention_days: Option<u32>) -> LogGroup {
        LogGroup {
            name: Clean::new("/ecs/web"),
            stored,
            created: Some(at(created)),
            retention_days,
        }
    }

    const NOW: &str = "2026-11-30T00:00:00Z";
    const TEN_GB: u64 = 10 << 30;

    fn expected(groups: &[LogGroup], start: &str, end: &str) -> Expected {
        Expected::of(Some(groups), (at(start), at(end)), at(NOW))
    }

    #[test]
    fn a_tenth_of_the_time_that_a_group_holds_is_a_tenth_of_what_it_holds() {
        let ten_days = [group(Some(TEN_GB), "2026-11-20T00:00:00Z", None)];
        let day = expected(&ten_days, "2026-11-29T00:00:00Z", NOW);
        assert_eq!(day.bytes, Some(1 << 30));
        assert!(!day.is_worth_a_question());
        let whole = expected(&ten_days, "2026-11-01T00:00:00Z", "2026-12-05T00:00:00Z");
        assert_eq!(whole.bytes, Some(TEN_GB), "no more than there is");
        assert!(whole.is_worth_a_question());
        assert_eq!(
            whole.words(),
            "about 10.0 GB would be scanned: about 0.05 USD"
        );
    }

    #[test]
    fn what_is_no_longer_kept_is_not_scanned() {
        let kept = [group(Some(TEN_GB), "2020-01-01T00:00:00Z", Some(10))];
        let day = expected(&kept, "2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z");
        assert_eq!(day.bytes, Some(1 << 30));
        let before = expected(&kept, "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z");
        assert_eq!(before.bytes, Some(0));
    }

    #[test]
    fn of_unknown_size_a_short_range_is_no_question_and_a_long_one_is() {
        let unknown = |groups: Option<&[LogGroup]>, start: &str| {
            Expected::of(groups, (at(start), at(NOW)), at(NOW))
        };
        let short = unknown(None, "2026-11-29T22:00:00Z");
        let long = unknown(None, "2026-11-29T00:00:00Z");
        assert!(!short.is_worth_a_question() && long.is_worth_a_question());
        let groups = [
            group(Some(TEN_GB), NOW, None),
            group(None, "2026-11-20T00:00:00Z", None),
        ];
        let one_is_not_told = unknown(Some(&groups), "2026-11-29T00:00:00Z");
        assert_eq!(one_is_not_told.bytes, None);
        assert!(long.words().contains("not known"));
    }

    #[test]
    fn bytes_and_prices_are_said_in_few_digits() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1_023, "1023 bytes"),
            (1_024, "1.0 KB"),
            (1_500_000, "1.4 MB"),
            (1_048_575, "1.0 MB"),
            (5 << 30, "5.0 GB"),
            (u64::MAX, "16384.0 PB"),
        ] {
            assert_eq!(bytes_words(bytes), words);
        }
        for (bytes, words) in [
            (0, "0 USD"),
            (1, "less than 0.0001 USD"),
            (1 << 30, "0.0050 USD"),
            (1 << 40, "5.12 USD"),
        ] {
            assert_eq!(price_words(bytes), words);
        }
        let words = "scanned 2.0 GB: 0.01 USD (0.005 USD a GB in us-east-1)";
        assert_eq!(scanned_words(2 << 30), words);
    }
}
