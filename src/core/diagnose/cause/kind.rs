//! What causes have in common: their place in a task's life, how much they explain, and their traits.

use serde::Serialize;

/// The part of a task's life that a cause belongs to: a heading for lists of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Finding and pulling the image.
    Image,
    /// What a container needs before it starts: secrets, logs, roles, volumes.
    StartUp,
    /// Where a task can run.
    Capacity,
    /// What the program did by itself.
    Program,
    /// Health checks and the load balancer.
    Health,
    /// The rollout as a whole.
    Deployment,
    /// The work in queues and tables.
    Work,
    /// Nothing is wrong, or somebody wanted it so.
    Calm,
}

impl Family {
    /// The heading, for people.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Image => "Image",
            Self::StartUp => "Start-up resources",
            Self::Capacity => "Placement and capacity",
            Self::Program => "The program itself",
            Self::Health => "Health",
            Self::Deployment => "Deployment",
            Self::Work => "Work",
            Self::Calm => "Nothing wrong, or done by somebody",
        }
    }
}

/// How much a cause explains. Ordered: what explains most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It says what to repair.
    Fault,
    /// It only says that something else went wrong: what that was ranks above it.
    Symptom,
    /// Nothing is wrong.
    Calm,
    /// Nothing is known.
    Unknown,
}

/// What else is true of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    /// It stays until somebody does something: another try changes nothing.
    Lasting,
    /// It keeps a task from being placed at all, whichever revision: a task that was made later speaks against it.
    Placing,
    /// The same, of one revision.
    PlacingOfRevision,
    /// It lies with what is around the service (network, rights, room, ECS itself): an earlier revision meets the same,
    /// unless the rollout that it stops brought a new one.
    Around,
    /// It may pass by itself, and another try go through.
    Passing,
}

/// The kind of a thing that a message names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// An image, as the task definition or the registry writes it.
    Image,
    /// A secret of Secrets Manager.
    Secret,
    /// A parameter of Parameter Store.
    Parameter,
    /// A key inside a secret.
    JsonKey,
    /// An IAM role.
    Role,
    /// An action that somebody may not do, for example `ecr:BatchGetImage`.
    Permission,
    /// A log group.
    LogGroup,
    /// A target group.
    TargetGroup,
    /// A container instance or EC2 instance.
    Instance,
    /// A capacity provider.
    CapacityProvider,
    /// The command that was to run.
    Command,
    /// An address that was to be reached.
    Host,
    /// A subnet.
    Subnet,
    /// A security group.
    SecurityGroup,
    /// A Lambda function.
    Function,
    /// An EFS file system.
    FileSystem,
    /// A field of a request that the API refused.
    Field,
}
