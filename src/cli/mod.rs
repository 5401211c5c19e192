//! The command line: what there is to say, and which file carries it out.
//!
//! A command is the core and the worker without a screen. It has no logic of
//! its own: it waits until the model knows what was asked for, and prints it.

mod act;
mod ask;
mod check;
mod console;
mod explain;
mod failed;
mod journal;
mod keys;
mod lag;
mod listing;
mod log_names;
mod man;
mod outage;
mod partial;
mod print;
mod query;
mod queues;
mod report;
mod run;
mod screenshots;
mod sim;
mod status;
mod svg;
mod tail;
mod tasks;
mod watch;
mod why;
mod work;
mod worlds;
mod write;
mod yes;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, Parser, Subcommand};
use ecsdeck_core::domain::Time;
use ecsdeck_core::text::{MOMENTS, parse_duration, parse_moment};

use crate::exit::Exit;
use crate::inside::Inside;
use crate::settings::{Options, UsageError};

use self::failed::Failed;
use crate::say::{error, say};

/// What is stuck in AWS ECS, why, and the few safe keys that help.
///
/// Without a command it opens the console on the account, region and profile of the ordinary AWS
/// environment. Try `ecsdeck demo` first: it needs no account.
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Options that every command takes (--deck, --cluster, --service, --profile, --region …) stand in --help."
)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The console on a simulated AWS inside this process; no account needed
    Demo(console::Demo),
    /// A simulated AWS alone, for the AWS CLI, boto3 or any SDK
    Sim(sim::Sim),
    /// Every service: verdict, counts, rollout
    Status(listing::Listing),
    /// Why a service is as it is: verdict, causes, evidence, what helps; exit code 1 when it is in trouble
    Why(why::Why),
    /// What will fail of the revision that a service runs next: image, secrets, log groups, roles, targets, room; exit code 1 for a finding
    Check(check::Check),
    /// The cause of each service, task or line that is given; it needs no network
    Explain(explain::Explain),
    /// Tasks, running and stopped
    Tasks(listing::Listing),
    /// Queue depths
    Queues(Output),
    /// Work items
    Work(Output),
    /// Log lines of a service, a task, a run template or a log group
    #[command(visible_alias = "logs")]
    Tail(tail::Tail),
    /// A query of CloudWatch Logs Insights, and what it costs
    Query(query::Ask),
    #[command(flatten)]
    Write(write::Write),
    /// What was done, by whom, with what result
    Journal(journal::Show),
    /// What keys do
    Keys,
    /// Completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// The manual page, in roff
    Man,
    /// Draw the pictures of the documentation from real frames
    #[command(hide = true)]
    Screenshots(screenshots::Screenshots),
}

/// How to print.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Output {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Reads a length of time for an argument.
fn length(text: &str) -> Result<Duration, String> {
    parse_duration(text)
        .ok_or_else(|| format!("invalid duration {text:?}; use for example 30s, 10m, 2h or 1d"))
}

/// Checks that an argument is a moment; which one is known when AWS's clock is.
fn moment(text: &str) -> Result<String, String> {
    parse_moment(text, Time::UNIX_EPOCH, &jiff::tz::TimeZone::UTC)
        .map(|_| text.to_owned())
        .ok_or_else(|| format!("invalid time {text:?}; use for example {MOMENTS}"))
}

/// The command line as it is, for what is held against it: the README, the manual page.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Parses the arguments and does what they say.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(wrong) => {
            // Help and version are answers, not mistakes; clap knows which.
            if !wrong.use_stderr() {
                let _ = wrong.print();
                return Exit::Done.into();
            }
            error(&in_our_form(&wrong.to_string()));
            return Exit::Usage.into();
        }
    };
    // A second installation fails, which only happens when there is one already.
    let _ = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .install();
    if let Err(wrong) = log_to(cli.options.log_file.as_deref()) {
        error(&wrong.to_string());
        return Exit::Usage.into();
    }
    match dispatch(cli) {
        Ok(exit) => exit.into(),
        Err(failed) => {
            error(&failed.to_string());
            failed.exit().into()
        }
    }
}

/// What clap says of a wrong command line, in the form in which every other error is said.
fn in_our_form(said: &str) -> String {
    let said = said.strip_prefix("error: ").unwrap_or(said);
    said.replacen("\n  tip: ", "\nHint: ", 1)
}

/// Runs a command that asks AWS inside another program, and says why it failed.
pub(crate) async fn inside(arguments: &[&str], inside: Inside) -> Exit {
    let arguments = ["ecsdeck"].into_iter().chain(arguments.iter().copied());
    let mut cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(wrong) => {
            error(&in_our_form(&wrong.to_string()));
            return Exit::Usage;
        }
    };
    cli.options.inside = Some(inside);
    let ended = online(cli.options, cli.command).await;
    ended.unwrap_or_else(|failed| {
        error(&failed.to_string());
        failed.exit()
    })
}

fn dispatch(cli: Cli) -> Result<Exit, Failed> {
    let Cli { options, command } = cli;
    match command {
        Some(Command::Keys) => keys::run(&options),
        Some(Command::Explain(explain)) => explain::run(&explain),
        Some(Command::Journal(show)) => journal::run(&show),
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "ecsdeck", &mut text);
            print::out(&String::from_utf8_lossy(&text));
            Ok(Exit::Done)
        }
        Some(Command::Man) => man::run(),
        command => {
            // The loop of the screen has one thread; the worker has its own runtime.
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(online(options, command))
        }
    }
}

async fn online(options: Options, command: Option<Command>) -> Result<Exit, Failed> {
    match command {
        None => console::run(&options).await,
        Some(Command::Demo(demo)) => console::demo(&options, demo).await,
        Some(Command::Sim(sim)) => sim::run(&options, sim).await,
        Some(Command::Status(listing)) => status::run(&options, listing).await,
        Some(Command::Why(why)) => why::run(&options, why).await,
        Some(Command::Check(check)) => check::run(&options, check).await,
        Some(Command::Tasks(listing)) => tasks::run(&options, listing).await,
        Some(Command::Queues(output)) => queues::run(&options, output).await,
        Some(Command::Work(output)) => work::run(&options, output).await,
        Some(Command::Tail(tail)) => tail::run(&options, tail).await,
        Some(Command::Query(ask)) => query::run(&options, ask).await,
        Some(Command::Write(write)) => write::run(&options, write).await,
        Some(Command::Screenshots(screenshots)) => screenshots::run(&options, screenshots).await,
        // These need no runtime and were done before.
        Some(
            Command::Keys
            | Command::Explain(_)
            | Command::Journal(_)
            | Command::Completions { .. }
            | Command::Man,
        ) => Ok(Exit::Done),
    }
}

/// Writes what the program does to a file that only the user can read; never to the screen.
fn log_to(path: Option<&std::path::Path>) -> Result<(), UsageError> {
    use std::os::unix::fs::OpenOptionsExt;
    let Some(path) = path else { return Ok(()) };
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| UsageError(format!("{}: {error}", path.display())))?;
    let filter = tracing_subscriber::EnvFilter::try_from_env("ECSDECK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(std::sync::Mutex::new(file))
        .init();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    /// A cause can only advise what is listed in the core; here that list is held against what there is.
    #[test]
    fn the_commands_that_can_be_advised_are_those_that_there_are() {
        // These ask AWS nothing: no cause is helped by them. `restart` is redeploy by another name.
        const OTHERS: [&str; 7] = [
            "demo",
            "sim",
            "explain",
            "keys",
            "completions",
            "man",
            "restart",
        ];
        let cli = Cli::command();
        let there: BTreeSet<&str> = cli
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
            .map(clap::Command::get_name)
            .collect();
        let advised = ecsdeck_core::keys::Command::ALL.iter();
        let known: BTreeSet<&str> = advised
            .map(|command| command.as_str())
            .chain(OTHERS)
            .collect();
        assert_eq!(there, known);
    }
}
