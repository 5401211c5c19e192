//! The rollout as a whole: breaker, alarms, hooks, configuration, permissions, throttling.
//!
//! Sources: ECS developer guide "Service event messages", "Deployment circuit
//! breaker", "Lifecycle hooks", "Service action events"; ECS API errors.

use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    hooks(signals, findings);
    rollout(signals, findings);
    definition(signals, findings);
    if signals.has(Mark::Discovery)
        && signals.complains()
        && !signals.any(&[Mark::DiscoveryUnhealthy, Mark::Activity])
    {
        let sure = if signals.any(&[Mark::Secret, Mark::Log, Mark::OwnThrottled, Mark::Pull]) {
            0.5
        } else {
            0.95
        };
        findings.say(ServiceDiscoveryFailed, sure);
    }
    permission(signals, findings);
    let pulls = [
        Mark::Pull,
        Mark::PullRate,
        Mark::RegistryAuth,
        Mark::Secret,
        Mark::HubHost,
    ];
    if signals.has(Mark::OwnThrottled) && !signals.any(&pulls) {
        // A container's own resource that was asked for too often is not ECS's work for the service.
        let sure = if findings.reach(0.7) { 0.6 } else { 0.95 };
        findings.say(ApiThrottled, sure);
    }
}

fn hooks(signals: &Signals, findings: &mut Findings) {
    let bare = signals.has(Mark::HookFailed) && signals.has(Mark::Deployment);
    // The container runtime has hooks too.
    let hook = (bare || signals.any(&[Mark::Hook, Mark::HookStage]))
        && !signals.any(&[Mark::Start, Mark::Create, Mark::Runtime]);
    let failed = signals.has(Mark::HookFailed)
        || (hook && signals.has(Mark::RollingBack))
        || (signals.has(Mark::Hook) && (signals.says("fail") || signals.says("timed out")));
    if hook && failed {
        // Which right or role was missing is the more specific.
        findings.say(
            HookFailed,
            if signals.has(Mark::IamDenied) {
                0.8
            } else {
                0.95
            },
        );
    } else if hook && !signals.any(&[Mark::DeploymentFailed, Mark::Breaker]) {
        findings.say(WaitingOnHook, 0.85);
    } else if signals.has(Mark::Waiting)
        && (signals.says("bake time") || signals.says("baking") || signals.says("awaiting_action"))
    {
        findings.say(WaitingOnHook, 0.9);
    }
}

fn rollout(signals: &Signals, findings: &mut Findings) {
    let networking = signals.has(Mark::BadListener);
    if signals.has(Mark::AlarmFired)
        && signals.any(&[Mark::Deployment, Mark::DeploymentFailed, Mark::RollingBack])
        && !signals.has(Mark::AlarmPolicy)
    {
        findings.say(DeploymentAlarm, 0.96);
    }
    if signals.has(Mark::Breaker) && !signals.has(Mark::AlarmFired) {
        findings.say(CircuitBreakerTripped, 0.96);
    } else if signals.has(Mark::DeploymentFailed) && !networking {
        findings.say(
            CircuitBreakerTripped,
            if signals.says("tasks failed") || signals.says("task failed") {
                0.95
            } else {
                0.6
            },
        );
    } else if signals.has(Mark::RollingBack) && signals.has(Mark::Deployment) && !networking {
        let decided = "the event before it, and the deployment's status reason";
        findings.may(CircuitBreakerTripped, 0.6, decided);
        findings.may(DeploymentAlarm, 0.35, decided);
    }
    if signals.has(Mark::Deadlock)
        && (signals.says("unable to") || signals.says("cannot") || signals.says("percent"))
        && !networking
    {
        findings.say(DeploymentConfigDeadlock, 0.93);
    }
    if signals.has(Mark::Impaired) {
        findings.say(StartImpaired, 0.96);
    }
    if signals.has(Mark::Protected) {
        findings.say(TaskProtection, 0.95);
    }
}

fn definition(signals: &Signals, findings: &mut Findings) {
    let registers =
        signals.says("registertaskdefinition") || signals.says("register task definition");
    let other = [Mark::IamDenied, Mark::OwnThrottled, Mark::AssumeFailed];
    if registers && signals.has(Mark::Refused) && !signals.any(&other) {
        // Whatever the values are about: it is they that the API refused.
        findings.say(TaskDefinitionInvalid, 0.92);
        return;
    }
    if signals.has(Mark::Inactive) {
        findings.say(TaskDefinitionInvalid, 0.96);
    } else if signals.has(Mark::BadDefinition)
        && !signals.any(&[Mark::Pull, Mark::Start, Mark::Secret])
        && !findings.reach(0.9)
    {
        findings.say(TaskDefinitionInvalid, 0.85);
    } else if signals.has(Mark::Definition)
        && signals.not_found()
        && !signals.any(&[
            Mark::Pull,
            Mark::Start,
            Mark::Create,
            Mark::Secret,
            Mark::Discovery,
        ])
        && !findings.reach(0.5)
    {
        findings.say(TaskDefinitionInvalid, 0.9);
    } else if signals.has(Mark::Incompatible) && !findings.reach(0.9) {
        let decided =
            "requiresCompatibilities beside the service's launch type or capacity providers";
        findings.may(TaskDefinitionInvalid, 0.65, decided);
        findings.may(PlacementConstraint, 0.5, decided);
    }
    if signals.has(Mark::ConfigurationFailure) {
        findings.may(TaskDefinitionInvalid, 0.5, "the event's reason");
        findings.may(PermissionDenied, 0.4, "the event's reason");
    }
}

/// ECS's API refused the values, and nothing else says which: what it speaks of is what is wrong.
pub(super) fn refused_values(signals: &Signals, findings: &mut Findings) {
    if !signals.has(Mark::Refused) || findings.reach(0.4) {
        return;
    }
    let decided = "which value the API names, and where the service or definition sets it";
    if signals.any(&[Mark::TargetGroup, Mark::LoadBalancer]) {
        findings.may(TargetGroupMisconfigured, 0.6, decided);
    } else if signals.has(Mark::Definition) {
        findings.may(TaskDefinitionInvalid, 0.5, decided);
    }
}

/// A right is missing, and none of the families before knows what for.
fn permission(signals: &Signals, findings: &mut Findings) {
    let passed = signals.says("iam:passrole");
    let owned = [
        Mark::Pull,
        Mark::RegistryAuth,
        Mark::Secret,
        Mark::SecretsOrAuth,
        Mark::EnvFile,
        Mark::Log,
        Mark::ElasticFs,
        Mark::AssumeFailed,
    ];
    let claimed = signals.any(&owned) || signals.says("sts:assumerole");
    if passed || (signals.has(Mark::IamDenied) && !claimed) {
        // What it was wanted for may have a cause of its own, and then that is the one that says more.
        let own = signals.any(&[Mark::Ebs, Mark::Volume, Mark::Eni]) && findings.reach(0.9);
        findings.say(PermissionDenied, if own && !passed { 0.6 } else { 0.97 });
    } else if signals.any(&[Mark::MissingPermissions, Mark::Unmanaged])
        && !claimed
        && !signals.has(Mark::Role)
    {
        findings.say(PermissionDenied, 0.93);
    }
}

/// Refused, and nothing else explains by whom.
pub(super) fn refused(signals: &Signals, findings: &mut Findings) {
    let aws = signals.has(Mark::IamDenied)
        || signals.says("accessdenied")
        || signals.says("access denied");
    if aws && !findings.reach(0.5) {
        findings.say(PermissionDenied, 0.6);
    }
}
