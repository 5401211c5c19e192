//! What names a row of the services pane, wherever it stands.

use crate::domain::Arn;
use crate::text::Clean;

/// Names a row of the services pane for good, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// A service.
    Service(Arn),
    /// Tasks of a cluster that no service keeps, by family.
    Family(Arn, Clean),
    /// A service that the deck names and AWS does not have.
    MissingService(Clean),
    /// A cluster that the deck or a flag names and AWS does not have.
    MissingCluster(Clean),
}
