//! What is done on disk and must come to its end: kept tasks, the journal, saved texts.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use ecsdeck_core::act::History;
use ecsdeck_core::app::{Msg, past_actions};
use ecsdeck_core::domain::Task;
use ecsdeck_core::text::Clean;

use crate::act::settle;
use crate::clock::now;
use crate::files;
use crate::journal::Journal;
use crate::ports::Reads;
use crate::report::Report;
use crate::stopped::{Loaded, Ring};

/// What errands are done with.
pub(super) struct Errands<R> {
    pub(super) reads: Arc<R>,
    pub(super) report: Report<R>,
    pub(super) journal: Option<Journal>,
    pub(super) ring: Option<Ring>,
    pub(super) data_folder: Option<PathBuf>,
}

impl<R: Reads> Errands<R> {
    pub(super) fn load_kept(
        &self,
        account: Clean,
        region: Clean,
    ) -> impl Future<Output = ()> + Send + use<R> {
        let (report, ring) = (self.report.clone(), self.ring.clone());
        let (journal, now) = (self.journal.clone(), now(&*self.reads));
        async move {
            let of = account.clone();
            let load = move || {
                let loaded = ring.map(|ring| ring.load(&of, &region, now));
                let loaded = match loaded {
                    None => Loaded::default(),
                    Some(Ok(loaded)) => loaded,
                    Some(Err(error)) => not_read(&error),
                };
                // What is wrong with the journal is said where somebody asks for it.
                let read = journal.and_then(|journal| journal.read().ok());
                let history = read.map(|contents| contents.history()).unwrap_or_default();
                (loaded, past_actions(&history, &of, &region, now))
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
        }
    }

    pub(super) fn keep_stopped(
        &self,
        account: Clean,
        region: Clean,
        tasks: Vec<Task>,
    ) -> impl Future<Output = ()> + Send + use<R> {
        let (report, ring) = (self.report.clone(), self.ring.clone());
        let now = now(&*self.reads);
        async move {
            let Some(ring) = ring else {
                return;
            };
            let keep = move || ring.keep(&account, &region, &tasks, now);
            let why = match tokio::task::spawn_blocking(keep).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            };
            report.tell(Msg::StoppedNotKept(Clean::new(&why))).await;
        }
    }

    pub(super) fn read_journal(&self) -> impl Future<Output = ()> + Send + use<R> {
        let (report, journal) = (self.report.clone(), self.journal.clone());
        async move {
            report.tell(Msg::JournalRead(history(journal).await)).await;
        }
    }

    /// Finds out by reading what became of writes whose end nobody saw.
    pub(super) fn settle_journal(&self, region: Clean) -> impl Future<Output = ()> + Send + use<R> {
        let (report, journal) = (self.report.clone(), self.journal.clone());
        let reads = Arc::clone(&self.reads);
        async move {
            // A journal that cannot be read refuses the write itself, with its reason.
            let history = history(journal.clone()).await.unwrap_or_default();
            for record in history.unsettled_in(&region) {
                let Some(journal) = &journal else { break };
                let settled = settle(Arc::clone(&reads), journal, record).await;
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
                        resend: again.then(|| Box::new(record.clone())),
                    })
                    .await;
            }
            report.tell(Msg::EarlierSettled).await;
        }
    }

    pub(super) fn save(
        &self,
        stem: Clean,
        text: String,
    ) -> impl Future<Output = ()> + Send + use<R> {
        let (report, folder) = (self.report.clone(), self.data_folder.clone());
        let now = now(&*self.reads);
        async move {
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
        }
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

/// What the journal says by writes, or why it cannot be read.
async fn history(journal: Option<Journal>) -> Result<History, Clean> {
    let Some(journal) = journal else {
        return Err(Clean::literal("there is no place for it"));
    };
    let read = move || journal.read().map(|contents| contents.history());
    match tokio::task::spawn_blocking(read).await {
        Ok(Ok(history)) => Ok(history),
        Ok(Err(error)) => Err(Clean::new(&error.to_string())),
        Err(error) => Err(Clean::new(&error.to_string())),
    }
}
