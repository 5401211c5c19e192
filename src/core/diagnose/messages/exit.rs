//! What an exit code says by itself.
//!
//! POSIX: 128 + signal. Windows: an NTSTATUS, written as a large or negative
//! number. A code says how a process ended, not who asked it to.

use super::classified::{Classified, Findings};
use crate::diagnose::cause::CauseId::*;

/// What decides between a kill for memory and another.
const WHO_KILLED: &str =
    "an OutOfMemoryError on the container, or its memory use before the end; else stopTimeout";
/// What decides whether a SIGTERM was wanted.
const WHO_STOPPED: &str = "the task's stopCode, and whether a stop was asked for before the end";

/// Ranks what an exit code can mean. Never empty.
pub fn classify_exit(code: i64) -> Vec<Classified> {
    let mut findings = Findings::default();
    judge(code, &mut findings);
    findings.rank()
}

pub(super) fn judge(code: i64, findings: &mut Findings) {
    match code {
        0 => findings.may(AppExited, 0.8, "whether something should keep it running"),
        125 => {
            findings.may(ContainerRuntimeError, 0.6, "the container's reason");
            findings.may(AppCrash, 0.4, "the last lines of its log");
        }
        126 => findings.say(CommandNotExecutable, 0.85),
        127 => findings.say(CommandNotFound, 0.85),
        // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV.
        132..=136 | 139 => findings.say(Segfault, 0.9),
        137 => {
            findings.may(Killed, 0.8, WHO_KILLED);
            findings.may(OutOfMemory, 0.5, WHO_KILLED);
        }
        143 => {
            findings.may(AppCrash, 0.6, WHO_STOPPED);
            findings.may(SchedulerActivity, 0.45, WHO_STOPPED);
        }
        _ => windows(code, findings),
    }
}

/// Source: Microsoft, "NTSTATUS values".
fn windows(code: i64, findings: &mut Findings) {
    match code & 0xffff_ffff {
        // Access violation, illegal instruction, stack overflow, heap corruption, stack overrun.
        0xc000_0005 | 0xc000_001d | 0xc000_00fd | 0xc000_0374 | 0xc000_0409 => {
            findings.say(Segfault, 0.9);
        }
        // No memory left to commit, no memory.
        0xc000_0017 | 0xc000_012d => findings.say(OutOfMemory, 0.8),
        // A library or its entry is missing.
        0xc000_0135 | 0xc000_0139 => findings.say(CommandNotFound, 0.6),
        // Not an image for this Windows.
        0xc000_007b => findings.say(ImagePlatformMismatch, 0.7),
        // Ended from outside, as with Ctrl-C or a shutdown.
        0xc000_013a | 0x4001_0004 => {
            findings.may(AppCrash, 0.5, WHO_STOPPED);
            findings.may(SchedulerActivity, 0.45, WHO_STOPPED);
        }
        _ => findings.say(AppCrash, 0.9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(code: i64) -> &'static str {
        classify_exit(code)[0].cause.as_str()
    }

    #[test]
    fn each_kind_of_end_has_its_cause() {
        for (code, cause) in [
            (0, "app-exited"),
            (1, "app-crash"),
            (2, "app-crash"),
            (255, "app-crash"),
            (126, "command-not-executable"),
            (127, "command-not-found"),
            (134, "segfault"),
            (139, "segfault"),
            (137, "killed"),
            (143, "app-crash"),
            (130, "app-crash"),
            (3_221_225_477, "segfault"),
            (-1_073_741_819, "segfault"),
            (-1_073_741_515, "command-not-found"),
            (-1, "app-crash"),
        ] {
            assert_eq!(first(code), cause, "{code}");
        }
    }

    #[test]
    fn a_kill_names_memory_as_the_other_reason_and_what_decides() {
        let ranking = classify_exit(137);
        assert_eq!(ranking[1].cause, OutOfMemory);
        assert!(ranking.iter().all(|one| one.decided_by.is_some()));
    }
}
