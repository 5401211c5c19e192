//! Which query somebody means: one that the deck has a name for, or the text itself.

use crate::app::model::Model;
use crate::app::model::log_target::LogTarget;
use crate::deck::{Log, Query};
use crate::names::{NameError, unknown};
use crate::text::Clean;

/// A query as somebody named or wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedQuery {
    /// The deck's name of it.
    pub name: Option<Clean>,
    /// The query.
    pub text: String,
    /// The log that the deck has it for.
    pub log: Option<LogTarget>,
}

impl Model {
    /// The deck's queries, each with its log.
    pub fn saved_queries(&self) -> impl Iterator<Item = (&Log, &Query)> {
        let logs = self.setup.deck.iter().flat_map(|deck| &deck.logs);
        logs.flat_map(|log| log.queries.iter().map(move |query| (log, query)))
    }

    /// The query of a name, or the query that was written. One word alone is a name: no command of the language stands
    /// alone.
    ///
    /// # Errors
    /// Where the deck has no query of that name, or several logs have one: then `LOG/NAME` says which.
    pub fn query_typed(&self, typed: &str) -> Result<TypedQuery, NameError> {
        let typed = typed.trim();
        let named: Vec<_> = self
            .saved_queries()
            .filter(|(log, query)| query.name == typed || qualified(log, query) == typed)
            .collect();
        match named.as_slice() {
            [] if !typed.is_empty() && !typed.contains(char::is_whitespace) => {
                let names: Vec<&str> = self
                    .saved_queries()
                    .map(|(_, query)| query.name.as_str())
                    .collect();
                Err(unknown("query", typed, &names))
            }
            [] => Ok(TypedQuery {
                name: None,
                text: typed.to_owned(),
                log: None,
            }),
            [(log, query)] => Ok(TypedQuery {
                name: Some(Clean::new(&query.name)),
                text: query.query.trim().to_owned(),
                log: Some(LogTarget::Group(Clean::new(&log.name))),
            }),
            several => Err(NameError::Several {
                typed: Clean::new(typed),
                choices: several
                    .iter()
                    .map(|(log, query)| qualified(log, query))
                    .collect(),
            }),
        }
    }
}

fn qualified(log: &Log, query: &Query) -> String {
    format!("{}/{}", log.name, query.name)
}
