//! The application: its state, what happens to it, what it wants done.
//!
//! [`update`] is the only place where the [`Model`] changes, and it is a
//! function of the model, a [`Msg`] and a [`Stamp`]. What it wants done comes
//! back as [`Effect`]s; nothing here does anything.

mod acting;
mod actions;
mod age;
mod allowed;
mod answers;
mod asked;
mod asking;
mod beside;
mod compare;
mod deciding;
mod describe;
mod detail;
mod dialog;
mod difference;
mod discovery;
mod effect;
mod filter;
mod fleet;
mod following;
mod form;
mod form_keys;
mod forms;
mod freshness;
mod input;
mod journal;
mod kept;
mod keys;
mod list;
mod log_keys;
mod log_pane;
mod model;
mod moving;
mod msg;
mod palette;
mod plan;
mod preparing;
mod query;
mod reading;
mod rows;
mod secrets;
mod setup;
mod started;
mod streams;
mod timeline;
mod update;
mod viewer;
mod why;
mod words;
mod work_pane;

pub use age::{age, clock, coarse, length};
pub use allowed::Refusals;
pub use detail::{DetailMode, style_of};
pub use dialog::Confirm;
pub use effect::Effect;
pub use filter::Filter;
pub use fleet::{Fleet, RowKey};
pub use form::{Field, Form, Pattern, Value};
pub use forms::{FormPurpose, RunBase, RunSource, Wrong, order};
pub use freshness::PaneState;
pub use input::{Prompt, Purpose};
pub use journal::Written;
pub use kept::{KeptTask, PastAction};
pub use list::Cursor;
pub use log_pane::{LogPane, LogRange, LogTarget, matches};
pub use model::{ListPane, Model, Notice, Overlay, Pane, Running, Tone};
pub use msg::{Msg, Stamp};
pub use palette::{candidates, suggestions};
pub use preparing::Prepared;
pub use query::{Answer, LogQuery, Query, RequestId, Slot, WorkQuery};
pub use reading::{Reading, Readings};
pub use rows::{ServiceRow, TaskRow, service_rows, task_rows};
pub use secrets::masked;
pub use setup::Setup;
pub use update::update;
pub use viewer::{Line, Style, Viewer};
pub use words::{health, task_status};
pub use work_pane::{QueuePane, QueueRow, WorkKey, WorkPane, WorkRow, WorkState, work_state};

#[cfg(test)]
mod tests;
