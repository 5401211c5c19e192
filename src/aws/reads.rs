//! The reading port: what concerns all calls. Each call itself is in the file of its service.

use ecsdeck_core::domain::Identity;
use ecsdeck_worker::ports::{DateSample, Reads, Reply};

use crate::aws::Aws;
use crate::sts;

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
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::{Arn, ErrorKind};
    use ecsdeck_core::text::Clean;
    use ecsdeck_worker::ports::{ClusterReads, DefinitionReads, TableReads};

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
