//! Container instances: the hosts of a cluster.

use aws_sdk_ecs::types;
use ecsdeck_core::domain::{Arn, ContainerInstance, Resources};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Described, InstanceReads, Page, PageToken, Reply, sizes};

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{arn_or_empty, arns, count, failures, names, text, text_or_empty, whole};
use crate::session::Session;

impl InstanceReads for Aws {
    async fn list_container_instances(
        &self,
        cluster: &Arn,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        list(self.session(), cluster, page).await
    }

    async fn describe_container_instances(
        &self,
        cluster: &Arn,
        instances: &[Arn],
    ) -> Reply<Described<ContainerInstance>> {
        describe(self.session(), cluster, instances).await
    }
}

pub(crate) async fn list(
    session: &Session,
    cluster: &Arn,
    page: Option<PageToken>,
) -> Reply<Page<Arn>> {
    let token = raw(page);
    let answer = session
        .ask("ecs:ListContainerInstances", |on| {
            on.ecs
                .list_container_instances()
                .cluster(cluster.as_str())
                .max_results(sizes::LIST_CONTAINER_INSTANCES_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: arns(whole(
            "ecs:ListContainerInstances",
            answer.container_instance_arns.as_deref(),
        )?),
        next: next(answer.next_token()),
    })
}

pub(crate) async fn describe(
    session: &Session,
    cluster: &Arn,
    instances: &[Arn],
) -> Reply<Described<ContainerInstance>> {
    let answer = session
        .ask("ecs:DescribeContainerInstances", |on| {
            on.ecs
                .describe_container_instances()
                .cluster(cluster.as_str())
                .set_container_instances(Some(names(instances)))
                .send()
        })
        .await?;
    Ok(Described {
        items: whole(
            "ecs:DescribeContainerInstances",
            answer.container_instances.as_deref(),
        )?
        .iter()
        .map(instance)
        .collect(),
        failures: failures(answer.failures()),
    })
}

fn instance(raw: &types::ContainerInstance) -> ContainerInstance {
    ContainerInstance {
        arn: arn_or_empty(raw.container_instance_arn()),
        ec2_id: text(raw.ec2_instance_id()),
        status: text_or_empty(raw.status()),
        agent_connected: raw.agent_connected(),
        running: count(raw.running_tasks_count()),
        registered: resources(raw.registered_resources()),
        remaining: resources(raw.remaining_resources()),
        attributes: raw
            .attributes()
            .iter()
            .map(|attribute| Clean::new(attribute.name()))
            .collect(),
    }
}

/// Resources are a list by name. In `remaining` the ports are those that are taken too (source: ECS API
/// reference, ContainerInstance, `remainingResources`).
fn resources(raw: &[types::Resource]) -> Resources {
    let of = |name: &str| raw.iter().find(|resource| resource.name() == Some(name));
    let number = |name| of(name).map_or(0, |resource| count(resource.integer_value()));
    let gpus = of("GPU").map_or(0, |resource| resource.string_set_value().len());
    let ports = of("PORTS").map(types::Resource::string_set_value);
    Resources {
        cpu: number("CPU"),
        memory: number("MEMORY"),
        gpus: u32::try_from(gpus).unwrap_or(u32::MAX),
        ports: ports
            .into_iter()
            .flatten()
            .filter_map(|port| port.parse().ok())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::loopback::{Server, ok};

    #[tokio::test]
    async fn a_host_says_what_it_has_and_what_is_free() {
        let server = Server::start(vec![ok(r#"{"containerInstances":[{
            "containerInstanceArn":"arn:ci/1","ec2InstanceId":"i-1","status":"ACTIVE","agentConnected":true,
            "runningTasksCount":3,"attributes":[{"name":"ecs.instance-type","value":"m5.large"}],
            "registeredResources":[{"name":"CPU","type":"INTEGER","integerValue":2048},
                {"name":"MEMORY","type":"INTEGER","integerValue":7680},
                {"name":"PORTS","type":"STRINGSET","stringSetValue":["22","51678"]},
                {"name":"GPU","type":"STRINGSET","stringSetValue":["GPU-0","GPU-1"]}],
            "remainingResources":[{"name":"CPU","type":"INTEGER","integerValue":128},
                {"name":"PORTS","type":"STRINGSET","stringSetValue":["22","8080","no port"]}]}]}"#)]).await;
        let asked = [Arn::new("arn:ci/1")];
        let described = server
            .aws()
            .describe_container_instances(&Arn::new("prod"), &asked)
            .await
            .unwrap();
        let host = &described.items[0];
        assert!(host.agent_connected);
        assert_eq!(
            (
                host.registered.cpu,
                host.registered.memory,
                host.registered.gpus
            ),
            (2048, 7680, 2)
        );
        assert_eq!((host.remaining.cpu, host.remaining.memory), (128, 0));
        assert_eq!(host.remaining.ports, [22, 8080]);
        assert_eq!(host.attributes[0], "ecs.instance-type");
        assert_eq!(
            server.body(0),
            json!({ "cluster": "prod", "containerInstances": ["arn:ci/1"] })
        );
    }

    #[tokio::test]
    async fn hosts_are_listed_a_hundred_a_page() {
        let server = Server::start(vec![ok(
            r#"{"containerInstanceArns":["arn:ci/1"],"nextToken":"two"}"#,
        )])
        .await;
        let page = server
            .aws()
            .list_container_instances(&Arn::new("prod"), None)
            .await
            .unwrap();
        assert_eq!(page.next, Some(PageToken("two".to_owned())));
        assert_eq!(
            server.body(0),
            json!({ "cluster": "prod", "maxResults": 100 })
        );
    }
}
