//! The pure heart of ecsdeck: what is known of a fleet, what it means, and what to do next.
//!
//! Nothing here has a clock, a file, a socket, a thread or a terminal: all that
//! comes in through [`app::Msg`] and [`app::Stamp`], and goes out as [`app::Effect`].

pub mod act;
pub mod app;
pub mod deck;
pub mod diagnose;
pub mod domain;
pub mod keys;
pub mod logs;
pub mod names;
pub mod text;
