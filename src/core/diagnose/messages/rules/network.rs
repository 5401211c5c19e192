//! The task's network interface.
//!
//! Sources: ECS developer guide "TaskFailedToStart errors", "Service event
//! messages"; EC2 API error names; the agent's CNI plugins.

use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    let pulled = signals.any(&[
        Mark::Pull,
        Mark::Secret,
        Mark::SecretsOrAuth,
        Mark::RegistryAuth,
        Mark::Log,
        Mark::EnvFile,
        Mark::Volume,
    ]);
    // `RESOURCE:ENI` complains by being there.
    let complains = signals.complains() || signals.says("resource:eni");
    if pulled || !complains || signals.any(&[Mark::AssumeFailed, Mark::BadListener]) {
        return;
    }
    let interface = signals.any(&[Mark::Eni, Mark::EniAttach]);
    let address = signals.any(&[Mark::SecurityGroup, Mark::Subnet]);
    if signals.over_quota() && (interface || address) {
        findings.say(EniFailed, 0.7);
    } else if interface {
        // On EC2 a full instance is also called this: no attachment point is left.
        let full = signals.any(&[Mark::EniAttach, Mark::Insufficient])
            && (signals.has(Mark::Place) || signals.says("resource:"));
        findings.say(EniFailed, 0.94);
        if full {
            findings.may(
                InsufficientResources,
                0.5,
                "whether the instance type has interfaces left",
            );
        }
    } else if address
        && (signals.not_found()
            || signals.denied()
            || signals.says("invalid")
            || signals.says("not valid")
            || signals.says("different")
            || signals.says("same vpc")
            || signals.says("not exist")
            || signals.says("ip address")
            || signals.says("empty"))
    {
        findings.say(EniFailed, 0.88);
    } else if address && signals.has(Mark::InternalClass) {
        findings.may(EniFailed, 0.6, "whether the subnet's zone supports Fargate");
    }
}
