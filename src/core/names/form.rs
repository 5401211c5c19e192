//! What a name says by its form alone: `[CLUSTER/]NAME`, a resource name, `service:NAME`, a log group.

use crate::domain::Arn;
use crate::text::Clean;

/// What can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A service.
    Service,
    /// The tasks of a task definition family that no service keeps.
    Family,
    /// A task, by its id.
    Task,
    /// A log group, by its own name or by the one that the deck gives it.
    Log,
    /// A queue.
    Queue,
    /// A run template of the deck.
    Template,
    /// A cluster.
    Cluster,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Service,
        Self::Family,
        Self::Task,
        Self::Log,
        Self::Queue,
        Self::Template,
        Self::Cluster,
    ];

    /// What a person calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Family => "task family",
            Self::Task => "task",
            Self::Log => "log group",
            Self::Queue => "queue",
            Self::Template => "run template",
            Self::Cluster => "cluster",
        }
    }

    /// What may stand before a name to say that this kind is meant: `service:web`. AWS writes the groups of tasks so
    /// (source: ECS API reference, Task, `group`).
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Family => "family",
            Self::Task => "task",
            Self::Log => "log",
            Self::Queue => "queue",
            Self::Template => "run",
            Self::Cluster => "cluster",
        }
    }
}

/// A name as it was typed, and what its form says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub(super) typed: Clean,
    /// The only kind that the form allows; absent: any.
    pub(super) kind: Option<Kind>,
    /// What it names, where that is no [`Kind`]: `container instance`.
    pub(super) foreign: Option<Clean>,
    /// The region and account of a resource name.
    pub(super) place: Option<(Clean, Clean)>,
    /// The whole resource name.
    pub(super) arn: Option<Arn>,
    /// The cluster before the name.
    pub(super) cluster: Option<Clean>,
    /// The name without its cluster.
    pub(super) bare: Clean,
    /// The whole of it as a log group's name.
    pub(super) group: Clean,
    /// It is a task definition: who runs this family is meant. With the revision, where it was given.
    pub(super) definition: Option<Option<u32>>,
}

impl Name {
    /// Reads a name. Every text is one: whether there is such a thing is another question.
    pub fn new(typed: &str) -> Self {
        let typed = typed.trim();
        if typed.starts_with("arn:") {
            return Self::of_arn(typed);
        }
        if let Some(url) = typed.strip_prefix("https://") {
            // Queues are named by their URL too (source: SQS API reference, QueueUrl).
            let name = url.rsplit('/').next().unwrap_or(url);
            return Self {
                kind: Some(Kind::Queue),
                ..Self::plain(typed, name)
            };
        }
        let prefixed = typed.split_once(':').and_then(|(prefix, rest)| {
            let kind = Kind::ALL.into_iter().find(|kind| kind.prefix() == prefix)?;
            Some((kind, rest))
        });
        if let Some((kind, rest)) = prefixed {
            return Self {
                kind: Some(kind),
                ..Self::plain(typed, rest)
            };
        }
        let revision = typed
            .rsplit_once(':')
            .and_then(|(family, revision)| Some((family, revision.parse().ok()?)));
        if let Some((family, revision)) = revision {
            return Self {
                definition: Some(Some(revision)),
                ..Self::plain(typed, family)
            };
        }
        Self::plain(typed, typed)
    }

    fn plain(typed: &str, name: &str) -> Self {
        // A name that begins with a slash is a log group's: no cluster has an empty name.
        let is_group = name.starts_with('/');
        let (cluster, bare) = match name.split_once('/').filter(|_| !is_group) {
            Some((cluster, bare)) => (Some(Clean::new(cluster)), bare),
            None => (None, name),
        };
        Self {
            typed: Clean::new(typed),
            kind: is_group.then_some(Kind::Log),
            foreign: None,
            place: None,
            arn: None,
            cluster,
            bare: Clean::new(bare),
            group: Clean::new(name),
            definition: None,
        }
    }

    /// Source: Service Authorization Reference, resource types of ECS, CloudWatch Logs and SQS. Services and tasks of
    /// before 2018 have no cluster in theirs.
    fn of_arn(typed: &str) -> Self {
        let arn = Arn::new(typed);
        let mut parts = typed.splitn(6, ':');
        let product = parts.nth(2).unwrap_or_default();
        let resource = arn.resource();
        let (what, rest) = resource.split_once('/').unwrap_or((resource, ""));
        let plain = |name: &str| Self::plain(typed, name);
        let mut name = match (product, what) {
            ("ecs", "service") => plain(rest).only(Kind::Service),
            ("ecs", "task") => plain(rest).only(Kind::Task),
            ("ecs", "cluster") => plain(rest).only(Kind::Cluster),
            ("ecs", "task-definition") => Self {
                definition: Some(arn.revision()),
                ..plain(arn.family())
            },
            ("logs", _) => match resource.strip_prefix("log-group:") {
                Some(rest) if !rest.contains(":log-stream:") => Self {
                    kind: Some(Kind::Log),
                    ..plain(rest.trim_end_matches(":*"))
                },
                _ => plain(rest).foreign("a log stream"),
            },
            ("sqs", _) => plain(resource).only(Kind::Queue),
            (product, what) => plain(rest).foreign(&format!("{product} {what}")),
        };
        name.place = Some((Clean::new(arn.region()), Clean::new(arn.account())));
        name.arn = Some(arn);
        name
    }

    fn only(self, kind: Kind) -> Self {
        Self {
            kind: Some(kind),
            ..self
        }
    }

    fn foreign(self, what: &str) -> Self {
        Self {
            foreign: Some(Clean::new(what)),
            ..self
        }
    }

    /// As it was typed.
    pub fn typed(&self) -> &Clean {
        &self.typed
    }

    /// Whether its form says that it is a log group.
    pub fn is_log(&self) -> bool {
        self.kind == Some(Kind::Log)
    }

    /// The revision of a task definition, where it names one.
    pub fn revision(&self) -> Option<u32> {
        self.definition.flatten()
    }

    /// The log group that it may name though nobody knows of it yet, and the same with its leading slash set or taken
    /// away, and the group of a Lambda function of that name. Empty where its form says that it is something else.
    pub fn possible_groups(&self) -> Vec<Clean> {
        // Source: CloudWatch Logs API reference, CreateLogGroup: 1 to 512 of these characters.
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | '#');
        let name = self.group.as_str();
        let is_one = self.kind.is_none_or(|kind| kind == Kind::Log)
            && self.foreign.is_none()
            && self.definition.is_none()
            && (1..=512).contains(&name.len())
            && name.chars().all(fits);
        if !is_one {
            return Vec::new();
        }
        let other = match name.strip_prefix('/') {
            Some(without) => without.to_owned(),
            None => format!("/{name}"),
        };
        let exact = std::iter::once(self.group.clone());
        let other = Some(other).filter(|other| !other.is_empty());
        // Source: Lambda developer guide, "Sending Lambda function logs to CloudWatch Logs".
        let function = (!name.contains('/')).then(|| format!("/aws/lambda/{name}"));
        let others = other.into_iter().chain(function);
        exact
            .chain(others.map(|other| Clean::new(&other)))
            .collect()
    }
}
