//! How queues and messages are numbered, here and towards others.

/// A queue, numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QueueKey(pub(crate) usize);

/// A message, numbered over all queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MessageKey(pub(crate) u64);
