//! The scripted cloud's writes.

use ecsdeck_core::act::{Made, Request, Revision};
use ecsdeck_core::domain::{Arn, Failure};
use ecsdeck_core::text::Clean;

use super::{Cloud, Send, items};
use crate::ports::{Accepted, Reply, Writes};

impl Writes for Cloud {
    async fn send(&self, request: &Request) -> Reply<Accepted> {
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
            Request::StopTask(stop) => state.told_to_stop.push(stop.task.clone()),
            Request::RegisterTaskDefinition(register) => {
                let revision = register.from.revision().unwrap() + 1;
                made.revision = Some(items::revision_arn(register.from.family(), revision));
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
