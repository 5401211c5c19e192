//! What lies over the panes: one thing at a time.

use super::confirm::Confirm;
use super::form::Form;
use super::prompt::Prompt;
use super::prompt::Purpose;
use super::viewer::Viewer;

/// What lies over the panes.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// A line of input at the bottom.
    Prompt(Purpose, Prompt),
    /// Fields to fill in before a question.
    Form(Box<Form>),
    /// A question whose answer changes something.
    Confirm(Box<Confirm>),
    /// The results of a query of Logs Insights: see [`Model::insights`](crate::app::Model::insights).
    Results,
    /// Text to look at.
    Viewer(Viewer),
}
