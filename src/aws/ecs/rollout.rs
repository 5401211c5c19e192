//! Service deployments and service revisions.

use aws_sdk_ecs::types;
use ecsdeck_core::domain::Arn;
use ecsdeck_core::domain::{
    BreakerState, DeploymentAlarms, DeploymentHook, RevisionImage, RollbackInfo, ServiceDeployment,
    ServiceDeploymentStatus, ServiceRevision,
};
use ecsdeck_worker::ports::{
    Described, ListedDeployment, Page, PageToken, Reply, RolloutReads, sizes,
};

use super::service::{load_balancer, named_launch, network};
use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{
    arn, arn_or_empty, count, failures, names, text, text_or_empty, texts, time, whole,
};
use crate::session::Session;

impl RolloutReads for Aws {
    async fn list_service_deployments(
        &self,
        cluster: &Arn,
        service: &Arn,
        page: Option<PageToken>,
    ) -> Reply<Page<ListedDeployment>> {
        list(self.session(), cluster, service, page).await
    }

    async fn describe_service_deployments(
        &self,
        deployments: &[Arn],
    ) -> Reply<Described<ServiceDeployment>> {
        describe(self.session(), deployments).await
    }

    async fn describe_service_revisions(
        &self,
        revisions: &[Arn],
    ) -> Reply<Described<ServiceRevision>> {
        self::revisions(self.session(), revisions).await
    }
}

pub(crate) async fn list(
    session: &Session,
    cluster: &Arn,
    service: &Arn,
    page: Option<PageToken>,
) -> Reply<Page<ListedDeployment>> {
    let token = raw(page);
    let answer = session
        .ask("ecs:ListServiceDeployments", |on| {
            on.ecs
                .list_service_deployments()
                .cluster(cluster.as_str())
                .service(service.as_str())
                .max_results(sizes::LIST_SERVICE_DEPLOYMENTS_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    let listed = |raw: &types::ServiceDeploymentBrief| ListedDeployment {
        arn: arn_or_empty(raw.service_deployment_arn()),
        created: time(raw.created_at()),
    };
    Ok(Page {
        items: whole(
            "ecs:ListServiceDeployments",
            answer.service_deployments.as_deref(),
        )?
        .iter()
        .map(listed)
        .collect(),
        next: next(answer.next_token()),
    })
}

pub(crate) async fn describe(
    session: &Session,
    deployments: &[Arn],
) -> Reply<Described<ServiceDeployment>> {
    let answer = session
        .ask("ecs:DescribeServiceDeployments", |on| {
            on.ecs
                .describe_service_deployments()
                .set_service_deployment_arns(Some(names(deployments)))
                .send()
        })
        .await?;
    Ok(Described {
        items: whole(
            "ecs:DescribeServiceDeployments",
            answer.service_deployments.as_deref(),
        )?
        .iter()
        .map(deployment)
        .collect(),
        failures: failures(answer.failures()),
    })
}

pub(crate) async fn revisions(
    session: &Session,
    revisions: &[Arn],
) -> Reply<Described<ServiceRevision>> {
    let answer = session
        .ask("ecs:DescribeServiceRevisions", |on| {
            on.ecs
                .describe_service_revisions()
                .set_service_revision_arns(Some(names(revisions)))
                .send()
        })
        .await?;
    Ok(Described {
        items: whole(
            "ecs:DescribeServiceRevisions",
            answer.service_revisions.as_deref(),
        )?
        .iter()
        .map(revision)
        .collect(),
        failures: failures(answer.failures()),
    })
}

fn deployment(raw: &types::ServiceDeployment) -> ServiceDeployment {
    let settings = raw.deployment_configuration();
    ServiceDeployment {
        arn: arn_or_empty(raw.service_deployment_arn()),
        service: arn_or_empty(raw.service_arn()),
        status: status(raw.status()),
        status_reason: text(raw.status_reason()),
        created: time(raw.created_at()),
        started: time(raw.started_at()),
        finished: time(raw.finished_at()),
        stopped: time(raw.stopped_at()),
        sources: raw
            .source_service_revisions()
            .iter()
            .filter_map(|source| arn(source.arn()))
            .collect(),
        target: raw
            .target_service_revision()
            .and_then(|target| arn(target.arn())),
        stage: text(
            raw.lifecycle_stage()
                .map(types::ServiceDeploymentLifecycleStage::as_str),
        ),
        strategy: text(
            settings
                .and_then(types::DeploymentConfiguration::strategy)
                .map(types::DeploymentStrategy::as_str),
        ),
        bake_minutes: settings
            .and_then(types::DeploymentConfiguration::bake_time_in_minutes)
            .map(count),
        target_weight: raw
            .target_service_revision()
            .and_then(types::ServiceRevisionSummary::requested_production_traffic_weight),
        hooks: raw.lifecycle_hook_details().iter().map(hook).collect(),
        rollback: raw.rollback().map(|rollback| RollbackInfo {
            reason: text(rollback.reason()),
            started: time(rollback.started_at()),
            revision: arn(rollback.service_revision_arn()),
        }),
        breaker: raw
            .deployment_circuit_breaker()
            .map(|breaker| BreakerState {
                status: monitoring(breaker.status()),
                failures: count(breaker.failure_count()),
                threshold: count(breaker.threshold()),
            }),
        alarms: raw.alarms().map(|alarms| DeploymentAlarms {
            status: monitoring(alarms.status()),
            names: texts(alarms.alarm_names()),
            triggered: texts(alarms.triggered_alarm_names()),
        }),
    }
}

fn monitoring(
    raw: Option<&types::ServiceDeploymentRollbackMonitorsStatus>,
) -> ecsdeck_core::text::Clean {
    text_or_empty(raw.map(types::ServiceDeploymentRollbackMonitorsStatus::as_str))
}

fn status(raw: Option<&types::ServiceDeploymentStatus>) -> ServiceDeploymentStatus {
    use ServiceDeploymentStatus as Ours;
    use types::ServiceDeploymentStatus as Theirs;
    match raw {
        Some(Theirs::Pending) => Ours::Pending,
        Some(Theirs::InProgress) => Ours::InProgress,
        Some(Theirs::Successful) => Ours::Successful,
        Some(Theirs::StopRequested) => Ours::StopRequested,
        Some(Theirs::Stopped) => Ours::Stopped,
        Some(Theirs::RollbackRequested) => Ours::RollbackRequested,
        Some(Theirs::RollbackInProgress) => Ours::RollbackInProgress,
        Some(Theirs::RollbackSuccessful) => Ours::RollbackSuccessful,
        Some(Theirs::RollbackFailed) => Ours::RollbackFailed,
        _ => Ours::Other,
    }
}

fn hook(raw: &types::DeploymentLifecycleHookDetail) -> DeploymentHook {
    DeploymentHook {
        id: text_or_empty(raw.hook_id()),
        target_type: text_or_empty(
            raw.target_type()
                .map(types::DeploymentLifecycleHookTargetType::as_str),
        ),
        status: text_or_empty(
            raw.status()
                .map(types::DeploymentLifecycleHookStatus::as_str),
        ),
        expires: time(raw.expires_at()),
        timeout_action: text(
            raw.timeout_action()
                .map(types::DeploymentLifecycleHookAction::as_str),
        ),
    }
}

fn revision(raw: &types::ServiceRevision) -> ServiceRevision {
    ServiceRevision {
        arn: arn_or_empty(raw.service_revision_arn()),
        task_definition: arn_or_empty(raw.task_definition()),
        created: time(raw.created_at()),
        launch: named_launch(raw.capacity_provider_strategy(), raw.launch_type()),
        network: raw
            .network_configuration()
            .and_then(|network| network.awsvpc_configuration())
            .map(network),
        load_balancers: raw.load_balancers().iter().map(load_balancer).collect(),
        images: raw
            .container_images()
            .iter()
            .map(|image| RevisionImage {
                container: text_or_empty(image.container_name()),
                image: text_or_empty(image.image()),
                digest: text(image.image_digest()),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::loopback::{Server, ok};

    #[tokio::test]
    async fn a_page_names_rollouts_and_when_they_were_asked_for() {
        let server = Server::start(vec![ok(
            r#"{"serviceDeployments":[{"serviceDeploymentArn":"arn:d/1","createdAt":1700000000.5}],"nextToken":"two"}"#,
        )])
        .await;
        let (cluster, service) = (Arn::new("prod"), Arn::new("web"));
        let page = server
            .aws()
            .list_service_deployments(&cluster, &service, None)
            .await
            .unwrap();
        assert_eq!(
            page.items[0].created.unwrap().as_millisecond(),
            1_700_000_000_500
        );
        assert_eq!(page.next, Some(PageToken("two".to_owned())));
        assert_eq!(
            server.body(0),
            json!({ "cluster": "prod", "service": "web", "maxResults": 100 })
        );
    }

    #[tokio::test]
    async fn a_way_back_keeps_its_reason_and_the_revision_that_it_goes_to() {
        let server = Server::start(vec![ok(r#"{"serviceDeployments":[{
            "serviceDeploymentArn":"arn:d/1","status":"ROLLBACK_IN_PROGRESS","createdAt":1.0,
            "sourceServiceRevisions":[{"arn":"arn:r/1"}],"targetServiceRevision":{"arn":"arn:r/2"},
            "lifecycleStage":"SCALE_UP",
            "deploymentConfiguration":{"strategy":"ROLLING","bakeTimeInMinutes":5},
            "lifecycleHookDetails":[{"hookId":"h","targetType":"PAUSE","status":"AWAITING_ACTION","timeoutAction":"ROLLBACK"}],
            "rollback":{"reason":"Circuit breaker\u001b[2J","startedAt":2.0,"serviceRevisionArn":"arn:r/1"},
            "deploymentCircuitBreaker":{"status":"TRIGGERED","failureCount":3,"threshold":3},
            "alarms":{"status":"MONITORING","alarmNames":["errors"],"triggeredAlarmNames":[]}}],
            "failures":[{"arn":"arn:d/2","reason":"MISSING"}]}"#)]).await;
        let asked = [Arn::new("arn:d/1"), Arn::new("arn:d/2")];
        let described = server
            .aws()
            .describe_service_deployments(&asked)
            .await
            .unwrap();
        let deployment = &described.items[0];
        assert!(deployment.status.is_rolling_back() && deployment.hooks[0].awaits_action());
        assert_eq!(
            (&deployment.sources, &deployment.target),
            (&vec![Arn::new("arn:r/1")], &Some(Arn::new("arn:r/2")))
        );
        let rollback = deployment.rollback.as_ref().unwrap();
        assert_eq!(rollback.reason.as_deref(), Some("Circuit breaker"));
        assert_eq!(rollback.revision, Some(Arn::new("arn:r/1")));
        let breaker = deployment.breaker.as_ref().unwrap();
        assert_eq!((breaker.failures, breaker.threshold), (3, 3));
        assert_eq!(deployment.alarms.as_ref().unwrap().names[0], "errors");
        assert_eq!(
            (deployment.strategy.as_deref(), deployment.bake_minutes),
            (Some("ROLLING"), Some(5))
        );
        assert_eq!(described.failures[0].reason, "MISSING");
    }

    #[tokio::test]
    async fn a_revision_says_what_ran_and_from_which_image() {
        let server = Server::start(vec![ok(r#"{"serviceRevisions":[{
            "serviceRevisionArn":"arn:r/1","taskDefinition":"arn:td/web:7","launchType":"FARGATE","createdAt":1.0,
            "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"],"assignPublicIp":"ENABLED"}},
            "loadBalancers":[{"targetGroupArn":"arn:tg","containerName":"app","containerPort":80}],
            "containerImages":[{"containerName":"app","image":"app:7","imageDigest":"sha256:ab"}]}]}"#)]).await;
        let described = server
            .aws()
            .describe_service_revisions(&[Arn::new("arn:r/1")])
            .await
            .unwrap();
        let revision = &described.items[0];
        assert_eq!(
            (revision.task_definition.as_str(), revision.launch.as_str()),
            ("arn:td/web:7", "FARGATE")
        );
        assert!(revision.network.as_ref().unwrap().public_ip);
        assert_eq!(revision.load_balancers[0].port, Some(80));
        assert_eq!(revision.images[0].digest.as_deref(), Some("sha256:ab"));
    }

    #[test]
    fn a_status_that_nobody_knows_has_not_ended_nor_begun() {
        assert_eq!(
            status(Some(&"PONDERING".into())),
            ServiceDeploymentStatus::Other
        );
        assert_eq!(status(None), ServiceDeploymentStatus::Other);
    }
}
