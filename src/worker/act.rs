//! Carrying out a confirmed write, from reading again to the outcome in the journal.
//!
//! Nothing is sent that the guard refuses or that the journal does not hold.
//! A request is sent again only when AWS has certainly not applied it; one
//! that may have been applied is never sent again but settled by reading.

use std::slice;
use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::act::{Intent, Outcome, Refusal, Settlement, Stage};
use ecsdeck_core::domain::{Arn, CloudError, ErrorKind, Identity, Service, Time};
use ecsdeck_core::text::Clean;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::call::{Caller, pause};
use crate::journal::Journal;
use crate::pace::Api;
use crate::ports::{Accepted, Reads, Reply, Writes};

/// How often a request is sent at most.
const SENDS: u32 = 3;
/// Before each read that looks for the new values, in milliseconds: ECS shows a change at once or
/// within seconds, as its reads are eventually consistent (source: ECS API reference).
const LOOKS: [u64; 5] = [0, 500, 1_000, 2_500, 6_000];
/// How long to look for the new values at most, the calls included.
const WINDOW: Duration = Duration::from_secs(20);

/// Carries out a write that somebody has confirmed. Gives the outcome, and the service as it was
/// read last. For the command line; the console goes through [`crate::spawn`].
///
/// `progress` is told each step as it begins. Without `writes` or `journal` it is refused. It
/// must run to its end: dropped in the middle, it leaves an intent without an outcome.
pub async fn carry_out<R: Reads, W: Writes>(
    reads: Arc<R>,
    writes: Option<&W>,
    journal: Option<&Journal>,
    intent: &Intent,
    progress: impl FnMut(Stage),
) -> (Outcome, Option<Service>) {
    let caller = Caller::new(reads, watch::channel(false).1);
    Act {
        caller: &caller,
        intent,
        progress,
        service: None,
    }
    .run(writes, journal)
    .await
}

/// One write under way.
pub(crate) struct Act<'a, R, P> {
    pub(crate) caller: &'a Caller<R>,
    pub(crate) intent: &'a Intent,
    pub(crate) progress: P,
    /// The target as it was read last.
    pub(crate) service: Option<Service>,
}

/// What came of sending.
struct Sent {
    reply: Reply<Accepted>,
    attempts: u32,
}

impl<R: Reads, P: FnMut(Stage)> Act<'_, R, P> {
    /// Goes all the way.
    pub(crate) async fn run<W: Writes>(
        mut self,
        writes: Option<&W>,
        journal: Option<&Journal>,
    ) -> (Outcome, Option<Service>) {
        let outcome = self
            .outcome(writes, journal)
            .await
            .unwrap_or_else(Outcome::Refused);
        (outcome, self.service)
    }

    async fn outcome<W: Writes>(
        &mut self,
        writes: Option<&W>,
        journal: Option<&Journal>,
    ) -> Result<Outcome, Refusal> {
        let writes = writes.ok_or(Refusal::ReadOnly)?;
        let journal = journal
            .ok_or_else(|| Refusal::NoJournal(Clean::literal("there is no place for it")))?;
        (self.progress)(Stage::Checking);
        let identity = self.check().await?;
        (self.progress)(Stage::Journalling);
        let written = journal.intend(self.intent, &identity.arn).await;
        written.map_err(|error| Refusal::NoJournal(Clean::new(&error.to_string())))?;
        (self.progress)(Stage::Sending);
        let Sent { reply, attempts } = self.send(writes).await;
        let request_id = match &reply {
            Ok(accepted) => accepted.request_id.clone(),
            Err(error) => error.request_id.clone(),
        };
        let outcome = self.reconcile(reply).await;
        // A sample of AWS's clock has whole seconds: an outcome must not seem to come before its intent.
        let at = now(&*self.caller.reads).max(self.intent.at);
        let written = journal
            .conclude(
                self.intent,
                &identity.arn,
                at,
                &outcome,
                attempts,
                request_id,
            )
            .await;
        if let Err(error) = written {
            // The request is out: that its outcome is not on record does not change the outcome.
            tracing::error!(%error, outcome = outcome.word(), "the outcome is not in the journal");
        }
        Ok(outcome)
    }

    /// Reads again who we are and what the target is, and holds it against what was seen.
    async fn check(&mut self) -> Result<Identity, Refusal> {
        let caller = self.caller;
        let target = &self.intent.target;
        let (identity, service) = tokio::join!(
            caller.call(Api::Sts, || caller.reads.identity()),
            caller.call(Api::Ecs, || look(
                &*caller.reads,
                &target.cluster,
                &target.service
            )),
        );
        let identity = identity.map_err(Refusal::Unreadable)?;
        self.service = service.map_err(Refusal::Unreadable)?;
        self.intent.guard.check(&identity, self.service.as_ref())?;
        Ok(identity)
    }

    /// Sends the request: once, unless AWS has certainly not applied it.
    async fn send<W: Writes>(&self, writes: &W) -> Sent {
        let mut attempts = 1;
        loop {
            let request = &self.intent.request;
            match self.caller.once(Api::Ecs, || writes.send(request)).await {
                Err(error) if error.certainly_not_applied() && attempts < SENDS => {
                    sleep(pause(attempts, error.kind)).await;
                    attempts += 1;
                }
                reply => return Sent { reply, attempts },
            }
        }
    }

    /// Finds out by reading what became of the request.
    async fn reconcile(&mut self, reply: Reply<Accepted>) -> Outcome {
        let doubt = match reply {
            Ok(_) => None,
            Err(error) if error.may_have_been_applied() => Some(error),
            Err(error) => return Outcome::Failed(error),
        };
        (self.progress)(Stage::Reconciling);
        let seen = self.look_for_new_values().await;
        let said = if doubt.is_some() {
            "no answer came"
        } else {
            "AWS accepted it"
        };
        let shown = match seen {
            Ok(Settlement::Applied) => return Outcome::Done,
            Ok(Settlement::NotApplied) => {
                "the service still shows the old values; it may yet change".to_owned()
            }
            Ok(Settlement::Overtaken) => {
                "the service shows other values: somebody else changed it meanwhile".to_owned()
            }
            Err(error) => format!("the service could not be read: {error}"),
        };
        let cause = doubt
            .as_ref()
            .map(|error| format!(" ({})", error.message))
            .unwrap_or_default();
        let message = Clean::own(format!("{said}{cause}, and {shown}"));
        Outcome::Unknown(match doubt {
            Some(error) => CloudError { message, ..error },
            None => CloudError {
                operation: self.intent.request.operation(),
                kind: ErrorKind::Other,
                code: None,
                message,
                request_id: None,
            },
        })
    }

    /// Reads the target until it shows the new values or somebody else's, or there is no more time.
    async fn look_for_new_values(&mut self) -> Reply<Settlement> {
        let Self {
            caller,
            intent,
            service,
            ..
        } = self;
        let target = &intent.target;
        let mut last = Err(silence());
        let looking = async {
            for pause in LOOKS {
                sleep(Duration::from_millis(pause)).await;
                let call = || look(&*caller.reads, &target.cluster, &target.service);
                match caller.once(Api::Ecs, call).await {
                    Ok(Some(now)) => {
                        let settlement = intent.settle(&now);
                        *service = Some(now);
                        last = Ok(settlement);
                        match settlement {
                            Settlement::Applied | Settlement::Overtaken => return,
                            Settlement::NotApplied => {}
                        }
                    }
                    Ok(None) => last = Err(gone(&target.service)),
                    // A read that failed takes nothing back of what an earlier one has shown.
                    Err(error) if last.is_err() => last = Err(error),
                    Err(_) => {}
                }
            }
        };
        // At the end of the window the last that was seen counts.
        let _ = timeout(WINDOW, looking).await;
        last
    }
}

/// Describes one service; none when AWS says that it is missing.
async fn look<R: Reads>(reads: &R, cluster: &Arn, service: &Arn) -> Reply<Option<Service>> {
    let described = reads
        .describe_services(cluster, slice::from_ref(service))
        .await?;
    if let Some(found) = described
        .items
        .into_iter()
        .find(|found| found.arn == *service)
    {
        return Ok(Some(found));
    }
    match described.failures.into_iter().next() {
        Some(failure) if failure.reason == "MISSING" => Ok(None),
        Some(failure) => Err(unreadable(failure.reason)),
        None => Err(unreadable(Clean::literal(
            "AWS did not answer for this service",
        ))),
    }
}

fn unreadable(message: Clean) -> CloudError {
    CloudError {
        operation: "ecs:DescribeServices",
        kind: ErrorKind::Malformed,
        code: None,
        message,
        request_id: None,
    }
}

fn gone(service: &Arn) -> CloudError {
    let message = Clean::own(format!("{service} is no longer there"));
    CloudError {
        kind: ErrorKind::NotFound,
        ..unreadable(message)
    }
}

fn silence() -> CloudError {
    let message = Clean::literal("no answer in time");
    CloudError {
        kind: ErrorKind::TimedOut,
        ..unreadable(message)
    }
}

/// The time on AWS's clock, whose samples have whole seconds; before any reply of AWS, the local clock's.
pub(crate) fn now<R: Reads>(reads: &R) -> Time {
    reads.date().map_or_else(Time::now, |sample| {
        sample
            .date
            .checked_add(sample.at.elapsed())
            .unwrap_or(sample.date)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Entry, Kind, Who};
    use crate::script::{Cloud, Send, State, error, fail, intent, service, service_arn};

    /// A write to a scripted cloud, with a journal in a folder of its own.
    struct Case {
        cloud: Arc<Cloud>,
        journal: Journal,
        _folder: tempfile::TempDir,
    }

    /// What came of it.
    struct End {
        outcome: Outcome,
        service: Option<Service>,
        stages: Vec<Stage>,
    }

    impl Case {
        /// The service `web` wants 2 tasks; `fill` says what is different from what was seen.
        fn new(fill: impl FnOnce(&mut State)) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let web = service_arn("web");
            let cloud = Cloud::with(|state| {
                state.services.insert(web.clone(), service(&web, 2));
                fill(state);
            });
            let path = folder.path().join("ecsdeck/journal.jsonl");
            Self {
                cloud,
                journal: Journal::new(path, Who::default()),
                _folder: folder,
            }
        }

        async fn scale(&self, count: u32) -> End {
            self.scale_with(count, Some(&*self.cloud), Some(&self.journal))
                .await
        }

        async fn scale_with(
            &self,
            count: u32,
            writes: Option<&Cloud>,
            journal: Option<&Journal>,
        ) -> End {
            let mut stages = Vec::new();
            let reads = Arc::clone(&self.cloud);
            let reached = |stage| stages.push(stage);
            let (outcome, service) =
                carry_out(reads, writes, journal, &intent(count), reached).await;
            End {
                outcome,
                service,
                stages,
            }
        }

        fn sends(&self) -> usize {
            self.cloud.count("send")
        }

        fn entries(&self) -> Vec<Entry> {
            let contents = self.journal.read().unwrap();
            assert_eq!(contents.warnings, []);
            contents.entries
        }

        /// The outcome in the journal: its word and the number of sends.
        fn concluded(&self) -> (String, u32) {
            let entries = self.entries();
            let kinds: Vec<_> = entries.iter().map(|entry| entry.kind).collect();
            assert_eq!(kinds, [Kind::Intent, Kind::Outcome]);
            let last = entries.last().unwrap();
            (
                last.outcome.as_ref().unwrap().to_string(),
                last.attempts.unwrap(),
            )
        }

        fn was_refused(&self, end: &End, refusal: &Refusal) {
            assert_eq!(end.outcome, Outcome::Refused(refusal.clone()));
            assert_eq!((self.sends(), self.entries()), (0, vec![]));
        }
    }

    fn words(end: &End) -> String {
        match &end.outcome {
            Outcome::Unknown(error) => error.message.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_goes_well_is_checked_journalled_sent_once_and_seen() {
        let case = Case::new(|_| {});
        let end = case.scale(5).await;
        assert_eq!(end.outcome, Outcome::Done);
        assert_eq!(end.service.unwrap().desired, 5);
        let all = [
            Stage::Checking,
            Stage::Journalling,
            Stage::Sending,
            Stage::Reconciling,
        ];
        assert_eq!(end.stages, all);
        assert_eq!(
            (case.sends(), case.concluded()),
            (1, ("done".to_owned(), 1))
        );
        let entries = case.entries();
        assert_eq!(
            entries[0].who.arn,
            "arn:aws:sts::123456789012:assumed-role/OnCall/ann"
        );
        assert_eq!(entries[0].request.as_ref().unwrap()["desiredCount"], 5);
        assert_eq!(entries[1].request_id.as_ref().unwrap(), "request-1");
    }

    #[tokio::test(start_paused = true)]
    async fn the_intent_is_in_the_journal_before_anything_is_sent() {
        let case = Case::new(|_| {});
        let gate = case.cloud.gate("send");
        let look = async {
            case.cloud.called("send", 1).await;
            let entries = case.entries();
            gate.add_permits(1);
            entries
        };
        let (end, entries) = tokio::join!(case.scale(5), look);
        assert_eq!(entries.len(), 1);
        assert_eq!(
            (entries[0].kind, end.outcome),
            (Kind::Intent, Outcome::Done)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_durable_intent_nothing_is_sent() {
        let case = Case::new(|_| {});
        let in_the_way = case.journal.path().parent().unwrap();
        std::fs::write(in_the_way, "a file where the folder should be").unwrap();
        let end = case
            .scale_with(5, Some(&case.cloud), Some(&case.journal))
            .await;
        assert!(
            matches!(end.outcome, Outcome::Refused(Refusal::NoJournal(_))),
            "{:?}",
            end.outcome
        );
        assert_eq!(case.sends(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_console_without_writer_or_journal_refuses_at_once() {
        let case = Case::new(|_| {});
        let end = case.scale_with(5, None, Some(&case.journal)).await;
        case.was_refused(&end, &Refusal::ReadOnly);
        let end = case.scale_with(5, Some(&case.cloud), None).await;
        assert!(matches!(
            end.outcome,
            Outcome::Refused(Refusal::NoJournal(_))
        ));
        assert_eq!(case.cloud.state().calls.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn another_account_is_refused() {
        let case = Case::new(|state| {
            let account = Clean::literal("999999999999");
            state.identity = Some(Identity {
                account,
                arn: Arn::new("arn:aws:iam::9:user/ann"),
            });
        });
        let end = case.scale(5).await;
        let (seen, now) = (
            Clean::literal("123456789012"),
            Clean::literal("999999999999"),
        );
        case.was_refused(&end, &Refusal::OtherAccount { seen, now });
    }

    #[tokio::test(start_paused = true)]
    async fn a_count_that_changed_since_it_was_seen_is_refused() {
        let web = service_arn("web");
        let case = Case::new(|state| {
            state.services.insert(web.clone(), service(&web, 3));
        });
        let end = case.scale(5).await;
        let (what, seen, now) = ("desired count", Clean::literal("2"), Clean::literal("3"));
        case.was_refused(&end, &Refusal::Changed { what, seen, now });
        assert_eq!(
            end.service.unwrap().desired,
            3,
            "what is there now is given back"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_is_gone_is_refused() {
        let case = Case::new(|state| state.services.clear());
        let end = case.scale(5).await;
        case.was_refused(&end, &Refusal::Gone(service_arn("web")));
    }

    #[tokio::test(start_paused = true)]
    async fn a_target_that_cannot_be_read_is_refused() {
        for operation in ["identity", "describe_services"] {
            let case = Case::new(|state| fail(state, operation, &[ErrorKind::Expired]));
            let end = case.scale(5).await;
            case.was_refused(&end, &Refusal::Unreadable(error(ErrorKind::Expired)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_certainly_not_applied_is_sent_again() {
        for kind in [ErrorKind::Throttled, ErrorKind::Unreachable] {
            let case = Case::new(|state| fail(state, "send", &[kind]));
            assert_eq!(case.scale(5).await.outcome, Outcome::Done);
            assert_eq!(
                (case.sends(), case.concluded()),
                (2, ("done".to_owned(), 2))
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_that_does_not_end_is_a_failure_after_three_sends() {
        let case = Case::new(|state| fail(state, "send", &[ErrorKind::Throttled; 9]));
        let end = case.scale(5).await;
        assert_eq!(end.outcome, Outcome::Failed(error(ErrorKind::Throttled)));
        assert_eq!(
            (case.sends(), case.concluded()),
            (3, ("failed".to_owned(), 3))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_aws_refuses_has_failed_and_is_not_sent_again() {
        for kind in [
            ErrorKind::Denied,
            ErrorKind::NotFound,
            ErrorKind::Invalid,
            ErrorKind::Conflict,
        ] {
            let case = Case::new(|state| fail(state, "send", &[kind]));
            let end = case.scale(5).await;
            assert_eq!(end.outcome, Outcome::Failed(error(kind)));
            assert_eq!(
                (case.sends(), case.concluded()),
                (1, ("failed".to_owned(), 1))
            );
            assert!(
                !end.stages.contains(&Stage::Reconciling),
                "there is nothing to find out"
            );
        }
    }

    const IN_DOUBT: [ErrorKind; 4] = [
        ErrorKind::TimedOut,
        ErrorKind::Server,
        ErrorKind::Malformed,
        ErrorKind::Other,
    ];

    #[tokio::test(start_paused = true)]
    async fn a_lost_answer_to_an_applied_write_is_settled_by_reading() {
        for kind in IN_DOUBT {
            let case = Case::new(|state| state.sends = [Send::Lost(error(kind))].into());
            assert_eq!(case.scale(5).await.outcome, Outcome::Done);
            assert_eq!(
                (case.sends(), case.concluded()),
                (1, ("done".to_owned(), 1))
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_write_stays_unknown_and_is_never_sent_again() {
        for kind in IN_DOUBT {
            let case = Case::new(|state| state.sends = [Send::Dropped(error(kind))].into());
            let end = case.scale(5).await;
            assert!(
                words(&end).contains("still shows the old values"),
                "{}",
                words(&end)
            );
            assert_eq!(
                (case.sends(), case.concluded()),
                (1, ("unknown".to_owned(), 1))
            );
            assert_eq!(case.cloud.count("describe_services"), 1 + LOOKS.len());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_count_that_somebody_else_set_meanwhile_is_unknown_and_says_so() {
        let lost = [Send::Lost(error(ErrorKind::TimedOut))];
        for sends in [lost.into(), [].into()] {
            let case = Case::new(|state| {
                state.sends = sends;
                state.overtaken_by = Some(9);
            });
            let end = case.scale(5).await;
            assert!(
                words(&end).contains("somebody else changed it"),
                "{}",
                words(&end)
            );
            assert_eq!((case.sends(), end.service.unwrap().desired), (1, 9));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn values_that_show_late_are_waited_for() {
        let case = Case::new(|state| state.lag = 4);
        // The read before sending finds nothing pending, so the four old ones come after it.
        assert_eq!(case.scale(5).await.outcome, Outcome::Done);
        assert_eq!(case.cloud.count("describe_services"), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn an_accepted_write_that_never_shows_is_unknown_and_says_that_it_was_accepted() {
        let case = Case::new(|state| state.lag = 100);
        let end = case.scale(5).await;
        assert!(words(&end).contains("AWS accepted it"), "{}", words(&end));
    }

    #[tokio::test(start_paused = true)]
    async fn reads_that_fail_after_sending_leave_it_unknown_within_the_window() {
        let case = Case::new(|_| {});
        let gate = case.cloud.gate("send");
        let start = tokio::time::Instant::now();
        let cut = async {
            case.cloud.called("send", 1).await;
            // From now on every read hangs.
            case.cloud.gate("describe_services");
            gate.add_permits(1);
        };
        let (end, ()) = tokio::join!(case.scale(5), cut);
        assert!(words(&end).contains("could not be read"), "{}", words(&end));
        assert!(start.elapsed() < WINDOW + Duration::from_secs(1));
        assert_eq!(case.concluded(), ("unknown".to_owned(), 1));
    }
}
