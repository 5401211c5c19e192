//! The writes of the last days that the journal says have ended, for a timeline and for who set a count.

use crate::act::{Goal, History, Record, State};
use crate::app::model::past_action::PastAction;
use crate::diagnose::CountSet;
use crate::domain::{Arn, Time};
use crate::text::Clean;

/// Older ones are left out, in seconds: 7 days.
const OLDEST: i64 = 7 * 86_400;
/// So many are kept, at most: the newest.
const MOST: usize = 500;

/// The writes to an account's region that have ended, oldest first.
pub fn past_actions(history: &History, account: &str, region: &str, now: Time) -> Vec<PastAction> {
    let here = |record: &&Record| {
        record.target.account.as_str() == account && record.target.region.as_str() == region
    };
    let mut actions: Vec<PastAction> = history
        .records()
        .iter()
        .filter(here)
        .filter_map(past_action)
        .filter(|action| now.duration_since(action.at).as_secs() < OLDEST)
        .collect();
    actions.sort_by_key(|action| action.at);
    let surplus = actions.len().saturating_sub(MOST);
    actions.drain(..surplus);
    actions
}

/// None while it has not ended.
fn past_action(record: &Record) -> Option<PastAction> {
    let ended = record.ended.as_ref()?;
    let changes: Vec<String> = record
        .changes
        .iter()
        .map(|change| format!("{} \u{2192} {}", change.before, change.after))
        .collect();
    let detail = ended.detail.as_ref();
    let detail = detail.map(|detail| format!(" \u{2014} {detail}"));
    let who = record.who.os_user.as_ref().unwrap_or(&record.who.arn);
    Some(PastAction {
        id: record.id.clone(),
        verb: record
            .verb
            .known()
            .map(|verb| Goal::effect(record.goals(), verb)),
        by: Clean::new(who.rsplit('/').next().unwrap_or(who)),
        own: false,
        undoable: record.steps.iter().all(|step| {
            let goal = step.goal.as_ref();
            goal.is_some_and(|goal| goal.lasting().is_none())
        }),
        at: ended.at,
        subject: record.target.subject.clone(),
        text: Clean::new(&format!(
            "{} {} {}: {}{}, by {who}",
            record.verb,
            record.target.subject.name(),
            changes.join(", "),
            ended.outcome,
            detail.unwrap_or_default(),
        )),
        good: matches!(record.state(), State::Done | State::Undone),
        count: record.count().map(|change| CountSet {
            at: ended.at,
            by: Some(Arn::new(who)),
            before: change.before.clone(),
            after: change.after.clone(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::history::{Author, Entry, Sent};
    use crate::act::sample::decider;
    use crate::act::{Outcome, scale};
    use crate::diagnose::sample::service;

    #[test]
    fn what_has_ended_in_this_account_and_region_is_there_with_who_did_it() {
        let scale = scale(decider(), &service("web"), "5").unwrap();
        let who = Author {
            os_user: Some(Clean::new("ann")),
            ..Author::of(&Arn::new("arn:aws:sts::1:assumed-role/OnCall/ann"))
        };
        let begun = Entry::intent(&scale, who.clone());
        let ended = Entry::outcome(&scale, who, scale.at, &Outcome::Done, &Sent::default());
        let (account, region) = (&scale.target.account, &scale.target.region);
        let open = History::of(std::slice::from_ref(&begun));
        assert_eq!(past_actions(&open, account, region, scale.at), []);
        let history = History::of(&[begun, ended]);
        let actions = past_actions(&history, account, region, scale.at);
        assert_eq!(actions.len(), 1);
        let text = actions[0].text.as_str();
        assert!(
            text.starts_with("scale ") && text.ends_with(": done, by ann"),
            "{text}"
        );
        assert!(actions[0].good && actions[0].id == scale.id);
        let count = actions[0].count.as_ref().unwrap();
        assert_eq!(count.by.as_ref().unwrap().name(), "ann");
        assert_eq!(
            (&count.before, &count.after),
            (&scale.changes[0].before, &scale.changes[0].after)
        );
        assert_eq!(past_actions(&history, "000000000000", region, scale.at), []);
        let later = scale.at + std::time::Duration::from_secs(8 * 86_400);
        assert_eq!(past_actions(&history, account, region, later), []);
    }
}
