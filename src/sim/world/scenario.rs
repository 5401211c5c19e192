//! Scenarios: what goes wrong in a world, and what is really the matter then.
//!
//! A scenario file may have every table of a world file but `[world]`. What it declares
//! is laid over the world: an entry of the same name takes the place of the world's, any
//! other is added; events and container instances are always added. In a `calm` world
//! the deployments and troubles of its own do not happen.
//!
//! ```toml
//! [scenario]
//! name = "tag-mistyped"
//! title = "A revision names an image tag that was never pushed"
//! world = "aistudio"
//!
//! [[truth]]                        # for tests and drills: never told to a client
//! service = "aistudio-dev"
//! cause = "image-not-found"
//! also_ok = ["circuit-breaker-tripped"]
//! verdicts = ["stuck", "failed"]
//! after = "4m"
//! says = ["CannotPullContainerError", "v2.1.O: not found"]
//!
//! [[task_definition]]
//! family = "aistudio-dev"
//! revision = 31
//! like = 30
//!
//! [[event]]
//! at = "1m"
//! do = "update-service"
//! service = "aistudio-dev"
//! task_definition = "aistudio-dev:31"
//! ```

use super::happening::EventKind;
use super::model::{ClusterSpec, DefinitionSpec, WorldSpec};

/// Puts the entries of `over` into `base`, in the place of those that are the same.
fn lay<T: Clone>(base: &mut Vec<T>, over: &[T], same: impl Fn(&T, &T) -> bool) {
    for entry in over {
        match base.iter_mut().find(|old| same(old, entry)) {
            Some(old) => *old = entry.clone(),
            None => base.push(entry.clone()),
        }
    }
}

/// Takes a world's own deployments and troubles out of it.
pub(super) fn calm(world: &mut WorldSpec) {
    world.trouble.clear();
    let own = |kind| matches!(kind, EventKind::UpdateService | EventKind::Trouble);
    world.event.retain(|event| !own(event.kind));
}

/// Lays what a scenario declares over a world.
pub(super) fn lay_over(base: &mut WorldSpec, over: &WorldSpec) {
    // Taken apart, so that a table that is new cannot be forgotten here.
    let WorldSpec {
        world: _,
        scenario: _,
        truth: _,
        cure: _,
        cluster,
        repository,
        secret,
        log_group,
        function,
        task_definition,
        service,
        target_group,
        container_instance,
        capacity_provider,
        fargate,
        trouble,
        queue,
        table,
        event,
        generate: _,
        metric,
        alarm,
        load_balancer,
        scalable_target,
        parameter,
        discovery,
        instance,
        role,
        fault,
    } = over;
    lay(&mut base.cluster, cluster, |a: &ClusterSpec, b| {
        a.name == b.name
    });
    lay(&mut base.repository, repository, |a, b| a.name == b.name);
    lay(&mut base.secret, secret, |a, b| a.arn == b.arn);
    lay(&mut base.log_group, log_group, |a, b| a.name == b.name);
    lay(&mut base.function, function, |a, b| a.name == b.name);
    let same =
        |a: &DefinitionSpec, b: &DefinitionSpec| (&a.family, a.revision) == (&b.family, b.revision);
    lay(&mut base.task_definition, task_definition, same);
    lay(&mut base.service, service, |a, b| {
        a.name == b.name && a.cluster.get_ref() == b.cluster.get_ref()
    });
    lay(&mut base.target_group, target_group, |a, b| {
        a.name == b.name
    });
    base.container_instance
        .extend(container_instance.iter().cloned());
    lay(&mut base.capacity_provider, capacity_provider, |a, b| {
        a.name == b.name
    });
    if fargate.vcpus.is_some() {
        base.fargate = *fargate;
    }
    lay(&mut base.trouble, trouble, |a, b| a.name == b.name);
    lay(&mut base.queue, queue, |a, b| a.name == b.name);
    lay(&mut base.table, table, |a, b| a.name == b.name);
    lay(&mut base.metric, metric, |a, b| {
        (&a.namespace, &a.name, &a.dimensions) == (&b.namespace, &b.name, &b.dimensions)
    });
    lay(&mut base.alarm, alarm, |a, b| a.name == b.name);
    lay(&mut base.load_balancer, load_balancer, |a, b| {
        a.name == b.name
    });
    lay(&mut base.scalable_target, scalable_target, |a, b| {
        a.service.get_ref() == b.service.get_ref()
    });
    lay(&mut base.parameter, parameter, |a, b| a.name == b.name);
    lay(&mut base.discovery, discovery, |a, b| {
        (&a.namespace, &a.name) == (&b.namespace, &b.name)
    });
    lay(&mut base.instance, instance, |a, b| a.id == b.id);
    lay(&mut base.role, role, |a, b| a.name == b.name);
    base.fault.extend(fault.iter().cloned());
    base.event.extend(event.iter().cloned());
}

#[cfg(test)]
mod tests {
    use crate::world::{Scenario, World};

    const WORLD: &str = "
[world]
name = 't'
account = '123456789012'
region = 'us-east-1'
[[cluster]]
name = 'main'
[[task_definition]]
family = 'web'
revision = 1
[[service]]
name = 'web'
cluster = 'main'
task_definition = 'web:1'
desired = 2
";

    fn laid(rest: &str) -> Result<World, crate::WorldError> {
        let world = World::parse(WORLD, "t.toml").unwrap();
        let text = format!("[scenario]\nname = 's'\nworld = 't'\n{rest}");
        Scenario::parse(&text, "s.toml").unwrap().laid_over(&world)
    }

    #[test]
    fn an_entry_of_the_same_name_takes_the_place_of_the_worlds() {
        let service =
            "[[service]]\nname = 'web'\ncluster = 'main'\ntask_definition = 'web:2'\ndesired = 5\n";
        let definition = "[[task_definition]]\nfamily = 'web'\nrevision = 2\n";
        let world = laid(&format!("{definition}{service}")).unwrap();
        let counts: Vec<u32> = world.spec.service.iter().map(|s| s.desired).collect();
        assert_eq!(counts, [5]);
        assert_eq!(world.spec.task_definition.len(), 2);
    }

    #[test]
    fn a_scenario_may_have_reads_lag() {
        let world = World::parse(WORLD, "t.toml").unwrap();
        let text = "[scenario]\nname = 's'\nworld = 't'\nread_lag = '4s'\n";
        let scenario = Scenario::parse(text, "s.toml").unwrap();
        let laid = scenario.laid_over(&world).unwrap();
        assert_eq!(laid.spec.world.read_lag.0, 4_000);
    }

    #[test]
    fn a_wrong_name_is_reported_with_the_scenarios_file_and_line() {
        let error =
            laid("[[event]]\nat = '1m'\ndo = 'update-service'\nservice = 'wbe'\n").unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("s.toml", 7));
        assert!(error.message.contains("did you mean `web`"), "{error}");
    }

    #[test]
    fn a_world_is_no_scenario_and_a_scenario_no_world() {
        assert!(Scenario::parse(WORLD, "t.toml").is_err());
        assert!(World::parse("[scenario]\nname = 's'\nworld = 't'\n", "s.toml").is_err());
    }

    #[test]
    fn the_truth_is_data_that_is_read_back() {
        let text = "[scenario]\nname = 's'\nworld = 't'\n[[truth]]\nservice = 'web'\ncause = 'app-crash'\n\
                    verdicts = ['stuck']\nafter = '2m'\n";
        let scenario = Scenario::parse(text, "s.toml").unwrap();
        let truth = &scenario.truth()[0];
        assert_eq!(
            (truth.cause.as_str(), truth.after_seconds()),
            ("app-crash", 120)
        );
    }
}
