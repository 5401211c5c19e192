//! A host that went away under its tasks, where what is left has no room for others: that is the cause, and the full hosts
//! are what follows from it.

use super::ServiceSnapshot;
use super::no_rollout::counts;
use crate::diagnose::cause::{CauseId, SubjectKind, Trait};
use crate::diagnose::evidence::with_first;
use crate::diagnose::messages::subjects;
use crate::diagnose::{Cause, Diagnosis, Verdict};
use crate::text::{Clean, shell_quoted};

/// What a task is said to be launched on where no capacity provider chose the host.
const LAUNCH_TYPES: [&str; 3] = ["EC2", "EXTERNAL", "FARGATE"];

/// Shows the state, the reason for it and the Auto Scaling group of an instance, for an hour after its end too (source:
/// EC2 API reference, DescribeInstances).
const QUERY: &str = "Reservations[].Instances[].[State.Name,StateTransitionReason,Tags[?Key=='aws:autoscaling:groupName'].Value]";

/// Puts the lost host first where it explains the lack of room, and says which it is and how to learn why it went.
pub(super) fn weigh(snapshot: ServiceSnapshot<'_>, found: &mut Diagnosis) {
    let Some(at) = found
        .causes
        .iter()
        .position(|cause| cause.id == CauseId::HostLost)
    else {
        return;
    };
    let explained = found.verdict == Verdict::Degraded
        && found
            .causes
            .iter()
            .take(at)
            .all(|cause| cause.id.has(Trait::Placing));
    if explained && let Some(before) = found.causes.get_mut(..=at) {
        before.rotate_right(1);
        if let [lost, _, ..] = before {
            found.summary = with_first(counts(snapshot.service), &lost.evidence);
        }
    }
    let lost = found
        .causes
        .iter_mut()
        .find(|cause| cause.id == CauseId::HostLost);
    if let Some(lost) = lost
        && let Some(fix) = fix(snapshot, lost)
    {
        lost.fix = fix;
    }
}

/// What to do about it, where the words name the host: its group is not to be seen from ECS.
fn fix(snapshot: ServiceSnapshot<'_>, lost: &Cause) -> Option<Clean> {
    let evidence = lost.evidence.first()?;
    let named = subjects(&evidence.text);
    let host = named
        .iter()
        .find(|subject| subject.kind == SubjectKind::Instance)?;
    let mut tasks = snapshot.tasks.iter();
    let task = tasks.find(|task| *task.arn.clean() == evidence.reference);
    let provider = task
        .map(|task| &task.launch)
        .filter(|launch| !launch.is_empty() && !LAUNCH_TYPES.contains(&launch.as_str()))
        .map_or_else(String::new, |name| format!(" of capacity provider {name}"));
    Some(Clean::own(format!(
        "ECS starts the task elsewhere where there is room. Instance {}{provider} is gone: bring its Auto Scaling group \
         back to its size. What ended it, and its group: aws ec2 describe-instances --region {} --instance-ids {} --query {}",
        host.name,
        Clean::new(snapshot.service.arn.region()),
        Clean::new(&shell_quoted(&host.name)),
        shell_quoted(QUERY),
    )))
}

#[cfg(test)]
mod tests {
    use super::super::tests::of;
    use crate::diagnose::cause::CauseId;
    use crate::diagnose::sample::{ended, event, service, task};
    use crate::domain::{Service, StopCode, Task};
    use crate::text::Clean;

    const FULL: &str = "(service web) was unable to place a task because no container instance met all of its requirements. \
         The closest matching (container-instance 1f) has insufficient memory available.";

    fn short() -> (Service, Task) {
        let mut web = service("web");
        (web.desired, web.running) = (2, 1);
        web.events = vec![event(FULL, 60)];
        let mut lost = ended(task("web", "a1"), 137, 300);
        lost.stop_code = Some(StopCode::TerminationNotice);
        lost.stopped_reason = Some(Clean::literal(
            "Host EC2 (instance i-0a1b2c3d4e5f60001) terminated.",
        ));
        lost.containers.clear();
        (web, lost)
    }

    #[test]
    fn a_lost_host_explains_that_the_others_are_full_and_is_named_with_the_command_that_shows_why()
    {
        let (web, mut lost) = short();
        let found = of(&web, &[lost.clone()]);
        let first = &found.causes[0];
        assert_eq!(first.id, CauseId::HostLost, "{found:?}");
        assert!(found.summary.contains("terminated"), "{}", found.summary);
        assert!(first.fix.contains("Instance i-0a1b2c3d4e5f60001 is gone"));
        assert!(
            first
                .fix
                .contains("--region us-east-1 --instance-ids i-0a1b2c3d4e5f60001")
        );
        let writes = found.causes.iter().flat_map(|cause| &cause.actions);
        assert_eq!(writes.filter(|command| command.writes()).count(), 0);
        lost.launch = Clean::literal("spot-pool");
        let found = of(&web, &[lost]);
        assert!(
            found.causes[0]
                .fix
                .contains("of capacity provider spot-pool")
        );
    }

    #[test]
    fn full_hosts_of_which_none_was_lost_are_the_cause_themselves() {
        let (web, _) = short();
        let found = of(&web, &[]);
        assert_eq!(found.causes[0].id, CauseId::InsufficientResources);
    }
}
