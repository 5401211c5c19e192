//! A scenario, stopped where its trouble shows.

use std::time::Duration;

use ecsdeck_sim::{Scenario, World};

use super::{Home, Sim};

/// A simulator that stands still where the scenario's trouble shows, and a home in its region.
pub(crate) fn at_scenario(name: &str) -> (Sim, Home) {
    let scenario = Scenario::builtin(name).unwrap();
    let shown = scenario.truth()[0].after_seconds().unsigned_abs();
    let world = scenario.world().to_owned();
    let region = World::builtin(&world).unwrap().region().to_owned();
    let sim = Sim::with(&world, |options| {
        options.scenarios = vec![scenario];
        options.paused = true;
    });
    sim.running().advance(Duration::from_secs(shown));
    let home = Home::on(&sim).env("AWS_REGION", &region);
    (sim, home)
}
