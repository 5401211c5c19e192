//! Whose log is shown, and from how far back.

use super::row_key::RowKey;
use crate::domain::Arn;
use crate::text::Clean;

/// Whose log is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogTarget {
    /// All tasks of a service or family.
    Row(RowKey),
    /// One container of the tasks of a service or family.
    Container(RowKey, Clean),
    /// One task.
    Task(Arn),
    /// A whole group, by its own name or the one that the deck gives it.
    Group(Clean),
    /// Several of these at once, none of them several itself.
    Several(Vec<LogTarget>),
}

impl LogTarget {
    /// One log, or several at once.
    pub fn of(mut all: Vec<Self>) -> Option<Self> {
        match all.len() {
            0 | 1 => all.pop(),
            _ => Some(Self::Several(all)),
        }
    }

    /// Each of several, or itself.
    pub fn each(&self) -> &[Self] {
        match self {
            Self::Several(all) => all,
            one => std::slice::from_ref(one),
        }
    }

    /// The service or family whose tasks wrote it.
    pub fn row(&self) -> Option<&RowKey> {
        match self {
            Self::Row(key) | Self::Container(key, _) => Some(key),
            Self::Task(_) | Self::Group(_) | Self::Several(_) => None,
        }
    }

    /// What it is called.
    pub fn name(&self) -> Clean {
        match self {
            Self::Row(key) => row_name(key),
            Self::Container(key, name) => Clean::own(format!("{}/{name}", row_name(key))),
            Self::Task(arn) => {
                let id = arn.name();
                Clean::new(id.get(..8).unwrap_or(id))
            }
            Self::Group(name) => name.clone(),
            Self::Several(all) if all.len() > NAMED => Clean::own(format!("{} sources", all.len())),
            Self::Several(all) => {
                let names: Vec<String> = all.iter().map(|one| one.name().to_string()).collect();
                Clean::own(names.join(" + "))
            }
        }
    }

    /// The same in a word that fits beside a line.
    pub fn short_name(&self) -> Clean {
        match self {
            Self::Group(name) => Clean::new(last_part(name)),
            other => other.name(),
        }
    }
}

/// So many of several are named.
const NAMED: usize = 3;

fn row_name(key: &RowKey) -> Clean {
    match key {
        RowKey::Service(arn) => Clean::new(arn.name()),
        RowKey::Family(_, name) | RowKey::MissingService(name) | RowKey::MissingCluster(name) => {
            name.clone()
        }
    }
}

/// What stands behind the last slash: of `/aws/lambda/mailer` it is what somebody calls it.
fn last_part(name: &str) -> &str {
    let trimmed = name.trim_end_matches('/');
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}
/// How far back the log is read at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRange {
    /// Seconds.
    pub seconds: i64,
    /// For the title.
    pub label: &'static str,
}

impl LogRange {
    /// The ranges, the shortest first.
    pub const ALL: [Self; 7] = [
        Self {
            seconds: 0,
            label: "now",
        },
        Self {
            seconds: 60,
            label: "1m",
        },
        Self {
            seconds: 5 * 60,
            label: "5m",
        },
        Self {
            seconds: 15 * 60,
            label: "15m",
        },
        Self {
            seconds: 30 * 60,
            label: "30m",
        },
        Self {
            seconds: 3_600,
            label: "1h",
        },
        // CloudWatch takes in nothing that is older (source: PutLogEvents).
        Self {
            seconds: 14 * 86_400,
            label: "all",
        },
    ];
}
