//! Services: ListServices 100 a page, DescribeServices 10 a call, at the same time.

use std::collections::BTreeSet;

use ecsdeck_core::app::Answer;
use ecsdeck_core::domain::Arn;
use futures_util::stream::Stream;
use tokio::sync::mpsc::unbounded_channel;

use crate::pace::Api;
use crate::ports::{Described, Reads, Reply, sizes};

use super::batches::{FirstError, answered, batches, describe};
use super::pages::each_page;
use super::reading::Reading;

/// Every service of a cluster.
pub(super) async fn all<R: Reads>(reading: &Reading<R>, cluster: &Arn) -> Reply<()> {
    let caller = &reading.caller;
    let first = FirstError::default();
    let (listed, pages) = unbounded_channel();
    let list = async {
        let listed = listed;
        let mut all = BTreeSet::new();
        let result = each_page(
            "ecs:ListServices",
            |page| {
                caller.call(Api::Ecs, move || {
                    caller.reads.list_services(cluster, page.clone())
                })
            },
            |page| {
                all.extend(page.iter().cloned());
                listed.send(page).is_ok()
            },
        )
        .await;
        first.complete(result).then_some(all)
    };
    let (list, ()) = tokio::join!(
        list,
        give(
            reading,
            cluster,
            batches(pages, sizes::DESCRIBE_SERVICES_BATCH),
            &first
        )
    );
    if let Some(all) = list {
        reading.tell(Answer::ServiceList(all)).await;
    }
    first.into_result()
}

/// These services and no others.
pub(super) async fn watched<R: Reads>(
    reading: &Reading<R>,
    cluster: &Arn,
    services: &[Arn],
) -> Reply<()> {
    let first = FirstError::default();
    let (wanted, pages) = unbounded_channel();
    let _ = wanted.send(services.to_vec());
    drop(wanted);
    give(
        reading,
        cluster,
        batches(pages, sizes::DESCRIBE_SERVICES_BATCH),
        &first,
    )
    .await;
    first.into_result()
}

/// Describes and gives batch after batch.
async fn give<R: Reads>(
    reading: &Reading<R>,
    cluster: &Arn,
    batches: impl Stream<Item = Vec<Arn>>,
    first: &FirstError,
) {
    let caller = &reading.caller;
    describe(
        batches,
        first,
        |batch| async move {
            let described = caller
                .call(Api::Ecs, || caller.reads.describe_services(cluster, &batch))
                .await?;
            let whole = answered("ecs:DescribeServices", &batch, &described, |one| &one.arn);
            Ok((described, whole))
        },
        |(described, whole)| {
            first.keep_error(whole);
            let Described {
                items: services,
                failures,
            } = described;
            reading.tell(Answer::Services { services, failures })
        },
    )
    .await;
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::app::Query;
    use ecsdeck_core::domain::{ErrorKind, Service};
    use tokio::time::Instant;

    use super::*;
    use crate::script::{
        Cloud, LATENCY, State, Told, ask, cluster_arn, error, fail, service, service_arn,
    };

    fn fill(state: &mut State, services: usize) {
        for n in 0..services {
            let arn = service_arn(format_args!("s{n:04}"));
            state.services.insert(arn.clone(), service(&arn, 1));
        }
    }

    fn all_services() -> Query {
        Query::Services {
            cluster: cluster_arn(),
        }
    }

    fn given(told: &Told) -> BTreeSet<Arn> {
        let parts = told.answers.iter().filter_map(|answer| match answer {
            Answer::Services { services, .. } => Some(services.as_slice()),
            _ => None,
        });
        parts
            .flatten()
            .map(|service: &Service| service.arn.clone())
            .collect()
    }

    fn listed(told: &Told) -> Option<BTreeSet<Arn>> {
        told.answers.iter().find_map(|answer| match answer {
            Answer::ServiceList(all) => Some(all.clone()),
            _ => None,
        })
    }

    #[tokio::test(start_paused = true)]
    async fn calls_follow_the_batching_formula() {
        for n in [0_usize, 1, 10, 11, 100, 101, 250, 1_200] {
            let cloud = Cloud::with(|state| fill(state, n));
            let told = ask(&cloud, all_services()).await;
            assert_eq!(told.result, Ok(()));
            assert_eq!(
                cloud.count("list_services"),
                n.div_ceil(100).max(1),
                "{n} services"
            );
            assert_eq!(
                cloud.count("describe_services"),
                n.div_ceil(10),
                "{n} services"
            );
            assert_eq!((given(&told).len(), listed(&told).unwrap().len()), (n, n));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn small_and_empty_pages_cost_no_further_describe_calls() {
        let cloud = Cloud::with(|state| {
            fill(state, 25);
            state.page = Some(7);
            state.empty_pages = true;
        });
        let told = ask(&cloud, all_services()).await;
        assert_eq!((told.result.clone(), given(&told).len()), (Ok(()), 25));
        assert_eq!(
            (
                cloud.count("list_services"),
                cloud.count("describe_services")
            ),
            (8, 3)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_services_come_after_two_rounds() {
        let cloud = Cloud::with(|state| fill(state, 60));
        let start = Instant::now();
        ask(&cloud, all_services()).await;
        assert_eq!(start.elapsed(), 2 * LATENCY);
    }

    #[tokio::test(start_paused = true)]
    async fn a_listing_that_goes_round_ends_with_an_error_and_is_not_complete() {
        let cloud = Cloud::with(|state| state.circle = true);
        let told = ask(&cloud, all_services()).await;
        assert_eq!(told.result.clone().unwrap_err().kind, ErrorKind::Malformed);
        assert_eq!(listed(&told), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_listing_that_fails_midway_gives_what_it_has_and_is_not_complete() {
        let cloud = Cloud::with(|state| {
            fill(state, 150);
            state.broken = vec![("list_services", "100".to_owned(), error(ErrorKind::Server))];
        });
        let told = ask(&cloud, all_services()).await;
        assert_eq!(told.result, Err(error(ErrorKind::Server)));
        assert_eq!((given(&told).len(), listed(&told)), (100, None));
        assert_eq!(
            cloud.count("list_services"),
            4,
            "one page, and three tries for the next"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_that_fails_leaves_the_others() {
        let cloud = Cloud::with(|state| {
            fill(state, 30);
            let broken = (
                "describe_services",
                "s0015".to_owned(),
                error(ErrorKind::Invalid),
            );
            state.broken = vec![broken];
        });
        let told = ask(&cloud, all_services()).await;
        assert_eq!(told.result, Err(error(ErrorKind::Invalid)));
        assert_eq!((given(&told).len(), listed(&told).unwrap().len()), (20, 30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_call_is_tried_again() {
        let cloud = Cloud::with(|state| {
            fill(state, 5);
            fail(state, "list_services", &[ErrorKind::Throttled]);
            fail(
                state,
                "describe_services",
                &[ErrorKind::Throttled, ErrorKind::Throttled],
            );
        });
        let told = ask(&cloud, all_services()).await;
        assert_eq!((told.result.clone(), given(&told).len()), (Ok(()), 5));
        assert_eq!(
            (
                cloud.count("list_services"),
                cloud.count("describe_services")
            ),
            (2, 3)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn expired_credentials_stop_everything_at_once() {
        let cloud = Cloud::with(|state| {
            fill(state, 1_200);
            let expired = error(ErrorKind::Expired);
            state.broken = vec![("describe_services", String::new(), expired)];
        });
        let told = ask(&cloud, all_services()).await;
        assert_eq!(told.result, Err(error(ErrorKind::Expired)));
        assert_eq!(
            listed(&told),
            None,
            "a listing that was left is not complete"
        );
        assert!(cloud.count("describe_services") <= crate::read::reading::AT_ONCE);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_watched_is_described_and_not_listed() {
        let cloud = Cloud::with(|state| fill(state, 11));
        let mut services: Vec<_> = cloud.state().services.keys().cloned().collect();
        let gone = service_arn("gone");
        services.push(gone.clone());
        let told = ask(
            &cloud,
            Query::Watched {
                cluster: cluster_arn(),
                services,
            },
        )
        .await;
        assert_eq!(
            (
                cloud.count("list_services"),
                cloud.count("describe_services")
            ),
            (0, 2)
        );
        let failed = told.answers.iter().any(|answer| match answer {
            Answer::Services { failures, .. } => failures
                .iter()
                .any(|failure| failure.arn == gone && failure.reason == "MISSING"),
            _ => false,
        });
        assert!(failed, "a failure in a reply of 200 is passed on");
        assert_eq!(
            (told.result.clone(), given(&told).len(), listed(&told)),
            (Ok(()), 11, None)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_watched_calls_nothing() {
        let cloud = Cloud::with(|_| {});
        let told = ask(
            &cloud,
            Query::Watched {
                cluster: cluster_arn(),
                services: vec![],
            },
        )
        .await;
        assert_eq!(
            (told.result, told.answers, cloud.state().calls.len()),
            (Ok(()), vec![], 0)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_of_which_nothing_is_said_is_not_taken_for_gone() {
        let cloud = Cloud::with(|state| {
            fill(state, 3);
            state.silent = vec![service_arn("s0001")];
        });
        let told = ask(&cloud, all_services()).await;
        let error = told.result.clone().unwrap_err();
        assert_eq!(error.operation, "ecs:DescribeServices");
        assert!(error.message.contains("s0001"), "{error}");
        assert_eq!(given(&told).len(), 2, "the others are given");
    }
}
