//! `man`: the manual page, made from the command line itself and from the table of exit codes.

use std::fmt::Write;

use clap::CommandFactory;

use super::{Cli, Failed, print};
use crate::exit::Exit;

pub(super) fn run() -> Result<Exit, Failed> {
    let page = clap_mangen::Man::new(Cli::command());
    let mut text = Vec::new();
    page.render(&mut text)?;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    text.push_str(&exit_status());
    print::out(&text);
    Ok(Exit::Done)
}

/// The section that manual pages give to exit codes.
fn exit_status() -> String {
    let mut text = String::from(".SH \"EXIT STATUS\"\n");
    // Writing into a string does not fail.
    for (code, meaning) in Exit::MEANINGS {
        let meaning = meaning.replace('-', "\\-");
        let _ = write!(text, ".TP\n\\fB{code}\\fR\n{meaning}\n");
    }
    text.push_str(
        ".TP\n\\fB128 + n\\fR\nended by signal n; 4 instead where a write was in flight\n",
    );
    text
}
