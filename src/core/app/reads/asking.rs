//! Which deciding questions are asked, and how often.
//!
//! Few: those about the service that is looked at and about a few that are in
//! trouble or roll out. Of these the rollouts are looked at wherever a verdict
//! is told, because nothing else tells a rollout that waits from one that
//! works; the rest is asked where causes are told. A service that is well costs
//! nothing but one look at its earlier rollouts, what scales it and what may be
//! done to it, while its detail is on the screen. What AWS will not answer is not asked again soon.

use std::time::Duration;

use crate::app::model::Model;
use crate::app::model::overlay::Overlay;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::app::panes;
use crate::app::reads::checking;
use crate::app::writes::allowed;
use crate::app::writes::forms::tags_question;
use crate::diagnose::pace::{ALARMS, LATE_LINES, MENDED, ONCE, REFUSED, ROLLING};
use crate::diagnose::{Diagnosis, Question, Verdict};
use crate::domain::{Arn, Controller, ErrorKind, Rollout, Service};

/// Services in trouble that are asked about beside the one that is looked at.
const TROUBLED: usize = 5;
/// Questions at a time.
const MOST: usize = 16;
/// An answer that nobody needs any more is kept for so many seconds: its question may come back.
const KEPT: i64 = 600;
/// The services and families that are asked about, the most wanted first. A command asks about the one that it is for.
pub(in crate::app) fn rows(model: &Model) -> Vec<&RowKey> {
    let is_there = |key: &&RowKey| match key {
        RowKey::Service(arn) => model.fleet.services.contains_key(arn),
        RowKey::Family(..) => true,
        RowKey::MissingService(_) | RowKey::MissingCluster(_) => false,
    };
    if let Some(key) = &model.why {
        return Some(key).filter(is_there).into_iter().collect();
    }
    if !model.setup.asks {
        return Vec::new();
    }
    if !panes::need(panes::seen(model), |needs| needs.verdicts) {
        return Vec::new();
    }
    let mut wanted: Vec<&RowKey> = Vec::new();
    wanted.extend(model.looked_at.as_ref().filter(is_there));
    let rows = model.service_rows().iter();
    let troubled = rows.filter(|row| is_of_interest(row.verdict));
    for key in troubled.map(|row| &row.key).filter(is_there) {
        if wanted.len() > TROUBLED {
            break;
        }
        if !wanted.contains(&key) {
            wanted.push(key);
        }
    }
    wanted
}

/// Whether there may be something to decide.
fn is_of_interest(verdict: Verdict) -> bool {
    verdict.is_bad_news() || verdict == Verdict::Progressing
}

/// Whether somebody is told the causes, and not the verdicts alone, and what decides between them can be named.
///
/// AWS's words cut names that a definition has whole: before that is read the question would be another one.
fn tells_causes(model: &Model) -> bool {
    let definitions = model.readings.get(&Slot::Definitions);
    let failed = definitions.is_some_and(|reading| reading.error.is_some());
    let told = model.why.is_some() || panes::need(panes::there(model), |needs| needs.causes);
    told && (model.definitions_wanted.is_empty() || failed)
}

/// The questions to ask, and how often, the most wanted first.
pub(in crate::app) fn questions(model: &Model) -> Vec<(Question, Duration)> {
    let mut wanted: Vec<(Question, Duration)> = Vec::new();
    // What somebody waits for comes first.
    if let Some(pending) = &model.wish {
        let needs = pending.missing.questions.iter();
        wanted.extend(needs.map(|question| (question.clone(), ONCE)));
    }
    let checked = checking::questions(model).into_iter();
    wanted.extend(checked.map(|question| {
        let every = as_it_went(model, &question, question.pace());
        (question, every)
    }));
    if let Some(Overlay::Form(form)) = &model.overlay
        && let Some(question) = tags_question(form)
    {
        let every = as_it_went(model, &question, question.pace());
        wanted.push((question, every));
    }
    for key in rows(model) {
        // Before all of it is known a diagnosis is not worth a question.
        let fleet = &model.fleet;
        let service = match key {
            RowKey::Service(arn) => fleet.services.get(arn),
            _ => None,
        };
        let cluster = match (key, service) {
            (RowKey::Family(cluster, _), _) => cluster,
            (_, Some(service)) => &service.cluster,
            _ => continue,
        };
        if !fleet.listed.contains(cluster) || !fleet.tasks_listed.contains(cluster) {
            continue;
        }
        let Some(diagnosis) = fleet.diagnosis(key) else {
            continue;
        };
        let asked = match service {
            Some(service) => of_service(model, key, service, diagnosis),
            None => of_causes(model, key, diagnosis),
        };
        for (question, every) in asked {
            if wanted.len() < MOST && !wanted.iter().any(|(known, _)| *known == question) {
                let every = as_it_went(model, &question, every);
                wanted.push((question, every));
            }
        }
    }
    wanted
}

fn of_service(
    model: &Model,
    key: &RowKey,
    service: &Service,
    diagnosis: &Diagnosis,
) -> Vec<(Question, Duration)> {
    let mut asked = Vec::new();
    let is_of_interest = is_of_interest(diagnosis.verdict);
    let is_shown = model.why.is_none()
        && panes::need(panes::seen(model), |needs| needs.causes)
        && model.looked_at.as_ref() == Some(key);
    // Others have no service deployments (source: ECS API reference, ListServiceDeployments).
    if service.controller == Controller::Ecs && (is_of_interest || is_shown) {
        let question = Question::rollouts(service);
        let every = rollouts_pace(model, service, &question);
        asked.push((question, every));
    }
    asked.extend(of_causes(model, key, diagnosis));
    if is_shown {
        asked.push((Question::autoscaling(service), ONCE));
        // Behind all that tells what is the matter.
        asked.extend(allowed::question(model, service).map(|question| (question, REFUSED)));
    }
    asked
}

/// What a diagnosis would have decided, where causes are told.
fn of_causes(model: &Model, key: &RowKey, diagnosis: &Diagnosis) -> Vec<(Question, Duration)> {
    if !tells_causes(model) {
        return Vec::new();
    }
    // A log is read of what somebody looks at alone: CloudWatch allows few calls.
    let looked_at = model.why.is_some() || model.looked_at.as_ref() == Some(key);
    let questions = diagnosis.questions.iter();
    let of_a_log =
        |one: &Question| matches!(one, Question::LastLines { .. } | Question::Forgotten { .. });
    let questions = questions.filter(|one| looked_at || !of_a_log(one));
    let paced = questions.map(|question| {
        let every = lines_pace(model, question).unwrap_or_else(|| question.pace());
        (question.clone(), every)
    });
    paced.collect()
}

/// The last lines of a task that has just ended are read again: CloudWatch knows a line some time after it was written.
fn lines_pace(model: &Model, question: &Question) -> Option<Duration> {
    let Question::LastLines { until, .. } = question else {
        return None;
    };
    let read = model.fleet.facts.answered(question)?.at;
    (read.duration_since(*until) < LATE_LINES).then_some(MENDED)
}

fn rollouts_pace(model: &Model, service: &Service, question: &Question) -> Duration {
    let Some(primary) = service.primary() else {
        return ONCE;
    };
    let read = model
        .readings
        .get(&Slot::Asked(question.clone()))
        .and_then(|reading| reading.read_at);
    // One that has ended since is looked at once more.
    let has_changed = read.is_some_and(|read| primary.updated.is_some_and(|at| at > read));
    if primary.rollout == Some(Rollout::InProgress) || has_changed {
        ROLLING
    } else {
        ONCE
    }
}

/// What failed is tried again, but what was refused not soon.
fn as_it_went(model: &Model, question: &Question, every: Duration) -> Duration {
    let slot = Slot::Asked(question.clone());
    let error = model
        .readings
        .get(&slot)
        .and_then(|reading| reading.error.as_ref());
    match error.map(|error| error.kind) {
        Some(ErrorKind::Denied | ErrorKind::Invalid | ErrorKind::NotFound) => every.max(REFUSED),
        Some(_) => every.min(MENDED),
        None => every,
    }
}

/// The earliest time at which alarms may be asked for again.
pub(in crate::app) fn alarms_due(model: &Model) -> Duration {
    let alarms = model
        .readings
        .iter()
        .filter_map(|(slot, reading)| match slot {
            Slot::Asked(Question::Alarms(_)) => reading.began(),
            _ => None,
        });
    alarms
        .max()
        .map_or(Duration::ZERO, |began| began.saturating_add(ALARMS))
}

/// Forgets answers that nobody needs any more, and that they were asked for.
pub(in crate::app) fn forget_unneeded(model: &mut Model) {
    let wanted: Vec<Question> = questions(model)
        .into_iter()
        .map(|(question, _)| question)
        .collect();
    let now = model.stamp.now;
    let services = |arn: &Arn| model.fleet.services.contains_key(arn);
    let unneeded: Vec<Question> = model
        .fleet
        .facts
        .iter()
        .filter(|(question, answered)| match question {
            Question::Rollouts { service, .. } | Question::Autoscaling { service, .. } => {
                !services(service)
            }
            _ => !wanted.contains(question) && now.duration_since(answered.at).as_secs() > KEPT,
        })
        .map(|(question, _)| question.clone())
        .collect();
    if unneeded.is_empty() {
        return;
    }
    model
        .fleet
        .change()
        .facts
        .keep(|question| !unneeded.contains(question));
    model
        .readings
        .forget(|slot| matches!(slot, Slot::Asked(question) if unneeded.contains(question)));
}
