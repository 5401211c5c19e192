//! Whatever keys and answers come in whatever order: no write that nobody confirmed, none on another target than
//! the one that was shown, and no console that spins.
//!
//! `PROPTEST_CASES` sets how many schedules are tried; the seed is fixed.
#![allow(
    clippy::print_stdout,
    reason = "tests that count print what they counted"
)]

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::*;
use super::acting::{queue, written};
use super::scene::{Scene, error, setup, with_deck};
use crate::act::sample::{history, paused};
use crate::act::{History, Intent, Outcome, Stage};
use crate::diagnose::sample::{ended, event, service, task};
use crate::domain::{ErrorKind, ScalableTarget, Suspended};
use crate::keys::{Action, Key};

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    /// A key, and whether it comes alone.
    Key(&'static str, bool),
    /// Several keys one after the other, each alone: chance alone hardly ever gets as far as a question.
    Keys(&'static str),
    Pasted(&'static str),
    /// The terminal has shown the newest question.
    Shown,
    Resumed,
    Resized,
    /// So many milliseconds pass.
    Passed(u64),
    /// Time passes until the console wants to wake.
    Woken,
    /// The reading that waits at this place is answered, or fails.
    Answered(usize, Option<ErrorKind>),
    /// All that waits is answered.
    AllAnswered,
    /// The service at this place is changed on AWS's side.
    Changed(usize, Change),
    /// A write that is under way ends.
    Acted,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Desired(u32),
    Running(u32),
    Gone,
    New,
    Trouble,
    Task,
}

/// Keys that begin an action, beside those that answer, move and type.
const KEYS: [&str; 52] = [
    "T",
    "R",
    "F",
    "I",
    "S",
    "Z",
    "A",
    "H",
    "D",
    "Y",
    "X",
    "J",
    "space",
    "down",
    "right",
    "backtab",
    "j",
    "k",
    "g",
    "G",
    "tab",
    "enter",
    "enter",
    "esc",
    "U",
    "U",
    "U",
    "y",
    "y",
    "y",
    "n",
    "0",
    "1",
    "5",
    "9",
    "backspace",
    "/",
    ":",
    "!",
    "x",
    "w",
    "e",
    "l",
    "L",
    "p",
    "f",
    "r",
    "h",
    "a",
    "d",
    "c",
    "ctrl-s",
];

/// Chance alone hardly ever gets as far as a question.
const SEQUENCES: [&str; 16] = [
    "esc U 5 enter",
    "esc j U 0 enter",
    "a p i enter",
    "w e b enter",
    "esc F",
    "esc R",
    "esc Z",
    "esc A ctrl-s",
    "esc H enter",
    "esc I backspace 2 enter",
    "esc g enter S",
    "esc g enter space space S",
    "esc T enter x ctrl-s",
    "esc T down enter ctrl-s",
    "esc : q u e u e s enter D",
    "esc X",
];

fn step() -> impl Strategy<Value = Step> {
    let change = prop_oneof![
        (0..9_u32).prop_map(Change::Desired),
        (0..9_u32).prop_map(Change::Running),
        Just(Change::Gone),
        Just(Change::New),
        Just(Change::Trouble),
        Just(Change::Task),
    ];
    let kind = proptest::option::weighted(
        0.2,
        prop_oneof![
            Just(ErrorKind::Expired),
            Just(ErrorKind::Throttled),
            Just(ErrorKind::NotFound),
            Just(ErrorKind::Denied),
            Just(ErrorKind::TimedOut),
        ],
    );
    prop_oneof![
        10 => (proptest::sample::select(&KEYS[..]), proptest::bool::weighted(0.8))
            .prop_map(|(key, alone)| Step::Key(key, alone)),
        4 => proptest::sample::select(&SEQUENCES[..]).prop_map(Step::Keys),
        1 => proptest::sample::select(&["U5\ny", "y", "web", "T\ny\ny\n"][..]).prop_map(Step::Pasted),
        3 => Just(Step::Shown),
        1 => Just(Step::Resumed),
        1 => Just(Step::Resized),
        2 => (1..3_000_u64).prop_map(Step::Passed),
        3 => Just(Step::Woken),
        4 => (0..8_usize, kind).prop_map(|(at, kind)| Step::Answered(at, kind)),
        2 => Just(Step::AllAnswered),
        2 => (0..4_usize, change).prop_map(|(at, change)| Step::Changed(at, change)),
        1 => Just(Step::Acted),
    ]
}

/// A scene in which answers wait until a step lets them come.
struct Chance {
    scene: Scene,
    waiting: Vec<(RequestId, Query)>,
    writes: Vec<Intent>,
    /// Readings of the journal that wait.
    journals: usize,
}

impl Chance {
    fn new(setup: Setup) -> Self {
        let services = vec![service("api"), service("web"), service("worker")];
        let tasks = vec![task("api", "a1"), task("api", "a2"), task("web", "w1")];
        let mut scene = Scene::new(setup, services, tasks);
        let job = |name| crate::diagnose::sample::definition(name, "job");
        scene.aws.definitions.extend([job("job:1"), job("job:2")]);
        scene.aws.target = Some(ScalableTarget {
            min: 1,
            max: 9,
            suspended: Suspended::default(),
        });
        scene.aws.rollouts = history(vec![paused()]);
        scene.aws.queues = vec![queue("jobs", Some("jobs-dead"), 2)];
        scene.pass(Duration::from_secs(60));
        scene.effects.clear();
        Self {
            scene,
            waiting: Vec::new(),
            writes: Vec::new(),
            journals: 0,
        }
    }

    fn take(&mut self, msg: Msg) {
        let before = self.question();
        let yes = match &msg {
            Msg::Key { key, alone: true } => self.says_yes(*key),
            _ => false,
        };
        for effect in self.scene.take(msg) {
            match effect {
                Effect::Worker(WorkerEffect::Read { request, query }) => {
                    self.waiting.push((request, query))
                }
                Effect::Worker(WorkerEffect::ReadJournal) => self.journals += 1,
                Effect::Worker(WorkerEffect::Act(intent)) => {
                    let asked = before.as_ref().expect("a write without a question");
                    assert!(asked.armed && yes, "a write that nobody confirmed");
                    assert_eq!(
                        *intent, asked.proposal.intent,
                        "another write than was shown"
                    );
                    assert!(!self.scene.model.setup.read_only);
                    self.writes.push(*intent);
                }
                _ => {}
            }
        }
    }

    fn question(&self) -> Option<Confirm> {
        match &self.scene.model.overlay {
            Some(Overlay::Confirm(confirm)) => Some(confirm.as_ref().clone()),
            _ => None,
        }
    }

    /// Whether this key is the answer that the question wants.
    fn says_yes(&self, key: Key) -> bool {
        let Some(confirm) = self.question() else {
            return false;
        };
        let keymap = &self.scene.model.setup.keymap;
        let is = |action: Action| {
            let keys = keymap.keys(action, self.scene.model.scope());
            keys.iter().any(|name| Key::parse(name) == Ok(key))
        };
        match &confirm.proposal.name {
            None => is(Action::Confirm),
            Some(name) => is(Action::Accept) && confirm.typed.text() == name.as_str(),
        }
    }

    fn happen(&mut self, step: Step) {
        match step {
            Step::Key(key, alone) => {
                let key = Key::parse(key).unwrap();
                self.take(Msg::Key { key, alone });
            }
            Step::Keys(keys) => {
                for key in keys.split(' ') {
                    self.happen(Step::Key(key, true));
                }
            }
            Step::Pasted(text) => self.take(Msg::Pasted(text.to_owned())),
            Step::Shown => {
                let newest = self
                    .scene
                    .effects
                    .iter()
                    .rev()
                    .find_map(|effect| match effect {
                        Effect::Loop(LoopEffect::AskShown(question)) => Some(*question),
                        _ => None,
                    });
                self.take(Msg::Shown(newest.unwrap_or(0)));
            }
            Step::Resumed => self.take(Msg::Resumed),
            Step::Resized => self.take(Msg::Resized {
                width: 40,
                height: 10,
            }),
            Step::Passed(millis) => {
                self.scene.elapsed += Duration::from_millis(millis);
                self.take(Msg::Ticked);
            }
            Step::Woken => self.wake(),
            Step::Answered(at, kind) => {
                if at < self.waiting.len() {
                    let (request, query) = self.waiting.remove(at);
                    self.answer(request, &query, kind);
                }
            }
            Step::AllAnswered => {
                for _ in 0..std::mem::take(&mut self.journals) {
                    let journal = self.scene.aws.journal.clone();
                    self.take(Msg::JournalRead(Ok(History::of(&journal))));
                }
                for (request, query) in std::mem::take(&mut self.waiting) {
                    self.answer(request, &query, None);
                }
            }
            Step::Changed(at, change) => self.change(at, change),
            Step::Acted => {
                let running = self.scene.model.running.keys().next().cloned();
                if let Some(intent) = running {
                    let stage = Stage::Sending;
                    if let Some(write) = self.writes.iter().find(|write| write.id == intent) {
                        self.scene.aws.journal.extend(written(write));
                    }
                    self.take(Msg::ActReached {
                        intent: intent.clone(),
                        stage,
                    });
                    self.take(Msg::Acted {
                        intent,
                        outcome: Outcome::Done,
                        seen: Box::default(),
                    });
                }
            }
        }
    }

    /// What the console wanted to wake for is done by waking: the next time is later.
    fn wake(&mut self) {
        let Some(wake) = self.scene.model.next_wake() else {
            return;
        };
        self.scene.elapsed = self.scene.elapsed.max(wake);
        self.take(Msg::Ticked);
        let next = self.scene.model.next_wake();
        let later = next.is_none_or(|next| next > self.scene.elapsed);
        assert!(later, "it spins at {:?}: {next:?}", self.scene.elapsed);
    }

    fn answer(&mut self, request: RequestId, query: &Query, kind: Option<ErrorKind>) {
        let slot = query.slot();
        let result = match kind {
            Some(kind) => Err(error(kind)),
            None => {
                for answer in self.scene.answers(query) {
                    let slot = slot.clone();
                    self.take(Msg::Read {
                        slot,
                        request,
                        answer,
                    });
                }
                Ok(())
            }
        };
        self.take(Msg::ReadEnded {
            slot,
            request,
            result,
        });
    }

    fn change(&mut self, at: usize, change: Change) {
        let aws = &mut self.scene.aws;
        if let Change::New = change {
            aws.services
                .push(service(&format!("new{}", aws.services.len())));
            return;
        }
        let Some(service) = aws.services.get_mut(at) else {
            return;
        };
        match change {
            Change::Desired(count) => service.desired = count,
            Change::Running(count) => service.running = count,
            Change::Trouble => service
                .events
                .insert(0, event("was unable to place a task", 5)),
            Change::Task => {
                let id = format!("t{}", aws.tasks.len());
                aws.tasks.push(ended(task(&service.name, &id), 1, 10));
            }
            Change::Gone => drop(aws.services.remove(at)),
            Change::New => {}
        }
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(20_261_121),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_schedule_of_keys_and_answers_writes_what_nobody_confirmed_or_spins(
        steps in proptest::collection::vec(step(), 1..80),
        kind in 0..4_u8,
    ) {
        let mut chance = Chance::new(match kind {
            0 => with_deck(&format!("protected = true\n{RUN}")),
            1 => Setup { read_only: true, ..with_deck(RUN) },
            2 => Setup { refresh: Duration::ZERO, ..with_deck(RUN) },
            _ => with_deck(RUN),
        });
        for step in steps {
            let selected = chance.scene.model.selected().map(|row| row.key.clone());
            let stays = chance.scene.model.services.cursor.is_moved()
                && !matches!(step, Step::Key(..) | Step::Keys(_) | Step::Pasted(_));
            chance.happen(step);
            chance.wake();
            let model = &chance.scene.model;
            let rows = model.service_rows();
            if stays && rows.iter().any(|row| Some(&row.key) == selected.as_ref()) {
                prop_assert_eq!(model.selected().map(|row| row.key.clone()), selected);
            }
            prop_assert_eq!(model.selected().is_some(), !rows.is_empty());
            let mut claims: Vec<_> = model.running.values().flat_map(|running| running.target.claims()).collect();
            claims.sort();
            let all = claims.len();
            claims.dedup();
            prop_assert_eq!(claims.len(), all, "two writes to one target");
        }
    }
}

const RUN: &str = r#"
[[run]]
name = "worker"
task_definition = "job"
container = "app"
network = { subnets = ["subnet-021cb68f18ae60508"] }
env = [{ name = "TASK_ID", required = true }]
"#;

/// How many runs of the long tests are made.
fn runs(short: u32, long: u32) -> u32 {
    // Read when the test is built: the core names no environment.
    if option_env!("ECSDECK_LONG_TESTS").is_some() {
        long
    } else {
        short
    }
}

/// A number that follows from the one before: a linear congruential generator (source: Knuth, MMIX).
fn next(seed: &mut u64) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

#[test]
fn random_keys_never_write_what_nobody_confirmed() {
    // 1,000 sequences, or 100,000 with ECSDECK_LONG_TESTS.
    let mut seed = 20_261_128;
    let (mut writes, mut questions, mut keys) = (0, 0, 0_u64);
    let sequences = runs(1_000, 100_000);
    let mut chance = Chance::new(with_deck(RUN));
    let fresh = chance.scene.model.clone();
    for _ in 0..sequences {
        chance.scene.model = fresh.clone();
        chance.waiting.clear();
        chance.scene.effects.clear();
        chance.journals = 0;
        for _ in 0..20 {
            // Every write must have been confirmed on an armed question that showed it: `take` asserts it.
            match next(&mut seed) % 8 {
                0 => {
                    let keys = SEQUENCES[next(&mut seed) % SEQUENCES.len()];
                    chance.happen(Step::Keys(keys));
                    chance.happen(Step::AllAnswered);
                }
                1 => chance.happen(Step::Shown),
                2 => chance.happen(Step::AllAnswered),
                _ => {
                    let key = KEYS[next(&mut seed) % KEYS.len()];
                    chance.happen(Step::Key(key, !next(&mut seed).is_multiple_of(5)));
                    keys += 1;
                }
            }
            questions += u64::from(chance.question().is_some());
        }
        writes += chance.writes.len();
        chance.writes.clear();
    }
    println!(
        "{sequences} sequences, {keys} keys: {questions} times a question stood, {writes} confirmed writes, 0 others"
    );
    assert!(writes > 0, "the test never gets as far as a write");
}

#[test]
fn pasted_text_never_writes_whatever_is_open() {
    let mut seed = 7;
    let pieces = [
        "y",
        "Y",
        "\n",
        "\r\n",
        "web",
        "enter",
        "\x1b[201~",
        "T",
        "5",
        "\t",
        "x y",
        "\u{3}",
    ];
    let mut payloads = 0;
    for keys in SEQUENCES {
        for _ in 0..13 {
            let mut chance = Chance::new(with_deck(RUN));
            chance.happen(Step::Keys(keys));
            chance.happen(Step::AllAnswered);
            chance.happen(Step::Shown);
            for _ in 0..4 {
                let text: String = (0..next(&mut seed) % 9)
                    .map(|_| pieces[next(&mut seed) % pieces.len()])
                    .collect();
                chance.take(Msg::Pasted(text.clone()));
                // A terminal without bracketed paste: the same as keys in a burst.
                for c in text.chars() {
                    let name = match c {
                        '\n' | '\r' => "enter".to_owned(),
                        '\t' => "tab".to_owned(),
                        ' ' => "space".to_owned(),
                        c if c.is_control() => continue,
                        c => c.to_string(),
                    };
                    let key = Key::parse(&name).unwrap();
                    chance.take(Msg::Key { key, alone: false });
                }
                payloads += 1;
            }
            assert_eq!(chance.writes, Vec::new(), "{keys}");
        }
    }
    println!("{payloads} payloads: 0 writes");
    assert!(payloads >= 200);
}

#[test]
fn keys_that_are_held_down_never_write_whatever_is_open() {
    for keys in SEQUENCES {
        for held in [
            "y", "enter", "n", "space", "tab", "T", "S", "Z", "X", "ctrl-s",
        ] {
            let mut chance = Chance::new(with_deck(RUN));
            chance.happen(Step::Keys(keys));
            // Held since before what it waits for has come.
            for at in 0..150 {
                chance.happen(Step::Key(held, true));
                chance.scene.elapsed += Duration::from_millis(33);
                match at {
                    3 => chance.happen(Step::AllAnswered),
                    6 => chance.happen(Step::Shown),
                    _ => {}
                }
            }
            assert_eq!(chance.writes, Vec::new(), "{keys}, then {held} held");
        }
    }
}

#[test]
fn the_sequence_that_confirms_does_write() {
    let mut chance = Chance::new(setup());
    for key in ["U", "5", "enter"] {
        chance.happen(Step::Key(key, true));
    }
    chance.happen(Step::AllAnswered);
    chance.happen(Step::Shown);
    chance.happen(Step::Key("y", true));
    assert_eq!(chance.writes.len(), 1);
}
