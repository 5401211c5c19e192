//! What has to be read for a write, and what was read.

use std::collections::BTreeMap;

use super::Made;
use crate::domain::{Arn, Service};

/// Something to read: before sending, to hold it against what was shown; afterwards, to see what
/// became of it. The identity is always read beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// ecs:DescribeServices of one.
    Service {
        /// Its cluster.
        cluster: Arn,
        /// The service.
        service: Arn,
    },
}

/// What was read. An absent entry was not read; an empty one is not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Services, by resource name.
    pub services: BTreeMap<Arn, Option<Service>>,
    /// What the requests made.
    pub made: Made,
}

impl Seen {
    /// Takes in what was read later.
    pub fn update(&mut self, later: Self) {
        self.services.extend(later.services);
        self.made.add(later.made);
    }

    /// The service, where it was read and is there.
    pub fn service(&self, arn: &Arn) -> Option<&Service> {
        self.services.get(arn).and_then(Option::as_ref)
    }
}
