//! The other side of the worker: sends effects, takes messages.

use std::path::PathBuf;
use std::sync::Arc;

use ecsdeck_core::app::{Answer, Msg, Query, RequestId, WorkerEffect};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Cloud;
use crate::journal::Journal;
use crate::ports::Reply;

/// A console on a scripted cloud.
pub(crate) struct Console {
    pub(crate) effects: mpsc::Sender<WorkerEffect>,
    pub(crate) messages: mpsc::Receiver<Msg>,
    pub(crate) worker: JoinHandle<()>,
}

/// What a reading gave.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) answers: Vec<Answer>,
    pub(crate) result: Reply<()>,
}

impl Console {
    /// With room for this many messages.
    pub(crate) fn start(
        cloud: &Arc<Cloud>,
        journal: Option<Journal>,
        data_folder: Option<PathBuf>,
        room: usize,
    ) -> Self {
        let (effects, to_do) = mpsc::channel(16);
        let (told, messages) = mpsc::channel(room);
        let (reads, writes) = (Arc::clone(cloud), Some(Arc::clone(cloud)));
        let folders = crate::Folders {
            stopped: data_folder.as_ref().map(|folder| folder.join("stopped")),
            data: data_folder,
        };
        let tools = crate::Tools {
            ending: tokio::sync::watch::channel(false).1,
            reads,
            writes,
            journal,
            folders,
            gaps: crate::Gaps::Kept,
        };
        let worker = crate::spawn(tools, to_do, told);
        Self {
            effects,
            messages,
            worker,
        }
    }

    pub(crate) async fn send(&self, effect: WorkerEffect) {
        self.effects.send(effect).await.unwrap();
    }

    pub(crate) async fn read(&self, request: u64, query: Query) {
        self.send(WorkerEffect::Read {
            request: RequestId(request),
            query,
        })
        .await;
    }

    /// The next message that is not a number of calls.
    pub(crate) async fn next(&mut self) -> Option<Msg> {
        loop {
            match self.messages.recv().await {
                Some(Msg::Called(_)) => {}
                message => return message,
            }
        }
    }

    /// Takes messages until this reading ends; any other reading's are a failure.
    pub(crate) async fn until_end(&mut self, wanted: u64) -> Told {
        let mut answers = Vec::new();
        loop {
            match self.next().await.unwrap() {
                Msg::Read {
                    request, answer, ..
                } => {
                    assert_eq!(request, RequestId(wanted));
                    answers.push(answer);
                }
                Msg::ReadEnded {
                    request, result, ..
                } => {
                    assert_eq!(request, RequestId(wanted));
                    return Told { answers, result };
                }
                other => panic!("{other:?}"),
            }
        }
    }

    /// Ends the worker, and gives every message that was left.
    pub(crate) async fn end(mut self) -> Vec<Msg> {
        drop(self.effects);
        let mut rest = Vec::new();
        while let Some(message) = self.messages.recv().await {
            rest.push(message);
        }
        self.worker.await.unwrap();
        rest
    }
}

/// Asks one thing of a new console.
pub(crate) async fn ask(cloud: &Arc<Cloud>, query: Query) -> Told {
    let mut console = Console::start(cloud, None, None, 64);
    console.read(1, query).await;
    let told = console.until_end(1).await;
    let rest = console.end().await;
    assert!(
        rest.iter().all(|message| matches!(message, Msg::Called(_))),
        "a reading ends once: {rest:?}"
    );
    told
}
