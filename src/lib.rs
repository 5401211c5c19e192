//! ecsdeck: a terminal console for people on call for AWS ECS.
//!
//! The root package wires the others together: it reads flags, environment and
//! files ([`settings`]), starts the worker ([`backend`]), and runs either the
//! console ([`console`]) or a command without a screen ([`cli`]).

pub mod backend;
pub mod cli;
pub mod console;
pub mod exit;
pub mod inside;
pub mod say;
pub mod session;
pub mod settings;
pub mod signals;
mod streams;
pub mod uptime;
