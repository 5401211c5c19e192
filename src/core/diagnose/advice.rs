//! What to do about a cause, where what was seen calls for something else than what usually helps.
//!
//! A fix never contradicts its cause: a loopback address needs no NAT gateway, and a proxy that AWS adds has no
//! check that the program could mend.

use super::Evidence;
use super::cause::CauseId;
use crate::text::Clean;

/// What to do, in plain words.
pub(super) fn fix(cause: CauseId, evidence: Option<&Evidence>) -> &'static str {
    let words = evidence.map_or_else(String::new, |one| one.text.as_str().to_ascii_lowercase());
    let container = evidence.and_then(|one| one.container.as_ref());
    let says = |word: &str| words.contains(word);
    match cause {
        CauseId::ContainerUnhealthy if container.is_some_and(is_proxy) => {
            "Check the Service Connect proxy: give the task more CPU and memory for it (256 CPU units, 64 MiB at least), \
             update the ECS agent, and let the program start only once the proxy is HEALTHY (dependsOn)."
        }
        CauseId::LogDriverFailed if says("127.0.0.1") || says("localhost") || says("[::1]") => {
            "Start the log router before the program (dependsOn START or HEALTHY), and read the router's own log: it is \
             not up at that port."
        }
        CauseId::LogDriverFailed if is_of_another_driver(&words) => {
            "Check that the collector runs, that its address and port in the driver's options are right, and that the \
             security groups allow it."
        }
        CauseId::ImagePlatformMismatch if says("windows") => {
            "Build the image on the Windows version of the hosts, or use hosts of the image's version \
             (operatingSystemFamily on Fargate): Windows containers need the same build."
        }
        CauseId::NoContainerInstances | CauseId::PlacementConstraint if says("daemon") => {
            "Check that the cluster has ACTIVE container instances whose attributes match the task definition's \
             placement constraints."
        }
        CauseId::StartImpaired if says(" for ") && says("min") => {
            "Look at the ECS agent and its log on the task's host, at the host's disk and memory, and at the network \
             interface; stop the task so that ECS starts another."
        }
        _ => cause.fix(),
    }
}

/// Whether a container is the proxy that Service Connect adds to a task.
pub(super) fn is_proxy(container: &Clean) -> bool {
    container.starts_with("ecs-service-connect-")
}

fn is_of_another_driver(words: &str) -> bool {
    [
        "splunk",
        "fluentd",
        "gelf",
        "syslog",
        "logentries",
        "firelens",
    ]
    .iter()
    .any(|driver| words.contains(driver))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::EvidenceSource;

    fn of(cause: CauseId, container: Option<&str>, text: &str) -> &'static str {
        let evidence = Evidence {
            source: EvidenceSource::StoppedTask,
            at: None,
            reference: Clean::default(),
            container: container.map(Clean::new),
            text: Clean::new(text),
            count: 1,
            ranking: Vec::new(),
        };
        fix(cause, Some(&evidence))
    }

    #[test]
    fn a_loopback_address_needs_no_gateway() {
        let said = of(
            CauseId::LogDriverFailed,
            None,
            "dial tcp 127.0.0.1:24224: connection refused",
        );
        assert!(
            said.contains("log router") && !said.contains("NAT"),
            "{said}"
        );
    }

    #[test]
    fn a_proxy_of_aws_is_not_mended_by_the_program_s_own_check() {
        let said = of(
            CauseId::ContainerUnhealthy,
            Some("ecs-service-connect-a1B2c"),
            "UNHEALTHY",
        );
        assert!(
            said.contains("proxy") && !said.contains("check's command"),
            "{said}"
        );
        assert_eq!(
            of(CauseId::ContainerUnhealthy, Some("app"), ""),
            CauseId::ContainerUnhealthy.fix()
        );
    }
}
