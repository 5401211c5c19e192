//! What names a field of a form: a type, so that a form cannot be asked for a field that no form has.

use crate::act::Withheld;
use crate::text::Clean;

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldName {
    /// From what a task is run.
    Source,
    /// Which revision.
    Revision,
    /// What becomes of a service's autoscaling.
    Scaling,
    /// The minimum capacity.
    Minimum,
    /// The maximum capacity.
    Maximum,
    /// The answer to a hook.
    Answer,
    /// The image of this container.
    Image(Clean),
    /// This variable of a run template.
    Variable(String),
    /// The override at this place of those of an earlier task.
    Override(usize),
    /// What the journal does not hold.
    Withheld(Withheld),
    /// Which container is given the command and further variables.
    Container,
    /// The command.
    Command,
    /// Further variables.
    Environment,
    /// How many tasks.
    Count,
    /// On what they run.
    Capacity,
    /// CPU units of a task.
    Cpu,
    /// Memory of a task.
    Memory,
    /// Where in the network they run.
    Subnets,
    /// Their security groups.
    SecurityGroups,
    /// Whether they have a public address.
    PublicIp,
}
