//! The deck as it is after parsing: the system itself, its logs, queues and tables.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::forms::duration;
use super::run::Run;
use super::watch::{Alarm, Instance, Link, Metric, Probe};

/// Names and knowledge about one system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deck {
    /// Its name.
    pub name: String,
    /// The account that it is for: 12 digits. Credentials of another one must not write.
    pub account: Option<String>,
    /// The region that it is for; it beats the environment's.
    pub region: Option<String>,
    /// Nothing may be changed.
    pub read_only: bool,
    /// Its clusters. Empty: all that are found.
    pub clusters: Vec<String>,
    /// Big changes need the name typed.
    pub protected: bool,
    /// Where the people on call read on: a URL.
    pub runbook: Option<String>,
    /// Its services.
    pub services: Vec<Service>,
    /// Its log groups.
    pub logs: Vec<Log>,
    /// Its queues.
    pub queues: Vec<Queue>,
    /// Tables whose rows are work items.
    pub tables: Vec<Table>,
    /// Templates for tasks that are run by hand.
    pub runs: Vec<Run>,
    /// CloudWatch alarms.
    pub alarms: Vec<Alarm>,
    /// CloudWatch metrics beyond those that every service has.
    pub metrics: Vec<Metric>,
    /// EC2 instances that belong to it.
    pub instances: Vec<Instance>,
    /// URLs that answer when it is well.
    pub probes: Vec<Probe>,
    /// Pages in a browser.
    pub links: Vec<Link>,
}

/// Who sets a service's desired count, so that a scale by hand may not last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountOwner {
    /// Application Auto Scaling.
    Autoscaling,
    /// A Lambda function.
    Lambda,
    /// A process outside of ECS.
    Orchestrator,
    /// Whoever is on call.
    People,
}

impl CountOwner {
    /// Who sets the count, and the name of the function or process that does, where the deck gives one.
    pub fn words(self, by: Option<&str>) -> String {
        let who = match (self, by) {
            (Self::People, _) => return "the deck says that people set this count".to_owned(),
            (Self::Autoscaling, _) => "autoscaling".to_owned(),
            (Self::Lambda, Some(name)) => format!("Lambda {name}"),
            (Self::Lambda, None) => "a Lambda".to_owned(),
            (Self::Orchestrator, Some(name)) => format!("orchestrator {name}"),
            (Self::Orchestrator, None) => "an orchestrator".to_owned(),
        };
        format!("the deck says that {who} sets this count")
    }
}

/// A service.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its cluster, where the deck has several.
    pub cluster: Option<String>,
    /// Who sets its desired count.
    pub count_owner: Option<CountOwner>,
    /// The function or process that sets it.
    pub count_by: Option<String>,
    /// How often that happens: a scale by hand is undone after this at the latest.
    #[serde(default, deserialize_with = "duration")]
    pub count_every: Option<Duration>,
    /// Its page for the people on call: a URL.
    pub runbook: Option<String>,
}

/// A log group.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// What it is called on the screen.
    pub name: String,
    /// The group.
    pub group: String,
    /// A CloudWatch filter pattern to begin with.
    pub filter: Option<String>,
    /// Saved CloudWatch Logs Insights queries.
    #[serde(default)]
    pub queries: Vec<Query>,
}

/// A saved Insights query.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// What it is called on the screen.
    pub name: String,
    /// The query.
    pub query: String,
}

/// A queue, and how many workers it wants: `min(max(ceil(depth / per_task), min), max)`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// The SQS queue's name, or what to call it where a metric tells its depth.
    pub name: String,
    /// The metric that tells its depth, where it is not an SQS queue.
    pub metric: Option<MetricRef>,
    /// Who works it off.
    pub drains_to: Option<Drain>,
    /// Messages for one worker, at least 1.
    pub per_task: Option<u32>,
    /// The fewest workers.
    pub min: Option<u32>,
    /// The most workers.
    pub max: Option<u32>,
}

/// A CloudWatch metric.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricRef {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its dimensions.
    #[serde(default)]
    pub dimensions: BTreeMap<String, String>,
}

/// What works off a queue. A file says `service:NAME` or `run:NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drain {
    /// The tasks of a service.
    Service(String),
    /// Tasks of a run template.
    Run(String),
}

impl fmt::Display for Drain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name) => write!(f, "service:{name}"),
            Self::Run(name) => write!(f, "run:{name}"),
        }
    }
}

impl<'de> Deserialize<'de> for Drain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.split_once(':') {
            Some(("service", name)) => Ok(Self::Service(name.to_owned())),
            Some(("run", name)) => Ok(Self::Run(name.to_owned())),
            _ => Err(de::Error::custom(
                "drains_to is written \"service:NAME\" or \"run:NAME\"",
            )),
        }
    }
}

/// A DynamoDB table whose rows are work items.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The table.
    pub name: String,
    /// Its partition key, where it is to be said; the table itself tells it too.
    pub key: Option<String>,
    /// The attribute that says what a row is about.
    pub title: Option<String>,
    /// More attributes to show.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The attribute that says how far a row is.
    pub status: Option<String>,
    /// A global secondary index on the status.
    pub index: Option<String>,
    /// What the values of the status mean.
    pub states: Option<States>,
    /// A row that is in work for longer than this is late.
    #[serde(default, deserialize_with = "duration")]
    pub timeout: Option<Duration>,
    /// The environment variable that ties an ECS task to its row.
    pub task_env: Option<String>,
}

/// What the values of a status mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct States {
    /// Nobody has begun.
    pub waiting: Vec<String>,
    /// In work.
    pub running: Vec<String>,
    /// Done.
    pub done: Vec<String>,
    /// It did not go well.
    pub failed: Vec<String>,
}

impl States {
    /// Each list with its name.
    pub(super) fn lists(&self) -> [(&'static str, &[String]); 4] {
        [
            ("waiting", &self.waiting),
            ("running", &self.running),
            ("done", &self.done),
            ("failed", &self.failed),
        ]
    }
}
