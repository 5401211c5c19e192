//! What a new revision changes: the old and the new one, side by side.
//!
//! The old one is the revision that ran before, as far as AWS says; a number
//! less by one is a guess, and said to be one. Values that look like secrets
//! are not shown.

use std::cmp::Reverse;

use super::compare::{Change, compare};
use crate::app::model::Model;
use crate::app::model::row_key::RowKey;
use crate::app::model::viewer::{Line, Style};
use crate::diagnose::Verdict;
use crate::domain::{
    Arn, DeploymentStatus, Rollout, Service, ServiceDeploymentStatus, TaskDefinition, Time,
};
use crate::text::{Clean, coarse};

/// The two revisions of a service that are worth comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Sides {
    pub(in crate::app) old: Arn,
    pub(in crate::app) new: Arn,
    /// AWS does not say that the old one ever ran.
    pub(in crate::app) guessed: bool,
}

/// The revision that came, and the one that ran before it.
pub(in crate::app) fn sides(model: &Model, service: &Service) -> Option<Sides> {
    let history = model.fleet.facts.rollouts(&service.cluster, &service.arn);
    let primary = &service.task_definition;
    let known = |old: &Arn, new: &Arn| Sides {
        old: old.clone(),
        new: new.clone(),
        guessed: false,
    };
    // On the way back the bad revision is another entry than the primary one.
    let mut failed = service.deployments.iter().filter(|deployment| {
        deployment.status != DeploymentStatus::Primary
            && deployment.rollout == Some(Rollout::Failed)
    });
    if let Some(bad) = failed.find(|bad| bad.task_definition != *primary) {
        return Some(known(primary, &bad.task_definition));
    }
    if let Some(history) = history {
        let revision = |arn: &Arn| history.revisions.get(arn);
        let newest = history.deployments.first();
        let target = |deployment: &crate::domain::ServiceDeployment| {
            let target = deployment.target.as_ref();
            target
                .and_then(revision)
                .map(|target| &target.task_definition)
        };
        let undone = newest.filter(|newest| {
            matches!(
                newest.status,
                ServiceDeploymentStatus::RollbackSuccessful
                    | ServiceDeploymentStatus::RollbackInProgress
            )
        });
        if let Some(bad) = undone.and_then(target).filter(|bad| *bad != primary) {
            return Some(known(primary, bad));
        }
        let from = newest
            .filter(|newest| target(newest) == Some(primary))
            .into_iter()
            .flat_map(|newest| &newest.sources)
            .filter_map(revision)
            .map(|source| &source.task_definition);
        let before = history
            .deployments
            .iter()
            .filter_map(|deployment| history.outcome_of(deployment))
            .map(|outcome| &outcome.task_definition);
        if let Some(old) = from.chain(before).find(|old| *old != primary) {
            return Some(known(old, primary));
        }
    }
    // AWS went back, and does not say from what: then what ran last is the bad one.
    let key = RowKey::Service(service.arn.clone());
    let verdict = model.fleet.diagnosis(&key).map(|found| found.verdict);
    let went_back = matches!(verdict, Some(Verdict::RolledBack | Verdict::RollingBack));
    let other = |other: &Arn| {
        if went_back {
            known(primary, other)
        } else {
            known(other, primary)
        }
    };
    let mut replaced: Vec<_> = service
        .replaced()
        .filter(|old| old.task_definition != *primary)
        .collect();
    replaced.sort_by_key(|old| Reverse(old.created));
    if let Some(old) = replaced.first() {
        return Some(other(&old.task_definition));
    }
    let of_tasks = model.fleet.all_tasks_of(&key).into_iter();
    let old = of_tasks
        .filter(|task| task.definition != *primary)
        .filter(|task| went_back || task.started.is_some())
        .max_by_key(|task| task.created)
        .map(|task| &task.definition);
    if let Some(old) = old {
        return Some(other(old));
    }
    let before = primary
        .revision()?
        .checked_sub(1)
        .filter(|before| *before > 0)?;
    let (family, _) = primary.as_str().rsplit_once(':')?;
    Some(Sides {
        old: Arn::new(&format!("{family}:{before}")),
        new: primary.clone(),
        guessed: true,
    })
}

/// Whether the selected service has a new revision that is known to differ from one that ran before.
pub(in crate::app) fn differs(model: &Model) -> bool {
    model
        .selected_service()
        .and_then(|service| sides(model, service))
        .filter(|sides| !sides.guessed)
        .is_some_and(|sides| {
            let read = |arn: &Arn| model.fleet.definitions.get(arn);
            match (read(&sides.old), read(&sides.new)) {
                (Some(old), Some(new)) => !compare(old, new, model.setup.values).is_empty(),
                _ => true,
            }
        })
}

/// The detail pane's title.
pub(in crate::app) fn title(model: &Model, name: &Clean) -> Clean {
    let sides = model
        .selected_service()
        .and_then(|service| sides(model, service));
    Clean::new(&match sides {
        Some(sides) => format!(
            "difference {name} {} \u{2192} {}",
            short(&sides.old, None),
            short(&sides.new, Some(&sides.old)),
        ),
        None => format!("difference {name}"),
    })
}

/// `:42` where the family is the same as the other's, else with the family.
fn short(arn: &Arn, other: Option<&Arn>) -> String {
    match (arn.revision(), other) {
        (Some(revision), Some(other)) if other.family() == arn.family() => format!(":{revision}"),
        (Some(revision), None) => format!(":{revision}"),
        _ => arn.name().to_owned(),
    }
}

/// The detail pane's lines.
pub(in crate::app) fn lines(model: &Model) -> Vec<Line> {
    let plain = |text: &'static str| vec![Line::new(Style::Dim, Clean::literal(text))];
    let Some(service) = model.selected_service() else {
        return plain("these tasks belong to no service");
    };
    let Some(sides) = sides(model, service) else {
        return plain("there is no other revision to compare with");
    };
    let read = |arn: &Arn| match (
        model.fleet.definitions.get(arn),
        model.fleet.unreadable.get(arn),
    ) {
        (Some(definition), _) => Ok(std::sync::Arc::clone(definition)),
        (None, Some(error)) => Err(Clean::new(&format!(
            "{} cannot be read: {error}",
            Clean::new(arn.name())
        ))),
        (None, None) => Err(Clean::new(&format!(
            "reading {} \u{2026}",
            Clean::new(arn.name())
        ))),
    };
    let (old, new) = match (read(&sides.old), read(&sides.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            return [old.err(), new.err()]
                .into_iter()
                .flatten()
                .map(|why| Line::new(Style::Dim, why))
                .collect();
        }
    };
    let mut lines: Vec<Line> = registered(&new, model.now()).into_iter().collect();
    if sides.guessed {
        let text = "AWS does not say which revision ran before: this is the one before by number";
        lines.push(Line::new(Style::Dim, Clean::literal(text)));
    }
    let changes = compare(&old, &new, model.setup.values);
    if changes.is_empty() {
        let text = "the two say the same in everything that is compared here";
        lines.push(Line::new(Style::Good, Clean::literal(text)));
    }
    lines.extend(changes.iter().map(change_line));
    lines
}

/// Who registered a revision, and when.
fn registered(new: &TaskDefinition, now: Time) -> Option<Line> {
    let at = new.registered?;
    let by = new
        .registered_by
        .as_ref()
        .map(|by| format!(" by {}", Clean::new(by.name())))
        .unwrap_or_default();
    Some(Line::of(
        "registered",
        Style::Dim,
        Clean::new(&format!("{} ago{by}, {at}", coarse(at, now))),
    ))
}

/// Both values; of two tags of one image what differs comes first.
fn from_to(before: &str, after: &str) -> String {
    match (tag(before), tag(after)) {
        (Some((image, old)), Some((same, new))) if image == same => {
            format!("{old} \u{2192} {new} of {image}")
        }
        _ => format!("{before} \u{2192} {after}"),
    }
}

/// An image and its tag or digest: `repository:v1.90`.
fn tag(image: &str) -> Option<(&str, &str)> {
    let (name, tag) = image.split_once('@').or_else(|| image.rsplit_once(':'))?;
    // A colon before a slash is that of a registry's port.
    let is_image = name.contains('/') && !tag.contains('/') && !image.contains(' ');
    is_image.then_some((name, tag))
}

fn change_line(change: &Change) -> Line {
    let (text, style) = match (&change.before, &change.after) {
        (Some(before), Some(after)) => (from_to(before, after), Style::Warn),
        (None, Some(after)) => (format!("+ {after}"), Style::Good),
        (Some(before), None) => (format!("- {before}"), Style::Bad),
        (None, None) => (String::new(), Style::Plain),
    };
    Line {
        label: change.what.clone(),
        text: Clean::new(&text),
        style,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_tags_of_one_image_what_differs_comes_first() {
        assert_eq!(
            from_to("registry:5000/app:v1", "registry:5000/app:v2"),
            "v1 \u{2192} v2 of registry:5000/app"
        );
        assert_eq!(
            from_to("registry/app:v1", "registry/other:v1"),
            "registry/app:v1 \u{2192} registry/other:v1"
        );
        assert_eq!(from_to("256", "512"), "256 \u{2192} 512");
    }
}
