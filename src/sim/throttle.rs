//! Token buckets, as AWS documents them for an account and a region. They fill in virtual time.
//!
//! source: ECS API reference, request-throttling; CloudWatch Logs user guide,
//! cloudwatch_limits_cwl; CloudWatch user guide, cloudwatch_limits; ELB user guide,
//! elb-api-throttling.

use std::collections::HashMap;

use crate::clock::Time;
use crate::dispatch::{Request, Service};

/// A kind of bucket: how many calls at once, and how many a second.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Size {
    name: &'static str,
    burst: f64,
    refill: f64,
}

fn size(name: &'static str, burst: f64, refill: f64) -> Option<Size> {
    Some(Size {
        name,
        burst,
        refill,
    })
}

/// Calls a second that FilterLogEvents allows in a region.
fn filter_rate(region: &str) -> f64 {
    match region {
        "us-east-1" => 25.0,
        "eu-central-1" | "ap-northeast-3" | "ap-southeast-3" | "ca-west-1" | "il-central-1" => 5.0,
        _ => 10.0,
    }
}

/// Calls a second that GetLogEvents allows in a region.
fn get_rate(region: &str) -> f64 {
    match region {
        "us-west-2" | "eu-west-1" | "eu-central-1" => 10.0,
        "eu-west-3" => 30.0,
        _ => 25.0,
    }
}

fn ecs(action: &str) -> Option<Size> {
    match action {
        "DescribeClusters" | "ListClusters" => size("clusters", 50.0, 20.0),
        "DescribeServices" | "ListServices" => size("services", 100.0, 20.0),
        "DescribeTasks" | "ListTasks" | "DescribeContainerInstances" | "ListContainerInstances" => {
            size("tasks", 100.0, 20.0)
        }
        "DescribeTaskDefinition" | "ListTaskDefinitions" | "ListTaskDefinitionFamilies" => {
            size("task definitions", 50.0, 20.0)
        }
        "DescribeServiceDeployments" | "ListServiceDeployments" => {
            size("service deployments", 50.0, 20.0)
        }
        "DescribeServiceRevisions" => size("service revisions", 50.0, 20.0),
        "RunTask" | "StartTask" | "StopTask" | "ExecuteCommand" => size("run", 100.0, 40.0),
        "UpdateService" | "CreateService" | "DeleteService" => size("service writes", 50.0, 5.0),
        "RegisterTaskDefinition" | "DeregisterTaskDefinition" => size("registrations", 20.0, 1.0),
        "GetTaskProtection" | "UpdateTaskProtection" => size("protection", 200.0, 80.0),
        _ => None,
    }
}

fn of(request: &Request, region: &str) -> Option<Size> {
    let per_second = |name, rate: f64| size(name, rate, rate);
    match (request.service, request.action.as_str()) {
        (Service::Ecs, action) => ecs(action),
        (Service::Logs, "FilterLogEvents") => per_second("FilterLogEvents", filter_rate(region)),
        (Service::Logs, "GetLogEvents") => per_second("GetLogEvents", get_rate(region)),
        (Service::Logs, "DescribeLogStreams") => per_second("DescribeLogStreams", 25.0),
        (Service::Logs, "DescribeLogGroups") => per_second("DescribeLogGroups", 10.0),
        (Service::Logs, "CreateLogGroup") => per_second("CreateLogGroup", 10.0),
        (Service::Logs, "CreateLogStream") => per_second("CreateLogStream", 50.0),
        (Service::Logs, "PutLogEvents") => per_second("PutLogEvents", 5_000.0),
        (Service::Logs, "StartQuery") => per_second("StartQuery", 10.0),
        (Service::Logs, "GetQueryResults") => per_second("GetQueryResults", 10.0),
        (Service::Logs, "StartLiveTail") => per_second("StartLiveTail", 5.0),
        (Service::CloudWatch, "GetMetricData") => per_second("GetMetricData", 500.0),
        (Service::CloudWatch, "ListMetrics") => per_second("ListMetrics", 25.0),
        (Service::CloudWatch, "DescribeAlarms") => per_second("DescribeAlarms", 9.0),
        (Service::Elb, _) => size("ELB reads", 40.0, 10.0),
        _ => None,
    }
}

/// Whose bucket of which kind: account, region, service, name.
type Whose = (String, String, &'static str, &'static str);

/// The buckets of all accounts and regions.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<Whose, (f64, Time)>);

impl Buckets {
    /// Takes a token for a call; false when there is none left.
    pub(crate) fn take(&mut self, request: &Request, now: Time) -> bool {
        let Some(size) = of(request, &request.region) else {
            return true;
        };
        let whose = (
            request.who.clone(),
            request.region.clone(),
            request.service.name(),
            size.name,
        );
        let (tokens, last) = self.0.entry(whose).or_insert((size.burst, now));
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a run")]
        let passed = (now - *last).max(0) as f64 / 1_000.0;
        *tokens = (*tokens + passed * size.refill).min(size.burst);
        *last = now;
        if *tokens < 1.0 {
            return false;
        }
        *tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(service: Service, action: &str, region: &str) -> Request {
        Request {
            service,
            protocol: service.protocol(),
            action: action.to_owned(),
            who: "AKIA".to_owned(),
            region: region.to_owned(),
            elsewhere: false,
            body: Vec::new(),
        }
    }

    #[test]
    fn fifty_updates_at_once_and_then_five_a_second() {
        let mut buckets = Buckets::default();
        let update = request(Service::Ecs, "UpdateService", "us-east-1");
        let burst = (0..80).filter(|_| buckets.take(&update, Time(0))).count();
        assert_eq!(burst, 50);
        let second = (0..80)
            .filter(|_| buckets.take(&update, Time(1_000)))
            .count();
        assert_eq!(second, 5);
    }

    #[test]
    fn actions_of_a_category_share_a_bucket_and_regions_do_not() {
        let mut buckets = Buckets::default();
        let mut take = |action: &str, region: &str| {
            let request = request(Service::Ecs, action, region);
            (0..100).filter(|_| buckets.take(&request, Time(0))).count()
        };
        assert_eq!(take("DescribeTasks", "us-east-1"), 100);
        assert_eq!(take("ListTasks", "us-east-1"), 0);
        assert_eq!(take("ListTasks", "eu-west-1"), 100);
    }

    #[test]
    fn filter_log_events_allows_what_its_region_allows() {
        let burst = |region: &str| {
            let mut buckets = Buckets::default();
            let request = request(Service::Logs, "FilterLogEvents", region);
            (0..60).filter(|_| buckets.take(&request, Time(0))).count()
        };
        assert_eq!(
            (
                burst("us-east-1"),
                burst("eu-central-1"),
                burst("eu-west-1")
            ),
            (25, 5, 10)
        );
    }
}
