//! The writing port. This module alone names operations that change something; one file a service.
//!
//! A writer is made only when it is asked for, so that a read-only console has
//! no writing client. It sends a request once: the SDK's retries are off, and
//! nothing here tries again.

mod ecs;

use std::sync::{Arc, Mutex, PoisonError};

use ecsdeck_core::act::Request;
use ecsdeck_core::domain::{CloudError, ErrorKind};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Accepted, Reply, Writes};

use crate::clients::Clients;
use crate::session::Session;

/// AWS, for writing. From [`Aws::writer`](crate::Aws::writer).
#[derive(Debug)]
pub struct AwsWriter {
    session: Arc<Session>,
    /// The client, and the configuration that it was made of.
    made: Mutex<Option<(Arc<Clients>, aws_sdk_ecs::Client)>>,
}

impl AwsWriter {
    pub(crate) fn new(session: Arc<Session>) -> Self {
        Self {
            session,
            made: Mutex::new(None),
        }
    }

    /// The writing client of the present configuration.
    async fn client(&self, operation: &'static str) -> Reply<aws_sdk_ecs::Client> {
        let present = self.session.clients(operation).await?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, client)) = made.as_ref()
            && Arc::ptr_eq(of, &present)
        {
            return Ok(client.clone());
        }
        let config = aws_sdk_ecs::config::Builder::from(present.config())
            .interceptor(self.session.meter().clone());
        let client = aws_sdk_ecs::Client::from_conf(config.build());
        *made = Some((present, client.clone()));
        Ok(client)
    }
}

impl Writes for AwsWriter {
    async fn send(&self, request: &Request) -> Reply<Accepted> {
        let operation = request.operation();
        let client = self.client(operation).await?;
        match request {
            Request::UpdateService(update) => ecs::update_service(&client, operation, update).await,
        }
    }
}

/// A request that the API has no way to say; nothing is sent.
fn unsayable(operation: &'static str, message: &'static str) -> CloudError {
    CloudError {
        operation,
        kind: ErrorKind::Invalid,
        code: None,
        message: Clean::literal(message),
        request_id: None,
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::act::UpdateService;
    use ecsdeck_core::domain::Arn;
    use ecsdeck_worker::ports::Reads;

    use super::*;
    use crate::loopback::{Canned, Server, ok};

    fn scale(count: Option<u32>) -> Request {
        Request::UpdateService(UpdateService {
            cluster: Arn::new("arn:aws:ecs:us-east-1:1:cluster/prod"),
            service: Arn::new("arn:aws:ecs:us-east-1:1:service/prod/web"),
            desired_count: count,
            task_definition: None,
            force_new_deployment: false,
        })
    }

    #[tokio::test]
    async fn what_is_sent_is_what_was_shown_and_nothing_more() {
        let server = Server::start(vec![ok("{}")]).await;
        let (aws, request) = (server.aws(), scale(Some(3)));
        let accepted = aws.writer().send(&request).await.unwrap();
        assert_eq!(accepted.request_id.as_deref(), Some("req-1"));
        assert_eq!(server.body(0), request.body());
        assert!(server.requests()[0].contains("AmazonEC2ContainerServiceV20141113.UpdateService"));
        assert_eq!(aws.calls(), 1, "writes are counted with the reads");
    }

    #[tokio::test]
    async fn a_write_that_fails_is_sent_once() {
        for failing in [
            Canned::Answer(500, "-", "{}"),
            Canned::Hangup,
            Canned::Silence,
        ] {
            let server = Server::start(vec![failing]).await;
            let error = server
                .aws()
                .writer()
                .send(&scale(Some(3)))
                .await
                .unwrap_err();
            assert_eq!(server.requests().len(), 1);
            assert_eq!(error.operation, "ecs:UpdateService");
            assert!(error.may_have_been_applied(), "{error}");
        }
    }

    #[tokio::test]
    async fn a_count_that_cannot_be_said_is_not_sent() {
        let server = Server::start(vec![ok("{}")]).await;
        let error = server
            .aws()
            .writer()
            .send(&scale(Some(u32::MAX)))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind, server.requests().len()),
            (ErrorKind::Invalid, 0)
        );
    }

    #[tokio::test]
    async fn a_writer_keeps_its_client_until_the_credentials_are_renewed() {
        let server = Server::start(vec![ok("{}")]).await;
        let aws = server.aws();
        let writer = aws.writer();
        let configuration = |writer: &AwsWriter| {
            writer
                .made
                .lock()
                .unwrap()
                .as_ref()
                .map(|(of, _)| Arc::as_ptr(of))
                .unwrap()
        };
        writer.send(&scale(Some(1))).await.unwrap();
        let first = configuration(&writer);
        writer.send(&scale(Some(2))).await.unwrap();
        assert_eq!(configuration(&writer), first);
        aws.renew().await.unwrap();
        writer.send(&scale(Some(3))).await.unwrap();
        assert_ne!(configuration(&writer), first);
    }
}
