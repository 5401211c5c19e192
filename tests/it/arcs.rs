//! From the cause to the cure, in virtual time: each scenario is opened in its trouble and what its `[cure]` names is
//! pressed, which begins with the first recommended key that writes; then it is watched until it is known whether it helped.
//! Where no key helps, none that writes is recommended.

use std::collections::BTreeMap;
use std::time::Duration;

use ecsdeck_core::app::{Model, Overlay, Stand};
use ecsdeck_core::domain::{Health, TaskStatus};
use ecsdeck_sim::{Cure, Scenario, Truth};
use tokio::task::JoinSet;

use crate::truths::on_all_cores;
use crate::truths::watch::{Hands, Watch, options_of};

/// Worlds at a time: each is a simulator of its own.
const AT_ONCE: usize = 8;
/// Between two looks after the write, in seconds.
const STEP: u64 = 15;
/// So long it is watched, in seconds.
const WATCHED: u64 = 1_500;

/// So long a service that was in no trouble has to stay as it shall be, in seconds.
const SETTLED: u64 = 60;

/// Whether the selected row has this verdict.
fn is(model: &Model, verdict: &str) -> bool {
    model
        .selected()
        .is_some_and(|row| row.verdict.word() == verdict)
}

/// How following the advice went.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// No key that writes is recommended.
    NoKey,
    /// Another key is recommended than the one that cures it, which was not pressed.
    OtherKey,
    /// The key did not lead to a question, or the write did not come about.
    Refused(String),
    /// It is known that it helped, after so many seconds.
    Recovered(u64),
    /// It was in no trouble, and is as it was to become, after so many seconds.
    Settled(u64),
    /// It is known that it did not.
    DidNotHelp(u64),
    /// Neither, when it had been watched long enough.
    Open(String),
}

/// What was seen on the way.
struct Arc {
    scenario: String,
    /// What its file says.
    cure: Cure,
    /// The first recommended key that writes.
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

/// Whether a key has led somewhere: to a form that is open or has something against what it says, to a question, or to
/// words in the last line.
fn led(model: &Model, first: bool) -> bool {
    match &model.overlay {
        Some(Overlay::Form(form)) => {
            first || form.error.is_some() || form.fields.iter().any(|field| field.error.is_some())
        }
        Some(Overlay::Prompt(..)) if first => true,
        Some(Overlay::Confirm(_)) => true,
        _ => {
            let notice = model.notice.as_ref();
            notice.is_some_and(|notice| notice.until.is_some())
        }
    }
}

/// What the form that is open is called: one form may lead to another.
fn form_title(model: &Model) -> Option<String> {
    match &model.overlay {
        Some(Overlay::Form(form)) => Some(form.title.to_string()),
        _ => None,
    }
}

/// Presses everything up to the `y` that confirms. Errs with why it cannot be done.
async fn pressed(watch: &mut Watch, keys: &[String]) -> Result<(), String> {
    for key in &keys[..keys.len() - 1] {
        if let Some(text) = key.strip_prefix("type ") {
            for letter in text.chars() {
                watch.press(&letter.to_string()).await;
            }
            continue;
        }
        let before = form_title(&watch.model);
        watch.press(key).await;
        let first = *key == keys[0];
        if first || ["enter", "ctrl-s"].contains(&key.as_str()) {
            let other = |model: &Model| {
                let title = form_title(model);
                before.is_some() && title.is_some() && title != before
            };
            watch.until(|model| led(model, first) || other(model)).await;
        }
        let notice = watch.model.notice.as_ref();
        if watch.model.overlay.is_none() {
            return Err(notice.map_or_else(String::new, |notice| notice.text.to_string()));
        }
        if let Some(Overlay::Form(form)) = &watch.model.overlay {
            let fields = form.fields.iter().find_map(|field| field.error.clone());
            if let Some(why) = form.error.clone().or(fields).filter(|_| !first) {
                return Err(format!("{}: {why}", form.title));
            }
        }
    }
    Ok(())
}

async fn follow(scenario: Scenario) -> Arc {
    let name = scenario.name().to_owned();
    let cure = scenario.cure().cloned().unwrap_or_default();
    let truths = scenario.truth().to_vec();
    let truth = trouble(&truths).unwrap_or(&truths[0]).clone();
    let subject = truth.service.clone().or(truth.family.clone()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let options = options_of(scenario, Duration::ZERO);
    let hands = Hands::Free(folder.path().to_path_buf());
    let mut watch = Watch::with(options, Some(&subject), hands).await;
    watch.poll().await;
    let mut after = truth.after_seconds().unsigned_abs();
    // What is told by the work is told by how it went.
    while watch.model.setup.deck.is_some() && after > 60 {
        watch.after(60).await;
        after -= 60;
    }
    watch.after(after + 1).await;
    watch.after(1).await;
    let mut arc = Arc {
        scenario: name,
        cure: cure.clone(),
        key: String::new(),
        end: End::NoKey,
        banner: watch.model.reason().to_string(),
        healthy: (healthy(&watch, &subject), usize::MAX),
        question: String::new(),
    };
    let hints = watch.model.helping_keys();
    let hint = hints.iter().find(|hint| hint.info.write);
    arc.key = hint.map_or_else(String::new, |hint| hint.keys.to_string());
    if arc.key.is_empty() {
        return arc;
    }
    if cure.keys.first() != Some(&arc.key) {
        arc.end = End::OtherKey;
        return arc;
    }
    if let Err(why) = pressed(&mut watch, &cure.keys).await {
        arc.end = End::Refused(why);
        return arc;
    }
    let Some(Overlay::Confirm(confirm)) = &watch.model.overlay else {
        arc.end = End::Refused("it led to no question".to_owned());
        return arc;
    };
    let notes = confirm.proposal.notes.iter();
    arc.question = notes
        .map(|note| note.as_str())
        .collect::<Vec<_>>()
        .join(" | ");
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
            Some(Stand::Recovered) if cure.end == "recovered" => {
                arc.end = End::Recovered(passed);
                return arc;
            }
            Some(Stand::DidNotHelp) if passed > 300 => {
                arc.end = End::DidNotHelp(passed);
                return arc;
            }
            None | Some(Stand::Recovered) if passed >= SETTLED && is(&watch.model, &cure.end) => {
                arc.end = End::Settled(passed);
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
        arcs.insert(arc.scenario.clone(), arc);
        if let Some(name) = waiting.next() {
            running.spawn(one(name));
        }
    }
    arcs
}

/// A line of the table, with what the console said.
fn line(arc: &Arc) -> String {
    let keys = if arc.cure.keys.is_empty() {
        "none".to_owned()
    } else {
        arc.cure.keys.join(" ")
    };
    let seconds = match arc.end {
        End::Recovered(seconds) | End::Settled(seconds) => format!("{seconds} s"),
        End::NoKey => "\u{2013}".to_owned(),
        _ => format!("{:?}", arc.end),
    };
    format!("{:<28} {keys:<32} {seconds}", arc.scenario)
}

/// What is wrong with how an arc went.
fn against(arc: &Arc) -> Option<String> {
    let (before, fewest) = arc.healthy;
    let said = arc.question.contains("fail the same way") || arc.question.contains("will stop");
    let lost = fewest < before && !said;
    let ended = match &arc.end {
        End::NoKey => arc.cure.keys.is_empty(),
        End::Recovered(_) | End::Settled(_) => true,
        End::OtherKey | End::Refused(_) | End::DidNotHelp(_) | End::Open(_) => false,
    };
    let why = match (ended, lost) {
        (true, false) => return None,
        (true, true) => format!("leaves {fewest} of {before} healthy tasks, and did not say so"),
        (false, _) => format!("ends with {:?}", arc.end),
    };
    Some(format!(
        "{}: recommended {:?}, cure {:?}, {why}\n    {}\n    {}",
        arc.scenario, arc.key, arc.cure, arc.banner, arc.question
    ))
}

#[test]
fn the_first_recommended_key_cures_and_where_none_does_none_is_recommended() {
    let arcs = on_all_cores(all(Scenario::builtin_names().into_iter().collect()));
    let wrong: Vec<String> = arcs.values().filter_map(against).collect();
    let recovered = arcs
        .values()
        .filter(|arc| matches!(arc.end, End::Recovered(_)));
    let none = arcs.values().filter(|arc| arc.cure.keys.is_empty());
    println!("{}", arcs.values().map(line).collect::<Vec<_>>().join("\n"));
    println!(
        "{} of {} scenarios recover with the first recommended key, {} have none that helps, {} end otherwise",
        recovered.count(),
        arcs.len(),
        none.count(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
