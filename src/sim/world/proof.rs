//! Proof that every scenario really produces what it is for: it is run, and AWS's words
//! must be there at the moment that its truth names.

use crate::clock::{SECOND, Time};
use crate::engine::Engine;
use crate::world::{Scenario, Truth, World};

/// A day like any other.
const EPOCH: Time = Time(1_795_000_000_000);

/// The causes that a console is to tell apart; each has a scenario of its name.
const CAUSES: &[&str] = &[
    "image-not-found",
    "image-pull-denied",
    "image-pull-network",
    "image-pull-rate-limit",
    "image-platform-mismatch",
    "image-invalid",
    "image-too-large",
    "secret-not-found",
    "secret-access-denied",
    "secret-network",
    "secret-malformed",
    "env-file-unavailable",
    "log-driver-failed",
    "log-network",
    "role-not-assumable",
    "volume-mount-failed",
    "no-container-instances",
    "insufficient-resources",
    "host-port-conflict",
    "placement-constraint",
    "agent-disconnected",
    "capacity-unavailable",
    "platform-error",
    "quota-reached",
    "eni-failed",
    "spot-interruption",
    "host-lost",
    "app-crash",
    "app-exited",
    "out-of-memory",
    "killed",
    "segfault",
    "command-not-found",
    "command-not-executable",
    "container-runtime-error",
    "target-unhealthy",
    "container-unhealthy",
    "target-group-misconfigured",
    "health-grace-too-short",
    "circuit-breaker-tripped",
    "deployment-alarm",
    "deployment-config-deadlock",
    "start-impaired",
    "task-protection",
    "hook-failed",
    "waiting-on-hook",
    "task-definition-invalid",
    "service-discovery-failed",
    "api-throttled",
    "permission-denied",
    "backlog-unserved",
    "falling-behind",
    "poison-messages",
    "orphaned-items",
    "overdue-items",
    "scheduler-activity",
    "stopped-by-user",
    "autoscaler-override",
    "scaled-to-zero",
    "progressing",
    "steady",
    "unknown",
];

const VERDICTS: &[&str] = &[
    "steady",
    "progressing",
    "stuck",
    "failed",
    "rolling_back",
    "rolled_back",
    "degraded",
    "scaled_to_zero",
    "unknown",
];

/// All that ECS says about what a truth is about.
fn said(engine: &Engine, truth: &Truth) -> Vec<String> {
    let mut words = Vec::new();
    let named = |name: &str| truth.service.as_deref() == Some(name);
    for service in engine.ecs.services.iter().filter(|s| named(&s.name)) {
        words.extend(service.events.iter().map(|event| event.message.clone()));
        words.extend(service.deployments.iter().map(|d| d.reason.clone()));
        for record in &service.history {
            words.push(format!("{} {}", record.status.name(), record.stage.name()));
            words.extend(
                record
                    .hooks
                    .iter()
                    .map(|hook| hook.status.name().to_owned()),
            );
        }
        let running = service
            .live
            .iter()
            .filter_map(|key| engine.ecs.tasks.get(key));
        let running = running.filter(|task| task.running()).count();
        words.push(format!("{running} of {} run", service.desired));
        let targets = engine.autoscaling.targets.iter();
        for target in targets.filter(|target| target.service == service.key) {
            let shown = target
                .activities
                .iter()
                .map(|a| a.show(&target.resource, "").to_string());
            words.extend(shown);
        }
    }
    let group = truth.service.as_ref().map(|name| format!("service:{name}"));
    for task in engine.ecs.tasks.values() {
        let family = truth.family.as_ref() == Some(&task.definition.family);
        if !family && group.as_ref() != Some(&task.group) {
            continue;
        }
        if let Some((code, reason)) = &task.stop {
            words.push(format!("{} {reason}", code.name()));
        }
        for container in &task.containers {
            words.extend(container.reason.clone());
            words.extend(container.exit_code.map(|code| format!("exit {code}")));
        }
    }
    words
}

/// The scenarios, each with its world laid under it.
fn staged() -> Vec<(Scenario, World)> {
    let names = Scenario::builtin_names().into_iter();
    names
        .map(|name| {
            let scenario = Scenario::builtin(name).unwrap();
            let world = World::builtin(scenario.world()).unwrap();
            let world = scenario.laid_over(&world).unwrap();
            (scenario, world)
        })
        .collect()
}

#[test]
fn every_scenario_says_in_awss_words_what_it_is_for() {
    let mut wrong = Vec::new();
    for (scenario, world) in staged() {
        let mut engine = Engine::start(&[world], EPOCH, 1);
        assert!(
            !scenario.truth().is_empty(),
            "{} has no truth",
            scenario.name()
        );
        for truth in scenario.truth() {
            engine.advance(EPOCH + truth.after_seconds() * SECOND);
            let words = said(&engine, truth);
            let missing = truth
                .says
                .iter()
                .filter(|part| !words.iter().any(|w| w.contains(part.as_str())));
            for part in missing {
                wrong.push(format!(
                    "{} after {} s: nobody says {part:?}, but\n    {}",
                    scenario.name(),
                    truth.after_seconds(),
                    words.join("\n    ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_cause_has_a_scenario_of_its_name() {
    for cause in CAUSES {
        let scenario = Scenario::builtin(cause).unwrap();
        assert_eq!(scenario.truth()[0].cause, *cause, "{cause}");
    }
}

#[test]
fn truths_name_causes_and_verdicts_that_there_are() {
    for (scenario, _) in staged() {
        for truth in scenario.truth() {
            let causes = truth.also_ok.iter().chain([&truth.cause]);
            let mut causes = causes.map(String::as_str);
            assert!(
                causes.all(|cause| CAUSES.contains(&cause)),
                "{}: {truth:?}",
                scenario.name()
            );
            let mut verdicts = truth.verdicts.iter().map(String::as_str);
            assert!(
                verdicts.all(|v| VERDICTS.contains(&v)),
                "{}: {truth:?}",
                scenario.name()
            );
            let subject = truth.service.is_some() != truth.family.is_some();
            assert!(
                subject && !truth.verdicts.is_empty(),
                "{}: {truth:?}",
                scenario.name()
            );
        }
    }
}

#[test]
fn every_scenario_says_what_cures_it_or_why_no_key_does() {
    for (scenario, _) in staged() {
        let name = scenario.name();
        let cure = scenario
            .cure()
            .unwrap_or_else(|| panic!("{name} has no cure"));
        assert_eq!(
            cure.keys.is_empty(),
            !cure.none.is_empty(),
            "{name}: {cure:?}"
        );
        assert_eq!(
            cure.keys.is_empty(),
            cure.end.is_empty(),
            "{name}: {cure:?}"
        );
        let confirmed = cure.keys.last().is_none_or(|last| last == "y");
        assert!(confirmed, "{name}: {cure:?}");
    }
}

#[test]
fn a_scenario_is_called_as_its_file() {
    for name in Scenario::builtin_names() {
        assert_eq!(Scenario::builtin(name).unwrap().name(), name);
    }
}
