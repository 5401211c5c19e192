//! Which field of a request ECS's API refused: RegisterTaskDefinition, RunTask, UpdateService, ExecuteCommand.
//!
//! The API names a field in prose, in a path, or in quotes. The words here are those of its errors and of the AWS
//! CLI's own checks; what they name is the field as the request has it.

use super::flat::flatten;

/// What an error says, and the field that it speaks of. The first that fits is it: paths and longer phrases come
/// before single words.
const FIELDS: &[(&str, &str)] = &[
    ("execute command was not enabled", "enableExecuteCommand"),
    ("enableexecutecommand", "enableExecuteCommand"),
    ("execution role arn", "executionRoleArn"),
    ("executionrolearn", "executionRoleArn"),
    ("taskrolearn", "taskRoleArn"),
    ("task role arn", "taskRoleArn"),
    (
        "awslogs-stream-prefix",
        "logConfiguration.options.awslogs-stream-prefix",
    ),
    ("awslogs-group", "logConfiguration.options.awslogs-group"),
    ("awslogs-region", "logConfiguration.options.awslogs-region"),
    ("log driver", "logConfiguration"),
    ("logconfiguration", "logConfiguration"),
    ("no fargate configuration exists", "cpu and memory"),
    ("invalid 'cpu' setting", "cpu"),
    ("invalid 'memory' setting", "memory"),
    (
        "invalid setting for container",
        "cpu and memory of the container",
    ),
    ("memory or memoryreservation", "memory or memoryReservation"),
    ("memoryreservation", "memoryReservation"),
    ("host ports and container ports", "portMappings.hostPort"),
    ("hostport", "portMappings.hostPort"),
    ("container port is missing", "loadBalancers.containerPort"),
    (
        "did not have a container port",
        "loadBalancers.containerPort",
    ),
    ("containerport", "loadBalancers.containerPort"),
    ("network configuration must be", "networkConfiguration"),
    ("network configuration is not valid", "networkConfiguration"),
    ("networkconfiguration", "networkConfiguration"),
    (
        "assignpublicip",
        "networkConfiguration.awsvpcConfiguration.assignPublicIp",
    ),
    (
        "security groups",
        "networkConfiguration.awsvpcConfiguration.securityGroups",
    ),
    (
        "subnets",
        "networkConfiguration.awsvpcConfiguration.subnets",
    ),
    ("networkmode", "networkMode"),
    ("network mode", "networkMode"),
    ("capacity provider strategy", "capacityProviderStrategy"),
    ("capacityproviderstrategy", "capacityProviderStrategy"),
    ("capacity provider", "capacityProviderStrategy"),
    ("launch type", "launchType"),
    ("launchtype", "launchType"),
    ("requires compatibilities", "requiresCompatibilities"),
    ("requirescompatibilities", "requiresCompatibilities"),
    ("platform version", "platformVersion"),
    ("grace period", "healthCheckGracePeriodSeconds"),
    (
        "minimumhealthypercent",
        "deploymentConfiguration.minimumHealthyPercent",
    ),
    (
        "minimum healthy percent",
        "deploymentConfiguration.minimumHealthyPercent",
    ),
    ("maximumpercent", "deploymentConfiguration.maximumPercent"),
    ("maximum percent", "deploymentConfiguration.maximumPercent"),
    ("desired count", "desiredCount"),
    ("desiredcount", "desiredCount"),
    ("target type", "loadBalancers.targetGroupArn"),
    ("target group", "loadBalancers.targetGroupArn"),
    ("container.image", "containerDefinitions.image"),
    ("container.name", "containerDefinitions.name"),
    ("does not exist in the task definition", "containerName"),
    ("environment variable name", "environment.name"),
    ("secret name must", "secrets.name"),
    ("placement constraint", "placementConstraints"),
    ("ephemeral storage", "ephemeralStorage.sizeInGiB"),
    ("ephemeralstorage", "ephemeralStorage.sizeInGiB"),
    ("runtime platform", "runtimePlatform"),
    ("runtimeplatform", "runtimePlatform"),
    ("health check command", "healthCheck.command"),
    ("overrides", "overrides"),
    ("invalid revision number", "taskDefinition"),
    ("taskdefinition is inactive", "taskDefinition"),
    ("task definition is inactive", "taskDefinition"),
    ("unable to describe task definition", "taskDefinition"),
    ("essential container", "essential"),
    ("role is not valid", "taskRoleArn"),
    ("family", "family"),
];

/// Words that begin an error of the API.
const REFUSED: [&str; 6] = [
    "when calling the ",
    "invalidparameterexception",
    "clientexception",
    "validationexception",
    "parameter validation failed",
    "invalid request provided",
];

/// The field at fault, where an error of the API names one.
pub(super) fn field(text: &str) -> Option<String> {
    let flat = flatten(text);
    if !REFUSED.iter().any(|words| flat.contains(words)) {
        return None;
    }
    if let Some(path) = path(text) {
        return Some(path);
    }
    let fits = FIELDS.iter().find(|(words, _)| flat.contains(words));
    fits.map(|(_, field)| (*field).to_owned())
}

/// A path or name that the AWS CLI or the API writes out: `containerDefinitions[0].memory`, `parameter in input: "x"`.
fn path(text: &str) -> Option<String> {
    let lawful =
        |word: &&str| word.contains("].") && word.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut words =
        text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '(' | ')'));
    if let Some(word) = words.find(lawful) {
        return Some(word.trim_matches([':', '.', ';']).to_owned());
    }
    let leads = [
        "Unknown parameter in input: \"",
        "Missing required parameter in input: \"",
        "Invalid type for parameter ",
        "Invalid length for parameter ",
        "Invalid value for parameter ",
        "Invalid range for parameter ",
    ];
    leads.iter().find_map(|lead| {
        let rest = text.get(text.find(lead)? + lead.len()..)?;
        let end = rest.find(['"', ',', ' ', ':']).unwrap_or(rest.len());
        rest.get(..end)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_api_names_the_field_at_fault() {
        for (text, named) in [
            (
                "An error occurred (ClientException) when calling the RegisterTaskDefinition operation: Fargate requires \
                 task definition to have execution role ARN to support ECR images.",
                "executionRoleArn",
            ),
            (
                "An error occurred (ClientException) when calling the RegisterTaskDefinition operation: No Fargate \
                 configuration exists for given values: 300 CPU, 512 memory.",
                "cpu and memory",
            ),
            (
                "An error occurred (InvalidParameterException) when calling the RunTask operation: Network Configuration \
                 must be provided when networkMode 'awsvpc' is specified.",
                "networkConfiguration",
            ),
            (
                "An error occurred (InvalidParameterException) when calling the ExecuteCommand operation: The execute \
                 command failed because execute command was not enabled when the task was run or the execute command \
                 agent isn't running.",
                "enableExecuteCommand",
            ),
            (
                "InvalidParameterException: The container web does not exist in the task definition.",
                "containerName",
            ),
            (
                "Parameter validation failed:\nUnknown parameter in containerDefinitions[0].portMappings[1]: \"port\"",
                "containerDefinitions[0].portMappings[1]",
            ),
            (
                "Parameter validation failed: Missing required parameter in input: \"family\"",
                "family",
            ),
            (
                "ClientException: Container.image should not be null or empty.",
                "containerDefinitions.image",
            ),
            (
                "ClientException: When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
                "portMappings.hostPort",
            ),
        ] {
            assert_eq!(field(text).as_deref(), Some(named), "{text}");
        }
    }

    #[test]
    fn what_is_no_error_of_the_api_names_no_field() {
        for text in [
            "(service web) was unable to place a task: no launch type fits",
            "CannotPullContainerError: manifest for family:9 not found",
            "",
        ] {
            assert_eq!(field(text), None, "{text}");
        }
    }
}
