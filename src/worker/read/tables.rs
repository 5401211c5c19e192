//! The names of the tables.

use ecsdeck_core::app::Answer;

use crate::pace::Api;
use crate::ports::{Reads, Reply};

use super::pages::each_page;
use super::reading::Reading;

pub(super) async fn read<R: Reads>(reading: &Reading<R>) -> Reply<()> {
    let caller = &reading.caller;
    let mut tables = Vec::new();
    each_page(
        "dynamodb:ListTables",
        |page| {
            caller.call(Api::DynamoDb, move || {
                caller.reads.list_tables(page.clone())
            })
        },
        |page| {
            tables.extend(page);
            true
        },
    )
    .await?;
    reading.tell(Answer::Tables(tables)).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::app::Query;
    use ecsdeck_core::text::Clean;

    use super::*;
    use crate::script::{Cloud, ask};

    #[tokio::test(start_paused = true)]
    async fn the_names_of_all_pages_come_at_once() {
        let tables: Vec<_> = (0..5).map(|n| Clean::own(format!("table{n}"))).collect();
        let cloud = Cloud::with(|state| {
            state.tables.clone_from(&tables);
            state.page = Some(2);
        });
        let told = ask(&cloud, Query::Tables).await;
        assert_eq!(
            (told.result, told.answers),
            (Ok(()), vec![Answer::Tables(tables)])
        );
        assert_eq!(cloud.count("list_tables"), 3);
    }
}
