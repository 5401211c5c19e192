//! The worker on a thread of its own, so that nothing it does can hold up the screen.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use ecsdeck_aws::{Aws, AwsWriter, Settings};
use ecsdeck_core::app::{Msg, WorkerEffect};
use ecsdeck_sim::SimOptions;
use ecsdeck_worker::ports::Reads;
use ecsdeck_worker::{Folders, Gaps, Journal, Tools, data_folder};
use tokio::sync::{mpsc, watch};

use crate::session::Dates;

/// How long a write in flight is waited for after a signal: whoever sent it wants the process to end within a second.
pub const PATIENCE: Duration = Duration::from_millis(900);
/// Messages that may wait for the loop, and effects that may wait for the worker.
const ROOM: usize = 1_024;

/// Where AWS is.
pub enum Cloud {
    /// Where the user's configuration says.
    Aws(Box<Settings>),
    /// Inside this process: the simulator, and what to set on the settings besides its address.
    Demo(Box<SimOptions>, Box<Settings>),
}

/// The worker's ends of its channels.
pub struct Backend {
    /// For what it shall do.
    pub effects: mpsc::Sender<WorkerEffect>,
    /// For what it has to say.
    pub messages: mpsc::Receiver<Msg>,
    /// AWS's clock.
    pub dates: Dates,
    ending: watch::Sender<bool>,
    /// None where it runs on the runtime of whoever has started it.
    thread: Option<JoinHandle<Result<(), String>>>,
}

/// What the worker is started with.
struct Work {
    cloud: Cloud,
    read_only: bool,
    journal: Option<Journal>,
    folders: Folders,
    effects: mpsc::Receiver<WorkerEffect>,
    messages: mpsc::Sender<Msg>,
    ending: watch::Receiver<bool>,
    /// Where the adapter is put, so that its dates can be read.
    known: Arc<OnceLock<Arc<Aws>>>,
}

impl Backend {
    /// Starts the worker. Nothing is connected to and no credentials are loaded before its first effect.
    ///
    /// Stopped tasks are kept in the folder `stopped`, where there is one.
    /// Without `journal` every write is refused; with `read_only` no writing client is built.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(
        cloud: Cloud,
        read_only: bool,
        journal: Option<Journal>,
        stopped: Option<PathBuf>,
    ) -> std::io::Result<Self> {
        let folders = Folders {
            data: data_folder(),
            stopped,
        };
        let (backend, work) = Self::joined(cloud, read_only, journal, folders);
        let thread = std::thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(2)
                    .enable_all()
                    .build()
                    .map_err(|error| error.to_string())?;
                runtime.block_on(work.run())
            })?;
        Ok(Self {
            thread: Some(thread),
            ..backend
        })
    }

    /// Starts the worker on this runtime, for a command inside another program. It ends when its channels do.
    pub fn start_here(
        cloud: Cloud,
        read_only: bool,
        journal: Option<Journal>,
        stopped: Option<PathBuf>,
    ) -> Self {
        let folders = Folders {
            data: None,
            stopped,
        };
        let (backend, work) = Self::joined(cloud, read_only, journal, folders);
        tokio::spawn(work.run());
        backend
    }

    fn joined(
        cloud: Cloud,
        read_only: bool,
        journal: Option<Journal>,
        folders: Folders,
    ) -> (Self, Work) {
        let (effects, effects_out) = mpsc::channel(ROOM);
        let (messages_in, messages) = mpsc::channel(ROOM);
        let (ending, told_to_end) = watch::channel(false);
        let reads: Arc<OnceLock<Arc<Aws>>> = Arc::default();
        let known = Arc::clone(&reads);
        let dates: Dates = Arc::new(move || known.get().and_then(|aws| aws.date()));
        let work = Work {
            cloud,
            read_only,
            journal,
            folders,
            effects: effects_out,
            messages: messages_in,
            ending: told_to_end,
            known: reads,
        };
        let backend = Self {
            effects,
            messages,
            dates,
            ending,
            thread: None,
        };
        (backend, work)
    }

    /// Writes in flight are given up at once: what has no answer by now is journalled as unknown, and told.
    pub fn give_up(&self) {
        self.ending.send_replace(true);
    }

    /// Lets the worker end: reads are dropped, a write in flight is waited for.
    ///
    /// # Errors
    /// Why it ended early, where it did.
    pub fn finish(self) -> Result<(), String> {
        let Self {
            effects,
            messages,
            thread,
            ..
        } = self;
        drop(effects);
        drop(messages);
        let Some(thread) = thread else { return Ok(()) };
        thread
            .join()
            .unwrap_or_else(|_| Err("the worker panicked".to_owned()))
    }
}

impl Work {
    async fn run(self) -> Result<(), String> {
        let (settings, simulator) = match self.cloud {
            Cloud::Aws(settings) => (*settings, None),
            Cloud::Demo(options, settings) => {
                let running = ecsdeck_sim::start(*options)
                    .await
                    .map_err(|error| error.to_string())?;
                let endpoint = Some(running.url());
                let settings = Settings {
                    endpoint,
                    ..*settings
                };
                (settings, Some(running))
            }
        };
        let aws = Arc::new(Aws::new(settings));
        let read_only = self.read_only;
        let writes: Option<Arc<AwsWriter>> =
            (!read_only).then(|| Arc::new(aws.writer(crate::uptime::since_boot())));
        // Set once, here; a second set cannot happen.
        let _ = self.known.set(Arc::clone(&aws));
        let tools = Tools {
            reads: aws,
            writes,
            journal: self.journal,
            folders: self.folders,
            gaps: Gaps::Kept,
            ending: self.ending,
        };
        let worker = ecsdeck_worker::spawn(tools, self.effects, self.messages);
        // A worker that panicked has said so through the hook.
        let _ = worker.await;
        drop(simulator);
        Ok(())
    }
}
