//! Confirmed writes: each is carried out to its end, and its stages are told as it reaches them.

use std::future::Future;
use std::sync::Arc;

use ecsdeck_core::act::{Intent, Outcome, Refusal};
use ecsdeck_core::app::Msg;
use tokio::sync::{mpsc, watch};

use super::claims::Busy;
use super::renewal::Steady;
use crate::act::Act;
use crate::call::Caller;
use crate::journal::Journal;
use crate::ports::{Reads, Writes};
use crate::report::Report;

/// What writes are carried out with.
pub(super) struct Writing<R, W> {
    pub(super) caller: Arc<Caller<R>>,
    pub(super) writes: Option<Arc<W>>,
    pub(super) journal: Option<Journal>,
    pub(super) report: Report<R>,
    pub(super) steady: Steady,
    pub(super) busy: Busy,
    /// True when the process is told to end.
    pub(super) ending: watch::Receiver<bool>,
}

impl<R: Reads, W: Writes> Writing<R, W> {
    /// Claims the target now, and gives what carries the write out: refused where another has the target.
    pub(super) fn act(&self, intent: Box<Intent>) -> impl Future<Output = ()> + Send + use<R, W> {
        let claim = self.busy.claim(intent.target.claims());
        let (report, caller) = (self.report.clone(), Arc::clone(&self.caller));
        let (writes, journal) = (self.writes.clone(), self.journal.clone());
        let (steady, ending) = (Arc::clone(&self.steady), self.ending.clone());
        async move {
            let Some(claim) = claim else {
                let refusal = Refusal::Busy(intent.target.subject.name());
                report
                    .tell(Msg::Acted {
                        intent: intent.id,
                        outcome: Outcome::Refused(refusal),
                        seen: Box::default(),
                    })
                    .await;
                return;
            };
            // Stages go through a channel of their own, so that a screen that is slow to take
            // messages does not hold up the write.
            let (reached, mut stages) = mpsc::unbounded_channel();
            let act = async {
                let progress = move |stage| {
                    // The receiver is in this very function.
                    let _ = reached.send(stage);
                };
                let act = Act::new(&caller, &intent, ending, progress);
                let _steady = steady.read().await;
                let end = act.run(writes.as_deref(), journal.as_ref()).await;
                drop(claim);
                end
            };
            let tell = async {
                while let Some(stage) = stages.recv().await {
                    report
                        .tell(Msg::ActReached {
                            intent: intent.id.clone(),
                            stage,
                        })
                        .await;
                }
            };
            let ((outcome, seen), ()) = tokio::join!(act, tell);
            report.calls().await;
            report
                .tell(Msg::Acted {
                    intent: intent.id.clone(),
                    outcome,
                    seen: Box::new(seen),
                })
                .await;
        }
    }
}
