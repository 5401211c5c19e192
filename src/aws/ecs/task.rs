//! A task and its containers.

use aws_sdk_ecs::types;
use ecsdeck_core::domain::{
    Arn, Attachment, CommandOverride, Container, EnvironmentOverride, Health, Owner, StopCode,
    Task, TaskStatus,
};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{
    Described, Desired, Page, PageToken, Reply, TaskReads, TasksOf, sizes,
};

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{
    arn, arn_or_empty, arns, failures, names, number, text, text_or_empty, time, whole,
};
use crate::session::Session;

impl TaskReads for Aws {
    async fn list_tasks(
        &self,
        cluster: &Arn,
        of: TasksOf<'_>,
        desired: Desired,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        list(self.session(), cluster, of, desired, page).await
    }

    async fn describe_tasks(&self, cluster: &Arn, tasks: &[Arn]) -> Reply<Described<Task>> {
        describe(self.session(), cluster, tasks).await
    }
}

pub(crate) async fn list(
    session: &Session,
    cluster: &Arn,
    of: TasksOf<'_>,
    desired: Desired,
    page: Option<PageToken>,
) -> Reply<Page<Arn>> {
    let token = raw(page);
    let (service, started_by) = match of {
        TasksOf::Cluster => (None, None),
        TasksOf::Service(name) => (Some(name.to_string()), None),
        TasksOf::StartedBy(mark) => (None, Some(mark.to_string())),
    };
    let desired = match desired {
        Desired::Running => types::DesiredStatus::Running,
        Desired::Stopped => types::DesiredStatus::Stopped,
    };
    let answer = session
        .ask("ecs:ListTasks", |on| {
            on.ecs
                .list_tasks()
                .cluster(cluster.as_str())
                .set_service_name(service.clone())
                .set_started_by(started_by.clone())
                .desired_status(desired.clone())
                .max_results(sizes::LIST_TASKS_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: arns(whole("ecs:ListTasks", answer.task_arns.as_deref())?),
        next: next(answer.next_token()),
    })
}

pub(crate) async fn describe(
    session: &Session,
    cluster: &Arn,
    tasks: &[Arn],
) -> Reply<Described<Task>> {
    let answer = session
        .ask("ecs:DescribeTasks", |on| {
            on.ecs
                .describe_tasks()
                .cluster(cluster.as_str())
                .set_tasks(Some(names(tasks)))
                .send()
        })
        .await?;
    Ok(Described {
        items: whole("ecs:DescribeTasks", answer.tasks.as_deref())?
            .iter()
            .map(task)
            .collect(),
        failures: failures(answer.failures()),
    })
}

pub(crate) fn task(raw: &types::Task) -> Task {
    let definition = arn_or_empty(raw.task_definition_arn());
    Task {
        arn: arn_or_empty(raw.task_arn()),
        cluster: arn_or_empty(raw.cluster_arn()),
        owner: owner(raw.group(), definition.family()),
        definition,
        started_by: text(raw.started_by()),
        status: status(raw.last_status()),
        desired: text_or_empty(raw.desired_status()),
        health: health(raw.health_status()),
        created: time(raw.created_at()),
        pull_started: time(raw.pull_started_at()),
        pull_stopped: time(raw.pull_stopped_at()),
        started: time(raw.started_at()),
        stopping: time(raw.stopping_at()),
        stopped: time(raw.stopped_at()),
        stop_code: raw
            .stop_code()
            .filter(|code| !code.as_str().is_empty())
            .map(stop_code),
        stopped_reason: text(raw.stopped_reason()),
        containers: raw.containers().iter().map(container).collect(),
        launch: text_or_empty(
            // The provider says more: FARGATE_SPOT has the launch type FARGATE.
            raw.capacity_provider_name()
                .or_else(|| raw.launch_type().map(types::LaunchType::as_str)),
        ),
        cpu: number(raw.cpu()),
        memory: number(raw.memory()),
        zone: text(raw.availability_zone()),
        private_ip: text(interface_detail(raw, "privateIPv4Address").or_else(|| container_ip(raw))),
        interface: text(interface_detail(raw, "networkInterfaceId")),
        subnet: text(interface_detail(raw, "subnetId")),
        instance: arn(raw.container_instance_arn()),
        connected: raw
            .connectivity()
            .map(|connectivity| *connectivity == types::Connectivity::Connected),
        connected_since: time(raw.connectivity_at()),
        attachments: raw.attachments().iter().map(attachment).collect(),
        overrides: overrides(raw),
        commands: commands(raw),
    }
}

fn owner(group: Option<&str>, family: &str) -> Owner {
    match group.map(|group| group.split_once(':').unwrap_or(("", group))) {
        Some(("service", name)) => Owner::Service(Clean::new(name)),
        Some(("family", name)) => Owner::Family(Clean::new(name)),
        Some((_, _)) if group != Some("") => Owner::Family(text_or_empty(group)),
        _ => Owner::Family(Clean::new(family)),
    }
}

fn status(raw: Option<&str>) -> TaskStatus {
    match raw {
        Some("PROVISIONING") => TaskStatus::Provisioning,
        Some("PENDING") => TaskStatus::Pending,
        Some("ACTIVATING") => TaskStatus::Activating,
        Some("RUNNING") => TaskStatus::Running,
        Some("DEACTIVATING") => TaskStatus::Deactivating,
        Some("STOPPING") => TaskStatus::Stopping,
        Some("DEPROVISIONING") => TaskStatus::Deprovisioning,
        Some("STOPPED") => TaskStatus::Stopped,
        Some("DELETED") => TaskStatus::Deleted,
        _ => TaskStatus::Other,
    }
}

fn health(raw: Option<&types::HealthStatus>) -> Health {
    match raw {
        Some(types::HealthStatus::Healthy) => Health::Healthy,
        Some(types::HealthStatus::Unhealthy) => Health::Unhealthy,
        _ => Health::Unknown,
    }
}

fn stop_code(raw: &types::TaskStopCode) -> StopCode {
    match raw {
        types::TaskStopCode::TaskFailedToStart => StopCode::TaskFailedToStart,
        types::TaskStopCode::EssentialContainerExited => StopCode::EssentialContainerExited,
        types::TaskStopCode::UserInitiated => StopCode::UserInitiated,
        types::TaskStopCode::ServiceSchedulerInitiated => StopCode::ServiceSchedulerInitiated,
        types::TaskStopCode::SpotInterruption => StopCode::SpotInterruption,
        types::TaskStopCode::TerminationNotice => StopCode::TerminationNotice,
        types::TaskStopCode::InfrastructureHealth => StopCode::InfrastructureHealth,
        _ => StopCode::Other,
    }
}

fn container(raw: &types::Container) -> Container {
    Container {
        name: text_or_empty(raw.name()),
        status: text_or_empty(raw.last_status()),
        exit_code: raw.exit_code(),
        reason: text(raw.reason()),
        health: health(raw.health_status()),
        image: text(raw.image()),
        digest: text(raw.image_digest()),
        runtime_id: text(raw.runtime_id()),
        restarts: None,
    }
}

fn attachment(raw: &types::Attachment) -> Attachment {
    let reason = raw
        .details()
        .iter()
        .find(|detail| detail.name() == Some("statusReason"));
    Attachment {
        kind: text_or_empty(raw.r#type()),
        status: text_or_empty(raw.status()),
        reason: text(reason.and_then(types::KeyValuePair::value)),
    }
}

/// A detail of the task's own network interface.
fn interface_detail<'a>(raw: &'a types::Task, name: &str) -> Option<&'a str> {
    raw.attachments()
        .iter()
        .filter(|attachment| attachment.r#type() == Some("ElasticNetworkInterface"))
        .flat_map(types::Attachment::details)
        .find(|detail| detail.name() == Some(name))
        .and_then(types::KeyValuePair::value)
}

/// Once a task has stopped its attachment may be gone; its containers still know the address.
fn container_ip(raw: &types::Task) -> Option<&str> {
    raw.containers()
        .iter()
        .flat_map(types::Container::network_interfaces)
        .find_map(types::NetworkInterface::private_ipv4_address)
}

fn container_overrides(raw: &types::Task) -> &[types::ContainerOverride] {
    raw.overrides()
        .map(types::TaskOverride::container_overrides)
        .unwrap_or_default()
}

fn commands(raw: &types::Task) -> Vec<CommandOverride> {
    let given = |container: &&types::ContainerOverride| !container.command().is_empty();
    let overrides = container_overrides(raw).iter().filter(given);
    overrides
        .map(|container| CommandOverride {
            container: text_or_empty(container.name()),
            command: container
                .command()
                .iter()
                .map(|word| Clean::multiline(word))
                .collect(),
        })
        .collect()
}

fn overrides(raw: &types::Task) -> Vec<EnvironmentOverride> {
    container_overrides(raw)
        .iter()
        .flat_map(|container| {
            container
                .environment()
                .iter()
                .map(move |variable| (container, variable))
        })
        .map(|(container, variable)| EnvironmentOverride {
            container: text_or_empty(container.name()),
            name: text_or_empty(variable.name()),
            // With its line ends: another task may be started with the same value.
            value: Clean::multiline(variable.value().unwrap_or_default()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loopback::{Server, ok};
    use serde_json::json;

    const DEFINITION: &str = "arn:aws:ecs:us-east-1:1:task-definition/web:7";

    fn pair(name: &str, value: &str) -> types::KeyValuePair {
        types::KeyValuePair::builder()
            .name(name)
            .value(value)
            .build()
    }

    fn interface() -> types::Attachment {
        types::Attachment::builder()
            .r#type("ElasticNetworkInterface")
            .details(pair("networkInterfaceId", "eni-1"))
            .details(pair("privateIPv4Address", "10.0.0.7"))
            .build()
    }

    #[test]
    fn the_group_tells_what_keeps_a_task() {
        let of = |group: Option<&str>| {
            task(
                &types::Task::builder()
                    .task_definition_arn(DEFINITION)
                    .set_group(group.map(Into::into))
                    .build(),
            )
            .owner
        };
        assert_eq!(of(Some("service:web")), Owner::Service(Clean::new("web")));
        assert_eq!(of(Some("family:job")), Owner::Family(Clean::new("job")));
        assert_eq!(of(Some("nightly")), Owner::Family(Clean::new("nightly")));
        assert_eq!(of(Some("team:a")), Owner::Family(Clean::new("team:a")));
        assert_eq!(of(None), Owner::Family(Clean::new("web")));
    }

    #[test]
    fn the_address_is_read_off_the_interface() {
        let volume = types::Attachment::builder()
            .r#type("Volume")
            .details(pair("networkInterfaceId", "no"))
            .build();
        let task = task(
            &types::Task::builder()
                .attachments(volume)
                .attachments(interface())
                .build(),
        );
        assert_eq!(
            (task.private_ip.as_deref(), task.interface.as_deref()),
            (Some("10.0.0.7"), Some("eni-1"))
        );
    }

    #[test]
    fn without_its_interface_a_task_still_has_its_containers_address() {
        let interface = types::NetworkInterface::builder()
            .private_ipv4_address("10.0.0.8")
            .build();
        let container = types::Container::builder()
            .network_interfaces(interface)
            .build();
        let task = task(&types::Task::builder().containers(container).build());
        assert_eq!(
            (task.private_ip.as_deref(), task.interface),
            (Some("10.0.0.8"), None)
        );
    }

    #[test]
    fn every_word_of_a_life_is_known_and_a_new_one_is_other() {
        let of = |word: &str| task(&types::Task::builder().last_status(word).build()).status;
        let life = [
            "PROVISIONING",
            "PENDING",
            "ACTIVATING",
            "RUNNING",
            "DEACTIVATING",
            "STOPPING",
            "DEPROVISIONING",
            "STOPPED",
            "DELETED",
            "ASCENDED",
        ];
        assert!(life.map(of).is_sorted_by(|before, after| before < after));
        assert_eq!(of("ASCENDED"), TaskStatus::Other);
    }

    #[test]
    fn a_stop_has_code_reason_and_exit_codes() {
        let died = types::Container::builder()
            .name("app")
            .exit_code(137)
            .reason("OutOfMemoryError: \u{1b}[31mkilled")
            .build();
        let raw = types::Task::builder()
            .stop_code("CosmicRay".into())
            .stopped_reason("Essential container in task exited")
            .containers(
                types::Container::builder()
                    .name("sidecar")
                    .exit_code(0)
                    .build(),
            )
            .containers(died)
            .build();
        let task = task(&raw);
        assert_eq!(
            (task.stop_code, task.exit_code()),
            (Some(StopCode::Other), Some(137))
        );
        assert_eq!(
            task.reason().map(Clean::as_str),
            Some("OutOfMemoryError: killed")
        );
    }

    #[test]
    fn size_and_launch_are_read() {
        let raw = types::Task::builder()
            .cpu("1024")
            .memory("2048")
            .launch_type(types::LaunchType::Fargate);
        let plain = task(&raw.clone().build());
        assert_eq!(
            (plain.cpu, plain.memory, plain.launch.as_str()),
            (Some(1024), Some(2048), "FARGATE")
        );
        assert_eq!(
            task(&raw.capacity_provider_name("FARGATE_SPOT").build()).launch,
            "FARGATE_SPOT"
        );
    }

    #[test]
    fn overrides_name_their_container() {
        let given = types::ContainerOverride::builder()
            .name("app")
            .environment(pair("TASK_ID", "7"))
            .build();
        let raw = types::Task::builder().overrides(
            types::TaskOverride::builder()
                .container_overrides(given)
                .build(),
        );
        let found = task(&raw.build()).overrides;
        let (container, name, value) = (Clean::new("app"), Clean::new("TASK_ID"), Clean::new("7"));
        assert_eq!(
            found,
            [EnvironmentOverride {
                container,
                name,
                value
            }]
        );
    }

    #[tokio::test]
    async fn stopped_tasks_are_asked_for_by_themselves() {
        let server = Server::start(vec![ok(r#"{"taskArns":[]}"#)]).await;
        let aws = server.aws();
        aws.list_tasks(
            &Arn::new("prod"),
            TasksOf::Service(&Clean::new("web")),
            Desired::Stopped,
            None,
        )
        .await
        .unwrap();
        aws.list_tasks(&Arn::new("prod"), TasksOf::Cluster, Desired::Running, None)
            .await
            .unwrap();
        assert_eq!(
            server.body(0),
            json!({ "cluster": "prod", "serviceName": "web", "desiredStatus": "STOPPED", "maxResults": 100 })
        );
        assert_eq!(
            server.body(1),
            json!({ "cluster": "prod", "desiredStatus": "RUNNING", "maxResults": 100 })
        );
    }
}
