//! A service and its deployments.

use aws_sdk_ecs::types;
use ecsdeck_core::domain::{
    Arn, Breaker, Controller, Deployment, DeploymentSettings, DeploymentStatus, LoadBalancer,
    Network, Rollout, Scheduling, Service, ServiceEvent, ServiceStatus, Strategy, TaskSet,
};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Described, Page, PageToken, Reply, ServiceReads, sizes};

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{
    arn, arn_or_empty, arns, count, failures, names, port, text, text_or_empty, texts, time, whole,
};
use crate::session::Session;

impl ServiceReads for Aws {
    async fn list_services(&self, cluster: &Arn, page: Option<PageToken>) -> Reply<Page<Arn>> {
        list(self.session(), cluster, page).await
    }

    async fn describe_services(
        &self,
        cluster: &Arn,
        services: &[Arn],
    ) -> Reply<Described<Service>> {
        describe(self.session(), cluster, services).await
    }
}

pub(crate) async fn list(
    session: &Session,
    cluster: &Arn,
    page: Option<PageToken>,
) -> Reply<Page<Arn>> {
    let token = raw(page);
    let answer = session
        .ask("ecs:ListServices", |on| {
            on.ecs
                .list_services()
                .cluster(cluster.as_str())
                .max_results(sizes::LIST_SERVICES_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: arns(whole("ecs:ListServices", answer.service_arns.as_deref())?),
        next: next(answer.next_token()),
    })
}

pub(crate) async fn describe(
    session: &Session,
    cluster: &Arn,
    services: &[Arn],
) -> Reply<Described<Service>> {
    let answer = session
        .ask("ecs:DescribeServices", |on| {
            on.ecs
                .describe_services()
                .cluster(cluster.as_str())
                .set_services(Some(names(services)))
                .send()
        })
        .await?;
    Ok(Described {
        items: whole("ecs:DescribeServices", answer.services.as_deref())?
            .iter()
            .map(service)
            .collect(),
        failures: failures(answer.failures()),
    })
}

pub(crate) fn service(raw: &types::Service) -> Service {
    Service {
        arn: arn_or_empty(raw.service_arn()),
        name: text_or_empty(raw.service_name()),
        cluster: arn_or_empty(raw.cluster_arn()),
        status: status(raw.status()),
        desired: count(raw.desired_count()),
        running: count(raw.running_count()),
        pending: count(raw.pending_count()),
        launch: named_launch(raw.capacity_provider_strategy(), raw.launch_type()),
        controller: controller(raw.deployment_controller()),
        scheduling: match raw.scheduling_strategy() {
            Some(types::SchedulingStrategy::Daemon) => Scheduling::Daemon,
            // Absent means REPLICA, the API's default.
            _ => Scheduling::Replica,
        },
        task_definition: arn_or_empty(raw.task_definition()),
        deployments: raw.deployments().iter().map(deployment).collect(),
        task_sets: raw.task_sets().iter().map(task_set).collect(),
        events: raw.events().iter().map(event).collect(),
        settings: raw
            .deployment_configuration()
            .map(settings)
            .unwrap_or_default(),
        grace_seconds: raw.health_check_grace_period_seconds().map(count),
        load_balancers: raw.load_balancers().iter().map(load_balancer).collect(),
        network: raw
            .network_configuration()
            .and_then(|network| network.awsvpc_configuration())
            .map(network),
        exec: raw.enable_execute_command(),
        created: time(raw.created_at()),
    }
}

fn status(raw: Option<&str>) -> ServiceStatus {
    match raw {
        Some("ACTIVE") => ServiceStatus::Active,
        Some("DRAINING") => ServiceStatus::Draining,
        Some("INACTIVE") => ServiceStatus::Inactive,
        _ => ServiceStatus::Other,
    }
}

/// The launch type, or the strategy's providers: AWS gives one or the other.
pub(super) fn named_launch(
    providers: &[types::CapacityProviderStrategyItem],
    launch: Option<&types::LaunchType>,
) -> Clean {
    if providers.is_empty() {
        return text_or_empty(launch.map(types::LaunchType::as_str));
    }
    let names: Vec<_> = providers
        .iter()
        .map(types::CapacityProviderStrategyItem::capacity_provider)
        .collect();
    Clean::new(&names.join("+"))
}

fn controller(raw: Option<&types::DeploymentController>) -> Controller {
    match raw.map(types::DeploymentController::r#type) {
        // Absent means ECS, the API's default.
        None | Some(types::DeploymentControllerType::Ecs) => Controller::Ecs,
        Some(types::DeploymentControllerType::CodeDeploy) => Controller::CodeDeploy,
        // One that we do not know rolls out by itself: ECS's own way back is not offered.
        Some(_) => Controller::External,
    }
}

fn deployment(raw: &types::Deployment) -> Deployment {
    Deployment {
        id: text_or_empty(raw.id()),
        status: match raw.status() {
            Some("PRIMARY") => DeploymentStatus::Primary,
            Some("ACTIVE") => DeploymentStatus::Active,
            Some("INACTIVE") => DeploymentStatus::Inactive,
            _ => DeploymentStatus::Other,
        },
        task_definition: arn_or_empty(raw.task_definition()),
        desired: count(raw.desired_count()),
        pending: count(raw.pending_count()),
        running: count(raw.running_count()),
        failed: count(raw.failed_tasks()),
        rollout: raw.rollout_state().and_then(|state| match state {
            types::DeploymentRolloutState::InProgress => Some(Rollout::InProgress),
            types::DeploymentRolloutState::Completed => Some(Rollout::Completed),
            types::DeploymentRolloutState::Failed => Some(Rollout::Failed),
            _ => None,
        }),
        reason: text(raw.rollout_state_reason()),
        created: time(raw.created_at()),
        updated: time(raw.updated_at()),
    }
}

fn event(raw: &types::ServiceEvent) -> ServiceEvent {
    ServiceEvent {
        id: text_or_empty(raw.id()),
        at: time(raw.created_at()),
        message: text_or_empty(raw.message()),
    }
}

fn settings(raw: &types::DeploymentConfiguration) -> DeploymentSettings {
    let breaker = raw.deployment_circuit_breaker();
    DeploymentSettings {
        minimum_percent: raw.minimum_healthy_percent().map(count),
        maximum_percent: raw.maximum_percent().map(count),
        breaker: breaker
            .map(|breaker| Breaker {
                enabled: breaker.enable(),
                rollback: breaker.rollback(),
            })
            .unwrap_or_default(),
        strategy: strategy(raw),
        bake_minutes: raw.bake_time_in_minutes().map(count),
        early_success_percent: raw
            .early_success_criteria()
            .filter(|criteria| criteria.enable())
            .and_then(|criteria| criteria.healthy_percent().map(count)),
    }
}

fn strategy(raw: &types::DeploymentConfiguration) -> Strategy {
    let (linear, canary) = (raw.linear_configuration(), raw.canary_configuration());
    Strategy::read(
        raw.strategy().map(types::DeploymentStrategy::as_str),
        (
            linear.and_then(types::LinearConfiguration::step_percent),
            linear
                .and_then(types::LinearConfiguration::step_bake_time_in_minutes)
                .map(count),
        ),
        (
            canary.and_then(types::CanaryConfiguration::canary_percent),
            canary
                .and_then(types::CanaryConfiguration::canary_bake_time_in_minutes)
                .map(count),
        ),
    )
}

fn task_set(raw: &types::TaskSet) -> TaskSet {
    TaskSet {
        id: text_or_empty(raw.id()),
        status: text_or_empty(raw.status()),
        task_definition: arn_or_empty(raw.task_definition()),
        external_id: text(raw.external_id()),
        desired: count(raw.computed_desired_count()),
        pending: count(raw.pending_count()),
        running: count(raw.running_count()),
        stable: matches!(
            raw.stability_status(),
            Some(types::StabilityStatus::SteadyState)
        ),
        stable_since: time(raw.stability_status_at()),
        created: time(raw.created_at()),
        updated: time(raw.updated_at()),
    }
}

pub(super) fn load_balancer(raw: &types::LoadBalancer) -> LoadBalancer {
    LoadBalancer {
        target_group: arn(raw.target_group_arn()),
        container: text_or_empty(raw.container_name()),
        port: port(raw.container_port()),
    }
}

pub(super) fn network(raw: &types::AwsVpcConfiguration) -> Network {
    Network {
        subnets: texts(raw.subnets()),
        security_groups: texts(raw.security_groups()),
        public_ip: matches!(raw.assign_public_ip(), Some(types::AssignPublicIp::Enabled)),
    }
}

#[cfg(test)]
mod tests {
    use crate::loopback::{Server, ok};
    use aws_smithy_types::DateTime;
    use serde_json::json;

    use super::*;

    fn bare() -> types::builders::ServiceBuilder {
        types::Service::builder().service_arn("arn:aws:ecs:us-east-1:1:service/prod/web")
    }

    fn provider(name: &str) -> types::CapacityProviderStrategyItem {
        types::CapacityProviderStrategyItem::builder()
            .capacity_provider(name)
            .build()
            .unwrap()
    }

    #[test]
    fn what_aws_leaves_out_is_its_default() {
        let service = service(&bare().build());
        assert_eq!(
            (service.controller, service.scheduling),
            (Controller::Ecs, Scheduling::Replica)
        );
        assert_eq!((service.status, service.desired), (ServiceStatus::Other, 0));
        assert_eq!(service.settings, DeploymentSettings::default());
    }

    #[test]
    fn a_strategy_is_named_by_its_providers() {
        let raw = bare()
            .capacity_provider_strategy(provider("FARGATE"))
            .capacity_provider_strategy(provider("FARGATE_SPOT"));
        assert_eq!(service(&raw.build()).launch, "FARGATE+FARGATE_SPOT");
        assert_eq!(
            service(&bare().launch_type(types::LaunchType::Fargate).build()).launch,
            "FARGATE"
        );
        assert_eq!(
            service(&bare().launch_type("MOON".into()).build()).launch,
            "MOON"
        );
    }

    #[test]
    fn a_controller_that_nobody_knows_is_not_ecss() {
        let raw = |kind: &str| {
            let controller = types::DeploymentController::builder()
                .r#type(kind.into())
                .build()
                .unwrap();
            service(&bare().deployment_controller(controller).build()).controller
        };
        assert_eq!(raw("ECS"), Controller::Ecs);
        assert_eq!(raw("CODE_DEPLOY"), Controller::CodeDeploy);
        assert_eq!(raw("EXTERNAL"), Controller::External);
        assert_eq!(raw("ROBOT"), Controller::External);
    }

    #[test]
    fn deployments_keep_their_words_and_counts() {
        let raw = types::Deployment::builder()
            .id("ecs-svc/1")
            .status("PRIMARY")
            .task_definition("arn:aws:ecs:us-east-1:1:task-definition/web:7")
            .desired_count(4)
            .running_count(1)
            .pending_count(3)
            .failed_tasks(-2)
            .rollout_state(types::DeploymentRolloutState::Failed)
            .rollout_state_reason("tasks failed\u{1b}[2J to start")
            .created_at(DateTime::from_secs(100))
            .build();
        let service = service(&bare().deployments(raw).build());
        let primary = service.primary().unwrap();
        assert_eq!(
            (
                primary.desired,
                primary.running,
                primary.pending,
                primary.failed
            ),
            (4, 1, 3, 0)
        );
        assert_eq!(
            (primary.rollout, primary.reason.as_deref()),
            (Some(Rollout::Failed), Some("tasks failed to start"))
        );
        assert_eq!(
            primary.created,
            ecsdeck_core::domain::Time::from_second(100).ok()
        );
        assert_eq!(primary.updated, None);
    }

    #[test]
    fn words_that_nobody_knows_are_other_or_absent() {
        let raw = types::Deployment::builder()
            .status("LIMBO")
            .rollout_state("PONDERING".into())
            .build();
        let service = service(&bare().status("DREAMING").deployments(raw).build());
        let deployment = service.deployments.first().unwrap();
        assert_eq!(
            (deployment.status, deployment.rollout),
            (DeploymentStatus::Other, None)
        );
        assert_eq!(service.status, ServiceStatus::Other);
    }

    #[test]
    fn settings_load_balancers_and_network_are_read() {
        let breaker = types::DeploymentCircuitBreaker::builder()
            .enable(true)
            .rollback(false)
            .build();
        let network = types::AwsVpcConfiguration::builder()
            .subnets("subnet-1")
            .security_groups("sg-1")
            .assign_public_ip(types::AssignPublicIp::Enabled)
            .build()
            .unwrap();
        let raw = bare()
            .deployment_configuration(
                types::DeploymentConfiguration::builder()
                    .minimum_healthy_percent(50)
                    .maximum_percent(200)
                    .deployment_circuit_breaker(breaker)
                    .build(),
            )
            .load_balancers(
                types::LoadBalancer::builder()
                    .container_name("app")
                    .container_port(70_000)
                    .build(),
            )
            .network_configuration(
                types::NetworkConfiguration::builder()
                    .awsvpc_configuration(network)
                    .build(),
            )
            .events(
                types::ServiceEvent::builder()
                    .id("e")
                    .message("(service web) has reached a steady state.")
                    .build(),
            );
        let service = service(&raw.build());
        assert_eq!(
            (
                service.settings.minimum_percent,
                service.settings.maximum_percent
            ),
            (Some(50), Some(200))
        );
        assert_eq!(
            service.settings.breaker,
            Breaker {
                enabled: true,
                rollback: false
            }
        );
        assert_eq!(
            service.load_balancers.first().map(|balancer| balancer.port),
            Some(None)
        );
        let network = service.network.unwrap();
        assert!(network.public_ip);
        assert_eq!(
            (network.subnets.len(), network.security_groups.len()),
            (1, 1)
        );
        assert_eq!(
            service.events.first().unwrap().message,
            "(service web) has reached a steady state."
        );
    }

    #[tokio::test]
    async fn the_way_to_the_next_page_is_passed_on() {
        let server = Server::start(vec![
            ok(r#"{"serviceArns":["arn:aws:ecs:us-east-1:1:service/prod/a"],"nextToken":"two"}"#),
            ok(r#"{"serviceArns":[]}"#),
        ])
        .await;
        let aws = server.aws();
        let first = aws.list_services(&Arn::new("prod"), None).await.unwrap();
        assert_eq!(
            (first.items.len(), first.next.clone()),
            (1, Some(PageToken("two".to_owned())))
        );
        let last = aws
            .list_services(&Arn::new("prod"), first.next)
            .await
            .unwrap();
        assert_eq!((last.items.len(), last.next), (0, None));
        assert_eq!(
            server.body(0),
            json!({ "cluster": "prod", "maxResults": 100 })
        );
        assert_eq!(
            server.body(1),
            json!({ "cluster": "prod", "maxResults": 100, "nextToken": "two" })
        );
    }

    #[tokio::test]
    async fn what_could_not_be_described_is_told_beside_the_rest() {
        let server = Server::start(vec![ok(
            r#"{"services":[{"serviceName":"web","desiredCount":2}],"failures":[{"arn":"x/gone","reason":"MISSING"}]}"#,
        )])
        .await;
        let found = server
            .aws()
            .describe_services(&Arn::new("prod"), &[Arn::new("web"), Arn::new("gone")])
            .await
            .unwrap();
        assert_eq!(found.items.first().map(|service| service.desired), Some(2));
        assert_eq!(
            found
                .failures
                .first()
                .map(|failure| failure.reason.as_str()),
            Some("MISSING")
        );
        assert_eq!(
            server.body(0),
            json!({ "cluster": "prod", "services": ["web", "gone"] }),
            "no tags are asked for"
        );
    }
}
