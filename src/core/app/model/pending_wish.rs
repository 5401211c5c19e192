//! A wish that waits for facts: what it is missing, what was asked and read for it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::overlay::Overlay;
use super::prompt::Purpose;
use crate::act::Wish;
use crate::act::{Look, Seen};
use crate::diagnose::Question;
use crate::domain::{Arn, CloudError};

/// How long somebody at the screen waits for AWS.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a wish came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Origin {
    /// A key, with nothing over the panes.
    Key,
    /// A form or a line of input, which stays on the screen until it is proposed.
    Overlay,
    /// The command line; only to see what would be sent, where it is a dry run.
    Command { dry_run: bool },
}

/// How far it is with earlier writes whose end nobody saw: a command finds out what became of them first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Earlier {
    ToSettle,
    Settling,
    Settled,
}

/// A wish, and what it waits for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct PendingWish {
    pub(in crate::app) wish: Wish,
    pub(in crate::app) origin: Origin,
    /// What its step is missing.
    pub(in crate::app) missing: Missing,
    /// When it was wished, since the console started.
    pub(in crate::app) since: Duration,
    /// Questions that were asked for it.
    pub(in crate::app) asked: BTreeSet<Question>,
    /// What is looked at for it alone.
    pub(in crate::app) reading: Option<Reading>,
    /// What that brought.
    pub(in crate::app) read: Option<Result<Box<Prepared>, CloudError>>,
    /// The journal was asked for.
    pub(in crate::app) journal: bool,
    pub(in crate::app) earlier: Earlier,
}

/// What is looked at for one wish, and the task definition whose whole document is read.
pub(in crate::app) type Reading = (Vec<Look>, Option<Arn>);

/// What was read for one wish alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prepared {
    /// What was looked at.
    pub seen: Seen,
    /// The body of DescribeTaskDefinition's answer as it came: never to be drawn.
    pub document: Option<serde_json::Value>,
}

impl PendingWish {
    /// Whether this was asked for it.
    pub(in crate::app) fn has_asked(&self, question: &Question) -> bool {
        self.asked.contains(question)
    }

    /// What was looked at for it, once it was.
    pub(in crate::app) fn read_of(
        &self,
        looks: &[Look],
        document: Option<&Arn>,
    ) -> Option<Result<&Prepared, &CloudError>> {
        let (read, of) = self.reading.as_ref()?;
        if read != looks || of.as_ref() != document {
            return None;
        }
        Some(self.read.as_ref()?.as_deref())
    }

    /// What is looked at for it.
    pub(in crate::app) fn reading(&self) -> Option<Reading> {
        self.reading.clone()
    }

    /// What was looked at for it came, or why it did not.
    pub(in crate::app) fn take(&mut self, read: Result<Box<Prepared>, CloudError>) {
        self.read = Some(read);
    }

    /// Until when it waits, since the console started. A command waits until AWS has answered or failed to.
    pub(in crate::app) fn until(&self) -> Option<Duration> {
        match self.origin {
            Origin::Key | Origin::Overlay => Some(self.since.saturating_add(PATIENCE)),
            Origin::Command { .. } => None,
        }
    }

    /// Whether nothing lies over the panes but what it came from.
    pub(in crate::app) fn is_at(&self, overlay: Option<&Overlay>) -> bool {
        match (self.origin, overlay) {
            (Origin::Command { .. }, _) | (Origin::Key, None) => true,
            (Origin::Overlay, Some(Overlay::Form(_) | Overlay::Prompt(Purpose::Scale(..), _))) => {
                true
            }
            (Origin::Key | Origin::Overlay, _) => false,
        }
    }
}

/// Facts that have to be read before a step can go on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct Missing {
    /// Questions to AWS.
    pub(in crate::app) questions: Vec<Question>,
    /// What is looked at for this wish alone.
    pub(in crate::app) looks: Vec<Look>,
    /// The task definition whose whole document is needed.
    pub(in crate::app) document: Option<Arn>,
    /// The journal.
    pub(in crate::app) journal: bool,
}
