//! The simulator alone.

use std::net::SocketAddr;
use std::path::PathBuf;

use ecsdeck_sim::{Scenario, SimOptions};

use super::worlds::{scenario, world};
use super::{Failed, print};
use crate::exit::Exit;
use crate::settings::UsageError;

/// How the simulator runs.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Sim {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4566")]
    listen: SocketAddr,
    /// What exists at the start: a world's name or file
    #[arg(long, value_name = "NAME|FILE")]
    world: Vec<String>,
    /// What goes wrong: a scenario's name or file
    #[arg(long, value_name = "NAME|FILE")]
    scenario: Vec<String>,
    /// Simulated seconds in a second
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    speed: f64,
    /// The clock stands still until it is advanced
    #[arg(long)]
    paused: bool,
    /// What the clock shows at the start (RFC 3339)
    #[arg(long, value_name = "TIME")]
    epoch: Option<jiff::Timestamp>,
    /// Random seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Append every call to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    calls: Option<PathBuf>,
    /// A fault from the start on, as the control endpoint takes it: a JSON object
    #[arg(long, value_name = "JSON", value_parser = fault)]
    fault: Vec<serde_json::Value>,
    /// Throttle callers as AWS does: its documented call rates, by account and region
    #[arg(long)]
    throttling: bool,
    /// Listen on an address that others can reach. There is no authentication
    #[arg(long)]
    open_to_everybody: bool,
}

fn fault(text: &str) -> Result<serde_json::Value, String> {
    serde_json::from_str(text).map_err(|error| format!("{text} is not valid JSON: {error}"))
}

pub(super) async fn run(options: &crate::settings::Options, sim: Sim) -> Result<Exit, Failed> {
    let scenarios: Vec<Scenario> = sim
        .scenario
        .iter()
        .map(|name| scenario(name))
        .collect::<Result<_, _>>()?;
    // `--deck` is another name of `--world` here; a scenario brings its world where none is named.
    let mut names: Vec<&str> = sim
        .world
        .iter()
        .chain(&options.deck)
        .map(String::as_str)
        .collect();
    if names.is_empty() {
        names = scenarios.iter().map(Scenario::world).collect();
        names.dedup();
    }
    let worlds = names.into_iter().map(world).collect::<Result<_, _>>()?;
    let options = SimOptions {
        listen: sim.listen,
        worlds,
        scenarios,
        faults: sim.fault,
        speed: sim.speed,
        paused: sim.paused,
        epoch: sim.epoch,
        lead: std::time::Duration::ZERO,
        seed: sim.seed,
        calls_file: sim.calls,
        allow_remote: sim.open_to_everybody,
        throttling: sim.throttling,
    };
    let running = ecsdeck_sim::start(options)
        .await
        .map_err(|error| UsageError(error.to_string()))?;
    print::line(&format!("listening on {}", running.url()));
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    running.stop().await;
    Ok(Exit::Done)
}
