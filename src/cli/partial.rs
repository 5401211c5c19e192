//! Answers of which a part is missing: what there is is printed, what is missing is named, and the exit code is 3.

use std::collections::BTreeSet;

use ecsdeck_core::app::{Model, RowKey, Slot};
use ecsdeck_core::domain::{CloudError, ErrorKind};

use serde_json::{Value, json};

use super::ask::Asked;
use super::failed::{Failed, cloud_words};
use crate::exit::Exit;
use crate::say::error;

/// What a listing lacks, in words.
#[derive(Clone, Debug, Default)]
pub(super) struct Partial(BTreeSet<String>);

/// Waits until everything has been asked for.
///
/// # Errors
/// Where nothing at all could be read: who asks, which clusters there are, or not one list of any cluster.
pub(super) async fn settle(asked: &mut Asked) -> Result<Partial, Failed> {
    asked.until_settled_or(no_answer).await?;
    let model = asked.model();
    let lists = model.readings.iter().filter(|(slot, _)| is_list(slot));
    let errors: Vec<&CloudError> = lists
        .filter_map(|(_, reading)| reading.error.as_ref())
        .collect();
    if let Some(first) = errors.first()
        && model.fleet.services.is_empty()
        && model.fleet.tasks.is_empty()
    {
        return Err(Failed::Cloud(Box::new((*first).clone())));
    }
    let undescribed = model.fleet.failures.values();
    // One that is gone between listing and describing is no gap.
    let undescribed = undescribed
        .filter(|failure| failure.reason.as_str() != "MISSING")
        .map(|failure| {
            let detail = failure.detail.as_ref();
            let detail = detail.map(|detail| format!(": {detail}"));
            format!(
                "{} could not be described: {}{}",
                failure.arn.name(),
                failure.reason,
                detail.unwrap_or_default()
            )
        });
    let words = errors.into_iter().map(cloud_words).chain(undescribed);
    Ok(Partial(words.collect()))
}

/// What the readings that a document is made of lack.
pub(super) fn of(model: &Model, is_needed: impl Fn(&Slot) -> bool) -> Partial {
    let readings = model.readings.iter().filter(|(slot, _)| is_needed(slot));
    let errors = readings.filter_map(|(_, reading)| reading.error.as_ref());
    Partial(errors.map(cloud_words).collect())
}

/// What AWS was asked about these rows beyond the listings and did not answer, and task definitions of which nothing is
/// known. A verdict stands without them; its causes may be others.
pub(super) fn unanswered<'a>(model: &Model, rows: impl Iterator<Item = &'a RowKey>) -> Partial {
    let definitions = model
        .readings
        .error_of(|slot| matches!(slot, Slot::Definitions));
    let revisions = model.fleet.unreadable.values();
    let unreadable = revisions.filter(|error| error.kind != ErrorKind::NotFound);
    let errors = definitions.into_iter().chain(unreadable);
    let asked = rows.flat_map(|row| model.fleet.asked(row));
    let asked = asked.filter_map(|asked| asked.error.map(|error| error.to_string()));
    Partial(errors.map(cloud_words).chain(asked).collect())
}

/// Queues and tables that the verdict of one of these rows rests on and that could not be read: that verdict may be another.
pub(super) fn work<'a>(model: &Model, rows: impl Iterator<Item = &'a RowKey>) -> Partial {
    let unread = rows.flat_map(|row| model.unread_work(row));
    Partial(unread.map(|words| words.to_string()).collect())
}

impl Partial {
    /// Says what is missing of an answer that stands all the same.
    pub(super) fn tell(&self) {
        self.0.iter().for_each(|missing| error(missing));
    }

    /// Both.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// These are missing too.
    pub(super) fn lacks(&mut self, missing: impl IntoIterator<Item = String>) {
        self.0.extend(missing);
    }

    /// Whether nothing is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// A document that says whether it is all there is, and what could not be read.
    pub(super) fn marked(&self, mut document: Value) -> Value {
        if let Some(members) = document.as_object_mut() {
            members.insert("partial".to_owned(), json!(!self.is_whole()));
            members.insert("errors".to_owned(), json!(self.0));
        }
        document
    }

    /// Says what is missing, and returns the exit code: `otherwise` where the answer is whole.
    pub(super) fn exit(&self, otherwise: Exit) -> Exit {
        if self.0.is_empty() {
            return otherwise;
        }
        self.0.iter().for_each(|missing| error(missing));
        Exit::NoCloud
    }
}

fn is_list(slot: &Slot) -> bool {
    matches!(slot, Slot::Services(_) | Slot::Tasks(_))
}

/// An error after which there is no answer: who we are, and which clusters there are.
fn no_answer(model: &Model) -> Option<&CloudError> {
    let decides = |slot: &Slot| matches!(slot, Slot::Identity | Slot::Clusters);
    model.readings.error_of(decides)
}
