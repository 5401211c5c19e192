//! The writes: from the key that begins one to the question before it.

pub(in crate::app) mod acting;
pub(in crate::app) mod allowed;
pub(in crate::app) mod deciding;
pub(in crate::app) mod dialog;
pub(in crate::app) mod forms;
pub(in crate::app) mod preparing;
