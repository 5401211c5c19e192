//! Driving the model without a screen until it knows what was asked for.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use ecsdeck_aws::Aws;
use ecsdeck_core::act::{Look, Seen};
use ecsdeck_core::app::{Model, Msg, Pane, Slot};
use ecsdeck_core::diagnose::{Fact, Question};
use ecsdeck_core::domain::{Arn, CloudError};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::journal::Who;
use ecsdeck_worker::ports::Reply;
use ecsdeck_worker::{Journal, stopped_folder};

use super::Failed;
use crate::backend::{Backend, Cloud};
use crate::session::Session;
use crate::settings::{Configured, Options, configure};

/// A model with its worker, and no screen.
pub(super) struct Asked {
    pub(super) session: Session,
    backend: Backend,
    /// Listened to from the beginning on: an interruption counts even while something else is being done.
    interrupted: tokio::signal::unix::Signal,
}

/// A size at which nothing is hidden; nothing is drawn.
const SIZE: (u16, u16) = (200, 50);

impl Asked {
    /// Begins to ask for what these panes show.
    pub(super) async fn begin(options: &Options, panes: &[Pane]) -> Result<Self, Failed> {
        Self::with(configure(options).await?, panes)
    }

    /// The same, and nothing is read twice: for what one listing of everything answers.
    pub(super) async fn once(options: &Options, panes: &[Pane]) -> Result<Self, Failed> {
        let mut configured = configure(options).await?;
        configured.setup.refresh = std::time::Duration::ZERO;
        Self::with(configured, panes)
    }

    /// Every service's verdict, and nothing is read twice. Services that are well cost nothing but the listing.
    pub(super) async fn verdicts(options: &Options) -> Result<Self, Failed> {
        let mut configured = configure(options).await?;
        configured.setup.refresh = std::time::Duration::ZERO;
        configured.setup.panes = BTreeSet::from([Pane::Services, Pane::Tasks]);
        Self::configured(configured)
    }

    fn with(mut configured: Configured, panes: &[Pane]) -> Result<Self, Failed> {
        configured.setup.asks = false;
        configured.setup.panes = panes.iter().copied().collect::<BTreeSet<_>>();
        Self::configured(configured)
    }

    fn configured(configured: Configured) -> Result<Self, Failed> {
        let journal = journal(configured.setup.deck_name());
        let cloud = Cloud::Aws(Box::new(configured.aws.clone()));
        Self::start(configured, cloud, journal, stopped_folder())
    }

    pub(super) fn start(
        configured: Configured,
        cloud: Cloud,
        journal: Option<Journal>,
        stopped: Option<PathBuf>,
    ) -> Result<Self, Failed> {
        let read_only = configured.setup.read_only;
        let backend = Backend::start(cloud, read_only, journal, stopped)?;
        let mut session = Session::new(
            configured.setup,
            SIZE,
            backend.effects.clone(),
            backend.dates.clone(),
        );
        session.take(Msg::Ticked);
        let interrupted =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
        Ok(Self {
            session,
            backend,
            interrupted,
        })
    }

    pub(super) fn model(&self) -> &Model {
        &self.session.model
    }

    /// Goes on until the model has what `ready` wants.
    ///
    /// # Errors
    /// Where a call failed that it cannot do without, or it was interrupted.
    pub(super) async fn until(
        &mut self,
        mut ready: impl FnMut(&Model) -> bool,
    ) -> Result<(), Failed> {
        while !ready(self.model()) {
            if let Some(error) = fatal(self.model()) {
                return Err(Failed::Cloud(Box::new(error.clone())));
            }
            self.step().await?;
        }
        Ok(())
    }

    /// Waits for the next thing that happens, and takes it in.
    pub(super) async fn step(&mut self) -> Result<(), Failed> {
        let wake = self.session.next_wake();
        tokio::select! {
            msg = self.backend.messages.recv() => match msg {
                Some(msg) => drop(self.session.take(msg)),
                None => return Err(Failed::Worker("the worker has ended".to_owned())),
            },
            () = self.session.room() => drop(self.session.take(Msg::Ticked)),
            () = until(wake) => drop(self.session.take(Msg::Ticked)),
            _ = self.interrupted.recv() => return Err(Failed::Interrupted),
        }
        Ok(())
    }

    /// Reads something beside the model.
    pub(super) async fn read<T, F>(
        &mut self,
        reading: impl FnOnce(Arc<Aws>) -> F,
    ) -> Result<T, Failed>
    where
        T: Send + 'static,
        F: Future<Output = Reply<T>> + Send + 'static,
    {
        tokio::select! {
            read = self.backend.read(reading) => match read {
                Some(Ok(read)) => Ok(read),
                Some(Err(error)) => Err(Failed::Cloud(Box::new(error))),
                None => Err(Failed::Worker("the worker has ended".to_owned())),
            },
            _ = self.interrupted.recv() => Err(Failed::Interrupted),
        }
    }

    /// Waits for a while.
    pub(super) async fn pause(&mut self, length: std::time::Duration) -> Result<(), Failed> {
        tokio::select! {
            () = tokio::time::sleep(length) => Ok(()),
            _ = self.interrupted.recv() => Err(Failed::Interrupted),
        }
    }

    /// Asks one question.
    pub(super) async fn fact(&mut self, question: Question) -> Result<Fact, Failed> {
        self.read(|aws| async move { ecsdeck_worker::ask(aws, &question).await })
            .await
    }

    /// Looks at something.
    pub(super) async fn look(&mut self, look: Look) -> Result<Seen, Failed> {
        self.read(|aws| async move { ecsdeck_worker::look(aws, &[look]).await })
            .await
    }

    /// Reads a task definition's whole document.
    pub(super) async fn document(&mut self, revision: Arn) -> Result<serde_json::Value, Failed> {
        self.read(|aws| async move { ecsdeck_worker::document(aws, &revision).await })
            .await
    }

    /// Lets the worker end.
    pub(super) fn finish(self) -> Result<(), Failed> {
        let Self {
            session, backend, ..
        } = self;
        drop(session);
        backend.finish().map_err(Failed::Worker)
    }
}

async fn until(wake: Option<std::time::Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}

/// An error after which a command cannot answer: who we are, and the listings.
fn fatal(model: &Model) -> Option<&CloudError> {
    model.readings.error_of(|slot| {
        matches!(
            slot,
            Slot::Identity | Slot::Clusters | Slot::Services(_) | Slot::Tasks(_)
        )
    })
}

/// The user's journal, and who writes into it.
pub(super) fn journal(deck: Option<&str>) -> Option<Journal> {
    let variable = |name: &str| std::env::var(name).ok().map(|value| Clean::new(&value));
    let who = Who {
        os_user: variable("USER").or_else(|| variable("LOGNAME")),
        ssh_client: variable("SSH_CLIENT"),
        deck: deck.map(Clean::new),
    };
    Journal::default_path().map(|path| Journal::new(path, who))
}

/// An error of AWS's for the end of a command: what, why, and what to do.
pub(super) fn cloud_words(error: &CloudError) -> String {
    let id = error
        .request_id
        .as_ref()
        .map(|id| format!(" (request {id})"))
        .unwrap_or_default();
    let hint = if error.hint().is_empty() {
        String::new()
    } else {
        format!("\n  {}", error.hint())
    };
    format!("{error}{id}{hint}")
}
