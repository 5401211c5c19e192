//! Reading a listing page by page.
//!
//! Only a missing token is the end: a page may be empty though others follow
//! it. A token that comes a second time would lead round in a circle, for ever.

use std::collections::HashSet;
use std::future::Future;

use ecsdeck_core::domain::CloudError;

use crate::ports::{Page, PageToken, Reply};

/// Pages that a listing has at most: far more than any account's, and a bound all the same.
const MOST: usize = 1_000;
/// Empty pages in a row, each with a token to another one, after which there is no progress.
const EMPTY: u32 = 100;

/// The place in a listing.
#[derive(Debug, Default)]
pub(super) struct Pager {
    next: Option<PageToken>,
    seen: HashSet<String>,
    empty: u32,
}

impl Pager {
    /// The token of the page to read now; none for the first.
    pub(super) fn token(&self) -> Option<PageToken> {
        self.next.clone()
    }

    /// Goes on to the next page after one with so many items, and says whether there is one.
    ///
    /// # Errors
    /// Malformed, when the token was seen before, or the listing goes on without an end or without an item.
    pub(super) fn turn(
        &mut self,
        operation: &'static str,
        items: usize,
        next: Option<PageToken>,
    ) -> Reply<bool> {
        self.empty = if items == 0 {
            self.empty.saturating_add(1)
        } else {
            0
        };
        if let Some(token) = &next {
            if !self.seen.insert(token.0.clone()) {
                return Err(CloudError::malformed(
                    operation,
                    "AWS gave the same page token twice",
                ));
            }
            if self.seen.len() >= MOST {
                return Err(CloudError::malformed(
                    operation,
                    "the listing has no end: 1,000 pages were read",
                ));
            }
        }
        if next.is_some() && self.empty >= EMPTY {
            return Err(CloudError::malformed(
                operation,
                "AWS gave 100 empty pages in a row, each with a token to another one",
            ));
        }
        self.next = next;
        Ok(self.next.is_some())
    }
}

/// Reads every page, and gives each to `take`, which says whether to go on. Says whether every
/// page was read: only then is the listing complete.
///
/// # Errors
/// The first page's that could not be read.
pub(super) async fn each_page<T, F, Fut>(
    operation: &'static str,
    mut read: F,
    mut take: impl FnMut(Vec<T>) -> bool,
) -> Reply<bool>
where
    F: FnMut(Option<PageToken>) -> Fut,
    Fut: Future<Output = Reply<Page<T>>>,
{
    let mut pager = Pager::default();
    loop {
        let page = read(pager.token()).await?;
        let items = page.items.len();
        let on = take(page.items);
        if !pager.turn(operation, items, page.next)? {
            return Ok(true);
        }
        if !on {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;

    use super::*;

    /// Reads these pages, round and round, until the reader has had enough.
    async fn read(pages: &[(&[u32], Option<&str>)]) -> (Reply<bool>, Vec<u32>) {
        let mut all = Vec::new();
        let mut pages = pages.iter().cycle();
        let result = each_page(
            "ecs:ListServices",
            |_| {
                let (items, next) = pages.next().unwrap();
                let next = next.map(|token| PageToken(token.to_owned()));
                let page = Page {
                    items: items.to_vec(),
                    next,
                };
                async { Ok(page) }
            },
            |items| {
                all.extend(items);
                true
            },
        )
        .await;
        (result, all)
    }

    #[tokio::test]
    async fn an_empty_page_with_a_token_is_not_the_end() {
        let (result, all) = read(&[(&[], Some("a")), (&[], Some("b")), (&[7], None)]).await;
        assert_eq!((result, all), (Ok(true), vec![7]));
    }

    #[tokio::test]
    async fn a_token_that_comes_again_ends_with_an_error() {
        let (result, all) = read(&[(&[1], Some("a")), (&[2], Some("b"))]).await;
        assert_eq!(result.unwrap_err().kind, ErrorKind::Malformed);
        assert_eq!(
            all,
            [1, 2, 1],
            "the page that brought the old token is read, none after it"
        );
    }

    #[tokio::test]
    async fn a_listing_that_is_left_early_is_not_complete() {
        let page = || Page {
            items: vec![1],
            next: Some(PageToken("more".to_owned())),
        };
        let result = each_page("ecs:ListTasks", |_| async { Ok(page()) }, |_| false).await;
        assert_eq!(result, Ok(false));
    }

    #[tokio::test]
    async fn pages_without_an_item_or_an_end_are_given_up() {
        for (items, most) in [(0, 100), (1, 1_000)] {
            let mut calls: usize = 0;
            let read = |_| {
                calls += 1;
                let next = Some(PageToken(format!("token-{calls}")));
                async move {
                    Ok(Page {
                        items: vec![7; items],
                        next,
                    })
                }
            };
            let error = each_page("ecs:ListServices", read, |_: Vec<u32>| true)
                .await
                .unwrap_err();
            assert_eq!(error.kind, ErrorKind::Malformed);
            assert_eq!(calls, most, "{error}");
        }
    }
}
