//! ecs:RunTask: up to ten new tasks, once for each client token.

use serde::{Deserialize, Serialize};

use super::shell::Command;
use crate::domain::{Arn, Network};
use crate::text::Clean;

/// Tasks that one call starts at most (source: ECS API reference, RunTask).
pub const MOST_AT_ONCE: u32 = 10;
/// Characters that all overrides together have at most, as JSON (source: ECS API reference, RunTask).
pub const MOST_OVERRIDES: usize = 8_192;

/// ecs:RunTask. Without a capacity the cluster's default strategy decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunTask {
    /// The cluster.
    pub cluster: Arn,
    /// The revision.
    pub task_definition: Arn,
    /// How many, from 1 to [`MOST_AT_ONCE`].
    pub count: u32,
    /// On what.
    #[serde(flatten)]
    pub capacity: Option<Capacity>,
    /// The Fargate platform version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_version: Option<Clean>,
    /// Where in the network; for the network mode awsvpc only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_configuration: Option<NetworkConfiguration>,
    /// What is different from the task definition.
    #[serde(default, skip_serializing_if = "Overrides::is_empty")]
    pub overrides: Overrides,
    /// The task group; `family:FAMILY` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Clean>,
    /// ECS Exec is on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub enable_execute_command: bool,
    /// Tags for the tasks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Who started it: carries the intent's id, so that its tasks can be found.
    pub started_by: Clean,
    /// The same token gives the same tasks, not more of them.
    pub client_token: Clean,
}

/// On what a task runs: one of the two, never both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Capacity {
    /// FARGATE, EC2 or EXTERNAL.
    #[serde(rename = "launchType")]
    LaunchType(Clean),
    /// Capacity providers: the only way to Fargate Spot.
    #[serde(rename = "capacityProviderStrategy")]
    Strategy(Vec<CapacityProvider>),
}

/// A capacity provider of a strategy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CapacityProvider {
    /// FARGATE, FARGATE_SPOT or one of the cluster's own.
    pub capacity_provider: Clean,
    /// Its share of the tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// Tasks that it gets at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<u32>,
}

/// Where in the network a task runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkConfiguration {
    /// The awsvpc settings.
    pub awsvpc_configuration: AwsVpc,
}

/// The awsvpc settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsVpc {
    /// Subnet ids, at least one.
    pub subnets: Vec<Clean>,
    /// Security group ids; the VPC's own where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_groups: Vec<Clean>,
    /// ENABLED or DISABLED.
    pub assign_public_ip: Clean,
}

impl From<&Network> for NetworkConfiguration {
    fn from(network: &Network) -> Self {
        let public = if network.public_ip {
            "ENABLED"
        } else {
            "DISABLED"
        };
        Self {
            awsvpc_configuration: AwsVpc {
                subnets: network.subnets.clone(),
                security_groups: network.security_groups.clone(),
                assign_public_ip: Clean::literal(public),
            },
        }
    }
}

/// What is different from the task definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Overrides {
    /// For containers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub container_overrides: Vec<ContainerOverride>,
    /// CPU units of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Clean>,
    /// Memory of the task in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Clean>,
}

impl Overrides {
    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Characters that they have as JSON, as AWS counts them.
    pub fn length(&self) -> usize {
        serde_json::to_string(self).map_or(0, |text| text.chars().count())
    }
}

/// What is different in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerOverride {
    /// The container.
    pub name: Clean,
    /// Its command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// Its environment variables: those that are added or replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<Variable>,
    /// Its CPU units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<u32>,
    /// Its hard memory limit in MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
}

/// An environment variable. The value goes out as it was typed, and is never written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl RunTask {
    pub(super) fn command(&self, region: &str) -> Command {
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        let mut command = Command::new("ecs run-task", region)
            .with("cluster", self.cluster.name())
            .with("task-definition", self.task_definition.name())
            .with("count", &self.count.to_string());
        command = match &self.capacity {
            None => command,
            Some(Capacity::LaunchType(kind)) => command.with("launch-type", kind),
            Some(Capacity::Strategy(providers)) => command.with(
                "capacity-provider-strategy",
                &json(serde_json::to_string(providers)),
            ),
        };
        if let Some(version) = &self.platform_version {
            command = command.with("platform-version", version);
        }
        if let Some(network) = &self.network_configuration {
            command = command.with(
                "network-configuration",
                &json(serde_json::to_string(network)),
            );
        }
        if !self.overrides.is_empty() {
            command = command.with("overrides", &json(serde_json::to_string(&self.overrides)));
        }
        if let Some(group) = &self.group {
            command = command.with("group", group);
        }
        if self.enable_execute_command {
            command = command.raw("--enable-execute-command");
        }
        if !self.tags.is_empty() {
            command = command.with("tags", &json(serde_json::to_string(&self.tags)));
        }
        command
            .with("started-by", &self.started_by)
            .with("client-token", &self.client_token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> RunTask {
        RunTask {
            cluster: Arn::new("arn:aws:ecs:us-east-1:1:cluster/prod"),
            task_definition: Arn::new("arn:aws:ecs:us-east-1:1:task-definition/worker:3"),
            count: 2,
            capacity: Some(Capacity::LaunchType(Clean::literal("FARGATE"))),
            platform_version: None,
            network_configuration: Some(NetworkConfiguration::from(&Network {
                subnets: vec![Clean::literal("subnet-1")],
                security_groups: vec![],
                public_ip: true,
            })),
            overrides: Overrides {
                container_overrides: vec![ContainerOverride {
                    name: Clean::literal("app"),
                    environment: vec![Variable {
                        name: "TASK_ID".to_owned(),
                        value: "it's\ntwo lines".to_owned(),
                    }],
                    ..ContainerOverride::default()
                }],
                ..Overrides::default()
            },
            group: None,
            enable_execute_command: false,
            tags: vec![],
            started_by: Clean::literal("ecsdeck/7"),
            client_token: Clean::literal("7-1"),
        }
    }

    #[test]
    fn the_body_has_what_is_said_and_nothing_more() {
        let body = serde_json::to_value(run()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "cluster": "arn:aws:ecs:us-east-1:1:cluster/prod",
                "taskDefinition": "arn:aws:ecs:us-east-1:1:task-definition/worker:3",
                "count": 2,
                "launchType": "FARGATE",
                "networkConfiguration": { "awsvpcConfiguration": {
                    "subnets": ["subnet-1"], "assignPublicIp": "ENABLED"
                } },
                "overrides": { "containerOverrides": [{
                    "name": "app", "environment": [{ "name": "TASK_ID", "value": "it's\ntwo lines" }]
                }] },
                "startedBy": "ecsdeck/7",
                "clientToken": "7-1",
            })
        );
    }

    #[test]
    fn a_body_can_be_read_again_from_the_journal() {
        let mut spot = run();
        spot.capacity = Some(Capacity::Strategy(vec![CapacityProvider {
            capacity_provider: Clean::literal("FARGATE_SPOT"),
            weight: Some(1),
            base: None,
        }]));
        let mut default = run();
        default.capacity = None;
        for run in [run(), spot, default] {
            let body = serde_json::to_value(&run).unwrap();
            assert_eq!(serde_json::from_value::<RunTask>(body).unwrap(), run);
        }
    }

    #[test]
    fn the_command_quotes_what_a_shell_would_take_apart() {
        let line = run().command("us-east-1").line();
        assert!(line.starts_with("aws ecs run-task --region us-east-1 --cluster prod --task-definition worker:3 --count 2 --launch-type FARGATE "), "{line}");
        assert!(line.contains(r#"--overrides '{"containerOverrides":[{"name":"app","environment":[{"name":"TASK_ID","value":"it'\''s\ntwo lines"}]}]}'"#), "{line}");
        assert!(
            line.ends_with("--started-by ecsdeck/7 --client-token 7-1"),
            "{line}"
        );
    }
}
