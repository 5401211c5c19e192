//! Parse, wire, exit code; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    ecsdeck::cli::main()
}
