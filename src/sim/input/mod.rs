//! What the inputs of operations that change something must look like: one table an
//! operation, of members, types, sizes, ranges and values.
//!
//! Invariant: an input that a table refuses has changed nothing, for it is held against
//! the table before its operation sees it. Tables lie with their services. What AWS refuses
//! in words of its own, or by what there is, the operation itself refuses.

mod check;
mod letters;
mod refuse;
mod shape;

pub(crate) use check::check;
pub(crate) use letters::{GROUP, NAME, PRINTED, STREAM, TAGGED, VISIBLE};
pub(crate) use shape::{
    ANY, FLAG, FRACTION, MOST, Member, Shape, TEXT, WHOLE, list, list_of, map, map_of, may,
    members, need, one_of, text, told, whole,
};

/// The inputs of a service, by operation.
pub(crate) type Inputs = &'static [(&'static str, &'static [Member])];

/// What an action says of its members whose table has them.
pub(crate) const TABLED: &[&str] = &[];

/// The table of an operation.
pub(crate) fn table_of(inputs: Inputs, action: &str) -> Option<&'static [Member]> {
    let found = inputs.iter().find(|(name, _)| *name == action);
    found.map(|(_, table)| *table)
}
