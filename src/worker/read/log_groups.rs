//! The names of the account's log groups, for choosing among them.

use ecsdeck_core::app::Answer;
use ecsdeck_core::text::Clean;

use crate::pace::Api;
use crate::ports::{Reads, Reply};

use super::pages::each_page;
use super::reading::Reading;

/// Pages that are read: CloudWatch gives fifty names on each.
const PAGES: usize = 20;

/// Tells the names page by page, and that there are more where they are too many.
pub(super) async fn read<R: Reads>(reading: &Reading<R>) -> Reply<()> {
    let caller = &reading.caller;
    let reads = &caller.reads;
    let all = Clean::default();
    let (mut names, mut pages) = (Vec::new(), 0);
    let whole = each_page(
        "logs:DescribeLogGroups",
        |page| {
            let all = &all;
            caller.call(Api::Logs, move || reads.log_groups(all, None, page.clone()))
        },
        |page| {
            names.extend(page);
            pages += 1;
            pages < PAGES
        },
    )
    .await?;
    reading.tell(Answer::LogGroups { names, whole }).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::app::Query;

    use super::*;
    use crate::script::{Cloud, ask};

    #[tokio::test(start_paused = true)]
    async fn every_page_is_read_up_to_a_thousand_names() {
        for (groups, told, is_whole) in [(0, 0, true), (70, 70, true), (1_200, 1_000, false)] {
            let cloud = Cloud::with(|state| {
                let names = (0..groups).map(|n| Clean::new(&format!("/g/{n}")));
                state.names = names.collect();
            });
            let answers = ask(&cloud, Query::LogGroups).await.answers;
            let [Answer::LogGroups { names, whole }] = answers.as_slice() else {
                panic!("{answers:?}")
            };
            assert_eq!((names.len(), *whole), (told, is_whole));
        }
    }
}
