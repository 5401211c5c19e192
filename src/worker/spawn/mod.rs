//! The worker's loop: effects in, tasks started and stopped.
//!
//! The loop itself never waits for AWS, for the disk or for room in the
//! message channel, so that a cancellation always gets through. Readings are
//! stopped at any moment; writes are not.

mod claims;
mod errands;
mod readings;
mod renewal;
mod stoppable;
#[cfg(test)]
mod tests;
mod writing;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::app::{Msg, WorkerEffect};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use self::claims::Busy;
use self::errands::Errands;
use self::readings::Readings;
use self::renewal::Renewal;
use self::writing::Writing;
use crate::call::Caller;
use crate::journal::Journal;
use crate::lasting::{Lasting, ToFinish};
use crate::pace::Gaps;
use crate::ports::{Reads, Writes};
use crate::report::Report;
use crate::stopped::Ring;

/// How long the worker goes on after the end of the effects, for writes in flight to settle.
pub const SHUTDOWN_LIMIT: Duration = Duration::from_secs(20);

/// Where the worker writes besides the journal.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    /// For texts that somebody saves.
    pub data: Option<PathBuf>,
    /// For stopped tasks.
    pub stopped: Option<PathBuf>,
}

/// What the worker works with.
#[derive(Debug)]
pub struct Tools<R, W> {
    /// AWS, for reading.
    pub reads: Arc<R>,
    /// AWS, for writing. Without it every write is refused.
    pub writes: Option<Arc<W>>,
    /// Where writes are recorded. Without it every write is refused.
    pub journal: Option<Journal>,
    /// Without a folder nothing is saved or kept.
    pub folders: Folders,
    /// Kept wherever AWS is asked.
    pub gaps: Gaps,
    /// Becomes true when the process is told to end: writes in flight are given up at once.
    pub ending: watch::Receiver<bool>,
}

/// Starts the worker on the tokio runtime that this is called on.
///
/// It carries out `effects` until that channel closes; then it stops readings, waits for writes
/// and saves in flight ([`SHUTDOWN_LIMIT`] at most), and ends. `messages` should be bounded: the
/// worker waits for room and drops nothing. Whoever closes `effects` goes on taking messages or
/// drops their receiver: else the end waits for room.
pub fn spawn<R: Reads, W: Writes>(
    tools: Tools<R, W>,
    effects: mpsc::Receiver<WorkerEffect>,
    messages: mpsc::Sender<Msg>,
) -> JoinHandle<()> {
    let Tools {
        reads,
        writes,
        journal,
        folders,
        gaps,
        ending,
    } = tools;
    let renewing = watch::Sender::new(false);
    let caller = Caller::with_gaps(Arc::clone(&reads), gaps, renewing.subscribe());
    let report = Report::new(messages, Arc::clone(&reads));
    let (lasting, to_finish) = Lasting::new();
    let renewal = Renewal::new(Arc::clone(&reads), renewing);
    let worker = Worker {
        writing: Writing {
            caller: Arc::new(caller.for_acts()),
            writes,
            journal: journal.clone(),
            report: report.clone(),
            steady: renewal.steady(),
            busy: Busy::default(),
            ending,
        },
        readings: Readings::new(caller, report.clone(), lasting),
        to_finish,
        errands: Errands {
            reads,
            report,
            journal,
            ring: folders.stopped.map(Ring::new),
            data_folder: folders.data,
        },
        renewal,
        running: JoinSet::new(),
    };
    tokio::spawn(worker.run(effects))
}

struct Worker<R, W> {
    readings: Readings<R>,
    renewal: Renewal<R>,
    writing: Writing<R, W>,
    errands: Errands<R>,
    /// What readings leave to be done.
    to_finish: ToFinish,
    /// Writes, errands and what readings have left under way: what must come to its end.
    running: JoinSet<()>,
}

impl<R: Reads, W: Writes> Worker<R, W> {
    async fn run(mut self, mut effects: mpsc::Receiver<WorkerEffect>) {
        loop {
            tokio::select! {
                effect = effects.recv() => match effect {
                    Some(effect) => self.handle(effect).await,
                    None => break,
                },
                work = self.to_finish.recv() => drop(self.running.spawn(work)),
                Some(ended) = self.running.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "a write or a save broke off");
                    }
                }
            }
        }
        self.readings.stop_all().await;
        if timeout(SHUTDOWN_LIMIT, self.settled()).await.is_err() {
            tracing::error!("ended before every write was settled: see the journal");
        }
    }

    /// Waits for the end of all that must come to one, and of what that leaves.
    async fn settled(&mut self) {
        loop {
            while let Some(work) = self.to_finish.left() {
                self.running.spawn(work);
            }
            if self.running.join_next().await.is_none() {
                break;
            }
        }
    }

    async fn handle(&mut self, effect: WorkerEffect) {
        let (running, errands) = (&mut self.running, &self.errands);
        match effect {
            WorkerEffect::Read { request, query } => self.readings.start(request, query).await,
            WorkerEffect::Cancel(slot) => self.readings.stop(&slot).await,
            WorkerEffect::RenewCredentials => {
                if self.renewal.begin() {
                    self.readings.forget_urls();
                }
            }
            WorkerEffect::Act(intent) => drop(running.spawn(self.writing.act(intent))),
            WorkerEffect::ReadJournal => drop(running.spawn(errands.read_journal())),
            WorkerEffect::SettleJournal { region } => {
                drop(running.spawn(errands.settle_journal(region)));
            }
            WorkerEffect::Save { stem, text } => drop(running.spawn(errands.save(stem, text))),
            WorkerEffect::LoadExpiredTasks { account, region } => {
                drop(running.spawn(errands.load_kept(account, region)));
            }
            WorkerEffect::KeepStopped {
                account,
                region,
                tasks,
            } => drop(running.spawn(errands.keep_stopped(account, region, tasks))),
        }
    }
}
