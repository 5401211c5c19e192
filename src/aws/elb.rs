//! Elastic Load Balancing: a target group and its targets.

use aws_sdk_elasticloadbalancingv2::types;
use ecsdeck_core::domain::{Arn, TargetGroup, TargetHealth};
use ecsdeck_worker::ports::{Reply, TargetReads};

use crate::aws::Aws;
use crate::failure::absent;
use crate::page::only;
use crate::plain::{arn_or_empty, arns, count, port, text, text_or_empty, whole};
use crate::session::Session;

impl TargetReads for Aws {
    async fn target_group(&self, group: &Arn) -> Reply<Option<TargetGroup>> {
        self::group(self.session(), group).await
    }

    async fn target_health(&self, group: &Arn) -> Reply<Vec<TargetHealth>> {
        health(self.session(), group).await
    }
}

pub(crate) async fn group(session: &Session, group: &Arn) -> Reply<Option<TargetGroup>> {
    const CALL: &str = "elasticloadbalancing:DescribeTargetGroups";
    let answer = session
        .ask(CALL, |on| {
            on.elb()
                .describe_target_groups()
                .target_group_arns(group.as_str())
                .send()
        })
        .await;
    match answer {
        Ok(answer) => {
            let groups = whole(CALL, answer.target_groups.as_deref())?;
            only(CALL, groups, answer.next_marker())?;
            Ok(groups.first().map(target_group))
        }
        Err(error) if absent(&error, "TargetGroupNotFound") => Ok(None),
        Err(error) => Err(error),
    }
}

fn target_group(raw: &types::TargetGroup) -> TargetGroup {
    let matcher = raw.matcher();
    TargetGroup {
        arn: arn_or_empty(raw.target_group_arn()),
        port: port(raw.port()),
        target_type: text_or_empty(raw.target_type().map(types::TargetTypeEnum::as_str)),
        load_balancers: arns(raw.load_balancer_arns()),
        check_protocol: text(raw.health_check_protocol().map(types::ProtocolEnum::as_str)),
        check_port: text(raw.health_check_port()),
        check_path: text(raw.health_check_path()),
        matcher: text(matcher.and_then(|matcher| matcher.http_code().or(matcher.grpc_code()))),
        interval_seconds: raw.health_check_interval_seconds().map(count),
        timeout_seconds: raw.health_check_timeout_seconds().map(count),
        healthy_threshold: raw.healthy_threshold_count().map(count),
        unhealthy_threshold: raw.unhealthy_threshold_count().map(count),
        targets: Vec::new(),
    }
}

pub(crate) async fn health(session: &Session, group: &Arn) -> Reply<Vec<TargetHealth>> {
    let answer = session
        .ask("elasticloadbalancing:DescribeTargetHealth", |on| {
            on.elb()
                .describe_target_health()
                .target_group_arn(group.as_str())
                .send()
        })
        .await?;
    Ok(whole(
        "elasticloadbalancing:DescribeTargetHealth",
        answer.target_health_descriptions.as_deref(),
    )?
    .iter()
    .map(target)
    .collect())
}

fn target(raw: &types::TargetHealthDescription) -> TargetHealth {
    let target = raw.target();
    let health = raw.target_health();
    TargetHealth {
        id: text_or_empty(target.and_then(types::TargetDescription::id)),
        port: port(target.and_then(types::TargetDescription::port)),
        state: text_or_empty(
            health
                .and_then(types::TargetHealth::state)
                .map(types::TargetHealthStateEnum::as_str),
        ),
        reason: text(
            health
                .and_then(types::TargetHealth::reason)
                .map(types::TargetHealthReasonEnum::as_str),
        ),
        description: text(health.and_then(types::TargetHealth::description)),
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;

    use super::*;
    use crate::loopback::{Canned, DATE, Server, ok};

    fn web() -> Arn {
        Arn::new(
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef",
        )
    }

    #[tokio::test]
    async fn a_group_says_how_it_checks() {
        let server = Server::start(vec![ok("<DescribeTargetGroupsResponse><DescribeTargetGroupsResult><TargetGroups>\
            <member><TargetGroupArn>arn:tg</TargetGroupArn><Port>8080</Port><TargetType>ip</TargetType>\
            <HealthCheckProtocol>HTTP</HealthCheckProtocol><HealthCheckPort>traffic-port</HealthCheckPort>\
            <HealthCheckPath>/healthz</HealthCheckPath><Matcher><HttpCode>200-299</HttpCode></Matcher>\
            <HealthCheckIntervalSeconds>30</HealthCheckIntervalSeconds><HealthyThresholdCount>5</HealthyThresholdCount>\
            <UnhealthyThresholdCount>2</UnhealthyThresholdCount>\
            <LoadBalancerArns><member>arn:lb</member></LoadBalancerArns></member>\
            </TargetGroups></DescribeTargetGroupsResult></DescribeTargetGroupsResponse>")]).await;
        let group = server.aws().target_group(&web()).await.unwrap().unwrap();
        assert_eq!((group.port, group.target_type.as_str()), (Some(8080), "ip"));
        assert_eq!(
            (group.check_path.as_deref(), group.matcher.as_deref()),
            (Some("/healthz"), Some("200-299"))
        );
        assert_eq!(
            (
                group.interval_seconds,
                group.healthy_threshold,
                group.unhealthy_threshold
            ),
            (Some(30), Some(5), Some(2))
        );
        assert_eq!(group.load_balancers, [Arn::new("arn:lb")]);
        assert!(server.requests()[0].contains("TargetGroupArns.member.1=arn"));
    }

    #[tokio::test]
    async fn a_target_says_why_it_is_not_healthy() {
        let server = Server::start(vec![ok("<DescribeTargetHealthResponse><DescribeTargetHealthResult>\
            <TargetHealthDescriptions><member><Target><Id>10.0.0.7</Id><Port>8080</Port></Target>\
            <TargetHealth><State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason>\
            <Description>Health checks failed with these codes: [503]</Description></TargetHealth></member>\
            </TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>")]).await;
        let targets = server.aws().target_health(&web()).await.unwrap();
        assert_eq!(
            (targets[0].id.as_str(), targets[0].port),
            ("10.0.0.7", Some(8080))
        );
        assert_eq!(
            (targets[0].state.as_str(), targets[0].reason.as_deref()),
            ("unhealthy", Some("Target.ResponseCodeMismatch"))
        );
    }

    #[tokio::test]
    async fn a_group_that_is_gone_is_an_answer_and_a_refusal_is_not() {
        let refused = |code: &str| {
            let body = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>\
                 <RequestId>req-1</RequestId></ErrorResponse>"
            );
            Canned::Answer(400, DATE, body.leak())
        };
        let server = Server::start(vec![
            refused("TargetGroupNotFound"),
            refused("AccessDenied"),
        ])
        .await;
        let aws = server.aws();
        assert_eq!(aws.target_group(&web()).await.unwrap(), None);
        let error = aws.target_group(&web()).await.unwrap_err();
        assert_eq!(
            (error.kind, error.operation),
            (
                ErrorKind::Denied,
                "elasticloadbalancing:DescribeTargetGroups"
            )
        );
    }
}
