//! Tasks that are on their way and will not arrive, and tasks that run although a part of them is dead.
//!
//! AWS says nothing of them: no stop reason, no event. What a task's containers, attachments and times show is the
//! evidence, and what has only begun is none.

use super::cause::{CauseId, Standing};
use super::messages::{Classified, classify, classify_exit, counted, unhealthy};
use super::{Evidence, EvidenceSource};
use crate::domain::{Container, ContainerInstance, Health, Task, TaskDefinition, TaskStatus, Time};
use crate::text::Clean;

/// A task that waits for so long without pulling an image is late, in seconds: an ordinary start takes seconds to two
/// minutes.
const LATE_SECONDS: i64 = 600;
/// A capacity provider brings an instance within so many seconds (source: ECS developer guide, "Managed scaling
/// behavior").
const PROVIDED_SECONDS: i64 = 900;
/// An image may be pulled for so long, in seconds.
const PULL_SECONDS: i64 = 1_800;
/// An agent that is connected anew every few hours is away for less than this, in seconds.
const AWAY_SECONDS: i64 = 300;
/// A volume or interface may take so long to attach, in seconds.
const ATTACH_SECONDS: i64 = 600;

/// So many restarts of a container are no accident.
const RESTARTS: u32 = 3;

/// What decides where a task is late and nothing says why.
const WHERE_TO_LOOK: &str =
    "the agent and its log on the task's host; on Fargate the subnet and the network interface";

/// What is known beside a task.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TaskContext<'a> {
    /// Its revision.
    pub(super) definition: Option<&'a TaskDefinition>,
    /// The hosts of its cluster.
    pub(super) hosts: &'a [ContainerInstance],
    /// How long such a start takes, in seconds, where that was seen.
    pub(super) usual: Option<i64>,
}

/// Why a task that has not ended is not well; none where nothing speaks against it.
pub(super) fn hangs(task: &Task, around: TaskContext<'_>, now: Time) -> Option<Evidence> {
    // One that is told to stop ends its containers on purpose.
    let leaves = task.stop_code.is_some() || task.desired.as_str() == "STOPPED";
    if leaves || task.status > TaskStatus::Running {
        return None;
    }
    restarted(task)
        .or_else(|| dead(task, around.definition))
        .or_else(|| sick(task))
        .or_else(|| unattached(task, now))
        .or_else(|| away(task, around.hosts, now))
        .or_else(|| late(task, around, now))
}

fn found(
    task: &Task,
    container: Option<&Container>,
    text: String,
    ranking: Vec<Classified>,
) -> Evidence {
    Evidence {
        source: match task.status {
            TaskStatus::Running => EvidenceSource::RunningTask,
            _ => EvidenceSource::StartingTask,
        },
        at: task.started.or(task.created),
        reference: task.arn.clean().clone(),
        container: container
            .filter(|_| task.containers.len() > 1)
            .map(|one| one.name.clone()),
        text: Clean::own(text),
        count: 1,
        ranking,
    }
}

fn says(cause: CauseId, confidence: f64) -> Vec<Classified> {
    vec![Classified {
        cause,
        confidence,
        decided_by: None,
    }]
}

/// A container that its restart policy restarts again and again: the task never stops, and has no stop reason.
fn restarted(task: &Task) -> Option<Evidence> {
    let container = task
        .containers
        .iter()
        .filter(|one| one.restarts.is_some_and(|restarts| restarts >= RESTARTS))
        .max_by_key(|one| one.restarts)?;
    let restarts = container.restarts.unwrap_or_default();
    let words = container.reason.as_ref().filter(|reason| is_fault(reason));
    let ranking = match (words, container.exit_code) {
        (Some(words), _) => classify(words),
        (None, Some(0)) => says(CauseId::AppExited, 0.85),
        (None, Some(code)) => classify_exit(i64::from(code)),
        (None, None) => says(CauseId::AppCrash, 0.7),
    };
    let reason = words.map_or_else(String::new, |words| format!(": {words}"));
    let code = container
        .exit_code
        .map_or_else(String::new, |code| format!(" (exit code {code})"));
    let text = format!(
        "{} was restarted {restarts} times by its restart policy{reason}{code}",
        container.name
    );
    Some(found(task, Some(container), text, ranking))
}

/// A container that has ended badly while its task is to go on: the others wait for it, or run without it.
fn dead(task: &Task, definition: Option<&TaskDefinition>) -> Option<Evidence> {
    let ended = |one: &&Container| one.status.as_str() == "STOPPED" || one.exit_code.is_some();
    let starting = task.status < TaskStatus::Running;
    let badly = |one: &&Container| {
        let code = one.exit_code.is_some_and(|code| !matches!(code, 0 | 143));
        let fault = one.reason.as_ref().is_some_and(|reason| is_fault(reason));
        code || fault
    };
    let container = counted(task).filter(ended).find(badly);
    let Some(container) = container else {
        return starting.then(|| unmet(task, definition)).flatten();
    };
    let words = container.reason.as_ref().filter(|reason| is_fault(reason));
    let ranking = match (words, container.exit_code) {
        (Some(words), _) => classify(words),
        (None, Some(code)) => classify_exit(i64::from(code)),
        (None, None) => return None,
    };
    let reason = words.map_or_else(String::new, |words| format!(": {words}"));
    let code = container
        .exit_code
        .map_or_else(String::new, |code| format!(" (exit code {code})"));
    let what = if starting {
        match waiting_for(definition, container) {
            Some(other) => format!("{other} waits for {}, which has ended", container.name),
            None => format!(
                "{} has ended, and the task is still {}",
                container.name,
                word(task)
            ),
        }
    } else {
        format!("the task runs, and {} has ended", container.name)
    };
    Some(found(
        task,
        Some(container),
        format!("{what}{reason}{code}"),
        ranking,
    ))
}

fn is_fault(words: &str) -> bool {
    classify(words).first().is_some_and(|best| {
        matches!(best.cause.standing(), Standing::Fault | Standing::Symptom)
            && best.confidence >= 0.5
    })
}

/// The container that waits for another, by the definition.
fn waiting_for<'a>(definition: Option<&'a TaskDefinition>, of: &Container) -> Option<&'a Clean> {
    let waits = |on: &Clean| on.split(' ').next() == Some(of.name.as_str());
    let mut containers = definition?.containers.iter();
    let waiting = containers.find(|one| one.depends_on.iter().any(waits));
    waiting.map(|one| &one.name)
}

/// A condition that can never be met: HEALTHY of a container that has ended.
fn unmet(task: &Task, definition: Option<&TaskDefinition>) -> Option<Evidence> {
    definition?.containers.iter().find_map(|waiting| {
        waiting.depends_on.iter().find_map(|on| {
            let (name, condition) = on.split_once(' ')?;
            let mut containers = task.containers.iter();
            let on = containers.find(|one| one.name.as_str() == name)?;
            let over = condition == "HEALTHY" && on.status.as_str() == "STOPPED";
            over.then(|| {
                let text = format!(
                    "{} waits for {name} to be HEALTHY, and it has ended",
                    waiting.name
                );
                found(
                    task,
                    Some(on),
                    text,
                    says(CauseId::ContainerUnhealthy, 0.85),
                )
            })
        })
    })
}

/// A container whose check fails, so that its task does not come up or is not well.
fn sick(task: &Task) -> Option<Evidence> {
    let container = unhealthy(task);
    if container.is_none() && task.health != Health::Unhealthy {
        return None;
    }
    let who = container.map_or_else(|| "a container".to_owned(), |one| one.name.to_string());
    let text = if task.status == TaskStatus::Running {
        format!("its container health check fails: {who} is UNHEALTHY")
    } else {
        format!("{who} is UNHEALTHY, and the task is still {}", word(task))
    };
    let ranking = classify("failed container health checks");
    Some(found(task, container, text, ranking))
}

fn unattached(task: &Task, now: Time) -> Option<Evidence> {
    let waits = task.status < TaskStatus::Running;
    let open = |status: &str| !matches!(status, "ATTACHED" | "DETACHED" | "DELETED" | "");
    let attachment = task.attachments.iter().find(|one| {
        let failed = one.status.as_str() == "FAILED" || one.reason.is_some();
        let hangs = open(&one.status) && age(task, now) >= ATTACH_SECONDS;
        waits && (failed || hangs)
    })?;
    let interface = attachment.kind.contains("NetworkInterface");
    let cause = if interface {
        CauseId::EniFailed
    } else {
        CauseId::VolumeMountFailed
    };
    let told = attachment.reason.as_ref().map(|reason| classify(reason));
    let named = told.filter(|told| told.first().is_some_and(|best| best.confidence >= 0.5));
    let ranking = named.unwrap_or_else(|| says(cause, 0.75));
    let reason = attachment
        .reason
        .as_ref()
        .map_or_else(String::new, |reason| format!(": {reason}"));
    let text = format!(
        "its {} is {} after {}{reason}",
        if interface {
            "network interface"
        } else {
            "volume"
        },
        attachment.status,
        minutes(age(task, now)),
    );
    Some(found(task, None, text, ranking))
}

/// A task of which nobody knows how it is, since its agent does not answer.
fn away(task: &Task, hosts: &[ContainerInstance], now: Time) -> Option<Evidence> {
    let host = host(task, hosts);
    let lost = host.is_some_and(|host| !host.agent_connected);
    let for_long = task
        .connected_since
        .is_none_or(|since| now.duration_since(since).as_secs() >= AWAY_SECONDS);
    let silent = task.connected == Some(false) && for_long;
    if !(silent || lost && task.status < TaskStatus::Running) {
        return None;
    }
    let since = task
        .connected_since
        .filter(|_| silent)
        .map_or_else(String::new, |since| {
            format!(" for {}", minutes(now.duration_since(since).as_secs()))
        });
    let text = format!(
        "{}{}: the ECS agent is disconnected{since}; the state of the task is unknown",
        word(task),
        on(task, hosts)
    );
    Some(found(
        task,
        None,
        text,
        says(CauseId::AgentDisconnected, 0.9),
    ))
}

fn late(task: &Task, around: TaskContext<'_>, now: Time) -> Option<Evidence> {
    if task.status >= TaskStatus::Running || task.status == TaskStatus::Other {
        return None;
    }
    let pulls = task.pull_started.is_some() && task.pull_stopped.is_none();
    let provided = !matches!(
        task.launch.as_str(),
        "EC2" | "FARGATE" | "FARGATE_SPOT" | "EXTERNAL" | ""
    );
    let limit = match task.status {
        _ if pulls => PULL_SECONDS,
        TaskStatus::Provisioning if provided => PROVIDED_SECONDS,
        _ => LATE_SECONDS,
    };
    let limit = limit.max(3 * around.usual.unwrap_or_default());
    let begun = task.pull_started.filter(|_| pulls);
    let waited = begun.map_or_else(
        || age(task, now),
        |begun| now.duration_since(begun).as_secs(),
    );
    if waited < limit {
        return None;
    }
    let pull = if pulls {
        "the image is still being pulled"
    } else if task.pull_stopped.is_some() {
        "the image was pulled, and no container runs"
    } else {
        "no image pull has begun"
    };
    let usual = around.usual.map_or_else(String::new, |usual| {
        format!(" (starts usually take {usual} s)")
    });
    let text = format!(
        "task {} {} for {}{}, {pull}{usual}",
        task.short_id(),
        word(task),
        minutes(waited),
        on(task, around.hosts)
    );
    let ranking = [(CauseId::StartImpaired, 0.7)]
        .into_iter()
        .chain(pulls.then_some((CauseId::ImagePullNetwork, 0.45)))
        .map(|(cause, confidence)| Classified {
            cause,
            confidence,
            decided_by: Some(WHERE_TO_LOOK),
        });
    Some(found(task, None, text, ranking.collect()))
}

fn age(task: &Task, now: Time) -> i64 {
    task.created
        .map_or(0, |created| now.duration_since(created).as_secs())
}

fn host<'a>(task: &Task, hosts: &'a [ContainerInstance]) -> Option<&'a ContainerInstance> {
    let on = task.instance.as_ref()?;
    hosts.iter().find(|host| host.arn == *on)
}

/// Where a task was put: ` on i-0a1b2c3d4e5f60001`.
fn on(task: &Task, hosts: &[ContainerInstance]) -> String {
    let Some(instance) = &task.instance else {
        return String::new();
    };
    match host(task, hosts).and_then(|host| host.ec2_id.as_ref()) {
        Some(id) => format!(" on {id}"),
        None => format!(" on container instance {}", Clean::new(instance.name())),
    }
}

fn minutes(seconds: i64) -> String {
    if seconds < 120 {
        format!("{seconds} s")
    } else {
        format!("{} min", seconds / 60)
    }
}

fn word(task: &Task) -> &'static str {
    match task.status {
        TaskStatus::Provisioning => "PROVISIONING",
        TaskStatus::Pending => "PENDING",
        TaskStatus::Activating => "ACTIVATING",
        TaskStatus::Running => "RUNNING",
        _ => "on its way",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{NOW, ago, container, definition, task};
    use crate::domain::{Arn, Attachment};

    fn now() -> Time {
        Time::from_second(NOW).unwrap()
    }

    /// A task that was asked for so long ago, and has got no further.
    fn pending(seconds_ago: i64) -> Task {
        let mut task = task("web", "0123456789");
        (task.status, task.health) = (TaskStatus::Pending, Health::Unknown);
        (task.created, task.started) = (Some(ago(seconds_ago)), None);
        task.containers[0].status = Clean::new("PENDING");
        task
    }

    fn of(task: &Task) -> Option<(CauseId, String)> {
        let found = hangs(task, TaskContext::default(), now())?;
        Some((found.ranking[0].cause, found.text.to_string()))
    }

    #[test]
    fn a_task_that_has_just_been_asked_for_or_runs_does_not_hang() {
        assert_eq!(of(&pending(60)), None);
        assert_eq!(of(&pending(599)), None);
        assert_eq!(of(&task("web", "1")), None);
    }

    #[test]
    fn a_task_that_waits_for_twenty_minutes_is_late_and_says_where_it_is() {
        let mut task = pending(1_140);
        task.instance = Some(Arn::new(
            "arn:aws:ecs:us-east-1:1:container-instance/prod/abc",
        ));
        let (cause, text) = of(&task).unwrap();
        assert_eq!(cause, CauseId::StartImpaired);
        assert!(
            text.contains("PENDING for 19 min on container instance abc, no image pull has begun"),
            "{text}"
        );
        task.pull_started = Some(ago(1_000));
        assert_eq!(of(&task), None, "a pull may take so long");
    }

    #[test]
    fn a_start_is_late_by_what_starts_usually_take() {
        let around = TaskContext {
            usual: Some(400),
            ..TaskContext::default()
        };
        assert!(hangs(&pending(1_100), around, now()).is_none());
        assert!(hangs(&pending(1_200), around, now()).is_some());
    }

    #[test]
    fn a_container_that_ended_badly_before_the_task_runs_is_the_cause() {
        let mut task = pending(30);
        let mut router = container("log_router");
        (router.status, router.exit_code) = (Clean::new("STOPPED"), Some(255));
        task.containers.push(router);
        let found = hangs(&task, TaskContext::default(), now()).unwrap();
        assert_eq!(found.ranking[0].cause, CauseId::AppCrash);
        assert_eq!(found.container.unwrap().as_str(), "log_router");
        task.containers[1].exit_code = Some(0);
        assert_eq!(of(&task), None, "one that ended well may be waited for");
    }

    #[test]
    fn a_container_that_is_restarted_again_and_again_is_a_crash_though_its_task_runs() {
        let mut task = task("web", "1");
        let mut worker = container("worker");
        (worker.restarts, worker.exit_code) = (Some(2), Some(1));
        worker.status = Clean::new("RUNNING");
        task.containers.push(worker);
        // One that has restarted twice has ended before, and runs again.
        task.containers[1].exit_code = None;
        assert_eq!(of(&task), None);
        (task.containers[1].restarts, task.containers[1].exit_code) = (Some(17), Some(137));
        let (cause, text) = of(&task).unwrap();
        assert_eq!(cause, CauseId::Killed);
        assert_eq!(
            text,
            "worker was restarted 17 times by its restart policy (exit code 137)"
        );
        task.containers[1].exit_code = Some(0);
        assert_eq!(of(&task).unwrap().0, CauseId::AppExited);
    }

    #[test]
    fn a_condition_that_can_never_be_met_is_named() {
        let mut task = pending(30);
        let mut proxy = container("proxy");
        (proxy.status, proxy.exit_code) = (Clean::new("STOPPED"), Some(0));
        task.containers.push(proxy);
        let mut definition = definition("web:1", "web");
        definition.containers[0].depends_on = vec![Clean::new("proxy HEALTHY")];
        let around = TaskContext {
            definition: Some(&definition),
            ..TaskContext::default()
        };
        let found = hangs(&task, around, now()).unwrap();
        assert!(
            found.text.contains("app waits for proxy to be HEALTHY"),
            "{}",
            found.text
        );
    }

    #[test]
    fn an_unhealthy_container_that_keeps_the_task_from_running_is_named() {
        let mut task = pending(30);
        let mut proxy = container("proxy");
        proxy.health = Health::Unhealthy;
        task.containers.push(proxy);
        let (cause, text) = of(&task).unwrap();
        assert_eq!(cause, CauseId::ContainerUnhealthy);
        assert_eq!(text, "proxy is UNHEALTHY, and the task is still PENDING");
    }

    #[test]
    fn a_task_that_runs_without_its_sidecar_is_not_well() {
        let mut task = task("web", "1");
        let mut agent = container("agent");
        (agent.status, agent.exit_code) = (Clean::new("STOPPED"), Some(137));
        agent.reason = Some(Clean::new(
            "OutOfMemoryError: Container killed due to memory usage",
        ));
        task.containers.push(agent);
        let (cause, text) = of(&task).unwrap();
        assert_eq!(cause, CauseId::OutOfMemory);
        assert!(
            text.starts_with("the task runs, and agent has ended"),
            "{text}"
        );
    }

    #[test]
    fn what_does_not_attach_is_named_at_once_where_aws_says_why() {
        let mut task = pending(30);
        task.attachments = vec![Attachment {
            kind: Clean::new("ElasticNetworkInterface"),
            status: Clean::new("ATTACHING"),
            reason: None,
        }];
        assert_eq!(of(&task), None);
        task.attachments[0].reason = Some(Clean::new("nobody knows these words"));
        assert_eq!(of(&task).unwrap().0, CauseId::EniFailed);
    }

    #[test]
    fn an_agent_that_is_away_for_long_leaves_its_tasks_unknown() {
        let mut task = task("web", "1");
        (task.connected, task.connected_since) = (Some(false), Some(ago(200)));
        assert_eq!(of(&task), None, "it comes and goes");
        task.connected_since = Some(ago(900));
        let (cause, text) = of(&task).unwrap();
        assert_eq!(cause, CauseId::AgentDisconnected);
        assert!(text.contains("disconnected for 15 min"), "{text}");
    }
}
