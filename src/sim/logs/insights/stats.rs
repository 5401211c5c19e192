//! `stats`: measures over groups of rows.

use std::collections::BTreeSet;

use super::names::field;
use super::row::{Row, stamp};
use crate::clock::{HOUR, MINUTE, SECOND, Time};

/// A measure over the rows of a group.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Measure {
    Count(Option<String>),
    Distinct(String),
    Sum(String),
    Average(String),
    Min(String),
    Max(String),
    Percentile(String, f64),
    Earliest(String),
    Latest(String),
}

/// What rows are grouped by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Grouping {
    Field(String),
    /// Stretches of so many milliseconds, and how the query writes it.
    Bin(i64, String),
}

/// The name and the inside of a call such as `count(*)`.
fn call(text: &str) -> Option<(String, &str)> {
    let (name, rest) = text.split_once('(')?;
    Some((
        name.trim().to_ascii_lowercase(),
        rest.trim_end().strip_suffix(')')?.trim(),
    ))
}

impl Measure {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, inside) = call(text).ok_or_else(|| format!("'{text}' is no function"))?;
        let of = |text: &str| field(text);
        Ok(match name.as_str() {
            "count" if inside.is_empty() || inside == "*" => Measure::Count(None),
            _ if inside.is_empty() => return Err(format!("'{name}' needs a field")),
            "count" => Measure::Count(Some(of(inside)?)),
            "count_distinct" => Measure::Distinct(of(inside)?),
            "sum" => Measure::Sum(of(inside)?),
            "avg" => Measure::Average(of(inside)?),
            "min" => Measure::Min(of(inside)?),
            "max" => Measure::Max(of(inside)?),
            "earliest" => Measure::Earliest(of(inside)?),
            "latest" => Measure::Latest(of(inside)?),
            "pct" | "percentile" => {
                let (field, share) = inside
                    .rsplit_once(',')
                    .ok_or("'pct' needs a field and a percentage")?;
                let share = share
                    .trim()
                    .parse()
                    .ok()
                    .filter(|share| (0.0..=100.0).contains(share));
                Measure::Percentile(of(field)?, share.ok_or("'pct' needs a percentage")?)
            }
            other => return Err(format!("unknown function '{other}'")),
        })
    }

    /// The measure of rows in the order of time; `None` where nothing can be measured.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    pub(super) fn of(&self, rows: &[&Row]) -> Option<String> {
        let texts = |field: &String| {
            rows.iter()
                .filter_map(|row| row.get(field))
                .collect::<Vec<_>>()
        };
        let numbers = |field: &String| -> Vec<f64> {
            texts(field)
                .iter()
                .filter_map(|text| text.trim().parse().ok())
                .collect()
        };
        let show = |value: f64| {
            let rounded = (value * 10_000.0).round() / 10_000.0;
            Some(rounded.to_string())
        };
        match self {
            Measure::Count(None) => Some(rows.len().to_string()),
            Measure::Count(Some(field)) => Some(texts(field).len().to_string()),
            Measure::Distinct(field) => Some(
                texts(field)
                    .into_iter()
                    .collect::<BTreeSet<_>>()
                    .len()
                    .to_string(),
            ),
            Measure::Sum(field) => show(numbers(field).iter().sum()),
            Measure::Average(field) => {
                let numbers = numbers(field);
                let count = numbers.len() as f64;
                if numbers.is_empty() {
                    None
                } else {
                    show(numbers.iter().sum::<f64>() / count)
                }
            }
            Measure::Min(field) => numbers(field)
                .into_iter()
                .min_by(f64::total_cmp)
                .and_then(show),
            Measure::Max(field) => numbers(field)
                .into_iter()
                .max_by(f64::total_cmp)
                .and_then(show),
            Measure::Percentile(field, share) => {
                let mut numbers = numbers(field);
                numbers.sort_by(f64::total_cmp);
                let last = numbers.len().checked_sub(1)?;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "an index"
                )]
                let at = (share / 100.0 * last as f64).round() as usize;
                numbers.get(at).copied().and_then(show)
            }
            Measure::Earliest(field) => texts(field).into_iter().next(),
            Measure::Latest(field) => texts(field).into_iter().next_back(),
        }
    }
}

impl Grouping {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let Some((name, inside)) = call(text) else {
            return field(text).map(Grouping::Field);
        };
        if name != "bin" {
            return Err(format!("unknown function '{name}'"));
        }
        let digits = inside
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(inside.len());
        let (count, unit) = inside.split_at(digits);
        let unit = match unit.trim() {
            "ms" => 1,
            "s" | "sec" => SECOND,
            "m" | "min" => MINUTE,
            "h" | "hr" => HOUR,
            "d" => 24 * HOUR,
            other => return Err(format!("'{other}' is no unit of time")),
        };
        let count: i64 = count
            .parse()
            .map_err(|_| format!("'{inside}' is no span of time"))?;
        let span = count.saturating_mul(unit).max(1);
        Ok(Grouping::Bin(span, text.to_owned()))
    }

    pub(super) fn name(&self) -> String {
        match self {
            Grouping::Field(field) => field.clone(),
            Grouping::Bin(_, text) => text.clone(),
        }
    }

    pub(super) fn of(&self, row: &Row) -> Option<String> {
        match self {
            Grouping::Field(field) => row.get(field),
            Grouping::Bin(span, _) => {
                let at = row.at();
                Some(stamp(Time(at.0 - at.0.rem_euclid(*span))))
            }
        }
    }
}
