//! GetMetricData: values of metrics and of math on them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::expression::{Operand, evaluate};
use super::metrics::{KEPT_FOR, Metrics};
use super::refused::{invalid, invalid_token};
use super::{CloudWatch, Key, Statistic};
use crate::clock::{SECOND, Time};
use crate::service::Service;
use crate::wire::{Answer, ApiError, Args, page};

/// The most queries, and the most datapoints of one answer.
const QUERIES: usize = 500;
const DATAPOINTS: i64 = 100_800;

/// The most datapoints that an account may ask for in a second.
///
/// source: CloudWatch user guide, cloudwatch_limits (396,000 where the start is more than
/// three hours ago, estimated by range and period); the lower figure of fresher data is not
/// simulated.
const A_SECOND: i64 = 396_000;

/// A query.
#[derive(Debug)]
struct Query {
    id: String,
    label: Option<String>,
    shown: bool,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A metric; of another unit than the one asked for it has no data.
    Metric {
        key: Key,
        statistic: Statistic,
        period: i64,
        unit: Option<String>,
    },
    Expression {
        text: String,
        period: i64,
    },
}

pub(super) fn validation(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationError", message)
}

/// A period that CloudWatch takes: 1, 5, 10, 20, 30 or a multiple of 60 seconds.
fn period(args: &Args, default: i64) -> Result<i64, ApiError> {
    let period = args.number("Period")?.unwrap_or(default);
    let fine = matches!(period, 1 | 5 | 10 | 20 | 30) || (period > 0 && period % 60 == 0);
    fine.then_some(period).ok_or_else(|| {
        validation(format!(
            "The parameter MetricDataQueries.member.1.MetricStat.Period must be a multiple of 60 \
             or one of 1, 5, 10, 20, 30: {period}"
        ))
    })
}

pub(super) fn metric_key(metric: &Args) -> Result<Key, ApiError> {
    let mut dimensions = BTreeMap::new();
    for dimension in metric.structures("Dimensions")? {
        let name = dimension.text("Name")?.unwrap_or_default().to_owned();
        dimensions.insert(
            name,
            dimension.text("Value")?.unwrap_or_default().to_owned(),
        );
    }
    Ok(Key {
        namespace: metric.text("Namespace")?.unwrap_or_default().to_owned(),
        name: metric.text("MetricName")?.unwrap_or_default().to_owned(),
        dimensions,
    })
}

impl Query {
    fn of(args: &Args) -> Result<Self, ApiError> {
        let id = args.text("Id")?.unwrap_or_default().to_owned();
        let fine = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !fine {
            return Err(validation(format!(
                "The value '{id}' for parameter MetricDataQueries.member.1.Id is not matching the \
                 expected pattern ^[a-z][a-zA-Z0-9_]*$."
            )));
        }
        let what = match (args.get("MetricStat"), args.text("Expression")?) {
            (Some(_), None) => {
                let stat = args.structure("MetricStat")?;
                let name = stat.text("Stat")?.unwrap_or_default();
                let statistic = Statistic::parse(name).ok_or_else(|| {
                    validation(format!(
                        "The value {name} for parameter MetricDataQueries.member.1.MetricStat.Stat is \
                         not supported."
                    ))
                })?;
                let key = metric_key(&stat.structure("Metric")?)?;
                let unit = stat.text("Unit")?.map(str::to_owned);
                What::Metric {
                    key,
                    statistic,
                    period: period(&stat, 60)?,
                    unit,
                }
            }
            (None, Some(text)) => What::Expression {
                text: text.to_owned(),
                period: period(args, 60)?,
            },
            _ => {
                return Err(validation(
                    "Exactly one of the parameters MetricStat and Expression must be specified.",
                ));
            }
        };
        Ok(Query {
            id,
            label: args.text("Label")?.map(str::to_owned),
            shown: args.flag("ReturnData")?.unwrap_or(true),
            what,
        })
    }

    /// The label that CloudWatch gives where the caller gives none.
    fn label(&self) -> String {
        match (&self.label, &self.what) {
            (Some(label), _) => label.clone(),
            (None, What::Metric { key, .. }) => key.name.clone(),
            (None, What::Expression { .. }) => self.id.clone(),
        }
    }
}

pub(super) fn time(args: &Args, name: &str) -> Result<Time, ApiError> {
    let seconds = args
        .fraction(name)?
        .ok_or_else(|| validation(format!("The parameter {name} is required.")))?;
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    let at = Time((seconds * 1_000.0) as i64);
    Ok(at)
}

/// The values of all queries, by id; expressions after the metrics that they use.
fn resolve(
    metrics: &Metrics,
    queries: &[Query],
    range: (Time, Time),
    now: Time,
) -> Result<BTreeMap<String, Operand>, ApiError> {
    let mut known = BTreeMap::new();
    for query in queries {
        if let What::Metric {
            key,
            statistic,
            period,
            unit,
        } = &query.what
        {
            let measured = metrics.series.get(key).map(|series| &series.unit);
            let fits = unit.as_ref().is_none_or(|unit| Some(unit) == measured);
            let mut values = metrics.values(key, statistic, *period, range, now);
            values.retain(|_| fits);
            known.insert(
                query.id.clone(),
                Operand::Series(values.into_iter().collect()),
            );
        }
    }
    let mut waiting: Vec<&Query> = queries
        .iter()
        .filter(|query| matches!(query.what, What::Expression { .. }))
        .collect();
    // Each round resolves those whose operands are known; no progress means an error.
    loop {
        let before = waiting.len();
        let mut error = None;
        waiting.retain(|query| {
            let What::Expression { text, period } = &query.what else {
                return false;
            };
            let step = period.max(&60) * 1_000;
            let from = range.0.max(now - KEPT_FOR);
            let first = from.0 - from.0.rem_euclid(step);
            let times: Vec<Time> = (0..1_440 * 15)
                .map(|number| Time(first + number * step))
                .take_while(|at| *at < range.1 && *at < now)
                .collect();
            match evaluate(text, &known, &times) {
                Ok(value) => {
                    known.insert(query.id.clone(), value);
                    false
                }
                Err(wrong) => {
                    error = Some((query.id.clone(), wrong.0));
                    true
                }
            }
        });
        match error {
            None => return Ok(known),
            Some((id, message)) if waiting.len() == before => {
                return Err(validation(format!("Error in expression '{id}': {message}")));
            }
            Some(_) => {}
        }
    }
}

/// A GetMetricData that has been read: what is needed to answer it, taken out of the state.
#[derive(Debug)]
pub(crate) struct Reading {
    metrics: Metrics,
    queries: Vec<Query>,
    range: (Time, Time),
    now: Time,
    most: usize,
    skipped: usize,
    ascending: bool,
}

/// How many datapoints a call asks for, whether there are any or not.
fn estimate(queries: &[Query], (start, end): (Time, Time)) -> i64 {
    let seconds = (end - start) / SECOND;
    let of = |query: &Query| match query.what {
        What::Metric { period, .. } => seconds / period.max(1),
        What::Expression { .. } => 0,
    };
    queries.iter().map(of).fold(0, i64::saturating_add)
}

impl Reading {
    pub(crate) fn of(watch: &CloudWatch, args: &Args) -> Result<Self, ApiError> {
        let mut queries = Vec::new();
        for query in args.structures("MetricDataQueries")? {
            queries.push(Query::of(&query)?);
        }
        if queries.is_empty() || queries.len() > QUERIES {
            return Err(validation(format!(
                "The collection MetricDataQueries must have a size between 1 and {QUERIES}."
            )));
        }
        let range = (time(args, "StartTime")?, time(args, "EndTime")?);
        if range.0 >= range.1 {
            return Err(validation(
                "The parameter StartTime must be less than the parameter EndTime.",
            ));
        }
        let most = args.number("MaxDatapoints")?.unwrap_or(DATAPOINTS);
        if !(1..=DATAPOINTS).contains(&most) {
            return Err(invalid(format!(
                "MaxDatapoints must be between 1 and {DATAPOINTS}."
            )));
        }
        let now = watch.desk.now;
        let kept = (range.0.max(now - KEPT_FOR), range.1.min(now));
        if estimate(&queries, kept) > A_SECOND {
            return Err(Service::CloudWatch.throttled());
        }
        let skipped: usize = match args.text("NextToken")? {
            None => 0,
            Some(token) => {
                let text = page::unseal(token).ok_or_else(invalid_token)?;
                text.parse().map_err(|_| invalid_token())?
            }
        };
        let keys = queries.iter().filter_map(|query| match &query.what {
            What::Metric { key, .. } => Some(key),
            What::Expression { .. } => None,
        });
        Ok(Reading {
            metrics: watch.metrics.only(keys),
            range,
            now,
            most: usize::try_from(most).unwrap_or_default(),
            skipped,
            ascending: args.text("ScanBy")? == Some("TimestampAscending"),
            queries,
        })
    }

    /// The answer. It may take its time: nothing waits for it but who asked.
    pub(crate) fn answer(self) -> Answer {
        let values = resolve(&self.metrics, &self.queries, self.range, self.now)?;
        let (mut passed, mut given, mut cut) = (0, 0, false);
        let mut results = Vec::new();
        for query in self.queries.iter().filter(|query| query.shown) {
            let mut points: Vec<(Time, f64)> = match values.get(&query.id) {
                Some(Operand::Series(series)) => series.iter().map(|(at, v)| (*at, *v)).collect(),
                Some(Operand::Number(value)) => vec![(self.range.0, *value)],
                None => Vec::new(),
            };
            if !self.ascending {
                points.reverse();
            }
            let all = points.len();
            let hidden = self.skipped.saturating_sub(passed).min(all);
            let room = self.most - given;
            let shown: Vec<(Time, f64)> = points.into_iter().skip(hidden).take(room).collect();
            passed += all;
            given += shown.len();
            let whole = hidden + shown.len() == all;
            cut |= !whole;
            results.push(json!({
                "Id": query.id,
                "Label": query.label(),
                "Timestamps": shown.iter().map(|(at, _)| at.json_seconds()).collect::<Vec<_>>(),
                "Values": shown.iter().map(|(_, value)| *value).collect::<Vec<f64>>(),
                "StatusCode": if whole { "Complete" } else { "PartialData" },
            }));
        }
        let mut answer = json!({ "MetricDataResults": results, "Messages": [] });
        if let (true, Some(answer)) = (cut, answer.as_object_mut()) {
            let token = page::seal(&(self.skipped + given).to_string());
            answer.insert("NextToken".to_owned(), Value::String(token));
        }
        Ok(answer)
    }
}

pub(super) fn get_metric_data(watch: &mut CloudWatch, args: &Args) -> Answer {
    Reading::of(watch, args)?.answer()
}
