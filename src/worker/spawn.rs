//! The worker's loop: effects in, tasks started and stopped.
//!
//! The loop itself never waits for AWS, for the disk or for room in the
//! message channel, so that a cancellation always gets through. Readings are
//! stopped at any moment; writes are not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ecsdeck_core::act::{Intent, Outcome, Refusal};
use ecsdeck_core::app::{Effect, Msg, Query, RequestId, Slot};
use ecsdeck_core::domain::Task;
use ecsdeck_core::text::Clean;
use tokio::sync::{RwLock, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::act::{Act, now, settle};
use crate::call::Caller;
use crate::files;
use crate::journal::{Contents, Journal, Unsettled};
use crate::pace::Gaps;
use crate::ports::{CALL_LIMIT, Reads, Writes};
use crate::read::{QueueUrls, Reading};
use crate::report::Report;
use crate::stopped::{Loaded, Ring};

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

/// Starts the worker on the tokio runtime that this is called on.
///
/// It carries out `effects` until that channel closes; then it stops readings, waits for writes
/// and saves in flight ([`SHUTDOWN_LIMIT`] at most), and ends. `messages` should be bounded: the
/// worker waits for room and drops nothing. Without `writes` or `journal` every write is refused;
/// without a data folder every save is; without one for stopped tasks none is kept. Whoever closes
/// `effects` goes on taking messages or drops their receiver: else the end waits for room. `gaps`
/// are kept wherever AWS is asked.
pub fn spawn<R: Reads, W: Writes>(
    reads: Arc<R>,
    writes: Option<Arc<W>>,
    journal: Option<Journal>,
    folders: Folders,
    gaps: Gaps,
    effects: mpsc::Receiver<Effect>,
    messages: mpsc::Sender<Msg>,
) -> JoinHandle<()> {
    let renewing = watch::Sender::new(false);
    let caller = Caller::with_gaps(Arc::clone(&reads), gaps, renewing.subscribe());
    let worker = Worker {
        acting: Arc::new(caller.for_acts()),
        caller: Arc::new(caller),
        report: Report::new(messages, Arc::clone(&reads)),
        reads,
        writes,
        journal,
        data_folder: folders.data,
        ring: folders.stopped.map(Ring::new),
        urls: Arc::default(),
        readings: BTreeMap::new(),
        errands: JoinSet::new(),
        renewing,
        renewal: None,
        steady: Arc::default(),
        busy: Busy::default(),
    };
    tokio::spawn(worker.run(effects))
}

struct Worker<R, W> {
    reads: Arc<R>,
    writes: Option<Arc<W>>,
    journal: Option<Journal>,
    data_folder: Option<PathBuf>,
    ring: Option<Ring>,
    report: Report<R>,
    caller: Arc<Caller<R>>,
    acting: Arc<Caller<R>>,
    urls: Arc<QueueUrls>,
    /// The newest reading of each slot; it may have ended.
    readings: BTreeMap<Slot, Stoppable>,
    /// Writes and saves: what must come to its end.
    errands: JoinSet<()>,
    renewing: watch::Sender<bool>,
    renewal: Option<Stoppable>,
    /// Shared by writes in flight, had alone by a renewal: a write that was checked with some
    /// credentials must not be sent with others.
    steady: Arc<RwLock<()>>,
    busy: Busy,
}

impl<R: Reads, W: Writes> Worker<R, W> {
    async fn run(mut self, mut effects: mpsc::Receiver<Effect>) {
        loop {
            tokio::select! {
                effect = effects.recv() => match effect {
                    Some(effect) => self.handle(effect).await,
                    None => break,
                },
                Some(ended) = self.errands.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "a write or a save broke off");
                    }
                }
            }
        }
        self.readings.clear();
        let settled = async { while self.errands.join_next().await.is_some() {} };
        if timeout(SHUTDOWN_LIMIT, settled).await.is_err() {
            tracing::error!("ended before every write was settled: see the journal");
        }
    }

    async fn handle(&mut self, effect: Effect) {
        match effect {
            Effect::Read { request, query } => self.read(request, query).await,
            Effect::Cancel(slot) => self.stop(&slot).await,
            Effect::RenewCredentials => self.renew(),
            Effect::Act(intent) => self.act(intent),
            Effect::ReadJournal => self.read_journal(),
            Effect::SettleJournal { region } => self.settle_journal(region),
            Effect::Save { stem, text } => self.save(stem, text),
            Effect::LoadKept { account, region } => self.load_kept(account, region),
            Effect::KeepStopped {
                account,
                region,
                tasks,
            } => self.keep_stopped(account, region, tasks),
            // The loop's own.
            Effect::Copy(_)
            | Effect::AskShown(_)
            | Effect::Suspend
            | Effect::Repaint
            | Effect::Quit => {}
        }
    }

    async fn read(&mut self, request: RequestId, query: Query) {
        let slot = query.slot();
        self.stop(&slot).await;
        self.readings.retain(|_, reading| !reading.0.is_finished());
        let reading = Reading {
            caller: Arc::clone(&self.caller),
            report: self.report.clone(),
            urls: Arc::clone(&self.urls),
            slot: slot.clone(),
            request,
        };
        self.readings
            .insert(slot, Stoppable(tokio::spawn(reading.run(query))));
    }

    /// Stops a slot's reading. When this returns, it sends nothing more.
    async fn stop(&mut self, slot: &Slot) {
        if let Some(reading) = self.readings.remove(slot) {
            reading.stop().await;
        }
    }

    /// Loads the credentials anew; calls that begin meanwhile wait for it.
    fn renew(&mut self) {
        if self.renewing.send_replace(true) {
            return;
        }
        // Names may mean other queues to another account.
        self.urls.clear();
        let reads = Arc::clone(&self.reads);
        let steady = Arc::clone(&self.steady);
        let end = EndOfRenewal(self.renewing.clone());
        self.renewal = Some(Stoppable(tokio::spawn(async move {
            let _end = end;
            let _alone = steady.write().await;
            // A failure shows in the next call, with AWS's words.
            match timeout(CALL_LIMIT, reads.renew()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the credentials could not be loaded anew")
                }
                Err(_) => tracing::warn!("loading the credentials anew took too long"),
            }
        })));
    }

    fn act(&mut self, intent: Box<Intent>) {
        let report = self.report.clone();
        let Some(claim) = self.busy.claim(intent.target.claims()) else {
            self.errands.spawn(async move {
                let refusal = Refusal::Busy(intent.target.subject.name());
                let outcome = Outcome::Refused(refusal);
                report
                    .tell(Msg::Acted {
                        intent: intent.id,
                        outcome,
                        seen: Box::default(),
                    })
                    .await;
            });
            return;
        };
        let (caller, writes) = (Arc::clone(&self.acting), self.writes.clone());
        let (journal, steady) = (self.journal.clone(), Arc::clone(&self.steady));
        self.errands.spawn(async move {
            // Stages go through a channel of their own, so that a screen that is slow to take
            // messages does not hold up the write.
            let (reached, mut stages) = mpsc::unbounded_channel();
            let act = async {
                let progress = move |stage| {
                    // The receiver is in this very function.
                    let _ = reached.send(stage);
                };
                let act = Act::new(&caller, &intent, progress);
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
            let seen = Box::new(seen);
            report
                .tell(Msg::Acted {
                    intent: intent.id.clone(),
                    outcome,
                    seen,
                })
                .await;
        });
    }

    fn load_kept(&mut self, account: Clean, region: Clean) {
        let (report, ring) = (self.report.clone(), self.ring.clone());
        let (journal, now) = (self.journal.clone(), now(&*self.reads));
        self.errands.spawn(async move {
            let of = account.clone();
            let load = move || {
                let loaded = ring.map(|ring| ring.load(&of, &region, now));
                let loaded = match loaded {
                    None => Loaded::default(),
                    Some(Ok(loaded)) => loaded,
                    Some(Err(error)) => not_read(&error),
                };
                // What is wrong with the journal is said where somebody asks for it.
                let actions = journal.map(|journal| journal.past_actions(&of, &region, now));
                (loaded, actions.unwrap_or_default())
            };
            let (loaded, actions) = tokio::task::spawn_blocking(load)
                .await
                .unwrap_or_else(|error| (not_read(&error), Vec::new()));
            let problem = loaded.problem.as_deref().map(Clean::new);
            let tasks = loaded.tasks;
            report
                .tell(Msg::KeptLoaded {
                    account,
                    tasks,
                    actions,
                    problem,
                })
                .await;
        });
    }

    fn keep_stopped(&mut self, account: Clean, region: Clean, tasks: Vec<Task>) {
        let Some(ring) = self.ring.clone() else {
            return;
        };
        let (report, now) = (self.report.clone(), now(&*self.reads));
        self.errands.spawn(async move {
            let keep = move || ring.keep(&account, &region, &tasks, now);
            let why = match tokio::task::spawn_blocking(keep).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            };
            report.tell(Msg::StoppedNotKept(Clean::new(&why))).await;
        });
    }

    fn read_journal(&mut self) {
        let (report, journal) = (self.report.clone(), self.journal.clone());
        self.errands.spawn(async move {
            let read = contents(journal).await.map(|contents| contents.told());
            report.tell(Msg::JournalRead(read)).await;
        });
    }

    /// Finds out by reading what became of writes whose end nobody saw.
    fn settle_journal(&mut self, region: Clean) {
        let (report, journal) = (self.report.clone(), self.journal.clone());
        let reads = Arc::clone(&self.reads);
        self.errands.spawn(async move {
            let (Some(journal), Ok(contents)) = (&journal, contents(journal.clone()).await) else {
                return;
            };
            // What is in this region says nothing of another one.
            let here = |one: &Unsettled| one.record.target.region == region;
            for unsettled in contents.unsettled().into_iter().filter(here) {
                let settled = settle(Arc::clone(&reads), journal, &unsettled).await;
                let record = unsettled.record;
                let title = Clean::own(format!(
                    "{} {} of {}",
                    record.verb,
                    record.target.subject.name(),
                    record.at.strftime("%m-%d %H:%M")
                ));
                let again = matches!(&settled, Ok(Some(settled)) if settled.resend);
                let (outcome, detail) = match settled {
                    Ok(Some(settled)) => (Some(settled.outcome), settled.detail),
                    Ok(None) => (
                        None,
                        Clean::literal("it may still be under way, or was done elsewhere"),
                    ),
                    Err(error) => (
                        None,
                        Clean::own(format!("it could not be looked at: {error}")),
                    ),
                };
                report
                    .tell(Msg::JournalSettled {
                        title,
                        outcome,
                        detail,
                        resend: again.then(|| Box::new(record)),
                    })
                    .await;
            }
        });
    }

    fn save(&mut self, stem: Clean, text: String) {
        let (report, folder) = (self.report.clone(), self.data_folder.clone());
        let now = now(&*self.reads);
        self.errands.spawn(async move {
            let saved = match folder {
                None => Err(Clean::literal("there is no data folder to save to")),
                Some(folder) => {
                    let save = move || files::save(&folder, &stem, now, &text);
                    match tokio::task::spawn_blocking(save).await {
                        Ok(Ok(path)) => Ok(Clean::new(&path.to_string_lossy())),
                        Ok(Err(error)) => Err(Clean::new(&error.to_string())),
                        Err(error) => Err(Clean::new(&error.to_string())),
                    }
                }
            };
            report.tell(Msg::Saved(saved)).await;
        });
    }
}

/// A ring that could not be read.
fn not_read(error: &dyn std::fmt::Display) -> Loaded {
    Loaded {
        problem: Some(format!(
            "stopped tasks kept on disk cannot be read: {error}"
        )),
        ..Loaded::default()
    }
}

/// What the journal holds, or why it cannot be read.
async fn contents(journal: Option<Journal>) -> Result<Contents, Clean> {
    let Some(journal) = journal else {
        return Err(Clean::literal("there is no place for it"));
    };
    match tokio::task::spawn_blocking(move || journal.read()).await {
        Ok(Ok(contents)) => Ok(contents),
        Ok(Err(error)) => Err(Clean::new(&error.to_string())),
        Err(error) => Err(Clean::new(&error.to_string())),
    }
}

/// A task that ends when it is dropped.
struct Stoppable(JoinHandle<()>);

impl Stoppable {
    /// Stops it, and waits until it has.
    async fn stop(mut self) {
        self.0.abort();
        // Cancelled, or ended just before: both are what was wanted.
        let _ = (&mut self.0).await;
    }
}

impl Drop for Stoppable {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Lets the calls go on, however the renewal ended.
struct EndOfRenewal(watch::Sender<bool>);

impl Drop for EndOfRenewal {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}

/// What the writes in flight have claimed.
#[derive(Clone, Default)]
struct Busy(Arc<Mutex<BTreeSet<Clean>>>);

impl Busy {
    /// Claims all of a target, unless a write in flight has some of it.
    fn claim(&self, keys: Vec<Clean>) -> Option<Claim> {
        let mut claimed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.iter().any(|key| claimed.contains(key)) {
            return None;
        }
        claimed.extend(keys.iter().cloned());
        Some(Claim {
            busy: self.clone(),
            keys,
        })
    }
}

/// A target that no other write may go to as long as this is there.
struct Claim {
    busy: Busy,
    keys: Vec<Clean>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut claimed = self.busy.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.keys.iter().for_each(|key| {
            claimed.remove(key);
        });
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::act::Stage;
    use ecsdeck_core::domain::{Arn, ErrorKind};
    use tokio::time::{Instant, advance, sleep};

    use super::*;
    use crate::journal::Who;
    use crate::script::{Cloud, Console, error, intent, service, service_arn};

    fn console(cloud: &Arc<Cloud>) -> Console {
        Console::start(cloud, None, None, 64)
    }

    /// A console that may write, on a cloud with the service `web`.
    fn writing_console() -> (Arc<Cloud>, Console, tempfile::TempDir) {
        let web = service_arn("web");
        let cloud = Cloud::with(|state| {
            state.services.insert(web.clone(), service(&web, 2));
        });
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path().join("journal.jsonl"), Who::default());
        let console = Console::start(&cloud, Some(journal), Some(folder.path().join("data")), 64);
        (cloud, console, folder)
    }

    fn scale_to(count: u32) -> Effect {
        Effect::Act(Box::new(intent(count)))
    }

    async fn acted(console: &mut Console) -> Outcome {
        loop {
            if let Msg::Acted { outcome, .. } = console.next().await.unwrap() {
                return outcome;
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_newer_reading_of_the_slot_replaces_the_older() {
        let cloud = Cloud::with(|_| {});
        let gate = cloud.gate("identity");
        let mut console = console(&cloud);
        console.read(1, Query::Identity).await;
        cloud.called("identity", 1).await;
        console.read(2, Query::Identity).await;
        cloud.called("identity", 2).await;
        gate.add_permits(2);
        // Any message of the first reading would fail here.
        let told = console.until_end(2).await;
        assert_eq!((told.result, told.answers.len()), (Ok(()), 1));
        assert!(
            console
                .end()
                .await
                .iter()
                .all(|message| matches!(message, Msg::Called(_)))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn slots_do_not_disturb_each_other() {
        let cloud = Cloud::with(|_| {});
        cloud.gate("identity");
        let mut console = console(&cloud);
        console.read(1, Query::Identity).await;
        console.read(2, Query::Tables).await;
        assert_eq!(console.until_end(2).await.result, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_reading_sends_nothing_more() {
        let cloud = Cloud::with(|_| {});
        let gate = cloud.gate("identity");
        let console = console(&cloud);
        console.read(1, Query::Identity).await;
        cloud.called("identity", 1).await;
        console.send(Effect::Cancel(Slot::Identity)).await;
        sleep(Duration::from_millis(10)).await;
        gate.add_permits(1);
        advance(Duration::from_secs(60)).await;
        assert_eq!(console.end().await, []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_reading_that_waits_for_room_lets_go() {
        let cloud = Cloud::with(|state| {
            for n in 0..100 {
                let arn = service_arn(n);
                state.services.insert(arn.clone(), service(&arn, 1));
            }
        });
        let console = Console::start(&cloud, None, None, 1);
        let cluster = crate::script::cluster_arn();
        let query = Query::Services {
            cluster: cluster.clone(),
        };
        console.read(1, query).await;
        // Nobody takes messages, so the reading is stuck with the channel full.
        sleep(Duration::from_secs(60)).await;
        console.send(Effect::Cancel(Slot::Services(cluster))).await;
        sleep(Duration::from_secs(1)).await;
        assert_eq!(
            console.end().await.len(),
            1,
            "only what was in the channel already"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_screen_loses_nothing() {
        let cloud = Cloud::with(|state| {
            for n in 0..100 {
                let arn = service_arn(n);
                state.services.insert(arn.clone(), service(&arn, 1));
            }
        });
        let mut console = Console::start(&cloud, None, None, 1);
        let cluster = crate::script::cluster_arn();
        console.read(1, Query::Services { cluster }).await;
        sleep(Duration::from_secs(60)).await;
        let told = console.until_end(1).await;
        assert_eq!((told.answers.len(), told.result), (11, Ok(())));
    }

    #[tokio::test(start_paused = true)]
    async fn the_number_of_calls_is_told_once_for_each_change() {
        let cloud = Cloud::with(|_| {});
        let mut console = console(&cloud);
        console.read(1, Query::Identity).await;
        let mut told = Vec::new();
        loop {
            match console.messages.recv().await.unwrap() {
                Msg::Called(calls) => told.push(calls),
                Msg::ReadEnded { .. } => break,
                _ => {}
            }
        }
        assert_eq!(told, [1]);
        assert_eq!(console.end().await, []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reading_after_a_renewal_waits_for_it() {
        let cloud = Cloud::with(|_| {});
        let gate = cloud.gate("renew");
        let mut console = console(&cloud);
        console.send(Effect::RenewCredentials).await;
        console.send(Effect::RenewCredentials).await;
        console.read(1, Query::Identity).await;
        sleep(Duration::from_secs(1)).await;
        assert_eq!((cloud.count("renew"), cloud.count("identity")), (1, 0));
        gate.add_permits(1);
        assert_eq!(console.until_end(1).await.result, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewal_that_hangs_or_fails_does_not_hold_up_readings_for_ever() {
        for hangs in [true, false] {
            let cloud = Cloud::with(|state| {
                crate::script::fail(state, "renew", &[ErrorKind::NoCredentials]);
            });
            if hangs {
                cloud.gate("renew");
            }
            let mut console = console(&cloud);
            console.send(Effect::RenewCredentials).await;
            console.read(1, Query::Identity).await;
            assert_eq!(console.until_end(1).await.result, Ok(()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_tells_its_stages_and_its_end() {
        let (_, mut console, _folder) = writing_console();
        console.send(scale_to(5)).await;
        let mut stages = Vec::new();
        let end = loop {
            match console.next().await.unwrap() {
                Msg::ActReached { stage, .. } => stages.push(stage),
                end => break end,
            }
        };
        let all = [
            Stage::Checking,
            Stage::Journalling,
            Stage::Sending,
            Stage::Reconciling,
        ];
        assert_eq!(stages, all);
        let Msg::Acted { outcome, seen, .. } = end else {
            panic!("{end:?}")
        };
        let web = seen.service(&service_arn("web")).unwrap();
        assert_eq!((outcome, web.desired), (Outcome::Done, 5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_second_write_to_a_busy_target_is_refused_and_a_later_one_is_not() {
        let (cloud, mut console, _folder) = writing_console();
        let gate = cloud.gate("send");
        console.send(scale_to(5)).await;
        cloud.called("send", 1).await;
        console.send(scale_to(6)).await;
        let busy = Outcome::Refused(Refusal::Busy(Clean::literal("web")));
        assert_eq!(acted(&mut console).await, busy);
        gate.add_permits(10);
        assert_eq!(acted(&mut console).await, Outcome::Done);
        console.send(scale_to(6)).await;
        let changed = acted(&mut console).await;
        assert!(
            matches!(changed, Outcome::Refused(Refusal::Changed { .. })),
            "{changed:?}"
        );
        assert_eq!(cloud.count("send"), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_is_stopped_neither_by_cancelling_nor_by_readings() {
        let (cloud, mut console, _folder) = writing_console();
        let gate = cloud.gate("send");
        console.send(scale_to(5)).await;
        cloud.called("send", 1).await;
        let cluster = crate::script::cluster_arn();
        console
            .read(
                1,
                Query::Services {
                    cluster: cluster.clone(),
                },
            )
            .await;
        console.send(Effect::Cancel(Slot::Services(cluster))).await;
        console.send(Effect::RenewCredentials).await;
        gate.add_permits(1);
        assert_eq!(acted(&mut console).await, Outcome::Done);
    }

    #[tokio::test(start_paused = true)]
    async fn the_credentials_of_a_write_do_not_change_under_it() {
        let (cloud, mut console, _folder) = writing_console();
        let gate = cloud.gate("send");
        console.send(scale_to(5)).await;
        cloud.called("send", 1).await;
        console.send(Effect::RenewCredentials).await;
        sleep(Duration::from_secs(5)).await;
        assert_eq!(cloud.count("renew"), 0);
        gate.add_permits(1);
        assert_eq!(acted(&mut console).await, Outcome::Done);
        cloud.called("renew", 1).await;
    }

    #[tokio::test(start_paused = true)]
    async fn readings_that_hang_do_not_hold_up_a_write() {
        let (cloud, mut console, _folder) = writing_console();
        for operation in ["list_running", "list_stopped"] {
            cloud.gate(operation);
        }
        // Eight clusters, two listings each: together they take every permit for readings.
        for n in 0..8 {
            let cluster = Arn::new(&format!("c{n}"));
            let settled = Arc::default();
            console.read(n, Query::Tasks { cluster, settled }).await;
        }
        cloud.called("list_stopped", 8).await;
        console.read(8, Query::Identity).await;
        sleep(Duration::from_secs(1)).await;
        assert_eq!(cloud.count("identity"), 0, "there is a permit left");
        console.send(scale_to(5)).await;
        assert_eq!(acted(&mut console).await, Outcome::Done);
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_end_writes_are_waited_for() {
        let (cloud, console, folder) = writing_console();
        let gate = cloud.gate("send");
        console.send(scale_to(5)).await;
        cloud.called("send", 1).await;
        let opened = async {
            sleep(Duration::from_secs(5)).await;
            gate.add_permits(1);
        };
        let (rest, ()) = tokio::join!(console.end(), opened);
        let last = rest.last().unwrap();
        assert!(
            matches!(
                last,
                Msg::Acted {
                    outcome: Outcome::Done,
                    ..
                }
            ),
            "{last:?}"
        );
        let journal = Journal::new(folder.path().join("journal.jsonl"), Who::default());
        assert_eq!(journal.read().unwrap().entries.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_does_not_end_is_left_after_the_limit() {
        let (cloud, console, _folder) = writing_console();
        cloud.gate("send");
        console.send(scale_to(5)).await;
        cloud.called("send", 1).await;
        let start = Instant::now();
        console.end().await;
        assert_eq!(start.elapsed(), SHUTDOWN_LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reading_is_dropped_at_the_end() {
        let cloud = Cloud::with(|_| {});
        cloud.gate("identity");
        let console = console(&cloud);
        console.read(1, Query::Identity).await;
        cloud.called("identity", 1).await;
        let start = Instant::now();
        assert_eq!(console.end().await, []);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_text_is_saved_and_its_place_told() {
        let (_, mut console, folder) = writing_console();
        let save = || Effect::Save {
            stem: Clean::literal("web logs"),
            text: "one\n".to_owned(),
        };
        console.send(save()).await;
        let Some(Msg::Saved(Ok(path))) = console.next().await else {
            panic!("not saved")
        };
        assert!(
            path.starts_with(folder.path().join("data").to_str().unwrap()),
            "{path}"
        );
        assert_eq!(std::fs::read_to_string(path.as_str()).unwrap(), "one\n");
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_data_folder_nothing_is_saved() {
        let cloud = Cloud::with(|_| {});
        let mut console = console(&cloud);
        console
            .send(Effect::Save {
                stem: Clean::literal("x"),
                text: String::new(),
            })
            .await;
        assert!(matches!(console.next().await, Some(Msg::Saved(Err(_)))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reading_that_fails_ends_with_its_error() {
        let cloud = Cloud::with(|state| {
            crate::script::fail(state, "identity", &[ErrorKind::Expired]);
        });
        let mut console = console(&cloud);
        console.read(1, Query::Identity).await;
        let told = console.until_end(1).await;
        assert_eq!(
            (told.result, told.answers),
            (Err(error(ErrorKind::Expired)), vec![])
        );
    }
}
