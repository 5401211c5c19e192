//! Lengths of time as people write them: `90s`, `30m`, `1h30m`, `2d`.

use std::time::Duration;

const UNITS: [(char, u64); 5] = [
    ('s', 1),
    ('m', 60),
    ('h', 3600),
    ('d', 86_400),
    ('w', 604_800),
];

/// A length of time: numbers with a unit each (s, m, h, d, w), in one word.
/// None for anything else, and for more than fits.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (mut seconds, mut number) = (0_u64, None::<u64>);
    for char in text.chars() {
        if let Some(digit) = char.to_digit(10) {
            number = Some(
                number
                    .unwrap_or(0)
                    .checked_mul(10)?
                    .checked_add(u64::from(digit))?,
            );
        } else {
            let (_, unit) = UNITS.into_iter().find(|(name, _)| *name == char)?;
            seconds = seconds.checked_add(number.take()?.checked_mul(unit)?)?;
        }
    }
    (number.is_none() && !text.is_empty()).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse_duration;

    #[test]
    fn reads_what_people_write() {
        let seconds = |text| parse_duration(text).map(|length: Duration| length.as_secs());
        assert_eq!(seconds("30m"), Some(1800));
        assert_eq!(seconds("1h30m"), Some(5400));
        assert_eq!(seconds("2d"), Some(172_800));
        assert_eq!(seconds("0s"), Some(0));
    }

    #[test]
    fn refuses_what_could_mean_two_things() {
        for text in [
            "",
            "30",
            "m",
            "30 m",
            "1.5h",
            "30m5",
            "-1s",
            "99999999999999999999s",
            "9999999999999999w",
        ] {
            assert_eq!(parse_duration(text), None, "{text:?}");
        }
    }
}
