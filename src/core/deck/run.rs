//! Templates for tasks that somebody runs by hand or that drain a queue.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::forms::duration;
use crate::domain::Time;
use crate::text::Clean;

/// A run template.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// What it is called.
    pub name: String,
    /// Where it runs, where the deck has several clusters.
    pub cluster: Option<String>,
    /// Family, or `family:revision` to pin one.
    pub task_definition: String,
    /// The container that gets the environment.
    pub container: Option<String>,
    /// On what it runs.
    #[serde(default)]
    pub launch: Launch,
    /// Where in the network it runs.
    pub network: Option<Network>,
    /// The fields of the form, in its order.
    #[serde(default)]
    pub env: Vec<Variable>,
    /// A task that runs for longer than this is late.
    #[serde(default, deserialize_with = "duration")]
    pub timeout: Option<Duration>,
}

/// On what a task runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Launch {
    /// Fargate.
    #[default]
    Fargate,
    /// Fargate Spot: cheaper, and may be taken away.
    FargateSpot,
    /// The cluster's own instances.
    Ec2,
}

/// Where in the network a task runs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Subnet ids, at least one.
    pub subnets: Vec<String>,
    /// Security group ids; the VPC's own where there are none.
    #[serde(default)]
    pub security_groups: Vec<String>,
    /// Whether it gets a public address. Without one it needs a NAT or endpoints to pull its image.
    #[serde(default)]
    pub public_ip: bool,
}

/// An environment variable of the form.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What stands in the form at first. `{uuid}` is a new id, `{now}` and `{time}` the time, `{date}` the day, in
    /// UTC, `{user}` who runs it.
    pub default: Option<String>,
    /// It may not be empty.
    #[serde(default)]
    pub required: bool,
    /// What a value must match as a whole: a regular expression.
    pub pattern: Option<String>,
    /// What it is for.
    pub help: Option<String>,
    /// Its value may have several lines.
    #[serde(default)]
    pub multiline: bool,
}

impl Variable {
    /// What may stand in a default between braces.
    pub const PLACEHOLDERS: [&str; 5] = ["uuid", "time", "now", "date", "user"];
}

/// What stands for the placeholders of defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The time on AWS's clock.
    pub now: Time,
    /// Random bits, for ids.
    pub entropy: u128,
    /// Who runs it.
    pub user: Clean,
}

impl Fill {
    /// A default with its placeholders filled in. Each id of one and the same `Fill` is another.
    pub fn fill(&mut self, default: &str) -> String {
        let mut text = String::with_capacity(default.len());
        let mut rest = default;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let known = after
                .split_once('}')
                .and_then(|(word, rest)| Some((self.value(word)?, rest)));
            rest = match known {
                Some((value, rest)) => {
                    text.push_str(&value);
                    rest
                }
                None => {
                    text.push('{');
                    after
                }
            };
        }
        text.push_str(rest);
        text
    }

    fn value(&mut self, word: &str) -> Option<String> {
        Some(match word {
            "uuid" => self.uuid(),
            "time" | "now" => self.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "date" => self.now.strftime("%Y-%m-%d").to_string(),
            "user" => self.user.to_string(),
            _ => return None,
        })
    }

    /// A random UUID (RFC 9562, version 4).
    fn uuid(&mut self) -> String {
        let bits = (self.entropy & !(0xf << 76) & !(0b11 << 62)) | (4 << 76) | (0b10 << 62);
        // An odd number near 2^128 divided by the golden ratio: every step changes about half of the bits.
        self.entropy = self
            .entropy
            .wrapping_add(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
            .rotate_left(29);
        let hex = format!("{bits:032x}");
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        [
            part(0, 8),
            part(8, 12),
            part(12, 16),
            part(16, 20),
            part(20, 32),
        ]
        .join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill() -> Fill {
        Fill {
            now: "2026-01-02T03:04:05.6Z".parse().unwrap(),
            entropy: 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef,
            user: Clean::literal("ann"),
        }
    }

    #[test]
    fn placeholders_are_filled_in_and_other_braces_stay() {
        let mut fill = fill();
        assert_eq!(
            fill.fill("{user}/{date} {now} {time}"),
            "ann/2026-01-02 2026-01-02T03:04:05Z 2026-01-02T03:04:05Z"
        );
        let json = r#"{"a":{"b":"{user}"}} {x} { {"#;
        assert_eq!(fill.fill(json), r#"{"a":{"b":"ann"}} {x} { {"#);
    }

    #[test]
    fn ids_are_uuids_of_version_4_and_each_is_another() {
        let ids = fill().fill("{uuid} {uuid}");
        let (first, second) = ids.split_once(' ').unwrap();
        assert_eq!(first, "01234567-89ab-4def-8123-456789abcdef");
        assert_ne!(first, second);
        for id in [first, second] {
            assert_eq!((id.len(), id.get(14..15)), (36, Some("4")), "{id}");
            assert!(
                id.get(19..20).is_some_and(|digit| "89ab".contains(digit)),
                "{id}"
            );
        }
    }

    #[test]
    fn the_same_stamp_gives_the_same_ids() {
        assert_eq!(fill().fill("{uuid}"), fill().fill("{uuid}"));
    }
}
