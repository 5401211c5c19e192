//! The program itself, and the runtime that starts it.
//!
//! Sources: runc's and containerd's error chains, Docker's and hcsshim's on
//! Windows; ECS developer guide on OutOfMemoryError and CannotStartContainerError.

use super::super::exit;
use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    // What ran before the program explains it better.
    let before = findings.reach(0.6);
    memory(signals, findings);
    let starting = signals.any(&[Mark::Start, Mark::Exec, Mark::Create, Mark::NoCommand])
        || (signals.has(Mark::Runtime) && signals.has(Mark::Exec));
    if starting && !before {
        start(signals, findings);
    }
    if signals.has(Mark::DaemonDown) {
        findings.say(ContainerRuntimeError, 0.9);
    } else if (signals.any(&[Mark::Start, Mark::Create, Mark::Runtime]) || signals.of_container())
        && !signals.any(&[Mark::Pull, Mark::SecretsOrAuth, Mark::Refused])
    {
        runtime(signals, findings);
    }
    // What the API refuses has not run.
    if !findings.reach(0.5) && !signals.has(Mark::Refused) {
        ended(signals, findings);
    }
}

fn memory(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::OutOfMemory) {
        findings.say(OutOfMemory, 0.97);
    } else if signals.has(Mark::MemoryShort) && !findings.reach(0.9) {
        findings.may(
            OutOfMemory,
            0.7,
            "the memory that the container and its host have",
        );
    }
}

/// The first process did not come to run.
fn start(signals: &Signals, findings: &mut Findings) {
    // What a mount or the runtime's own hook misses is not the command.
    if signals.any(&[Mark::Mounting, Mark::Volume]) || signals.says(" hook") {
        return;
    }
    let command = signals.any(&[Mark::Exec, Mark::NoCommand]);
    if command && signals.any(&[Mark::NoSuchFile, Mark::NoCommand]) {
        findings.say(CommandNotFound, 0.95);
    } else if command && signals.has(Mark::NotExecutable) {
        findings.say(CommandNotExecutable, 0.95);
    } else if signals.has(Mark::Start)
        && signals.has(Mark::NotExecutable)
        && !signals.has(Mark::OutOfMemory)
    {
        findings.may(CommandNotExecutable, 0.5, "which path was refused");
    }
}

fn runtime(signals: &Signals, findings: &mut Findings) {
    let own = signals.any(&[Mark::Create, Mark::Runtime]) || signals.says("timed out");
    findings.say(ContainerRuntimeError, if own { 0.75 } else { 0.65 });
    if signals.has(Mark::Mounting) {
        findings.may(
            VolumeMountFailed,
            0.39,
            "whether the mount that failed is one of the task's volumes",
        );
    }
}

/// It ran, and ended.
fn ended(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::Fatal) {
        findings.say(Segfault, 0.9);
    } else if let Some(code) = signals.exit {
        exit::judge(code, findings);
    } else if signals.has(Mark::Killed) {
        findings.may(Killed, 0.7, "the container's exit code and memory use");
    } else if signals.has(Mark::Essential) {
        let decided = "the exit code and the reason of the container that ended first";
        findings.may(AppCrash, 0.45, decided);
        findings.may(AppExited, 0.35, decided);
        findings.may(Killed, 0.25, decided);
    }
}
