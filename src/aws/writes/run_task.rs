//! ecs:RunTask.

use aws_sdk_ecs::operation::RequestId;
use aws_sdk_ecs::{Client, types};
use ecsdeck_core::act::{
    Capacity, CapacityProvider, ContainerOverride, Made, NetworkConfiguration, Overrides, RunTask,
};
use ecsdeck_core::domain::CloudError;
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Accepted, Reply};

use super::common::{incomplete, unsayable};
use crate::failure;
use crate::plain::{arn, failures};

pub(super) async fn run_task(
    client: &Client,
    operation: &'static str,
    run: &RunTask,
) -> Reply<Accepted> {
    let mut call = client
        .run_task()
        .cluster(run.cluster.as_str())
        .task_definition(run.task_definition.as_str())
        .count(number(operation, run.count)?)
        .set_platform_version(run.platform_version.as_ref().map(ToString::to_string))
        .set_group(run.group.as_ref().map(ToString::to_string))
        .set_enable_execute_command(run.enable_execute_command.then_some(true))
        .started_by(run.started_by.as_str())
        .client_token(run.client_token.as_str());
    call = match &run.capacity {
        None => call,
        Some(Capacity::LaunchType(kind)) => call.launch_type(kind.as_str().into()),
        Some(Capacity::Strategy(providers)) => {
            let items = providers.iter().map(|one| provider(operation, one));
            call.set_capacity_provider_strategy(Some(items.collect::<Reply<_>>()?))
        }
    };
    if let Some(settings) = &run.network_configuration {
        call = call.network_configuration(network(operation, settings)?);
    }
    if !run.overrides.is_empty() {
        call = call.overrides(overrides(operation, &run.overrides)?);
    }
    for tag in &run.tags {
        let tag = types::Tag::builder().key(&tag.key).value(&tag.value);
        call = call.tags(tag.build());
    }
    let answer = call
        .send()
        .await
        .map_err(|error| failure::cloud_error(operation, &error))?;
    let tasks = answer.tasks().iter();
    Ok(Accepted {
        request_id: answer.request_id().map(Clean::new),
        made: Made {
            tasks: tasks.filter_map(|task| arn(task.task_arn())).collect(),
            failures: failures(answer.failures()),
            ..Made::default()
        },
    })
}

fn number(operation: &'static str, count: u32) -> Reply<i32> {
    i32::try_from(count).map_err(|_| unsayable(operation, "a number is out of range for the API"))
}

fn provider(
    operation: &'static str,
    provider: &CapacityProvider,
) -> Result<types::CapacityProviderStrategyItem, CloudError> {
    let mut item = types::CapacityProviderStrategyItem::builder()
        .capacity_provider(provider.capacity_provider.as_str());
    if let Some(weight) = provider.weight {
        item = item.weight(number(operation, weight)?);
    }
    if let Some(base) = provider.base {
        item = item.base(number(operation, base)?);
    }
    item.build().map_err(incomplete(operation))
}

fn network(
    operation: &'static str,
    network: &NetworkConfiguration,
) -> Reply<types::NetworkConfiguration> {
    let settings = &network.awsvpc_configuration;
    let texts = |list: &[Clean]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let groups = &settings.security_groups;
    let vpc = types::AwsVpcConfiguration::builder()
        .set_subnets(Some(texts(&settings.subnets)))
        .set_security_groups((!groups.is_empty()).then(|| texts(groups)))
        .assign_public_ip(settings.assign_public_ip.as_str().into())
        .build()
        .map_err(incomplete(operation))?;
    Ok(types::NetworkConfiguration::builder()
        .awsvpc_configuration(vpc)
        .build())
}

fn overrides(operation: &'static str, overrides: &Overrides) -> Reply<types::TaskOverride> {
    let containers = overrides.container_overrides.iter();
    let containers: Vec<_> = containers
        .map(|one| container(operation, one))
        .collect::<Reply<_>>()?;
    Ok(types::TaskOverride::builder()
        .set_container_overrides((!containers.is_empty()).then_some(containers))
        .set_cpu(overrides.cpu.as_ref().map(ToString::to_string))
        .set_memory(overrides.memory.as_ref().map(ToString::to_string))
        .build())
}

fn container(
    operation: &'static str,
    container: &ContainerOverride,
) -> Reply<types::ContainerOverride> {
    let environment: Vec<_> = container
        .environment
        .iter()
        .map(|variable| {
            types::KeyValuePair::builder()
                .name(&variable.name)
                .value(&variable.value)
                .build()
        })
        .collect();
    let numbered = |value: Option<u32>| value.map(|value| number(operation, value)).transpose();
    Ok(types::ContainerOverride::builder()
        .name(container.name.as_str())
        .set_command(container.command.clone())
        .set_environment((!environment.is_empty()).then_some(environment))
        .set_cpu(numbered(container.cpu)?)
        .set_memory(numbered(container.memory)?)
        .build())
}
