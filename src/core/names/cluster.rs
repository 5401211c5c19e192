//! Which clusters are looked at: names, resource names and patterns such as `prod-*`.

use std::collections::BTreeSet;

use crate::domain::{Arn, Cluster, Failure};
use crate::text::Clean;

/// The clusters that somebody named; none: all that there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterNames<'a>(Vec<&'a str>);

impl<'a> ClusterNames<'a> {
    /// Takes names as they were given.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().collect())
    }

    /// What is to be described: empty where all clusters must be listed, because a pattern says which.
    pub fn to_describe(&self) -> Vec<Clean> {
        if self.0.iter().any(|name| is_pattern(name)) {
            return Vec::new();
        }
        self.0.iter().map(|name| Clean::new(name)).collect()
    }

    /// Whether a cluster is one of them.
    pub fn take(&self, cluster: &Arn) -> bool {
        self.0.is_empty() || self.0.iter().any(|name| fits(name, cluster))
    }

    /// Leaves out what was listed and not named. Names that nothing fits are added to the failures, as AWS adds a
    /// cluster that it was asked for and does not have.
    pub fn choose(
        &self,
        mut clusters: Vec<Cluster>,
        mut failures: Vec<Failure>,
    ) -> (Vec<Cluster>, Vec<Failure>) {
        if !self.0.iter().any(|name| is_pattern(name)) {
            return (clusters, failures);
        }
        clusters.retain(|cluster| self.take(&cluster.arn));
        failures.retain(|failure| self.take(&failure.arn));
        let found = |name: &str| {
            clusters.iter().any(|cluster| fits(name, &cluster.arn))
                || failures.iter().any(|failure| fits(name, &failure.arn))
        };
        let lacking: BTreeSet<&str> = self.0.iter().copied().filter(|name| !found(name)).collect();
        let missing: Vec<Failure> = lacking
            .into_iter()
            .map(|name| Failure {
                arn: Arn::new(name),
                reason: Clean::literal("MISSING"),
                detail: None,
            })
            .collect();
        failures.extend(missing);
        (clusters, failures)
    }
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}

fn fits(name: &str, cluster: &Arn) -> bool {
    name == cluster.as_str() || matches(name.as_bytes(), cluster.name().as_bytes())
}

/// Whether a text fits a pattern in which `*` stands for any letters and `?` for one.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), None) => matches(rest, text),
        (Some((b'*', rest)), Some((_, shorter))) => {
            matches(rest, text) || matches(pattern, shorter)
        }
        (Some((b'?', rest)), Some((_, shorter))) => matches(rest, shorter),
        (Some((wanted, rest)), Some((letter, shorter))) if wanted == letter => {
            matches(rest, shorter)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(name: &str) -> Cluster {
        Cluster {
            arn: Arn::new(&format!("arn:aws:ecs:eu-west-1:1:cluster/{name}")),
            name: Clean::new(name),
            status: Clean::default(),
            running: 0,
            pending: 0,
            services: 0,
            instances: 0,
        }
    }

    #[test]
    fn a_pattern_chooses_among_all_and_what_nothing_fits_is_missing() {
        let names = ClusterNames::new(["prod-*", "stage", "test-?"]);
        assert!(names.to_describe().is_empty(), "all of them are listed");
        let all = ["prod-a", "prod-b", "prod", "stage", "other"].map(cluster);
        let (chosen, failures) = names.choose(all.to_vec(), Vec::new());
        let chosen: Vec<&str> = chosen.iter().map(|cluster| cluster.name.as_str()).collect();
        assert_eq!(chosen, ["prod-a", "prod-b", "stage"]);
        let missing: Vec<&str> = failures
            .iter()
            .map(|failure| failure.arn.as_str())
            .collect();
        assert_eq!(missing, ["test-?"]);
    }

    #[test]
    fn names_without_a_pattern_are_described_and_nothing_is_listed() {
        let names = ClusterNames::new(["stage", "arn:aws:ecs:eu-west-1:1:cluster/prod-a"]);
        assert_eq!(names.to_describe().len(), 2);
        assert!(names.take(&cluster("prod-a").arn) && names.take(&cluster("stage").arn));
        assert!(!names.take(&cluster("prod-b").arn));
        assert!(ClusterNames::new([]).take(&cluster("any").arn));
    }

    #[test]
    fn stars_and_question_marks_stand_for_letters() {
        for (pattern, text, fit) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("?b", "ab", true),
            ("?b", "b", false),
            ("**a", "bba", true),
        ] {
            assert_eq!(
                matches(pattern.as_bytes(), text.as_bytes()),
                fit,
                "{pattern} {text}"
            );
        }
    }
}
