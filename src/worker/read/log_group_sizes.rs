//! How much log groups hold: what a query over them costs is told from it.

use ecsdeck_core::app::Answer;
use ecsdeck_core::text::Clean;

use super::reading::Reading;
use crate::pace::Api;
use crate::ports::{Reads, Reply};

/// Looks at one group after the other, until one is not there.
pub(super) async fn read<R: Reads>(
    reading: &Reading<R>,
    names: &[Clean],
    region: Option<&Clean>,
) -> Reply<()> {
    let caller = &reading.caller;
    let (mut groups, mut missing) = (Vec::new(), None);
    for name in names {
        let call = || caller.reads.log_group(name, region);
        match caller.call(Api::Logs, call).await? {
            Some(group) => groups.push(group),
            None => {
                missing = Some(name.clone());
                break;
            }
        }
    }
    reading
        .tell(Answer::LogGroupSizes { groups, missing })
        .await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::app::Query;

    use super::*;
    use crate::script::{Cloud, ask};

    #[tokio::test(start_paused = true)]
    async fn each_group_is_looked_at_until_one_is_not_there() {
        let cloud = Cloud::with(|state| {
            state.names = ["/a", "/c"].map(Clean::new).to_vec();
        });
        let read = async |groups: &[&str]| {
            let groups = groups.iter().map(|name| Clean::new(name)).collect();
            let region = None;
            let told = ask(&cloud, Query::LogGroupSizes { groups, region }).await;
            match told.answers.as_slice() {
                [Answer::LogGroupSizes { groups, missing }] => (groups.len(), missing.clone()),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(read(&["/a", "/c"]).await, (2, None));
        assert_eq!(read(&["/a", "/b", "/c"]).await, (1, Some(Clean::new("/b"))));
        assert_eq!(cloud.count("log_group"), 4);
    }
}
