//! What scales a service: nothing more is asked of a service that nothing scales.

use ecsdeck_core::domain::{Arn, Autoscaling};
use futures_util::future::try_join;

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};
use crate::read::pages::each_page;

pub(super) async fn read<R: Reads>(
    caller: &Caller<R>,
    cluster: &Arn,
    service: &Arn,
) -> Reply<Autoscaling> {
    let reads = &caller.reads;
    let target = caller
        .call(Api::AutoScaling, || reads.scalable_target(cluster, service))
        .await?;
    if target.is_none() {
        return Ok(Autoscaling::default());
    }
    let mut policies = Vec::new();
    let listed = each_page(
        "application-autoscaling:DescribeScalingPolicies",
        |page| {
            caller.call(Api::AutoScaling, move || {
                reads.scaling_policies(cluster, service, page.clone())
            })
        },
        |items| {
            policies.extend(items);
            true
        },
    );
    let activities = caller.call(Api::AutoScaling, || {
        reads.scaling_activities(cluster, service)
    });
    let (_, mut activities) = try_join(listed, activities).await?;
    activities.sort_by_key(|activity| std::cmp::Reverse(activity.started));
    Ok(Autoscaling {
        target,
        policies,
        activities,
    })
}
