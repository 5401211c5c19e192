//! What the values of a deck look like: account, region, id, URL, statistic, placeholder, length of time.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

use super::problem::DeckProblem;
use crate::text::{Clean, nearest, parse_duration};

pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `us-east-1`, `us-gov-west-1`: letters, then a number.
pub(super) fn is_region(text: &str) -> bool {
    let mut parts = text.split('-').rev();
    let number = parts
        .next()
        .is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let words: Vec<_> = parts.collect();
    number
        && words.len() >= 2
        && words
            .iter()
            .all(|word| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

pub(super) fn is_id(text: &str, prefix: &str) -> bool {
    let id = text.strip_prefix(prefix).unwrap_or_default();
    id.len() >= 8
        && id
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

pub(super) fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or_default();
    !rest.is_empty() && !rest.starts_with('/') && Clean::new(rest) == rest && !rest.contains(' ')
}

pub(super) fn not_a_url(text: &str) -> DeckProblem {
    DeckProblem::Form {
        value: Clean::new(text),
        what: "URL",
        example: "\"https://…\"",
    }
}

pub(super) fn is_statistic(text: &str) -> bool {
    let percent = text
        .strip_prefix('p')
        .and_then(|number| number.parse::<f64>().ok());
    matches!(
        text,
        "Average" | "Sum" | "Minimum" | "Maximum" | "SampleCount"
    ) || percent.is_some_and(|percent| (0.0..=100.0).contains(&percent))
}

/// Lower-case words between braces. Other braces are no placeholders: a default may be JSON.
pub(super) fn braced(text: &str) -> impl Iterator<Item = &str> {
    let after = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(word, _)| word));
    after.filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

pub(super) fn placeholder(text: &str, known: &'static [&'static str]) -> Option<DeckProblem> {
    let name = braced(text).find(|word| !known.contains(word))?;
    let nearest = nearest(name, known.iter().copied()).map(Clean::new);
    Some(DeckProblem::Placeholder {
        name: Clean::new(name),
        nearest,
        known,
    })
}

/// A length of time such as `30m`.
pub(super) fn duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let length = parse_duration(&text);
    length.map(Some).ok_or_else(|| {
        de::Error::custom("a length of time is written like \"90s\", \"30m\" or \"1h30m\"")
    })
}

#[cfg(test)]
mod tests {
    use super::{braced, is_region, is_statistic, is_url};

    #[test]
    fn regions_and_urls_are_told_from_what_only_looks_like_them() {
        assert!(
            [
                "us-east-1",
                "us-gov-west-1",
                "ap-southeast-7",
                "eu-isoe-west-1"
            ]
            .into_iter()
            .all(is_region)
        );
        assert!(
            !["us-east", "us_east_1", "1", "US-EAST-1", "us-east-1a", ""]
                .into_iter()
                .any(is_region)
        );
        assert!(
            is_url("http://localhost:9000/health")
                && !is_url("https://")
                && !is_url("ftp://x")
                && !is_url("https://a b")
        );
    }

    #[test]
    fn a_statistic_is_a_word_of_cloudwatch_or_a_percentile() {
        assert!(
            ["Average", "Sum", "p99", "p99.9", "p0"]
                .into_iter()
                .all(is_statistic)
        );
        assert!(
            !["average", "p101", "p-1", "pNaN", "99", ""]
                .into_iter()
                .any(is_statistic)
        );
    }

    #[test]
    fn braces_of_json_are_no_placeholders() {
        assert_eq!(
            braced("{\"a\":1} {} {uuid} {A}").collect::<Vec<_>>(),
            ["uuid"]
        );
    }
}
