//! Text that came from outside, made safe to show, and text cut to columns.
//!
//! The invariant: what is drawn, printed, copied or put into a title is
//! [`Clean`]. It holds no control character, no escape sequence and nothing
//! invisible, so a log line or a tag cannot steer the terminal or lie about
//! what it says.

mod age;
mod clean;
mod columns;
mod duration;
mod moment;
mod nearest;
mod place;
mod sanitise;
mod search;
mod secrets;
mod sequence;
mod shell;

pub use age::{age, clock, coarse, length, rounded};
pub use clean::Clean;
pub use columns::{Align, Ellipsis, column, fit, pad, width};
pub use duration::parse_duration;
pub use moment::{MOMENTS, parse_moment, parse_moment_after};
pub use nearest::nearest;
pub use place::Place;
pub use search::Search;
pub use secrets::{Values, masked};
pub use shell::{shell_quoted, shell_words};
