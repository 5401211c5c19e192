//! Command lines that change something, and how the simulator shows that it was done.

use serde_json::{Value, json};

use super::actions::{service, started};
use super::chance::Chance;
use super::stage::Stage;

/// What there is to do.
pub(super) const KINDS: [&str; 7] = [
    "scale", "run", "redeploy", "deploy", "rollback", "stop", "drain",
];

type Shows = Box<dyn Fn(&Value) -> bool>;

pub(super) struct Deed {
    told: Vec<String>,
    /// The calls that it makes, in their order.
    pub(super) writes: &'static [&'static str],
    /// Whether all of it shows.
    pub(super) is_done: Shows,
}

impl Deed {
    /// One of that kind, that begins with everything as it was at first.
    pub(super) fn of(kind: &str, stage: &Stage, chance: &mut Chance) -> Self {
        put_back(stage);
        let before = stage.state();
        let (told, writes, is_done): (Vec<&str>, &'static [&'static str], Shows);
        let (count, task) = (3 + chance.below(4), a_task_of_web(&before));
        let number = count.to_string();
        match kind {
            "scale" => {
                told = vec!["web", &number];
                writes = &["UpdateService"];
                is_done = Box::new(move |state| service(state, "web")["desired"] == count);
            }
            "run" => {
                told = vec!["one-off"];
                writes = &["RunTask"];
                let there = started(&before);
                is_done = Box::new(move |state| {
                    let now = started(state);
                    let new = now.difference(&there).count();
                    assert!(new <= 1, "{new} tasks of one run");
                    new == 1
                });
            }
            "redeploy" => {
                told = vec!["web"];
                writes = &["UpdateService"];
                let deployment = service(&before, "web")["deployments"][0]["id"].clone();
                is_done = Box::new(move |state| {
                    service(state, "web")["deployments"][0]["id"] != deployment
                });
            }
            "deploy" => {
                told = vec!["web", "--image", ":2"];
                writes = &["RegisterTaskDefinition", "UpdateService"];
                is_done = Box::new(|state| revision(state) != "web:1");
            }
            "rollback" => {
                told = vec!["web", "--to", "2"];
                writes = &["UpdateService"];
                is_done = Box::new(|state| revision(state) == "web:2");
            }
            "stop" => {
                told = vec![&task];
                writes = &["StopTask"];
                let id = task.clone();
                is_done = Box::new(move |state| {
                    let mut tasks = state["tasks"].as_array().unwrap().iter();
                    let task = tasks.find(|task| task["id"] == *id).unwrap();
                    task["stop_code"] == "UserInitiated"
                });
            }
            _ => {
                told = vec!["scaled"];
                writes = &["RegisterScalableTarget", "UpdateService"];
                is_done = Box::new(|state| {
                    service(state, "scaled")["desired"] == 0
                        && state["scalable_targets"][0]["suspended"] == json!([true, true, true])
                });
            }
        }
        let told = told.into_iter().map(str::to_owned);
        Self {
            told: std::iter::once(kind.to_owned()).chain(told).collect(),
            writes,
            is_done,
        }
    }

    /// The command line.
    pub(super) fn words<'a>(&'a self, stage: &'a Stage) -> Vec<&'a str> {
        let told = self.told.iter().map(String::as_str);
        told.chain(["--deck", stage.deck(), "--yes"]).collect()
    }
}

/// Somebody else undoes whatever was done.
fn put_back(stage: &Stage) {
    let ecs = "AmazonEC2ContainerServiceV20141113.UpdateService";
    for name in ["web", "scaled"] {
        let body = json!({
            "cluster": "main", "service": name, "desiredCount": 2, "taskDefinition": "web:1",
        });
        let answer = stage.sim.ask(ecs, &body);
        assert!(answer["service"].is_object(), "{answer}");
    }
    let free = json!({
        "ServiceNamespace": "ecs",
        "ResourceId": "service/main/scaled",
        "ScalableDimension": "ecs:service:DesiredCount",
        "SuspendedState": {
            "DynamicScalingInSuspended": false,
            "DynamicScalingOutSuspended": false,
            "ScheduledScalingSuspended": false,
        },
    });
    let answer = stage
        .sim
        .ask("AnyScaleFrontendService.RegisterScalableTarget", &free);
    assert!(answer["__type"].is_null(), "{answer}");
    // Until nothing moves any more.
    let running = stage.sim.running();
    running.advance(std::time::Duration::from_secs(10 * 60));
}

fn revision(state: &Value) -> &str {
    let primary = &service(state, "web")["deployments"][0];
    primary["task_definition"].as_str().unwrap()
}

fn a_task_of_web(state: &Value) -> String {
    let mut tasks = state["tasks"].as_array().unwrap().iter();
    let runs = |task: &&Value| task["group"] == "service:web" && task["desired"] == "RUNNING";
    tasks.find(runs).unwrap()["id"].as_str().unwrap().to_owned()
}
