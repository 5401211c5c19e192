//! What is sent is what was shown, once.

use ecsdeck_core::act::{
    AwsVpc, Capacity, CapacityProvider, ContainerOverride, ContinueServiceDeployment, HookAction,
    NetworkConfiguration, NewImage, Overrides, RegisterScalableTarget, RegisterTaskDefinition,
    Revision, RunTask, StartMessageMoveTask, StopServiceDeployment, StopTask, StopType,
    SuspendedState, Tag, UpdateService, Variable,
};
use ecsdeck_core::domain::{Arn, ErrorKind};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::Reads;

use super::*;
use crate::loopback::{Canned, Server, ok};

/// Some write.
pub(crate) fn sample() -> Request {
    scale(Some(1))
}

fn scale(count: Option<u32>) -> Request {
    Request::UpdateService(UpdateService {
        cluster: Arn::new("arn:aws:ecs:us-east-1:1:cluster/prod"),
        service: Arn::new("arn:aws:ecs:us-east-1:1:service/prod/web"),
        desired_count: count,
        task_definition: None,
        force_new_deployment: false,
    })
}

#[tokio::test]
async fn what_is_sent_is_what_was_shown_and_nothing_more() {
    let server = Server::start(vec![ok("{}")]).await;
    let (aws, request) = (server.aws(), scale(Some(3)));
    let accepted = aws
        .writer(crate::punctual::awake())
        .send(&request, Duration::MAX)
        .await
        .unwrap();
    assert_eq!(accepted.request_id.as_deref(), Some("req-1"));
    assert_eq!(server.body(0), request.body());
    assert!(server.requests()[0].contains("AmazonEC2ContainerServiceV20141113.UpdateService"));
    assert_eq!(aws.calls(), 1, "writes are counted with the reads");
}

#[tokio::test]
async fn a_write_that_fails_is_sent_once() {
    for failing in [
        Canned::Answer(500, "-", "{}"),
        Canned::Hangup,
        Canned::Silence,
    ] {
        let server = Server::start(vec![failing]).await;
        let error = server
            .aws()
            .writer(crate::punctual::awake())
            .send(&scale(Some(3)), Duration::MAX)
            .await
            .unwrap_err();
        assert_eq!(server.requests().len(), 1);
        assert_eq!(error.operation, "ecs:UpdateService");
        assert!(error.may_have_been_applied(), "{error}");
    }
}

#[tokio::test]
async fn a_count_that_cannot_be_said_is_not_sent() {
    let server = Server::start(vec![ok("{}")]).await;
    let error = server
        .aws()
        .writer(crate::punctual::awake())
        .send(&scale(Some(u32::MAX)), Duration::MAX)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, server.requests().len()),
        (ErrorKind::Invalid, 0)
    );
}

#[tokio::test]
async fn a_writer_keeps_its_client_until_the_credentials_are_renewed() {
    let server = Server::start(vec![ok("{}")]).await;
    let aws = server.aws();
    let writer = aws.writer(crate::punctual::awake());
    let configuration = |writer: &AwsWriter| {
        writer
            .made
            .lock()
            .unwrap()
            .as_ref()
            .map(|(of, _)| Arc::as_ptr(of))
            .unwrap()
    };
    writer.send(&scale(Some(1)), Duration::MAX).await.unwrap();
    let first = configuration(&writer);
    writer.send(&scale(Some(2)), Duration::MAX).await.unwrap();
    assert_eq!(configuration(&writer), first);
    aws.renew().await.unwrap();
    writer.send(&scale(Some(3)), Duration::MAX).await.unwrap();
    assert_ne!(configuration(&writer), first);
}

fn clean(text: &'static str) -> Clean {
    Clean::literal(text)
}

fn run(capacity: Option<Capacity>) -> Request {
    Request::RunTask(Box::new(RunTask {
        cluster: Arn::new("arn:aws:ecs:us-east-1:1:cluster/prod"),
        task_definition: Arn::new("arn:aws:ecs:us-east-1:1:task-definition/worker:3"),
        count: 10,
        capacity,
        platform_version: Some(clean("1.4.0")),
        network_configuration: Some(NetworkConfiguration {
            awsvpc_configuration: AwsVpc {
                subnets: vec![clean("subnet-1"), clean("subnet-2")],
                security_groups: vec![clean("sg-1")],
                assign_public_ip: clean("ENABLED"),
            },
        }),
        overrides: Overrides {
            container_overrides: vec![ContainerOverride {
                name: clean("app"),
                command: Some(vec!["run".to_owned(), String::new(), "a b".to_owned()]),
                environment: vec![Variable {
                    name: "TEXT".to_owned(),
                    value: "two\nlines \u{1b}[31m \u{e9} \"".to_owned(),
                }],
                cpu: Some(256),
                memory: Some(512),
            }],
            cpu: Some(clean("1024")),
            memory: Some(clean("2048")),
        },
        group: Some(clean("batch")),
        enable_execute_command: true,
        tags: vec![Tag {
            key: "team".to_owned(),
            value: "web".to_owned(),
        }],
        started_by: clean("ecsdeck/7"),
        client_token: clean("7-1"),
    }))
}

fn bare_run() -> Request {
    let Request::RunTask(run) = run(None) else {
        panic!("no run")
    };
    Request::RunTask(Box::new(RunTask {
        platform_version: None,
        network_configuration: None,
        overrides: Overrides::default(),
        group: None,
        enable_execute_command: false,
        tags: vec![],
        ..*run
    }))
}

fn register() -> Request {
    let answer = serde_json::json!({
        "taskDefinition": {
            "taskDefinitionArn": "arn:aws:ecs:us-east-1:1:task-definition/web:7",
            "family": "web",
            "revision": 7,
            "containerDefinitions": [{ "name": "app", "image": "web:1", "ofTomorrow": [1, { "b": null }] }],
            "memberOfTomorrow": { "caf\u{e9}": "\u{1b}" }
        },
        "tags": [{ "key": "team", "value": "web" }]
    });
    let image = NewImage {
        container: clean("app"),
        before: clean("web:1"),
        after: clean("web:2"),
    };
    let from = Arn::new("arn:aws:ecs:us-east-1:1:task-definition/web:7");
    let register = RegisterTaskDefinition::with_images(&from, &answer, vec![image]).unwrap();
    Request::RegisterTaskDefinition(Box::new(register))
}

fn deployment() -> Arn {
    Arn::new("arn:aws:ecs:us-east-1:1:service-deployment/prod/web/x")
}

/// Every kind of request, whole and bare, and the operation that the wire names.
fn every_request() -> Vec<(Request, &'static str)> {
    let spot = Capacity::Strategy(vec![CapacityProvider {
        capacity_provider: clean("FARGATE_SPOT"),
        weight: Some(1),
        base: Some(0),
    }]);
    let target = |min, max, suspended_state| {
        Request::RegisterScalableTarget(RegisterScalableTarget {
            service_namespace: clean("ecs"),
            resource_id: clean("service/prod/web"),
            scalable_dimension: clean("ecs:service:DesiredCount"),
            min_capacity: min,
            max_capacity: max,
            suspended_state,
        })
    };
    let held = SuspendedState {
        dynamic_scaling_in_suspended: true,
        dynamic_scaling_out_suspended: false,
        scheduled_scaling_suspended: true,
    };
    vec![
        (
            scale(Some(0)),
            "AmazonEC2ContainerServiceV20141113.UpdateService",
        ),
        (
            Request::UpdateService(UpdateService {
                cluster: Arn::new("prod"),
                service: Arn::new("web"),
                desired_count: None,
                task_definition: Some(Revision::Known(Arn::new("web:7"))),
                force_new_deployment: true,
            }),
            "AmazonEC2ContainerServiceV20141113.UpdateService",
        ),
        (
            Request::StopServiceDeployment(StopServiceDeployment {
                service_deployment_arn: deployment(),
                stop_type: StopType::Rollback,
            }),
            "AmazonEC2ContainerServiceV20141113.StopServiceDeployment",
        ),
        (
            Request::ContinueServiceDeployment(ContinueServiceDeployment {
                service_deployment_arn: deployment(),
                hook_id: clean("hook-1"),
                action: HookAction::Continue,
            }),
            "AmazonEC2ContainerServiceV20141113.ContinueServiceDeployment",
        ),
        (
            run(Some(Capacity::LaunchType(clean("EC2")))),
            "AmazonEC2ContainerServiceV20141113.RunTask",
        ),
        (
            run(Some(spot)),
            "AmazonEC2ContainerServiceV20141113.RunTask",
        ),
        (bare_run(), "AmazonEC2ContainerServiceV20141113.RunTask"),
        (
            Request::StopTask(StopTask {
                cluster: Arn::new("prod"),
                task: Arn::new("arn:aws:ecs:us-east-1:1:task/prod/7"),
                reason: clean("stopped with ecsdeck"),
            }),
            "AmazonEC2ContainerServiceV20141113.StopTask",
        ),
        (
            register(),
            "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition",
        ),
        (
            target(Some(0), Some(4), Some(held)),
            "AnyScaleFrontendService.RegisterScalableTarget",
        ),
        (
            target(None, None, Some(held)),
            "AnyScaleFrontendService.RegisterScalableTarget",
        ),
        (
            Request::StartMessageMoveTask(StartMessageMoveTask {
                source_arn: Arn::new("arn:aws:sqs:us-east-1:1:dead"),
                destination_arn: Some(Arn::new("arn:aws:sqs:us-east-1:1:live")),
                max_number_of_messages_per_second: Some(5),
            }),
            "AmazonSQS.StartMessageMoveTask",
        ),
        (
            Request::StartMessageMoveTask(StartMessageMoveTask {
                source_arn: Arn::new("arn:aws:sqs:us-east-1:1:dead"),
                destination_arn: None,
                max_number_of_messages_per_second: None,
            }),
            "AmazonSQS.StartMessageMoveTask",
        ),
    ]
}

#[tokio::test]
async fn every_request_is_sent_as_it_was_shown() {
    for (request, operation) in every_request() {
        let server = Server::start(vec![ok("{}")]).await;
        server
            .aws()
            .writer(crate::punctual::awake())
            .send(&request, Duration::MAX)
            .await
            .unwrap();
        assert_eq!(server.body(0), request.body(), "{operation}");
        assert!(server.requests()[0].contains(operation), "{operation}");
    }
}

#[tokio::test]
async fn every_request_that_fails_is_sent_once() {
    for (request, operation) in every_request() {
        let server = Server::start(vec![Canned::Answer(500, "-", "{}")]).await;
        let error = server
            .aws()
            .writer(crate::punctual::awake())
            .send(&request, Duration::MAX)
            .await
            .unwrap_err();
        assert_eq!(server.requests().len(), 1, "{operation}");
        assert_eq!(error.operation, request.operation());
    }
}

#[tokio::test]
async fn what_a_run_started_and_what_it_could_not_start_is_told() {
    let body = r#"{"tasks":[{"taskArn":"arn:aws:ecs:us-east-1:1:task/prod/a"}],"failures":[{"arn":"i","reason":"RESOURCE:MEMORY"}]}"#;
    let server = Server::start(vec![ok(body)]).await;
    let made = server
        .aws()
        .writer(crate::punctual::awake())
        .send(&run(None), Duration::MAX)
        .await
        .unwrap()
        .made;
    assert_eq!(
        made.tasks,
        [Arn::new("arn:aws:ecs:us-east-1:1:task/prod/a")]
    );
    assert_eq!(made.failures[0].reason, "RESOURCE:MEMORY");
}

#[tokio::test]
async fn the_revision_that_was_registered_is_told() {
    let body = r#"{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:us-east-1:1:task-definition/web:8"}}"#;
    let server = Server::start(vec![ok(body)]).await;
    let made = server
        .aws()
        .writer(crate::punctual::awake())
        .send(&register(), Duration::MAX)
        .await
        .unwrap()
        .made;
    assert_eq!(made.revision.unwrap().name(), "web:8");
}

#[tokio::test]
async fn a_revision_that_is_not_registered_yet_is_not_sent() {
    let server = Server::start(vec![ok("{}")]).await;
    let request = Request::UpdateService(UpdateService {
        cluster: Arn::new("prod"),
        service: Arn::new("web"),
        desired_count: None,
        task_definition: Some(Revision::Registered),
        force_new_deployment: false,
    });
    let error = server
        .aws()
        .writer(crate::punctual::awake())
        .send(&request, Duration::MAX)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, server.requests().len()),
        (ErrorKind::Invalid, 0)
    );
}
