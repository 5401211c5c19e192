//! Worlds: what exists in a simulated AWS at the start, and how it behaves.
//!
//! Invariant: a [`World`] that exists has been checked: every name it uses is
//! declared, and every error names the file, the line and the nearest valid name.

mod around;
mod builtin;
mod capacity;
mod check;
mod check_around;
mod declared;
mod defaults;
mod error;
mod fault;
mod function;
mod generate;
mod happening;
mod model;
mod nearest;
mod parse;
#[cfg(test)]
mod proof;
mod scenario;
mod service;
mod spans;
mod targets;
mod trouble;
mod truth;
mod work;

pub(crate) use around::*;
pub(crate) use capacity::ContainerInstanceSpec;
pub(crate) use defaults::Name;
pub use error::WorldError;
pub(crate) use fault::{FaultKind, FaultSpec};
pub(crate) use function::FunctionSpec;
pub(crate) use happening::{EventKind, EventSpec, InstanceState};
pub(crate) use model::*;
pub(crate) use service::{
    BreakerSpec, Controller, DeploymentAlarmsSpec, HookAnswer, HookSpec, HookTarget, LaunchType,
    LifecycleStage, ServiceSpec, Strategy, ThresholdSpec, ThresholdType, TimeoutAction,
};
pub(crate) use spans::Between;
pub(crate) use targets::TargetGroupSpec;
pub(crate) use trouble::{StopCodeSpec, TroubleSpec, TroubleStage};
pub use truth::{Cure, Truth};
pub(crate) use work::{QueueSpec, RowValue, TableSpec, WorkSpec};

use parse::parse_document;
use truth::ScenarioHeader;

/// What exists in a simulated AWS account at the start: clusters, services,
/// task definitions, queues, tables, and the history that led there.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) spec: WorldSpec,
}

/// What goes wrong in a world, and when: events and declarations laid over it.
#[derive(Clone, Debug)]
pub struct Scenario {
    header: ScenarioHeader,
    spec: WorldSpec,
    file: String,
    text: String,
}

impl World {
    /// The names of the worlds that are built in.
    #[must_use]
    pub fn builtin_names() -> Vec<&'static str> {
        builtin::WORLDS.iter().map(|(name, _)| *name).collect()
    }

    /// A built-in world.
    ///
    /// # Errors
    /// When there is none of that name; the message tells the nearest.
    pub fn builtin(name: &str) -> Result<World, WorldError> {
        let text = builtin::find(builtin::WORLDS, "world", name)?;
        World::parse(text, &format!("worlds/{name}.toml"))
    }

    /// Reads a world from TOML. `file_name` only serves error messages.
    ///
    /// # Errors
    /// When the text is not TOML, has an unknown key, or uses an undeclared name.
    pub fn parse(text: &str, file_name: &str) -> Result<World, WorldError> {
        let mut spec: WorldSpec = parse_document(text, file_name)?;
        if spec.scenario.is_some() || spec.world.name.is_empty() {
            return Err(WorldError {
                file: file_name.to_owned(),
                line: 0,
                message: "a world needs the table [world], and has no [scenario]".to_owned(),
            });
        }
        generate::expand(&mut spec);
        check::world(&spec, text, file_name)?;
        Ok(World { spec })
    }

    /// An account in a region where nothing exists.
    pub(crate) fn empty(account: &str, region: &str, caller: Option<String>) -> World {
        World {
            spec: WorldSpec {
                world: Header {
                    name: "empty".to_owned(),
                    account: account.to_owned(),
                    region: region.to_owned(),
                    caller,
                    ..Header::default()
                },
                ..WorldSpec::default()
            },
        }
    }

    /// Its name, as decks and commands use it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.spec.world.name
    }

    /// The twelve digits of its AWS account.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.spec.world.account
    }

    /// Its AWS region, such as `us-east-1`.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.spec.world.region
    }
}

impl Scenario {
    /// The names of the scenarios that are built in.
    #[must_use]
    pub fn builtin_names() -> Vec<&'static str> {
        builtin::SCENARIOS.iter().map(|(name, _)| *name).collect()
    }

    /// A built-in scenario.
    ///
    /// # Errors
    /// When there is none of that name; the message tells the nearest.
    pub fn builtin(name: &str) -> Result<Scenario, WorldError> {
        let text = builtin::find(builtin::SCENARIOS, "scenario", name)?;
        Scenario::parse(text, &format!("scenarios/{name}.toml"))
    }

    /// Reads a scenario from TOML. `file_name` only serves error messages.
    ///
    /// # Errors
    /// When the text is not TOML or has an unknown key. Names are checked
    /// against the worlds when the simulator starts.
    pub fn parse(text: &str, file_name: &str) -> Result<Scenario, WorldError> {
        let mut spec: WorldSpec = parse_document(text, file_name)?;
        let header = spec.scenario.take().filter(|_| spec.world.name.is_empty());
        let header = header.ok_or_else(|| WorldError {
            file: file_name.to_owned(),
            line: 0,
            message: "a scenario needs the table [scenario], and has no [world]".to_owned(),
        })?;
        Ok(Scenario {
            header,
            spec,
            file: file_name.to_owned(),
            text: text.to_owned(),
        })
    }

    /// Its name, as commands use it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.header.name
    }

    /// One line for people; empty when it has none. It may give the cause away.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.header.title
    }

    /// The name of the world that it is made for.
    #[must_use]
    pub fn world(&self) -> &str {
        &self.header.world
    }

    /// What is really the matter, moment by moment, where the file says so.
    #[must_use]
    pub fn truth(&self) -> &[Truth] {
        &self.spec.truth
    }

    /// What is done about it, where the file says so.
    #[must_use]
    pub fn cure(&self) -> Option<&Cure> {
        self.spec.cure.as_ref()
    }

    /// Lays this scenario over `world`.
    pub(crate) fn laid_over(&self, world: &World) -> Result<World, WorldError> {
        let mut spec = world.spec.clone();
        if self.header.calm {
            scenario::calm(&mut spec);
        }
        scenario::lay_over(&mut spec, &self.spec);
        spec.world.read_lag = self.header.read_lag.unwrap_or(spec.world.read_lag);
        // The world has been checked: what is wrong now is in the scenario.
        check::world(&spec, &self.text, &self.file)?;
        Ok(World { spec })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[world]\nname = 't'\naccount = '123456789012'\nregion = 'us-east-1'\n";

    fn error(rest: &str) -> WorldError {
        World::parse(&format!("{HEAD}{rest}"), "t.toml").unwrap_err()
    }

    #[test]
    fn every_builtin_world_and_scenario_is_valid() {
        for name in World::builtin_names() {
            assert_eq!(World::builtin(name).unwrap().name(), name);
        }
        for name in Scenario::builtin_names() {
            let scenario = Scenario::builtin(name).unwrap();
            let world = World::builtin(scenario.world()).unwrap();
            scenario.laid_over(&world).unwrap();
        }
    }

    #[test]
    fn an_unknown_builtin_world_tells_the_nearest_name() {
        let error = World::builtin("short-dramma").unwrap_err();
        assert!(error.message.contains("`short-drama`"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_reported_with_file_line_and_the_nearest_name() {
        let error = error("[[cluster]]\nname = 'a'\n\n[[srevice]]\nname = 'x'\n");
        assert_eq!((error.file.as_str(), error.line), ("t.toml", 8));
        assert!(error.message.contains("did you mean `service`"), "{error}");
    }

    #[test]
    fn an_undeclared_name_is_reported_where_it_is_used() {
        let text = "[[cluster]]\nname = 'main'\n[[task_definition]]\nfamily = 'web'\nrevision = 1\n\
                    [[service]]\nname = 'web'\ncluster = 'mian'\ntask_definition = 'web:1'\ndesired = 1\n";
        let error = error(text);
        assert_eq!(error.line, 12);
        assert!(error.message.contains("did you mean `main`"), "{error}");
    }

    #[test]
    fn an_event_of_a_world_is_checked_too() {
        let error = error(
            "[[queue]]\nname = 'jobs'\n[[event]]\nat = '2m'\ndo = 'queue-rate'\nqueue = 'jbos'\nper_minute = 3\n",
        );
        assert!(error.message.contains("did you mean `jobs`"), "{error}");
    }
}
