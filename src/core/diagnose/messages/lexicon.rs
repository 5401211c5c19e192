//! The vocabulary: what each phrase of AWS, Docker, containerd, Go and Windows means.
//!
//! A [`Mark`] is a meaning, its spellings are phrases in the form of
//! [`flatten`](super::flat::flatten); `|` is a place where no letter or digit
//! may stand. All spellings are looked for in one pass, so that the time does
//! not grow with the vocabulary.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::words::spellings;

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

struct Scanner {
    automaton: AhoCorasick,
    /// For each pattern: its meaning, and whether a boundary must be before and behind it.
    meanings: Vec<(Mark, bool, bool)>,
}

/// Built once: from constants, so that it cannot fail for one message and not for another.
static SCANNER: LazyLock<Option<Scanner>> = LazyLock::new(|| {
    let mut patterns = Vec::new();
    let mut meanings = Vec::new();
    for (mark, spelling) in spellings() {
        meanings.push((mark, spelling.starts_with('|'), spelling.ends_with('|')));
        patterns.push(spelling.trim_matches('|'));
    }
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(patterns)
        .ok()?;
    Some(Scanner {
        automaton,
        meanings,
    })
});

/// The marks of a text that [`flatten`](super::flat::flatten) made.
pub(super) fn scan(flat: &str) -> Marks {
    let mut marks = Marks::default();
    let Some(scanner) = SCANNER.as_ref() else {
        return marks;
    };
    let bytes = flat.as_bytes();
    let word = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    for found in scanner.automaton.find_overlapping_iter(flat) {
        let Some((mark, before, behind)) = scanner.meanings.get(found.pattern().as_usize()) else {
            continue;
        };
        let cut_before = !before || !word(found.start().checked_sub(1));
        let cut_behind = !behind || !word(Some(found.end()));
        if cut_before && cut_behind {
            marks.add(*mark);
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_has_a_spelling_in_the_form_that_is_searched() {
        for mark in Mark::ALL {
            assert!(spellings().any(|(spelled, _)| spelled == *mark), "{mark:?}");
        }
        for (mark, spelling) in spellings() {
            let plain = spelling.trim_matches('|');
            assert_eq!(plain, plain.to_ascii_lowercase(), "{mark:?}");
            assert!(plain.len() >= 2, "{mark:?}: {spelling}");
            assert!(scan(plain).has(mark), "{mark:?}: {spelling}");
        }
    }

    #[test]
    fn a_boundary_keeps_a_short_word_out_of_a_longer_one() {
        assert!(scan("the eni was lost").has(Mark::Eni));
        assert!(!scan("a denied thing").has(Mark::Eni));
    }
}
