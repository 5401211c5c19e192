//! A simulated AWS, a journal, and a console that acts, all on one virtual clock.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ecsdeck_aws::{Aws, AwsWriter, Settings, StaticKeys};
use ecsdeck_core::act::history::Kind;
use ecsdeck_core::act::{Decider, Intent, IntentId, Outcome, Request, Stage};
use ecsdeck_core::domain::{
    Arn, Identity, ScalableTarget, Service, ServiceDeployment, ServiceDeploymentStatus, Task, Time,
};
use ecsdeck_core::text::Clean;
use ecsdeck_sim::{Running, SimOptions, World, start};
use ecsdeck_worker::journal::{Contents, Who};
use ecsdeck_worker::ports::{
    Accepted, Desired, Reply, RolloutReads, ScalingReads, ServiceReads, TaskReads, TasksOf, Writes,
};
use ecsdeck_worker::{Journal, carry_out, settle};
use serde_json::Value;
use tempfile::TempDir;

use super::actions::{ALL, Action};
use super::world::{LEFT, WORLD};
use crate::harness::ticks;

/// The console's key; faults meet this one alone.
pub(crate) const ACTOR: &str = "AKIAACTS";
/// A key that no fault meets.
const WITNESS: &str = "AKIASEES";
const REGION: &str = "us-east-1";

pub(crate) struct Scene {
    pub(crate) sim: Arc<Running>,
    clock: tokio::task::JoinHandle<()>,
    folder: TempDir,
    witness: Aws,
    /// The id of what is decided next.
    decided: Cell<u128>,
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.clock.abort();
    }
}

/// Who decides, owned.
pub(crate) struct By {
    id: u128,
    at: Time,
    identity: Identity,
    region: Clean,
}

impl By {
    pub(crate) fn decider(&self) -> Decider<'_> {
        Decider {
            id: IntentId::new(self.id),
            at: self.at,
            identity: &self.identity,
            region: &self.region,
        }
    }
}

/// One call of the console that was received.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) action: String,
    /// None while it is not answered, 0 where the connection was reset before it was carried out.
    pub(crate) status: Option<u64>,
}

impl Scene {
    pub(crate) async fn set() -> Self {
        Self::of(&format!("{WORLD}{LEFT}")).await
    }

    /// On a world of its own.
    pub(crate) async fn of(world: &str) -> Self {
        let options = SimOptions {
            worlds: vec![World::parse(world, "scene.toml").unwrap()],
            paused: true,
            epoch: Some("2026-11-01T08:00:00Z".parse().unwrap()),
            ..SimOptions::default()
        };
        let sim = Arc::new(start(options).await.unwrap());
        let clock = ticks(&sim, false);
        let witness = aws(&sim, WITNESS);
        Self {
            sim,
            clock,
            folder: tempfile::tempdir().unwrap(),
            witness,
            // Beyond those that are decided once for all scenes.
            decided: Cell::new(1 << 64),
        }
    }

    /// AWS as a console that has just started knows it.
    pub(crate) fn console(&self) -> Aws {
        aws(&self.sim, ACTOR)
    }

    pub(crate) fn witness(&self) -> &Aws {
        &self.witness
    }

    pub(crate) fn journal(&self) -> Journal {
        Journal::new(self.place().to_path_buf(), Who::default())
    }

    fn place(&self) -> std::path::PathBuf {
        Path::join(self.folder.path(), "ecsdeck/journal.jsonl")
    }

    pub(crate) fn written(&self) -> Contents {
        self.journal().read().unwrap()
    }

    pub(crate) fn by(&self) -> By {
        let id = self.decided.get();
        self.decided.set(id + 1);
        By {
            id,
            at: self.sim.now(),
            identity: Identity {
                account: Clean::literal("123456789012"),
                arn: Arn::new("arn:aws:sts::123456789012:assumed-role/on-call/ann"),
            },
            region: Clean::literal(REGION),
        }
    }

    pub(crate) fn cluster() -> Arn {
        Arn::new("arn:aws:ecs:us-east-1:123456789012:cluster/main")
    }

    /// A service as it is, whatever the console sees.
    pub(crate) async fn service(&self, name: &str) -> Service {
        let (cluster, services) = (Self::cluster(), [service(name)]);
        let found = self.witness.describe_services(&cluster, &services).await;
        found.unwrap().items.remove(0)
    }

    pub(crate) async fn tasks_of(&self, name: &str) -> Vec<Task> {
        let (cluster, name) = (Self::cluster(), Clean::new(name));
        let listed =
            self.witness
                .list_tasks(&cluster, TasksOf::Service(&name), Desired::Running, None);
        let listed = listed.await.unwrap().items;
        let tasks = self.witness.describe_tasks(&cluster, &listed).await;
        tasks.unwrap().items
    }

    /// How a service is scaled.
    pub(crate) async fn scaling(&self, name: &str) -> ScalableTarget {
        let (cluster, service) = (Self::cluster(), service(name));
        let found = self.witness.scalable_target(&cluster, &service).await;
        found.unwrap().unwrap()
    }

    /// A service and its deployment that is under way.
    pub(crate) async fn under_way(&self, name: &str) -> (Service, ServiceDeployment) {
        let (cluster, arn) = (Self::cluster(), service(name));
        let listed = self
            .witness
            .list_service_deployments(&cluster, &arn, None)
            .await;
        let arns: Vec<Arn> = listed
            .unwrap()
            .items
            .into_iter()
            .map(|one| one.arn)
            .collect();
        let all = self
            .witness
            .describe_service_deployments(&arns)
            .await
            .unwrap()
            .items;
        let goes_on = |one: &ServiceDeployment| one.status == ServiceDeploymentStatus::InProgress;
        (
            self.service(name).await,
            all.into_iter().find(goes_on).unwrap(),
        )
    }

    /// What the simulator holds, in its own words.
    pub(crate) fn state(&self) -> Value {
        self.sim.state()["clouds"][0].take()
    }

    /// Adds a fault that meets the console alone; its number.
    pub(crate) fn fault(&self, mut rule: Value) -> u64 {
        rule["who"] = ACTOR.into();
        self.sim.add_fault(rule).unwrap()
    }

    /// What the console sent of an action's calls, oldest first.
    pub(super) fn sent(&self, action: &Action) -> Vec<Sent> {
        let calls = self.sim.calls(0);
        let calls = calls.as_array().unwrap().iter();
        calls
            .filter(|call| call["who"] == ACTOR)
            .map(|call| Sent {
                action: call["action"].as_str().unwrap().to_owned(),
                status: call["status"].as_u64(),
            })
            .filter(|call| action.sends.contains(&call.action.as_str()))
            .collect()
    }

    /// How often anybody sent a call that changes a service.
    pub(crate) fn writes(&self) -> usize {
        let calls = self.sim.calls(0);
        let calls = calls.as_array().unwrap().iter();
        calls
            .filter(|call| call["action"] == "UpdateService")
            .count()
    }

    /// How many calls of any kind the console made.
    pub(crate) fn calls_of_the_console(&self) -> usize {
        let calls = self.sim.calls(0);
        let calls = calls.as_array().unwrap().iter();
        calls.filter(|call| call["who"] == ACTOR).count()
    }

    /// Carries out an intent as the console does.
    pub(crate) async fn act(&self, intent: &Intent, progress: impl FnMut(Stage)) -> Outcome {
        let aws = Arc::new(self.console());
        let writer = Watched {
            writer: aws.writer(ecsdeck::uptime::since_boot()),
            journal: self.journal(),
            intent: intent.id.clone(),
        };
        let journal = self.journal();
        let (outcome, _) = carry_out(aws, Some(&writer), Some(&journal), intent, progress).await;
        outcome
    }

    /// Lets what is under way arrive, heals everything, and starts a console anew, when nothing can
    /// arrive any more: it settles what is in doubt.
    pub(crate) async fn start_again(&self) {
        self.sim.delete_faults(None);
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.sim.advance(Duration::from_secs(8 * 60));
        let (aws, journal) = (Arc::new(self.console()), self.journal());
        for one in self.written().history().unsettled() {
            let settled = settle(Arc::clone(&aws), &journal, one).await.unwrap();
            assert!(settled.is_some(), "{one:?} stays in doubt");
        }
    }
}

/// What a person decides on this scene. All scenes begin alike, so each is decided once.
pub(super) async fn decided(action: &Action, scene: &Scene) -> Intent {
    static DECIDED: Mutex<BTreeMap<&str, Intent>> = Mutex::new(BTreeMap::new());
    if let Some(intent) = DECIDED.lock().unwrap().get(action.name) {
        return intent.clone();
    }
    let number = ALL.iter().position(|one| one.name == action.name).unwrap();
    let by = By {
        id: u128::try_from(number).unwrap(),
        ..scene.by()
    };
    let intent = (action.decide)(scene, &by).await;
    DECIDED.lock().unwrap().insert(action.name, intent.clone());
    intent
}

fn service(name: &str) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:service/main/{name}"
    ))
}

/// A revision of a task definition.
pub(crate) fn definition(name: &str) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:task-definition/{name}"
    ))
}

fn aws(sim: &Running, key: &str) -> Aws {
    Aws::new(Settings {
        region: Some(REGION.to_owned()),
        endpoint: Some(sim.url()),
        credentials: Some(StaticKeys {
            access_key: key.to_owned(),
            secret_key: "secret".to_owned(),
        }),
        isolated: true,
        profile: None,
    })
}

/// The adapter's writer, held against the journal at every request.
struct Watched {
    writer: AwsWriter,
    journal: Journal,
    intent: IntentId,
}

impl Writes for Watched {
    /// It stands still: the virtual clock runs on while real sockets are waited for.
    fn uptime(&self) -> Duration {
        Duration::ZERO
    }

    async fn send(&self, request: &Request, _: Duration) -> Reply<Accepted> {
        let written = self.journal.read().unwrap();
        let mut entries = written.entries.iter();
        assert!(
            entries.any(|entry| entry.kind == Kind::Intent && entry.id == self.intent),
            "{} is sent without a line in the journal before it",
            request.operation()
        );
        self.writer.send(request, Duration::MAX).await
    }
}
