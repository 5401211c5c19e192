//! A command inside another program, such as a test: on that program's runtime, whose clock may stand still, with its
//! settings and folder, and without a look at the person's environment or files.

use std::path::PathBuf;

use ecsdeck_aws::Settings;

use crate::exit::Exit;

/// What stands in for the environment.
#[derive(Clone, Debug)]
pub struct Inside {
    /// Where AWS is.
    pub aws: Settings,
    /// Where journal and stopped tasks are kept.
    pub folder: PathBuf,
}

/// What a command printed, and how it ended.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The exit code.
    pub exit: Exit,
    /// Data.
    pub stdout: String,
    /// Words.
    pub stderr: String,
}

/// Runs a command that asks AWS.
pub async fn run(arguments: &[&str], inside: Inside) -> Printed {
    let work = crate::cli::inside(arguments, inside);
    let (exit, stdout, stderr) = crate::streams::kept(work).await;
    Printed {
        exit,
        stdout,
        stderr,
    }
}
