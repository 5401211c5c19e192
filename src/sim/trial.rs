//! Trials: small worlds for tests, stepped by hand and asked through the actions.

use serde_json::{Value, json};

use crate::clock::{MINUTE, SECOND, Time};
use crate::engine::{Engine, actions};
use crate::service::Service;
use crate::wire::{ApiError, Args};
use crate::world::World;

/// When trials begin: a day like any other.
pub(crate) const EPOCH: Time = Time(1_795_000_000_000);

const HEAD: &str = "
[world]
name = 'trial'
account = '123456789012'
region = 'us-east-1'
warm_up = '1m'
[[cluster]]
name = 'main'
";

/// A repository with one tag, a definition of that tag, and one of a tag that is missing.
pub(crate) const WEB: &str = "
[[repository]]
name = 'registry/web'
tags = ['1']
[[task_definition]]
family = 'web'
revision = 1
[[task_definition.container]]
name = 'app'
image = 'registry/web:1'
log = { group = '/ecs/web', rate = 1.0, lines = ['tick {n:1..9}'] }
[[task_definition]]
family = 'web'
revision = 2
like = 1
[[task_definition]]
family = 'web'
revision = 3
like = 1
[[task_definition.container]]
name = 'app'
image = 'registry/web:missing'
[[task_definition]]
family = 'web'
revision = 4
inactive = true
";

/// A service of the first web definition.
pub(crate) fn web(desired: u32, further: &str) -> String {
    format!(
        "{WEB}\n[[service]]\nname = 'web'\ncluster = 'main'\ntask_definition = 'web:1'\n\
         desired = {desired}\n{further}\n"
    )
}

/// An engine under test.
pub(crate) struct Trial {
    pub(crate) engine: Engine,
}

impl Trial {
    pub(crate) fn new(rest: &str) -> Self {
        let world = World::parse(&format!("{HEAD}{rest}"), "trial.toml").unwrap();
        Trial {
            engine: Engine::start(&[world], EPOCH, 7),
        }
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        let to = self.engine.now() + seconds * SECOND;
        self.engine.advance(to);
    }

    pub(crate) fn minutes(&mut self, minutes: i64) {
        self.pass(minutes * MINUTE / SECOND);
    }

    pub(crate) fn ask(
        &mut self,
        service: Service,
        action: &str,
        input: Value,
    ) -> Result<Value, ApiError> {
        let members = actions::members(service, action).unwrap();
        let args = Args::parse(input.to_string().as_bytes()).unwrap();
        // A table tells unknown members itself.
        if actions::input(service, action).is_none() {
            assert_eq!(args.unknown(members), None);
        }
        self.engine.call(service, action, &args)
    }

    pub(crate) fn ecs(&mut self, action: &str, input: Value) -> Value {
        self.ask(Service::Ecs, action, input).unwrap()
    }

    pub(crate) fn ecs_error(&mut self, action: &str, input: Value) -> ApiError {
        self.ask(Service::Ecs, action, input).unwrap_err()
    }

    /// The service `web`.
    pub(crate) fn service(&mut self) -> Value {
        let input = json!({ "cluster": "main", "services": ["web"] });
        self.ecs("DescribeServices", input)["services"][0].take()
    }

    pub(crate) fn deploy(&mut self, revision: u32) {
        let definition = format!("web:{revision}");
        let input = json!({ "cluster": "main", "service": "web", "taskDefinition": definition });
        self.ecs("UpdateService", input);
    }

    /// The deployments of `web`: status, rollout state and failed tasks.
    pub(crate) fn deployments(&mut self) -> Vec<(String, String, u64)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.service()["deployments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| {
                (
                    text(&d["status"]),
                    text(&d["rolloutState"]),
                    d["failedTasks"].as_u64().unwrap(),
                )
            })
            .collect()
    }

    /// The events of `web`, newest first.
    pub(crate) fn events(&mut self) -> Vec<String> {
        self.service()["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["message"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Tasks of `web` of a desired status.
    pub(crate) fn tasks(&mut self, desired: &str) -> Vec<Value> {
        let input = json!({ "cluster": "main", "serviceName": "web", "desiredStatus": desired });
        let arns = self.ecs("ListTasks", input)["taskArns"].take();
        if arns.as_array().unwrap().is_empty() {
            return Vec::new();
        }
        let answer = self.ecs("DescribeTasks", json!({ "cluster": "main", "tasks": arns }));
        answer["tasks"].as_array().unwrap().clone()
    }
}
