//! The scripted cloud's calls.

use ecsdeck_core::domain::{
    Alarm, Arn, Cluster, ContainerInstance, Decision, EcrImage, ErrorKind, Existence, Identity,
    ImageState, InsightsQuery, LogEvent, LogGroup, LogSource, MessageMove, Permission, QueryId,
    Queue, ScalableTarget, ScalingActivity, ScalingPolicy, Service, ServiceDeployment,
    ServiceRevision, TableShape, TaggedImage, TargetGroup, TargetHealth, Task, TaskDefinition,
    Time,
};
use ecsdeck_core::text::Clean;

use super::{Cloud, error, items};
use crate::ports::{
    AlarmReads, ClusterReads, DateSample, DefinitionReads, Described, Desired, DocumentReads,
    ImageReads, InsightsReads, InstanceReads, ListedDeployment, LogReads, Page, PageToken,
    ParameterReads, PermissionReads, QueueReads, Reads, Reply, ResultPage, RolloutReads, RowPage,
    RowQuery, ScalingReads, SecretReads, ServiceReads, StartedQuery, TableReads, TargetReads,
    TaskReads, TasksOf,
};

fn joined(names: &[Arn]) -> String {
    names.iter().map(Arn::name).collect::<Vec<_>>().join(",")
}

impl Reads for Cloud {
    async fn renew(&self) -> Reply<()> {
        self.enter("renew", String::new()).await
    }

    fn calls(&self) -> u64 {
        self.state().calls.len() as u64
    }

    fn date(&self) -> Option<DateSample> {
        self.state().date
    }

    async fn identity(&self) -> Reply<Identity> {
        self.enter("identity", String::new()).await?;
        Ok(self
            .state()
            .identity
            .clone()
            .unwrap_or_else(items::identity))
    }
}

impl ClusterReads for Cloud {
    async fn list_clusters(&self, page: Option<PageToken>) -> Reply<Page<Arn>> {
        self.enter("list_clusters", String::new()).await?;
        let clusters = self.state().clusters.clone();
        Ok(self.page(&clusters, 100, page))
    }

    async fn describe_clusters(&self, clusters: &[Arn]) -> Reply<Described<Cluster>> {
        assert!(
            (1..=100).contains(&clusters.len()),
            "{} clusters",
            clusters.len()
        );
        self.enter("describe_clusters", joined(clusters)).await?;
        Ok(Described {
            items: clusters.iter().map(items::cluster).collect(),
            failures: Vec::new(),
        })
    }
}

impl ServiceReads for Cloud {
    async fn list_services(&self, _: &Arn, page: Option<PageToken>) -> Reply<Page<Arn>> {
        self.enter(
            "list_services",
            page.as_ref().map(|page| page.0.clone()).unwrap_or_default(),
        )
        .await?;
        let services: Vec<Arn> = self.state().services.keys().cloned().collect();
        Ok(self.page(&services, 100, page))
    }

    async fn describe_services(&self, _: &Arn, services: &[Arn]) -> Reply<Described<Service>> {
        assert!(
            (1..=10).contains(&services.len()),
            "{} services",
            services.len()
        );
        self.enter("describe_services", joined(services)).await?;
        let mut state = self.state();
        if let Some((arn, count)) = state.pending.take() {
            if state.lag == 0 {
                state.services.get_mut(&arn).unwrap().desired = count;
            } else {
                state.lag -= 1;
                state.pending = Some((arn, count));
            }
        }
        let (there, gone): (Vec<_>, Vec<_>) = services
            .iter()
            .filter(|arn| !state.silent.contains(arn))
            .partition(|arn| state.services.contains_key(arn));
        Ok(Described {
            items: there
                .into_iter()
                .filter_map(|arn| state.services.get(arn).cloned())
                .collect(),
            failures: gone.into_iter().map(items::missing).collect(),
        })
    }
}

impl TaskReads for Cloud {
    async fn list_tasks(
        &self,
        _: &Arn,
        of: TasksOf<'_>,
        desired: Desired,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        let (operation, whose, tasks) = {
            let state = self.state();
            match (of, desired) {
                (TasksOf::StartedBy(mark), Desired::Running) => {
                    let started = state.started.get(mark).cloned();
                    ("list_started", mark.as_str(), started.unwrap_or_default())
                }
                (TasksOf::StartedBy(mark), Desired::Stopped) => {
                    ("list_started", mark.as_str(), Vec::new())
                }
                (TasksOf::Service(name), Desired::Running) => {
                    ("list_running", name.as_str(), state.running.clone())
                }
                (TasksOf::Service(name), Desired::Stopped) => {
                    ("list_stopped", name.as_str(), state.stopped.clone())
                }
                (TasksOf::Cluster, Desired::Running) => {
                    ("list_running", "*", state.running.clone())
                }
                (TasksOf::Cluster, Desired::Stopped) => {
                    ("list_stopped", "*", state.stopped.clone())
                }
            }
        };
        self.enter(operation, whose.to_owned()).await?;
        Ok(self.page(&tasks, 100, page))
    }

    async fn describe_tasks(&self, _: &Arn, tasks: &[Arn]) -> Reply<Described<Task>> {
        assert!((1..=100).contains(&tasks.len()), "{} tasks", tasks.len());
        self.enter("describe_tasks", joined(tasks)).await?;
        let (gone, there): (Vec<_>, Vec<_>) =
            tasks.iter().partition(|arn| arn.name().starts_with("gone"));
        Ok(Described {
            items: there
                .into_iter()
                .map(|arn| {
                    let mut task = items::task(arn);
                    let state = self.state();
                    let mut told = state.told_to_stop.iter();
                    if let Some((_, reason)) = told.find(|(told, _)| told == arn) {
                        task.desired = Clean::literal("STOPPED");
                        task.stopped_reason = Some(reason.clone());
                    }
                    task
                })
                .collect(),
            failures: gone.into_iter().map(items::missing).collect(),
        })
    }
}

impl DocumentReads for Cloud {
    async fn definition_document(&self, revision: &Arn) -> Reply<serde_json::Value> {
        self.enter("definition_document", revision.name().to_owned())
            .await?;
        Ok(serde_json::json!({ "taskDefinition": {
            "family": "web", "containerDefinitions": [{ "name": "app", "image": "web:1" }]
        } }))
    }
}

impl DefinitionReads for Cloud {
    async fn list_task_definitions(
        &self,
        family: &Clean,
        active: bool,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        self.enter("list_task_definitions", family.to_string())
            .await?;
        let listed = self.state().listed.clone().into_iter();
        let listed = listed.filter(|(_, is_active)| *is_active == active);
        let arns: Vec<Arn> = listed.map(|(arn, _)| arn).collect();
        Ok(self.page(&arns, 10, page))
    }

    async fn describe_task_definition(&self, revision: &Arn) -> Reply<TaskDefinition> {
        self.enter("describe_task_definition", revision.name().to_owned())
            .await?;
        let state = self.state();
        let mut registered = state.registered.iter().rev();
        let found = registered.find(|one| match revision.revision() {
            Some(_) => one.arn.name() == revision.name(),
            // A family is its newest revision.
            None => one.arn.family() == revision.name(),
        });
        if let Some(found) = found {
            return Ok(found.clone());
        }
        Ok(TaskDefinition {
            arn: revision.clone(),
            status: Clean::literal("ACTIVE"),
            ..TaskDefinition::default()
        })
    }
}

impl RolloutReads for Cloud {
    async fn list_service_deployments(
        &self,
        _: &Arn,
        _: &Arn,
        page: Option<PageToken>,
    ) -> Reply<Page<ListedDeployment>> {
        self.enter("list_service_deployments", String::new())
            .await?;
        let rollouts = self.state().rollouts.clone();
        let listed: Vec<_> = rollouts
            .iter()
            .map(|rollout| ListedDeployment {
                arn: rollout.arn.clone(),
                created: rollout.created,
            })
            .collect();
        Ok(self.page(&listed, 100, page))
    }

    async fn describe_service_deployments(
        &self,
        deployments: &[Arn],
    ) -> Reply<Described<ServiceDeployment>> {
        assert!((1..=20).contains(&deployments.len()));
        self.enter("describe_service_deployments", joined(deployments))
            .await?;
        let state = self.state();
        let wanted = |rollout: &&ServiceDeployment| deployments.contains(&rollout.arn);
        Ok(Described {
            items: state.rollouts.iter().filter(wanted).cloned().collect(),
            failures: deployments
                .iter()
                .filter(|arn| !state.rollouts.iter().any(|rollout| rollout.arn == **arn))
                .map(items::missing)
                .collect(),
        })
    }

    async fn describe_service_revisions(
        &self,
        revisions: &[Arn],
    ) -> Reply<Described<ServiceRevision>> {
        assert!((1..=20).contains(&revisions.len()));
        self.enter("describe_service_revisions", joined(revisions))
            .await?;
        Ok(Described {
            items: revisions.iter().map(items::service_revision).collect(),
            failures: Vec::new(),
        })
    }
}

impl InstanceReads for Cloud {
    async fn list_container_instances(&self, _: &Arn, page: Option<PageToken>) -> Reply<Page<Arn>> {
        self.enter("list_container_instances", String::new())
            .await?;
        let instances = self.state().instances.clone();
        Ok(self.page(&instances, 100, page))
    }

    async fn describe_container_instances(
        &self,
        _: &Arn,
        instances: &[Arn],
    ) -> Reply<Described<ContainerInstance>> {
        assert!((1..=100).contains(&instances.len()));
        self.enter("describe_container_instances", joined(instances))
            .await?;
        let (gone, there): (Vec<_>, Vec<_>) = instances
            .iter()
            .partition(|arn| arn.name().starts_with("gone"));
        Ok(Described {
            items: there.into_iter().map(items::instance).collect(),
            failures: gone.into_iter().map(items::missing).collect(),
        })
    }
}

impl LogReads for Cloud {
    async fn filter_log_events(
        &self,
        source: &LogSource,
        start: Time,
        _: Option<Time>,
        _: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<Page<LogEvent>> {
        assert!(
            source.streams.len() <= 100,
            "{} streams",
            source.streams.len()
        );
        self.enter("filter_log_events", source.group.to_string())
            .await?;
        if let Some(lagging) = &mut self.state().lagging {
            return lagging.filter(start, page);
        }
        let events: Vec<_> = self
            .state()
            .events
            .iter()
            .filter(|event| event.group == source.group && event.at >= start)
            .cloned()
            .collect();
        Ok(self.page(&events, 10_000, page))
    }

    async fn log_groups(
        &self,
        prefix: &Clean,
        _: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<Page<Clean>> {
        self.enter("log_groups", prefix.to_string()).await?;
        let names = self.state().names.clone();
        Ok(self.page(&names, 50, page))
    }
}

impl InsightsReads for Cloud {
    async fn start_query(&self, query: &InsightsQuery) -> Reply<StartedQuery> {
        self.enter("start_query", query.text.clone()).await?;
        Ok(match &self.state().wrong {
            Some(problem) => StartedQuery::Wrong(problem.clone()),
            None => StartedQuery::Begun(Clean::literal("query-1")),
        })
    }

    async fn query_results(
        &self,
        query: &QueryId,
        _: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<ResultPage> {
        let argument = page.map_or_else(|| query.to_string(), |page| page.0);
        self.enter("query_results", argument).await?;
        let looks = &mut self.state().looks;
        Ok(match looks.len() {
            1 => looks[0].clone(),
            _ => looks.pop_front().unwrap(),
        })
    }

    async fn stop_query(&self, query: &QueryId, _: Option<&Clean>) -> Reply<()> {
        self.enter("stop_query", query.to_string()).await
    }

    async fn log_group(&self, name: &Clean, _: Option<&Clean>) -> Reply<Option<LogGroup>> {
        self.enter("log_group", name.to_string()).await?;
        let is_there = self.state().names.contains(name);
        Ok(is_there.then(|| LogGroup {
            name: name.clone(),
            stored: Some(1 << 30),
            created: None,
            retention_days: None,
        }))
    }
}

impl QueueReads for Cloud {
    async fn message_moves(&self, queue: &Arn) -> Reply<Vec<MessageMove>> {
        self.enter("message_moves", queue.name().to_owned()).await?;
        Ok(Vec::new())
    }

    async fn list_queues(&self, page: Option<PageToken>) -> Reply<Page<Clean>> {
        self.enter("list_queues", String::new()).await?;
        let urls: Vec<_> = self
            .state()
            .queues
            .values()
            .map(|queue| queue.url.clone())
            .collect();
        Ok(self.page(&urls, 1_000, page))
    }

    async fn queue_url(&self, name: &Clean) -> Reply<Clean> {
        self.enter("queue_url", name.to_string()).await?;
        self.state()
            .queues
            .get(name)
            .map(|queue| queue.url.clone())
            .ok_or_else(|| error(ErrorKind::NotFound))
    }

    async fn queue(&self, url: &Clean) -> Reply<Queue> {
        self.enter("queue", url.rsplit('/').next().unwrap().to_owned())
            .await?;
        let state = self.state();
        state
            .queues
            .values()
            .find(|queue| queue.url == *url)
            .cloned()
            .ok_or_else(|| error(ErrorKind::NotFound))
    }
}

impl TableReads for Cloud {
    async fn list_tables(&self, page: Option<PageToken>) -> Reply<Page<Clean>> {
        self.enter("list_tables", String::new()).await?;
        let tables = self.state().tables.clone();
        Ok(self.page(&tables, 100, page))
    }

    async fn describe_table(&self, table: &Clean) -> Reply<TableShape> {
        self.enter("describe_table", table.to_string()).await?;
        self.state()
            .shape
            .clone()
            .ok_or_else(|| error(ErrorKind::NotFound))
    }

    async fn rows(&self, _: &Clean, query: &RowQuery, page: Option<PageToken>) -> Reply<RowPage> {
        let (operation, wanted) = match query {
            RowQuery::Scan => ("scan", None),
            RowQuery::Index {
                attribute, value, ..
            } => ("query", Some((attribute, value))),
        };
        self.enter(
            operation,
            wanted
                .map(|(_, value)| value.to_string())
                .unwrap_or_default(),
        )
        .await?;
        let fits = |row: &&ecsdeck_core::domain::Row| {
            wanted.is_none_or(|(attribute, value)| row.get(attribute) == Some(value))
        };
        let rows: Vec<_> = self.state().rows.iter().filter(fits).cloned().collect();
        let Page { items, next } = self.page(&rows, 1_000, page);
        Ok(RowPage {
            rows: items,
            next,
            consumed: 0.5,
        })
    }
}

impl ScalingReads for Cloud {
    async fn scalable_target(&self, _: &Arn, _: &Arn) -> Reply<Option<ScalableTarget>> {
        self.enter("scalable_target", String::new()).await?;
        Ok(self.state().scalable)
    }

    async fn scaling_policies(
        &self,
        _: &Arn,
        _: &Arn,
        page: Option<PageToken>,
    ) -> Reply<Page<ScalingPolicy>> {
        self.enter("scaling_policies", String::new()).await?;
        Ok(self.page(&[], 50, page))
    }

    async fn scaling_activities(&self, _: &Arn, _: &Arn) -> Reply<Vec<ScalingActivity>> {
        self.enter("scaling_activities", String::new()).await?;
        Ok([1, 3, 2].map(items::activity).to_vec())
    }
}

impl TargetReads for Cloud {
    async fn target_group(&self, group: &Arn) -> Reply<Option<TargetGroup>> {
        self.enter("target_group", group.name().to_owned()).await?;
        Ok(self.state().group.clone())
    }

    async fn target_health(&self, group: &Arn) -> Reply<Vec<TargetHealth>> {
        self.enter("target_health", group.name().to_owned()).await?;
        if self.state().group.is_none() {
            return Err(error(ErrorKind::NotFound));
        }
        Ok(vec![TargetHealth {
            id: Clean::literal("10.0.0.7"),
            port: Some(80),
            state: Clean::literal("unhealthy"),
            reason: None,
            description: None,
        }])
    }
}

impl AlarmReads for Cloud {
    async fn alarms(&self, names: &[Clean]) -> Reply<Vec<Alarm>> {
        assert!((1..=100).contains(&names.len()));
        self.enter("alarms", names.len().to_string()).await?;
        Ok(Vec::new())
    }
}

impl ImageReads for Cloud {
    async fn image(&self, image: &EcrImage) -> Reply<ImageState> {
        self.enter("image", image.repository.to_string()).await?;
        Ok(ImageState::NoSuchImage)
    }

    async fn tagged_images(
        &self,
        image: &EcrImage,
        page: Option<PageToken>,
    ) -> Reply<Page<TaggedImage>> {
        self.enter("tagged_images", image.repository.to_string())
            .await?;
        let images = self.state().images.clone();
        Ok(self.page(&images, 1_000, page))
    }
}

impl SecretReads for Cloud {
    async fn secret(&self, secret: &Clean) -> Reply<Existence> {
        self.enter("secret", secret.to_string()).await?;
        Ok(Existence::Missing)
    }
}

impl ParameterReads for Cloud {
    async fn parameters(&self, name: &Clean, page: Option<PageToken>) -> Reply<Page<Clean>> {
        self.enter("parameters", name.to_string()).await?;
        let names = self.state().names.clone();
        Ok(self.page(&names, 10, page))
    }
}

impl PermissionReads for Cloud {
    async fn may_role(&self, role: &Arn, _: &Clean, _: &Clean) -> Reply<Permission> {
        self.enter("may_role", role.name().to_owned()).await?;
        Ok(Permission::NotAllowed)
    }

    async fn may_do(
        &self,
        principal: &Arn,
        actions: &[Clean],
        _: &[Clean],
        _: &Arn,
    ) -> Reply<Vec<Decision>> {
        self.enter("may_do", principal.name().to_owned()).await?;
        let denied = |action: &Clean| Decision {
            action: action.clone(),
            resource: Clean::literal("*"),
            permission: Permission::NotAllowed,
        };
        Ok(actions.iter().map(denied).collect())
    }
}
