//! What a metric is known by.

use std::collections::BTreeMap;

use crate::world::MetricName;

/// A metric: its namespace, its name and its dimensions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) dimensions: BTreeMap<String, String>,
}

impl Key {
    pub(crate) fn of<const N: usize>(
        namespace: &str,
        name: &str,
        dimensions: [(&str, &str); N],
    ) -> Self {
        let dimensions = dimensions.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Key {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions.into(),
        }
    }
}

impl From<&MetricName> for Key {
    fn from(name: &MetricName) -> Self {
        Key {
            namespace: name.namespace.clone(),
            name: name.name.clone(),
            dimensions: name.dimensions.clone(),
        }
    }
}
