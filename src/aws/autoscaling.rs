//! Application Auto Scaling: what scales a service.

use aws_sdk_applicationautoscaling::types;
use ecsdeck_core::domain::{Arn, ScalableTarget, ScalingActivity, ScalingPolicy, Suspended};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Page, PageToken, Reply, ScalingReads, sizes};

use crate::aws::Aws;
use crate::page::{next, only, raw};
use crate::plain::{count, text, time, whole};
use crate::session::Session;

const NAMESPACE: types::ServiceNamespace = types::ServiceNamespace::Ecs;
const DIMENSION: types::ScalableDimension = types::ScalableDimension::EcsServiceDesiredCount;

/// A service as Application Auto Scaling names it.
fn resource(cluster: &Arn, service: &Arn) -> String {
    format!("service/{}/{}", cluster.name(), service.name())
}

impl ScalingReads for Aws {
    async fn scalable_target(&self, cluster: &Arn, service: &Arn) -> Reply<Option<ScalableTarget>> {
        target(self.session(), cluster, service).await
    }

    async fn scaling_policies(
        &self,
        cluster: &Arn,
        service: &Arn,
        page: Option<PageToken>,
    ) -> Reply<Page<ScalingPolicy>> {
        policies(self.session(), cluster, service, page).await
    }

    async fn scaling_activities(
        &self,
        cluster: &Arn,
        service: &Arn,
    ) -> Reply<Vec<ScalingActivity>> {
        activities(self.session(), cluster, service).await
    }
}

pub(crate) async fn target(
    session: &Session,
    cluster: &Arn,
    service: &Arn,
) -> Reply<Option<ScalableTarget>> {
    const CALL: &str = "application-autoscaling:DescribeScalableTargets";
    let answer = session
        .ask(CALL, |on| {
            on.autoscaling()
                .describe_scalable_targets()
                .service_namespace(NAMESPACE)
                .scalable_dimension(DIMENSION)
                .resource_ids(resource(cluster, service))
                .send()
        })
        .await?;
    let targets = whole(CALL, answer.scalable_targets.as_deref())?;
    only(CALL, targets, answer.next_token())?;
    Ok(targets.first().map(|raw| ScalableTarget {
        min: count(raw.min_capacity()),
        max: count(raw.max_capacity()),
        suspended: raw.suspended_state().map(suspended).unwrap_or_default(),
    }))
}

fn suspended(raw: &types::SuspendedState) -> Suspended {
    Suspended {
        scale_in: raw.dynamic_scaling_in_suspended().unwrap_or_default(),
        scale_out: raw.dynamic_scaling_out_suspended().unwrap_or_default(),
        scheduled: raw.scheduled_scaling_suspended().unwrap_or_default(),
    }
}

pub(crate) async fn policies(
    session: &Session,
    cluster: &Arn,
    service: &Arn,
    page: Option<PageToken>,
) -> Reply<Page<ScalingPolicy>> {
    let token = raw(page);
    let answer = session
        .ask("application-autoscaling:DescribeScalingPolicies", |on| {
            on.autoscaling()
                .describe_scaling_policies()
                .service_namespace(NAMESPACE)
                .scalable_dimension(DIMENSION)
                .resource_id(resource(cluster, service))
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: whole(
            "application-autoscaling:DescribeScalingPolicies",
            answer.scaling_policies.as_deref(),
        )?
        .iter()
        .map(policy)
        .collect(),
        next: next(answer.next_token()),
    })
}

fn policy(raw: &types::ScalingPolicy) -> ScalingPolicy {
    let tracking = raw.target_tracking_scaling_policy_configuration();
    ScalingPolicy {
        name: Clean::new(raw.policy_name()),
        kind: Clean::new(raw.policy_type().as_str()),
        metric: tracking.and_then(metric),
        target: tracking.map(types::TargetTrackingScalingPolicyConfiguration::target_value),
        scale_in_disabled: tracking
            .and_then(types::TargetTrackingScalingPolicyConfiguration::disable_scale_in)
            .unwrap_or_default(),
    }
}

fn metric(raw: &types::TargetTrackingScalingPolicyConfiguration) -> Option<Clean> {
    if let Some(predefined) = raw.predefined_metric_specification() {
        return text(Some(predefined.predefined_metric_type().as_str()));
    }
    let own = raw.customized_metric_specification()?;
    match (own.namespace(), own.metric_name()) {
        (Some(namespace), Some(name)) => Some(Clean::new(&format!("{namespace}/{name}"))),
        (None, Some(name)) => Some(Clean::new(name)),
        (_, None) => Some(Clean::literal("a metric expression")),
    }
}

pub(crate) async fn activities(
    session: &Session,
    cluster: &Arn,
    service: &Arn,
) -> Reply<Vec<ScalingActivity>> {
    const CALL: &str = "application-autoscaling:DescribeScalingActivities";
    let answer = session
        .ask(CALL, |on| {
            on.autoscaling()
                .describe_scaling_activities()
                .service_namespace(NAMESPACE)
                .scalable_dimension(DIMENSION)
                .resource_id(resource(cluster, service))
                .include_not_scaled_activities(true)
                .max_results(sizes::SCALING_ACTIVITIES_PAGE)
                .send()
        })
        .await?;
    let activities = whole(CALL, answer.scaling_activities.as_deref())?;
    only(CALL, activities, answer.next_token())?;
    Ok(activities.iter().map(activity).collect())
}

fn activity(raw: &types::ScalingActivity) -> ScalingActivity {
    let reasons: Vec<String> = raw.not_scaled_reasons().iter().map(reason).collect();
    ScalingActivity {
        id: Clean::new(raw.activity_id()),
        started: time(Some(raw.start_time())),
        ended: time(raw.end_time()),
        status: Clean::new(raw.status_code().as_str()),
        description: Clean::new(raw.description()),
        cause: Clean::new(raw.cause()),
        message: text(raw.status_message()),
        not_scaled: text(Some(&reasons.join(", "))),
    }
}

/// Why nothing was scaled: AWS's code, and the bound that stood against it.
fn reason(raw: &types::NotScaledReason) -> String {
    match (raw.max_capacity(), raw.min_capacity()) {
        (Some(most), _) => format!("{} (at most {most})", raw.code()),
        (None, Some(fewest)) => format!("{} (at least {fewest})", raw.code()),
        (None, None) => raw.code().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::loopback::{Server, ok};

    fn web() -> (Arn, Arn) {
        (
            Arn::new("arn:aws:ecs:us-east-1:123456789012:cluster/prod"),
            Arn::new("arn:aws:ecs:us-east-1:123456789012:service/prod/web"),
        )
    }

    #[tokio::test]
    async fn a_target_has_its_bounds_and_what_is_held() {
        let server = Server::start(vec![
            ok(r#"{"ScalableTargets":[{"ServiceNamespace":"ecs","ResourceId":"service/prod/web",
                "ScalableDimension":"ecs:service:DesiredCount","MinCapacity":2,"MaxCapacity":10,"RoleARN":"r",
                "CreationTime":1.0,"SuspendedState":{"DynamicScalingInSuspended":true,
                "DynamicScalingOutSuspended":false,"ScheduledScalingSuspended":true}}]}"#),
            ok(r#"{"ScalableTargets":[]}"#),
        ])
        .await;
        let aws = server.aws();
        let (cluster, service) = web();
        let target = aws
            .scalable_target(&cluster, &service)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((target.min, target.max), (2, 10));
        let held = target.suspended;
        assert_eq!(
            (held.scale_in, held.scale_out, held.scheduled),
            (true, false, true)
        );
        assert_eq!(
            server.body(0),
            json!({
                "ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
                "ResourceIds": ["service/prod/web"],
            })
        );
        assert_eq!(aws.scalable_target(&cluster, &service).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_policy_names_its_metric_and_the_value_that_it_keeps() {
        let policy = |name: &str, configuration: &str| {
            format!(
                r#"{{"PolicyARN":"a","PolicyName":"{name}","ServiceNamespace":"ecs","ResourceId":"r",
                "ScalableDimension":"ecs:service:DesiredCount","PolicyType":"TargetTrackingScaling","CreationTime":1.0,
                "TargetTrackingScalingPolicyConfiguration":{{"TargetValue":50.0,{configuration}}}}}"#
            )
        };
        let body = format!(
            r#"{{"ScalingPolicies":[{},{},{}],"NextToken":"two"}}"#,
            policy(
                "cpu",
                r#""PredefinedMetricSpecification":{"PredefinedMetricType":"ECSServiceAverageCPUUtilization"},"DisableScaleIn":true"#
            ),
            policy(
                "queue",
                r#""CustomizedMetricSpecification":{"MetricName":"Backlog","Namespace":"App"}"#
            ),
            policy("math", r#""CustomizedMetricSpecification":{}"#),
        );
        let server = Server::start(vec![ok(body.leak())]).await;
        let (cluster, service) = web();
        let page = server
            .aws()
            .scaling_policies(&cluster, &service, None)
            .await
            .unwrap();
        let metrics: Vec<_> = page
            .items
            .iter()
            .map(|policy| policy.metric.as_deref().unwrap())
            .collect();
        assert_eq!(
            metrics,
            [
                "ECSServiceAverageCPUUtilization",
                "App/Backlog",
                "a metric expression"
            ]
        );
        assert!(page.items[0].scale_in_disabled && !page.items[1].scale_in_disabled);
        assert_eq!(page.items[0].target, Some(50.0));
        assert_eq!(page.next, Some(PageToken("two".to_owned())));
    }

    #[tokio::test]
    async fn an_activity_that_scaled_nothing_says_why() {
        let server = Server::start(vec![ok(r#"{"ScalingActivities":[{"ActivityId":"1","ServiceNamespace":"ecs",
            "ResourceId":"service/prod/web","ScalableDimension":"ecs:service:DesiredCount",
            "Description":"Attempting to scale due to alarm triggered","Cause":"monitor alarm high in state ALARM",
            "StartTime":1.0,"StatusCode":"Unfulfilled",
            "NotScaledReasons":[{"Code":"AlreadyAtMaxCapacity","MaxCapacity":4,"CurrentCapacity":4}]},
            {"ActivityId":"2","ServiceNamespace":"ecs","ResourceId":"service/prod/web",
            "ScalableDimension":"ecs:service:DesiredCount","Description":"Setting desired count to 4.","Cause":"c",
            "StartTime":1.0,"StatusCode":"Successful"}]}"#)]).await;
        let (cluster, service) = web();
        let activities = server
            .aws()
            .scaling_activities(&cluster, &service)
            .await
            .unwrap();
        assert_eq!(
            activities[0].not_scaled.as_deref(),
            Some("AlreadyAtMaxCapacity (at most 4)")
        );
        assert_eq!(
            (activities[1].sets(), activities[1].not_scaled.clone()),
            (Some(4), None)
        );
        assert_eq!(server.body(0)["IncludeNotScaledActivities"], true);
    }
}
