//! Health checks and the load balancer.
//!
//! Sources: ECS developer guide "Troubleshooting service load balancers",
//! "Troubleshooting blue/green deployments"; ELB's target health reason codes.

use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

/// Which of the two checks it was.
const WHICH: &str = "whether the service has a load balancer, and the container a healthCheck";

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::DiscoveryUnhealthy) {
        findings.may(ContainerUnhealthy, 0.55, "the task's healthStatus");
        findings.may(
            ServiceDiscoveryFailed,
            0.5,
            "the instance's status in Cloud Map",
        );
        return;
    }
    let balanced = signals.any(&[Mark::TargetGroup, Mark::LoadBalancer]);
    // The API that refuses a setting tells of no check that failed.
    let denied = signals.any(&[Mark::IamDenied, Mark::AssumeFailed]);
    misconfigured(signals, findings, balanced, denied);
    let contained = vaguely(signals)
        && !balanced
        && signals.says("container")
        && !signals.any(&[
            Mark::Instance,
            Mark::CheckCodes,
            Mark::ReplacedUnhealthy,
            Mark::ElbCheck,
        ]);
    if signals.has(Mark::ContainerCheck) || contained {
        findings.say(ContainerUnhealthy, 0.95);
    } else if signals.has(Mark::Refused) && !signals.has(Mark::UnhealthyTarget) {
    } else if (signals.any(&[Mark::ElbCheck, Mark::CheckCodes])
        || (balanced && signals.any(&[Mark::UnhealthyTarget, Mark::HealthCheck])))
        && !denied
    {
        findings.say(TargetUnhealthy, 0.93);
    } else if signals.has(Mark::ReplacedUnhealthy)
        || (vaguely(signals) && !findings.reach(0.5) && !denied)
    {
        let weak = if super::calm::moved(signals) {
            0.4
        } else {
            0.5
        };
        findings.may(TargetUnhealthy, weak, WHICH);
        findings.may(ContainerUnhealthy, weak - 0.02, WHICH);
    }
    if signals.has(Mark::HealthUnknown) {
        findings.may(
            PermissionDenied,
            0.4,
            "whether the service's role may describe target health",
        );
        findings.may(
            TargetGroupMisconfigured,
            0.38,
            "whether the target group exists",
        );
    }
}

fn misconfigured(signals: &Signals, findings: &mut Findings, balanced: bool, denied: bool) {
    let absent = balanced
        && signals.not_found()
        && !signals.any(&[Mark::Pull, Mark::Secret, Mark::SecretsOrAuth])
        && (signals.says("group") || signals.says("balancer") || signals.says("target"));
    if denied {
    } else if signals.any(&[Mark::BadListener, Mark::BadTarget]) || absent {
        // A role that lacks a right is also told as "invalid networking configuration".
        let sure = if signals.has(Mark::MissingPermissions) {
            0.6
        } else {
            0.96
        };
        findings.say(TargetGroupMisconfigured, sure);
    } else if signals.has(Mark::ElbUnable) {
        findings.may(
            TargetGroupMisconfigured,
            0.6,
            "the error that the load balancer answered",
        );
    }
}

/// Something of a task is said to fail a health check, and not which.
fn vaguely(signals: &Signals) -> bool {
    signals.any(&[Mark::HealthCheck, Mark::UnhealthyTarget])
        && (signals.says("unhealthy") || signals.says("fail"))
        && ["task", "service", "container", "target", "port"]
            .iter()
            .any(|thing| signals.says(thing))
}
