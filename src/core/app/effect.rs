//! What the core wants done. Imperative, and data only.

use super::model::slot::{RequestId, Slot};
use super::query::Query;
use crate::act::Intent;
use crate::domain::Task;
use crate::text::Clean;

/// Something to do, and who does it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Goes to the worker: AWS and the disk.
    Worker(WorkerEffect),
    /// Goes to the loop: the terminal and the process.
    Loop(LoopEffect),
}

/// Something for the worker to do.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkerEffect {
    /// Ask AWS. Replaces an earlier reading of the same slot.
    Read {
        /// Tells this reading's replies from an older one's.
        request: RequestId,
        /// What to ask.
        query: Query,
    },
    /// Nobody looks any more; stop the reading of this slot.
    Cancel(Slot),
    /// Load the credentials anew, because the old ones failed.
    RenewCredentials,
    /// Carry out a confirmed write.
    Act(Box<Intent>),
    /// Read the journal; answer with [`Msg::JournalRead`](super::Msg::JournalRead).
    ReadJournal,
    /// Find out by reading what became of writes to a region whose end nobody saw; answer
    /// with [`Msg::JournalSettled`](super::Msg::JournalSettled) for each.
    SettleJournal {
        /// The region.
        region: Clean,
    },
    /// Write this text to a new file in the user's data folder.
    Save {
        /// The beginning of the file's name.
        stem: Clean,
        /// Its contents.
        text: String,
    },
    /// Read what is kept on disk of an account's region, stopped tasks and the journal's writes; answer with
    /// [`Msg::KeptLoaded`](super::Msg::KeptLoaded), whatever comes of it.
    LoadExpiredTasks {
        /// The account, twelve digits.
        account: Clean,
        /// The region.
        region: Clean,
    },
    /// Keep these stopped tasks on disk as well, without the values that were given to them.
    KeepStopped {
        /// The account, twelve digits.
        account: Clean,
        /// The region.
        region: Clean,
        /// The tasks.
        tasks: Vec<Task>,
    },
}

/// Something for the loop to do.
#[derive(Clone, Debug, PartialEq)]
pub enum LoopEffect {
    /// Put this text on the user's clipboard (OSC 52).
    Copy(Clean),
    /// Ask the terminal whether it has shown the frame; answer with the same number.
    AskShown(u64),
    /// Stop, as a shell's job control wants it.
    Suspend,
    /// Repaint everything.
    Repaint,
    /// End.
    Quit,
}
