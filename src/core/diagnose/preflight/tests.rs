//! What is asked of a revision before it runs, and what the answers say will fail.

use super::*;
use crate::diagnose::sample::{definition, service, task};
use crate::domain::{
    CloudError, ContainerInstance, ErrorKind, Existence, ImageState, LoadBalancer, LogDestination,
    Permission, Resources, SecretReference, TargetGroup, Time,
};

const IMAGE: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:7";
const SECRET: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:all-q7WeRt";

fn revision() -> TaskDefinition {
    let mut revision = definition("web:2", "web");
    revision.status = Clean::literal("ACTIVE");
    revision.containers[0].image = Clean::literal(IMAGE);
    revision
}

/// Every question of a service's revision answered by this.
fn judged(
    service: &Service,
    revision: &TaskDefinition,
    answer: impl Fn(&Question) -> Option<Result<Fact, CloudError>>,
) -> Preflight {
    let planned = Planned {
        cluster: &service.cluster,
        definition: revision,
        service: Some(service),
        tasks: &[],
    };
    let mut facts = Facts::default();
    for question in questions(planned) {
        if let Some(fact) = answer(&question) {
            facts.put(question, Time::UNIX_EPOCH, fact);
        }
    }
    preflight(planned, &facts)
}

/// What AWS answers where all is well.
fn well(question: &Question) -> Option<Result<Fact, CloudError>> {
    Some(Ok(match question {
        Question::Image(_) => Fact::Image(ImageState::Exists {
            digest: None,
            pushed: None,
            bytes: None,
        }),
        Question::Secret(_) => Fact::Secret(Existence::Exists),
        Question::Parameter(_) => Fact::Parameter(Existence::Exists),
        Question::LogGroup { .. } => Fact::LogGroup(Existence::Exists),
        Question::MayRole { .. } => Fact::MayRole(Permission::Allowed),
        other => panic!("{other:?}"),
    }))
}

fn ids(found: &Preflight) -> Vec<&'static str> {
    found.findings.iter().map(|one| one.id.as_str()).collect()
}

#[test]
fn where_all_is_well_nothing_is_found_and_everything_that_was_asked_is_told() {
    let found = judged(&service("web"), &revision(), well);
    assert_eq!(ids(&found), [""; 0], "{found:?}");
    assert!(found.open.is_empty() && found.not_checked.is_empty());
    assert!(found.checked.iter().any(|line| line.contains(IMAGE)));
    assert!(found.not_visible[0].contains("free addresses"));
}

#[test]
fn an_image_a_secret_and_a_log_group_that_are_not_there_are_found() {
    let mut revision = revision();
    revision.containers[0].secrets = vec![SecretReference {
        name: Clean::literal("KEY"),
        from: Clean::own(format!("{SECRET}:KEY::")),
    }];
    let found = judged(&service("web"), &revision, |question| match question {
        Question::Image(_) => Some(Ok(Fact::Image(ImageState::NoSuchImage))),
        Question::Secret(name) => {
            assert_eq!(name.as_str(), SECRET);
            Some(Ok(Fact::Secret(Existence::Missing)))
        }
        Question::LogGroup { .. } => Some(Ok(Fact::LogGroup(Existence::Missing))),
        other => well(other),
    });
    assert_eq!(
        ids(&found),
        ["image-not-found", "secret-not-found", "log-driver-failed"]
    );
    assert_eq!(
        found.findings[0].words().as_str(),
        format!(
            "this will fail next, because image not found: ECR has the repository and not this image: {IMAGE}"
        )
    );
}

#[test]
fn a_log_group_that_is_made_where_it_is_missing_is_not_asked_for() {
    let mut revision = revision();
    if let Some(LogDestination::CloudWatch { creates, .. }) = &mut revision.containers[0].log {
        *creates = true;
    }
    let found = judged(&service("web"), &revision, |question| match question {
        Question::LogGroup { .. } => panic!("{question:?}"),
        other => well(other),
    });
    assert_eq!(ids(&found), [""; 0]);
}

#[test]
fn a_role_that_is_not_there_will_fail_and_one_that_a_simulation_denies_may() {
    let mut revision = revision();
    revision.execution_role = Some(Arn::new("arn:aws:iam::123456789012:role/exec"));
    let with = |permission| {
        judged(&service("web"), &revision, move |question| match question {
            Question::MayRole { .. } => Some(Ok(Fact::MayRole(permission))),
            other => well(other),
        })
    };
    let gone = with(Permission::NoSuchRole);
    assert_eq!(ids(&gone), ["role-not-assumable"]);
    assert!(gone.findings[0].certain);
    let denied = with(Permission::NotAllowed);
    assert_eq!(ids(&denied), ["image-pull-denied"]);
    assert!(denied.findings[0].words().starts_with("this may fail next"));
}

#[test]
fn what_aws_does_not_answer_is_no_finding() {
    let denied = || CloudError {
        operation: "ecr:DescribeImages",
        kind: ErrorKind::Denied,
        code: None,
        message: Clean::literal("no"),
        request_id: None,
    };
    let found = judged(&service("web"), &revision(), |question| match question {
        Question::Image(_) => Some(Err(denied())),
        Question::LogGroup { .. } => None,
        other => well(other),
    });
    assert_eq!(ids(&found), [""; 0]);
    assert_eq!((found.not_checked.len(), found.open.len()), (1, 1));
}

fn balanced() -> Service {
    let mut web = service("web");
    web.load_balancers = vec![LoadBalancer {
        target_group: Some(Arn::new(
            "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web-tg/1",
        )),
        container: Clean::literal("app"),
        port: Some(80),
    }];
    web
}

fn group(target_type: &str, sends: bool) -> TargetGroup {
    TargetGroup {
        arn: Arn::new("arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web-tg/1"),
        port: Some(80),
        target_type: Clean::new(target_type),
        load_balancers: sends.then(|| Arn::new("arn:lb")).into_iter().collect(),
        check_protocol: None,
        check_port: None,
        check_path: None,
        matcher: None,
        interval_seconds: None,
        timeout_seconds: None,
        healthy_threshold: None,
        unhealthy_threshold: None,
        targets: Vec::new(),
    }
}

#[test]
fn a_target_group_must_be_there_be_sent_to_and_take_targets_of_the_tasks_type() {
    let mut revision = revision();
    revision.containers[0].ports = vec![80];
    let with = |group: Option<TargetGroup>| {
        judged(&balanced(), &revision, move |question| match question {
            Question::TargetGroup(_) => Some(Ok(Fact::TargetGroup(group.clone()))),
            other => well(other),
        })
    };
    assert_eq!(ids(&with(Some(group("ip", true)))), [""; 0]);
    for bad in [
        None,
        Some(group("ip", false)),
        Some(group("instance", true)),
    ] {
        assert_eq!(ids(&with(bad)), ["target-group-misconfigured"]);
    }
}

#[test]
fn a_container_or_port_that_the_load_balancer_sends_to_must_be_in_the_revision() {
    let mut revision = revision();
    let fine = |question: &Question| match question {
        Question::TargetGroup(_) => Some(Ok(Fact::TargetGroup(Some(group("ip", true))))),
        other => well(other),
    };
    revision.containers[0].ports = vec![8080];
    let found = judged(&balanced(), &revision, fine);
    assert!(found.findings[0].text.contains("port 80"), "{found:?}");
    revision.containers[0].name = Clean::literal("nginx");
    let found = judged(&balanced(), &revision, fine);
    assert!(
        found.findings[0].text.contains("container app"),
        "{found:?}"
    );
}

#[test]
fn what_waits_for_a_check_that_nobody_makes_and_percents_that_leave_no_room_are_found_without_a_call()
 {
    let mut revision = revision();
    revision.containers[0].depends_on = vec![Clean::literal("proxy HEALTHY")];
    let mut web = service("web");
    web.settings.minimum_percent = Some(100);
    web.settings.maximum_percent = Some(100);
    let found = judged(&web, &revision, |_| None);
    assert_eq!(
        ids(&found),
        ["task-definition-invalid", "deployment-config-deadlock"]
    );
}

fn host(memory: u32, ports: &[u16]) -> ContainerInstance {
    ContainerInstance {
        arn: Arn::new("arn:aws:ecs:us-east-1:1:container-instance/prod/a"),
        ec2_id: Some(Clean::literal("i-a")),
        status: Clean::literal("ACTIVE"),
        agent_connected: true,
        running: 1,
        registered: Resources::default(),
        remaining: Resources {
            cpu: 4_096,
            memory,
            gpus: 0,
            ports: ports.to_vec(),
        },
        attributes: Vec::new(),
    }
}

#[test]
fn a_task_needs_room_beside_the_old_ones_unless_one_of_them_may_stop_first() {
    let mut web = service("web");
    web.launch = Clean::literal("EC2");
    web.settings.minimum_percent = Some(100);
    web.settings.maximum_percent = Some(200);
    let mut revision = revision();
    (revision.cpu, revision.memory) = (Some(256), Some(1_024));
    revision.containers[0].host_ports = vec![8080];
    let mut old = task("web", "w1");
    old.instance = Some(host(0, &[]).arn);
    (old.cpu, old.memory) = (Some(256), Some(1_024));
    let with = |web: &Service, host: ContainerInstance| {
        let planned = Planned {
            cluster: &web.cluster,
            definition: &revision,
            service: Some(web),
            tasks: &[&old],
        };
        let mut facts = Facts::default();
        for question in questions(planned) {
            let fact = match &question {
                Question::Instances(_) => Ok(Fact::Instances(vec![host.clone()])),
                other => well(other).unwrap(),
            };
            facts.put(question, Time::UNIX_EPOCH, fact);
        }
        ids(&preflight(planned, &facts)).join(" ")
    };
    assert_eq!(with(&web, host(2_048, &[])), "");
    assert_eq!(with(&web, host(512, &[])), "insufficient-resources");
    assert_eq!(with(&web, host(2_048, &[8080])), "host-port-conflict");
    web.settings.minimum_percent = Some(50);
    assert_eq!(with(&web, host(512, &[8080])), "");
}

#[test]
fn of_a_hundred_secrets_a_few_are_asked_for_and_the_others_are_counted() {
    let mut revision = revision();
    revision.containers[0].secrets = (0..100)
        .map(|number| SecretReference {
            name: Clean::own(format!("KEY_{number}")),
            from: Clean::own(format!("parameter-{number}")),
        })
        .collect();
    let asked = std::cell::Cell::new(0);
    let found = judged(&service("web"), &revision, |question| {
        asked.set(asked.get() + 1);
        well(question)
    });
    assert_eq!(asked.get(), 24);
    assert!(
        found
            .not_visible
            .iter()
            .any(|line| line.contains("more secrets")),
        "{:?}",
        found.not_visible
    );
}

#[test]
fn a_deregistered_revision_fails_for_certain_where_the_service_does_not_have_it_already() {
    let mut revision = revision();
    revision.status = Clean::literal("INACTIVE");
    let mut web = service("web");
    for certain in [true, false] {
        let found = judged(&web, &revision, well).findings;
        assert_eq!(
            (found[0].id.as_str(), found[0].certain),
            ("task-definition-invalid", certain)
        );
        web.task_definition = revision.arn.clone();
    }
}
