//! `autoscaling`: hold, release or bound what AWS scales by itself.

use ecsdeck_core::act::{bounds, resume, suspend};

use super::act::{Act, decider, propose};
use super::{Failed, records, service};
use crate::exit::Exit;
use crate::settings::{Options, UsageError};

/// What to do with what scales a service.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Autoscaling {
    /// The service, with or without its cluster
    #[arg(value_name = "[CLUSTER/]SERVICE")]
    service: String,
    /// What to do
    what: What,
    /// For bounds: the fewest tasks
    #[arg(required_if_eq("what", "bounds"))]
    min: Option<String>,
    /// For bounds: the most tasks
    #[arg(required_if_eq("what", "bounds"))]
    max: Option<String>,
    #[command(flatten)]
    act: Act,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Nothing scales the service until it is resumed
    Suspend,
    /// As it was before it was suspended
    Resume,
    /// Other bounds: MIN MAX
    Bounds,
}

pub(super) async fn run(options: &Options, command: Autoscaling) -> Result<Exit, Failed> {
    if command.what != What::Bounds && command.min.is_some() {
        let why = "only bounds takes numbers: bounds MIN MAX";
        return Err(UsageError(why.to_owned()).into());
    }
    let (mut asked, service) = service::begin(options, &command.service).await?;
    let target = service::scaling(&mut asked, &service).await?;
    let (by, target) = (decider(asked.model())?, target.as_ref());
    let intent = match (command.what, &command.min, &command.max) {
        (What::Suspend, ..) => suspend(by, &service, target),
        (What::Resume, ..) => {
            let history = records::read(asked.model())?;
            let now = target.map(|target| target.suspended).unwrap_or_default();
            let earlier = history.suspended_before(&service.arn, now);
            resume(by, &service, target, earlier)
        }
        (What::Bounds, min, max) => {
            let text = |bound: &Option<String>| bound.clone().unwrap_or_default();
            bounds(by, &service, target, &text(min), &text(max))
        }
    };
    propose(asked, intent, command.act).await
}
