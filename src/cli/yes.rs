//! Asking somebody on the terminal.

use std::io::{BufRead, IsTerminal};

use super::{Failed, say};
use crate::exit::Exit;
use crate::signals::Ending;

/// Asks, and gives what was answered. What was typed before the question was there is no answer to it.
///
/// # Errors
/// Refused where there is no terminal to ask on; `instead` says what to do then. A signal ends the wait.
pub(super) async fn answer_to(question: &str, instead: &str) -> Result<String, Failed> {
    if !std::io::stdin().is_terminal() {
        return Err(Failed::Refused(format!(
            "cannot ask without a terminal. Hint: {instead}"
        )));
    }
    rustix::termios::tcflush(std::io::stdin(), rustix::termios::QueueSelector::IFlush)
        .map_err(std::io::Error::from)?;
    say(question);
    answer().await
}

/// Whether an answer to `[y/N]` is a yes.
pub(super) fn is_yes(answer: &str) -> bool {
    matches!(answer, "y" | "yes")
}

/// Reads a line. An interrupt ends the wait.
async fn answer() -> Result<String, Failed> {
    let mut signals = Ending::listen()?;
    let (tell, told) = tokio::sync::oneshot::channel();
    // A thread of its own: it may wait for ever, and the process may end meanwhile.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).map(|_| line);
        // Nobody listens any more when the wait was interrupted.
        let _ = tell.send(read);
    });
    tokio::select! {
        line = told => match line {
            Ok(line) => Ok(line?.trim().to_owned()),
            Err(_) => Err(Failed::Signal(Exit::interrupted())),
        },
        exit = signals.next() => Err(Failed::Signal(exit)),
    }
}
