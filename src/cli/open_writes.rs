//! Writes whose end nobody saw: before anything else is changed they are settled by reading.

use ecsdeck_core::act::Record;

use super::ask::{Asked, journal};
use super::{Failed, say};

/// Finds out what became of earlier writes to this account and region, writes it down and says it.
pub(super) async fn settle(asked: &mut Asked) -> Result<(), Failed> {
    let setup = &asked.model().setup;
    let (region, read_only) = (setup.region.clone(), setup.read_only);
    let Some(journal) = journal(setup.deck_name()).filter(|_| !read_only) else {
        return Ok(());
    };
    // A journal that cannot be read refuses the write itself, with its reason.
    let Ok(contents) = journal.read() else {
        return Ok(());
    };
    for record in contents.history().unsettled_in(&region) {
        one(asked, &journal, record.clone()).await?;
    }
    Ok(())
}

async fn one(
    asked: &mut Asked,
    journal: &ecsdeck_worker::Journal,
    record: Record,
) -> Result<(), Failed> {
    let id = record.id.short().to_owned();
    let name = record.target.subject.name();
    let title = format!("earlier {} {name} ({id})", record.verb);
    let journal = journal.clone();
    let settled = asked
        .read(|aws| async move { ecsdeck_worker::settle(aws, &journal, &record).await })
        .await;
    match settled {
        Ok(Some(settled)) => {
            say(&format!(
                "{title}: {} \u{2014} {}",
                settled.outcome, settled.detail
            ));
            if settled.resend {
                say(&format!(
                    "ecsdeck run --resend {id} sends it again with the same token"
                ));
            }
        }
        Ok(None) => say(&format!("{title}: it may still be under way")),
        Err(Failed::Cloud(error)) => say(&format!("{title}: not settled: {error}")),
        Err(other) => return Err(other),
    }
    Ok(())
}
