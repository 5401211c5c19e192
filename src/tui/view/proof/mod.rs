//! What the view promises, held against models that messages built.

mod bytes;
mod lists;
mod screens;
mod sizes;
mod why;
#[expect(unreachable_pub, reason = "the example that draws a frame shares it")]
mod world;
