//! How a simulator is started, and why it may not start.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::world::{Scenario, World, WorldError};

/// How a simulator is started.
#[derive(Clone, Debug)]
pub struct SimOptions {
    /// Where to listen; port 0 takes a free one. Default `127.0.0.1:0`.
    pub listen: SocketAddr,
    /// What exists at the start. Worlds of the same account and region are merged;
    /// the first one answers callers whose access key is not an account number.
    /// None means the built-in world `short-drama`.
    pub worlds: Vec<World>,
    /// What goes wrong, laid over the world that each names.
    pub scenarios: Vec<Scenario>,
    /// Virtual seconds a wall second, from 0. Default 1.
    pub speed: f64,
    /// Whether the clock stands still until it is advanced.
    pub paused: bool,
    /// What the clock shows at the start; none means the present time.
    pub epoch: Option<Timestamp>,
    /// How long before that moment the clock starts, so that the past which worlds and
    /// scenarios have is still to come and can be watched. Default 0.
    pub lead: Duration,
    /// Random seed; the same seed gives the same run.
    pub seed: u64,
    /// A file to which every call is appended, one JSON object a line.
    pub calls_file: Option<PathBuf>,
    /// Faults from the start on, each in the form that `POST /_sim/faults` takes.
    pub faults: Vec<serde_json::Value>,
    /// Whether AWS's documented call rates hold, by account and region.
    pub throttling: bool,
    /// Lets it listen on other than loopback addresses. There is no access control.
    pub allow_remote: bool,
}

impl Default for SimOptions {
    fn default() -> Self {
        SimOptions {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            worlds: Vec::new(),
            scenarios: Vec::new(),
            speed: 1.0,
            paused: false,
            epoch: None,
            lead: Duration::ZERO,
            seed: 1,
            calls_file: None,
            faults: Vec::new(),
            throttling: false,
            allow_remote: false,
        }
    }
}

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimError {
    /// The address is not a loopback one, and that was not allowed.
    #[error("{0} is not a loopback address; the simulator has no access control")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// A world or scenario cannot be used.
    #[error(transparent)]
    World(#[from] WorldError),
    /// A scenario is made for a world that was not started.
    #[error(
        "scenario `{scenario}` is made for world `{world}`, which is not among the worlds started"
    )]
    ScenarioWithoutWorld {
        /// The scenario.
        scenario: String,
        /// The world that it names.
        world: String,
    },
    /// A fault is not of the form that faults have.
    #[error("a fault is not valid: {0}")]
    Fault(String),
    /// The file for calls cannot be written.
    #[error("cannot write {path}")]
    CallsFile {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The simulator's own threads failed.
    #[error("the simulator could not be set up: {0}")]
    Setup(String),
}
