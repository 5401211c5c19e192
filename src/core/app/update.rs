//! The only place where the state changes: a function of state, message and stamp.

use std::time::Duration;

use super::effect::Effect;
use super::effect::LoopEffect;
use super::model::Model;
use super::model::inputs::DefinitionsInputs;
use super::model::notice::Tone;
use super::model::overlay::Overlay;
use super::model::pane::Pane;
use super::model::slot::Slot;
use super::model::stamp::Stamp;
use super::msg::Msg;
use super::panes;
use super::panes::services::rows::settle_services;
use super::press::press;
use super::reads::answers::{acted, read, read_ended};
use super::reads::discovery::wanted_definitions;
use super::reads::following::retarget;
use super::reads::plan;
use super::reads::querying;
use super::reads::ring::{keep_stopped, kept_loaded, stopped_not_kept};
use super::writes::{driver, preflight};
use crate::domain::Arn;
use crate::text::Clean;

/// Takes in what happened; gives what is to be done.
pub fn update(model: &mut Model, msg: Msg, stamp: Stamp) -> Vec<Effect> {
    model.stamp = stamp;
    let mut effects = take(model, msg);
    pass_time(model);
    settle(model);
    effects.extend(keep_stopped(model));
    effects.extend(super::reads::journal::settle_once(model));
    effects.extend(super::reads::journal::keep(model));
    effects.extend(driver::go_on(model));
    effects.extend(preflight::warn(model));
    effects.extend(plan::poll(model));
    effects
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key { key, alone } => return press(model, key, alone),
        Msg::Pasted(text) => super::press::paste(model, &text),
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
            if let Some(Overlay::Confirm(confirm)) = &mut model.overlay {
                model.overlay = confirm.form.take().map(Overlay::Form);
                model.note(
                    Tone::Plain,
                    Clean::literal("confirmation cancelled (suspended)"),
                );
            }
            driver::forget(model);
            model.readings.want_all();
            return vec![Effect::Loop(LoopEffect::Repaint)];
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
            since,
            until,
            pattern,
        } => {
            super::panes::logs::keys::show_log(model, target);
            (model.logs.since, model.logs.until) = (Some(since), until);
            if pattern.is_some() {
                model.logs.pattern = pattern;
            }
        }
        Msg::QueryAsked(wish) => querying::begin(model, wish),
        Msg::QueryAgreed => querying::agree(model),
        Msg::QueryLeft => querying::leave(model),
        Msg::WhyAsked(row) => {
            model.services.cursor.put(row.clone());
            model.looked_at = Some(row.clone());
            model.why = Some(row);
        }
        Msg::CheckAsked(check) => model.check = Some(check),
        Msg::CheckLeft => model.check = None,
        Msg::Wished { wish, dry_run } => driver::begin_command(model, *wish, dry_run),
        Msg::Decided => {
            return super::writes::deciding::decided(model)
                .into_iter()
                .collect();
        }
        Msg::EarlierSettled => driver::earlier_settled(model),
        Msg::Called(total) => count_calls(model, total),
        Msg::ActReached { intent, stage } => {
            if let Some(running) = model.running.get_mut(&intent) {
                running.stage = stage;
            }
        }
        Msg::Acted {
            intent,
            outcome,
            seen,
        } => acted(model, &intent, &outcome, *seen),
        Msg::KeptLoaded {
            account,
            tasks,
            actions,
            problem,
        } => kept_loaded(model, &account, tasks, actions, problem),
        Msg::StoppedNotKept(why) => stopped_not_kept(model, &why),
        Msg::JournalRead(journal) => super::reads::journal::read(model, journal),
        Msg::JournalSettled {
            title,
            outcome,
            detail,
            resend,
        } => super::reads::journal::settled(model, &title, outcome, &detail, resend),
        Msg::Saved(Ok(path)) => model.note(Tone::Good, Clean::own(format!("saved to {path}"))),
        Msg::Saved(Err(why)) => model.note(Tone::Bad, Clean::own(format!("not saved: {why}"))),
    }
    Vec::new()
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
    let samples = &mut model.calls.samples;
    while samples
        .front()
        .is_some_and(|(at, _)| elapsed.saturating_sub(*at) >= minute)
    {
        samples.pop_front();
    }
}

/// Brings what is derived into line with what it is derived from.
fn settle(model: &mut Model) {
    // Who looks at a row's tasks, detail or log stays on that row, however the rows move.
    if panes::of(model.focus).needs.tasks
        && let Some(on) = model.services.cursor.on().cloned()
    {
        model.services.cursor.put(on);
    }
    settle_services(model);
    super::panes::detail::settle(model);
    let still = model.stamp.elapsed.saturating_sub(model.moved_at);
    if still >= LIT {
        model.services.cursor.light();
        model.tasks.cursor.light();
        model.queues.list.cursor.light();
        model.work.list.cursor.light();
        model.deployments.cursor.light();
        model.journal_pane.list.cursor.light();
    }
    let rested = still >= REST;
    if model.looked_at.as_ref() != model.services.cursor.on()
        && (rested || model.looked_at.is_none())
    {
        model.looked_at = model.services.cursor.on().cloned();
    }
    if model.looked_at_task.as_ref() != model.tasks.cursor.on() && rested {
        model.looked_at_task = model.tasks.cursor.on().cloned();
    }
    let basis = DefinitionsInputs {
        fleet: model.fleet.revision(),
        rows: model.service_rows.revision(),
        looked_at: model.looked_at.clone(),
        why: model.why.clone(),
        check: model.checked().map(|check| check.revision.clone()),
        log: model.logs.target.clone(),
        queried: model
            .insights
            .as_ref()
            .map(|insights| insights.wish.target.clone()),
        detail: model.detail,
        zoom: model.zoom,
    };
    if !model.definitions_wanted.is_of(&basis) {
        let wanted = wanted_definitions(model);
        model.definitions_wanted.put(basis, wanted);
        // Those that were asked for and failed are tried again at their own pace.
        let new = |arn: &Arn| !model.asked.contains(arn);
        if model.definitions_wanted.iter().any(new) {
            model.readings.want(&Slot::Definitions);
        }
    }
    super::reads::started::follow(model);
    retarget(model);
    querying::locate(model);
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
        let checking = match &self.overlay {
            Some(Overlay::Confirm(confirm)) => confirm.checked_by(elapsed),
            _ => None,
        };
        let preparing = self.wish.as_ref().and_then(|wish| wish.until());
        let moved = self.looked_at.as_ref() != self.services.cursor.on()
            || self.looked_at_task.as_ref() != self.tasks.cursor.on();
        let resting = moved.then(|| self.moved_at.saturating_add(REST));
        let lit = self.services.cursor.is_lit()
            && self.tasks.cursor.is_lit()
            && self.queues.list.cursor.is_lit()
            && self.work.list.cursor.is_lit()
            && self.deployments.cursor.is_lit()
            && self.journal_pane.list.cursor.is_lit();
        let lighting = (!lit).then(|| self.moved_at.saturating_add(LIT));
        // Ages that are on the screen grow by the second.
        let aging = Pane::ALL
            .iter()
            .any(|pane| self.shows(*pane) && self.pane_state(*pane).shows_age())
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
            checking,
            preparing,
            resting,
            lighting,
            ticking,
            hanging,
            plan::next_due(self),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}

/// How long the cursor must rest before its row is drawn in full as the selected one.
const LIT: Duration = Duration::from_millis(60);

/// How long the cursor must rest before AWS is asked about what it stands on.
pub(in crate::app) const REST: Duration = Duration::from_millis(200);
