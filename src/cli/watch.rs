//! Following tasks until they have stopped.

use std::collections::BTreeMap;
use std::time::Duration;

use ecsdeck_core::act::Look;
use ecsdeck_core::app::task_status;
use ecsdeck_core::diagnose::{diagnose_family, is_failure};
use ecsdeck_core::domain::{Arn, Task, TaskStatus};

use super::ask::Asked;
use super::outage::Outage;
use super::{Failed, print, say};
use crate::exit::Exit;

/// Between two looks: one DescribeTasks call each.
const PACE: Duration = Duration::from_secs(2);

/// Waits until all of these have stopped, and says how each ended.
pub(super) async fn until_stopped(
    asked: &mut Asked,
    cluster: &Arn,
    tasks: Vec<Arn>,
) -> Result<Exit, Failed> {
    let look = Look::Tasks {
        cluster: cluster.clone(),
        tasks: tasks.clone(),
    };
    let mut told: BTreeMap<Arn, TaskStatus> = BTreeMap::new();
    let mut failed = false;
    let mut open = tasks;
    let mut outage = Outage::default();
    outage.went_well();
    loop {
        let mut seen = match asked.look(look.clone()).await {
            Ok(seen) => seen,
            Err(Failed::Cloud(error)) => {
                outage.failed(&error)?;
                asked.pause(PACE).await?;
                continue;
            }
            Err(other) => return Err(other),
        };
        outage.went_well();
        let mut still = Vec::new();
        for arn in open {
            let Some(task) = seen.tasks.remove(&arn).flatten() else {
                // AWS forgets a stopped task after about an hour.
                say(&format!("task {} is no longer there", arn.name()));
                failed = true;
                continue;
            };
            if task.is_stopped() {
                failed |= is_failure(&task);
                print::line(&end(&task));
                continue;
            }
            if told.insert(arn.clone(), task.status) != Some(task.status) {
                say(&format!(
                    "task {}: {}",
                    arn.name(),
                    task_status(task.status)
                ));
            }
            still.push(arn);
        }
        open = still;
        if open.is_empty() {
            break;
        }
        asked.pause(PACE).await?;
    }
    Ok(if failed { Exit::BadNews } else { Exit::Done })
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
    let diagnosis = diagnose_family(&[task], task.stopped.unwrap_or_default());
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
