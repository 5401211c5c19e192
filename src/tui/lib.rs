//! The terminal side of ecsdeck: what is drawn, how it reaches the screen in
//! few bytes, and how the terminal is taken and given back.
//!
//! Nothing here waits: this package offers file descriptors and pure
//! functions, and the loop that owns them lives in the root package.

pub mod input;
pub mod painter;
pub mod terminal;
pub mod theme;
pub mod view;
