//! ListMetrics, DescribeAlarms and DescribeAlarmHistory.

use serde_json::{Map, Value, json};

use super::alarm::Item;
use super::refused::{invalid, invalid_token};
use super::{Alarm, Key};
use crate::clock::{HOUR, Time};
use crate::cloudwatch::CloudWatch;
use crate::wire::{Answer, ApiError, Args, page};

/// The most metrics on a page.
const METRICS: usize = 500;

fn dimensions(key: &Key) -> Vec<Value> {
    key.dimensions
        .iter()
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect()
}

/// The order of metrics, as the key of a page.
fn order(key: &Key) -> String {
    let mut text = format!("{}\n{}", key.namespace, key.name);
    for (name, value) in &key.dimensions {
        text.push_str(&format!("\n{name}={value}"));
    }
    text
}

fn with_token(mut answer: Value, token: Option<String>) -> Value {
    if let (Some(token), Some(answer)) = (token, answer.as_object_mut()) {
        answer.insert("NextToken".to_owned(), Value::String(token));
    }
    answer
}

pub(super) fn list_metrics(watch: &mut CloudWatch, args: &Args) -> Answer {
    let namespace = args.text("Namespace")?;
    let name = args.text("MetricName")?;
    let mut wanted = Vec::new();
    for dimension in args.structures("Dimensions")? {
        wanted.push((
            dimension.text("Name")?.unwrap_or_default().to_owned(),
            dimension.text("Value")?.map(str::to_owned),
        ));
    }
    if let Some(other) = args.text("RecentlyActive")?.filter(|span| *span != "PT3H") {
        return Err(invalid(format!(
            "The value {other} for parameter RecentlyActive is not PT3H."
        )));
    }
    let after = page::begin(args.text("NextToken")?)
        .map_err(|_| invalid("The specified next token is invalid."))?;
    let mut found: Vec<(String, &Key)> = watch
        .metrics
        .series
        .keys()
        .filter(|key| {
            namespace.is_none_or(|namespace| key.namespace == namespace)
                && name.is_none_or(|name| key.name == name)
                && wanted.iter().all(|(name, value)| {
                    key.dimensions
                        .get(name)
                        .is_some_and(|own| value.as_ref().is_none_or(|value| own == value))
                })
        })
        .map(|key| (order(key), key))
        .filter(|(order, _)| *order > after)
        .collect();
    found.sort();
    let cut = page::cut(found.into_iter(), METRICS);
    let shown: Vec<Value> = cut
        .items
        .iter()
        .map(|key| {
            json!({
                "Namespace": key.namespace,
                "MetricName": key.name,
                "Dimensions": dimensions(key),
            })
        })
        .collect();
    Ok(with_token(json!({ "Metrics": shown }), cut.next))
}

fn records(args: &Args) -> Result<usize, ApiError> {
    let records = args.number("MaxRecords")?.unwrap_or(50);
    if !(1..=100).contains(&records) {
        return Err(invalid("MaxRecords must be between 1 and 100."));
    }
    Ok(usize::try_from(records).unwrap_or_default())
}

fn show(alarm: &Alarm, created: Time) -> Value {
    let spec = &alarm.spec;
    let mut shown = Map::new();
    let mut add = |name: &str, value: Value| {
        shown.insert(name.to_owned(), value);
    };
    add("AlarmName", json!(spec.name));
    add("AlarmArn", json!(alarm.arn));
    if let Some(description) = &spec.description {
        add("AlarmDescription", json!(description));
    }
    add("AlarmConfigurationUpdatedTimestamp", created.json_seconds());
    add("ActionsEnabled", json!(true));
    add("OKActions", json!([]));
    add("AlarmActions", json!(spec.actions));
    add("InsufficientDataActions", json!([]));
    add("StateValue", json!(alarm.state.name()));
    add("StateReason", json!(alarm.reason));
    if !alarm.reason_data.is_null() {
        add("StateReasonData", json!(alarm.reason_data.to_string()));
    }
    add("StateUpdatedTimestamp", alarm.updated.json_seconds());
    add(
        "StateTransitionedTimestamp",
        alarm.transitioned.json_seconds(),
    );
    add("MetricName", json!(alarm.key.name));
    add("Namespace", json!(alarm.key.namespace));
    let extended = spec.statistic.starts_with(['p', 't', 'I']);
    let statistic = if extended {
        "ExtendedStatistic"
    } else {
        "Statistic"
    };
    add(statistic, json!(spec.statistic));
    add("Dimensions", Value::Array(dimensions(&alarm.key)));
    add("Period", json!(spec.period));
    add("EvaluationPeriods", json!(spec.periods));
    add(
        "DatapointsToAlarm",
        json!(spec.datapoints.unwrap_or(spec.periods)),
    );
    add("Threshold", json!(spec.threshold));
    add("ComparisonOperator", json!(spec.comparison.name()));
    add("TreatMissingData", json!(spec.missing.name()));
    Value::Object(shown)
}

pub(super) fn describe_alarms(watch: &mut CloudWatch, args: &Args) -> Answer {
    let names = args.texts("AlarmNames")?;
    let prefix = args.text("AlarmNamePrefix")?;
    if !names.is_empty() && prefix.is_some() {
        return Err(invalid(
            "AlarmNames and AlarmNamePrefix cannot both be specified.",
        ));
    }
    let state = args.text("StateValue")?;
    if let Some(wrong) = state.filter(|s| !matches!(*s, "OK" | "ALARM" | "INSUFFICIENT_DATA")) {
        return Err(invalid(format!(
            "The value {wrong} for parameter StateValue is not valid."
        )));
    }
    let action = args.text("ActionPrefix")?;
    let types = args.texts("AlarmTypes")?;
    let metric_alarms = types.is_empty() || types.contains(&"MetricAlarm");
    let after = page::begin(args.text("NextToken")?).map_err(|_| invalid_token())?;
    let created = watch.desk.epoch.day() - 60 * 24 * HOUR;
    let matching = watch.alarms.values().filter(|alarm| {
        let name = alarm.spec.name.as_str();
        metric_alarms
            && args.get("ChildrenOfAlarmName").is_none()
            && args.get("ParentsOfAlarmName").is_none()
            && name > after.as_str()
            && (names.is_empty() || names.contains(&name))
            && prefix.is_none_or(|prefix| name.starts_with(prefix))
            && state.is_none_or(|state| alarm.state.name() == state)
            && action.is_none_or(|prefix| alarm.spec.actions.iter().any(|a| a.starts_with(prefix)))
    });
    let cut = page::cut(
        matching.map(|alarm| (alarm.spec.name.clone(), show(alarm, created))),
        records(args)?,
    );
    let answer = json!({ "MetricAlarms": cut.items, "CompositeAlarms": [] });
    Ok(with_token(answer, cut.next))
}

pub(super) fn describe_alarm_history(watch: &mut CloudWatch, args: &Args) -> Answer {
    let name = args.text("AlarmName")?;
    let kind = args.text("HistoryItemType")?;
    let bound = |member: &str| -> Result<Option<Time>, ApiError> {
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let at = args
            .fraction(member)?
            .map(|seconds| Time((seconds * 1_000.0) as i64));
        Ok(at)
    };
    let (start, end) = (bound("StartDate")?, bound("EndDate")?);
    let ascending = args.text("ScanBy")? == Some("TimestampAscending");
    let alarms = &watch.alarms;
    let mut items: Vec<(&str, usize, &Item)> = alarms
        .values()
        .filter(|alarm| name.is_none_or(|name| alarm.spec.name == name))
        .flat_map(|alarm| {
            let items = alarm.history.iter().enumerate();
            items.map(|(number, item)| (alarm.spec.name.as_str(), number, item))
        })
        .filter(|(_, _, item)| {
            kind.is_none_or(|kind| item.kind == kind)
                && start.is_none_or(|start| item.at >= start)
                && end.is_none_or(|end| item.at < end)
        })
        .collect();
    items.sort_by_key(|(name, number, item)| (item.at, *name, *number));
    if !ascending {
        items.reverse();
    }
    let order =
        |name: &str, number: usize, item: &Item| format!("{:020}/{name}/{number}", item.at.0);
    let after = page::begin(args.text("NextToken")?).map_err(|_| invalid_token())?;
    let skip = match items
        .iter()
        .position(|(n, number, item)| order(n, *number, item) == after)
    {
        Some(at) if !after.is_empty() => at + 1,
        _ => 0,
    };
    let shown = items.into_iter().skip(skip).map(|(name, number, item)| {
        let value = json!({
            "AlarmName": name,
            "AlarmType": "MetricAlarm",
            "Timestamp": item.at.json_seconds(),
            "HistoryItemType": item.kind,
            "HistorySummary": item.summary,
            "HistoryData": item.data.to_string(),
        });
        (order(name, number, item), value)
    });
    let cut = page::cut(shown, records(args)?);
    Ok(with_token(
        json!({ "AlarmHistoryItems": cut.items }),
        cut.next,
    ))
}
