//! The only place where the state changes: a function of state, message and stamp.

use std::time::Duration;

use super::effect::Effect;
use super::keys::press;
use super::model::{Model, Overlay, Pane, REST, Tone};
use super::msg::{Msg, Stamp};
use super::plan;
use super::query::{Answer, RequestId, Slot};
use super::rows::{service_rows, task_rows};
use crate::act::{IntentId, Outcome};
use crate::diagnose::Verdict;
use crate::domain::{CloudError, Service};
use crate::text::Clean;

/// Takes in what happened; gives what is to be done.
pub fn update(model: &mut Model, msg: Msg, stamp: Stamp) -> Vec<Effect> {
    model.stamp = stamp;
    let mut effects = take(model, msg);
    pass_time(model);
    settle(model);
    effects.extend(plan::poll(model));
    effects
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key { key, alone } => return press(model, key, alone),
        Msg::Pasted(text) => super::keys::paste(model, &text),
        Msg::Resized { width, height } => model.size = (width, height),
        Msg::Shown(question) => {
            if let Some(Overlay::Confirm(confirm)) = &mut model.overlay
                && confirm.question == question
            {
                confirm.armed = true;
            }
        }
        Msg::Ticked => {}
        Msg::Resumed => {
            // Nobody knows what has been typed or changed meanwhile.
            if matches!(model.overlay, Some(Overlay::Confirm(_))) {
                model.overlay = None;
                model.note(
                    Tone::Plain,
                    Clean::literal("suspended: the question was withdrawn"),
                );
            }
            model.readings.want_all();
            return vec![Effect::Repaint];
        }
        Msg::Read {
            slot,
            request,
            answer,
        } => {
            if model.readings.accepts(&slot, request) {
                read(model, &slot, answer);
            }
        }
        Msg::ReadEnded {
            slot,
            request,
            result,
        } => read_ended(model, &slot, request, result),
        Msg::LogAsked {
            target,
            range,
            pattern,
        } => {
            super::log_keys::show_log(model, target);
            model.logs.range = range;
            model.logs.pattern = pattern;
        }
        Msg::Decided(intent) => return vec![super::deciding::begin(model, *intent)],
        Msg::Called(total) => count_calls(model, total),
        Msg::ActReached { intent, stage } => {
            if let Some(running) = model.running.get_mut(&intent) {
                running.stage = stage;
            }
        }
        Msg::Acted {
            intent,
            outcome,
            service,
        } => acted(model, &intent, &outcome, service),
        Msg::Saved(Ok(path)) => model.note(Tone::Good, Clean::own(format!("saved to {path}"))),
        Msg::Saved(Err(why)) => model.note(Tone::Bad, Clean::own(format!("not saved: {why}"))),
    }
    Vec::new()
}

fn read(model: &mut Model, slot: &Slot, answer: Answer) {
    match answer {
        Answer::Identity(identity) => {
            model.identity = Some(identity);
            model.readings.forgive_credentials();
        }
        Answer::ClusterList(arns) => model.fleet.announce_clusters(arns),
        Answer::Clusters { clusters, failures } => {
            model.fleet.set_clusters(clusters, failures);
            model.rows_changed = true;
        }
        Answer::Services { services, failures } => {
            model.fleet.put_services(services, failures);
            model.rows_changed = true;
        }
        Answer::ServiceList(listed) => {
            if let Slot::Services(cluster) = slot {
                model.fleet.keep_services(cluster, &listed);
                model.rows_changed = true;
            }
        }
        Answer::Tasks { tasks, failures } => {
            model.fleet.put_tasks(tasks, failures);
            model.rows_changed = true;
        }
        Answer::TaskList(listed) => {
            match slot {
                Slot::Tasks(cluster) => model.fleet.keep_tasks(cluster, None, &listed),
                Slot::TasksOf(cluster, service) => {
                    model.fleet.keep_tasks(cluster, Some(service), &listed)
                }
                _ => {}
            }
            model.rows_changed = true;
        }
        Answer::Definition(definition) => {
            model.fleet.unreadable.remove(&definition.arn);
            model
                .fleet
                .definitions
                .insert(definition.arn.clone(), std::sync::Arc::new(*definition));
            // What it names may be a queue.
            model.readings.want(&Slot::Queues);
        }
        Answer::NoDefinition(arn, error) => {
            model.fleet.unreadable.insert(arn, error);
        }
        Answer::Queues {
            queues,
            missing,
            failed,
        } => model.queues.put(queues, missing, failed),
        Answer::Tables(tables) => model.work.listed = tables,
        Answer::Work(table) => {
            model.work.tables.insert(table.shape.name.clone(), *table);
        }
        Answer::Logs(events) => {
            let pane = &mut model.logs;
            if let Some(follow) = &mut pane.follow {
                let fresh = follow.take(events);
                pane.stirred |= !fresh.is_empty();
                fresh
                    .into_iter()
                    .for_each(|event| pane.buffer.insert(event));
            }
        }
        Answer::LogSourceFailed(source, error) => {
            use crate::domain::ErrorKind;
            // A stream that does not exist yet fails the whole call: then the group is read whole.
            if error.kind == ErrorKind::NotFound && !source.streams.is_empty() {
                model.logs.whole.insert(source.group);
            } else {
                model.logs.failed = Some((source, error));
            }
        }
        Answer::LogsCapped(source) => {
            model.logs.capped = true;
            if let Some(follow) = &mut model.logs.follow {
                follow.cap(&source);
            }
        }
    }
}

fn read_ended(model: &mut Model, slot: &Slot, request: RequestId, result: Result<(), CloudError>) {
    let complete = result.is_ok();
    let (now, elapsed) = (model.stamp.now, model.stamp.elapsed);
    if !model
        .readings
        .end(slot, request, result.err(), now, elapsed)
    {
        return;
    }
    match slot {
        Slot::Services(_) => {
            model.fleet.diagnose(now, true);
            model.rows_changed = true;
        }
        Slot::Logs => {
            let pane = &mut model.logs;
            if let Some(follow) = &mut pane.follow {
                follow.ended(complete, now);
            }
            if complete && pane.stirred {
                pane.failed = None;
            }
            pane.pace();
        }
        _ => {}
    }
}

fn count_calls(model: &mut Model, total: u64) {
    let elapsed = model.stamp.elapsed;
    let calls = &mut model.calls;
    let newest = calls.samples.back().map(|(at, _)| *at);
    if newest.is_none_or(|at| elapsed.saturating_sub(at) >= Duration::from_secs(1)) {
        calls.samples.push_back((elapsed, calls.total));
    }
    calls.total = total;
}

fn acted(model: &mut Model, intent: &IntentId, outcome: &Outcome, service: Option<Box<Service>>) {
    let title = model
        .running
        .remove(intent)
        .map_or_else(|| Clean::literal("the change"), |running| running.title);
    if let Some(service) = service {
        model.fleet.put_services(vec![*service], Vec::new());
        model.rows_changed = true;
    }
    let tone = if *outcome == Outcome::Done {
        Tone::Good
    } else {
        Tone::Bad
    };
    let text = match outcome.detail() {
        Some(detail) => format!("{title}: {} \u{2014} {detail}", outcome.word()),
        None => format!("{title}: {}", outcome.word()),
    };
    model.note(tone, Clean::own(text));
    model.outcomes.insert(intent.clone(), outcome.clone());
    model.readings.want_all();
}

/// What comes about by time alone.
fn pass_time(model: &mut Model) {
    let elapsed = model.stamp.elapsed;
    if model
        .notice
        .as_ref()
        .is_some_and(|notice| notice.until.is_some_and(|until| until <= elapsed))
    {
        model.notice = None;
    }
    if let Some(Overlay::Confirm(confirm)) = &mut model.overlay
        && confirm.armed_by <= elapsed
    {
        confirm.armed = true;
    }
    let minute = Duration::from_secs(60);
    while model.calls.samples.len() > 1
        && model
            .calls
            .samples
            .get(1)
            .is_some_and(|(at, _)| elapsed.saturating_sub(*at) >= minute)
    {
        model.calls.samples.pop_front();
    }
}

/// Brings what is derived into line with what it is derived from.
fn settle(model: &mut Model) {
    if std::mem::take(&mut model.rows_changed) {
        model.fleet.diagnose(model.stamp.now, false);
        rebuild_services(model);
    }
    let on = model.services.cursor.on().cloned();
    let rested = model.stamp.elapsed.saturating_sub(model.moved_at) >= REST;
    if model.looked_at != on && (rested || model.looked_at.is_none()) {
        model.looked_at = on;
    }
    plan::retarget_log(model);
}

/// Makes the rows of the services pane anew, and what hangs on them.
pub(super) fn rebuild_services(model: &mut Model) {
    let mut rows = service_rows(&model.fleet, &model.setup);
    let all = rows.len();
    if model.problems_only {
        rows.retain(|row| row.verdict.is_bad_news() || row.verdict == Verdict::Unknown);
    }
    if !model.services.filter.is_empty() {
        let mut matching = model
            .services
            .filter
            .matching(&["name", "cluster", "verdict", "revision"]);
        rows.retain(|row| {
            matching.shows(&[
                ("name", &row.name),
                ("cluster", &row.cluster),
                ("verdict", row.verdict.word()),
                ("revision", &row.revision),
            ])
        });
    }
    model.hidden_rows = all.saturating_sub(rows.len());
    model.service_rows = rows;
    if let Some(name) = model.setup.service.clone()
        && let Some(row) = model.service_rows.iter().find(|row| row.name == name)
    {
        // A flag named it: stand on it once, and from then on go where the person goes.
        model.services.cursor.put(row.key.clone());
        model.setup.service = None;
    }
    let keys: Vec<_> = model
        .service_rows
        .iter()
        .map(|row| row.key.clone())
        .collect();
    model.services.cursor.settle(&keys);
    rebuild_tasks(model);
}

/// Makes the rows of the tasks pane anew.
pub(super) fn rebuild_tasks(model: &mut Model) {
    let mut rows = match model.services.cursor.on() {
        Some(key) => task_rows(&model.fleet, key, model.show_stopped),
        None => Vec::new(),
    };
    if !model.tasks.filter.is_empty() {
        let mut matching = model
            .tasks
            .filter
            .matching(&["id", "status", "revision", "reason"]);
        rows.retain(|row| {
            let status = super::words::task_status(row.status);
            matching.shows(&[
                ("id", &row.id),
                ("status", status),
                ("revision", &row.revision),
                ("reason", &row.note),
            ])
        });
    }
    model.task_rows = rows;
    let keys: Vec<_> = model.task_rows.iter().map(|row| row.key.clone()).collect();
    model.tasks.cursor.settle(&keys);
}

impl Model {
    /// The next time at which something changes though nothing comes in, since the console started.
    /// Nothing need wake before; where there is none, nothing need wake at all.
    pub fn next_wake(&self) -> Option<Duration> {
        let elapsed = self.stamp.elapsed;
        let notice = self.notice.as_ref().and_then(|notice| notice.until);
        let arming = match &self.overlay {
            Some(Overlay::Confirm(confirm)) if !confirm.armed => Some(confirm.armed_by),
            _ => None,
        };
        let resting = (self.looked_at.as_ref() != self.services.cursor.on())
            .then(|| self.moved_at.saturating_add(REST));
        // Ages that are on the screen grow by the second.
        let aging = Pane::ALL
            .iter()
            .any(|pane| self.pane_state(*pane).shows_age())
            && !self.setup.is_paused();
        let ticking = aging.then(|| elapsed.saturating_add(Duration::from_secs(1)));
        // A reading that hangs must begin to show its age.
        let hanging = self
            .readings
            .iter()
            .any(|(_, reading)| reading.in_flight.is_some())
            .then(|| elapsed.saturating_add(Duration::from_secs(2)));
        [
            notice,
            arming,
            resting,
            ticking,
            hanging,
            plan::next_due(self),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}
