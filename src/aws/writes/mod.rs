//! The writing port. This module alone names operations that change something; one file a service.
//!
//! A writer is made only when it is asked for, so that a read-only console has
//! no writing client. It sends a request once: the SDK's retries are off, and
//! nothing here tries again.

mod autoscaling;
mod common;
mod ecs;
mod run_task;
mod sqs;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::sample;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ecsdeck_core::act::Request;
use ecsdeck_worker::ports::{Accepted, Reply, Writes};

use crate::clients::{Clients, client};
use crate::punctual::{self, Uptime};
use crate::session::Session;

/// AWS, for writing. From [`Aws::writer`](crate::Aws::writer).
#[derive(Debug)]
pub struct AwsWriter {
    session: Arc<Session>,
    uptime: Uptime,
    /// The clients, and the configuration that they were made of.
    made: Mutex<Option<(Arc<Clients>, Writers)>>,
}

/// The writing clients. Cheap to clone.
#[derive(Clone, Debug)]
struct Writers {
    ecs: aws_sdk_ecs::Client,
    autoscaling: aws_sdk_applicationautoscaling::Client,
    sqs: aws_sdk_sqs::Client,
}

impl AwsWriter {
    pub(crate) fn new(session: Arc<Session>, uptime: Uptime) -> Self {
        Self {
            session,
            uptime,
            made: Mutex::new(None),
        }
    }

    /// The writing clients of the present configuration.
    async fn writers(&self, operation: &'static str) -> Reply<Writers> {
        let present = self.session.clients(operation).await?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, writers)) = made.as_ref()
            && Arc::ptr_eq(of, &present)
        {
            return Ok(writers.clone());
        }
        let (config, meter) = (present.config(), self.session.meter());
        let writers = Writers {
            ecs: client!(aws_sdk_ecs, config, meter),
            autoscaling: client!(aws_sdk_applicationautoscaling, config, meter),
            sqs: client!(aws_sdk_sqs, config, meter),
        };
        *made = Some((present, writers.clone()));
        Ok(writers)
    }
}

impl Writes for AwsWriter {
    fn uptime(&self) -> Duration {
        self.uptime.now()
    }

    async fn send(&self, request: &Request, not_after: Duration) -> Reply<Accepted> {
        punctual::not_after(not_after, &self.uptime, self.send_now(request)).await
    }
}

impl AwsWriter {
    async fn send_now(&self, request: &Request) -> Reply<Accepted> {
        let operation = request.operation();
        let on = self.writers(operation).await?;
        match request {
            Request::UpdateService(update) => ecs::update_service(&on.ecs, operation, update).await,
            Request::StopServiceDeployment(stop) => {
                ecs::stop_deployment(&on.ecs, operation, stop).await
            }
            Request::ContinueServiceDeployment(go_on) => {
                ecs::continue_deployment(&on.ecs, operation, go_on).await
            }
            Request::RunTask(run) => run_task::run_task(&on.ecs, operation, run).await,
            Request::StopTask(stop) => ecs::stop_task(&on.ecs, operation, stop).await,
            Request::RegisterTaskDefinition(register) => {
                ecs::register(&on.ecs, operation, register).await
            }
            Request::RegisterScalableTarget(target) => {
                autoscaling::register_target(&on.autoscaling, operation, target).await
            }
            Request::StartMessageMoveTask(start) => {
                sqs::start_move(&on.sqs, operation, start).await
            }
        }
    }
}
