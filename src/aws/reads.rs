//! The reading port: one function, one AWS call, each in the file of its service.

use ecsdeck_core::domain::{
    Alarm, Arn, Cluster, ContainerInstance, Decision, EcrImage, Existence, Identity, ImageState,
    LogEvent, LogSource, MessageMove, Permission, Queue, ScalableTarget, ScalingActivity,
    ScalingPolicy, Service, ServiceDeployment, ServiceRevision, TableShape, TargetGroup,
    TargetHealth, Task, TaskDefinition, Time,
};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{
    DateSample, Described, Desired, ListedDeployment, Page, PageToken, Reads, Reply, RowPage,
    RowQuery, TasksOf,
};

use crate::aws::Aws;
use crate::{alarms, autoscaling, dynamo, ecr, ecs, elb, iam, logs, parameters, secrets, sqs, sts};

impl Reads for Aws {
    async fn renew(&self) -> Reply<()> {
        self.session().renew();
        self.session()
            .clients("aws:LoadConfiguration")
            .await
            .map(drop)
    }

    fn calls(&self) -> u64 {
        self.session().meter().calls()
    }

    fn date(&self) -> Option<DateSample> {
        self.session().meter().date()
    }

    async fn identity(&self) -> Reply<Identity> {
        sts::caller(self.session()).await
    }

    async fn list_clusters(&self, page: Option<PageToken>) -> Reply<Page<Arn>> {
        ecs::cluster::list(self.session(), page).await
    }

    async fn describe_clusters(&self, clusters: &[Arn]) -> Reply<Described<Cluster>> {
        ecs::cluster::describe(self.session(), clusters).await
    }

    async fn list_services(&self, cluster: &Arn, page: Option<PageToken>) -> Reply<Page<Arn>> {
        ecs::service::list(self.session(), cluster, page).await
    }

    async fn describe_services(
        &self,
        cluster: &Arn,
        services: &[Arn],
    ) -> Reply<Described<Service>> {
        ecs::service::describe(self.session(), cluster, services).await
    }

    async fn list_tasks(
        &self,
        cluster: &Arn,
        of: TasksOf<'_>,
        desired: Desired,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        ecs::task::list(self.session(), cluster, of, desired, page).await
    }

    async fn describe_tasks(&self, cluster: &Arn, tasks: &[Arn]) -> Reply<Described<Task>> {
        ecs::task::describe(self.session(), cluster, tasks).await
    }

    async fn definition_document(&self, revision: &Arn) -> Reply<serde_json::Value> {
        ecs::document::document(self.session(), revision).await
    }

    async fn message_moves(&self, queue: &Arn) -> Reply<Vec<MessageMove>> {
        sqs::moves(self.session(), queue).await
    }

    async fn describe_task_definition(&self, revision: &Arn) -> Reply<TaskDefinition> {
        ecs::definition::describe(self.session(), revision).await
    }

    async fn filter_log_events(
        &self,
        source: &LogSource,
        start: Time,
        end: Option<Time>,
        pattern: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<Page<LogEvent>> {
        logs::events(self.session(), source, (start, end), pattern, page).await
    }

    async fn list_queues(&self, page: Option<PageToken>) -> Reply<Page<Clean>> {
        sqs::list(self.session(), page).await
    }

    async fn queue_url(&self, name: &Clean) -> Reply<Clean> {
        sqs::url(self.session(), name).await
    }

    async fn queue(&self, url: &Clean) -> Reply<Queue> {
        sqs::describe(self.session(), url).await
    }

    async fn list_tables(&self, page: Option<PageToken>) -> Reply<Page<Clean>> {
        dynamo::list(self.session(), page).await
    }

    async fn describe_table(&self, table: &Clean) -> Reply<TableShape> {
        dynamo::describe(self.session(), table).await
    }

    async fn rows(
        &self,
        table: &Clean,
        query: &RowQuery,
        page: Option<PageToken>,
    ) -> Reply<RowPage> {
        dynamo::rows(self.session(), table, query, page).await
    }

    async fn list_service_deployments(
        &self,
        cluster: &Arn,
        service: &Arn,
        page: Option<PageToken>,
    ) -> Reply<Page<ListedDeployment>> {
        ecs::rollout::list(self.session(), cluster, service, page).await
    }

    async fn describe_service_deployments(
        &self,
        deployments: &[Arn],
    ) -> Reply<Described<ServiceDeployment>> {
        ecs::rollout::describe(self.session(), deployments).await
    }

    async fn describe_service_revisions(
        &self,
        revisions: &[Arn],
    ) -> Reply<Described<ServiceRevision>> {
        ecs::rollout::revisions(self.session(), revisions).await
    }

    async fn list_container_instances(
        &self,
        cluster: &Arn,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        ecs::instance::list(self.session(), cluster, page).await
    }

    async fn describe_container_instances(
        &self,
        cluster: &Arn,
        instances: &[Arn],
    ) -> Reply<Described<ContainerInstance>> {
        ecs::instance::describe(self.session(), cluster, instances).await
    }

    async fn scalable_target(&self, cluster: &Arn, service: &Arn) -> Reply<Option<ScalableTarget>> {
        autoscaling::target(self.session(), cluster, service).await
    }

    async fn scaling_policies(
        &self,
        cluster: &Arn,
        service: &Arn,
        page: Option<PageToken>,
    ) -> Reply<Page<ScalingPolicy>> {
        autoscaling::policies(self.session(), cluster, service, page).await
    }

    async fn scaling_activities(
        &self,
        cluster: &Arn,
        service: &Arn,
    ) -> Reply<Vec<ScalingActivity>> {
        autoscaling::activities(self.session(), cluster, service).await
    }

    async fn target_group(&self, group: &Arn) -> Reply<Option<TargetGroup>> {
        elb::group(self.session(), group).await
    }

    async fn target_health(&self, group: &Arn) -> Reply<Vec<TargetHealth>> {
        elb::health(self.session(), group).await
    }

    async fn alarms(&self, names: &[Clean]) -> Reply<Vec<Alarm>> {
        alarms::alarms(self.session(), names).await
    }

    async fn image(&self, image: &EcrImage) -> Reply<ImageState> {
        ecr::image(self.session(), image).await
    }

    async fn secret(&self, secret: &Clean) -> Reply<Existence> {
        secrets::secret(self.session(), secret).await
    }

    async fn parameters(&self, name: &Clean, page: Option<PageToken>) -> Reply<Page<Clean>> {
        parameters::parameters(self.session(), name, page).await
    }

    async fn log_groups(
        &self,
        prefix: &Clean,
        region: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<Page<Clean>> {
        logs::groups(self.session(), prefix, region, page).await
    }

    async fn may_role(&self, role: &Arn, action: &Clean, resource: &Clean) -> Reply<Permission> {
        iam::may_role(self.session(), role, action, resource).await
    }

    async fn may_do(
        &self,
        principal: &Arn,
        actions: &[Clean],
        resources: &[Clean],
        cluster: &Arn,
    ) -> Reply<Vec<Decision>> {
        iam::may_do(self.session(), principal, actions, resources, cluster).await
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;

    use super::*;
    use crate::loopback::{Canned, DATE, Server, ok};

    #[tokio::test]
    async fn every_reply_tells_the_time_and_every_call_counts() {
        let server = Server::start(vec![
            ok(r#"{"clusterArns":[]}"#),
            Canned::Answer(500, DATE, "{}"),
        ])
        .await;
        let aws = server.aws();
        aws.list_clusters(None).await.unwrap();
        let first = aws.date().unwrap();
        assert_eq!(first.date, "2037-01-01T00:00:00Z".parse().unwrap());
        let error = aws
            .describe_clusters(&[Arn::new("prod")])
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind, error.operation),
            (ErrorKind::Server, "ecs:DescribeClusters")
        );
        assert!(
            aws.date().unwrap().at > first.at,
            "a failure tells the time too"
        );
        assert_eq!(aws.calls(), 2);
    }

    #[tokio::test]
    async fn an_answer_without_its_subject_is_malformed() {
        let server = Server::start(vec![ok("{}")]).await;
        let aws = server.aws();
        assert_eq!(
            aws.describe_task_definition(&Arn::new("web:1"))
                .await
                .unwrap_err()
                .kind,
            ErrorKind::Malformed
        );
        assert_eq!(
            aws.describe_table(&Clean::new("jobs"))
                .await
                .unwrap_err()
                .kind,
            ErrorKind::Malformed
        );
    }
}
