//! What else a container needs before it starts: roles, environment files, logs, volumes.
//!
//! Sources: ECS developer guide "ResourceInitializationError errors",
//! "CannotCreateVolumeError", "Status reasons for EBS volume attachment",
//! "Troubleshooting blue/green deployments"; Docker's log and volume drivers.

use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    if !signals.complains() {
        return;
    }
    role(signals, findings);
    if signals.has(Mark::EnvFile) {
        findings.say(EnvFileUnavailable, 0.95);
        return;
    }
    logs(signals, findings);
    volume(signals, findings);
}

/// Whatever the role was wanted for, it is what failed.
fn role(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::AssumeFailed) {
        findings.say(RoleNotAssumable, 0.97);
    } else if signals.has(Mark::Role) {
        if signals.denied() || signals.not_found() || signals.has(Mark::Unmanaged) {
            findings.say(RoleNotAssumable, 0.95);
        } else {
            findings.say(RoleNotAssumable, 0.8);
        }
    }
}

fn logs(signals: &Signals, findings: &mut Findings) {
    let other = [
        Mark::Attribute,
        Mark::BadDefinition,
        Mark::AssumeFailed,
        Mark::Secret,
        Mark::Pull,
    ];
    if !signals.any(&[Mark::Log, Mark::LogCollector]) || signals.any(&other) {
        return;
    }
    // No host of AWS is called so: a router beside the program, or a collector of one's own.
    let local = ["127.0.0.1", "localhost", "[::1]", "::1:"];
    let local = local.iter().any(|host| signals.says(host));
    if local && signals.network() {
        findings.say(LogDriverFailed, 0.93);
        return;
    }
    let collector = signals.has(Mark::LogCollector);
    let silent = signals.network() || signals.has(Mark::Interrupted) || signals.says("timed out");
    let answered = signals.denied()
        || signals.not_found()
        || signals.says("log opt")
        || signals.says("required")
        || signals.says("invalid");
    if answered && (signals.denied() || !silent) {
        findings.say(LogDriverFailed, 0.94);
    } else if !silent {
        // Cut before the reason; a missing group is by far the most frequent.
        let decided = "whether the log group exists, and the rest of the message";
        findings.may(LogDriverFailed, 0.75, decided);
        findings.may(LogNetwork, 0.35, decided);
    } else if collector {
        // Not CloudWatch: the collector's address is one of the driver's options.
        findings.may(
            LogDriverFailed,
            0.6,
            "whether the collector runs, and its address is right",
        );
        findings.may(LogNetwork, 0.58, "whether the subnet reaches the collector");
    } else {
        findings.say(LogNetwork, 0.94);
        findings.may(LogDriverFailed, 0.4, "whether the log group exists");
    }
}

fn volume(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::EphemeralTimeout)
        && !signals.any(&[Mark::Quota, Mark::BadDefinition, Mark::NoSpace])
    {
        let decided = "whether the next task starts: then it was passing";
        findings.may(PlatformError, 0.7, decided);
        findings.may(VolumeMountFailed, 0.6, decided);
        return;
    }
    if !signals.any(&[Mark::Volume, Mark::Ebs]) || signals.any(&[Mark::AssumeFailed, Mark::Pull]) {
        return;
    }
    if signals.any(&[Mark::Quota, Mark::Attribute, Mark::NoSpace]) {
        findings.say(VolumeMountFailed, 0.7);
    } else {
        findings.say(VolumeMountFailed, 0.94);
    }
}
