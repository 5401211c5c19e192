//! The product without a screen in the same process as a simulated AWS, polled in virtual time.
//!
//! The real model, worker and adapter over real HTTP; only the two clocks are ours. Nothing waits for
//! time: the simulator's clock stands still until it is advanced, and the model is told that so much has
//! passed that everything is due.

use std::sync::Arc;
use std::time::Duration;

use ecsdeck_aws::{Aws, AwsWriter, Settings, StaticKeys};
use ecsdeck_core::act::Request;
use ecsdeck_core::app::{
    Effect, LoopEffect, Model, Msg, RowKey, Setup, Slot, Stamp, WorkerEffect, update,
};
use ecsdeck_core::deck::Deck;
use ecsdeck_core::diagnose::cause::{CauseId, Family};
use ecsdeck_core::diagnose::{Preflight, Report};
use ecsdeck_core::domain::{Service, Task};
use ecsdeck_core::keys::{Key, Keymap};
use ecsdeck_core::text::Clean;
use ecsdeck_sim::{Running, Scenario, SimOptions, Truth, World, start};
use ecsdeck_worker::journal::Who;
use ecsdeck_worker::ports::{Accepted, Reply, Writes};
use ecsdeck_worker::{Folders, Gaps, Journal, Tools};
use tokio::sync::mpsc;

use crate::harness::PATIENCE;

/// Whatever a slot's pace: it is due again after this.
const EVERYTHING_DUE: Duration = Duration::from_secs(600);

/// Many worlds share few cores: one may wait while others compute.
const LONG: Duration = PATIENCE.saturating_mul(6);

/// A simulator for a scenario, so long before the moment at which the scenario opens.
pub(crate) fn options_of(scenario: Scenario, lead: Duration) -> SimOptions {
    SimOptions {
        worlds: vec![World::builtin(scenario.world()).unwrap()],
        scenarios: vec![scenario],
        epoch: Some("2026-03-10T09:00:00Z".parse().unwrap()),
        lead,
        ..SimOptions::default()
    }
}

/// The deck of a scenario's world, where what is the matter is told by the work: a deck alone says whose work it is.
fn deck_of(options: &SimOptions) -> Option<Deck> {
    let scenario = options.scenarios.first()?;
    let is_work = |truth: &Truth| {
        CauseId::from_id(&truth.cause).is_some_and(|cause| cause.family() == Family::Work)
    };
    let named = scenario.truth().iter().any(is_work);
    let deck = Deck::builtin(scenario.world()).filter(|_| named)?;
    Some(deck.unwrap())
}

/// A simulator, and somebody who looks at it.
pub(crate) struct Watch {
    sim: Running,
    pub(crate) model: Model,
    effects: mpsc::Sender<WorkerEffect>,
    messages: mpsc::Receiver<Msg>,
    elapsed: Duration,
    /// Differs at every message, so that no two writes have one id.
    entropy: u128,
    /// The newest question that no terminal has shown.
    unshown: Option<u64>,
}

/// The adapter's writer, whose clock stands still as the simulator's does: real answers take their time on a busy machine.
struct Still(AwsWriter);

impl Writes for Still {
    fn uptime(&self) -> Duration {
        Duration::ZERO
    }

    async fn send(&self, request: &Request, _: Duration) -> Reply<Accepted> {
        self.0.send(request, Duration::MAX).await
    }
}

/// What somebody at the screen may do.
pub(crate) enum Hands {
    /// Look.
    Tied,
    /// Write, with a journal in this folder.
    Free(std::path::PathBuf),
}

impl Watch {
    /// Nothing has been read yet. `service` is what is stood on.
    pub(super) async fn new(options: SimOptions, service: Option<&str>) -> Self {
        Self::with(options, service, Hands::Tied).await
    }

    /// The same, by somebody who may write.
    pub(crate) async fn with(options: SimOptions, service: Option<&str>, hands: Hands) -> Self {
        let region = options.worlds[0].region().to_owned();
        let deck = deck_of(&options);
        let sim = start(SimOptions {
            paused: true,
            ..options
        })
        .await
        .unwrap();
        let settings = Settings {
            region: Some(region.clone()),
            endpoint: Some(sim.url()),
            // The simulator takes any keys.
            credentials: Some(StaticKeys {
                access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
                secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            }),
            isolated: true,
            ..Settings::default()
        };
        let setup = Setup {
            deck,
            service: service.map(Clean::new),
            read_only: matches!(hands, Hands::Tied),
            refresh: Duration::from_secs(2),
            log_lines: 10,
            ..Setup::new(&region, Keymap::load("default", &|_| None).unwrap())
        };
        let stamp = Stamp {
            now: sim.now(),
            elapsed: Duration::ZERO,
            entropy: 1,
        };
        let (effects, for_worker) = mpsc::channel(1_024);
        let (from_worker, messages) = mpsc::channel(1_024);
        let aws = Arc::new(Aws::new(settings));
        let writes = match hands {
            Hands::Tied => None,
            Hands::Free(_) => {
                let writer = aws.writer(ecsdeck::uptime::since_boot());
                Some(Arc::new(Still(writer)))
            }
        };
        let journal = match hands {
            Hands::Tied => None,
            Hands::Free(folder) => Some(Journal::new(folder.join("journal.jsonl"), Who::default())),
        };
        let tools = Tools {
            ending: tokio::sync::watch::channel(false).1,
            reads: aws,
            writes,
            journal,
            folders: Folders::default(),
            // A minute of the simulator's is none of ours.
            gaps: Gaps::Open,
        };
        ecsdeck_worker::spawn(tools, for_worker, from_worker);
        Self {
            model: Model::new(setup, (200, 50), stamp),
            sim,
            effects,
            messages,
            elapsed: Duration::ZERO,
            entropy: 1,
            unshown: None,
        }
    }

    async fn take(&mut self, msg: Msg) {
        self.entropy += 1;
        let stamp = Stamp {
            now: self.sim.now(),
            elapsed: self.elapsed,
            entropy: self.entropy,
        };
        for effect in update(&mut self.model, msg, stamp) {
            match effect {
                Effect::Worker(effect) => self.effects.send(effect).await.unwrap(),
                Effect::Loop(LoopEffect::AskShown(question)) => self.unshown = Some(question),
                // The others are for a terminal.
                Effect::Loop(_) => {}
            }
        }
    }

    async fn next(&mut self) {
        let msg = tokio::time::timeout(LONG, self.messages.recv()).await;
        let msg = msg.unwrap_or_else(|_| panic!("no answer to {:?}", self.waited_for()));
        self.take(msg.expect("the worker lives")).await;
    }

    /// Takes answers until it is so.
    pub(crate) async fn until(&mut self, so: impl Fn(&Model) -> bool) {
        while !so(&self.model) {
            self.next().await;
        }
    }

    /// Presses a key by itself.
    pub(crate) async fn press(&mut self, key: &str) {
        let key = Key::parse(key).unwrap();
        self.take(Msg::Key { key, alone: true }).await;
    }

    /// The terminal says that it has shown the newest question.
    pub(crate) async fn show(&mut self) {
        if let Some(question) = self.unshown.take() {
            self.take(Msg::Shown(question)).await;
        }
    }

    /// Reads everything anew, and what follows from it.
    pub(crate) async fn poll(&mut self) {
        self.elapsed += EVERYTHING_DUE;
        self.take(Msg::Ticked).await;
        while !self.model.is_settled() {
            self.next().await;
        }
        assert_eq!(self.model.readings.error_of(|_| true), None);
    }

    /// Asks what will fail of a revision of a service: of the one that is named, else of the one that it would run next.
    pub(crate) async fn check(&mut self, service: &str, revision: Option<&str>) -> Preflight {
        let arn = self.seen(service).0.expect("a service").arn.clone();
        let check = self.model.check_of(&arn, revision).unwrap();
        self.take(Msg::CheckAsked(check)).await;
        while !self.model.is_settled() {
            self.next().await;
        }
        self.model.preflight().expect("its definition is read")
    }

    fn waited_for(&self) -> Vec<&Slot> {
        let readings = self.model.readings.iter();
        let open = readings.filter(|(_, reading)| reading.in_flight.is_some());
        open.map(|(slot, _)| slot).collect()
    }

    /// Lets virtual time pass, and polls.
    pub(crate) async fn after(&mut self, seconds: u64) {
        self.sim.advance(Duration::from_secs(seconds));
        self.poll().await;
    }

    /// What `why` says of a service or a family.
    pub(super) fn why(&self, name: &str) -> Option<Report> {
        let row = self.model.service_rows().iter();
        let row = row.clone().find(|row| row.name.as_str() == name)?;
        let diagnosis = self.model.fleet.diagnosis(&row.key)?;
        let runnable = self.model.fleet.runnable(&row.key);
        Some(Report::diagnosed(diagnosis, runnable, false))
    }

    /// The service of that name, and its tasks; of a family only these.
    pub(crate) fn seen(&self, name: &str) -> (Option<&Service>, Vec<&Task>) {
        let row = self.model.service_rows().iter();
        let Some(row) = row.clone().find(|row| row.name.as_str() == name) else {
            return (None, Vec::new());
        };
        let fleet = &self.model.fleet;
        let service = match &row.key {
            RowKey::Service(arn) => fleet.services.get(arn),
            _ => None,
        };
        (service, fleet.tasks_of(&row.key))
    }
}
