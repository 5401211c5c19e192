//! Where data and words go: to the stdout and stderr of the process; for a command inside another program, to whoever
//! runs it there.

use std::future::Future;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A reader of ours has gone.
static CLOSED: AtomicBool = AtomicBool::new(false);

/// Which of them.
#[derive(Clone, Copy)]
enum Stream {
    Data,
    Words,
}

/// What a command has said to whoever runs it: data and words.
#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<(Vec<u8>, Vec<u8>)>>);

tokio::task_local! {
    static KEPT: Kept;
}

impl Kept {
    fn write(&self, stream: Stream, bytes: &[u8]) {
        let mut both = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match stream {
            Stream::Data => both.0.extend_from_slice(bytes),
            Stream::Words => both.1.extend_from_slice(bytes),
        }
    }
}

/// Writes data.
///
/// # Errors
/// Where nobody reads it any more.
pub(crate) fn data(bytes: &[u8]) -> io::Result<()> {
    if KEPT
        .try_with(|kept| kept.write(Stream::Data, bytes))
        .is_ok()
    {
        return Ok(());
    }
    let mut stdout = io::stdout().lock();
    noticed(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

/// Writes words to the person. Where nobody hears them there is nobody to tell.
pub(crate) fn words(bytes: &[u8]) {
    if KEPT
        .try_with(|kept| kept.write(Stream::Words, bytes))
        .is_err()
    {
        let _ = noticed(io::stderr().lock().write_all(bytes));
    }
}

/// Whether something was written to a pipe that nobody reads any more: the system then sends SIGPIPE too.
pub(crate) fn is_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}

fn noticed(written: io::Result<()>) -> io::Result<()> {
    let closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    if written.as_ref().is_err_and(closed) {
        CLOSED.store(true, Ordering::Relaxed);
    }
    written
}

/// Does some work and keeps what it writes: its data, and its words.
pub(crate) async fn kept<F: Future>(work: F) -> (F::Output, String, String) {
    let kept = Kept::default();
    let output = KEPT.scope(kept.clone(), work).await;
    let mut both = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    let (data, words) = std::mem::take(&mut *both);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output, text(data), text(words))
}
