//! The service that an acting command is about.

use ecsdeck_core::app::{Model, Pane};
use ecsdeck_core::diagnose::{Fact, Question};
use ecsdeck_core::domain::{Controller, RolloutHistory, ScalableTarget, Service};
use ecsdeck_core::text::Clean;

use super::Failed;
use super::ask::Asked;
use super::open_writes::settle;
use crate::settings::Options;

/// Begins a command on a service, and finds it.
pub(super) async fn begin(options: &Options, name: &str) -> Result<(Asked, Service), Failed> {
    let mut asked = Asked::begin(options, &[Pane::Services]).await?;
    asked.until(Model::is_settled).await?;
    let service = asked.model().service_named(name)?.clone();
    settle(&mut asked).await?;
    Ok((asked, service))
}

/// The service's rollouts. Others than ECS's own have none.
pub(super) async fn rollouts(
    asked: &mut Asked,
    service: &Service,
) -> Result<RolloutHistory, Failed> {
    if service.controller != Controller::Ecs {
        return Ok(RolloutHistory::default());
    }
    match asked.fact(Question::rollouts(service)).await? {
        Fact::Rollouts(history) => Ok(history),
        _ => Ok(RolloutHistory::default()),
    }
}

/// What scales the service.
pub(super) async fn scaling(
    asked: &mut Asked,
    service: &Service,
) -> Result<Option<ScalableTarget>, Failed> {
    match asked.fact(Question::autoscaling(service)).await? {
        Fact::Autoscaling(autoscaling) => Ok(autoscaling.target),
        _ => Ok(None),
    }
}

/// The same, and a note in place of what could not be read: who may not look may still have to act.
pub(super) async fn scaling_or_note(
    asked: &mut Asked,
    service: &Service,
) -> Result<(Option<ScalableTarget>, Option<Clean>), Failed> {
    match scaling(asked, service).await {
        Ok(target) => Ok((target, None)),
        Err(Failed::Cloud(error)) if !error.is_about_credentials() => {
            let note = format!("what scales the service could not be read: {error}");
            Ok((None, Some(Clean::own(note))))
        }
        Err(error) => Err(error),
    }
}
