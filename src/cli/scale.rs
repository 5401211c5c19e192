//! `scale`: set a service's desired count.

use ecsdeck_core::act::scale;
use ecsdeck_core::domain::{ScalableTarget, Suspended};
use ecsdeck_core::text::Clean;

use super::act::{Act, decider, propose};
use super::{Failed, service};
use crate::exit::Exit;
use crate::settings::Options;

/// What to scale.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Scale {
    /// The service, with or without its cluster: [CLUSTER/]SERVICE
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// The desired count
    #[arg(allow_negative_numbers = true)]
    count: String,
    #[command(flatten)]
    act: Act,
}

pub(super) async fn run(options: &Options, command: Scale) -> Result<Exit, Failed> {
    let (mut asked, service) = service::begin(options, &command.service).await?;
    let mut intent = scale(decider(asked.model())?, &service, &command.count);
    if let Ok(intent) = &mut intent {
        let (target, note) = service::scaling_or_note(&mut asked, &service).await?;
        intent.notes.extend(note);
        intent
            .notes
            .extend(target.and_then(|target| undone_by(&target, &command.count)));
    }
    propose(asked, intent, command.act).await
}

/// What autoscaling will do to a count.
fn undone_by(target: &ScalableTarget, count: &str) -> Option<Clean> {
    if target.suspended == Suspended::ALL {
        return None;
    }
    let count: u32 = count.trim().parse().ok()?;
    let outside = !(target.min..=target.max).contains(&count);
    Some(Clean::own(if outside {
        format!(
            "autoscaling keeps the count from {} to {}: it will change this (autoscaling suspend holds it)",
            target.min, target.max
        )
    } else {
        format!(
            "autoscaling may change this count again, from {} to {} (autoscaling suspend holds it)",
            target.min, target.max
        )
    }))
}
