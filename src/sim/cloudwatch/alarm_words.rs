//! What alarms say of themselves: AWS's reasons and the data behind them.

use serde_json::{Value, json};

use super::alarm::{Alarm, breaches};
use crate::bus::AlarmState;
use crate::clock::Time;
use crate::world::{Comparison, Missing};

impl Comparison {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Comparison::AtLeast => "GreaterThanOrEqualToThreshold",
            Comparison::Above => "GreaterThanThreshold",
            Comparison::Below => "LessThanThreshold",
            Comparison::AtMost => "LessThanOrEqualToThreshold",
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Comparison::AtLeast => "greater than or equal to",
            Comparison::Above => "greater than",
            Comparison::Below => "less than",
            Comparison::AtMost => "less than or equal to",
        }
    }
}

impl Missing {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Missing::Unknown => "missing",
            Missing::Ignore => "ignore",
            Missing::Breaching => "breaching",
            Missing::NotBreaching => "notBreaching",
        }
    }
}

/// A number as Java prints a double: always with a fraction.
fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.1}")
    } else {
        value.to_string()
    }
}

/// `dd/MM/yy HH:mm:ss`, as the reasons write times.
fn stamp(at: Time) -> String {
    let text = at.rfc3339();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!(
        "{}/{}/{} {}",
        part(8, 10),
        part(5, 7),
        part(2, 4),
        part(11, 19)
    )
}

/// `yyyy-MM-ddTHH:mm:ss.SSS+0000`, as the data of a reason write times.
fn long_stamp(at: Time) -> String {
    at.rfc3339().replace('Z', "+0000")
}

impl Alarm {
    pub(super) fn reason_of(
        &self,
        state: AlarmState,
        values: &[(Time, f64)],
        absent: usize,
    ) -> String {
        if values.is_empty() && state == AlarmState::InsufficientData {
            let plural = if absent == 1 {
                "datapoint was"
            } else {
                "datapoints were"
            };
            return format!("Insufficient Data: {absent} {plural} unknown.");
        }
        let threshold = number(self.spec.threshold);
        let words = self.spec.comparison.words();
        let treated = match self.spec.missing {
            Missing::Breaching => "Breaching",
            _ => "NonBreaching",
        };
        if values.is_empty() {
            let (were, treated_as) = if absent == 1 {
                (
                    "no datapoint was received for 1 period and 1 missing datapoint was",
                    treated,
                )
            } else {
                return format!(
                    "Threshold Crossed: no datapoints were received for {absent} periods and \
                     {absent} missing datapoints were treated as [{treated}]."
                );
            };
            return format!("Threshold Crossed: {were} treated as [{treated_as}].");
        }
        let over = |value: f64| breaches(self.spec.comparison, value, self.spec.threshold);
        let alarm = state == AlarmState::Alarm;
        let telling: Vec<String> = values
            .iter()
            .rev()
            .filter(|(_, value)| over(*value) == alarm)
            .map(|(at, value)| format!("{} ({})", number(*value), stamp(*at)))
            .collect();
        let listed = telling.join(", ");
        let not = if alarm { "" } else { "not " };
        let all = usize::try_from(self.spec.periods.max(1)).unwrap_or(1);
        if all == 1 {
            return format!(
                "Threshold Crossed: 1 datapoint [{listed}] was {not}{words} the threshold ({threshold})."
            );
        }
        let (needed, way) = if alarm {
            (self.needed(), "OK -> ALARM")
        } else {
            (all - self.needed() + 1, "ALARM -> OK")
        };
        let plural = if needed == 1 {
            "datapoint"
        } else {
            "datapoints"
        };
        let were = if telling.len() == 1 { "was" } else { "were" };
        format!(
            "Threshold Crossed: {} out of the last {all} datapoints [{listed}] {were} {not}{words} the \
             threshold ({threshold}) (minimum {needed} {plural} for {way} transition).",
            telling.len(),
        )
    }

    pub(super) fn data_of(&self, values: &[(Time, f64)], now: Time) -> Value {
        let recent: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
        let evaluated: Vec<Value> = values
            .iter()
            .rev()
            .map(|(at, value)| json!({ "timestamp": long_stamp(*at), "value": value }))
            .collect();
        json!({
            "version": "1.0",
            "queryDate": long_stamp(now),
            "startDate": values.first().map(|(at, _)| long_stamp(*at)),
            "statistic": self.spec.statistic,
            "period": self.spec.period,
            "recentDatapoints": recent,
            "threshold": self.spec.threshold,
            "evaluatedDatapoints": evaluated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_reasons_have_the_day_first() {
        assert_eq!(stamp(Time(1_795_000_000_000)), "18/11/26 11:06:40");
        assert_eq!(number(80.0), "80.0");
        assert_eq!(number(80.25), "80.25");
    }
}
