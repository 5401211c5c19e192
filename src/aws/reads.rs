//! The reading port: one function, one AWS call.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use aws_sdk_ecs::types::DesiredStatus;
use ecsdeck_core::domain::{
    Alarm, Arn, Cluster, ContainerInstance, Decision, EcrImage, Existence, Identity, ImageState,
    LogEvent, LogSource, MessageMove, Permission, Queue, ScalableTarget, ScalingActivity,
    ScalingPolicy, Service, ServiceDeployment, ServiceRevision, TableShape, TargetGroup,
    TargetHealth, Task, TaskDefinition, Time,
};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{
    DateSample, Described, Desired, ListedDeployment, Page, PageToken, Reads, Reply, RowPage,
    RowQuery,
};

use crate::aws::Aws;
use crate::plain::{self, arns, texts};
use crate::{
    alarms, autoscaling, dynamo, ecr, ecs, elb, failure, iam, logs, parameters, secrets, sqs, sts,
};

/// AWS's token where there is one. SQS and others give an empty one for "no more".
pub(crate) fn next(token: Option<&str>) -> Option<PageToken> {
    token
        .filter(|token| !token.is_empty())
        .map(|token| PageToken(token.to_owned()))
}

pub(crate) fn raw(token: Option<PageToken>) -> Option<String> {
    token.map(|token| token.0)
}

pub(crate) fn names(arns: &[Arn]) -> Vec<String> {
    arns.iter().map(|arn| arn.as_str().to_owned()).collect()
}

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
        const CALL: &str = "sts:GetCallerIdentity";
        let answer = self
            .session()
            .ask(CALL, |on| on.sts.get_caller_identity().send())
            .await?;
        sts::identity(&answer)
            .ok_or_else(|| failure::malformed(CALL, "the answer does not say who we are"))
    }

    async fn list_clusters(&self, page: Option<PageToken>) -> Reply<Page<Arn>> {
        let token = raw(page);
        let answer = self
            .session()
            .ask("ecs:ListClusters", |on| {
                on.ecs
                    .list_clusters()
                    .max_results(100)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok(Page {
            items: arns(answer.cluster_arns()),
            next: next(answer.next_token()),
        })
    }

    async fn describe_clusters(&self, clusters: &[Arn]) -> Reply<Described<Cluster>> {
        let answer = self
            .session()
            .ask("ecs:DescribeClusters", |on| {
                on.ecs
                    .describe_clusters()
                    .set_clusters(Some(names(clusters)))
                    .send()
            })
            .await?;
        Ok(Described {
            items: answer
                .clusters()
                .iter()
                .map(ecs::cluster::cluster)
                .collect(),
            failures: answer.failures().iter().map(plain::failure).collect(),
        })
    }

    async fn list_services(&self, cluster: &Arn, page: Option<PageToken>) -> Reply<Page<Arn>> {
        let token = raw(page);
        let answer = self
            .session()
            .ask("ecs:ListServices", |on| {
                on.ecs
                    .list_services()
                    .cluster(cluster.as_str())
                    .max_results(100)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok(Page {
            items: arns(answer.service_arns()),
            next: next(answer.next_token()),
        })
    }

    async fn describe_services(
        &self,
        cluster: &Arn,
        services: &[Arn],
    ) -> Reply<Described<Service>> {
        let answer = self
            .session()
            .ask("ecs:DescribeServices", |on| {
                on.ecs
                    .describe_services()
                    .cluster(cluster.as_str())
                    .set_services(Some(names(services)))
                    .send()
            })
            .await?;
        Ok(Described {
            items: answer
                .services()
                .iter()
                .map(ecs::service::service)
                .collect(),
            failures: answer.failures().iter().map(plain::failure).collect(),
        })
    }

    async fn list_tasks(
        &self,
        cluster: &Arn,
        service: Option<&Clean>,
        desired: Desired,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        let token = raw(page);
        let desired = match desired {
            Desired::Running => DesiredStatus::Running,
            Desired::Stopped => DesiredStatus::Stopped,
        };
        let answer = self
            .session()
            .ask("ecs:ListTasks", |on| {
                on.ecs
                    .list_tasks()
                    .cluster(cluster.as_str())
                    .set_service_name(service.map(ToString::to_string))
                    .desired_status(desired.clone())
                    .max_results(100)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok(Page {
            items: arns(answer.task_arns()),
            next: next(answer.next_token()),
        })
    }

    async fn describe_tasks(&self, cluster: &Arn, tasks: &[Arn]) -> Reply<Described<Task>> {
        let answer = self
            .session()
            .ask("ecs:DescribeTasks", |on| {
                on.ecs
                    .describe_tasks()
                    .cluster(cluster.as_str())
                    .set_tasks(Some(names(tasks)))
                    .send()
            })
            .await?;
        Ok(Described {
            items: answer.tasks().iter().map(ecs::task::task).collect(),
            failures: answer.failures().iter().map(plain::failure).collect(),
        })
    }

    async fn list_started(
        &self,
        cluster: &Arn,
        started_by: &Clean,
        desired: Desired,
        page: Option<PageToken>,
    ) -> Reply<Page<Arn>> {
        let token = raw(page);
        let desired = match desired {
            Desired::Running => DesiredStatus::Running,
            Desired::Stopped => DesiredStatus::Stopped,
        };
        let answer = self
            .session()
            .ask("ecs:ListTasks", |on| {
                on.ecs
                    .list_tasks()
                    .cluster(cluster.as_str())
                    .started_by(started_by.as_str())
                    .desired_status(desired.clone())
                    .max_results(100)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok(Page {
            items: arns(answer.task_arns()),
            next: next(answer.next_token()),
        })
    }

    async fn definition_document(&self, revision: &Arn) -> Reply<serde_json::Value> {
        ecs::document::document(self.session(), revision).await
    }

    async fn message_moves(&self, queue: &Arn) -> Reply<Vec<MessageMove>> {
        sqs::moves(self.session(), queue).await
    }

    async fn describe_task_definition(&self, revision: &Arn) -> Reply<TaskDefinition> {
        const CALL: &str = "ecs:DescribeTaskDefinition";
        let answer = self
            .session()
            .ask(CALL, |on| {
                on.ecs
                    .describe_task_definition()
                    .task_definition(revision.as_str())
                    .send()
            })
            .await?;
        answer
            .task_definition()
            .map(ecs::definition::definition)
            .ok_or_else(|| failure::malformed(CALL, "the answer holds no task definition"))
    }

    async fn filter_log_events(
        &self,
        source: &LogSource,
        start: Time,
        end: Option<Time>,
        pattern: Option<&Clean>,
        page: Option<PageToken>,
    ) -> Reply<Page<LogEvent>> {
        let token = raw(page);
        let streams: Option<Vec<String>> = (!source.streams.is_empty())
            .then(|| source.streams.iter().map(ToString::to_string).collect());
        let pattern = pattern.filter(|pattern| !pattern.is_empty());
        let answer = self
            .session()
            .ask("logs:FilterLogEvents", |on| {
                on.logs(source.region.as_ref())
                    .filter_log_events()
                    .log_group_name(source.group.as_str())
                    .set_log_stream_names(streams.clone())
                    .start_time(start.as_millisecond())
                    .set_end_time(end.map(|end| end.as_millisecond()))
                    .set_filter_pattern(pattern.map(ToString::to_string))
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok(Page {
            items: answer
                .events()
                .iter()
                .map(|event| logs::event(event, source, start))
                .collect(),
            next: next(answer.next_token()),
        })
    }

    async fn list_queues(&self, page: Option<PageToken>) -> Reply<Page<Clean>> {
        let token = raw(page);
        let answer = self
            .session()
            // Without MaxResults SQS gives no token, and the rest is lost.
            .ask("sqs:ListQueues", |on| {
                on.sqs
                    .list_queues()
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok(Page {
            items: texts(answer.queue_urls()),
            next: next(answer.next_token()),
        })
    }

    async fn queue_url(&self, name: &Clean) -> Reply<Clean> {
        const CALL: &str = "sqs:GetQueueUrl";
        let answer = self
            .session()
            .ask(CALL, |on| {
                on.sqs.get_queue_url().queue_name(name.as_str()).send()
            })
            .await?;
        plain::text(answer.queue_url())
            .ok_or_else(|| failure::malformed(CALL, "the answer holds no URL"))
    }

    async fn queue(&self, url: &Clean) -> Reply<Queue> {
        let answer = self
            .session()
            .ask("sqs:GetQueueAttributes", |on| {
                on.sqs
                    .get_queue_attributes()
                    .queue_url(url.as_str())
                    .set_attribute_names(Some(sqs::ATTRIBUTES.to_vec()))
                    .send()
            })
            .await?;
        Ok(sqs::queue(url, answer.attributes()))
    }

    async fn list_tables(&self, page: Option<PageToken>) -> Reply<Page<Clean>> {
        let token = raw(page);
        let answer = self
            .session()
            .ask("dynamodb:ListTables", |on| {
                on.dynamo
                    .list_tables()
                    .limit(100)
                    .set_exclusive_start_table_name(token.clone())
                    .send()
            })
            .await?;
        Ok(Page {
            items: texts(answer.table_names()),
            next: next(answer.last_evaluated_table_name()),
        })
    }

    async fn describe_table(&self, table: &Clean) -> Reply<TableShape> {
        const CALL: &str = "dynamodb:DescribeTable";
        let answer = self
            .session()
            .ask(CALL, |on| {
                on.dynamo.describe_table().table_name(table.as_str()).send()
            })
            .await?;
        answer
            .table()
            .map(dynamo::shape)
            .ok_or_else(|| failure::malformed(CALL, "the answer holds no table"))
    }

    async fn rows(
        &self,
        table: &Clean,
        query: &RowQuery,
        page: Option<PageToken>,
    ) -> Reply<RowPage> {
        let call = match query {
            RowQuery::Scan => "dynamodb:Scan",
            RowQuery::Index { .. } => "dynamodb:Query",
        };
        let from = match page {
            None => None,
            Some(token) => Some(
                dynamo::key_of(&token)
                    .ok_or_else(|| failure::malformed(call, "the page token is not one of ours"))?,
            ),
        };
        match query {
            RowQuery::Scan => {
                let answer = self
                    .session()
                    .ask(call, |on| {
                        on.dynamo
                            .scan()
                            .table_name(table.as_str())
                            .return_consumed_capacity(ReturnConsumedCapacity::Total)
                            .set_exclusive_start_key(from.clone())
                            .send()
                    })
                    .await?;
                Ok(dynamo::rows(
                    answer.items(),
                    answer.last_evaluated_key(),
                    answer.consumed_capacity(),
                ))
            }
            RowQuery::Index {
                index,
                attribute,
                value,
            } => {
                let answer = self
                    .session()
                    .ask(call, |on| {
                        on.dynamo
                            .query()
                            .table_name(table.as_str())
                            .index_name(index.as_str())
                            .key_condition_expression("#key = :value")
                            .expression_attribute_names("#key", attribute.as_str())
                            .expression_attribute_values(
                                ":value",
                                AttributeValue::S(value.to_string()),
                            )
                            .return_consumed_capacity(ReturnConsumedCapacity::Total)
                            .set_exclusive_start_key(from.clone())
                            .send()
                    })
                    .await?;
                Ok(dynamo::rows(
                    answer.items(),
                    answer.last_evaluated_key(),
                    answer.consumed_capacity(),
                ))
            }
        }
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
    use serde_json::json;

    use super::*;
    use crate::loopback::{Canned, DATE, Server, ok};

    fn cluster() -> Arn {
        Arn::new("prod")
    }

    fn token(text: &str) -> Option<PageToken> {
        Some(PageToken(text.to_owned()))
    }

    fn source(region: Option<&str>, streams: &[&str]) -> LogSource {
        let streams = streams.iter().map(|stream| Clean::new(stream)).collect();
        LogSource {
            group: Clean::new("/ecs/web"),
            region: region.map(Clean::new),
            streams,
        }
    }

    #[tokio::test]
    async fn the_way_to_the_next_page_is_passed_on() {
        let server = Server::start(vec![
            ok(r#"{"serviceArns":["arn:aws:ecs:us-east-1:1:service/prod/a"],"nextToken":"two"}"#),
            ok(r#"{"serviceArns":[]}"#),
        ])
        .await;
        let aws = server.aws();
        let first = aws.list_services(&cluster(), None).await.unwrap();
        assert_eq!((first.items.len(), first.next.clone()), (1, token("two")));
        let last = aws.list_services(&cluster(), first.next).await.unwrap();
        assert_eq!((last.items.len(), last.next), (0, None));
        assert_eq!(
            server.body(0),
            json!({ "cluster": "prod", "maxResults": 100 })
        );
        assert_eq!(
            server.body(1),
            json!({ "cluster": "prod", "maxResults": 100, "nextToken": "two" })
        );
    }

    #[tokio::test]
    async fn every_reply_tells_the_time_and_every_call_counts() {
        let server = Server::start(vec![ok("{}"), Canned::Answer(500, DATE, "{}")]).await;
        let aws = server.aws();
        aws.list_clusters(None).await.unwrap();
        let first = aws.date().unwrap();
        assert_eq!(first.date, "2037-01-01T00:00:00Z".parse().unwrap());
        let error = aws.describe_clusters(&[cluster()]).await.unwrap_err();
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
    async fn what_could_not_be_described_is_told_beside_the_rest() {
        let server = Server::start(vec![ok(
            r#"{"services":[{"serviceName":"web","desiredCount":2}],"failures":[{"arn":"x/gone","reason":"MISSING"}]}"#,
        )])
        .await;
        let found = server
            .aws()
            .describe_services(&cluster(), &[Arn::new("web"), Arn::new("gone")])
            .await
            .unwrap();
        assert_eq!(found.items.first().map(|service| service.desired), Some(2));
        assert_eq!(
            found
                .failures
                .first()
                .map(|failure| failure.reason.as_str()),
            Some("MISSING")
        );
        assert_eq!(
            server.body(0),
            json!({ "cluster": "prod", "services": ["web", "gone"] }),
            "no tags are asked for"
        );
    }

    #[tokio::test]
    async fn stopped_tasks_are_asked_for_by_themselves() {
        let server = Server::start(vec![ok(r#"{"taskArns":[]}"#)]).await;
        let aws = server.aws();
        aws.list_tasks(&cluster(), Some(&Clean::new("web")), Desired::Stopped, None)
            .await
            .unwrap();
        aws.list_tasks(&cluster(), None, Desired::Running, None)
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

    #[tokio::test]
    async fn the_caller_is_who_sts_says() {
        let server = Server::start(vec![ok(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ann</Arn>\
             <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        )])
        .await;
        let identity = server.aws().identity().await.unwrap();
        assert_eq!(
            (identity.account.as_str(), identity.role()),
            ("123456789012", "ann")
        );
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

    #[tokio::test]
    async fn a_whole_group_is_asked_for_without_stream_names() {
        let server = Server::start(vec![ok(
            r#"{"events":[{"message":"x"}],"nextToken":"two"}"#,
        )])
        .await;
        let aws = server.aws();
        let start = Time::from_millisecond(1_500).unwrap();
        let page = aws
            .filter_log_events(&source(None, &[]), start, None, Some(&Clean::new("")), None)
            .await
            .unwrap();
        assert_eq!((page.items.len(), page.next), (1, token("two")));
        assert_eq!(
            server.body(0),
            json!({ "logGroupName": "/ecs/web", "startTime": 1500 })
        );
    }

    #[tokio::test]
    async fn streams_pattern_end_and_page_are_asked_for() {
        let server = Server::start(vec![ok(r#"{"events":[]}"#)]).await;
        let (start, end) = (
            Time::from_millisecond(1_500).unwrap(),
            Time::from_millisecond(2_500).unwrap(),
        );
        let (source, pattern) = (source(None, &["a/b/c"]), Clean::new("?ERROR"));
        server
            .aws()
            .filter_log_events(&source, start, Some(end), Some(&pattern), token("two"))
            .await
            .unwrap();
        assert_eq!(
            server.body(0),
            json!({
                "logGroupName": "/ecs/web", "logStreamNames": ["a/b/c"], "startTime": 1500, "endTime": 2500,
                "filterPattern": "?ERROR", "nextToken": "two",
            })
        );
    }

    #[tokio::test]
    async fn logs_that_lie_elsewhere_are_asked_for_there() {
        let server = Server::start(vec![ok(r#"{"events":[]}"#)]).await;
        let (aws, start) = (server.aws(), Time::from_second(1).unwrap());
        for region in [Some("eu-west-1"), Some("us-east-1"), None] {
            aws.filter_log_events(&source(region, &[]), start, None, None, None)
                .await
                .unwrap();
        }
        let signed_for: Vec<_> = server
            .requests()
            .iter()
            .map(|request| request.contains("/eu-west-1/logs/"))
            .collect();
        assert_eq!(signed_for, [true, false, false]);
        assert_eq!(aws.calls(), 3);
    }

    #[tokio::test]
    async fn a_queue_is_asked_for_its_counts_and_its_dead_letter_queue() {
        let server = Server::start(vec![ok(
            r#"{"Attributes":{"ApproximateNumberOfMessages":"4","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:1:dead\",\"maxReceiveCount\":5}"}}"#,
        )])
        .await;
        let url = Clean::new(&format!("{}/1/jobs", server.endpoint));
        let queue = server.aws().queue(&url).await.unwrap();
        assert_eq!((queue.depth.visible, queue.name.as_str()), (4, "jobs"));
        assert_eq!(queue.dead_letter.map(|dead| dead.max_receives), Some(5));
        assert_eq!(
            server.body(0)["AttributeNames"].as_array().map(Vec::len),
            Some(5)
        );
    }

    #[tokio::test]
    async fn a_queue_that_is_not_there_is_not_found() {
        let body = r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#;
        let server = Server::start(vec![Canned::Answer(400, DATE, body)]).await;
        let error = server
            .aws()
            .queue_url(&Clean::new("gone"))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind, error.operation),
            (ErrorKind::NotFound, "sqs:GetQueueUrl")
        );
    }

    #[tokio::test]
    async fn queues_come_in_pages_and_an_empty_token_is_none() {
        let server =
            Server::start(vec![ok(r#"{"QueueUrls":["http://q/1/a"],"NextToken":""}"#)]).await;
        let page = server.aws().list_queues(None).await.unwrap();
        assert_eq!((page.items.len(), page.next), (1, None));
        assert_eq!(server.body(0), json!({ "MaxResults": 1000 }));
    }

    #[tokio::test]
    async fn a_scan_goes_on_where_it_ended() {
        let server = Server::start(vec![
            ok(r#"{"Items":[{"id":{"S":"7"}}],"LastEvaluatedKey":{"id":{"S":"7"},"n":{"N":"1"},"b":{"B":"AAE="}},"ConsumedCapacity":{"CapacityUnits":1.5}}"#),
            ok(r#"{"Items":[]}"#),
        ])
        .await;
        let (aws, table) = (server.aws(), Clean::new("jobs"));
        let first = aws.rows(&table, &RowQuery::Scan, None).await.unwrap();
        assert!((first.consumed - 1.5).abs() < f64::EPSILON);
        let last = aws.rows(&table, &RowQuery::Scan, first.next).await.unwrap();
        assert_eq!((last.rows.len(), last.next), (0, None));
        assert_eq!(
            server.body(1)["ExclusiveStartKey"],
            json!({ "id": { "S": "7" }, "n": { "N": "1" }, "b": { "B": "AAE=" } })
        );
    }

    #[tokio::test]
    async fn a_query_names_its_key_by_an_alias() {
        let server = Server::start(vec![ok(r#"{"Items":[]}"#)]).await;
        let query = RowQuery::Index {
            index: Clean::new("by-status"),
            attribute: Clean::new("status"),
            value: Clean::new("pending"),
        };
        server
            .aws()
            .rows(&Clean::new("jobs"), &query, None)
            .await
            .unwrap();
        let body = server.body(0);
        assert_eq!(
            body["ExpressionAttributeNames"],
            json!({ "#key": "status" })
        );
        assert_eq!(
            body["ExpressionAttributeValues"],
            json!({ ":value": { "S": "pending" } })
        );
        assert_eq!(
            (&body["IndexName"], &body["KeyConditionExpression"]),
            (&json!("by-status"), &json!("#key = :value"))
        );
    }

    #[tokio::test]
    async fn a_token_that_is_not_ours_is_not_sent() {
        let server = Server::start(vec![ok("{}")]).await;
        let answer = server
            .aws()
            .rows(&Clean::new("jobs"), &RowQuery::Scan, token("two"))
            .await;
        assert_eq!(answer.unwrap_err().kind, ErrorKind::Malformed);
        assert_eq!(server.requests().len(), 0);
    }
}
