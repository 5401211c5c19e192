//! Where a task can run: instances, their room, their agent, AWS's capacity, limits, lost hosts.
//!
//! Sources: ECS developer guide "Service event messages", "API failure reasons",
//! "Task retirement"; EC2's and Auto Scaling's error codes.

use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    reason_code(signals, findings);
    placement(signals, findings);
    supply(signals, findings);
    host(signals, findings);
}

/// A failure reason that is one word: `failures[].reason`, or behind `Reason:`.
fn reason_code(signals: &Signals, findings: &mut Findings) {
    let code = signals
        .flat
        .rsplit([':', ' '])
        .find(|word| !word.is_empty())
        .unwrap_or_default()
        .trim_matches(['"', '.', '\'', ')', '(']);
    let judged = match code {
        "agent" => (AgentDisconnected, 0.95),
        "attribute" | "location" | "memberof" => (PlacementConstraint, 0.95),
        "capacity" => (CapacityUnavailable, 0.7),
        _ => return,
    };
    let alone = signals.flat.trim_matches(['"', '.', '\'']) == code;
    let leads = [
        "reason:",
        "taskfailedtostart:",
        "reason\":",
        "error",
        "error:",
    ];
    let before = signals
        .flat
        .rsplit_once(code)
        .map_or("", |(before, _)| before);
    let behind = leads.iter().any(|lead| {
        before
            .trim_end_matches(['"', ' ', '\'', '('])
            .ends_with(lead)
    });
    if alone || behind {
        findings.say(judged.0, judged.1);
    }
}

/// Instances, and why each was ruled out.
fn placement(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::NoInstances) {
        findings.say(NoContainerInstances, 0.96);
    }
    if signals.has(Mark::Agent) {
        findings.say(AgentDisconnected, 0.96);
    }
    if signals.has(Mark::Attribute) {
        findings.say(PlacementConstraint, 0.96);
    }
    if signals.has(Mark::Ports) {
        findings.say(HostPortConflict, 0.95);
    }
    if signals.has(Mark::Insufficient) && !findings.reach(0.95) {
        findings.say(InsufficientResources, 0.94);
    }
    if findings.reach(0.9) {
        return;
    }
    let vague = "which resource the closest instance lacks";
    if signals.has(Mark::Starved) && signals.says("available") && signals.says("container-instance")
    {
        // The resource's name was cut or blacked out.
        findings.may(InsufficientResources, 0.6, vague);
        findings.may(HostPortConflict, 0.3, vague);
    } else if signals.says("no container instance met")
        || signals.says("task_placement_failure")
        || signals.says("closest matching")
    {
        findings.may(InsufficientResources, 0.42, vague);
        findings.may(PlacementConstraint, 0.35, vague);
        findings.may(NoContainerInstances, 0.32, vague);
    }
}

/// What AWS could not give.
fn supply(signals: &Signals, findings: &mut Findings) {
    let pulling = signals.any(&[
        Mark::Pull,
        Mark::Secret,
        Mark::SecretsOrAuth,
        Mark::RegistryAuth,
    ]);
    if signals.has(Mark::NoCapacity) {
        findings.say(CapacityUnavailable, 0.95);
    }
    if signals.has(Mark::Quota) && !pulling && !signals.any(&[Mark::OutOfMemory, Mark::PullRate]) {
        findings.say(
            QuotaReached,
            if signals.has(Mark::NoCapacity) {
                0.6
            } else {
                0.93
            },
        );
    }
    if signals.has(Mark::InternalFault) && !pulling && !findings.reach(0.6) {
        findings.say(PlatformError, 0.85);
    } else if signals.has(Mark::InternalClass) && !pulling && !findings.reach(0.6) {
        let decided = "whether the next task starts: then it was AWS's and passed";
        findings.may(ContainerRuntimeError, 0.5, decided);
        findings.may(PlatformError, 0.49, decided);
    } else if signals.says("could not launch") && !findings.reach(0.3) {
        let decided = "the reason behind it, and the stopped tasks";
        findings.may(CapacityUnavailable, 0.4, decided);
        findings.may(InsufficientResources, 0.38, decided);
    }
}

/// The ground was taken away.
fn host(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::SpotInterrupted) {
        findings.say(SpotInterruption, 0.96);
    }
    if signals.any(&[Mark::HostGone, Mark::Maintenance]) {
        let sure = if signals.any(&[Mark::Agent, Mark::Attribute, Mark::SpotInterrupted]) {
            0.6
        } else {
            0.93
        };
        findings.say(HostLost, sure);
    }
}
