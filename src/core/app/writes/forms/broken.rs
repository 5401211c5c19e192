//! Which container of a service is broken: the form for images begins there.

use crate::app::model::Model;
use crate::app::model::row_key::RowKey;
use crate::diagnose::{Cause, Fact, Question};
use crate::domain::{ImageState, Service};
use crate::text::Clean;

/// The place of the container whose image is missing, else of the one that the diagnosis names; none where neither says.
pub(super) fn broken(
    model: &Model,
    service: &Service,
    containers: &[(Clean, Clean)],
) -> Option<usize> {
    let facts = &model.fleet.facts;
    let is_missing = |image: &Clean| {
        let fact = facts.fact(&Question::Image(image.clone()));
        matches!(
            fact,
            Some(Fact::Image(
                ImageState::NoSuchImage | ImageState::NoSuchRepository
            ))
        )
    };
    let mut images = containers.iter();
    if let Some(at) = images.position(|(_, image)| is_missing(image)) {
        return Some(at);
    }
    let diagnosis = model
        .fleet
        .diagnosis(&RowKey::Service(service.arn.clone()))?;
    let cause = diagnosis.causes.first()?;
    let is_named = |(name, image): &(Clean, Clean)| names(cause, name, image);
    containers.iter().position(is_named)
}

/// Whether a cause is about a container: its evidence was seen at it, or quotes its image.
fn names(cause: &Cause, name: &Clean, image: &Clean) -> bool {
    cause.evidence.iter().any(|evidence| {
        let quotes = || !image.is_empty() && evidence.text.contains(image.as_str());
        evidence.container.as_ref() == Some(name) || quotes()
    })
}
