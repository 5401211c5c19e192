//! Following what a write has begun: tasks until they have stopped, a service until it is known whether it helped.

use std::collections::BTreeMap;

use ecsdeck_core::app::{Model, Msg, RowKey, ServiceRow, Stand, task_status};
use ecsdeck_core::diagnose::{diagnose_tasks, is_failure};
use ecsdeck_core::domain::{Arn, Task, TaskStatus};

use super::ask::{Asked, is_needed};
use super::outage::Outage;
use super::why::{row, under_way};
use super::{Failed, print, say};
use crate::exit::Exit;

/// Waits until all of these have stopped, and says how each ended.
pub(super) async fn until_stopped(asked: &mut Asked, tasks: Vec<Arn>) -> Result<Exit, Failed> {
    let mut told: BTreeMap<Arn, TaskStatus> = BTreeMap::new();
    let mut failed = false;
    let mut open = tasks;
    loop {
        open.retain(|arn| match asked.model().fleet.tasks.get(arn) {
            Some(task) if task.is_stopped() => {
                failed |= is_failure(task);
                print::line(&end(task));
                false
            }
            Some(task) => {
                if told.insert(arn.clone(), task.status) != Some(task.status) {
                    let status = task_status(task.status);
                    say(&format!("task {}: {status}", arn.name()));
                }
                true
            }
            None if asked.model().awaits(arn) => true,
            None => {
                // AWS forgets a stopped task after about an hour.
                say(&format!("task {} is no longer there", arn.name()));
                failed = true;
                false
            }
        });
        if open.is_empty() {
            break;
        }
        // Until something is read.
        let mut first = true;
        asked.until(|_| !std::mem::take(&mut first)).await?;
    }
    Ok(if failed { Exit::BadNews } else { Exit::Done })
}

/// Waits until nothing of a service is under way any more, and says whether the write to it has helped.
pub(super) async fn until_settled(asked: &mut Asked, service: Arn) -> Result<Exit, Failed> {
    let key = RowKey::Service(service);
    asked.session.take(Msg::WhyAsked(key.clone()));
    let goes_on =
        |model: &Model| under_way(model, &key) || row(model, &key).is_some_and(may_still_help);
    let words = |row: &ServiceRow| row.reason().to_string();
    until_over(asked, &mut Outage::default(), &key, goes_on, words).await?;
    let Some(row) = row(asked.model(), &key) else {
        return Err(Failed::NoSuch("the service is gone".to_owned()));
    };
    say(&format!("{}: {}", row.verdict.word(), row.reason()));
    Ok(if row.verdict.is_bad_news() {
        Exit::BadNews
    } else {
        Exit::Done
    })
}

/// Waits until something about a row goes on no more, and says meanwhile how the row is, each time that it is another.
pub(super) async fn until_over(
    asked: &mut Asked,
    outage: &mut Outage,
    key: &RowKey,
    goes_on: impl Fn(&Model) -> bool,
    words: impl Fn(&ServiceRow) -> String,
) -> Result<(), Failed> {
    asked.wait(outage, is_needed, Model::is_settled).await?;
    let mut told = String::new();
    let over = |model: &Model| {
        let going_on = goes_on(model);
        let now = row(model, key).map(&words);
        if let Some(now) = now.filter(|now| going_on && *now != told) {
            say(&now);
            told = now;
        }
        !going_on
    };
    asked.wait(outage, is_needed, over).await
}

/// Whether a write to it may still help.
fn may_still_help(row: &ServiceRow) -> bool {
    let story = row.story.as_ref();
    story.is_some_and(|story| story.stand == Stand::UnderWay)
}

/// How a task ended: its exit code, and the cause from the diagnosis where it failed.
fn end(task: &Task) -> String {
    let code = task
        .exit_code()
        .map(|code| format!(" with exit code {code}"))
        .unwrap_or_default();
    let head = format!("task {} stopped{code}", task.arn.name());
    if !is_failure(task) {
        return head;
    }
    let diagnosis = diagnose_tasks(&[task], task.stopped.unwrap_or_default());
    let cause = diagnosis.causes.first().map(|cause| {
        let words = cause.evidence.first().map(|evidence| &evidence.text);
        let words = words.map(|words| format!(": {words}")).unwrap_or_default();
        format!("{}, {}{words}", cause.id, cause.summary)
    });
    let why = cause.or_else(|| task.reason().map(ToString::to_string));
    match why {
        Some(why) => format!("{head} \u{2014} {why}"),
        None => head,
    }
}
