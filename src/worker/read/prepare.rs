//! What an action needs before it can be proposed: everything at once, or an error.

use ecsdeck_core::act::Look;
use ecsdeck_core::app::{Answer, Prepared};
use ecsdeck_core::domain::Arn;

use super::reading::Reading;
use crate::act::looked_at;
use crate::pace::Api;
use crate::ports::{Reads, Reply};

pub(super) async fn read<R: Reads>(
    reading: &Reading<R>,
    looks: &[Look],
    document: Option<&Arn>,
) -> Reply<()> {
    let caller = &*reading.caller;
    let seen = looked_at(caller, looks).await?;
    let document = match document {
        Some(revision) => {
            let call = || caller.reads.definition_document(revision);
            Some(caller.call(Api::Ecs, call).await?)
        }
        None => None,
    };
    let prepared = Prepared { seen, document };
    reading.tell(Answer::Prepared(Box::new(prepared))).await;
    Ok(())
}
