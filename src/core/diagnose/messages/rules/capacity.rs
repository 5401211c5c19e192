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
    const QUOTES: [char; 8] = ['"', '\'', '.', ',', '(', ')', '}', ' '];
    const LEADS: [&str; 7] = [
        "reason",
        "taskfailedtostart",
        "failed to start",
        "error",
        "stopped",
        "reason**",
        "failure",
    ];
    let words = signals.flat.as_str();
    let words = match words.ends_with(')') {
        true => words.split(" (requestid").next().unwrap_or(words),
        false => words,
    };
    let words = words.trim_end_matches(QUOTES);
    let at = words
        .rfind([':', ' ', '"', '\'', '('])
        .map_or(0, |at| at + 1);
    let (before, code) = words.split_at(at);
    let (cause, sure) = match code {
        "agent" => (AgentDisconnected, 0.95),
        "attribute" | "location" | "memberof" => (PlacementConstraint, 0.95),
        "capacity" => (CapacityUnavailable, 0.7),
        "inactive" => (NoContainerInstances, 0.6),
        _ => return,
    };
    let before = before.trim_end_matches(|c| QUOTES.contains(&c) || matches!(c, ':' | '-'));
    // Nothing but a moment or punctuation may stand before one that is alone.
    let alone = !before
        .as_bytes()
        .windows(2)
        .any(|pair| pair.iter().all(u8::is_ascii_alphabetic));
    if alone || LEADS.iter().any(|lead| before.ends_with(lead)) {
        findings.say(cause, sure);
    }
}

/// Instances, and why each was ruled out.
fn placement(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::NoInstances) {
        findings.say(NoContainerInstances, 0.96);
    }
    let away = [
        "disconnected",
        "not connected",
        "connected\": false",
        "connected: false",
    ];
    if signals.has(Mark::Agent)
        || (signals.has(Mark::AgentItself) && away.iter().any(|word| signals.says(word)))
    {
        findings.say(AgentDisconnected, 0.96);
    }
    if signals.has(Mark::Attribute) {
        findings.say(PlacementConstraint, 0.96);
    }
    // A program of its own that says "address already in use" is not the host's.
    let stage = [Mark::Start, Mark::Create, Mark::Runtime, Mark::Place];
    let socket = ["port ", "port is", "listen ", "bind:", "each socket"];
    let taken = signals.has(Mark::InUse)
        && socket.iter().any(|word| signals.says(word))
        && (signals.any(&stage) || signals.says("on host") || signals.says("host port"));
    if signals.has(Mark::Ports) || taken {
        findings.say(HostPortConflict, 0.95);
    }
    let short = signals.says("insufficient")
        && ["cpu", "memory", "gpu"].iter().any(|one| signals.says(one));
    if (signals.has(Mark::Insufficient) || short) && !findings.reach(0.95) {
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
        || signals.says("unable to place a task because the resource")
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
        Mark::EnvFile,
        Mark::Log,
    ]);
    // "We currently do not have sufficient m5.large capacity in the Availability Zone".
    let short = signals.says("sufficient ") && signals.says(" capacity") && signals.complains();
    if signals.has(Mark::NoCapacity) || (short && !signals.any(&[Mark::Insufficient, Mark::Eni])) {
        findings.say(CapacityUnavailable, 0.95);
    }
    if signals.over_quota() && !pulling && !signals.any(&[Mark::OutOfMemory, Mark::PullRate]) {
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
        findings.may(PlatformError, 0.39, decided);
    } else if signals.has(Mark::Place)
        && signals.says("unable to place a task in ")
        && !findings.reach(0.3)
    {
        // Of a zone, and without a reason: AZ rebalancing found no room there on Fargate.
        findings.may(
            CapacityUnavailable,
            0.7,
            "whether the service runs on Fargate, and has a subnet in that zone",
        );
    } else if signals.says("could not launch") && !findings.reach(0.3) {
        let decided = "the reason behind it, and the stopped tasks";
        findings.may(CapacityUnavailable, 0.4, decided);
        findings.may(InsufficientResources, 0.38, decided);
    }
}

/// The ground was taken away.
fn host(signals: &Signals, findings: &mut Findings) {
    let interrupted = signals.has(Mark::Spot)
        && (signals.says("interrupt") || signals.says("reclaim"))
        && !signals.has(Mark::NoCapacity);
    if signals.has(Mark::SpotInterrupted) || interrupted {
        findings.say(SpotInterruption, 0.96);
    }
    let gone = signals.has(Mark::Instance)
        && signals.has(Mark::Gone)
        && !super::calm::moved(signals)
        && !signals.says("draining connections")
        && !signals.any(&[
            Mark::Place,
            Mark::Quota,
            Mark::NoCapacity,
            Mark::TargetGroup,
        ]);
    if gone || signals.any(&[Mark::HostGone, Mark::Maintenance]) {
        let sure = if signals.any(&[Mark::Agent, Mark::Attribute, Mark::SpotInterrupted]) {
            0.6
        } else {
            0.93
        };
        findings.say(HostLost, sure);
    }
}
