//! Nothing is wrong, or somebody wanted it so.
//!
//! Sources: ECS developer guide "Service event messages", "Service action
//! events"; Application Auto Scaling's activity messages.

use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    let troubled = findings.reach(0.45);
    if signals.has(Mark::ByUser) {
        findings.say(StoppedByUser, if troubled { 0.4 } else { 0.95 });
    }
    if troubled {
        return;
    }
    if signals.says("not az balanced") || signals.says("az rebalanc") {
        findings.say(SchedulerActivity, 0.9);
    } else if (signals.has(Mark::Steady) || finished(signals))
        && !signals.says("unable to reach")
        && !signals.says("not reach")
        && !signals.says("not stable")
    {
        findings.say(Steady, 0.95);
    }
    if signals.has(Mark::ZeroDesired) || signals.desired == Some(0) {
        findings.say(ScaledToZero, 0.93);
    }
    if signals.has(Mark::AlarmPolicy) {
        let decided = "whether a user set the count just before";
        findings.may(SchedulerActivity, 0.6, decided);
        findings.may(AutoscalerOverride, 0.55, decided);
    }
    if signals.has(Mark::Activity) || moved(signals) {
        findings.say(SchedulerActivity, 0.92);
    }
    if signals.has(Mark::Progressing) {
        findings.say(Progressing, 0.8);
    }
}

/// `deployment … completed`, `is AZ balanced`.
fn finished(signals: &Signals) -> bool {
    (signals.has(Mark::Deployment) && signals.says("ecs-svc/") && signals.says(" completed"))
        || signals.says("is az balanced")
}

/// Tasks, targets or instances were moved, with their number.
pub(super) fn moved(signals: &Signals) -> bool {
    [
        "has started ",
        "has stopped ",
        "registered ",
        "stopped ",
        "has drained ",
        "replaced ",
    ]
    .iter()
    .any(|verb| signals.counts(verb))
        && ["task", "target", "instance"]
            .iter()
            .any(|thing| signals.says(thing))
}
