//! Worlds and scenarios of the simulator by name: a file, or one that is built in.

use ecsdeck_sim::{Scenario, World};

use crate::settings::UsageError;

/// Finds a world: a file, or a built-in one.
pub(super) fn world(name: &str) -> Result<World, UsageError> {
    found(name, World::parse, World::builtin)
}

/// Finds a scenario: a file, or a built-in one.
pub(super) fn scenario(name: &str) -> Result<Scenario, UsageError> {
    found(name, Scenario::parse, Scenario::builtin)
}

fn found<T, E: std::fmt::Display>(
    name: &str,
    parse: impl Fn(&str, &str) -> Result<T, E>,
    builtin: impl Fn(&str) -> Result<T, E>,
) -> Result<T, UsageError> {
    let usage = |error: &dyn std::fmt::Display| UsageError(error.to_string());
    if name.contains('/') || name.ends_with(".toml") {
        let text = std::fs::read_to_string(name)
            .map_err(|error| UsageError(format!("{name}: {error}")))?;
        return parse(&text, name).map_err(|error| usage(&error));
    }
    builtin(name).map_err(|error| usage(&error))
}
