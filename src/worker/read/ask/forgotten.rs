//! What a cluster's event capture or action logs keep of a service's rollout.
//!
//! Both are groups of CloudWatch Logs that are there where somebody turned them on. Action logs are read only where no
//! task was captured: a task says more.

use std::collections::BTreeMap;
use std::time::Duration;

use ecsdeck_core::diagnose::{Memory, action, captured};
use ecsdeck_core::domain::{Arn, ErrorKind, LogSource, Task, Time};
use ecsdeck_core::text::Clean;

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};
use crate::read::pages::each_page;

/// The first hours of a rollout tell why it does not go on; the last one AWS shows by itself.
const SPAN: Duration = Duration::from_secs(6 * 3_600);
/// Pages that are read of a group. Each is a call; one that has nothing that fits may be empty.
const PAGES: usize = 5;
/// Tasks, and actions, that are kept: the newest.
const MOST: usize = 200;

pub(super) async fn read<R: Reads>(
    caller: &Caller<R>,
    cluster: &Arn,
    service: &Clean,
    since: Time,
) -> Reply<Memory> {
    let name = cluster.name();
    // Source: ECS developer guide, "Event capture": an event as EventBridge has it is a line.
    let group = format!("/aws/events/ecs/containerinsights/{name}/performance");
    let pattern = format!(
        r#"{{ ($.detail.group = "service:{service}") && ($.detail.lastStatus = "STOPPED") }}"#
    );
    let mut memory = Memory::default();
    // A task is told of more than once; the last event has all of it.
    let mut tasks: BTreeMap<Arn, Task> = BTreeMap::new();
    let take = |line: &str| tasks.extend(captured(line).map(|task| (task.arn.clone(), task)));
    if lines(caller, &group, &pattern, since, take).await? {
        memory.groups.push(Clean::own(group));
    }
    memory.tasks = tasks.into_values().collect();
    if !memory.tasks.is_empty() {
        memory.tasks.sort_by_key(|task| task.stopped);
        let surplus = memory.tasks.len().saturating_sub(MOST);
        memory.tasks.drain(..surplus);
        return Ok(memory);
    }
    // Source: ECS developer guide, "Action Logs". The stream is called like the service, but no stream's name can hold
    // the colons of a resource name: the words are looked for.
    let group = format!("/aws/vendedlogs/ecs/action-logs/{name}");
    let of = format!("{name}/{service}");
    let mut actions = Vec::new();
    let take = |line: &str| actions.extend(action(line, &of));
    if lines(caller, &group, &format!("\"{of}\""), since, take).await? {
        memory.groups.push(Clean::own(group));
    }
    let surplus = actions.len().saturating_sub(MOST);
    actions.drain(..surplus);
    memory.actions = actions;
    Ok(memory)
}

/// Reads what fits out of a group. Gives whether there is such a group.
async fn lines<R: Reads>(
    caller: &Caller<R>,
    group: &str,
    pattern: &str,
    since: Time,
    mut take: impl FnMut(&str),
) -> Reply<bool> {
    let source = LogSource {
        group: Clean::new(group),
        region: None,
        streams: Vec::new(),
    };
    let pattern = Clean::new(pattern);
    let end = since.checked_add(SPAN).ok();
    let (reads, source, pattern) = (&caller.reads, &source, &pattern);
    let mut pages = 0;
    let read = each_page(
        "logs:FilterLogEvents",
        |page| {
            caller.call(Api::Logs, move || {
                reads.filter_log_events(source, since, end, Some(pattern), page.clone())
            })
        },
        |events| {
            events.iter().for_each(|event| take(&event.message));
            pages += 1;
            pages < PAGES
        },
    )
    .await;
    match read {
        Ok(_) => Ok(true),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
