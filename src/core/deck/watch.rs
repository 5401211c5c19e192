//! What else belongs to a system: alarms, metrics, instances, health URLs, pages.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::forms::duration;

/// A CloudWatch alarm, or all whose names begin alike.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// The alarm's name; this or `prefix`.
    pub name: Option<String>,
    /// What the alarms' names begin with; this or `name`.
    pub prefix: Option<String>,
    /// What it is called on the screen.
    pub title: Option<String>,
    /// The service it speaks of.
    pub service: Option<String>,
}

/// A CloudWatch metric to show.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// What it is called on the screen.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name in CloudWatch.
    pub metric: String,
    /// Its dimensions.
    #[serde(default)]
    pub dimensions: BTreeMap<String, String>,
    /// `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p99`.
    #[serde(default = "average")]
    pub statistic: String,
    /// The length of a point; whole minutes, or 1, 5, 10, 20, 30 s. A minute where it is not said.
    #[serde(default, deserialize_with = "duration")]
    pub period: Option<Duration>,
    /// What the numbers are: `percent`, `ms`, `bytes`.
    pub unit: Option<String>,
    /// More than this is bad.
    pub above: Option<f64>,
    /// Less than this is bad.
    pub below: Option<f64>,
    /// The service it speaks of.
    pub service: Option<String>,
}

fn average() -> String {
    "Average".to_owned()
}

/// An EC2 instance: by its id, or by tags that it alone has.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// What it is called on the screen.
    pub name: String,
    /// Its id; this or `tags`.
    pub id: Option<String>,
    /// Its tags; this or `id`.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// The queue it works off.
    pub drains: Option<String>,
}

/// A URL that answers when the system is well.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// What it is called on the screen.
    pub name: String,
    /// The URL; this, or `service` and `path`.
    pub url: Option<String>,
    /// The service whose load balancer is asked.
    pub service: Option<String>,
    /// The path there.
    pub path: Option<String>,
    /// The HTTP status of a good answer, 100 to 599. 200 where it is not said.
    #[serde(default = "ok")]
    pub status: u16,
    /// What a good answer contains.
    pub contains: Option<String>,
    /// How long to wait for it.
    #[serde(default, deserialize_with = "duration")]
    pub timeout: Option<Duration>,
}

const fn ok() -> u16 {
    200
}

/// A page in a browser.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What it is called on the screen.
    pub name: String,
    /// Its URL, in which `{region}`, `{account}`, `{cluster}` and `{service}` stand for what is selected.
    pub url: String,
}

impl Link {
    /// What may stand in a URL between braces.
    pub const PLACEHOLDERS: [&str; 4] = ["region", "account", "cluster", "service"];
}
