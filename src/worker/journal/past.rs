//! The writes of the last days that the journal says have ended, for a timeline.

use ecsdeck_core::act::Change;
use ecsdeck_core::app::PastAction;
use ecsdeck_core::diagnose::CountSet;
use ecsdeck_core::domain::{Arn, Time};
use ecsdeck_core::text::Clean;

use super::{Entry, Journal, Kind};

/// Older ones are not told, in seconds: 7 days.
const OLDEST: i64 = 7 * 86_400;
/// So many are told, at most: the newest.
const MOST: usize = 500;

impl Journal {
    /// The writes to an account's region that have ended, oldest first. A journal that cannot be read has none. Blocks.
    pub(crate) fn past_actions(&self, account: &str, region: &str, now: Time) -> Vec<PastAction> {
        let entries = self
            .read()
            .map(|contents| contents.entries)
            .unwrap_or_default();
        let ended = |entry: &Entry| {
            entry.kind == Kind::Outcome
                && entry.target.account.as_str() == account
                && entry.target.region.as_str() == region
                && now.duration_since(entry.at).as_secs() < OLDEST
        };
        let mut actions: Vec<PastAction> = entries
            .iter()
            .filter(|entry| ended(entry))
            .map(past_action)
            .collect();
        let surplus = actions.len().saturating_sub(MOST);
        actions.drain(..surplus);
        actions
    }
}

fn past_action(entry: &Entry) -> PastAction {
    let changes: Vec<String> = entry
        .changes
        .iter()
        .map(|change| format!("{} \u{2192} {}", change.before, change.after))
        .collect();
    let outcome = entry.outcome.clone().unwrap_or_default();
    let detail = entry
        .detail
        .as_ref()
        .map(|detail| format!(" \u{2014} {detail}"))
        .unwrap_or_default();
    let who = entry.who.os_user.as_ref().unwrap_or(&entry.who.arn);
    PastAction {
        id: entry.id.clone(),
        at: entry.at,
        subject: entry.target.subject.clone(),
        text: Clean::new(&format!(
            "{} {} {}: {outcome}{detail}, by {who}",
            entry.verb,
            entry.target.subject.name(),
            changes.join(", "),
        )),
        good: outcome.as_str() == "done",
        count: Change::of_count(&entry.changes).map(|change| CountSet {
            at: entry.at,
            by: Some(match &entry.who.os_user {
                Some(user) => Arn::new(user),
                None => Arn::new(&entry.who.arn),
            }),
            before: change.before.clone(),
            after: change.after.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::act::Outcome;
    use ecsdeck_core::domain::Arn;

    use super::super::Who;
    use super::super::entry::Sent;
    use super::*;
    use crate::script::intent;

    #[tokio::test]
    async fn what_has_ended_in_this_account_and_region_is_told_with_who_did_it() {
        let folder = tempfile::tempdir().unwrap();
        let who = Who {
            os_user: Some(Clean::new("ann")),
            ..Who::default()
        };
        let journal = Journal::new(folder.path().join("journal.jsonl"), who);
        let scale = intent(5);
        let (account, region) = (scale.target.account.clone(), scale.target.region.clone());
        let caller = Arn::new("arn:aws:sts::1:assumed-role/OnCall/ann");
        journal.intend(&scale, &caller).await.unwrap();
        assert_eq!(journal.past_actions(&account, &region, scale.at), []);
        journal
            .conclude(&scale, &caller, scale.at, &Outcome::Done, &Sent::default())
            .await
            .unwrap();
        let told = journal.past_actions(&account, &region, scale.at);
        assert_eq!(told.len(), 1);
        let text = told[0].text.as_str();
        assert!(
            text.starts_with("scale ") && text.ends_with(": done, by ann"),
            "{text}"
        );
        assert!(told[0].good && told[0].id == scale.id);
        let count = told[0].count.as_ref().unwrap();
        assert_eq!(count.by.as_ref().unwrap().name(), "ann");
        assert_eq!(
            (&count.before, &count.after),
            (&scale.changes[0].before, &scale.changes[0].after)
        );
        assert_eq!(journal.past_actions("000000000000", &region, scale.at), []);
        let later = scale.at + std::time::Duration::from_secs(8 * 86_400);
        assert_eq!(journal.past_actions(&account, &region, later), []);
    }
}
