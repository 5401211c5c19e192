//! A query of CloudWatch Logs Insights: which groups it is about, and what readings change of it.

use std::collections::BTreeSet;

use crate::app::model::Model;
use crate::app::model::insights::{Insights, QueryStage, QueryWish};
use crate::app::model::log_target::LogTarget;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::app::query::Answer;
use crate::domain::{Arn, CloudError, InsightsQuery, LogDestination, LogGroup, Task};
use crate::text::Clean;

/// A group and its region, where that is not the console's own.
type Place = (Clean, Option<Clean>);

/// Begins a query. One that is under way is stopped.
pub(in crate::app) fn begin(model: &mut Model, wish: QueryWish) {
    leave(model);
    model.insights = Some(Insights::new(wish));
}

/// Nobody wants the query any more: CloudWatch is told to stop it.
pub(in crate::app) fn leave(model: &mut Model) {
    model.insights = None;
    model
        .readings
        .forget(|slot| matches!(slot, Slot::Insights | Slot::LogGroupSizes));
}

/// Somebody says yes to the price.
pub(in crate::app) fn agree(model: &mut Model) {
    if let Some(insights) = &mut model.insights {
        insights.agree();
    }
}

/// Looks for the groups of a query that has none yet, as far as is known where logs go.
pub(in crate::app) fn locate(model: &mut Model) {
    let Some(insights) = &model.insights else {
        return;
    };
    if !matches!(insights.stage, QueryStage::Locating(_)) {
        return;
    }
    let found = groups(model, &insights.wish.target);
    let Some(insights) = &mut model.insights else {
        return;
    };
    match found {
        Ok(places) => settle(insights, &places),
        Err(why) => insights.stage = QueryStage::Locating(why),
    }
}

fn settle(insights: &mut Insights, places: &BTreeSet<Place>) {
    let regions: BTreeSet<&Option<Clean>> = places.iter().map(|(_, region)| region).collect();
    let groups: BTreeSet<&Clean> = places.iter().map(|(group, _)| group).collect();
    let why = if regions.len() > 1 {
        "a query searches log groups of one region; these are in several".to_owned()
    } else if groups.len() > InsightsQuery::GROUPS {
        format!(
            "a query searches {} log groups at most; these are {}",
            InsightsQuery::GROUPS,
            groups.len()
        )
    } else {
        let region = regions.into_iter().next().cloned().flatten();
        return insights.locate(groups.into_iter().cloned().collect(), region);
    };
    insights.stage = QueryStage::Impossible(Clean::own(why));
}

/// The groups that a log is in, or why none is known.
fn groups(model: &Model, target: &LogTarget) -> Result<BTreeSet<Place>, Clean> {
    let mut places = BTreeSet::new();
    for one in target.each() {
        match one {
            LogTarget::Group(name) => {
                let logs = model.setup.deck.iter().flat_map(|deck| &deck.logs);
                let named = logs.into_iter().find(|log| log.name == name.as_str());
                let group = named.map_or_else(|| name.clone(), |log| Clean::new(&log.group));
                places.insert((group, None));
            }
            // None of several is several itself.
            LogTarget::Several(_) => {}
            LogTarget::Task(_) | LogTarget::Row(_) | LogTarget::Container(..) => {
                places.extend(groups_of_tasks(model, one)?);
            }
        }
    }
    Ok(places)
}

/// The groups that containers log to: those of a service's newest revision and of the tasks that are known.
fn groups_of_tasks(model: &Model, target: &LogTarget) -> Result<BTreeSet<Place>, Clean> {
    let (tasks, only): (Vec<&Task>, Option<&Clean>) = match target {
        LogTarget::Task(arn) => (model.fleet.task(arn).into_iter().collect(), None),
        LogTarget::Container(key, name) => (model.fleet.shown_tasks_of(key), Some(name)),
        other => {
            let key = other.row();
            let tasks = key.map(|key| model.fleet.shown_tasks_of(key));
            (tasks.unwrap_or_default(), None)
        }
    };
    let service = match target.row() {
        Some(RowKey::Service(arn)) => model.fleet.services.get(arn),
        _ => None,
    };
    let mut revisions: BTreeSet<&Arn> = tasks.iter().map(|task| &task.definition).collect();
    revisions.extend(service.map(|service| &service.task_definition));
    if revisions.is_empty() {
        return Err(Clean::literal(
            "no tasks ran in the last hour, so nobody knows where they log to",
        ));
    }
    let (mut places, mut unread) = (BTreeSet::new(), None);
    for revision in revisions {
        let Some(definition) = model.fleet.definitions.get(revision) else {
            let error = model.fleet.unreadable.get(revision);
            let error = error.or_else(|| model.readings.get(&Slot::Definitions)?.error.as_ref());
            unread = Some(error);
            continue;
        };
        let own = definition.containers.iter();
        let own = own.filter(|own| only.is_none_or(|only| *only == own.name));
        places.extend(own.filter_map(|own| match &own.log {
            Some(LogDestination::CloudWatch { group, region, .. }) => {
                let other = region.clone();
                Some((
                    group.clone(),
                    other.filter(|one| *one != model.setup.region),
                ))
            }
            Some(LogDestination::Driver { .. }) | None => None,
        }));
    }
    match unread {
        Some(Some(error)) if places.is_empty() => Err(Clean::own(format!(
            "the task definition cannot be read: {error}"
        ))),
        // All of them, or the group of an older revision would be missing.
        Some(None) => Err(Clean::literal("reading the task definition \u{2026}")),
        _ if places.is_empty() => Err(Clean::literal(
            "none of its containers logs to CloudWatch Logs",
        )),
        _ => Ok(places),
    }
}

/// Takes what was read for a query.
pub(in crate::app) fn read(model: &mut Model, answer: Answer) {
    let now = model.stamp.now;
    let Some(insights) = &mut model.insights else {
        return;
    };
    match answer {
        Answer::LogGroupSizes { groups, missing } => match missing {
            Some(missing) => insights.stage = QueryStage::NoGroup(missing),
            None => insights.size(Some(&groups), now),
        },
        Answer::QueryResults(results) => insights.find(*results),
        Answer::QueryWrong(problem) => insights.stage = QueryStage::Wrong(problem),
        _ => {}
    }
}

/// A reading for a query has ended.
pub(in crate::app) fn read_ended(model: &mut Model, slot: &Slot, error: Option<CloudError>) {
    let now = model.stamp.now;
    let Some(insights) = &mut model.insights else {
        return;
    };
    match (slot, error) {
        // Without rights to list groups a query may be allowed all the same; other errors would be its own as well.
        (Slot::LogGroupSizes, Some(error)) if error.is_about_credentials() => {
            insights.stage = QueryStage::Failed(error);
        }
        (Slot::LogGroupSizes, Some(_)) => insights.size(None::<&[LogGroup]>, now),
        (Slot::Insights, error) => insights.end(error),
        _ => {}
    }
}
