//! GetMetricStatistics: the datapoints of one metric, in no order that is told.

use serde_json::{Map, Value, json};

use super::data::{metric_key, time, validation};
use super::refused::invalid;
use super::{CloudWatch, Statistic};
use crate::clock::SECOND;
use crate::wire::{Answer, ApiError, Args};

/// The most datapoints of an answer.
///
/// source: CloudWatch API reference, GetMetricStatistics.
const MOST: i64 = 1_440;

fn period(args: &Args) -> Result<i64, ApiError> {
    let period = args
        .number("Period")?
        .ok_or_else(|| validation("The parameter Period is required."))?;
    if matches!(period, 1 | 5 | 10 | 20 | 30) || (period > 0 && period % 60 == 0) {
        return Ok(period);
    }
    Err(invalid(format!(
        "The parameter Period must be a multiple of 60 or one of 1, 5, 10, 20, 30: {period}"
    )))
}

fn statistics(
    args: &Args,
    member: &str,
    plain: bool,
) -> Result<Vec<(String, Statistic)>, ApiError> {
    let mut all = Vec::new();
    for name in args.texts(member)? {
        let is_plain = name.bytes().all(|b| b.is_ascii_alphabetic());
        let statistic = Statistic::parse(name).filter(|_| is_plain == plain);
        let statistic = statistic.ok_or_else(|| {
            invalid(format!(
                "The value {name} for parameter {member} is not supported."
            ))
        })?;
        all.push((name.to_owned(), statistic));
    }
    Ok(all)
}

pub(super) fn get_metric_statistics(watch: &mut CloudWatch, args: &Args) -> Answer {
    let key = metric_key(args)?;
    let range = (time(args, "StartTime")?, time(args, "EndTime")?);
    if range.0 >= range.1 {
        return Err(validation(
            "The parameter StartTime must be less than the parameter EndTime.",
        ));
    }
    let period = period(args)?;
    let plain = statistics(args, "Statistics", true)?;
    let extended = statistics(args, "ExtendedStatistics", false)?;
    if plain.is_empty() == extended.is_empty() {
        let code = "InvalidParameterCombinationException";
        let what = "Exactly one of the parameters Statistics and ExtendedStatistics must be given.";
        return Err(ApiError::client(code, what));
    }
    let count = (range.1 - range.0) / (period * SECOND);
    if count > MOST {
        let code = "InvalidParameterCombinationException";
        return Err(ApiError::client(
            code,
            format!(
                "You have requested up to {count} datapoints, which exceeds the limit of {MOST}. You \
                 may reduce the datapoints requested by increasing Period, or decreasing the time \
                 range."
            ),
        ));
    }
    let unit = watch
        .metrics
        .series
        .get(&key)
        .map(|series| series.unit.clone());
    let wanted = args.text("Unit")?;
    let fits = wanted.is_none_or(|wanted| unit.as_deref() == Some(wanted));
    let data = watch.metrics.data(&key, period, range, watch.desk.now);
    let points: Vec<Value> = data
        .into_iter()
        .filter(|_| fits)
        .map(|(at, datum)| {
            let mut point = Map::new();
            point.insert("Timestamp".to_owned(), at.json_seconds());
            for (name, statistic) in &plain {
                point.insert(name.clone(), json!(statistic.of(&datum)));
            }
            if !extended.is_empty() {
                let values: Map<String, Value> = extended
                    .iter()
                    .map(|(name, statistic)| (name.clone(), json!(statistic.of(&datum))))
                    .collect();
                point.insert("ExtendedStatistics".to_owned(), Value::Object(values));
            }
            point.insert("Unit".to_owned(), json!(unit));
            Value::Object(point)
        })
        .collect();
    Ok(json!({ "Label": key.name, "Datapoints": points }))
}
