//! Reading for a command without a screen what an action needs: each to its end, with the retries of a reading.

use std::sync::Arc;

use ecsdeck_core::act::{Look, Seen};
use ecsdeck_core::diagnose::{Fact, Question};
use ecsdeck_core::domain::Arn;
use tokio::sync::watch;

use crate::act::looked_at;
use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};
use crate::read::fact;

fn caller<R: Reads>(reads: Arc<R>) -> Caller<R> {
    // Nobody renews credentials under a command.
    Caller::new(reads, watch::channel(false).1)
}

/// Reads what a guard or a goal would look at.
///
/// # Errors
/// The first call that failed.
pub async fn look<R: Reads>(reads: Arc<R>, looks: &[Look]) -> Reply<Seen> {
    looked_at(&caller(reads), looks).await
}

/// Asks a question.
///
/// # Errors
/// The first call that failed.
pub async fn ask<R: Reads>(reads: Arc<R>, question: &Question) -> Reply<Fact> {
    fact(&caller(reads), question, None).await
}

/// Reads a task definition's whole document, tags included. It is not clean: never to be drawn.
///
/// # Errors
/// The call that failed.
pub async fn document<R: Reads>(reads: Arc<R>, revision: &Arn) -> Reply<serde_json::Value> {
    let caller = caller(reads);
    caller
        .call(Api::Ecs, || caller.reads.definition_document(revision))
        .await
}
