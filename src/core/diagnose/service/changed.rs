//! Who changed a service, and when: the revision's author, and what is new in it.

use serde::Serialize;

use super::ServiceSnapshot;
use crate::domain::{Arn, Deployment, Rollout, TaskDefinition, Time};
use crate::text::Clean;

/// The last change of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Who registered the revision; absent where that is not known.
    pub by: Option<Arn>,
    /// When it was registered; where that is not known, when it was deployed.
    pub at: Option<Time>,
    /// What is new.
    pub what: Clean,
}

/// What the newest deployment brought; of one that was undone, what the bad one had brought.
pub(super) fn of(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<Change> {
    let deployments = &snapshot.service.deployments;
    let broken = deployments
        .iter()
        .find(|one| one.rollout == Some(Rollout::Failed));
    let (new, created, old) = match undone(snapshot).filter(|_| broken.is_none()) {
        // AWS has gone back, and only its history still names what it went back from.
        Some((new, created)) if *new != primary.task_definition => {
            (new, created, Some(&primary.task_definition))
        }
        _ => {
            let new = broken.unwrap_or(primary);
            let mut others = deployments.iter().filter(|one| one.id != new.id);
            let old = others.next().map(|one| &one.task_definition);
            let old = old.or_else(|| before(snapshot));
            (&new.task_definition, new.created, old)
        }
    };
    let name = Clean::new(new.name());
    if old == Some(new) {
        return Some(Change {
            by: None,
            at: created,
            what: Clean::own(format!("deployed {name} anew")),
        });
    }
    let Some(definition) = snapshot.definitions.get(new) else {
        return Some(Change {
            by: None,
            at: created,
            what: Clean::own(format!("deployed {name}")),
        });
    };
    let old = old.and_then(|old| snapshot.definitions.get(old));
    let images = old.map(|old| images(old, definition)).unwrap_or_default();
    let what = if images.is_empty() {
        format!("registered {name}")
    } else {
        format!("{name}: {}", images.join(", "))
    };
    Some(Change {
        by: definition.registered_by.clone(),
        at: definition.registered.or(created),
        what: Clean::own(what),
    })
}

/// What the newest rollout brought, where AWS went back from it, and when it began.
fn undone<'a>(snapshot: ServiceSnapshot<'a>) -> Option<(&'a Arn, Option<Time>)> {
    let history = snapshot.history()?;
    let newest = history.deployments.first()?;
    newest.rollback.as_ref()?;
    let target = history.revisions.get(newest.target.as_ref()?)?;
    Some((&target.task_definition, newest.created))
}

/// The revision that the rollout under way goes from.
fn before<'a>(snapshot: ServiceSnapshot<'a>) -> Option<&'a Arn> {
    let history = snapshot.history()?;
    let source = history.deployments.first()?.sources.first()?;
    Some(&history.revisions.get(source)?.task_definition)
}

/// The images that are other ones: `image of app 1.0 → 1.1`.
fn images(old: &TaskDefinition, new: &TaskDefinition) -> Vec<String> {
    let changed = new.containers.iter().filter_map(|container| {
        let before = old
            .containers
            .iter()
            .find(|one| one.name == container.name)?;
        (before.image != container.image).then(|| {
            let (before, after) = (before.image.as_str(), container.image.as_str());
            match (before.rsplit_once(':'), after.rsplit_once(':')) {
                (Some((one, was)), Some((other, is))) if one == other => {
                    format!("image of {} {was} \u{2192} {is}", container.name)
                }
                _ => format!("image of {} {before} \u{2192} {after}", container.name),
            }
        })
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::definition;

    #[test]
    fn a_new_tag_is_told_as_old_and_new() {
        let (old, mut new) = (definition("web:1", "web"), definition("web:2", "web"));
        assert!(images(&old, &new).is_empty());
        new.containers[0].image = Clean::new("app:2");
        assert_eq!(images(&old, &new), ["image of app 1 \u{2192} 2"]);
        new.containers[0].image = Clean::new("other:2");
        assert_eq!(images(&old, &new), ["image of app app:1 \u{2192} other:2"]);
    }
}
