//! What is found, and what is not.

use std::sync::Arc;

use super::*;
use crate::diagnose::cause::CauseId;
use crate::diagnose::sample::{ago, ended, task, unstarted};
use crate::diagnose::{Diagnosis, diagnose_tasks};
use crate::domain::{Owner, QueueDepth, Task, TaskStatus};
use crate::keys::Command;

const NONE_RUN: &str =
    "163 messages wait in jobs, 0 tasks run, the deck wants 10 (5 per task, 1 to 10)";

fn family(running: u32) -> Workers {
    Workers {
        keeps: Keeps::Family,
        running,
        starting: 0,
        moved: Some(ago(1_500)),
        every: 0,
        unread: None,
    }
}

/// A queue with these readings: seconds ago, visible messages, dead letters.
fn queue(readings: &[(i64, u64, u64)]) -> QueueLoad {
    let mut history = DepthHistory::default();
    for (seconds, visible, dead) in readings {
        history.see(Sample {
            at: ago(*seconds),
            depth: QueueDepth {
                visible: *visible,
                ..QueueDepth::default()
            },
            dead: Some(*dead),
        });
    }
    QueueLoad {
        name: Clean::literal("jobs"),
        formula: Formula {
            per_task: Some(5),
            min: Some(1),
            max: Some(10),
        },
        history: Arc::new(history),
        dead_letter: Some(Clean::literal("jobs-dlq")),
        unknown: None,
    }
}

fn load(workers: Workers, queue: QueueLoad) -> Load {
    Load {
        workers,
        queues: vec![queue],
        tables: Vec::new(),
    }
}

/// A family of which nothing is wrong, judged by its work.
fn judged(load: &Load) -> Diagnosis {
    let mut found = diagnose_tasks(&[], ago(0));
    judge(&mut found, load, ago(0));
    found
}

fn causes(load: &Load) -> Vec<&'static str> {
    let found = judged(load);
    found.causes.iter().map(|cause| cause.id.as_str()).collect()
}

/// A reading every minute for so many minutes, with this many messages at each.
fn each_minute(minutes: i64, visible: impl Fn(i64) -> u64, dead: impl Fn(i64) -> u64) -> QueueLoad {
    let readings = (0..=minutes).map(|minute| {
        let ago = (minutes - minute) * 60;
        (ago, visible(minute), dead(minute))
    });
    queue(&readings.collect::<Vec<_>>())
}

#[test]
fn messages_that_nobody_takes_are_told_with_their_figures_by_one_reading_where_a_task_is_always_wanted()
 {
    let found = judged(&load(family(0), queue(&[(0, 163, 0)])));
    assert_eq!(found.verdict, Verdict::Failed);
    assert_eq!(found.causes[0].id, CauseId::BacklogUnserved);
    assert_eq!(found.causes[0].summary.as_str(), NONE_RUN);
    assert!(found.summary.starts_with(NONE_RUN), "{}", found.summary);
    assert_eq!(
        found.evidence[0].text.as_str(),
        format!("{NONE_RUN}; one reading: no task started or ended in the last 3 min")
    );
    assert_eq!(found.causes[0].actions, [Command::Run, Command::Queues]);
}

#[test]
fn where_no_task_is_wanted_for_an_empty_queue_one_reading_says_nothing_and_three_minutes_do() {
    let from_zero = |readings: &[(i64, u64, u64)]| {
        let mut queue = queue(readings);
        queue.formula.min = Some(0);
        causes(&load(family(0), queue))
    };
    assert_eq!(from_zero(&[(0, 40, 0)]), [""; 0]);
    assert_eq!(from_zero(&[(170, 40, 0), (0, 40, 0)]), [""; 0]);
    assert_eq!(from_zero(&[(180, 40, 0), (0, 40, 0)]), ["backlog-unserved"]);
    assert_eq!(
        from_zero(&[(180, 0, 0), (60, 40, 0), (0, 40, 0)]),
        [""; 0],
        "a burst"
    );
}

#[test]
fn who_starts_or_has_just_ended_or_looks_every_few_minutes_is_waited_for() {
    let waits = || queue(&[(300, 40, 0), (0, 40, 0)]);
    let mut starting = family(0);
    starting.starting = 1;
    let mut lately = family(0);
    lately.moved = Some(ago(60));
    let mut slow = family(0);
    (slow.every, slow.moved) = (120, Some(ago(200)));
    for workers in [starting, lately, slow, family(1)] {
        assert_eq!(
            causes(&load(workers.clone(), waits())),
            [""; 0],
            "{workers:?}"
        );
    }
    assert_eq!(
        causes(&load(family(0), queue(&[(0, 0, 0)]))),
        [""; 0],
        "nothing waits"
    );
}

#[test]
fn a_service_is_degraded_and_its_count_is_raised_only_where_it_is_too_low() {
    let service = |desired| {
        let workers = Workers {
            keeps: Keeps::Service { desired },
            ..family(0)
        };
        judged(&load(workers, queue(&[(0, 40, 0)])))
    };
    let at_zero = service(0);
    assert_eq!(at_zero.verdict, Verdict::Degraded);
    assert_eq!(at_zero.causes[0].actions, [Command::Scale, Command::Queues]);
    assert_eq!(service(8).causes[0].actions, [Command::Queues]);
}

#[test]
fn a_trouble_of_the_tasks_stays_first() {
    let mut died = ended(task("job", "1"), 1, 600);
    died.owner = Owner::Family(Clean::literal("job"));
    let mut found = diagnose_tasks(&[&died], ago(0));
    let before = found.clone();
    judge(&mut found, &load(family(0), queue(&[(0, 40, 0)])), ago(0));
    assert_eq!(
        (found.verdict, &found.summary),
        (before.verdict, &before.summary)
    );
    assert_eq!(found.causes[0], before.causes[0]);
    assert_eq!(found.causes.last().unwrap().id, CauseId::BacklogUnserved);
}

#[test]
fn what_could_not_be_read_gives_no_finding_and_is_said() {
    let mut unread = queue(&[(0, 163, 0)]);
    unread.unknown = Some(Unread::Failed(Clean::literal(
        "sqs:GetQueueAttributes: AccessDenied",
    )));
    let found = judged(&load(family(0), unread));
    assert_eq!((found.verdict, found.causes.len()), (Verdict::Steady, 0));
    assert!(
        found
            .summary
            .ends_with("; not known: queue jobs (sqs:GetQueueAttributes: AccessDenied)"),
        "{}",
        found.summary
    );
    let mut unlisted = family(0);
    unlisted.unread = Some(Unread::Failed(Clean::literal(
        "ecs:ListTasks: AccessDenied",
    )));
    let found = judged(&load(unlisted, queue(&[(0, 163, 0)])));
    assert_eq!((found.verdict, found.causes.len()), (Verdict::Steady, 0));
    assert!(
        found.summary.contains("its tasks (ecs:ListTasks"),
        "{}",
        found.summary
    );
}

#[test]
fn a_backlog_that_grows_for_ten_minutes_is_falling_behind_with_its_rate() {
    let grows = each_minute(10, |minute| 40 + 12 * minute.unsigned_abs(), |_| 0);
    let found = judged(&load(family(2), grows));
    assert_eq!(
        (found.verdict, found.causes[0].id),
        (Verdict::Failed, CauseId::FallingBehind)
    );
    assert_eq!(
        found.causes[0].summary.as_str(),
        "jobs grew from 40 to 160 messages in 10 min (about 12 more a minute than are done), 2 tasks run, the deck wants \
         10 (5 per task, 1 to 10); at this rate it never empties"
    );
}

#[test]
fn neither_a_short_look_nor_a_burst_nor_a_scale_up_nor_enough_tasks_is_falling_behind() {
    let grows = |minute: i64| 40 + 12 * minute.unsigned_abs();
    assert_eq!(
        causes(&load(family(2), each_minute(8, grows, |_| 0))),
        [""; 0],
        "a short look"
    );
    let burst = |minute: i64| {
        if minute < 4 {
            2
        } else {
            200 - 20 * minute.unsigned_abs()
        }
    };
    assert_eq!(
        causes(&load(family(2), each_minute(10, burst, |_| 0))),
        [""; 0],
        "a burst"
    );
    let mut scaled = family(2);
    scaled.moved = Some(ago(100));
    assert_eq!(
        causes(&load(scaled, each_minute(10, grows, |_| 0))),
        [""; 0],
        "a scale-up"
    );
    let few = |minute: i64| 20 + minute.unsigned_abs();
    assert_eq!(
        causes(&load(family(6), each_minute(10, few, |_| 0))),
        [""; 0],
        "enough tasks"
    );
}

#[test]
fn at_the_maximum_it_is_said_and_no_more_tasks_are_advised() {
    let grows = each_minute(10, |minute| 40 + 12 * minute.unsigned_abs(), |_| 0);
    let found = judged(&load(family(10), grows));
    assert_eq!(found.causes[0].id, CauseId::FallingBehind);
    assert_eq!(found.causes[0].actions, [Command::Queues]);
}

#[test]
fn dead_letters_that_come_are_poison_and_those_that_are_there_are_not() {
    let comes = each_minute(10, |_| 0, |minute| if minute < 5 { 1 } else { 4 });
    let found = judged(&load(family(2), comes));
    assert_eq!(found.causes[0].id, CauseId::PoisonMessages);
    assert_eq!(
        found.causes[0].summary.as_str(),
        "4 messages are in jobs-dlq, 3 more than 6m ago: messages of jobs fail"
    );
    assert!(
        found.causes[0]
            .actions
            .iter()
            .all(|command| !command.writes())
    );
    assert_eq!(
        causes(&load(family(2), each_minute(10, |_| 0, |_| 7))),
        [""; 0]
    );
    assert_eq!(
        causes(&load(family(2), queue(&[(0, 0, 7)]))),
        [""; 0],
        "one reading"
    );
    let flickers = each_minute(
        10,
        |_| 0,
        |minute| {
            if minute % 3 == 0 { 2 } else { 3 }
        },
    );
    assert_eq!(causes(&load(family(2), flickers)), [""; 0], "approximate");
}

fn item(id: &str, tasks: Vec<Task>) -> Item {
    Item {
        id: Clean::new(id),
        status: Clean::literal("processing"),
        state: ItemState::Running,
        since: ago(300),
        tasks,
    }
}

fn with_items(items: Vec<Item>) -> Load {
    Load {
        workers: family(1),
        queues: Vec::new(),
        tables: vec![TableLoad {
            name: Clean::literal("jobs"),
            read_at: Some(ago(5)),
            tasks_at: Some(ago(10)),
            timeout: Some(1_800),
            items,
            unknown: None,
        }],
    }
}

#[test]
fn an_item_whose_task_is_gone_is_orphaned_with_the_cause_of_its_death() {
    let died = ended(task("job", "ab12cd34ef"), 1, 1_380);
    let found = judged(&with_items(vec![item("task-4", vec![died])]));
    assert_eq!(
        (found.verdict, found.causes[0].id),
        (Verdict::Failed, CauseId::OrphanedItems)
    );
    assert_eq!(
        found.causes[0].summary.as_str(),
        "task-4 is processing, its task ab12cd34 ended 23m ago: the program ended with an error (exit code 1)"
    );
    assert_eq!(found.causes[0].actions, [Command::Retry, Command::Work]);
}

#[test]
fn a_task_that_died_of_what_stays_is_not_retried_before_it_is_mended() {
    let missing = "ResourceInitializationError: unable to pull secrets or registry auth: ResourceNotFoundException: \
                   Secrets Manager can't find the specified secret.";
    let never = unstarted(task("job", "1"), missing, 600);
    let found = judged(&with_items(vec![item("task-4", vec![never])]));
    assert_eq!(found.causes[0].id, CauseId::OrphanedItems);
    assert_eq!(found.causes[0].actions, [Command::Work]);
}

#[test]
fn an_item_with_a_task_or_whose_task_has_just_ended_or_that_was_listed_before_it_is_not_orphaned() {
    let lives = vec![ended(task("job", "1"), 1, 600), task("job", "2")];
    assert_eq!(causes(&with_items(vec![item("a", lives)])), [""; 0]);
    let just = vec![ended(task("job", "1"), 0, 30)];
    assert_eq!(causes(&with_items(vec![item("a", just)])), [""; 0]);
    let mut fresh = item("a", Vec::new());
    assert_eq!(causes(&with_items(vec![fresh.clone()])), ["orphaned-items"]);
    fresh.since = ago(-1);
    assert_eq!(
        causes(&with_items(vec![fresh])),
        [""; 0],
        "not listed since"
    );
    let mut unread = with_items(vec![item("a", Vec::new())]);
    unread.tables[0].unknown = Some(Unread::Awaited);
    assert_eq!(causes(&unread), [""; 0]);
}

#[test]
fn an_item_that_is_worked_on_for_longer_than_the_timeout_is_overdue() {
    let mut long = task("job", "ab12cd34ef");
    long.started = Some(ago(2_520));
    let found = judged(&with_items(vec![item("task-5", vec![long.clone()])]));
    assert_eq!(found.causes[0].id, CauseId::OverdueItems);
    assert_eq!(
        found.causes[0].summary.as_str(),
        "task-5 is processing for 42m, the deck's timeout is 30 min; its task ab12cd34 runs"
    );
    long.started = Some(ago(1_800));
    assert_eq!(
        causes(&with_items(vec![item("task-5", vec![long.clone()])])),
        [""; 0]
    );
    (long.started, long.status) = (None, TaskStatus::Pending);
    assert_eq!(
        causes(&with_items(vec![item("task-5", vec![long])])),
        [""; 0]
    );
}

#[test]
fn items_that_nobody_begins_are_unserved_after_a_while() {
    let mut waits = item("task-6", Vec::new());
    waits.state = ItemState::Waiting;
    let mut load = with_items(vec![waits.clone(), waits]);
    assert_eq!(causes(&load), [""; 0], "a task runs");
    load.workers.running = 0;
    let found = judged(&load);
    assert_eq!(
        found.causes[0].summary.as_str(),
        "2 items wait in jobs, 0 tasks run"
    );
    load.tables[0].items.truncate(1);
    load.tables[0].items[0].since = ago(100);
    assert_eq!(causes(&load), [""; 0], "it has just come");
}
