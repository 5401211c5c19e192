//! The worlds and scenarios that come with the program.

use super::error::WorldError;
use super::nearest::hint;

/// Names, each with the text of its file in a folder at the root.
macro_rules! embedded {
    ($folder:literal: $($name:literal)*) => {
        &[$((
            $name,
            include_str!(concat!("../../../", $folder, "/", $name, ".toml")),
        )),*]
    };
}

pub(super) const WORLDS: &[(&str, &str)] = embedded!("worlds":
    "aipm" "aistudio" "cloudide" "depot" "euglena" "fleet" "short-drama"
);

pub(super) const SCENARIOS: &[(&str, &str)] = embedded!("scenarios":
    "agent-disconnected" "api-throttled" "app-crash" "app-exited" "autoscaler-override" "backlog-at-zero" "backlog-unserved"
    "capacity-unavailable" "circuit-breaker-tripped" "command-not-executable"
    "command-not-found" "container-runtime-error" "container-unhealthy" "deployment-alarm"
    "deployment-config-deadlock" "eni-failed" "env-file-unavailable" "falling-behind" "health-grace-too-short"
    "hook-failed" "host-lost" "host-port-conflict" "image-behind-full-cluster" "image-fixed"
    "image-invalid" "image-not-found" "image-platform-mismatch" "image-pull-denied"
    "image-pull-network" "image-pull-rate-limit" "image-too-large" "insufficient-resources"
    "killed" "linear-shift" "log-driver-failed" "log-network" "long-drain" "no-container-instances" "orphaned-items" "out-of-memory" "overdue-items"
    "permission-denied" "placement-constraint" "platform-error" "poison-messages" "port-of-another" "progressing" "quota-reached"
    "redeployed-while-stuck" "role-not-assumable" "rollback-fails-too" "scaled-to-zero" "scheduler-activity"
    "secret-access-denied" "secret-malformed" "secret-network" "secret-not-found" "segfault"
    "service-discovery-failed" "sidecar-out-of-memory" "slow-start" "spot-interruption" "start-hangs" "start-impaired" "steady"
    "stopped-by-user" "target-group-misconfigured" "target-unhealthy"
    "task-definition-invalid" "task-protection" "unknown" "volume-mount-failed"
    "waiting-on-hook"
);

pub(super) fn find(
    among: &[(&str, &'static str)],
    kind: &str,
    wanted: &str,
) -> Result<&'static str, WorldError> {
    among
        .iter()
        .find(|(name, _)| *name == wanted)
        .map(|(_, text)| *text)
        .ok_or_else(|| WorldError {
            file: wanted.to_owned(),
            line: 0,
            message: format!(
                "no {kind} is called `{wanted}`{}",
                hint(wanted, among.iter().map(|(name, _)| *name))
            ),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &str) -> Vec<String> {
        let path = format!("{}/../../{folder}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<String> = std::fs::read_dir(path)
            .unwrap()
            .filter_map(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                name.strip_suffix(".toml").map(str::to_owned)
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn every_file_is_built_in_in_alphabetical_order() {
        for (folder, embedded) in [("worlds", WORLDS), ("scenarios", SCENARIOS)] {
            let names: Vec<&str> = embedded.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, files(folder), "{folder}");
        }
    }
}
