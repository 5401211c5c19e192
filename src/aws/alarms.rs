//! CloudWatch alarms.

use aws_sdk_cloudwatch::types;
use ecsdeck_core::domain::{Alarm, CloudError};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{AlarmReads, Reply, sizes};

use crate::aws::Aws;
use crate::page::only;
use crate::plain::{arn_or_empty, text, text_or_empty, time};
use crate::session::Session;

impl AlarmReads for Aws {
    async fn alarms(&self, names: &[Clean]) -> Reply<Vec<Alarm>> {
        alarms(self.session(), names).await
    }
}

pub(crate) async fn alarms(session: &Session, names: &[Clean]) -> Reply<Vec<Alarm>> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let answer = session
        .ask("cloudwatch:DescribeAlarms", |on| {
            on.cloudwatch()
                .describe_alarms()
                .set_alarm_names(Some(names.clone()))
                // Without it only metric alarms are given.
                .alarm_types(types::AlarmType::MetricAlarm)
                .alarm_types(types::AlarmType::CompositeAlarm)
                .max_records(sizes::DESCRIBE_ALARMS_PAGE)
                .send()
        })
        .await?;
    if answer.metric_alarms.is_none() && answer.composite_alarms.is_none() {
        return Err(CloudError::malformed(
            "cloudwatch:DescribeAlarms",
            "the answer does not hold what was asked for",
        ));
    }
    let metric = answer.metric_alarms().iter().map(metric);
    let composite = answer.composite_alarms().iter().map(composite);
    let alarms: Vec<Alarm> = metric.chain(composite).collect();
    only("cloudwatch:DescribeAlarms", &alarms, answer.next_token())?;
    Ok(alarms)
}

fn metric(raw: &types::MetricAlarm) -> Alarm {
    Alarm {
        name: text_or_empty(raw.alarm_name()),
        arn: arn_or_empty(raw.alarm_arn()),
        state: text_or_empty(raw.state_value().map(types::StateValue::as_str)),
        since: time(
            raw.state_transitioned_timestamp()
                .or(raw.state_updated_timestamp()),
        ),
        reason: text(raw.state_reason()),
    }
}

fn composite(raw: &types::CompositeAlarm) -> Alarm {
    Alarm {
        name: text_or_empty(raw.alarm_name()),
        arn: arn_or_empty(raw.alarm_arn()),
        state: text_or_empty(raw.state_value().map(types::StateValue::as_str)),
        since: time(
            raw.state_transitioned_timestamp()
                .or(raw.state_updated_timestamp()),
        ),
        reason: text(raw.state_reason()),
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;

    #[test]
    fn an_alarm_has_its_state_since_it_came_into_it() {
        let raw = types::MetricAlarm::builder()
            .alarm_name("errors")
            .state_value(types::StateValue::Alarm)
            .state_reason("Threshold Crossed\u{1b}[2J")
            .state_transitioned_timestamp(DateTime::from_secs(10))
            .state_updated_timestamp(DateTime::from_secs(20))
            .build();
        let alarm = metric(&raw);
        assert_eq!(
            (alarm.name.as_str(), alarm.state.as_str()),
            ("errors", "ALARM")
        );
        assert_eq!(alarm.reason.as_deref(), Some("Threshold Crossed"));
        assert_eq!(alarm.since.unwrap().as_second(), 10);
    }

    #[test]
    fn a_composite_alarm_is_one_too() {
        let raw = types::CompositeAlarm::builder()
            .alarm_name("all")
            .state_value(types::StateValue::InsufficientData)
            .state_updated_timestamp(DateTime::from_secs(20))
            .build();
        let alarm = composite(&raw);
        assert_eq!(alarm.state, "INSUFFICIENT_DATA");
        assert_eq!(alarm.since.unwrap().as_second(), 20);
    }
}
