//! Finding out, at a later start, what became of a write whose end nobody saw.
//!
//! Only reads are sent. What was found out is written down as a further
//! outcome of the same intent; what cannot be found out yet stays open.

use std::sync::Arc;

use ecsdeck_core::act::{Goal, Look, Made, OutcomeKind, Record, Seen, Settlement};
use ecsdeck_core::text::Clean;
use jiff::SignedDuration;
use tokio::sync::watch;

use super::BY_WHOM;
use super::look::{Patience, look_at};
use crate::call::Caller;
use crate::clock::now;
use crate::journal::Journal;
use crate::ports::{Reads, Reply};

/// Before this long after its decision a write may still be under way, here or in another console:
/// that it does not show yet means nothing. AWS takes a signature for five minutes (source: IAM user guide,
/// "Signature Version 4 request elements"), so a request that was late on its way can still land until then.
const SETTLES_AFTER: SignedDuration = SignedDuration::from_mins(6);
/// For this long after its decision a task that was started can be found: AWS shows stopped ones
/// for an hour (source: ECS API reference, DescribeTasks).
const FINDABLE: SignedDuration = SignedDuration::from_mins(55);

/// What the old values mean, so long after: not that nobody ever set others.
const NOT_NOW: &str = "it was not applied, or it was taken back since";

/// What became of a write.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// Done, failed or unknown.
    pub outcome: OutcomeKind,
    /// Why.
    pub detail: Clean,
    /// It is a run that started nothing, and may be sent again by a person who confirms it
    /// (`ecsdeck_core::act::resend`).
    pub resend: bool,
    /// What was read.
    pub seen: Seen,
}

/// Finds out by reading what became of a write, and writes it down. None as long as it may still
/// be under way.
///
/// # Errors
/// When something could not be read: then nothing is written down.
pub async fn settle<R: Reads>(
    reads: Arc<R>,
    journal: &Journal,
    record: &Record,
) -> Reply<Option<Settled>> {
    let caller = Caller::new(reads, watch::channel(false).1);
    let target = &record.target;
    let identity = caller
        .call(crate::pace::Api::Sts, || caller.reads.identity())
        .await?;
    if identity.account != target.account {
        // What is there now says nothing of what is there.
        return Ok(None);
    }
    let Some(_claim) = journal.claim(&record.id).await else {
        // It is being sent at this moment, or somebody else is settling it.
        return Ok(None);
    };
    // It may have ended since the journal was read.
    let now_known = journal.record(&record.id).await;
    if let Some(known) = now_known.filter(|known| known.state().is_settled()) {
        return Ok(known_already(&known));
    }
    let mut seen = Seen {
        made: record.made.clone(),
        ..Seen::default()
    };
    let goals: Option<Vec<Goal>> = record.steps.iter().map(|step| step.goal.clone()).collect();
    let goals = goals.unwrap_or_default();
    seen.update(look_at(&caller, &looks(&goals, &seen.made), Patience::Again).await?);
    let age = now(&*caller.reads).duration_since(record.at);
    // A revision that was found is told like one that an answer told.
    let revision = goals
        .iter()
        .find_map(|goal| goal.registered(&seen).cloned());
    seen.made.revision = seen.made.revision.take().or(revision);
    let Some((outcome, detail, resend)) = verdict(record, &goals, &seen, age) else {
        return Ok(None);
    };
    let settled = Settled {
        outcome,
        detail: Clean::own(format!("settled by reading: {detail}")),
        resend,
        seen,
    };
    let at = now(&*caller.reads).max(record.at);
    if let Err(error) = journal
        .settle(
            record,
            &identity.arn,
            at,
            &settled.seen.made,
            (settled.outcome, &settled.detail),
        )
        .await
    {
        // It stays open, and is found out again at the next start.
        tracing::error!(%error, "what became of a write is not in the journal");
    }
    Ok(Some(settled))
}

/// What the journal says of a write that has ended by now.
fn known_already(record: &Record) -> Option<Settled> {
    let ended = record.ended.as_ref()?;
    Some(Settled {
        outcome: ended.outcome.known()?,
        detail: ended.detail.clone().unwrap_or_default(),
        resend: false,
        seen: Seen::default(),
    })
}

fn looks(goals: &[Goal], made: &Made) -> Vec<Look> {
    let mut looks: Vec<Look> = goals.iter().flat_map(|goal| goal.looks(made)).collect();
    looks.sort();
    looks.dedup();
    looks
}

/// The outcome, why, and whether it may be sent again.
fn verdict(
    record: &Record,
    goals: &[Goal],
    seen: &Seen,
    age: SignedDuration,
) -> Option<(OutcomeKind, String, bool)> {
    let kind = record.target.subject.kind();
    if goals.is_empty() {
        return Some((
            OutcomeKind::Unknown,
            "this version of ecsdeck cannot find out".to_owned(),
            false,
        ));
    }
    let settlements: Vec<Settlement> = goals.iter().map(|goal| goal.settle(seen)).collect();
    let open = goals
        .iter()
        .zip(&settlements)
        .find(|(_, settlement)| **settlement != Settlement::Applied);
    let Some((goal, settlement)) = open else {
        let certain =
            |(at, goal): (usize, &Goal)| record.accepted.contains(&at) || goal.is_marked(seen);
        let shows = format!("the {kind} shows the new values");
        return Some(if goals.iter().enumerate().all(certain) {
            (OutcomeKind::Done, shows, false)
        } else {
            let words = format!("{shows}, and no answer is on record: {BY_WHOM}");
            (OutcomeKind::AppliedByUnknown, words, false)
        });
    };
    if age < SETTLES_AFTER {
        return None;
    }
    let done = settlements
        .iter()
        .filter(|settlement| **settlement == Settlement::Applied)
        .count();
    let registered = goals
        .iter()
        .position(|goal| goal.registered(seen).is_some());
    let parts = match (registered, done) {
        (Some(at), _) => {
            let words = goals
                .get(at)
                .map(|goal| goal.words(kind, Settlement::Applied, seen));
            let by = if record.accepted.contains(&at) {
                String::new()
            } else {
                format!(" ({BY_WHOM})")
            };
            format!(
                "{}{by}, this service does not use it, and ",
                words.unwrap_or_default()
            )
        }
        (None, 0) => String::new(),
        (None, done) => format!("{done} of {} requests were applied, and ", goals.len()),
    };
    if let Goal::Started { started_by, .. } = goal
        && *settlement == Settlement::NotApplied
    {
        let found = seen.started.get(started_by).map_or(0, |found| found.len());
        // The first request of one that was sent again is older than this one.
        return Some(if age > FINDABLE || record.is_resend() {
            (
                OutcomeKind::Unknown,
                format!("{found} tasks found, but ECS may have forgotten others"),
                false,
            )
        } else if found == 0 {
            (OutcomeKind::Failed, "no task was started".to_owned(), true)
        } else {
            (
                OutcomeKind::Failed,
                format!("only {found} tasks were started"),
                true,
            )
        });
    }
    Some(match settlement {
        Settlement::NotApplied => (
            OutcomeKind::Failed,
            format!("{parts}the {kind} shows the old values: {NOT_NOW}"),
            false,
        ),
        Settlement::Overtaken | Settlement::Gone => (
            OutcomeKind::Unknown,
            goal.words(kind, *settlement, seen),
            false,
        ),
        // Sorted out above.
        Settlement::Applied => (OutcomeKind::Done, String::new(), false),
    })
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::act::{Outcome, State};

    use super::*;
    use crate::act::tests::{Case, deploy_image, wanted_run};
    use crate::ports::DateSample;
    use crate::script::{Send, error, intent, service_arn};
    use ecsdeck_core::domain::ErrorKind;

    /// Sets AWS's clock so long after the intents' decision.
    fn after(case: &Case, minutes: i64) {
        let decided = intent(5).at;
        case.cloud.state().date = Some(DateSample {
            date: decided + SignedDuration::from_mins(minutes),
            at: crate::ports::present(),
        });
    }

    async fn settled(case: &Case) -> Option<Settled> {
        let history = case.journal.read().unwrap().history();
        let open: Vec<_> = history.unsettled().collect();
        let [one] = open.as_slice() else {
            panic!("{open:?}")
        };
        settle(Arc::clone(&case.cloud), &case.journal, one)
            .await
            .unwrap()
    }

    fn open(case: &Case) -> usize {
        let history = case.journal.read().unwrap().history();
        history.unsettled().count()
    }

    /// A console that was killed after it wrote its intent down.
    async fn killed(case: &Case, intent: &ecsdeck_core::act::Intent) {
        let caller = ecsdeck_core::domain::Arn::new("arn:aws:iam::123456789012:user/ann");
        case.journal.intend(intent, &caller).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_killed_console_wanted_is_there_but_nobody_knows_by_whom() {
        for minutes in [0, 10_000] {
            let case = Case::new(|_| {});
            killed(&case, &intent(5)).await;
            let web = service_arn("web");
            case.cloud.state().services.get_mut(&web).unwrap().desired = 5;
            after(&case, minutes);
            let settled = settled(&case).await.unwrap();
            assert_eq!(settled.outcome, OutcomeKind::AppliedByUnknown);
            assert_eq!((open(&case), case.sends()), (0, 0));
            let history = case.journal.read().unwrap().history();
            assert_eq!(history.records()[0].state(), State::AppliedByUnknown);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_console_that_was_killed_while_it_registered_left_a_revision_that_exists() {
        for registered in [true, false] {
            let case = Case::new(|_| {});
            let deploy = deploy_image();
            killed(&case, &deploy).await;
            if registered {
                let request = &deploy.steps[0].request;
                crate::ports::Writes::send(&*case.cloud, request, std::time::Duration::MAX)
                    .await
                    .unwrap();
            }
            after(&case, 7);
            let settled = settled(&case).await.unwrap();
            assert_eq!(settled.outcome, OutcomeKind::Failed);
            let told = settled.detail.contains("web:8 is registered");
            assert_eq!(told, registered, "{}", settled.detail);
            let history = case.journal.read().unwrap().history();
            assert_eq!(history.records()[0].made.revision.is_some(), registered);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_show_yet_stays_open_until_it_must_have_shown() {
        let case = Case::new(|_| {});
        killed(&case, &intent(5)).await;
        after(&case, 0);
        assert_eq!((settled(&case).await, open(&case)), (None, 1));
        after(&case, 7);
        let settled = settled(&case).await.unwrap();
        assert_eq!(settled.outcome, OutcomeKind::Failed);
        assert!(settled.detail.contains("old values"), "{}", settled.detail);
        assert_eq!((open(&case), case.sends()), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn what_somebody_else_changed_stays_unknown_and_is_not_asked_again() {
        let case = Case::new(|state| {
            let web = service_arn("web");
            state.services.get_mut(&web).unwrap().desired = 9;
        });
        killed(&case, &intent(5)).await;
        after(&case, 7);
        assert_eq!(settled(&case).await.unwrap().outcome, OutcomeKind::Unknown);
        assert_eq!(open(&case), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn an_outcome_that_was_unknown_is_settled_later() {
        let lost = error(ErrorKind::TimedOut);
        let case = Case::new(|state| {
            state.sends = [Send::Lost(lost)].into();
            state.lag = 100;
        });
        let end = case.scale(5).await;
        assert!(matches!(end.outcome, Outcome::Unknown(_)));
        assert_eq!(open(&case), 1);
        case.cloud.state().lag = 0;
        after(&case, 7);
        let settled = settled(&case).await.unwrap();
        assert_eq!(settled.outcome, OutcomeKind::AppliedByUnknown);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_aws_accepted_is_done_once_it_shows() {
        let case = Case::new(|state| state.lag = 100);
        assert!(matches!(case.scale(5).await.outcome, Outcome::Unknown(_)));
        case.cloud.state().lag = 0;
        after(&case, 7);
        assert_eq!(settled(&case).await.unwrap().outcome, OutcomeKind::Done);
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_that_started_nothing_is_offered_again_while_its_tasks_could_be_found() {
        for (minutes, outcome, resend) in [
            (7, OutcomeKind::Failed, true),
            (90, OutcomeKind::Unknown, false),
        ] {
            let case = Case::new(|_| {});
            killed(&case, &wanted_run(3)).await;
            after(&case, minutes);
            let settled = settled(&case).await.unwrap();
            assert_eq!((settled.outcome, settled.resend), (outcome, resend));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_is_being_sent_is_settled_by_nobody_else() {
        let case = Case::new(|_| {});
        let caller = ecsdeck_core::domain::Arn::new("arn:aws:iam::123456789012:user/ann");
        let sending = case.journal.intend(&intent(5), &caller).await.unwrap();
        after(&case, 7);
        assert_eq!((settled(&case).await, open(&case)), (None, 1));
        // What was sending it has ended.
        drop(sending);
        assert_eq!(settled(&case).await.unwrap().outcome, OutcomeKind::Failed);
        assert_eq!(open(&case), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_ended_since_the_journal_was_read_gets_no_second_outcome() {
        let case = Case::new(|_| {});
        killed(&case, &intent(5)).await;
        let before = case.journal.read().unwrap().history();
        after(&case, 7);
        let first = settled(&case).await.unwrap();
        let lines = case.journal.read().unwrap().entries.len();
        let again = settle(Arc::clone(&case.cloud), &case.journal, &before.records()[0]);
        assert_eq!(again.await.unwrap().unwrap().outcome, first.outcome);
        assert_eq!(case.journal.read().unwrap().entries.len(), lines);
    }

    #[tokio::test(start_paused = true)]
    async fn credentials_of_another_account_settle_nothing() {
        let case = Case::new(|_| {});
        killed(&case, &intent(5)).await;
        after(&case, 7);
        let mut other = crate::script::identity();
        other.account = Clean::literal("999999999999");
        case.cloud.state().identity = Some(other);
        assert_eq!((settled(&case).await, open(&case)), (None, 1));
    }
}
