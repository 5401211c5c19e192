//! The wire: what AWS's protocols look like, apart from what is said in them.

pub(crate) mod args;
pub(crate) mod cbor;
pub(crate) mod error;
pub(crate) mod page;
pub(crate) mod query;
pub(crate) mod reply;
pub(crate) mod xml;

pub(crate) use args::Args;
pub(crate) use error::ApiError;

use serde_json::Value;

/// What an action answers: a JSON document, or an error in AWS's words.
pub(crate) type Answer = Result<Value, ApiError>;

/// How an action of part `P` is carried out.
pub(crate) type Run<P> = fn(&mut P, &Args) -> Answer;

/// How an action of part `P` is carried out that looks at part `Q`.
pub(crate) type RunBeside<P, Q> = fn(&mut P, &Q, &Args) -> Answer;

/// One action of a service: the members that its input has, and what it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Action<R> {
    pub(crate) name: &'static str,
    /// The members of its input in the API model; others are refused. Those of an action that
    /// changes something are in its table of inputs.
    pub(crate) members: &'static [&'static str],
    pub(crate) run: R,
}
