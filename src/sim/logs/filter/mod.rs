//! Filter patterns, as AWS documents them (FilterAndPatternSyntax): terms for any line,
//! `{ $.member = … }` for JSON, `[column, …]` for columns, `%regex%` in each of them.
//! Case matters.

mod columns;
mod compare;
mod json;
mod pattern;
mod refused;
mod terms;

pub(super) use pattern::Filter;
