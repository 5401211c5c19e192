//! The scripted cloud's writes.

use std::time::Duration;

use ecsdeck_core::act::{Made, Request, Revision};
use ecsdeck_core::domain::{Arn, Failure};
use ecsdeck_core::text::Clean;
use tokio::time::Instant;

use super::{Cloud, Send, items};
use crate::ports::{Accepted, Reply, Writes, too_late};

impl Writes for Cloud {
    fn uptime(&self) -> Duration {
        let mut state = self.state();
        let started = *state.started_at.get_or_insert_with(Instant::now);
        started.elapsed() + state.slept
    }

    async fn send(&self, request: &Request, not_after: Duration) -> Reply<Accepted> {
        if self.uptime() > not_after {
            return Err(too_late(request.operation()));
        }
        let now = self.uptime();
        let dropped = matches!(self.state().sends.front(), Some(Send::Dropped(_)));
        if !dropped {
            self.state().in_flight = Some(now);
        }
        self.enter("send", request.operation().to_owned()).await?;
        let mut state = self.state();
        let send = state.sends.pop_front();
        if let Some(Send::Dropped(error)) = send {
            return Err(error);
        }
        let mut made = Made::default();
        match request {
            Request::UpdateService(update) => {
                if let Some(count) = state.overtaken_by.or(update.desired_count) {
                    state.pending = Some((update.service.clone(), count));
                }
                if let Some(Revision::Known(revision)) = &update.task_definition {
                    let service = state.services.get_mut(&update.service).unwrap();
                    service.task_definition = revision.clone();
                }
            }
            Request::RunTask(run) => {
                let short = state.short.take().unwrap_or(run.count);
                let started: Vec<Arn> = (0..short)
                    .map(|n| items::task_arn(format!("{}-{n}", run.client_token)))
                    .collect();
                let all = state.started.entry(run.started_by.clone()).or_default();
                // The same token gives the same tasks.
                all.extend(
                    started
                        .iter()
                        .filter(|task| !all.contains(task))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
                made.tasks = started;
                if short < run.count {
                    made.failures = vec![Failure {
                        reason: Clean::literal("RESOURCE:MEMORY"),
                        ..items::missing(&Arn::new("instance"))
                    }];
                }
            }
            Request::StopTask(stop) => {
                let told = (stop.task.clone(), stop.reason.clone());
                state.told_to_stop.push(told);
            }
            Request::RegisterTaskDefinition(register) => {
                let revision = register.from.revision().unwrap() + 1;
                let arn = items::revision_arn(register.from.family(), revision);
                state
                    .registered
                    .push(items::definition(&arn, register.document()));
                made.revision = Some(arn);
            }
            Request::StopServiceDeployment(_)
            | Request::ContinueServiceDeployment(_)
            | Request::RegisterScalableTarget(_)
            | Request::StartMessageMoveTask(_) => {}
        }
        match send {
            Some(Send::Lost(error)) => Err(error),
            _ => Ok(Accepted {
                request_id: Some(Clean::literal("request-1")),
                made,
            }),
        }
    }
}
