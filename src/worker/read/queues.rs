//! Queue depths: names to URLs, attributes of each, then of the dead-letter queues.
//!
//! The answer is whole or does not come. A queue that cannot be read is told
//! by name, and the others are given all the same.

use std::collections::{BTreeMap, BTreeSet};

use ecsdeck_core::app::Answer;
use ecsdeck_core::domain::{Arn, CloudError, ErrorKind, Queue, QueueDepth};
use ecsdeck_core::text::Clean;
use futures_util::stream::{StreamExt, iter};

use crate::pace::Api;
use crate::ports::{Reads, Reply};

use super::pages::each_page;
use super::reading::{AT_ONCE, Reading};

/// A queue to read.
struct Asked {
    /// As it was wanted; a queue that was only listed goes by its name.
    name: Clean,
    url: Clean,
    wanted: bool,
}

/// What came of it so far.
#[derive(Default)]
struct Found {
    queues: Vec<Queue>,
    missing: Vec<Clean>,
    failed: Vec<(Clean, CloudError)>,
}

pub(super) async fn read<R: Reads>(reading: &Reading<R>, wanted: &[Clean], list: u32) -> Reply<()> {
    let mut found = Found::default();
    let (wanted, listed) = tokio::join!(resolve(reading, wanted, &mut found), urls(reading, list));
    let mut asked = wanted?;
    let listing = match listed {
        Ok(urls) => {
            asked.extend(urls.into_iter().map(|url| Asked {
                name: name_of(&url),
                url,
                wanted: false,
            }));
            Ok(())
        }
        // A role that may not list may well read the queues that a deck names.
        Err(error) if error.kind == ErrorKind::Denied => Err(error),
        Err(error) => return Err(error),
    };
    let mut seen = BTreeSet::new();
    asked.retain(|asked| seen.insert(asked.url.clone()));
    attributes(reading, asked, &mut found).await?;
    dead_letters(reading, &mut found).await?;
    let Found {
        queues,
        missing,
        failed,
    } = found;
    reading
        .tell(Answer::Queues {
            queues,
            missing,
            failed,
        })
        .await;
    listing
}

/// Finds the URLs of the wanted queues, in their order.
async fn resolve<R: Reads>(
    reading: &Reading<R>,
    wanted: &[Clean],
    found: &mut Found,
) -> Reply<Vec<Asked>> {
    let mut asked = Vec::new();
    let replies = iter(wanted.to_vec())
        .map(|name| async move {
            let reply = reading.urls.of(&reading.caller, &name).await;
            (name, reply)
        })
        .buffered(AT_ONCE);
    tokio::pin!(replies);
    while let Some((name, reply)) = replies.next().await {
        match reply {
            Ok(url) => asked.push(Asked {
                name,
                url,
                wanted: true,
            }),
            Err(error) if error.is_about_credentials() => return Err(error),
            Err(error) if error.kind == ErrorKind::NotFound => found.missing.push(name),
            Err(error) => found.failed.push((name, error)),
        }
    }
    Ok(asked)
}

/// Lists up to `most` queues.
async fn urls<R: Reads>(reading: &Reading<R>, most: u32) -> Reply<Vec<Clean>> {
    let caller = &reading.caller;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut urls = Vec::new();
    if most > 0 {
        each_page(
            "sqs:ListQueues",
            |page| caller.call(Api::Sqs, move || caller.reads.list_queues(page.clone())),
            |page| {
                urls.extend(page);
                urls.len() < most
            },
        )
        .await?;
    }
    urls.truncate(most);
    Ok(urls)
}

/// Reads the attributes of each queue, in order.
async fn attributes<R: Reads>(
    reading: &Reading<R>,
    asked: Vec<Asked>,
    found: &mut Found,
) -> Reply<()> {
    let caller = &reading.caller;
    let replies = iter(asked)
        .map(|asked| async move {
            let reply = caller
                .call(Api::Sqs, || caller.reads.queue(&asked.url))
                .await;
            (asked, reply)
        })
        .buffered(AT_ONCE);
    tokio::pin!(replies);
    while let Some((asked, reply)) = replies.next().await {
        match reply {
            Ok(queue) => found.queues.push(queue),
            Err(error) if error.is_about_credentials() => return Err(error),
            Err(error) if error.kind == ErrorKind::NotFound => {
                reading.urls.forget(&asked.url);
                // One that was only listed was deleted since, and nobody misses it.
                if asked.wanted {
                    found.missing.push(asked.name);
                }
            }
            Err(error) => found.failed.push((asked.name, error)),
        }
    }
    Ok(())
}

/// Fills in the depths of the dead-letter queues. One that was read already is not read again,
/// and one that several queues share is read once.
async fn dead_letters<R: Reads>(reading: &Reading<R>, found: &mut Found) -> Reply<()> {
    let mut depths: BTreeMap<Arn, QueueDepth> = found
        .queues
        .iter()
        .map(|queue| (queue.arn.clone(), queue.depth))
        .collect();
    let letters = found
        .queues
        .iter()
        .filter_map(|queue| queue.dead_letter.as_ref());
    let unread: BTreeSet<Arn> = letters
        .map(|letter| letter.arn.clone())
        .filter(|arn| !depths.contains_key(arn))
        .collect();
    let caller = &reading.caller;
    let replies = iter(unread)
        .map(|arn| async move {
            let name = Clean::new(arn.name());
            let reply = match reading.urls.of(&reading.caller, &name).await {
                Ok(url) => caller.call(Api::Sqs, || caller.reads.queue(&url)).await,
                Err(error) => Err(error),
            };
            (arn, name, reply)
        })
        .buffered(AT_ONCE);
    tokio::pin!(replies);
    while let Some((arn, name, reply)) = replies.next().await {
        match reply {
            Ok(queue) => {
                depths.insert(arn, queue.depth);
            }
            Err(error) if error.is_about_credentials() => return Err(error),
            // A policy may name a queue that is gone: its depth stays unknown.
            Err(error) if error.kind == ErrorKind::NotFound => {}
            Err(error) => found.failed.push((name, error)),
        }
    }
    for letter in found
        .queues
        .iter_mut()
        .filter_map(|queue| queue.dead_letter.as_mut())
    {
        letter.depth = depths.get(&letter.arn).copied();
    }
    Ok(())
}

/// A queue's name: the last part of its URL.
fn name_of(url: &Clean) -> Clean {
    Clean::new(url.rsplit('/').next().unwrap_or(url))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ecsdeck_core::app::Query;

    use super::*;
    use crate::script::{Cloud, Console, State, Told, ask, error, fail, queue};

    fn fill(state: &mut State, queues: &[Queue]) {
        for queue in queues {
            state.queues.insert(queue.name.clone(), queue.clone());
        }
    }

    fn two_queues() -> Arc<Cloud> {
        let (gpu, dead) = (
            queue("gpu", 5, Some("gpu-dead")),
            queue("gpu-dead", 2, None),
        );
        Cloud::with(|state| fill(state, &[gpu, dead]))
    }

    fn wanted(names: &[&str], list: u32) -> Query {
        Query::Queues {
            wanted: names.iter().map(|name| Clean::new(name)).collect(),
            list,
        }
    }

    fn answer(told: Told) -> Found {
        match <[Answer; 1]>::try_from(told.answers).unwrap() {
            [
                Answer::Queues {
                    queues,
                    missing,
                    failed,
                },
            ] => Found {
                queues,
                missing,
                failed,
            },
            other => panic!("{other:?}"),
        }
    }

    fn dead_letters_of(found: &Found) -> Option<u64> {
        found
            .queues
            .first()?
            .dead_letter
            .as_ref()?
            .depth
            .map(|depth| depth.visible)
    }

    #[tokio::test(start_paused = true)]
    async fn the_dead_letter_queues_depth_is_read_as_well() {
        let cloud = two_queues();
        let found = answer(ask(&cloud, wanted(&["gpu"], 0)).await);
        assert_eq!((found.queues.len(), dead_letters_of(&found)), (1, Some(2)));
        assert_eq!((cloud.count("queue_url"), cloud.count("queue")), (2, 2));
        assert_eq!(cloud.count("list_queues"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_letter_queue_that_is_in_the_list_is_not_read_twice() {
        let cloud = two_queues();
        let found = answer(ask(&cloud, wanted(&["gpu"], 10)).await);
        assert_eq!((found.queues.len(), dead_letters_of(&found)), (2, Some(2)));
        assert_eq!((cloud.count("queue_url"), cloud.count("queue")), (1, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_is_not_there_is_missing_by_the_name_that_was_wanted() {
        let cloud = two_queues();
        let url = "https://sqs.us-east-1.amazonaws.com/123456789012/old";
        let found = answer(ask(&cloud, wanted(&["nowhere", url, "gpu"], 0)).await);
        assert_eq!(found.missing, ["nowhere", url]);
        assert_eq!((found.queues.len(), found.failed.len()), (1, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_cannot_be_read_leaves_the_others() {
        let cloud = two_queues();
        cloud.state().broken = vec![("queue", "gpu-dead".to_owned(), error(ErrorKind::Denied))];
        let told = ask(&cloud, wanted(&["gpu-dead", "gpu"], 0)).await;
        assert_eq!(told.result, Ok(()));
        let found = answer(told);
        assert_eq!(found.queues.len(), 1);
        assert_eq!(found.failed.first().unwrap().0, "gpu-dead");
    }

    #[tokio::test(start_paused = true)]
    async fn a_role_that_may_not_list_still_sees_the_queues_of_its_deck() {
        let cloud = two_queues();
        fail(&mut cloud.state(), "list_queues", &[ErrorKind::Denied]);
        let told = ask(&cloud, wanted(&["gpu"], 10)).await;
        assert_eq!(told.result, Err(error(ErrorKind::Denied)));
        assert_eq!(answer(told).queues.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_listing_that_fails_for_now_gives_no_part_as_the_whole() {
        let cloud = two_queues();
        fail(&mut cloud.state(), "list_queues", &[ErrorKind::Server; 3]);
        let told = ask(&cloud, wanted(&["gpu"], 10)).await;
        assert_eq!(
            (told.result, told.answers),
            (Err(error(ErrorKind::Server)), vec![])
        );
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_queues_are_listed_than_wanted() {
        let queues: Vec<_> = (0..9).map(|n| queue(&format!("q{n}"), 0, None)).collect();
        let cloud = Cloud::with(|state| {
            fill(state, &queues);
            state.page = Some(2);
        });
        let found = answer(ask(&cloud, wanted(&[], 3)).await);
        assert_eq!((found.queues.len(), cloud.count("list_queues")), (3, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn urls_are_asked_for_once_until_the_credentials_are_renewed() {
        let cloud = two_queues();
        let mut console = Console::start(&cloud, None, None, 64);
        for request in 1..=2 {
            console.read(request, wanted(&["gpu"], 0)).await;
            console.until_end(request).await;
        }
        assert_eq!((cloud.count("queue_url"), cloud.count("queue")), (2, 4));
        console
            .send(ecsdeck_core::app::WorkerEffect::RenewCredentials)
            .await;
        console.read(3, wanted(&["gpu"], 0)).await;
        console.until_end(3).await;
        assert_eq!((cloud.count("renew"), cloud.count("queue_url")), (1, 4));
    }
}
