//! The actions that are put to the proof: how a person decides each, and how AWS shows that it was done.

use std::collections::BTreeSet;
use std::pin::Pin;

use ecsdeck_core::act::history::{Author, Entry, Sent};
use ecsdeck_core::act::{
    self, Capacity, Decider, History, HookAction, Intent, IntentId, NetworkConfiguration, Outcome,
    Overrides, Record, TaskRun,
};
use ecsdeck_core::domain::{Arn, Network, RolloutHistory, ScalableTarget, Service, Suspended};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{DefinitionReads, DocumentReads, QueueReads};
use serde_json::Value;

use super::scene::{By, Scene, definition};

type Later<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// One action.
#[derive(Clone, Copy)]
pub(super) struct Action {
    pub(super) name: &'static str,
    /// The calls that it makes, as the simulator's log names them, in their order.
    pub(super) sends: &'static [&'static str],
    pub(super) decide: for<'a> fn(&'a Scene, &'a By) -> Later<'a, Intent>,
    /// Whether all of it shows in what the simulator holds.
    pub(super) shows: fn(&Value) -> bool,
}

/// All of them.
pub(super) const ALL: &[Action] = &[
    Action {
        name: "scale",
        sends: &["UpdateService"],
        decide: |scene, by| {
            Box::pin(async { act::scale(by.decider(), &scene.service("web").await, "3").unwrap() })
        },
        shows: |state| service(state, "web")["desired"] == 3,
    },
    Action {
        name: "run",
        sends: &["RunTask"],
        decide: |_, by| Box::pin(async { act::run(by.decider(), &wanted(1)).unwrap() }),
        shows: |state| started(state).len() == 1,
    },
    Action {
        name: "run twelve",
        sends: &["RunTask", "RunTask"],
        decide: |_, by| Box::pin(async { act::run(by.decider(), &wanted(12)).unwrap() }),
        shows: |state| started(state).len() == 12,
    },
    Action {
        name: "stop two",
        sends: &["StopTask", "StopTask"],
        decide: |scene, by| {
            Box::pin(async {
                let tasks = scene.tasks_of("web").await;
                act::stop(by.decider(), &tasks.iter().collect::<Vec<_>>(), None).unwrap()
            })
        },
        shows: |state| {
            let tasks = state["tasks"].as_array().unwrap().iter();
            let by_us = |task: &&Value| {
                task["desired"] == "STOPPED"
                    && task["group"] == "service:web"
                    && task["stop_code"] == "UserInitiated"
            };
            tasks.filter(by_us).count() == 2
        },
    },
    Action {
        name: "suspend",
        sends: &["RegisterScalableTarget"],
        decide: |scene, by| {
            Box::pin(async {
                let (service, target) =
                    (scene.service("scaled").await, scene.scaling("scaled").await);
                act::suspend(by.decider(), &service, Some(&target)).unwrap()
            })
        },
        shows: |state| {
            state["scalable_targets"][0]["suspended"] == serde_json::json!([true, true, true])
        },
    },
    Action {
        name: "resume",
        sends: &["RegisterScalableTarget"],
        decide: |scene, by| {
            Box::pin(async {
                let (service, target) = (scene.service("held").await, scene.scaling("held").await);
                act::resume(by.decider(), &service, Some(&target), None).unwrap()
            })
        },
        shows: |state| is_released(state, "held"),
    },
    Action {
        name: "bounds",
        sends: &["RegisterScalableTarget"],
        decide: |scene, by| {
            Box::pin(async {
                let (service, target) =
                    (scene.service("scaled").await, scene.scaling("scaled").await);
                act::bounds(by.decider(), &service, Some(&target), "2", "9").unwrap()
            })
        },
        shows: |state| state["scalable_targets"][0]["max"] == 9,
    },
    Action {
        name: "drain",
        sends: &["RegisterScalableTarget", "UpdateService"],
        decide: |scene, by| {
            Box::pin(async {
                let (service, target) =
                    (scene.service("scaled").await, scene.scaling("scaled").await);
                act::drain(by.decider(), &service, Some(&target)).unwrap()
            })
        },
        shows: |state| service(state, "scaled")["desired"] == 0,
    },
    Action {
        name: "restore",
        sends: &["UpdateService", "RegisterScalableTarget"],
        decide: |scene, by| {
            Box::pin(async {
                let (now, target) = (scene.service("gone").await, scene.scaling("gone").await);
                let before = Service {
                    desired: 2,
                    ..now.clone()
                };
                let scaled = ScalableTarget {
                    suspended: Suspended::default(),
                    ..target
                };
                let drained = done(&act::drain(earlier(by), &before, Some(&scaled)).unwrap());
                act::restore(by.decider(), &now, Some(&target), &drained, false).unwrap()
            })
        },
        shows: |state| service(state, "gone")["desired"] == 2 && is_released(state, "gone"),
    },
    Action {
        name: "undo",
        sends: &["UpdateService"],
        decide: |scene, by| {
            Box::pin(async {
                let now = scene.service("web").await;
                let before = Service { desired: 4, ..now };
                let scaled = done(&act::scale(earlier(by), &before, "2").unwrap());
                act::undo(by.decider(), &scaled).unwrap()
            })
        },
        shows: |state| service(state, "web")["desired"] == 4,
    },
    Action {
        name: "redeploy",
        sends: &["UpdateService"],
        decide: |scene, by| {
            Box::pin(async { act::redeploy(by.decider(), &scene.service("web").await).unwrap() })
        },
        shows: |state| service(state, "web")["records"].as_array().unwrap().len() == 2,
    },
    Action {
        name: "deploy",
        sends: &["RegisterTaskDefinition", "UpdateService"],
        decide: |scene, by| {
            Box::pin(async {
                let service = scene.service("web").await;
                let document = scene
                    .witness()
                    .definition_document(&service.task_definition)
                    .await;
                act::deploy(by.decider(), &service, &document.unwrap(), &[":2"]).unwrap()
            })
        },
        shows: |state| service(state, "web")["deployments"][0]["task_definition"] == "web:4",
    },
    Action {
        name: "rollback by update",
        sends: &["UpdateService"],
        decide: |scene, by| {
            Box::pin(async {
                let service = scene.service("web").await;
                let to = definition("web:2");
                let way = act::way_back(&service, &RolloutHistory::default(), Some(&to)).unwrap();
                let to = scene
                    .witness()
                    .describe_task_definition(way.needs().unwrap())
                    .await
                    .unwrap();
                let comeback = act::Comeback {
                    definition: Some(&to),
                    images: &[],
                };
                act::rollback(by.decider(), &service, &way, &comeback).unwrap()
            })
        },
        shows: |state| service(state, "web")["deployments"][0]["task_definition"] == "web:2",
    },
    Action {
        name: "rollback by stop",
        sends: &["StopServiceDeployment"],
        decide: |scene, by| {
            Box::pin(async {
                let (service, deployment) = scene.under_way("stuck").await;
                let way = act::WayBack::Stop {
                    deployment: deployment.arn,
                    to: None,
                };
                act::rollback(by.decider(), &service, &way, &act::Comeback::default()).unwrap()
            })
        },
        shows: |state| goes_back(state, "stuck"),
    },
    Action {
        name: "rollback by hook",
        sends: &["ContinueServiceDeployment"],
        decide: |scene, by| {
            Box::pin(async {
                let (service, deployment) = scene.under_way("paused").await;
                act::answer_hook(by.decider(), &service, &deployment, HookAction::Rollback).unwrap()
            })
        },
        shows: |state| goes_back(state, "paused"),
    },
    Action {
        name: "continue",
        sends: &["ContinueServiceDeployment"],
        decide: |scene, by| {
            Box::pin(async {
                let (service, deployment) = scene.under_way("paused").await;
                act::answer_hook(by.decider(), &service, &deployment, HookAction::Continue).unwrap()
            })
        },
        shows: |state| {
            let records = service(state, "paused")["records"]
                .as_array()
                .unwrap()
                .iter();
            let waits = |record: &Value| record["hooks"].to_string().contains("AWAITING_ACTION");
            !records.clone().any(waits)
        },
    },
    Action {
        name: "redrive",
        sends: &["StartMessageMoveTask"],
        decide: |scene, by| {
            Box::pin(async {
                let witness = scene.witness();
                let url = witness
                    .queue_url(&Clean::literal("jobs-dead"))
                    .await
                    .unwrap();
                let dead = witness.queue(&url).await.unwrap();
                let moves = witness.message_moves(&dead.arn).await.unwrap();
                act::redrive(by.decider(), &dead, None, None, &moves).unwrap()
            })
        },
        shows: |state| state["moves"] == 1,
    },
];

fn wanted(count: u32) -> TaskRun {
    TaskRun {
        name: Clean::literal("one-off"),
        cluster: Scene::cluster(),
        task_definition: definition("web:1"),
        count,
        capacity: Some(Capacity::LaunchType(Clean::literal("FARGATE"))),
        platform_version: None,
        network: Some(NetworkConfiguration::from(&Network {
            subnets: vec![Clean::literal("subnet-1")],
            security_groups: Vec::new(),
            public_ip: false,
        })),
        overrides: Overrides::default(),
        group: None,
        exec: false,
        tags: Vec::new(),
    }
}

pub(super) fn service<'a>(state: &'a Value, name: &str) -> &'a Value {
    let mut services = state["services"].as_array().unwrap().iter();
    services.find(|service| service["name"] == name).unwrap()
}

/// Whether a deployment of the service goes back, or has.
fn goes_back(state: &Value, name: &str) -> bool {
    let records = service(state, name)["records"].as_array().unwrap().iter();
    records
        .filter(|record| record["status"].as_str().unwrap().starts_with("ROLLBACK"))
        .count()
        == 1
}

/// Whether nothing is suspended of what scales the service.
fn is_released(state: &Value, name: &str) -> bool {
    let targets = state["scalable_targets"].as_array().unwrap().iter();
    let mut of = targets.filter(|target| target["resource"].as_str().unwrap().ends_with(name));
    of.next().unwrap()["suspended"] == serde_json::json!([false, false, false])
}

/// The same person, some time before.
fn earlier(by: &By) -> Decider<'_> {
    Decider {
        id: IntentId::new(1 << 100),
        ..by.decider()
    }
}

/// An intent as the journal has it once it was done.
fn done(intent: &Intent) -> Record {
    let who = Author::of(&Arn::new("arn:aws:iam::123456789012:user/ann"));
    let (outcome, sent) = (Outcome::Done, Sent::default());
    let entries = [
        Entry::intent(intent, who.clone()),
        Entry::outcome(intent, who, intent.at, &outcome, &sent),
    ];
    History::of(&entries).records()[0].clone()
}

/// The tasks that a run has started, those that have ended among them.
pub(super) fn started(state: &Value) -> BTreeSet<String> {
    let tasks = state["tasks"].as_array().unwrap().iter();
    let ours = tasks.filter(|task| {
        let by = task["started_by"].as_str().unwrap_or_default();
        by.starts_with("ecsdeck/")
    });
    ours.map(|task| task["id"].as_str().unwrap().to_owned())
        .collect()
}
