//! What a guard has seen grows old: whatever passes between the look and the request.

use super::tests::Case;
use super::*;
use crate::script::{Send, error, fail, intent, service_arn};

/// Carries out "2 to 5", and does something when a stage is reached for the first time.
async fn scaled(case: &Case, at: Stage, mut then: impl FnMut()) -> Outcome {
    let mut reached = false;
    let progress = |stage| {
        if stage == at && !std::mem::replace(&mut reached, true) {
            then();
        }
    };
    let (reads, intent) = (Arc::clone(&case.cloud), intent(5));
    let (outcome, _) = carry_out(
        reads,
        Some(&*case.cloud),
        Some(&case.journal),
        &intent,
        progress,
    )
    .await;
    outcome
}

/// Somebody else sets the count.
fn changed(case: &Case, count: u32) {
    let mut state = case.cloud.state();
    let web = state.services.get_mut(&service_arn("web"));
    web.unwrap().desired = count;
}

fn count(case: &Case) -> u32 {
    case.cloud.state().services[&service_arn("web")].desired
}

fn sleeps(case: &Case, seconds: u64) {
    case.cloud.state().slept += Duration::from_secs(seconds);
}

fn outcome_on_record(case: &Case) -> String {
    let entries = case.journal.read().unwrap().entries;
    let outcome = entries.last().and_then(|last| last.outcome.clone());
    outcome.unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_did_under_a_closed_lid_is_not_overwritten() {
    for stage in [Stage::Journalling, Stage::Sending] {
        let case = Case::new(|_| {});
        let outcome = scaled(&case, stage, || {
            sleeps(&case, 70);
            changed(&case, 9);
        })
        .await;
        let refused = matches!(outcome, Outcome::Refused(Refusal::Changed { .. }));
        assert!(refused, "{outcome:?}");
        assert_eq!((case.sends(), count(&case)), (0, 9));
        assert_eq!(outcome_on_record(&case), "refused");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_pause_the_target_is_read_again_and_the_write_goes_on() {
    let case = Case::new(|_| {});
    let outcome = scaled(&case, Stage::Sending, || sleeps(&case, 3)).await;
    assert_eq!(outcome, Outcome::Done);
    assert_eq!((case.sends(), case.cloud.count("identity")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn looks_that_always_take_too_long_end_in_a_refusal() {
    let case = Case::new(|state| state.sleeps_at = Some(("identity", Duration::from_secs(3))));
    let outcome = scaled(&case, Stage::Sending, || {}).await;
    assert_eq!(outcome, Outcome::Refused(Refusal::TooOld));
    assert_eq!((case.sends(), case.cloud.count("identity")), (0, 3));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_sent_again_follows_a_fresh_look() {
    let throttled = error(ErrorKind::Throttled);
    let case = Case::new(|state| state.sends = [Send::Dropped(throttled)].into());
    let other = async {
        case.cloud.called("send", 1).await;
        // After the first request was refused, before it is sent again.
        sleep(Duration::from_millis(200)).await;
        changed(&case, 9);
    };
    let (outcome, ()) = tokio::join!(scaled(&case, Stage::Checking, || {}), other);
    let refused = matches!(outcome, Outcome::Refused(Refusal::Changed { .. }));
    assert!(refused, "{outcome:?}");
    assert_eq!((case.sends(), count(&case)), (1, 9));
}

#[tokio::test(start_paused = true)]
async fn a_throttle_of_anybody_but_aws_is_settled_and_not_sent_again() {
    let bare = CloudError {
        code: None,
        ..error(ErrorKind::Throttled)
    };
    let case = Case::new(|state| state.sends = [Send::Lost(bare)].into());
    let outcome = scaled(&case, Stage::Checking, || {}).await;
    let settled = matches!(outcome, Outcome::AppliedByUnknown(_));
    assert!(settled && case.sends() == 1, "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_older_than_two_seconds_is_ever_overwritten() {
    let long = std::env::var_os("ECSDECK_LONG_TESTS").is_some();
    let cases = if long { 2_000 } else { 300 };
    let (mut sent, mut refused) = (0, 0);
    for seed in 0..cases {
        let mut chance = fastrand::Rng::with_seed(seed);
        let case = Case::new(|state| {
            let length = Duration::from_millis(chance.u64(0..3_000));
            let at = *chance
                .choice(&["identity", "describe_services", "send"])
                .unwrap();
            state.sleeps_at = chance.bool().then_some((at, length));
            for _ in 0..chance.u32(0..3) {
                fail(state, "describe_services", &[ErrorKind::Throttled]);
            }
            if chance.bool() {
                state.sends = [Send::Dropped(error(ErrorKind::Throttled))].into();
            }
        });
        // Since when, on the clock that does not stop, there has been another count.
        let since = std::cell::Cell::new(None);
        let wait = Duration::from_millis(chance.u64(0..6_000));
        let other = async {
            sleep(wait).await;
            // Unless the write has arrived: then it is not overwritten but overwrites.
            if count(&case) == 2 && case.cloud.state().in_flight.is_none() {
                changed(&case, 9);
                since.set(Some(case.cloud.uptime()));
            }
        };
        let stage = *chance
            .choice(&[Stage::Checking, Stage::Journalling, Stage::Sending])
            .unwrap();
        let slept = chance.u64(0..5);
        let (outcome, ()) = tokio::join!(scaled(&case, stage, || sleeps(&case, slept)), other);
        match outcome {
            Outcome::Refused(_) => refused += 1,
            _ => sent += 1,
        }
        let state = case.cloud.state();
        if let (Some(since), Some(at)) = (since.get(), state.in_flight) {
            assert!(
                at.saturating_sub(since) <= FRESH,
                "case {seed}: a change that was made {:?} before the request is overwritten",
                at - since
            );
        }
    }
    println!("{cases} schedules: {sent} sent, {refused} refused, 0 overwritten");
    assert!(sent > 50 && refused > 50, "{sent} sent, {refused} refused");
}
