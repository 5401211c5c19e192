//! A target group with its targets.

use ecsdeck_core::domain::{Arn, ErrorKind, TargetGroup};
use futures_util::future::join;

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};

pub(super) async fn read<R: Reads>(caller: &Caller<R>, arn: &Arn) -> Reply<Option<TargetGroup>> {
    let reads = &caller.reads;
    let group = caller.call(Api::LoadBalancing, || reads.target_group(arn));
    let targets = caller.call(Api::LoadBalancing, || reads.target_health(arn));
    let (group, targets) = join(group, targets).await;
    let Some(mut group) = group? else {
        return Ok(None);
    };
    group.targets = match targets {
        // It went between the two calls.
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
        targets => targets?,
    };
    Ok(Some(group))
}
