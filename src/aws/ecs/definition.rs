//! A revision of a task definition.

use aws_sdk_ecs::types;
use ecsdeck_core::domain::{
    Arn, CloudError, ContainerDefinition, EnvironmentVariable, HealthCheck, LogDestination,
    SecretReference, TaskDefinition,
};
use ecsdeck_core::text::{Clean, masked};
use ecsdeck_worker::ports::{DefinitionReads, Page, PageToken, Reply, sizes};

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{
    arn, arn_or_empty, arns, count, number, port, text, text_or_empty, time, whole,
};
use crate::session::Session;

impl DefinitionReads for Aws {
    async fn describe_task_definition(&self, revision: &Arn) -> Reply<TaskDefinition> {
        describe(self.session(), revision).await
    }

    async fn list_task_definitions(
        &self,
        family: &Clean,
        active: bool,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        list(self.session(), family, active, page).await
    }
}

async fn list(
    session: &Session,
    family: &Clean,
    active: bool,
    page: Option<PageToken>,
) -> Reply<Page<Arn>> {
    const CALL: &str = "ecs:ListTaskDefinitions";
    let token = raw(page);
    let status = if active {
        types::TaskDefinitionStatus::Active
    } else {
        types::TaskDefinitionStatus::Inactive
    };
    let answer = session
        .ask(CALL, |on| {
            on.ecs
                .list_task_definitions()
                // The whole name of a family, whatever the parameter's name says (source: ECS API reference,
                // ListTaskDefinitions).
                .family_prefix(family.as_str())
                .status(status.clone())
                .sort(types::SortOrder::Desc)
                .max_results(sizes::LIST_TASK_DEFINITIONS_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: arns(whole(CALL, answer.task_definition_arns.as_deref())?),
        next: next(answer.next_token()),
    })
}

pub(crate) async fn describe(session: &Session, revision: &Arn) -> Reply<TaskDefinition> {
    const CALL: &str = "ecs:DescribeTaskDefinition";
    let answer = session
        .ask(CALL, |on| {
            on.ecs
                .describe_task_definition()
                .task_definition(revision.as_str())
                .send()
        })
        .await?;
    answer
        .task_definition()
        .map(definition)
        .ok_or_else(|| CloudError::malformed(CALL, "the answer holds no task definition"))
}

pub(crate) fn definition(raw: &types::TaskDefinition) -> TaskDefinition {
    TaskDefinition {
        arn: arn_or_empty(raw.task_definition_arn()),
        status: text_or_empty(raw.status().map(types::TaskDefinitionStatus::as_str)),
        cpu: number(raw.cpu()),
        memory: number(raw.memory()),
        platform: raw.runtime_platform().and_then(platform),
        ephemeral_storage: raw
            .ephemeral_storage()
            .map(|disk| count(disk.size_in_gib())),
        volumes: raw.volumes().iter().map(volume).collect(),
        network_mode: text(raw.network_mode().map(types::NetworkMode::as_str)),
        task_role: arn(raw.task_role_arn()),
        execution_role: arn(raw.execution_role_arn()),
        requires: raw
            .requires_attributes()
            .iter()
            .map(|one| Clean::new(one.name()))
            .collect(),
        registered: time(raw.registered_at()),
        registered_by: arn(raw.registered_by()),
        containers: raw
            .container_definitions()
            .iter()
            .map(|container| self::container(container, raw.network_mode()))
            .collect(),
    }
}

/// The port of the host that a mapping takes for itself. With `awsvpc` a task has an address of its own and takes none;
/// with `host` it takes those that it listens on; otherwise one that is not named, or 0, is any that is free (source:
/// ECS API reference, PortMapping).
fn host_port(mapping: &types::PortMapping, mode: Option<&types::NetworkMode>) -> Option<u16> {
    let named = port(mapping.host_port()).filter(|port| *port > 0);
    match mode {
        Some(types::NetworkMode::Awsvpc | types::NetworkMode::None) => None,
        Some(types::NetworkMode::Host) => named.or_else(|| port(mapping.container_port())),
        _ => named,
    }
}

fn container(
    raw: &types::ContainerDefinition,
    mode: Option<&types::NetworkMode>,
) -> ContainerDefinition {
    ContainerDefinition {
        name: text_or_empty(raw.name()),
        image: text_or_empty(raw.image()),
        // Absent means essential (source: ECS API reference, ContainerDefinition).
        essential: raw.essential().unwrap_or(true),
        // 0 is how the API says "none".
        cpu: Some(count(raw.cpu())).filter(|cpu| *cpu != 0),
        memory: raw.memory().map(count),
        memory_reservation: raw.memory_reservation().map(count),
        ports: raw
            .port_mappings()
            .iter()
            .filter_map(|mapping| port(mapping.container_port()))
            .collect(),
        host_ports: raw
            .port_mappings()
            .iter()
            .filter_map(|mapping| host_port(mapping, mode))
            .collect(),
        command: raw
            .entry_point()
            .iter()
            .chain(raw.command())
            .map(|word| Clean::new(word))
            .collect(),
        environment: raw.environment().iter().map(variable).collect(),
        secrets: raw.secrets().iter().map(secret).collect(),
        environment_files: raw
            .environment_files()
            .iter()
            .map(|file| Clean::new(file.value()))
            .collect(),
        health_check: raw.health_check().map(health_check),
        depends_on: raw
            .depends_on()
            .iter()
            .map(|other| {
                let condition = other.condition().as_str();
                Clean::new(&format!("{} {condition}", other.container_name()))
            })
            .collect(),
        user: text(raw.user()),
        working_directory: text(raw.working_directory()),
        stop_timeout_seconds: raw.stop_timeout().map(count),
        log: raw.log_configuration().map(log),
    }
}

/// Source of the defaults: ECS API reference, HealthCheck.
fn health_check(raw: &types::HealthCheck) -> HealthCheck {
    HealthCheck {
        command: Clean::new(&raw.command().join(" ")),
        interval_seconds: raw.interval().map_or(30, count),
        timeout_seconds: raw.timeout().map_or(5, count),
        retries: raw.retries().map_or(3, count),
        start_period_seconds: raw.start_period().map_or(0, count),
    }
}

fn platform(raw: &types::RuntimePlatform) -> Option<Clean> {
    let system = raw.operating_system_family().map(types::OsFamily::as_str);
    let cpu = raw.cpu_architecture().map(types::CpuArchitecture::as_str);
    let parts: Vec<&str> = [system, cpu].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| Clean::new(&parts.join("/")))
}

fn volume(raw: &types::Volume) -> Clean {
    let kind = match () {
        () if raw.efs_volume_configuration().is_some() => "efs",
        () if raw.fsx_windows_file_server_volume_configuration().is_some() => "fsx",
        () if raw.docker_volume_configuration().is_some() => "docker",
        () if raw.configured_at_launch() == Some(true) => "given at launch",
        () => "host",
    };
    Clean::new(&format!("{} {kind}", raw.name().unwrap_or_default()))
}

fn variable(raw: &types::KeyValuePair) -> EnvironmentVariable {
    EnvironmentVariable {
        name: text_or_empty(raw.name()),
        value: text_or_empty(raw.value()),
    }
}

fn secret(raw: &types::Secret) -> SecretReference {
    SecretReference {
        name: Clean::new(raw.name()),
        from: Clean::new(raw.value_from()),
    }
}

/// Options that say where another driver sends lines (source: ECS API reference, LogConfiguration). Others may hold
/// tokens and are not taken over; what has a user in its address is masked.
const PLACES: [&str; 10] = [
    "Name",
    "log_group_name",
    "delivery_stream",
    "stream",
    "bucket",
    "Host",
    "splunk-url",
    "fluentd-address",
    "gelf-address",
    "syslog-address",
];

fn log(raw: &types::LogConfiguration) -> LogDestination {
    let option = |name: &str| {
        raw.options()
            .and_then(|options| options.get(name))
            .map(|value| Clean::new(value))
    };
    match (raw.log_driver(), option("awslogs-group")) {
        (types::LogDriver::Awslogs, Some(group)) => LogDestination::CloudWatch {
            group,
            region: option("awslogs-region"),
            prefix: option("awslogs-stream-prefix"),
            creates: option("awslogs-create-group").is_some_and(|value| value.as_str() == "true"),
        },
        (driver, _) => {
            let places = PLACES
                .iter()
                .filter_map(|name| Some((*name, option(name)?)));
            let places: Vec<String> = places.map(|(name, value)| masked(name, &value)).collect();
            LogDestination::Driver {
                name: Clean::new(driver.as_str()),
                to: (!places.is_empty()).then(|| Clean::new(&places.join(" "))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::loopback::{Server, ok};

    fn only(raw: types::builders::ContainerDefinitionBuilder) -> ContainerDefinition {
        let definition = definition(
            &types::TaskDefinition::builder()
                .container_definitions(raw.build())
                .build(),
        );
        definition.containers.into_iter().next().unwrap()
    }

    fn logging(driver: types::LogDriver, options: &[(&str, &str)]) -> Option<LogDestination> {
        let mut log = types::LogConfiguration::builder().log_driver(driver);
        for (name, value) in options {
            log = log.options(*name, *value);
        }
        only(types::ContainerDefinition::builder().log_configuration(log.build().unwrap())).log
    }

    #[test]
    fn the_command_is_what_runs_entry_point_first() {
        let raw = types::ContainerDefinition::builder()
            .command("--port")
            .command("80")
            .entry_point("/app");
        assert_eq!(only(raw).command, ["/app", "--port", "80"]);
    }

    #[test]
    fn a_container_is_essential_unless_it_says_otherwise() {
        assert!(only(types::ContainerDefinition::builder()).essential);
        assert!(!only(types::ContainerDefinition::builder().essential(false)).essential);
    }

    #[test]
    fn which_port_of_its_host_a_container_takes_depends_on_the_network_mode() {
        let mapping = |container: i32, host: Option<i32>| {
            types::PortMapping::builder()
                .container_port(container)
                .set_host_port(host)
                .build()
        };
        let taken = |mode: Option<&str>, host: Option<i32>| {
            let container = types::ContainerDefinition::builder();
            let raw = types::TaskDefinition::builder()
                .set_network_mode(mode.map(types::NetworkMode::from))
                .container_definitions(container.port_mappings(mapping(80, host)).build());
            definition(&raw.build()).containers[0].host_ports.clone()
        };
        let none: [u16; 0] = [];
        assert_eq!(taken(Some("awsvpc"), Some(80)), none);
        assert_eq!(taken(Some("host"), None), [80]);
        for mode in [None, Some("bridge")] {
            assert_eq!(taken(mode, Some(8080)), [8080]);
            assert_eq!(taken(mode, Some(0)), none);
            assert_eq!(taken(mode, None), none);
        }
    }

    #[test]
    fn no_cpu_is_no_limit() {
        assert_eq!(only(types::ContainerDefinition::builder()).cpu, None);
        assert_eq!(
            only(types::ContainerDefinition::builder().cpu(256)).cpu,
            Some(256)
        );
    }

    #[test]
    fn logs_go_to_cloudwatch_with_group_region_and_prefix() {
        let options = [
            ("awslogs-group", "/ecs/web"),
            ("awslogs-region", "eu-west-1"),
            ("awslogs-stream-prefix", "web"),
        ];
        assert_eq!(
            logging(types::LogDriver::Awslogs, &options),
            Some(LogDestination::CloudWatch {
                group: Clean::new("/ecs/web"),
                region: Some(Clean::new("eu-west-1")),
                prefix: Some(Clean::new("web")),
                creates: false,
            })
        );
    }

    #[test]
    fn another_driver_is_named_with_where_it_sends_lines_and_no_other_option() {
        let driver = |name: &str, to: Option<&str>| {
            Some(LogDestination::Driver {
                name: Clean::new(name),
                to: to.map(Clean::new),
            })
        };
        let options = [
            ("splunk-token", "hush"),
            ("splunk-url", "https://splunk.example"),
        ];
        let splunk = logging(types::LogDriver::Splunk, &options);
        assert_eq!(splunk, driver("splunk", Some("https://splunk.example")));
        let options = [
            ("Name", "datadog"),
            ("apikey", "hush"),
            ("Host", "dd.example"),
        ];
        let router = logging(types::LogDriver::Awsfirelens, &options);
        assert_eq!(router, driver("awsfirelens", Some("datadog dd.example")));
        let options = [("fluentd-address", "tcp://me:hush@fluentd.example:24224")];
        let Some(LogDestination::Driver { to: Some(to), .. }) =
            logging(types::LogDriver::Fluentd, &options)
        else {
            panic!("no driver");
        };
        assert!(!to.contains("hush"), "{to}");
        assert_eq!(
            logging("carrier-pigeon".into(), &[]),
            driver("carrier-pigeon", None)
        );
    }

    #[test]
    fn variables_secrets_ports_and_health_check_are_read() {
        let raw = types::ContainerDefinition::builder()
            .environment(
                types::KeyValuePair::builder()
                    .name("MODE")
                    .value("prod")
                    .build(),
            )
            .secrets(
                types::Secret::builder()
                    .name("KEY")
                    .value_from("arn:aws:ssm:us-east-1:1:parameter/k")
                    .build()
                    .unwrap(),
            )
            .port_mappings(types::PortMapping::builder().container_port(8080).build())
            .port_mappings(
                types::PortMapping::builder()
                    .container_port_range("1-9")
                    .build(),
            )
            .health_check(
                types::HealthCheck::builder()
                    .command("CMD")
                    .command("curl")
                    .build()
                    .unwrap(),
            );
        let container = only(raw);
        assert_eq!(
            container
                .environment
                .first()
                .map(|variable| variable.value.as_str()),
            Some("prod")
        );
        assert_eq!(
            container.secrets.first().map(|secret| secret.from.as_str()),
            Some("arn:aws:ssm:us-east-1:1:parameter/k")
        );
        assert_eq!(
            (container.ports, container.health_check),
            (
                vec![8080],
                Some(HealthCheck {
                    command: Clean::new("CMD curl"),
                    interval_seconds: 30,
                    timeout_seconds: 5,
                    retries: 3,
                    start_period_seconds: 0,
                })
            )
        );
    }

    #[test]
    fn platform_disk_volumes_and_what_a_container_waits_for_are_read() {
        let platform = types::RuntimePlatform::builder()
            .operating_system_family(types::OsFamily::Linux)
            .cpu_architecture(types::CpuArchitecture::Arm64);
        let efs = types::EfsVolumeConfiguration::builder().file_system_id("fs-1");
        let volume = types::Volume::builder()
            .name("data")
            .efs_volume_configuration(efs.build().unwrap());
        let waits = types::ContainerDependency::builder()
            .container_name("db")
            .condition(types::ContainerCondition::Healthy);
        let container = types::ContainerDefinition::builder()
            .depends_on(waits.build().unwrap())
            .stop_timeout(120);
        let definition = definition(
            &types::TaskDefinition::builder()
                .runtime_platform(platform.build())
                .ephemeral_storage(types::EphemeralStorage::builder().size_in_gib(50).build())
                .volumes(volume.build())
                .container_definitions(container.build())
                .build(),
        );
        assert_eq!(definition.platform.as_deref(), Some("LINUX/ARM64"));
        assert_eq!(definition.ephemeral_storage, Some(50));
        assert_eq!(definition.volumes, ["data efs"]);
        let container = &definition.containers[0];
        assert_eq!(container.depends_on, ["db HEALTHY"]);
        assert_eq!(container.stop_timeout_seconds, Some(120));
    }

    #[tokio::test]
    async fn the_revisions_of_a_family_are_listed_the_newest_first() {
        let server = Server::start(vec![ok(
            r#"{"taskDefinitionArns":["arn:td/web:9"],"nextToken":"two"}"#,
        )])
        .await;
        let family = Clean::literal("web");
        let aws = server.aws();
        let listed = aws.list_task_definitions(&family, false, None);
        let page = listed.await.unwrap();
        assert_eq!(page.items, [Arn::new("arn:td/web:9")]);
        assert_eq!(page.next, Some(PageToken("two".to_owned())));
        assert_eq!(
            server.body(0),
            json!({ "familyPrefix": "web", "status": "INACTIVE", "sort": "DESC", "maxResults": 10 })
        );
    }
}
