//! The application: its state, what happens to it, what it wants done.
//!
//! [`update`] is the only place where the [`Model`] changes, and it is a
//! function of the model, a [`Msg`] and a [`Stamp`]. What it wants done comes
//! back as [`Effect`]s; nothing here does anything.

mod effect;
mod model;
mod msg;
mod naming;
mod overlays;
mod panes;
mod press;
mod query;
mod query_naming;
mod reads;
mod update;
mod writes;

pub use crate::act::{Scaling, VariableValue, Wish, WorkItem};
pub use crate::text::{age, clock, coarse, length, masked};
pub use effect::{Effect, LoopEffect, WorkerEffect};
pub use model::Model;
pub use model::candidate::{CANDIDATE_COLUMNS, Candidate};
pub use model::check::Check;
pub use model::confirm::Confirm;
pub use model::declined::Declined;
pub use model::expired_tasks::ExpiredTask;
pub use model::field_name::FieldName;
pub use model::filter::Filter;
pub use model::fleet::Fleet;
pub use model::form::{Field, Form, Pattern, Value};
pub use model::form_purpose::{FormPurpose, RunBase, RunSource};
pub use model::insights::{Insights, QueryStage, QueryWish};
pub use model::journal_pane::JournalPane;
pub use model::list::{Cursor, ListPane, Sort};
pub use model::log_pane::{Hit, LogPane};
pub use model::log_target::{LogRange, LogTarget};
pub use model::notice::{Notice, Tone};
pub use model::overlay::Overlay;
pub use model::palette::Palette;
pub use model::pane::{DetailMode, Pane};
pub use model::past_action::PastAction;
pub use model::pending_wish::Prepared;
pub use model::prompt::{Prompt, Purpose};
pub use model::proposal::Proposal;
pub use model::reading::{Reading, Readings};
pub use model::row_key::RowKey;
pub use model::rows::{ServiceRow, TaskRow};
pub use model::running::Running;
pub use model::serving::Serving;
pub use model::setup::Setup;
pub use model::slot::{RequestId, Slot};
pub use model::sources::Sources;
pub use model::stamp::Stamp;
pub use model::stamps::Stamps;
pub use model::story::{Stand, Story};
pub use model::viewer::{Line, Style, Viewer};
pub use model::work_pane::{QueuePane, QueueRow, WorkKey, WorkPane, WorkRow, WorkState};
pub use msg::Msg;
pub use naming::Like;
pub use overlays::palette::{Offer, offer_columns, offers};
pub use overlays::query::{QueryOffer, query_chosen, query_columns, query_offers};
pub use overlays::results::result_lines;
pub use overlays::sources::{SourceOffer, source_columns, source_offers};
pub use panes::shown::*;
pub use query::{Answer, LogQuery, Query, WorkQuery};
pub use query_naming::TypedQuery;
pub use reads::freshness::PaneState;
pub use reads::past_actions::past_actions;
pub use reads::streams::words_elsewhere;
pub use update::update;
pub use writes::allowed::Refusals;
pub use writes::forms::{TagOffer, TagOffers, Wrong, order, tag_offers};

#[cfg(test)]
mod tests;
