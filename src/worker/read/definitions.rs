//! Task definitions, one call each.
//!
//! What AWS says of one revision (it is not there, it may not be seen) is told
//! of that revision. A failure that will pass ends the reading with an error,
//! so that the revision is asked for again.

use ecsdeck_core::app::Answer;
use ecsdeck_core::domain::{Arn, ErrorKind};
use futures_util::stream::{StreamExt, iter};

use crate::pace::Api;
use crate::ports::{Reads, Reply};

use super::batches::FirstError;
use super::reading::{AT_ONCE, Reading};

pub(super) async fn read<R: Reads>(reading: &Reading<R>, revisions: &[Arn]) -> Reply<()> {
    let caller = &reading.caller;
    let first = FirstError::default();
    let replies = iter(revisions.to_vec())
        .map(|revision| async move {
            let call = || caller.reads.describe_task_definition(&revision);
            let reply = caller.call(Api::Ecs, call).await;
            (revision, reply)
        })
        .buffer_unordered(AT_ONCE);
    tokio::pin!(replies);
    while let Some((revision, reply)) = replies.next().await {
        match reply {
            Ok(definition) => reading.tell(Answer::Definition(Box::new(definition))).await,
            Err(error) => match error.kind {
                ErrorKind::NotFound | ErrorKind::Invalid | ErrorKind::Denied => {
                    reading.tell(Answer::NoDefinition(revision, error)).await;
                }
                _ => first.keep(error),
            },
        }
        if first.is_hopeless() {
            break;
        }
    }
    first.into_result()
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::app::Query;

    use super::*;
    use crate::script::{Cloud, ask, error};

    #[tokio::test(start_paused = true)]
    async fn a_revision_that_is_not_there_is_told_and_leaves_the_others() {
        let cloud = Cloud::with(|state| {
            let broken = (
                "describe_task_definition",
                "web:2".to_owned(),
                error(ErrorKind::NotFound),
            );
            state.broken = vec![broken];
        });
        let revisions = vec![Arn::new("web:1"), Arn::new("web:2"), Arn::new("web:3")];
        let told = ask(&cloud, Query::Definitions { revisions }).await;
        let read = |answer: &Answer| match answer {
            Answer::Definition(definition) => (definition.arn.to_string(), true),
            Answer::NoDefinition(arn, _) => (arn.to_string(), false),
            other => panic!("{other:?}"),
        };
        let mut all: Vec<_> = told.answers.iter().map(read).collect();
        all.sort();
        let expected = [("web:1", true), ("web:2", false), ("web:3", true)];
        assert_eq!(all, expected.map(|(arn, there)| (arn.to_owned(), there)));
        assert_eq!(told.result, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_that_will_pass_ends_with_an_error() {
        let cloud = Cloud::with(|state| {
            let broken = (
                "describe_task_definition",
                String::new(),
                error(ErrorKind::Unreachable),
            );
            state.broken = vec![broken];
        });
        let told = ask(
            &cloud,
            Query::Definitions {
                revisions: vec![Arn::new("web:1")],
            },
        )
        .await;
        assert_eq!(
            (told.answers, told.result),
            (vec![], Err(error(ErrorKind::Unreachable)))
        );
    }
}
