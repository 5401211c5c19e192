//! Whether something that a task definition names is there.

use serde::Serialize;

use super::Time;
use crate::text::Clean;

/// Whether AWS has a thing. That it may not be asked is an error of the call, not an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Existence {
    /// It is there.
    Exists,
    /// It is not.
    Missing,
    /// It is marked for deletion, and cannot be read meanwhile.
    BeingDeleted {
        /// When it goes.
        at: Option<Time>,
    },
}

/// An image in ECR.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ImageState {
    /// The repository has it.
    Exists {
        /// What the tag means now.
        digest: Option<Clean>,
        /// When it was pushed.
        pushed: Option<Time>,
        /// Its size in bytes, compressed.
        bytes: Option<u64>,
    },
    /// The repository is there; the tag or digest is not.
    NoSuchImage,
    /// There is no such repository.
    NoSuchRepository,
}

/// Whether an action is allowed on a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The action as IAM names it.
    pub action: Clean,
    /// The resource.
    pub resource: Clean,
    /// What was decided.
    pub permission: Permission,
}

/// Whether a role may do something, as IAM simulates it. Policies of resources, boundaries of an
/// organisation and network are not all in it: it is a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// It may.
    Allowed,
    /// A policy says no.
    ExplicitlyDenied,
    /// No policy says yes.
    NotAllowed,
    /// There is no such role.
    NoSuchRole,
}
