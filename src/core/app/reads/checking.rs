//! The check of a revision before it runs: which one, what is asked of it, and what came of that.

use crate::app::model::Model;
use crate::app::model::check::Check;
use crate::app::model::declined::Declined;
use crate::app::model::overlay::Overlay;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::diagnose::{Planned, Preflight, Question, preflight, preflight_questions};
use crate::domain::{Arn, CloudError, Service};
use crate::names::unreadable;
use crate::text::Clean;

/// Does this with what is known of the revision that is checked; none while it has not been read.
fn planned<T>(model: &Model, with: impl FnOnce(Planned<'_>) -> T) -> Option<T> {
    let check = model.checked()?;
    let service = match &check.service {
        Some(service) => Some(model.fleet.services.get(service)?),
        None => None,
    };
    let definition = check.runs(model.fleet.definitions.get(&check.revision)?);
    let tasks = service.map(|service| RowKey::Service(service.arn.clone()));
    let tasks = tasks.map_or_else(Vec::new, |key| model.fleet.tasks_of(&key));
    Some(with(Planned {
        cluster: &check.cluster,
        definition: &definition,
        service,
        tasks: &tasks,
    }))
}

/// What is asked of it.
pub(in crate::app) fn questions(model: &Model) -> Vec<Question> {
    planned(model, preflight_questions).unwrap_or_default()
}

/// The task definition that somebody names: of the service's own family, where only a number is given.
pub(in crate::app) fn revision_of(
    model: &Model,
    service: &Service,
    typed: &str,
) -> Result<Arn, Declined> {
    let name = model.revision_named(typed).map_err(Declined::from)?;
    let own = &service.task_definition;
    let family = name.family.as_ref().map_or(own.family(), Clean::as_str);
    // Which one is the newest of a family ECS would have to be asked: the one that is meant has to be said.
    let number = name
        .number
        .ok_or_else(|| Declined::from(unreadable(typed)))?;
    // The resource name of another revision is the service's own but for the end.
    let head = own.as_str().strip_suffix(own.name()).unwrap_or_default();
    Ok(Arn::new(&format!("{head}{family}:{number}")))
}

impl Model {
    /// The revision that is checked: the one that a command is about, else the one that the question on the screen is
    /// about.
    pub(in crate::app) fn checked(&self) -> Option<&Check> {
        let asked = match &self.overlay {
            Some(Overlay::Confirm(confirm)) => confirm.proposal.check.as_ref(),
            _ => None,
        };
        self.check.as_ref().or(asked)
    }

    /// What to check of a service: the revision that is named, else the one that it would run next.
    ///
    /// # Errors
    /// When there is no such service, or the revision's name cannot be read.
    pub fn check_of(&self, service: &Arn, revision: Option<&str>) -> Result<Check, Declined> {
        let known = self.fleet.services.get(service);
        let known = known.ok_or_else(|| Declined::gone(service))?;
        let revision = match revision {
            Some(typed) => revision_of(self, known, typed)?,
            None => known.task_definition.clone(),
        };
        Ok(Check {
            cluster: known.cluster.clone(),
            service: Some(service.clone()),
            revision,
            images: Vec::new(),
        })
    }

    /// What came of the check; none while the revision has not been read.
    pub fn preflight(&self) -> Option<Preflight> {
        planned(self, |planned| preflight(planned, &self.fleet.facts))
    }

    /// Why the revision that is checked could not be read.
    pub fn unchecked(&self) -> Option<&CloudError> {
        let check = self.checked()?;
        let own = self.fleet.unreadable.get(&check.revision);
        // One call reads them all: where it failed, none is known.
        own.or_else(|| self.readings.error_of(|slot| *slot == Slot::Definitions))
    }
}
