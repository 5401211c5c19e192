//! Who decides, in tests.

use super::history::{Author, Entry, Sent};
use super::{Decider, History, Intent, IntentId, Outcome, Record};
use crate::diagnose::sample::{NOW, ago, revision, service, service_arn};
use crate::domain::{
    Arn, DeploymentHook, Identity, RolloutHistory, ServiceDeployment, ServiceDeploymentStatus,
    ServiceRevision, Time,
};
use crate::text::Clean;

/// Somebody on call, now.
pub(crate) fn decider() -> Decider<'static> {
    let identity = Identity {
        account: Clean::literal("123456789012"),
        arn: Arn::new("arn:aws:sts::123456789012:assumed-role/OnCall/ann"),
    };
    Decider {
        id: IntentId::new(7),
        at: Time::from_second(NOW).unwrap(),
        // A test ends with its process.
        identity: Box::leak(Box::new(identity)),
        region: Box::leak(Box::new(Clean::literal("us-east-1"))),
    }
}

/// An intent as the journal has it once it was done.
pub(crate) fn done(intent: &Intent) -> Record {
    let who = Author::of(&decider().identity.arn);
    let (outcome, sent) = (Outcome::Done, Sent::default());
    let entries = [
        Entry::intent(intent, who.clone()),
        Entry::outcome(intent, who, intent.at, &outcome, &sent),
    ];
    let mut record = History::of(&entries).records()[0].clone();
    // With the values that the journal withholds.
    for (step, sent) in record.steps.iter_mut().zip(&intent.steps) {
        step.request = sent.request.record();
    }
    record
}

/// The revision of the service `web` that has this task definition.
fn service_revision(name: &str) -> ServiceRevision {
    let web = service("web");
    ServiceRevision {
        arn: Arn::new(&format!("service-revision/{name}")),
        task_definition: revision(name),
        created: None,
        launch: web.launch,
        network: web.network,
        load_balancers: web.load_balancers,
        images: vec![],
    }
}

/// A deployment of `web`, from one task definition to another.
pub(crate) fn deployment(
    id: &str,
    status: ServiceDeploymentStatus,
    from: Option<&str>,
    to: &str,
) -> ServiceDeployment {
    let revision = |name: &str| Arn::new(&format!("service-revision/{name}"));
    ServiceDeployment {
        arn: Arn::new(&format!("service-deployment/{id}")),
        service: service_arn("web"),
        status,
        status_reason: None,
        created: Some(ago(60)),
        started: None,
        finished: None,
        stopped: None,
        sources: from.map(revision).into_iter().collect(),
        target: Some(revision(to)),
        stage: None,
        strategy: None,
        bake_minutes: None,
        target_weight: None,
        hooks: vec![],
        rollback: None,
        breaker: None,
        alarms: None,
    }
}

/// A deployment from `web:1` to `web:2` that waits for somebody at its hook.
pub(crate) fn paused() -> ServiceDeployment {
    let mut paused = deployment(
        "b",
        ServiceDeploymentStatus::InProgress,
        Some("web:1"),
        "web:2",
    );
    paused.hooks = vec![DeploymentHook {
        id: Clean::literal("hook-1"),
        target_type: Clean::literal("PAUSE"),
        status: Clean::literal("AWAITING_ACTION"),
        expires: None,
        timeout_action: None,
    }];
    paused
}

/// What AWS knows of the rollouts of `web`.
pub(crate) fn history(deployments: Vec<ServiceDeployment>) -> RolloutHistory {
    let revisions = ["web:1", "web:2", "web:3"].map(service_revision);
    RolloutHistory {
        deployments,
        revisions: revisions.map(|known| (known.arn.clone(), known)).into(),
    }
}
