//! Opening the console: on AWS, or on a simulated one.

use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use ecsdeck_core::text::Clean;
use ecsdeck_sim::{Scenario, SimOptions, World};
use ecsdeck_tui::terminal::{restore_on_panic, usable};
use ecsdeck_tui::theme::Theme;
use ecsdeck_worker::journal::Who;
use ecsdeck_worker::{Journal, stopped_folder};

use super::worlds::{scenario, world};
use super::{Failed, ask};
use crate::backend::Cloud;
use crate::console::{Start, run as open};
use crate::exit::Exit;
use crate::settings::{
    Configured, DEMO, Options, ThemeName, UsageError, configure, configure_demo, find_deck,
};

/// How the demo runs.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Demo {
    /// What goes wrong: a scenario's name or file
    #[arg(long, value_name = "NAME|FILE")]
    scenario: Vec<String>,
    /// Simulated seconds in a second
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    speed: f64,
    /// Random seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

pub(super) async fn run(options: &Options) -> Result<Exit, Failed> {
    must_be_usable()?;
    let configured = configure(options).await?;
    let journal = ask::journal(configured.setup.deck_name());
    let cloud = Cloud::Aws(Box::new(configured.aws.clone()));
    start(configured, cloud, journal, stopped_folder()).await
}

pub(super) async fn demo(options: &Options, demo: Demo) -> Result<Exit, Failed> {
    must_be_usable()?;
    let scenarios: Vec<Scenario> = demo
        .scenario
        .iter()
        .map(|name| scenario(name))
        .collect::<Result<_, _>>()?;
    // A scenario brings its world where no deck is named.
    let brought = scenarios.first().map(Scenario::world);
    let world = match (&options.deck, brought) {
        (Some(deck), _) => world(&find_deck(deck)?.name)?,
        (None, brought) => world(brought.unwrap_or(DEMO))?,
    };
    let configured = configure_demo(options, world.name(), world.region())?;
    let folder = DemoFolder::new()?;
    let who = Who {
        deck: configured.setup.deck_name().map(Clean::new),
        ..Who::default()
    };
    let journal = Journal::new(folder.0.join("journal.jsonl"), who);
    let cloud = Cloud::Demo(
        Box::new(simulator(world, scenarios, &demo)),
        Box::new(configured.aws.clone()),
    );
    let stopped = folder.0.join("stopped");
    start(configured, cloud, Some(journal), Some(stopped)).await
}

/// The demo's journal and stopped tasks are not the user's: they live as long as the demo.
struct DemoFolder(std::path::PathBuf);

impl DemoFolder {
    fn new() -> Result<Self, Failed> {
        // A name that nobody can guess, and a folder that nobody else can enter.
        let name = getrandom::u64().map_err(std::io::Error::other)?;
        let path = std::env::temp_dir().join(format!("ecsdeck-demo-{name:016x}"));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        // What cannot be removed is in the temporary folder, which the system clears.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn simulator(world: World, scenarios: Vec<Scenario>, demo: &Demo) -> SimOptions {
    SimOptions {
        worlds: vec![world],
        scenarios,
        speed: demo.speed,
        seed: demo.seed,
        ..SimOptions::default()
    }
}

fn must_be_usable() -> Result<(), Failed> {
    usable().map_err(|why| Failed::Usage(UsageError(why.to_string())))
}

async fn start(
    configured: Configured,
    cloud: Cloud,
    journal: Option<Journal>,
    stopped: Option<PathBuf>,
) -> Result<Exit, Failed> {
    restore_on_panic();
    let start = Start {
        setup: configured.setup,
        cloud,
        theme: match configured.theme {
            ThemeName::Default => Theme::default(),
            ThemeName::Mono => Theme::mono(),
        },
        mouse: configured.mouse,
        journal,
        stopped,
    };
    Ok(open(start).await?)
}
