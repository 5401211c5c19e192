//! Carrying out a confirmed write, from reading again to the outcome in the journal.
//!
//! Nothing is sent that the guard refuses or that the journal does not hold.
//! Every request follows a look at its target that is at most two seconds
//! old. It is sent again only when AWS has certainly not applied it; one that
//! may have been applied is never sent again but settled by reading.

#[cfg(test)]
mod attribution;
mod given_up;
mod look;
mod settle;
#[cfg(test)]
mod stale;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::act::history::Sent;
use ecsdeck_core::act::{Intent, Outcome, Refusal, Request, Seen, Settlement, Stage, Step};
use ecsdeck_core::domain::{Arn, CloudError, ErrorKind, Identity};
use ecsdeck_core::text::Clean;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::call::{Caller, pause};
use crate::clock::now;
use crate::journal::Journal;
use crate::pace::Api;
use crate::ports::{Accepted, Reads, Reply, Writes, is_too_late, too_late};
use given_up::{Reached, Way, told_to_end};
pub(crate) use look::looked_at;
use look::{Patience, forget, look_at, silence};
pub use settle::{Settled, settle};

/// How old what the guard has seen may be when a request goes out, from the beginning of its first read: whatever
/// somebody else does later than that may be overwritten.
const FRESH: Duration = Duration::from_secs(2);
/// How often the guard looks again at most before a request, where it has grown too old.
const AGAIN: u32 = 2;
/// Of what shows without a mark of who did it.
pub(super) const BY_WHOM: &str = "this write did it, or somebody else";
/// How often a request is sent at most.
const SENDS: u32 = 3;
/// Before each read that looks for the new values, in milliseconds: ECS shows a change at once or
/// within seconds, as its reads are eventually consistent (source: ECS API reference).
const LOOKS: [u64; 5] = [0, 500, 1_000, 2_500, 6_000];
/// How long to look for the new values at most, the calls included.
const WINDOW: Duration = Duration::from_secs(20);

/// Carries out a write that somebody has confirmed. Gives the outcome, and what was read and made.
/// For the command line; the console goes through [`crate::spawn`].
///
/// `progress` is told each step as it begins. Without `writes` or `journal` it is refused. It
/// must run to its end: dropped in the middle, it leaves an intent without an outcome.
pub async fn carry_out<R: Reads, W: Writes>(
    reads: Arc<R>,
    writes: Option<&W>,
    journal: Option<&Journal>,
    intent: &Intent,
    progress: impl FnMut(Stage),
) -> (Outcome, Seen) {
    let caller = Caller::new(reads, watch::channel(false).1);
    let never = watch::channel(false).1;
    Act::new(&caller, intent, never, progress)
        .run(writes, journal)
        .await
}

/// One write under way.
pub(crate) struct Act<'a, R, P> {
    caller: &'a Caller<R>,
    intent: &'a Intent,
    progress: P,
    /// What was read last, and what was made.
    seen: Seen,
    /// What the guard has seen.
    guarded: Seen,
    /// Until when a request may go out on it.
    not_after: Duration,
    sent: Sent,
    /// Which steps show though no answer came to them, by their place from 0: perhaps somebody else took them.
    doubtful: BTreeSet<usize>,
    /// Who we were when that was asked last: a role may have another session by then.
    who: Option<Arn>,
    /// True when the process is told to end.
    ending: watch::Receiver<bool>,
    /// How far it is, for when it has to be given up.
    reached: Reached,
}

impl<'a, R: Reads, P: FnMut(Stage)> Act<'a, R, P> {
    pub(crate) fn new(
        caller: &'a Caller<R>,
        intent: &'a Intent,
        ending: watch::Receiver<bool>,
        progress: P,
    ) -> Self {
        Self {
            caller,
            intent,
            progress,
            seen: Seen::default(),
            guarded: Seen::default(),
            not_after: Duration::ZERO,
            sent: Sent::default(),
            doubtful: BTreeSet::new(),
            who: None,
            ending,
            reached: Reached::default(),
        }
    }

    /// Goes all the way.
    pub(crate) async fn run<W: Writes>(
        mut self,
        writes: Option<&W>,
        journal: Option<&Journal>,
    ) -> (Outcome, Seen) {
        let outcome = self
            .outcome(writes, journal)
            .await
            .unwrap_or_else(Outcome::Refused);
        (outcome, self.seen)
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
        let mut ending = self.ending.clone();
        let identity = tokio::select! {
            biased;
            () = told_to_end(&mut ending) => return Err(Refusal::Interrupted),
            identity = self.check(writes, &[]) => identity?,
        };
        (self.progress)(Stage::Journalling);
        let written = journal.intend(self.intent, &identity.arn).await;
        // Until the outcome is written nobody else settles it.
        let _sending =
            written.map_err(|error| Refusal::NoJournal(Clean::new(&error.to_string())))?;
        let ended = tokio::select! {
            biased;
            () = told_to_end(&mut ending) => None,
            outcome = self.take_steps(writes, journal, &identity) => Some(outcome),
        };
        let outcome = ended.unwrap_or_else(|| self.given_up());
        // A sample of AWS's clock has whole seconds: an outcome must not seem to come before its intent.
        let at = now(&*self.caller.reads).max(self.intent.at);
        self.sent.made = self.seen.made.clone();
        let written = journal
            .conclude(self.intent, self.who(&identity), at, &outcome, &self.sent)
            .await;
        if let Err(error) = written {
            // The request is out: that its outcome is not on record does not change the outcome.
            tracing::error!(%error, outcome = outcome.word(), "the outcome is not in the journal");
        }
        Ok(outcome)
    }

    /// Reads again who we are and what the target is, and holds it against what was seen. What the steps that are
    /// done have changed themselves is left as it was seen before them.
    async fn check<W: Writes>(&mut self, writes: &W, done: &[Step]) -> Result<Identity, Refusal> {
        let caller = self.caller;
        let began = writes.uptime();
        let made = &self.seen.made;
        let changed: Vec<_> = done.iter().flat_map(|step| step.goal.looks(made)).collect();
        let looks = self.intent.guard.looks();
        let (identity, seen) = tokio::join!(
            caller.call(Api::Sts, || caller.reads.identity()),
            look_at(caller, &looks, Patience::Again),
        );
        let identity = identity.map_err(Refusal::Unreadable)?;
        let mut seen = seen.map_err(Refusal::Unreadable)?;
        self.seen.update(seen.clone());
        forget(&mut seen, &changed);
        self.guarded.update(seen);
        self.intent.guard.check(&identity, &self.guarded)?;
        self.not_after = began.saturating_add(FRESH);
        Ok(identity)
    }

    /// Who we were when that was asked last.
    fn who<'b>(&'b self, began: &'b Identity) -> &'b Arn {
        self.who.as_ref().unwrap_or(&began.arn)
    }

    /// Sends the requests in their order, until one fails or is not known to have been applied.
    async fn take_steps<W: Writes>(
        &mut self,
        writes: &W,
        journal: &Journal,
        began: &Identity,
    ) -> Outcome {
        let steps = self.intent.steps.as_slice();
        // Accepted, and not yet seen to have been applied.
        let mut accepted = Vec::new();
        // No answer came, and what shows may be somebody else's doing.
        let mut doubt = None;
        for (at, step) in steps.iter().enumerate() {
            (self.progress)(Stage::Sending);
            self.reached = Reached {
                step: at,
                way: Way::Before,
            };
            let Some(request) = step.request.resolved(&self.seen.made) else {
                return Outcome::Failed(self.told(at, not_registered(&step.request)));
            };
            let before = steps.get(..at).unwrap_or_default();
            let reply = match self.send(writes, &request, before).await {
                Ok(reply) => reply,
                Err(refusal) if at == 0 => return Outcome::Refused(refusal),
                Err(refusal) => {
                    let words = Clean::own(refusal.to_string());
                    return Outcome::Failed(self.told(at, failed(request.operation(), words)));
                }
            };
            match reply {
                Ok(Accepted { made, .. }) => {
                    let short = step.goal.shortfall(&made);
                    let new_revision = made.revision.is_some();
                    self.seen.made.add(made);
                    self.sent.accepted.insert(at);
                    self.reached.way = Way::Accepted;
                    accepted.push(step);
                    if let Some(message) = short {
                        return Outcome::Failed(
                            self.told(at, failed(request.operation(), message)),
                        );
                    }
                    // What cannot be found again by reading is written down at once.
                    if new_revision && at + 1 < steps.len() {
                        let now = now(&*self.caller.reads).max(self.intent.at);
                        self.sent.made = self.seen.made.clone();
                        let who = self.who(began);
                        let noted = journal.note(self.intent, who, now, &self.sent).await;
                        if let Err(error) = noted {
                            let message = Clean::own(format!(
                                "the journal cannot be written, so nothing more is sent: {}",
                                Clean::new(&error.to_string())
                            ));
                            return Outcome::Failed(
                                self.told(at + 1, failed(request.operation(), message)),
                            );
                        }
                    }
                }
                Err(error) if error.may_have_been_applied() => {
                    // What is in doubt is settled before anything more is sent.
                    let lost = error.clone();
                    if let Err(unknown) = self.reconcile(&[step], Some(error)).await {
                        return Outcome::Unknown(self.told(at, unknown));
                    }
                    if !step.goal.is_marked(&self.seen) {
                        let lost = self.by_whom(step, lost);
                        // What it made cannot be told from somebody else's: nothing more is built on it.
                        if let Some(revision) = step.goal.registered(&self.seen).cloned() {
                            self.seen.made.revision = Some(revision);
                            return Outcome::Unknown(self.told(at, lost));
                        }
                        self.doubtful.insert(at);
                        doubt.get_or_insert(lost);
                    }
                }
                Err(error) => return Outcome::Failed(self.told(at, error)),
            }
        }
        if !accepted.is_empty()
            && let Err(unknown) = self.reconcile(&accepted, None).await
        {
            return Outcome::Unknown(unknown);
        }
        match doubt {
            Some(doubt) => Outcome::AppliedByUnknown(doubt),
            None => Outcome::Done,
        }
    }

    /// What is known of a step to which no answer came, though what it wanted shows.
    fn by_whom(&self, step: &Step, error: CloudError) -> CloudError {
        let kind = self.intent.target.subject.kind();
        let shows = step.goal.words(kind, Settlement::Applied, &self.seen);
        let message = Clean::own(format!(
            "no answer came ({}), and {shows}: {BY_WHOM}",
            error.message
        ));
        CloudError { message, ..error }
    }

    /// Sends a request: once, unless AWS has certainly not applied it. Each time it follows a fresh look.
    ///
    /// # Errors
    /// Why it was not sent (again) after another look.
    async fn send<W: Writes>(
        &mut self,
        writes: &W,
        request: &Request,
        done: &[Step],
    ) -> Result<Reply<Accepted>, Refusal> {
        let operation = request.operation();
        let mut attempt = 1;
        // The look before the journal was written counts for the first request alone.
        let (mut fresh, mut again) = (done.is_empty(), 0);
        loop {
            if !fresh || writes.uptime() > self.not_after {
                if again == AGAIN {
                    return Err(Refusal::TooOld);
                }
                again += 1;
                let identity = self.check(writes, done).await?;
                self.who = Some(identity.arn);
                fresh = true;
                continue;
            }
            let not_after = self.not_after;
            self.reached.way = Way::Out;
            let reply = self
                .caller
                .once(api(request), || async {
                    // It may have waited for its turn.
                    if writes.uptime() > not_after {
                        return Err(too_late(operation));
                    }
                    writes.send(request, not_after).await
                })
                .await;
            if reply.as_ref().is_err_and(is_too_late) {
                // Even where the clock says otherwise by now.
                fresh = false;
                self.reached.way = Way::Before;
                continue;
            }
            self.sent.attempts += 1;
            let id = match &reply {
                Ok(accepted) => &accepted.request_id,
                Err(error) => &error.request_id,
            };
            self.sent.request_ids.extend(id.clone());
            match reply {
                Err(error) if error.certainly_not_applied() && attempt < SENDS => {
                    self.reached.way = Way::Before;
                    sleep(pause(attempt, error.kind)).await;
                    attempt += 1;
                    (fresh, again) = (false, 0);
                }
                reply => return Ok(reply),
            }
        }
    }

    /// An error of a later step, with what the earlier ones did.
    fn told(&self, done: usize, error: CloudError) -> CloudError {
        let steps = self.intent.steps.iter().take(done).enumerate();
        let words = |(at, step): (usize, &Step)| {
            let words = step.request.done_words(&self.seen.made);
            if self.doubtful.contains(&at) {
                format!("{words} ({BY_WHOM})")
            } else {
                words
            }
        };
        let done: Vec<String> = steps.map(words).collect();
        if done.is_empty() {
            return error;
        }
        let message = Clean::own(format!("{}, but then: {}", done.join(", "), error.message));
        CloudError { message, ..error }
    }

    /// Finds out by reading whether these steps were applied.
    ///
    /// # Errors
    /// What is known where it does not show.
    async fn reconcile(
        &mut self,
        steps: &[&Step],
        doubt: Option<CloudError>,
    ) -> Result<(), CloudError> {
        (self.progress)(Stage::Reconciling);
        let said = if doubt.is_some() {
            "no response arrived"
        } else {
            "AWS accepted it"
        };
        let kind = self.intent.target.subject.kind();
        let shown = match self.look_for_new_values(steps).await {
            Ok(Settlement::Applied) => return Ok(()),
            Ok(_) => Intent::settlement_words(steps, kind, &self.seen),
            Err(error) => format!("the {kind} could not be read: {error}"),
        };
        let cause = doubt
            .as_ref()
            .map(|error| format!(" ({})", error.message))
            .unwrap_or_default();
        let message = Clean::own(format!("{said}{cause}, and {shown}"));
        Err(match doubt {
            Some(error) => CloudError { message, ..error },
            None => failed(
                steps.last().map_or("", |step| step.request.operation()),
                message,
            ),
        })
    }

    /// Reads the targets until they show the new values or somebody else's, or there is no more time.
    async fn look_for_new_values(&mut self, steps: &[&Step]) -> Reply<Settlement> {
        let Self { caller, seen, .. } = self;
        let looks = Intent::goal_looks(steps, &seen.made);
        let mut last = Err(silence());
        let looking = async {
            for pause in LOOKS {
                sleep(Duration::from_millis(pause)).await;
                match look_at(caller, &looks, Patience::Once).await {
                    Ok(now) => {
                        seen.update(now);
                        let settlement = Intent::settle(steps, seen);
                        last = Ok(settlement);
                        match settlement {
                            Settlement::Applied | Settlement::Overtaken => return,
                            // A read may be older than the write.
                            Settlement::NotApplied | Settlement::Gone => {}
                        }
                    }
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

fn api(request: &Request) -> Api {
    match request {
        Request::UpdateService(_)
        | Request::StopServiceDeployment(_)
        | Request::ContinueServiceDeployment(_)
        | Request::RunTask(_)
        | Request::StopTask(_)
        | Request::RegisterTaskDefinition(_) => Api::Ecs,
        Request::RegisterScalableTarget(_) => Api::AutoScaling,
        Request::StartMessageMoveTask(_) => Api::Sqs,
    }
}

fn failed(operation: &'static str, message: Clean) -> CloudError {
    CloudError::new(operation, ErrorKind::Other, message)
}

fn not_registered(request: &Request) -> CloudError {
    failed(
        request.operation(),
        Clean::literal("AWS did not say which revision it registered"),
    )
}
