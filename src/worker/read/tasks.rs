//! Tasks: ListTasks twice (running and stopped), 100 a page, DescribeTasks 100 a call.
//!
//! The two listings go at the same time and share their batches, so that a
//! small cluster costs three calls and two rounds. Stopped tasks that are
//! known already no longer change and are not described again.

use std::collections::BTreeSet;

use ecsdeck_core::app::Answer;
use ecsdeck_core::domain::Arn;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::pace::Api;
use crate::ports::{Described, Desired, Reads, Reply, TasksOf, sizes};

use super::batches::{FirstError, answered, batches, describe};
use super::pages::each_page;
use super::reading::Reading;

pub(super) async fn read<R: Reads>(
    reading: &Reading<R>,
    cluster: &Arn,
    of: TasksOf<'_>,
    settled: &BTreeSet<Arn>,
) -> Reply<()> {
    let caller = &reading.caller;
    let first = FirstError::default();
    let (listed, pages) = unbounded_channel();
    // Each listing owns a sender: when both have ended, the last batch goes out.
    let list = |desired: Desired, listed: UnboundedSender<Vec<Arn>>| {
        let first = &first;
        async move {
            let mut all = BTreeSet::new();
            let result = each_page(
                "ecs:ListTasks",
                |page| {
                    caller.call(Api::Ecs, move || {
                        caller.reads.list_tasks(cluster, of, desired, page.clone())
                    })
                },
                |page| {
                    all.extend(page.iter().cloned());
                    let unknown = page
                        .into_iter()
                        .filter(|task| !settled.contains(task))
                        .collect();
                    listed.send(unknown).is_ok()
                },
            )
            .await;
            first.complete(result).then_some(all)
        }
    };
    let described = describe(
        batches(pages, sizes::DESCRIBE_TASKS_BATCH),
        &first,
        |batch| async move {
            let described = caller
                .call(Api::Ecs, || caller.reads.describe_tasks(cluster, &batch))
                .await?;
            let whole = answered("ecs:DescribeTasks", &batch, &described, |one| &one.arn);
            Ok((described, whole))
        },
        |(described, whole)| {
            first.keep_error(whole);
            let Described {
                items: tasks,
                failures,
            } = described;
            reading.tell(Answer::Tasks { tasks, failures })
        },
    );
    let (running, stopped, ()) = tokio::join!(
        list(Desired::Running, listed.clone()),
        list(Desired::Stopped, listed),
        described
    );
    if let (Some(mut all), Some(stopped)) = (running, stopped) {
        all.extend(stopped);
        reading.tell(Answer::TaskList(all)).await;
    }
    first.into_result()
}

/// Describes these tasks, and lists none.
pub(super) async fn these<R: Reads>(
    reading: &Reading<R>,
    cluster: &Arn,
    tasks: &[Arn],
) -> Reply<()> {
    let caller = &reading.caller;
    for batch in tasks.chunks(sizes::DESCRIBE_TASKS_BATCH) {
        let call = || caller.reads.describe_tasks(cluster, batch);
        let described = caller.call(Api::Ecs, call).await?;
        let (tasks, failures) = (described.items, described.failures);
        reading.tell(Answer::Tasks { tasks, failures }).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ecsdeck_core::app::Query;
    use ecsdeck_core::domain::ErrorKind;
    use ecsdeck_core::text::Clean;
    use tokio::time::Instant;

    use super::*;
    use crate::script::{Cloud, LATENCY, Told, ask, cluster_arn, error, fail, task_arn};

    fn cloud(running: usize, stopped: usize) -> Arc<Cloud> {
        Cloud::with(|state| {
            state.running = (0..running)
                .map(|n| task_arn(format_args!("r{n}")))
                .collect();
            state.stopped = (0..stopped)
                .map(|n| task_arn(format_args!("s{n}")))
                .collect();
        })
    }

    fn all_tasks(settled: BTreeSet<Arn>) -> Query {
        Query::Tasks {
            cluster: cluster_arn(),
            settled: Arc::new(settled),
        }
    }

    fn given(told: &Told) -> usize {
        let parts = told.answers.iter().map(|answer| match answer {
            Answer::Tasks { tasks, .. } => tasks.len(),
            _ => 0,
        });
        parts.sum()
    }

    fn listed(told: &Told) -> Option<usize> {
        told.answers.iter().find_map(|answer| match answer {
            Answer::TaskList(all) => Some(all.len()),
            _ => None,
        })
    }

    #[tokio::test(start_paused = true)]
    async fn calls_follow_the_batching_formula() {
        for r in [0_usize, 1, 10, 11, 100, 101, 250, 1_200] {
            for s in [0, 1, 50, 100, 101] {
                let cloud = cloud(r, s);
                let told = ask(&cloud, all_tasks(BTreeSet::new())).await;
                let of = format!("{r} running, {s} stopped");
                assert_eq!(told.result, Ok(()));
                assert_eq!(cloud.count("list_running"), r.div_ceil(100).max(1), "{of}");
                assert_eq!(cloud.count("list_stopped"), s.div_ceil(100).max(1), "{of}");
                assert_eq!(cloud.count("describe_tasks"), (r + s).div_ceil(100), "{of}");
                assert_eq!((given(&told), listed(&told)), (r + s, Some(r + s)), "{of}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_small_cluster_takes_two_rounds() {
        let cloud = cloud(40, 50);
        let start = Instant::now();
        ask(&cloud, all_tasks(BTreeSet::new())).await;
        assert_eq!(start.elapsed(), 2 * LATENCY);
    }

    #[tokio::test(start_paused = true)]
    async fn settled_tasks_are_listed_and_not_described_again() {
        let cloud = cloud(3, 120);
        let settled = (0..119).map(|n| task_arn(format_args!("s{n}"))).collect();
        let told = ask(&cloud, all_tasks(settled)).await;
        assert_eq!((given(&told), listed(&told)), (4, Some(123)));
        assert_eq!(cloud.count("describe_tasks"), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_in_both_listings_is_described_once() {
        let cloud = cloud(2, 0);
        cloud.state().stopped = vec![task_arn("r1")];
        let told = ask(&cloud, all_tasks(BTreeSet::new())).await;
        assert_eq!((given(&told), listed(&told)), (2, Some(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn one_listing_that_fails_leaves_the_tasks_of_the_other() {
        let cloud = cloud(5, 5);
        fail(&mut cloud.state(), "list_stopped", &[ErrorKind::Denied]);
        let told = ask(&cloud, all_tasks(BTreeSet::new())).await;
        assert_eq!(told.result, Err(error(ErrorKind::Denied)));
        assert_eq!(listed(&told), None, "half a listing is not complete");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_is_gone_is_passed_on_as_a_failure() {
        let cloud = cloud(1, 0);
        cloud.state().stopped = vec![task_arn("gone-1")];
        let told = ask(&cloud, all_tasks(BTreeSet::new())).await;
        let mut failures = told.answers.iter().flat_map(|answer| match answer {
            Answer::Tasks { failures, .. } => failures.as_slice(),
            _ => &[],
        });
        assert_eq!(failures.next().unwrap().reason, "MISSING");
    }

    #[tokio::test(start_paused = true)]
    async fn the_tasks_of_one_service_are_asked_for_by_its_name() {
        let cloud = cloud(1, 1);
        let service = Clean::literal("web");
        let settled = Arc::default();
        ask(
            &cloud,
            Query::TasksOf {
                cluster: cluster_arn(),
                service,
                settled,
            },
        )
        .await;
        assert_eq!(cloud.arguments("list_running"), ["web"]);
        assert_eq!(cloud.arguments("list_stopped"), ["web"]);
    }
}
