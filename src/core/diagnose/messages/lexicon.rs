//! The vocabulary: what each phrase of AWS, Docker, containerd, Go and Windows means.
//!
//! A [`Mark`] is a meaning, its spellings are phrases in the form of
//! [`flatten`](super::flat::flatten); `|` is a place where no letter or digit
//! may stand.

macro_rules! marks {
    ($($name:ident,)*) => {
        /// What a phrase means. Kept in one file so that a rule is written in a closed vocabulary.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Mark { $($name,)* }

        impl Mark {
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$name,)*];
            const COUNT: usize = [$(Self::$name,)*].len();
        }
    };
}

marks! {
    // What was being done.
    Pull, RegistryAuth, SecretsOrAuth, Secret, Parameter, EnvFile, Log, LogCollector, Volume, Ebs,
    Eni, SecurityGroup, Subnet, Role, Hook, HookStage, Exec, Start, Create, Runtime, DaemonDown, Mounting, Place,
    TargetGroup, LoadBalancer, Discovery, Deployment, Definition, Instance, AgentItself, Between,
    // Where.
    EcrHost, HubHost, OtherRegistry, S3Host,
    // How it failed.
    Network, Interrupted, ServerFault, Denied, IamDenied, NotFound, NoSuchFile, NotExecutable,
    Throttled, PullRate, NoSpace, Platform, BadImage, LayerFailed, BadSecret, Kms, Deleted, LoginNeeded,
    ResolveRef, UnexpectedStatus, CannotRetrieve, ElasticFs, Failure, TimedOut, Refused,
    // Placement and capacity.
    NoInstances, Insufficient, Starved, Ports, InUse, Attribute, Agent, NoCapacity, InternalFault, InternalClass,
    EphemeralTimeout, Quota, QuotaWord, SpotInterrupted, Spot, HostGone, Gone, Maintenance, EniAttach,
    // The program.
    Essential, OutOfMemory, MemoryShort, Fatal, Killed, NoCommand,
    // Health.
    ElbCheck, ContainerCheck, HealthCheck, CheckCodes, UnhealthyTarget, ReplacedUnhealthy, BadTarget, BadListener,
    // Deployment.
    Breaker, DeploymentFailed, RollingBack, AlarmFired, Deadlock, Impaired, Protected, HookFailed,
    Waiting, Inactive, BadDefinition, OwnThrottled, Unmanaged, AssumeFailed, MissingPermissions,
    Incompatible, ElbUnable, ConfigurationFailure, HealthUnknown, DiscoveryUnhealthy,
    // Nothing wrong.
    Steady, Activity, Progressing, ByUser, AlarmPolicy, ZeroDesired,
}

const _: () = assert!(Mark::COUNT <= 128, "a set of marks is 128 bits");

/// A set of marks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks(u128);

impl Marks {
    pub(super) fn add(&mut self, mark: Mark) {
        self.0 |= 1 << mark as u32;
    }

    pub(super) fn has(self, mark: Mark) -> bool {
        self.0 & (1 << mark as u32) != 0
    }
}

/// Meanings with their spellings.
pub(super) type Table = &'static [(Mark, &'static str)];
