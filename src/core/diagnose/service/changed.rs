//! Who changed a service, and when: the revision's author, and what is new in it.

use serde::Serialize;

use super::{ServiceSnapshot, difference};
use crate::domain::{Arn, Deployment, Rollout, Time};
use crate::text::Clean;

/// The last change of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Who registered the revision; absent where that is not known.
    pub by: Option<Arn>,
    /// When it was registered; where that is not known, when it was deployed.
    pub at: Option<Time>,
    /// When a rollout began to bring it, where that is not the same.
    pub deployed: Option<Time>,
    /// What is new.
    pub what: Clean,
    /// The same without the word for how it came, for where that is told beside it: the revision, and what differs in it.
    /// None where there is no such word.
    #[serde(skip)]
    pub subject: Option<Clean>,
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
            deployed: None,
            what: Clean::own(format!("redeployed {name} (force new deployment)")),
            subject: Some(name),
        });
    }
    let Some(definition) = snapshot.definitions.get(new) else {
        return Some(Change {
            by: None,
            at: created,
            deployed: None,
            what: Clean::own(format!("deployed {name}")),
            subject: Some(name),
        });
    };
    let old = old.and_then(|old| snapshot.definitions.get(old));
    let new = old
        .map(|old| difference::of(old, definition))
        .unwrap_or_default();
    let (what, subject) = if new.is_empty() {
        (Clean::own(format!("registered {name}")), Some(name))
    } else {
        let differs = Clean::own(format!("{name}: {}", new.join(", ")));
        (differs, None)
    };
    Some(Change {
        by: definition.registered_by.clone(),
        at: definition.registered.or(created),
        deployed: created.filter(|_| definition.registered.is_some()),
        what,
        subject,
    })
}

/// What the newest rollout brought, where AWS went back from it, and when it began.
pub(super) fn undone<'a>(snapshot: ServiceSnapshot<'a>) -> Option<(&'a Arn, Option<Time>)> {
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
