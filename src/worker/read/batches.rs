//! Describing what a listing names, in batches as large as the API takes, while the listing goes on.

use std::collections::HashSet;
use std::future::Future;
use std::sync::OnceLock;

use ecsdeck_core::domain::{Arn, CloudError, ErrorKind};
use ecsdeck_core::text::Clean;
use futures_util::stream::{Stream, StreamExt, unfold};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::ports::{Described, Reply};

use super::reading::AT_ONCE;

/// The first error of a reading whose other calls go on.
#[derive(Debug, Default)]
pub(super) struct FirstError(OnceLock<CloudError>);

impl FirstError {
    /// Keeps an error, unless there is one already.
    pub(super) fn keep(&self, error: CloudError) {
        // The later one is dropped: the first is the one that says what happened.
        let _ = self.0.set(error);
    }

    /// Keeps the error of something whose other parts are of use.
    pub(super) fn keep_error(&self, part: Reply<()>) {
        if let Err(error) = part {
            self.keep(error);
        }
    }

    /// Whether a listing was read to its end; its error is kept.
    pub(super) fn complete(&self, listing: Reply<bool>) -> bool {
        listing.unwrap_or_else(|error| {
            self.keep(error);
            false
        })
    }

    /// Whether every other call would fail in the same way.
    pub(super) fn is_hopeless(&self) -> bool {
        self.0.get().is_some_and(CloudError::is_about_credentials)
    }

    /// How the reading ended.
    pub(super) fn into_result(self) -> Reply<()> {
        self.0.into_inner().map_or(Ok(()), Err)
    }
}

/// Makes batches of exactly `size` out of pages of names as they come, and one of the rest at the
/// end. A name that comes twice (a task that stops between two listings) is in one batch only.
pub(super) fn batches(
    pages: UnboundedReceiver<Vec<Arn>>,
    size: usize,
) -> impl Stream<Item = Vec<Arn>> {
    struct State {
        pages: UnboundedReceiver<Vec<Arn>>,
        waiting: Vec<Arn>,
        seen: HashSet<Arn>,
    }
    let start = State {
        pages,
        waiting: Vec::new(),
        seen: HashSet::new(),
    };
    unfold(start, move |mut state| async move {
        while state.waiting.len() < size {
            match state.pages.recv().await {
                Some(page) => {
                    let State { waiting, seen, .. } = &mut state;
                    waiting.extend(page.into_iter().filter(|name| seen.insert(name.clone())));
                }
                None if state.waiting.is_empty() => return None,
                None => break,
            }
        }
        let rest = state.waiting.split_off(size.min(state.waiting.len()));
        let batch = std::mem::replace(&mut state.waiting, rest);
        Some((batch, state))
    })
}

/// Whether AWS said something of each name: an item, or a failure with its reason. What it passes over in silence
/// is not known, and must not look as if it were not there.
///
/// # Errors
/// Malformed, with a name of which nothing was said.
pub(super) fn answered<T>(
    operation: &'static str,
    asked: &[Arn],
    described: &Described<T>,
    arn: impl Fn(&T) -> &Arn,
) -> Reply<()> {
    let items = described.items.iter().map(|item| arn(item).name());
    let failures = described.failures.iter().map(|failure| failure.arn.name());
    let told: HashSet<&str> = items.chain(failures).collect();
    match asked.iter().find(|asked| !told.contains(asked.name())) {
        None => Ok(()),
        Some(asked) => {
            let words = format!("the response lacks {}", asked.name());
            Err(CloudError::new(
                operation,
                ErrorKind::Malformed,
                Clean::own(words),
            ))
        }
    }
}

/// Describes every batch, several at once, and gives each reply to `give` as it comes. An error
/// is kept in `first`, and the other batches go on unless that is hopeless.
pub(super) async fn describe<T, D, DFut, G, GFut>(
    batches: impl Stream<Item = Vec<Arn>>,
    first: &FirstError,
    describe: D,
    mut give: G,
) where
    D: FnMut(Vec<Arn>) -> DFut,
    DFut: Future<Output = Reply<T>>,
    G: FnMut(T) -> GFut,
    GFut: Future<Output = ()>,
{
    let replies = batches.map(describe).buffer_unordered(AT_ONCE);
    tokio::pin!(replies);
    while let Some(reply) = replies.next().await {
        match reply {
            Ok(described) => give(described).await,
            Err(error) => first.keep(error),
        }
        if first.is_hopeless() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    fn names(range: std::ops::Range<u32>) -> Vec<Arn> {
        range.map(|n| Arn::new(&format!("n{n}"))).collect()
    }

    async fn sizes(pages: Vec<Vec<Arn>>, size: usize) -> Vec<usize> {
        let (sender, receiver) = unbounded_channel();
        for page in pages {
            sender.send(page).unwrap();
        }
        drop(sender);
        batches(receiver, size)
            .map(|batch| batch.len())
            .collect()
            .await
    }

    #[tokio::test]
    async fn batches_are_full_but_for_the_last() {
        assert_eq!(
            sizes(vec![names(0..100), names(100..125)], 10).await,
            [[10; 12].as_slice(), &[5]].concat()
        );
        assert_eq!(
            sizes(vec![names(0..60), names(60..120), names(120..130)], 100).await,
            [100, 30]
        );
        assert_eq!(sizes(vec![names(0..100)], 100).await, [100]);
    }

    #[tokio::test]
    async fn nothing_listed_makes_no_batch() {
        assert!(sizes(vec![], 100).await.is_empty());
        assert!(sizes(vec![vec![], vec![]], 100).await.is_empty());
    }

    #[tokio::test]
    async fn a_name_that_comes_twice_is_described_once() {
        assert_eq!(sizes(vec![names(0..60), names(50..70)], 100).await, [70]);
    }

    #[tokio::test]
    async fn a_full_batch_does_not_wait_for_the_end_of_the_listing() {
        let (sender, receiver) = unbounded_channel();
        sender.send(names(0..100)).unwrap();
        let batches = batches(receiver, 100);
        tokio::pin!(batches);
        assert_eq!(batches.next().await.unwrap().len(), 100);
    }
}
