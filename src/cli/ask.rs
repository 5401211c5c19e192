//! Driving the model without a screen until it knows what was asked for.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ecsdeck_core::act::{IntentId, Made, Outcome, OutcomeKind};
use ecsdeck_core::app::{Model, Msg, Pane, Slot};
use ecsdeck_core::domain::CloudError;
use ecsdeck_core::text::Clean;
use ecsdeck_worker::journal::Who;
use ecsdeck_worker::ports::present;
use ecsdeck_worker::{Journal, stopped_folder};

use super::failed::Failed;
use super::outage::Outage;
use super::say;
use crate::backend::{Backend, Cloud, PATIENCE};
use crate::exit::Exit;
use crate::session::Session;
use crate::settings::{Configured, Options, configure};
use crate::signals::Ending;

/// A model with its worker, and no screen.
pub(super) struct Asked {
    pub(super) session: Session,
    backend: Backend,
    signals: Ending,
    /// When a wait ends, whatever has come, and how long it is.
    deadline: Option<(std::time::Instant, std::time::Duration)>,
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
        let deck = configured.setup.deck_name();
        let (journal, stopped) = match &configured.inside {
            None => (journal(deck), stopped_folder()),
            Some(folder) => {
                let who = Who::default();
                let journal = Journal::new(folder.join("journal.jsonl"), who);
                (Some(journal), Some(folder.join("stopped")))
            }
        };
        let cloud = Cloud::Aws(Box::new(configured.aws.clone()));
        Self::start(configured, cloud, journal, stopped)
    }

    pub(super) fn start(
        configured: Configured,
        cloud: Cloud,
        journal: Option<Journal>,
        stopped: Option<PathBuf>,
    ) -> Result<Self, Failed> {
        let read_only = configured.setup.read_only;
        let inside = configured.inside.is_some();
        let backend = if inside {
            Backend::start_here(cloud, read_only, journal, stopped)
        } else {
            Backend::start(cloud, read_only, journal, stopped)?
        };
        let mut session = Session::new(
            configured.setup,
            SIZE,
            backend.effects.clone(),
            backend.dates.clone(),
        );
        session.take(Msg::Ticked);
        let signals = if inside {
            Ending::unheard()
        } else {
            Ending::listen()?
        };
        Ok(Self {
            session,
            backend,
            signals,
            deadline: None,
        })
    }

    /// From now on waits end after so long.
    pub(super) fn within(&mut self, length: Option<std::time::Duration>) {
        let now = present();
        self.deadline = length.and_then(|length| Some((now.checked_add(length)?, length)));
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
        loop {
            // Before the answer: what could not be read is unknown, and not nothing.
            if let Some(error) = fatal(self.model()) {
                return Err(Failed::Cloud(Box::new(error.clone())));
            }
            if ready(self.model()) {
                return Ok(());
            }
            self.step().await?;
        }
    }

    /// Waits until the model is as `ready` wants it, however long AWS cannot be asked meanwhile.
    ///
    /// # Errors
    /// Where a reading fails that `needs` names, in a way that does not pass; the end of the wait; or a signal.
    pub(super) async fn wait(
        &mut self,
        outage: &mut Outage,
        needs: impl Fn(&Slot) -> bool,
        mut ready: impl FnMut(&Model) -> bool,
    ) -> Result<(), Failed> {
        loop {
            outage.look(self.model(), &needs)?;
            if ready(self.model()) {
                return Ok(());
            }
            self.step().await?;
        }
    }

    /// Goes on until everything that is wanted was read or failed, or something failed that `fatal` names.
    ///
    /// # Errors
    /// That failure, or a signal.
    pub(super) async fn until_settled_or(
        &mut self,
        fatal: impl Fn(&Model) -> Option<&CloudError>,
    ) -> Result<(), Failed> {
        loop {
            if let Some(error) = fatal(self.model()) {
                return Err(Failed::Cloud(Box::new(error.clone())));
            }
            if self.model().is_settled() {
                return Ok(());
            }
            self.step().await?;
        }
    }

    /// Goes on until everything that is wanted has been read.
    ///
    /// # Errors
    /// Where a call failed that no command can do without, or it was interrupted.
    pub(super) async fn settled(&mut self) -> Result<(), Failed> {
        self.until_settled_or(fatal).await
    }

    /// Waits for the next thing that happens, and takes it in.
    pub(super) async fn step(&mut self) -> Result<(), Failed> {
        let wake = self.session.next_wake();
        tokio::select! {
            msg = self.backend.messages.recv() => match msg {
                Some(msg) => {
                    tell_earlier(&msg);
                    self.session.take(msg);
                }
                None => return Err(Failed::Worker("the worker has ended".to_owned())),
            },
            () = self.session.room() => drop(self.session.take(Msg::Ticked)),
            () = until(wake) => drop(self.session.take(Msg::Ticked)),
            late = timed_out(self.deadline) => return Err(late),
            exit = self.signals.next() => return Err(Failed::Signal(exit)),
        }
        Ok(())
    }

    /// Waits for the end of a write. A signal ends the wait within a second: a write that has no answer by then is
    /// journalled as unknown. Gives how it ended, and the signal.
    ///
    /// # Errors
    /// Where nothing was told in time after a signal, or the worker is gone: then the outcome is unknown.
    pub(super) async fn until_ended(
        &mut self,
        id: &IntentId,
    ) -> Result<(Outcome, Made, Option<Exit>), Failed> {
        let mut signal = None;
        loop {
            if let Some((outcome, made)) = self.model().outcomes.get(id).cloned() {
                return Ok((outcome, made, signal));
            }
            match self.step().await {
                Err(Failed::Signal(exit)) if signal.is_none() => {
                    signal = Some(exit);
                    self.backend.give_up();
                    self.within(Some(PATIENCE));
                }
                // The next one changes nothing: it ends soon.
                Err(Failed::Signal(_)) => {}
                Err(Failed::Worker(_)) => return Err(Failed::InFlight(id.clone())),
                Err(Failed::TimedOut(_)) if signal.is_some() => {
                    return Err(Failed::InFlight(id.clone()));
                }
                other => other?,
            }
        }
    }

    /// Lets the worker end, and waits for it no longer than somebody waits who wants the command to end. Says whether it
    /// has.
    pub(super) fn finish_soon(self) -> bool {
        let Self {
            session, backend, ..
        } = self;
        drop(session);
        let (tell, told) = std::sync::mpsc::channel();
        let waiting = std::thread::Builder::new().spawn(move || {
            // Nobody listens any more where it took too long.
            let _ = tell.send(backend.finish());
        });
        waiting.is_ok() && matches!(told.recv_timeout(PATIENCE), Ok(Ok(())))
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

/// Says what became of an earlier write whose end nobody saw.
fn tell_earlier(msg: &Msg) {
    let Msg::JournalSettled {
        title,
        outcome,
        detail,
        resend,
    } = msg
    else {
        return;
    };
    let outcome = outcome.map_or("not settled", OutcomeKind::words);
    say(&format!("earlier {title}: {outcome} \u{2014} {detail}"));
    if let Some(record) = resend {
        let id = record.id.short();
        say(&format!(
            "ecsdeck run --resend {id} sends it again with the same token"
        ));
    }
}

async fn until(wake: Option<std::time::Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}

/// Waits for the end of a wait; for ever where there is none.
async fn timed_out(deadline: Option<(std::time::Instant, std::time::Duration)>) -> Failed {
    until(deadline.map(|(at, _)| at)).await;
    let length = deadline.map(|(_, length)| ecsdeck_core::app::length(length));
    let length = length.unwrap_or_default();
    Failed::TimedOut(format!(
        "not finished after {length}: --timeout ended the wait"
    ))
}

/// An error after which a command cannot answer: who we are, and the listings.
fn fatal(model: &Model) -> Option<&CloudError> {
    model.readings.error_of(is_needed)
}

/// Without these readings no command can answer: who we are, and the listings.
pub(super) fn is_needed(slot: &Slot) -> bool {
    matches!(
        slot,
        Slot::Identity | Slot::Clusters | Slot::Services(_) | Slot::Tasks(_) | Slot::Awaited(_)
    )
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
