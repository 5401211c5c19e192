//! The rows of the services pane: the most broken first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::columns::COLUMNS;
use crate::app::model::Model;
use crate::app::model::fleet::Fleet;
use crate::app::model::inputs::ServicesInputs;
use crate::app::model::past_action::PastAction;
use crate::app::model::row_key::RowKey;
use crate::app::model::rows::ServiceRow;
use crate::app::model::running::Running;
use crate::app::model::serving::Serving;
use crate::app::model::setup::Setup;
use crate::app::model::story::Course;
use crate::app::naming::stand;
use crate::app::panes::columns::arrange;
use crate::app::panes::services::missing::missing;
use crate::app::panes::services::serving::serving;
use crate::app::panes::services::story::{After, sending};
use crate::app::panes::tasks::rows::settle_tasks;
use crate::app::reads::local_facts::local_facts;
use crate::app::reads::workload;
use crate::diagnose::{Diagnosis, Verdict};
use crate::domain::{Arn, Service, Task, TaskStatus};
use crate::text::Clean;

/// All rows of the services pane: the most broken first, then by name.
pub fn service_rows(fleet: &Fleet, setup: &Setup) -> Vec<ServiceRow> {
    let mut rows: Vec<ServiceRow> = fleet
        .services
        .keys()
        .map(|arn| RowKey::Service(arn.clone()))
        .filter_map(|key| row_of(fleet, key))
        .collect();
    rows.extend(
        fleet
            .families()
            .cloned()
            .filter_map(|key| row_of(fleet, key)),
    );
    rows.extend(missing(fleet, setup));
    // Who serves nobody comes before whom something else is the matter with, and then who waits for a person.
    rows.sort_by(|a, b| {
        let key = |row: &ServiceRow| {
            let bad = row.verdict.is_bad_news();
            Reverse((row.is_down(), bad, row.waits, row.verdict))
        };
        (key(a), &a.cluster, &a.name).cmp(&(key(b), &b.cluster, &b.name))
    });
    rows
}

fn row_of(fleet: &Fleet, key: RowKey) -> Option<ServiceRow> {
    let diagnosis = fleet.diagnosis(&key);
    let verdict = diagnosis.map_or(Verdict::Unknown, |diagnosis| diagnosis.verdict);
    let summary = diagnosis
        .map(|diagnosis| diagnosis.summary.clone())
        .unwrap_or_default();
    let brief = diagnosis.map(Diagnosis::brief).unwrap_or_default();
    let waits = diagnosis.is_some_and(|diagnosis| diagnosis.needs_attention);
    let since = diagnosis.and_then(|diagnosis| diagnosis.since);
    match &key {
        RowKey::Service(arn) => {
            let service = fleet.services.get(arn)?;
            let cause = diagnosis.and_then(|diagnosis| diagnosis.causes.first());
            let cause = cause.map(|cause| cause.id);
            let healthy = healthy_targets(fleet, service);
            let serving = serving(service, &fleet.tasks_of(&key), cause, healthy);
            // What is being set up serves nobody yet.
            let is_told = !serving.down || verdict.is_bad_news();
            Some(ServiceRow {
                serving: if is_told { serving } else { Serving::default() },
                story: None,
                waits,
                name: service.name.clone(),
                cluster: Clean::new(service.cluster.name()),
                verdict,
                running: service.running,
                desired: (service.scheduling == crate::domain::Scheduling::Replica)
                    .then_some(service.desired),
                pending: service.pending,
                summary,
                brief,
                since,
                revision: Clean::new(service.task_definition.name()),
                key,
            })
        }
        RowKey::Family(cluster, family) => {
            let tasks = fleet.tasks_of(&key);
            let count = |of: &dyn Fn(&Task) -> bool| {
                u32::try_from(tasks.iter().filter(|task| of(task)).count()).unwrap_or(u32::MAX)
            };
            let shown = fleet.shown_tasks_of(&key);
            let newest = shown.iter().max_by_key(|task| task.created);
            if newest.is_none() && diagnosis.is_none() {
                return None;
            }
            Some(ServiceRow {
                serving: Serving::default(),
                story: None,
                waits,
                name: family.clone(),
                cluster: Clean::new(cluster.name()),
                verdict,
                running: count(&|task| task.status == TaskStatus::Running),
                desired: None,
                pending: count(&|task| task.status < TaskStatus::Running),
                summary,
                brief,
                since,
                revision: newest.map_or_else(
                    || family.clone(),
                    |newest| Clean::new(newest.definition.name()),
                ),
                key,
            })
        }
        RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
    }
}

/// How many targets of a service's load balancers are healthy; none where they were not asked.
fn healthy_targets(fleet: &Fleet, service: &Service) -> Option<usize> {
    let groups = service.load_balancers.iter();
    let groups =
        groups.filter_map(|balancer| fleet.facts.target_group(balancer.target_group.as_ref()?));
    let healthy = groups.map(|group| {
        let targets = group.targets.iter();
        targets.filter(|target| target.state == "healthy").count()
    });
    healthy.reduce(usize::saturating_add)
}

/// Brings the verdicts, the rows of the services pane and those of the tasks pane into line with what they follow from.
pub(in crate::app) fn settle_services(model: &mut Model) {
    let list = &model.services;
    let basis = ServicesInputs {
        fleet: model.fleet.revision(),
        done: model.done.revision(),
        problems_only: model.problems_only,
        filter: list.filter.clone(),
        sort: list.sort,
        sending: model
            .running
            .iter()
            .map(|(id, running)| (id.clone(), running.stage))
            .collect(),
    };
    let changed = !model.service_rows.is_of(&basis);
    if changed {
        // What was done is part of what each of them means.
        let before = model.service_rows.basis();
        let done = before.is_some_and(|before| before.done != basis.done);
        diagnose(model, done);
        rebuild(model, basis);
    }
    stand(model);
    if changed || !model.services.cursor.is_settled() {
        let rows = model.service_rows.iter();
        let keys: Vec<_> = rows.map(|row| row.key.clone()).collect();
        model.services.cursor.settle(&keys);
    }
    settle_tasks(model);
}

/// Works out anew what the services mean of which something has changed, or what all of them mean.
pub(in crate::app) fn diagnose(model: &mut Model, everything: bool) {
    let loads = workload::loads(model);
    let (deck, done) = (model.setup.deck.as_ref(), &model.done);
    let local = |service: &Service| local_facts(deck, done, service);
    let now = model.stamp.now;
    let fleet = model.fleet.settle();
    fleet.diagnose(now, everything, local, &loads);
}

fn rebuild(model: &mut Model, basis: ServicesInputs) {
    let mut rows = service_rows(&model.fleet, &model.setup);
    tell_stories(model, &mut rows);
    let all = rows.len();
    if model.problems_only {
        rows.retain(|row| {
            row.waits
                || row.story.is_some()
                || row.verdict.is_bad_news()
                || row.verdict == Verdict::Unknown
        });
    }
    let hidden = all.saturating_sub(rows.len());
    let now = model.stamp.now;
    let filtered = arrange(&mut rows, &COLUMNS, &basis.filter, basis.sort, now);
    model.services.hidden = hidden.saturating_add(filtered);
    model.service_rows.put(basis, rows);
}

/// Remembers how each row is, and says of each service what has become of the last write to it.
fn tell_stories(model: &mut Model, rows: &mut [ServiceRow]) {
    let now = model.stamp.now;
    let mut before = std::mem::take(&mut model.courses);
    for row in rows.iter() {
        let well = matches!(row.verdict, Verdict::Steady | Verdict::ScaledToZero);
        let bad = row.verdict.is_bad_news();
        let course = before.remove(&row.key).or(bad.then(Course::default));
        if let Some(mut course) = course {
            course.see(bad, well, now);
            model.courses.insert(row.key.clone(), course);
        }
    }
    let running: BTreeMap<&Arn, &Running> = model
        .running
        .values()
        .filter_map(|running| Some((running.target.subject.service()?, running)))
        .collect();
    // Those that ended last stand last.
    let mut done: Vec<&PastAction> = model.done.iter().filter(|action| action.good).collect();
    done.sort_by_key(|action| action.at);
    let done: BTreeMap<&Arn, &PastAction> = done
        .into_iter()
        .filter_map(|action| Some((action.subject.service()?, action)))
        .collect();
    for row in rows {
        let RowKey::Service(arn) = &row.key else {
            continue;
        };
        row.story = match (running.get(arn), done.get(arn)) {
            (Some(running), _) => Some(sending(running)),
            (None, Some(action)) => {
                let course = model.courses.get(&row.key).copied().unwrap_or_default();
                let service = model.fleet.services.get(arn);
                let diagnosis = model.fleet.diagnosis(&row.key);
                service.zip(diagnosis).and_then(|(service, diagnosis)| {
                    let after = After {
                        action,
                        course,
                        service,
                        diagnosis,
                        now,
                    };
                    after.story()
                })
            }
            (None, None) => None,
        };
    }
}
