//! What is printed of a service, a task or a line: one document, the same for
//! `why --json` and each line of `explain --json`.

use serde::Serialize;

use crate::diagnose::causes::causes_of;
use crate::diagnose::{Cause, Classified, Evidence, Verdict};
use crate::domain::{Arn, DeploymentSettings, Time};
use crate::text::Clean;

/// How far the circuit breaker has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BreakerCount {
    /// Failed tasks of the deployment.
    pub failed: u32,
    /// So many fail the deployment, 3 to 200.
    pub threshold: u32,
}

impl BreakerCount {
    /// The count of a deployment; none where the breaker is off.
    ///
    /// Half of the desired count, rounded up, at least 3 and at most 200 (source: ECS developer guide, "How the
    /// Amazon ECS deployment circuit breaker detects failures").
    pub fn of(settings: &DeploymentSettings, desired: u32, failed: u32) -> Option<Self> {
        settings.breaker.enabled.then(|| Self {
            failed,
            threshold: desired.div_ceil(2).clamp(3, 200),
        })
    }
}

/// A verdict with its causes, and what it is about.
///
/// `causes` is never empty: where nothing is wrong the first one says so.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Which item of the input it is about, from 0; absent where there is no input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<usize>,
    /// Why the item could not be read, or not wholly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Clean>,
    /// The word.
    pub verdict: Verdict,
    /// One line that says why.
    pub summary: Clean,
    /// Since when it is so.
    pub since: Option<Time>,
    /// The account, twelve digits.
    pub account: Option<Clean>,
    /// The region.
    pub region: Option<Clean>,
    /// The cluster's name.
    pub cluster: Option<Clean>,
    /// The service's name.
    pub service: Option<Clean>,
    /// The family of tasks that no service keeps.
    pub family: Option<Clean>,
    /// The task's resource name, or its id.
    pub task: Option<Clean>,
    /// The deployment's id.
    pub deployment: Option<Clean>,
    /// How sure the first cause is, from 0 to 1.
    pub confidence: f64,
    /// The causes, the best supported first.
    pub causes: Vec<Cause>,
    /// How far the circuit breaker has counted, where it is on.
    pub breaker: Option<BreakerCount>,
    /// How long such a rollout takes, in seconds.
    pub expected_seconds: Option<u64>,
    /// How long it has taken so far, in seconds.
    pub elapsed_seconds: Option<u64>,
}

impl Report {
    /// A report of these causes; what it is about is still to be filled in.
    pub fn new(verdict: Verdict, summary: Clean, causes: Vec<Cause>) -> Self {
        Self {
            input: None,
            error: None,
            verdict,
            summary,
            since: None,
            account: None,
            region: None,
            cluster: None,
            service: None,
            family: None,
            task: None,
            deployment: None,
            confidence: causes.first().map_or(0.0, |first| first.confidence),
            causes,
            breaker: None,
            expected_seconds: None,
            elapsed_seconds: None,
        }
    }

    /// A report of what a ranking says, in the ranking's own order.
    pub(super) fn ranked(verdict: Verdict, ranking: Vec<Classified>, evidence: &[Evidence]) -> Self {
        let causes = causes_of(ranking, evidence);
        let summary = causes
            .first()
            .map(|first| first.summary.clone())
            .unwrap_or_default();
        Self::new(verdict, summary, causes)
    }

    /// Fills in account and region, and the cluster where one is known.
    pub fn placed(&mut self, of: &Arn, cluster: &Arn) {
        let known = |text: &str| (!text.is_empty()).then(|| Clean::new(text));
        let either = |part: fn(&Arn) -> &str| known(part(of)).or_else(|| known(part(cluster)));
        self.account = either(Arn::account);
        self.region = either(Arn::region);
        // The long form of a task's or service's name has its cluster in the middle.
        let inside = of.resource().split('/').collect::<Vec<_>>();
        self.cluster = known(cluster.name()).or_else(|| match inside.as_slice() {
            [_, cluster, _] => known(cluster),
            _ => None,
        });
    }
}
