//! From the cause to the cure, in virtual time: each scenario is opened in its trouble, the first recommended key that writes
//! is followed with what its form has filled in, and confirmed; then it is watched until it is known whether it helped.

use std::collections::BTreeMap;
use std::time::Duration;

use ecsdeck_core::app::{Model, Overlay, Stand};
use ecsdeck_core::domain::{Health, TaskStatus};
use ecsdeck_sim::{Scenario, SimOptions, Truth, World};
use tokio::task::JoinSet;

use crate::truths::on_all_cores;
use crate::truths::watch::{Hands, Watch};

/// Worlds at a time: each is a simulator of its own.
const AT_ONCE: usize = 8;
/// Between two looks after the write, in seconds.
const STEP: u64 = 15;
/// So long it is watched, in seconds.
const WATCHED: u64 = 1_500;

/// How following the advice went.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// No key that writes is recommended.
    NoKey,
    /// The key led to something that must be typed first.
    Asks(String),
    /// The key did not lead to a question, or the write did not come about.
    Refused(String),
    /// It is known that it helped, after so many seconds.
    Recovered(u64),
    /// It is known that it did not.
    DidNotHelp(u64),
    /// Neither, when it had been watched long enough.
    Open(String),
}

/// What was seen on the way.
struct Arc {
    scenario: String,
    key: String,
    end: End,
    /// What the banner said last.
    banner: String,
    /// Healthy tasks before the write, and the fewest after it.
    healthy: (usize, usize),
    /// What the question said.
    question: String,
}

/// The first truth that is bad news, by which somebody is called.
fn trouble(truths: &[Truth]) -> Option<&Truth> {
    let bad = |verdict: &String| {
        ["stuck", "failed", "degraded", "rolled_back", "rolling_back"].contains(&verdict.as_str())
    };
    let mut truths = truths.iter();
    truths.find(|truth| truth.verdicts.iter().any(bad))
}

/// Healthy tasks, but no more than are wanted: a rollout has more for a while.
fn healthy(watch: &Watch, subject: &str) -> usize {
    let (service, tasks) = watch.seen(subject);
    let wanted = service.map_or(usize::MAX, |service| service.desired as usize);
    let serves = |task: &&&ecsdeck_core::domain::Task| {
        task.status == TaskStatus::Running && task.health != Health::Unhealthy
    };
    tasks.iter().filter(serves).count().min(wanted)
}

/// The overlay that is open, or the words in the last line.
fn led(model: &Model) -> bool {
    model.overlay.is_some()
        || model
            .notice
            .as_ref()
            .is_some_and(|notice| notice.until.is_some())
}

async fn follow(scenario: Scenario) -> Arc {
    let name = scenario.name().to_owned();
    let truths = scenario.truth().to_vec();
    let truth = trouble(&truths).unwrap_or(&truths[0]).clone();
    let subject = truth.service.clone().or(truth.family.clone()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let options = SimOptions {
        worlds: vec![World::builtin(scenario.world()).unwrap()],
        scenarios: vec![scenario],
        epoch: Some("2026-03-10T09:00:00Z".parse().unwrap()),
        lead: Duration::ZERO,
        ..SimOptions::default()
    };
    let hands = Hands::Free(folder.path().to_path_buf());
    let mut watch = Watch::with(options, Some(&subject), hands).await;
    watch.poll().await;
    let after = truth.after_seconds().unsigned_abs();
    watch.after(after + 1).await;
    watch.after(1).await;
    let mut arc = Arc {
        scenario: name,
        key: String::new(),
        end: End::NoKey,
        banner: watch.model.reason().to_string(),
        healthy: (healthy(&watch, &subject), usize::MAX),
        question: String::new(),
    };
    let hints = watch.model.helping_keys();
    let Some(hint) = hints.iter().find(|hint| hint.info.write) else {
        return arc;
    };
    arc.key = format!("{} {}", hint.keys, hint.info.title);
    let key = hint.keys.to_string();
    watch.press(&key).await;
    watch.until(led).await;
    if let Some(Overlay::Form(form)) = &watch.model.overlay {
        let title = form.title.to_string();
        watch.press("ctrl-s").await;
        let asked = |model: &Model| match &model.overlay {
            Some(Overlay::Form(form)) => {
                form.error.is_some() || form.fields.iter().any(|field| field.error.is_some())
            }
            Some(_) => true,
            None => model
                .notice
                .as_ref()
                .is_some_and(|notice| notice.until.is_some()),
        };
        watch.until(asked).await;
        if let Some(Overlay::Form(_)) = &watch.model.overlay {
            arc.end = End::Asks(title);
            return arc;
        }
    }
    match &watch.model.overlay {
        Some(Overlay::Confirm(confirm)) => {
            let notes: Vec<&str> = confirm
                .proposal
                .notes
                .iter()
                .map(|note| note.as_str())
                .collect();
            arc.question = notes.join(" | ");
        }
        Some(Overlay::Prompt(..)) => {
            arc.end = End::Asks("a count".to_owned());
            return arc;
        }
        _ => {
            let why = watch
                .model
                .notice
                .as_ref()
                .map(|notice| notice.text.to_string());
            arc.end = End::Refused(why.unwrap_or_default());
            return arc;
        }
    }
    watch.show().await;
    watch.press("y").await;
    watch
        .until(|model| model.running.is_empty() && !model.outcomes.is_empty())
        .await;
    let (outcome, _) = watch.model.outcomes.values().next().unwrap().clone();
    if outcome.word() != "done" {
        arc.end = End::Refused(format!("{}: {:?}", outcome.word(), outcome.detail()));
        return arc;
    }
    let mut passed = 0;
    loop {
        watch.poll().await;
        arc.healthy.1 = arc.healthy.1.min(healthy(&watch, &subject));
        arc.banner = watch.model.selected().map_or_else(String::new, |row| {
            format!("{}: {}", row.verdict.word(), watch.model.reason())
        });
        let stand = watch
            .model
            .selected()
            .and_then(|row| row.story.as_ref())
            .map(|story| story.stand);
        match stand {
            Some(Stand::Recovered) => {
                arc.end = End::Recovered(passed);
                return arc;
            }
            Some(Stand::DidNotHelp) if passed > 300 => {
                arc.end = End::DidNotHelp(passed);
                return arc;
            }
            _ if passed >= WATCHED => {
                arc.end = End::Open(format!("{stand:?}"));
                return arc;
            }
            _ => {}
        }
        watch.after(STEP).await;
        passed += STEP;
    }
}

async fn all(names: Vec<&'static str>) -> BTreeMap<String, Arc> {
    let mut arcs = BTreeMap::new();
    let mut waiting = names.into_iter();
    let mut running = JoinSet::new();
    let one = |name: &str| follow(Scenario::builtin(name).unwrap());
    for name in waiting.by_ref().take(AT_ONCE) {
        running.spawn(one(name));
    }
    while let Some(arc) = running.join_next().await {
        let arc = arc.unwrap();
        println!(
            "{:<28} {:<16} {:?} healthy {:?}\n    {}\n    {}",
            arc.scenario, arc.key, arc.end, arc.healthy, arc.banner, arc.question
        );
        arcs.insert(arc.scenario.clone(), arc);
        if let Some(name) = waiting.next() {
            running.spawn(one(name));
        }
    }
    arcs
}

#[test]
fn the_first_key_that_is_recommended_never_refuses_and_never_makes_it_worse() {
    let arcs = on_all_cores(all(Scenario::builtin_names().into_iter().collect()));
    let mut wrong = Vec::new();
    for arc in arcs.values() {
        let said = arc.question.contains("fail the same way");
        let (before, fewest) = arc.healthy;
        match &arc.end {
            End::Refused(why) => {
                wrong.push(format!("{}: {} refuses: {why}", arc.scenario, arc.key))
            }
            _ if fewest < before && !said => wrong.push(format!(
                "{}: {} leaves {fewest} of {before} healthy tasks, and the question did not say so",
                arc.scenario, arc.key
            )),
            _ => {}
        }
    }
    let cured = arcs
        .values()
        .filter(|arc| matches!(arc.end, End::Recovered(_)));
    println!(
        "{} of {} recover with the first key",
        cured.count(),
        arcs.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
