//! What answers change: those of readings, and those of writes.

use super::asking;
use super::querying;
use super::started::{lost, started};
use super::streams::own_lines;
use super::workload;
use crate::act::{IntentId, Outcome, Seen, Subject, Target};
use crate::app::model::Model;
use crate::app::model::discovered::Discovered;
use crate::app::model::fleet::Fleet;
use crate::app::model::list::Cursor;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::past_action::PastAction;
use crate::app::model::prompt::Purpose;
use crate::app::model::running::Running;
use crate::app::model::slot::{RequestId, Slot};
use crate::app::model::work_pane::{QueuePane, WorkPane};
use crate::app::panes::logs::keys::pattern_refused;
use crate::app::panes::services::rows::diagnose;
use crate::app::query::Answer;
use crate::app::writes::driver;
use crate::diagnose::{CountSet, Question};
use crate::domain::{Arn, CloudError, ErrorKind, Identity, LogEvent, LogSource};
use crate::text::Clean;

/// Seconds within which a line of a log that is just opened is news.
const NEWS: i64 = 10;

/// Takes a part of the answer to the newest reading of its slot.
pub(in crate::app) fn read(model: &mut Model, slot: &Slot, answer: Answer) {
    match answer {
        Answer::Identity(identity) => identified(model, identity),
        Answer::ClusterList(mut arns) => {
            let named = model.setup.named_clusters();
            arns.retain(|arn| named.take(arn));
            model.fleet.change().announce_clusters(arns);
        }
        Answer::Clusters { clusters, failures } => {
            let (clusters, failures) = model.setup.named_clusters().choose(clusters, failures);
            model.fleet.change().set_clusters(clusters, failures);
            let there = &model.fleet.clusters;
            model.readings.forget(|slot| {
                slot.cluster()
                    .is_some_and(|cluster| !there.contains_key(cluster))
            });
        }
        Answer::Services { services, failures } => {
            model.fleet.change().put_services(services, failures);
        }
        Answer::ServiceList(listed) => {
            if let Slot::Services(cluster) = slot {
                model.fleet.change().keep_services(cluster, &listed);
            }
        }
        Answer::Tasks { tasks, failures } => {
            model.fleet.change().remember(&tasks, model.stamp.now);
            if matches!(slot, Slot::Awaited(_)) {
                lost(model, &failures);
            }
            model.fleet.change().put_tasks(tasks, failures);
        }
        Answer::TaskList(listed) => match slot {
            Slot::Tasks(cluster) => model.fleet.change().keep_tasks(cluster, None, &listed),
            Slot::TasksOf(cluster, service) => {
                model
                    .fleet
                    .change()
                    .keep_tasks(cluster, Some(service), &listed)
            }
            _ => {}
        },
        Answer::Definition(definition) => {
            model.found.add(&definition);
            model.fleet.change().put_definition(*definition);
            // What it names may be a queue.
            model.readings.want(&Slot::Queues);
        }
        Answer::NoDefinition(arn, error) => model.fleet.change().put_unreadable(arn, error),
        Answer::Queues {
            queues,
            missing,
            failed,
        } => {
            model.queues.put(queues, missing, failed, model.stamp.now);
            model.queues.settle(model.setup.deck.as_ref());
        }
        Answer::Tables(tables) => model.work.listed = tables,
        Answer::Work(table) => workload::take(model, *table),
        Answer::Logs(events) => {
            // Before the follow takes them: what belongs to another log is not given out.
            let events = own_lines(model, events);
            let now = model.stamp.now;
            let pane = &mut model.logs;
            if let Some(follow) = &mut pane.follow {
                let fresh = follow.take(events);
                // What a log has had for long is no sign that more is on its way.
                let news = |event: &LogEvent| now.duration_since(event.at).as_secs() < NEWS;
                pane.polled.stirred |=
                    !fresh.is_empty() && follow.has_caught_up() || fresh.iter().any(news);
                fresh.into_iter().for_each(|event| pane.insert(event));
            }
        }
        Answer::LogGroups { names, whole } => {
            (model.sources.groups, model.sources.more) = (names, !whole);
        }
        answer @ (Answer::LogGroupSizes { .. }
        | Answer::QueryResults(_)
        | Answer::QueryWrong(_)) => querying::read(model, answer),
        Answer::LogSourceFailed(source, error) => source_failed(model, source, error),
        Answer::Prepared(prepared) => {
            if let Some(pending) = &mut model.wish {
                pending.take(Ok(prepared));
            }
        }
        Answer::Fact(fact) => {
            if let Slot::Asked(question) = slot {
                let now = model.stamp.now;
                model
                    .fleet
                    .change()
                    .put_fact(question.clone(), now, Ok(*fact));
            }
        }
        Answer::LogsCapped(source) => {
            model.logs.polled.capped = true;
            if let Some(follow) = &mut model.logs.follow {
                follow.cap(&source);
            }
        }
    }
}

/// Who we are is known (again). With another account's credentials nothing that was read holds.
fn identified(model: &mut Model, identity: Identity) {
    let before = model.identity.replace(identity);
    let other = match (&before, &model.identity) {
        (Some(before), Some(now)) if before.account != now.account => {
            format!(
                "these credentials are for account {}, before it was {}",
                now.account, before.account
            )
        }
        (Some(before), Some(now)) if before.principal() != now.principal() => {
            let (before, now) = (before.principal(), now.principal());
            let other = format!("these credentials are for {now}, before it was {before}");
            return renamed(model, &other);
        }
        _ => {
            model.readings.forgive_credentials();
            return;
        }
    };
    *model.fleet.change() = Fleet::default();
    model.found = Discovered::default();
    model.queues = QueuePane::default();
    model.work = WorkPane::default();
    model.logs.clear();
    querying::leave(model);
    (model.logs.target, model.logs.pinned) = (None, false);
    (model.services.cursor, model.tasks.cursor) = (Cursor::default(), Cursor::default());
    (model.looked_at, model.looked_at_task) = (None, None);
    model.readings.forget(|slot| *slot != Slot::Identity);
    model.draft = None;
    driver::withdraw(model, &other);
    model.awaited.clear();
    model.arriving = None;
    model.marks.clear();
    if matches!(
        model.overlay,
        Some(Overlay::Confirm(_) | Overlay::Form(_) | Overlay::Prompt(Purpose::Scale(..), _))
    ) {
        model.overlay = None;
    }
    model.note(Tone::Bad, Clean::own(other));
}

/// Somebody else of the same account: what was read holds, and what was asked in another one's name is withdrawn.
fn renamed(model: &mut Model, other: &str) {
    model.readings.forgive_credentials();
    driver::withdraw(model, other);
    if let Some(Overlay::Confirm(confirm)) = model
        .overlay
        .take_if(|overlay| matches!(overlay, Overlay::Confirm(_)))
    {
        model.overlay = confirm.form.map(Overlay::Form);
    }
    model.note(Tone::Bad, Clean::new(other));
}

/// A stream that does not exist yet fails the whole call: then the group is read whole.
fn source_failed(model: &mut Model, source: LogSource, error: CloudError) {
    let passes = !matches!(
        error.kind,
        ErrorKind::NotFound | ErrorKind::Denied | ErrorKind::Invalid
    );
    let logs = &mut model.logs;
    if let Some(follow) = &mut logs.follow {
        follow.fail(&source, passes);
    }
    if error.kind == ErrorKind::NotFound && !source.streams.is_empty() {
        logs.whole
            .insert(source.group, source.streams.into_iter().collect());
    } else {
        let refused = (error.kind == ErrorKind::Invalid).then(|| error.clone());
        logs.failed = Some((source, error));
        logs.polled.failing = true;
        if let Some(error) = refused {
            pattern_refused(model, &error);
        }
    }
}

/// A value that only looked like a table's name, in some variable, is not missed when there is no such table.
fn drop_wrong_guess(model: &mut Model, table: &Clean) {
    let slot = Slot::Work(table.clone());
    let error = model
        .readings
        .get(&slot)
        .and_then(|reading| reading.error.as_ref());
    let is_gone = error.is_some_and(|error| error.kind == ErrorKind::NotFound);
    if is_gone && model.found.drop_table(table) {
        model.readings.forget(|other| *other == slot);
    }
}

/// A reading ended.
pub(in crate::app) fn read_ended(
    model: &mut Model,
    slot: &Slot,
    request: RequestId,
    result: Result<(), CloudError>,
) {
    let complete = result.is_ok();
    let refused = result.as_ref().err().cloned();
    let (now, elapsed) = (model.stamp.now, model.stamp.elapsed);
    if !model
        .readings
        .end(slot, request, result.err(), now, elapsed)
    {
        return;
    }
    match slot {
        Slot::Services(_) => {
            // By time alone a verdict becomes another one.
            model.fleet.change();
            diagnose(model, true);
            asking::forget_unneeded(model);
        }
        Slot::Prepared => {
            if let (Some(pending), Some(error)) = (&mut model.wish, refused) {
                pending.take(Err(error));
            }
        }
        Slot::Asked(question) => {
            if let Some(error) = refused {
                model
                    .fleet
                    .change()
                    .put_fact(question.clone(), now, Err(error));
            }
        }
        Slot::LogGroupSizes | Slot::Insights => querying::read_ended(model, slot, refused),
        Slot::Definitions => definitions_read(model, complete),
        Slot::Work(table) => drop_wrong_guess(model, table),
        Slot::Logs => {
            let pane = &mut model.logs;
            if let Some(follow) = &mut pane.follow {
                follow.ended(complete, now);
            }
            if complete && !pane.polled.failing {
                pane.failed = None;
            }
            pane.end_poll(elapsed);
        }
        _ => {}
    }
    workload::read_ended(model, slot);
}

/// What was asked for and neither came nor was refused is not asked for again: AWS answered with another name.
fn definitions_read(model: &mut Model, complete: bool) {
    if !complete {
        return;
    }
    for arn in std::mem::take(&mut model.asked) {
        let known =
            model.fleet.definitions.contains_key(&arn) || model.fleet.unreadable.contains_key(&arn);
        if !known {
            let error = CloudError {
                operation: "ecs:DescribeTaskDefinition",
                kind: ErrorKind::Malformed,
                code: None,
                message: Clean::literal("AWS answered with another revision than was asked for"),
                request_id: None,
            };
            model.fleet.change().put_unreadable(arn, error);
        }
    }
}

/// A write ended.
pub(in crate::app) fn acted(model: &mut Model, intent: &IntentId, outcome: &Outcome, seen: Seen) {
    let running = model.running.remove(intent);
    // One that came about, or may have, is not offered again from here: at the next start it is known.
    if !matches!(outcome, Outcome::Failed(_) | Outcome::Refused(_))
        && let Some(earlier) = running
            .as_ref()
            .and_then(|running| running.resends.as_ref())
    {
        model.resendable.retain(|record| record.id != *earlier);
    }
    keep_input(model, intent, outcome, &seen);
    let made = seen.made.clone();
    let cluster = running
        .as_ref()
        .and_then(|running| running.target.cluster.as_ref());
    started(model, cluster, &seen.made.tasks);
    if let Some(running) = &running {
        see_again(model, &running.target);
    }
    let title = running.as_ref().map_or_else(
        || Clean::literal("the change"),
        |running| running.title.clone(),
    );
    let services: Vec<_> = seen.services.into_values().flatten().collect();
    if !services.is_empty() {
        model.fleet.change().put_services(services, Vec::new());
    }
    let tone = if *outcome == Outcome::Done {
        Tone::Good
    } else {
        Tone::Bad
    };
    let mut text = format!("{title}: {}", outcome.words());
    if let Some(detail) = outcome.detail() {
        text.push_str(&format!(" \u{2014} {detail}"));
    }
    if let Some(id) = outcome.request_id() {
        text.push_str(&format!(" (request {id})"));
    }
    let text = Clean::own(text);
    if let Some(running) = running {
        let action = past_action(model, intent, running, text.clone(), tone == Tone::Good);
        model.done.change().push(action);
    }
    model.note(tone, text);
    let ended = (outcome.clone(), made);
    model.outcomes.insert(intent.clone(), ended);
}

/// A write of this run, as it stands beside those of the journal.
fn past_action(
    model: &Model,
    intent: &IntentId,
    running: Running,
    text: Clean,
    good: bool,
) -> PastAction {
    let identity = model.identity.as_ref();
    let by = identity.map_or("", |identity| identity.arn.name());
    PastAction {
        id: intent.clone(),
        at: model.stamp.now,
        subject: running.target.subject,
        verb: Some(running.verb),
        by: Clean::new(by),
        own: true,
        undoable: running.undoable,
        text,
        good,
        count: running.count.map(|change| CountSet {
            at: model.stamp.now,
            by: identity.map(|identity| identity.arn.clone()),
            before: change.before,
            after: change.after,
        }),
    }
}

/// What was filled in for a write that did not come about is kept for the next try.
fn keep_input(model: &mut Model, intent: &IntentId, outcome: &Outcome, seen: &Seen) {
    let Some(mut form) = model.sent.remove(intent) else {
        return;
    };
    match outcome {
        Outcome::Failed(_) | Outcome::Refused(_) if seen.made.tasks.is_empty() => {
            form.error = outcome.detail();
            model.draft = Some(form);
        }
        // With the same input once more it would be done twice, or a part of it.
        Outcome::Failed(_)
        | Outcome::Refused(_)
        | Outcome::Done
        | Outcome::AppliedByUnknown(_)
        | Outcome::Unknown(_) => {}
    }
}

/// Reads at once what was changed, and no more than that.
fn see_again(model: &mut Model, target: &Target) {
    match (&target.subject, &target.cluster) {
        (Subject::Service(service), _) => see_service_again(model, service),
        (Subject::Tasks(_) | Subject::Run(_), Some(cluster)) => {
            model.readings.want(&Slot::Tasks(cluster.clone()));
        }
        (Subject::Queue(_), _) => model.readings.want(&Slot::Queues),
        (Subject::Tasks(_) | Subject::Run(_), None) => {}
    }
}

/// Reads a service and its tasks, not the whole cluster.
fn see_service_again(model: &mut Model, service: &Arn) {
    let Some(service) = model.fleet.services.get(service) else {
        return;
    };
    let cluster = service.cluster.clone();
    let scaling = Slot::Asked(Question::autoscaling(service));
    let tasks = Slot::TasksOf(cluster.clone(), service.name.clone());
    let watched = Slot::Watched(cluster.clone());
    let slots = if model.readings.get(&watched).is_some() {
        [watched, tasks]
    } else {
        [Slot::Services(cluster), tasks]
    };
    slots.iter().for_each(|slot| model.readings.want(slot));
    // Where it was asked about: it may be held by now.
    if model.readings.get(&scaling).is_some() {
        model.readings.want(&scaling);
    }
}
