//! `[CLUSTER/]SERVICE`: how a service is named wherever one is taken.

/// A service's or family's name, with its cluster's before it or not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    cluster: Option<&'a str>,
    /// Without the cluster.
    pub(super) bare: &'a str,
}

impl<'a> Name<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        let (cluster, bare) = name
            .split_once('/')
            .map_or((None, name), |(cluster, bare)| (Some(cluster), bare));
        Self { cluster, bare }
    }

    /// Whether something of this name in this cluster is meant.
    pub(super) fn fits(&self, name: &str, cluster: &str) -> bool {
        name == self.bare && self.cluster.is_none_or(|wanted| wanted == cluster)
    }

    /// What to say when several are meant, given in full.
    pub(super) fn ambiguous(&self, full: &[String]) -> String {
        let bare = self.bare;
        format!("{bare} is in several clusters: {}", full.join(", "))
    }
}
