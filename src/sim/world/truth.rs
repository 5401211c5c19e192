//! What a scenario is called, what is the matter in it, and what cures that.

use serde::Deserialize;

use super::spans::Span;

/// What a scenario is called and made for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioHeader {
    pub(crate) name: String,
    pub(crate) world: String,
    /// One line for people. It may give the cause away.
    #[serde(default)]
    pub(crate) title: String,
    /// In the place of the world's own: how far what ECS reads lags.
    pub(crate) read_lag: Option<Span>,
    /// Whether the world's own deployments and troubles are left out.
    #[serde(default)]
    pub(crate) calm: bool,
}

/// What is the matter in a scenario at a moment, so that a diagnosis can be judged. No
/// client of the simulated AWS is ever told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    /// The service that it is about; none when it is a task without one.
    pub service: Option<String>,
    /// The task definition family of such a task.
    pub family: Option<String>,
    /// The id of the cause, such as `image-not-found`.
    pub cause: String,
    /// Other causes that an expert would accept in the first place.
    #[serde(default)]
    pub also_ok: Vec<String>,
    /// The verdicts that fit, such as `stuck`; at least one.
    pub verdicts: Vec<String>,
    /// When to look, from the start.
    after: Span,
    /// What AWS says by then, in stop reasons, container reasons, events and rollout
    /// reasons: each of these is a part of at least one of them.
    #[serde(default)]
    pub says: Vec<String>,
}

impl Truth {
    /// How many virtual seconds after the start it holds, from 0.
    #[must_use]
    pub fn after_seconds(&self) -> i64 {
        self.after.0.max(0) / 1_000
    }
}

/// What somebody at the console does about what is the matter in a scenario, and how it ends. Like the truth it is told
/// to no client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cure {
    /// What is pressed, from the first key to the `y` that confirms; `type TEXT` stands for a text that is typed. Empty
    /// where no key helps.
    #[serde(default)]
    pub keys: Vec<String>,
    /// How the service is in the end: `recovered`, or the verdict that it keeps where it was in no trouble.
    #[serde(default)]
    pub end: String,
    /// Why no key helps, and what does.
    #[serde(default)]
    pub none: String,
}
