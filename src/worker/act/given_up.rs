//! A write that has to end now, because the process was told to: what is known of it is written down at once.

use ecsdeck_core::act::{Outcome, Refusal, Stage};
use ecsdeck_core::domain::{CloudError, ErrorKind};
use ecsdeck_core::text::Clean;
use tokio::sync::watch;

use super::Act;
use crate::ports::Reads;

/// How far a step is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reached {
    pub(super) step: usize,
    pub(super) way: Way,
}

/// What is known of its request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// Its request is certainly not applied.
    #[default]
    Before,
    /// Its request is out, and no answer is there.
    Out,
    /// AWS has accepted it.
    Accepted,
}

impl<R: Reads, P: FnMut(Stage)> Act<'_, R, P> {
    /// What is known of a write that has to end now.
    pub(super) fn given_up(&self) -> Outcome {
        let Reached { step: at, way } = self.reached;
        let step = self.intent.steps.get(at);
        let operation = step.map_or("", |step| step.request.operation());
        let told = |words| {
            let error = CloudError::new(operation, ErrorKind::TimedOut, Clean::literal(words));
            self.told(at, error)
        };
        match way {
            Way::Before if at == 0 => Outcome::Refused(Refusal::Interrupted),
            Way::Before => Outcome::Failed(told("ecsdeck was told to end before it was sent")),
            Way::Out => Outcome::Unknown(told("ecsdeck was told to end before an answer came")),
            Way::Accepted => Outcome::Unknown(told(
                "AWS accepted it, and ecsdeck was told to end before it showed",
            )),
        }
    }
}

/// Waits until the process is told to end.
pub(super) async fn told_to_end(ending: &mut watch::Receiver<bool>) {
    // Where nobody can tell it any more, nobody will.
    if ending.wait_for(|ending| *ending).await.is_err() {
        std::future::pending::<()>().await;
    }
}
