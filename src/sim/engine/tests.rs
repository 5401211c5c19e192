//! That a run is repeatable, and how fast it starts.

use crate::clock::{MINUTE, SECOND};
use crate::engine::Engine;
use crate::service::Service;
use crate::trial::EPOCH;
use crate::world::{Scenario, World};

fn start(name: &str, seed: u64) -> Engine {
    Engine::start(&[World::builtin(name).unwrap()], EPOCH, seed)
}

#[test]
fn the_same_seed_gives_the_same_state_and_another_seed_another() {
    for name in World::builtin_names() {
        let run = |seed| {
            let mut engine = start(name, seed);
            engine.advance(EPOCH + 30 * MINUTE);
            engine.dump().to_string()
        };
        assert_eq!(run(1), run(1), "{name}");
        assert_ne!(run(1), run(2), "{name}");
    }
}

#[test]
fn the_size_of_the_steps_changes_nothing() {
    for name in World::builtin_names() {
        let mut leap = start(name, 1);
        leap.advance(EPOCH + 20 * MINUTE);
        let mut walk = start(name, 1);
        for second in 1..=20 * 60 {
            walk.advance(EPOCH + second * SECOND);
        }
        assert_eq!(leap.dump(), walk.dump(), "{name}");
    }
}

#[test]
fn short_drama_begins_in_the_middle_of_a_stuck_deployment() {
    let engine = start("short-drama", 1);
    let key = engine
        .ecs
        .find_service("short-drama-cluster", "short-drama-backend")
        .unwrap();
    let service = engine.ecs.service(key).unwrap();
    let primary = service.primary().unwrap();
    assert!(primary.failed > 6, "{} failed", primary.failed);
    assert_eq!(service.deployments.len(), 2);
    let running = service
        .live
        .iter()
        .filter(|task| engine.ecs.tasks[task].serves())
        .count();
    assert_eq!(running, 2, "the old tasks still serve");
    let gpu = engine
        .sqs
        .queues
        .iter()
        .find(|queue| queue.name == "gpu_tasks_queue")
        .unwrap();
    assert!(
        (8..80).contains(&gpu.visible.len()),
        "{} visible",
        gpu.visible.len()
    );
}

#[test]
fn short_drama_recovers_when_the_image_appears() {
    let world = World::builtin("short-drama").unwrap();
    let world = Scenario::builtin("image-fixed")
        .unwrap()
        .laid_over(&world)
        .unwrap();
    let mut engine = Engine::start(&[world], EPOCH, 1);
    engine.advance(EPOCH + 30 * MINUTE);
    let key = engine
        .ecs
        .find_service("short-drama-cluster", "short-drama-backend")
        .unwrap();
    let service = engine.ecs.service(key).unwrap();
    assert_eq!(service.deployments.len(), 1);
    assert_eq!(service.primary().unwrap().definition.revision, 42);
}

#[test]
fn fleet_has_250_services_and_about_1200_tasks() {
    let engine = start("fleet", 1);
    assert_eq!(engine.ecs.services.len(), 250);
    let wanted = engine.ecs.tasks.values().filter(|task| task.wanted).count();
    assert!((1_190..=1_210).contains(&wanted), "{wanted}");
}

/// One of everything: strategies, hooks, alarms, controllers, instances, troubles.
fn everything(seed: u64) -> Engine {
    let world = World::parse(include_str!("tests/everything.toml"), "everything.toml").unwrap();
    Engine::start(&[world], EPOCH, seed)
}

#[test]
fn steps_of_any_size_and_calls_in_between_lead_to_the_same_bytes() {
    let call = |engine: &mut Engine, name: &str, input: serde_json::Value| {
        let args = crate::wire::Args::parse(input.to_string().as_bytes()).unwrap();
        drop(engine.call(Service::Ecs, name, &args));
    };
    let run = |step: i64, seed: u64| {
        let mut engine = everything(seed);
        let mut states = Vec::new();
        for minute in 1..=20 {
            let end = EPOCH + minute * MINUTE;
            while engine.now() < end {
                let next = (engine.now() + step).min(end);
                engine.advance(next);
            }
            let fresh = serde_json::json!({
                "cluster": "main", "service": "fresh", "desiredCount": 1 + minute % 3,
            });
            call(&mut engine, "UpdateService", fresh);
            let task = serde_json::json!({
                "cluster": "main", "taskDefinition": "web:1", "launchType": "FARGATE",
                "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
            });
            call(&mut engine, "RunTask", task);
            states.push(engine.dump().to_string());
        }
        states
    };
    let leaps = run(MINUTE, 1);
    assert_eq!(leaps, run(SECOND, 1));
    assert_eq!(leaps, run(700, 1));
    assert_ne!(leaps, run(MINUTE, 2));
}

#[test]
fn reading_changes_nothing() {
    let (mut read, mut left) = (everything(1), everything(1));
    for minute in 1..=10 {
        for engine in [&mut read, &mut left] {
            engine.advance(EPOCH + minute * MINUTE);
        }
        for name in ["ListServices", "ListTasks", "ListContainerInstances"] {
            let args = crate::wire::Args::parse(br#"{"cluster": "main"}"#).unwrap();
            read.call(Service::Ecs, name, &args).unwrap();
        }
    }
    assert_eq!(read.dump(), left.dump());
}
