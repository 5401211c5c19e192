//! Who did it: two processes on one journal, two writers on one service, and answers that are lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use ecsdeck_core::act::history::Kind;
use ecsdeck_core::act::{Decider, History, IntentId, Record, State, scale, undo};
use ecsdeck_core::domain::Time;

use super::tests::Case;
use super::*;
use crate::journal::Who;
use crate::ports::DateSample;
use crate::script::{Cloud, error, identity, service_arn};

/// With `ECSDECK_LONG_TESTS` set 1,000.
const SCHEDULES: u64 = 150;
const DECIDED: &str = "2026-01-01T00:00:00Z";

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Answered,
    AnswerLost,
    RequestLost,
    /// It arrives after everybody has given it up.
    Late,
}

/// Who has set the count as it is, and whose requests arrived.
#[derive(Debug, Default)]
struct World {
    owners: BTreeSet<IntentId>,
    arrived: BTreeSet<IntentId>,
    /// Who had set what a request changed.
    before: BTreeMap<IntentId, BTreeSet<IntentId>>,
    /// Undos that took back what was not set by the write that they undo.
    foreign: u32,
}

/// A process whose requests set the count of the service, or are lost on their way.
struct Process {
    cloud: Arc<Cloud>,
    world: Arc<Mutex<World>>,
    intent: IntentId,
    undoes: Option<IntentId>,
    fate: Fate,
    way: Duration,
}

impl Process {
    fn arrives(&self) -> impl Fn(u32) + use<> {
        let (cloud, world) = (Arc::clone(&self.cloud), Arc::clone(&self.world));
        let (intent, undoes) = (self.intent.clone(), self.undoes.clone());
        move |count| {
            let mut world = world.lock().unwrap();
            let mut state = cloud.state();
            let now = &mut state.services.get_mut(&service_arn("web")).unwrap().desired;
            let before = world.owners.clone();
            world.arrived.insert(intent.clone());
            if let Some(undone) = &undoes {
                world.foreign += u32::from(!before.contains(undone));
                world.owners = world.before.get(undone).cloned().unwrap_or_default();
            } else if *now == count {
                // It is as both of them want it.
                world.owners.insert(intent.clone());
            } else {
                world.owners = [intent.clone()].into();
            }
            world.before.insert(intent.clone(), before);
            *now = count;
        }
    }
}

impl Writes for Process {
    fn uptime(&self) -> Duration {
        self.cloud.uptime()
    }

    async fn send(&self, request: &Request, _: Duration) -> Reply<Accepted> {
        let Request::UpdateService(update) = request else {
            panic!("{request:?}")
        };
        let (count, arrives) = (update.desired_count.unwrap(), self.arrives());
        sleep(self.way).await;
        match self.fate {
            Fate::Answered | Fate::AnswerLost => arrives(count),
            Fate::RequestLost => {}
            Fate::Late => {
                let late = self.way * 4;
                tokio::spawn(async move {
                    sleep(late).await;
                    arrives(count);
                });
            }
        }
        sleep(self.way).await;
        match self.fate {
            Fate::Answered => Ok(Accepted {
                request_id: Some(Clean::literal("request-1")),
                made: ecsdeck_core::act::Made::default(),
            }),
            Fate::AnswerLost | Fate::RequestLost | Fate::Late => Err(error(ErrorKind::TimedOut)),
        }
    }
}

/// Two processes that share a cloud and a journal.
struct Two {
    case: Case,
    journals: [Journal; 2],
    world: Arc<Mutex<World>>,
}

impl Two {
    fn new() -> Self {
        let case = Case::new(|_| {});
        let path = case.journal.path().to_owned();
        let journals = [(); 2].map(|()| Journal::new(path.clone(), Who::default()));
        let two = Self {
            case,
            journals,
            world: Arc::default(),
        };
        two.minutes_later(0);
        two
    }

    fn minutes_later(&self, minutes: i64) {
        let decided: Time = DECIDED.parse().unwrap();
        self.case.cloud.state().date = Some(DateSample {
            date: decided + jiff::SignedDuration::from_mins(minutes),
            at: crate::ports::present(),
        });
    }

    fn history(&self) -> History {
        self.journals[0].read().unwrap().history()
    }

    fn count(&self) -> u32 {
        self.case.cloud.state().services[&service_arn("web")].desired
    }

    fn decide(
        &self,
        id: u128,
        build: impl FnOnce(Decider<'_>) -> Result<Intent, ecsdeck_core::act::ActError>,
    ) -> Option<Intent> {
        build(Decider {
            id: IntentId::new(id),
            at: DECIDED.parse().unwrap(),
            identity: &identity(),
            region: &Clean::literal("us-east-1"),
        })
        .ok()
    }

    async fn carry(&self, process: usize, intent: &Intent, fate: Fate, way: Duration) -> Outcome {
        let writes = Process {
            cloud: Arc::clone(&self.case.cloud),
            world: Arc::clone(&self.world),
            intent: intent.id.clone(),
            undoes: intent.undoes.clone(),
            fate,
            way,
        };
        let reads = Arc::clone(&self.case.cloud);
        let journal = self.journals.get(process);
        carry_out(reads, Some(&writes), journal, intent, |_| {})
            .await
            .0
    }

    /// A process settles what is open, as it does when it starts.
    async fn settle(&self, process: usize) {
        let history = self.history();
        for record in history.unsettled() {
            let reads = Arc::clone(&self.case.cloud);
            settle(reads, &self.journals[process], record)
                .await
                .unwrap();
        }
    }

    /// Holds what the journal says of each write against what came about.
    fn check(&self, seed: u64, tally: &mut BTreeMap<&'static str, u32>) {
        let entries = self.journals[0].read().unwrap().entries;
        let world = self.world.lock().unwrap();
        for record in self.history().records() {
            let state = record.state();
            assert!(state.is_settled(), "schedule {seed}: {record:#?}");
            if state == State::Done {
                let arrived = world.arrived.contains(&record.id);
                assert!(arrived, "schedule {seed}: a wrong done: {record:#?}");
            }
            let word = record.ended.as_ref().unwrap().outcome.known().unwrap();
            *tally.entry(word.as_str()).or_default() += 1;
            let ends: Vec<_> = entries
                .iter()
                .filter(|entry| entry.id == record.id && entry.kind == Kind::Outcome)
                .map(|entry| (entry.settled, entry.outcome.clone().unwrap().to_string()))
                .collect();
            // One that its own process did not know is settled, once.
            let once = match ends.as_slice() {
                [_] => true,
                [(false, first), (true, _)] => first == "unknown",
                _ => false,
            };
            assert!(once, "schedule {seed}: {ends:?}");
        }
    }
}

/// One of the writers: looks, decides, and is perhaps killed while it sends.
async fn write(two: &Two, process: usize, opposite: bool, chance: &mut fastrand::Rng) {
    sleep(Duration::from_millis(chance.u64(0..2_000))).await;
    let seen = crate::script::service(&service_arn("web"), two.count());
    let count = match (opposite, seen.desired) {
        (false, _) => "5",
        (true, 5) => "2",
        (true, _) => "1",
    };
    let id = u128::try_from(process + 1).unwrap();
    let Some(intent) = two.decide(id, |by| scale(by, &seen, count)) else {
        return;
    };
    let fates = [
        Fate::Answered,
        Fate::Answered,
        Fate::AnswerLost,
        Fate::RequestLost,
        Fate::Late,
    ];
    let fate = *chance.choice(&fates).unwrap();
    let way = Duration::from_millis(chance.u64(1..1_000));
    let killed = chance.u32(0..5) == 0;
    let lives = if killed {
        Duration::from_millis(chance.u64(0..3_000))
    } else {
        Duration::from_secs(600)
    };
    // One that is killed says no more.
    let _ = timeout(lives, two.carry(process, &intent, fate, way)).await;
}

async fn schedule(seed: u64, tally: &mut BTreeMap<&'static str, u32>) {
    let mut chance = fastrand::Rng::with_seed(seed);
    let two = Two::new();
    let opposite = chance.bool();
    let (mut one, mut other) = (chance.fork(), chance.fork());
    let settles = [(); 4].map(|()| Duration::from_millis(chance.u64(0..20_000)));
    let settling = async {
        for (at, pause) in settles.into_iter().enumerate() {
            sleep(pause).await;
            two.settle(at % 2).await;
        }
    };
    tokio::join!(
        write(&two, 0, false, &mut one),
        write(&two, 1, opposite, &mut other),
        settling
    );
    two.minutes_later(7);
    tokio::join!(two.settle(0), two.settle(1));
    two.check(seed, tally);
    let mut records: Vec<Record> = two.history().records().to_vec();
    chance.shuffle(&mut records);
    for (at, record) in records.iter().enumerate() {
        let now = two.history().record(&record.id).cloned().unwrap();
        let id = u128::try_from(at + 10).unwrap();
        let Some(back) = two.decide(id, |by| undo(by, &now)) else {
            continue;
        };
        if back.doubtful {
            // Nobody types the name here.
            *tally.entry("undos that want the name").or_default() += 1;
            continue;
        }
        let outcome = two.carry(at, &back, Fate::Answered, Duration::from_millis(10));
        if outcome.await == Outcome::Done {
            *tally.entry("undos").or_default() += 1;
        }
    }
    let foreign = two.world.lock().unwrap().foreign;
    assert_eq!(
        foreign, 0,
        "schedule {seed}: an undo of somebody else's change"
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_called_done_that_somebody_else_did_and_each_write_ends_once() {
    let long = std::env::var_os("ECSDECK_LONG_TESTS").is_some();
    let schedules = if long { 1_000 } else { SCHEDULES };
    let mut tally = BTreeMap::new();
    for seed in 0..schedules {
        schedule(seed, &mut tally).await;
    }
    println!(
        "{schedules} schedules of two writers: {tally:?}; 0 wrong done, 0 undos of somebody else's change"
    );
    for end in ["done", "applied_by_unknown", "failed", "undos"] {
        assert!(
            tally.get(end).is_some_and(|count| *count > 5),
            "{end}: {tally:?}"
        );
    }
}
