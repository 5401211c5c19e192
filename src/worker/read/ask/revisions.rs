//! The newest revisions of a family, deregistered ones among them, each with what it is.
//!
//! One that could not be read is in the list with the reason: a person chooses, and has to know that it is there.

use std::cmp::Reverse;

use ecsdeck_core::domain::ListedRevision;
use ecsdeck_core::text::Clean;
use futures_util::stream::{StreamExt, TryStreamExt, iter};

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};
use crate::read::pages::each_page;
use crate::read::reading::AT_ONCE;

/// Revisions that are looked at: each costs a call.
const NEWEST: usize = 10;

pub(super) async fn read<R: Reads>(
    caller: &Caller<R>,
    family: &Clean,
) -> Reply<Vec<ListedRevision>> {
    let reads = &caller.reads;
    let mut listed = Vec::new();
    for active in [true, false] {
        let mut names = Vec::new();
        each_page(
            "ecs:ListTaskDefinitions",
            |page| {
                caller.call(Api::Ecs, move || {
                    reads.list_task_definitions(family, active, page.clone())
                })
            },
            |page| {
                names.extend(page);
                names.len() < NEWEST
            },
        )
        .await?;
        listed.extend(names.into_iter().map(|arn| (arn, active)));
    }
    listed.sort_by_key(|(arn, _)| Reverse(arn.revision()));
    listed.truncate(NEWEST);
    let read = iter(listed).map(|(arn, active)| async move {
        let call = || caller.reads.describe_task_definition(&arn);
        let definition = match caller.call(Api::Ecs, call).await {
            Err(error) if error.is_about_credentials() => return Err(error),
            other => other,
        };
        Ok(ListedRevision {
            arn,
            active,
            definition,
        })
    });
    read.buffered(AT_ONCE).try_collect().await
}
