//! A small system whose clock the tests set forward, and what the simulator says of it.

use std::time::Duration;

use ecsdeck_sim::{SimOptions, World};
use serde_json::{Value, json};

use crate::harness::{Home, Ran, Sim};

/// Services in the states from which somebody may want to go back.
const WORLD: &str = r#"
[world]
name = "shop"
account = "123456789012"
region = "us-east-1"
caller = "arn:aws:sts::123456789012:assumed-role/OnCall/alice"
warm_up = "10m"

[[cluster]]
name = "shop"

[[repository]]
name = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web"
tags = ["1", "2"]

[[task_definition]]
family = "web"
revision = 1
cpu = 256
memory = 512
[[task_definition.container]]
name = "app"
image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"

[[task_definition]]
family = "web"
revision = 2
like = 1
[[task_definition.container]]
name = "app"
image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:2"

# Its image was never pushed.
[[task_definition]]
family = "web"
revision = 3
like = 1
[[task_definition.container]]
name = "app"
image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:3"

# Went from 1 to 2, and both were fine.
[[service]]
name = "web"
cluster = "shop"
task_definition = "web:2"
desired = 2
breaker = { enable = true, rollback = true, threshold = { type = "COUNT", value = 3 } }
subnets = ["subnet-1"]
security_groups = ["sg-1"]
created = "-30d"
history = [{ at = "-20d", task_definition = "web:1" }, { at = "-2d", task_definition = "web:2" }]

# Its first deployment begins now.
[[service]]
name = "young"
cluster = "shop"
task_definition = "web:1"
desired = 1
subnets = ["subnet-1"]
created = "-5s"
fresh = true

[[service]]
name = "blue"
cluster = "shop"
task_definition = "web:2"
desired = 1
controller = "CODE_DEPLOY"
subnets = ["subnet-1"]
created = "-30d"

[[service]]
name = "outside"
cluster = "shop"
task_definition = "web:2"
desired = 1
controller = "EXTERNAL"
subnets = ["subnet-1"]
created = "-30d"
"#;

const ECS: &str = "AmazonEC2ContainerServiceV20141113";

/// The system, and a home that reaches it.
pub(super) struct Shop {
    pub(super) sim: Sim,
    pub(super) home: Home,
}

impl Shop {
    /// With a clock that stands still until it is set forward.
    pub(super) fn new() -> Self {
        let sim = Sim::with("short-drama", |options: &mut SimOptions| {
            options.worlds = vec![World::parse(WORLD, "shop.toml").unwrap()];
            options.paused = true;
        });
        let home = Home::on(&sim);
        Self { sim, home }
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Ran {
        self.home.run(arguments)
    }

    /// An operation of ECS, as somebody else would call it.
    pub(super) fn ecs(&self, operation: &str, body: &Value) -> Value {
        self.sim.ask(&format!("{ECS}.{operation}"), body)
    }

    /// Somebody else updates the service.
    pub(super) fn update(&self, service: &str, change: Value) {
        let mut body = json!({ "cluster": "shop", "service": service });
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let answer = self.ecs("UpdateService", &body);
        assert!(answer["service"].is_object(), "{answer}");
    }

    pub(super) fn service(&self, name: &str) -> Value {
        let body = json!({ "cluster": "shop", "services": [name] });
        self.ecs("DescribeServices", &body)["services"][0].clone()
    }

    /// The revision that a service is set to.
    pub(super) fn revision(&self, service: &str) -> String {
        let service = self.service(service);
        let arn = service["taskDefinition"].as_str().unwrap();
        arn.rsplit('/').next().unwrap().to_owned()
    }

    /// The status of a service's newest service deployment.
    pub(super) fn status(&self, service: &str) -> String {
        let body = json!({ "cluster": "shop", "service": service });
        let listed = self.ecs("ListServiceDeployments", &body);
        let listed = listed["serviceDeployments"].as_array().unwrap();
        let newest = listed.iter().max_by(|a, b| {
            let at = |one: &Value| one["createdAt"].as_f64().unwrap();
            at(a).total_cmp(&at(b))
        });
        newest.map_or(String::new(), |newest| {
            newest["status"].as_str().unwrap().to_owned()
        })
    }

    /// Sets the clock forward until the newest service deployment has that status.
    pub(super) fn until(&self, service: &str, status: &str) {
        for _ in 0..2_000 {
            if self.status(service) == status {
                return;
            }
            self.sim.running().advance(Duration::from_secs(2));
        }
        panic!("{service} never is {status}: {}", self.status(service));
    }

    /// The requests of this kind that ecsdeck sent: it alone is counted, since others' come without a token of its own.
    pub(super) fn sent(&self, operation: &str) -> Vec<Value> {
        self.sim
            .calls_of(operation)
            .into_iter()
            .map(|call| call.request)
            .collect()
    }

    /// What the dry run prints, and what is sent then.
    pub(super) fn does_what_it_says(&self, operation: &str, arguments: &[&str]) -> Value {
        does_what_it_says(&self.sim, &self.home, operation, arguments)
    }
}

/// Holds what a dry run prints against what is sent with `--yes`; gives the request.
#[track_caller]
pub(super) fn does_what_it_says(
    sim: &Sim,
    home: &Home,
    operation: &str,
    arguments: &[&str],
) -> Value {
    let with = |more: &[&'static str]| -> Vec<&str> {
        arguments
            .iter()
            .copied()
            .chain(more.iter().copied())
            .collect()
    };
    let before = sim.calls_of(operation).len();
    let printed = home
        .run(&with(&["--dry-run", "--show-values", "--json"]))
        .ends(0)
        .json();
    assert_eq!(
        sim.calls_of(operation).len(),
        before,
        "a dry run sends nothing"
    );
    let done = home.run(&with(&["--yes", "--json"])).ends(0).json();
    assert_eq!(done["outcome"], "done", "{done:#}");
    let sent = sim.calls_of(operation);
    assert_eq!(sent.len(), before + 1, "sent once");
    let request = sent[before].request.clone();
    let said = std::iter::once(&printed)
        .chain(printed["then"].as_array().into_iter().flatten())
        .find(|step| {
            step["operation"]
                .as_str()
                .unwrap()
                .ends_with(&format!(":{operation}"))
        })
        .unwrap_or_else(|| panic!("{operation} is not in {printed:#}"));
    // A run's token and mark carry the id of its intent.
    let (said_request, mut sent_request) = (without_ids(&said["request"]), without_ids(&request));
    // What an earlier step registers is known only when it was.
    let registered = said_request["taskDefinition"].as_str();
    if registered.is_some_and(|name| name.starts_with('(')) {
        sent_request["taskDefinition"] = said_request["taskDefinition"].clone();
    }
    assert_eq!(said_request, sent_request);
    assert!(said["aws"].as_str().unwrap().contains("aws "), "{said:#}");
    request
}

fn without_ids(request: &Value) -> Value {
    let mut request = request.clone();
    if let Some(members) = request.as_object_mut() {
        for name in ["clientToken", "startedBy"] {
            members.remove(name);
        }
    }
    request
}

/// The journal of a home is whole, and every write in it has an outcome.
#[track_caller]
pub(super) fn journal_is_whole(home: &Home) {
    let ran = home.run(&["journal", "--json"]).ends(0);
    assert_eq!(ran.stderr, "", "no warning");
    for line in ran.stdout.lines() {
        let write: Value = serde_json::from_str(line).unwrap();
        assert_eq!(write["settled"], true, "{write:#}");
    }
}
