//! Following a log for minutes of virtual time through everything that CloudWatch does to it: core and worker together.

use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::app::{Effect, LogTarget, Model, Msg, Pane, Setup, Stamp, update};
use ecsdeck_core::domain::{ErrorKind, Time};
use ecsdeck_core::keys::Keymap;
use ecsdeck_core::text::Clean;
use tokio::time::{Instant, sleep_until};

use crate::script::{Cloud, Console, Lagging};

const ZERO: i64 = 1_800_000_000;

fn zero() -> Time {
    Time::from_second(ZERO).unwrap()
}

/// Drives a console as the loop does, up to a second of virtual time.
struct Run {
    model: Model,
    console: Console,
    cloud: Arc<Cloud>,
    began: Instant,
    entropy: u128,
    /// How far behind it was said to be, at most.
    furthest: i64,
}

impl Run {
    async fn start(lagging: Lagging) -> Self {
        let cloud = Cloud::with(|state| state.lagging = Some(lagging));
        let keymap = Keymap::load("default", &|_| None).unwrap();
        let setup = Setup {
            panes: [Pane::Logs].into(),
            log_lines: 1_000_000,
            ..Setup::new("us-east-1", keymap)
        };
        let began = Instant::now();
        let stamp = Stamp {
            now: zero(),
            elapsed: Duration::ZERO,
            entropy: 0,
        };
        let mut run = Self {
            model: Model::new(setup, (80, 24), stamp),
            console: Console::start(&cloud, None, None, 64),
            cloud,
            began,
            entropy: 0,
            furthest: 0,
        };
        run.take(Msg::LogAsked {
            target: LogTarget::Group(Clean::literal("/g")),
            since: Time::from_second(ZERO - 180).unwrap(),
            until: None,
            pattern: None,
        })
        .await;
        run
    }

    async fn take(&mut self, msg: Msg) {
        self.entropy += 1;
        let elapsed = self.began.elapsed();
        let stamp = Stamp {
            now: zero().checked_add(elapsed).unwrap(),
            elapsed,
            entropy: self.entropy,
        };
        for effect in update(&mut self.model, msg, stamp) {
            if let Effect::Worker(effect) = effect {
                self.console.send(effect).await;
            }
        }
        let behind = self.model.logs.behind(self.model.now());
        self.furthest = self.furthest.max(behind.unwrap_or(0));
    }

    async fn until(&mut self, second: u64) {
        let end = self.began + Duration::from_secs(second);
        loop {
            let wake = self.model.next_wake().map(|wake| self.began + wake);
            let wake = wake.unwrap_or(end).min(end);
            let msg = tokio::select! {
                biased;
                msg = self.console.next() => msg.unwrap(),
                () = sleep_until(wake) => Msg::Ticked,
            };
            self.take(msg).await;
            if Instant::now() >= end {
                return;
            }
        }
    }

    /// Lines that were given out, how many are doubled, and how many of those that there are lack.
    fn result(&self) -> (usize, usize, usize) {
        let lines = self.model.logs.buffer.lines();
        let mut texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let given = texts.len();
        texts.sort_unstable();
        texts.dedup();
        let state = self.cloud.state();
        let there = state.lagging.as_ref().unwrap().count();
        (given, given - texts.len(), there - texts.len())
    }
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_of_lag_throttling_resets_and_rotation_lose_and_double_no_line() {
    let mut random = fastrand::Rng::with_seed(11);
    let mut group = Lagging::new(zero(), 1_000, 0.2);
    // Ten lines a second in streams that are rotated every two minutes, taken in 1 to 90 seconds after their time; one
    // in fifty bears a time of up to two minutes from now.
    for tenth in -1_800..6_000_i32 {
        let at = f64::from(tenth) / 10.0;
        let stream = format!("app/{}", tenth.div_euclid(1_200));
        if random.f64() < 0.02 {
            let ahead = random.f64() * 120.0;
            group.line(at + ahead, -ahead, &stream);
        } else {
            group.line(at, 1.0 + random.f64() * 89.0, &stream);
        }
    }
    for _ in 0..5_000 {
        group.line(250.0, 1.5, "app/2");
    }
    group.sort();
    group.fault(0..600, 0.05, ErrorKind::Unreachable);
    group.fault(120..420, 0.7, ErrorKind::Throttled);
    group.fault(480..500, 1.0, ErrorKind::Expired);
    let mut run = Run::start(group).await;
    run.until(600).await;
    let alive = run.cloud.state().lagging.as_ref().unwrap().calls;
    // The last lines are taken in up to two minutes after the tenth.
    run.until(760).await;
    let (given, doubled, lost) = run.result();
    let state = run.cloud.state();
    let lagging = state.lagging.as_ref().unwrap();
    let figures = format!(
        "given {given}, doubled {doubled}, lost {lost}, calls {}, of them failed {}, furthest behind {} s",
        lagging.calls, lagging.failed, run.furthest
    );
    assert!(lagging.calls > alive, "it has ended: {figures}");
    assert!(lagging.failed > 30, "nothing went wrong: {figures}");
    assert_eq!((doubled, lost), (0, 0), "{figures}");
    assert!(run.furthest >= 20, "it said that it was behind: {figures}");
    report(&figures);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_faster_than_it_may_be_read_says_how_far_behind_it_is_and_catches_up() {
    // CloudWatch gives 10,000 lines a page and one page a second is the share: 20,000 lines a second are twice as much.
    // Here a page has a hundredth of that, and so has the log.
    let mut group = Lagging::new(zero(), 100, 0.0);
    for line in 0..12_000_i32 {
        group.line(f64::from(line) / 200.0, 0.5, "app/0");
    }
    group.sort();
    let mut run = Run::start(group).await;
    run.until(60).await;
    let behind = run.model.logs.behind(run.model.now());
    let (given, ..) = run.result();
    run.until(300).await;
    let (all, doubled, lost) = run.result();
    let figures = format!(
        "after 60 s: {given} of 12000 lines given, {behind:?} s behind, at most {}; after 300 s: {all}, doubled \
         {doubled}, lost {lost}",
        run.furthest
    );
    assert!(
        behind.is_some_and(|behind| (15..=45).contains(&behind)),
        "{figures}"
    );
    assert_eq!((doubled, lost), (0, 0), "{figures}");
    assert_eq!(run.model.logs.behind(run.model.now()), None, "{figures}");
    report(&figures);
}

/// Figures for whoever runs it with `--nocapture`.
fn report(figures: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{figures}");
}
