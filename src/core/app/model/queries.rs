//! What is known for writing a query of Logs Insights: what was asked before, and what is chosen.

/// Queries that are remembered at most.
const MOST: usize = 20;

/// The state of writing a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queries {
    /// The offer that somebody moved to, from 0; none: what was typed counts.
    pub chosen: Option<usize>,
    /// The lines that were asked in this run, the newest first; none stands in it twice.
    pub asked: Vec<String>,
}

impl Queries {
    /// Remembers a line that was asked.
    pub(in crate::app) fn remember(&mut self, line: &str) {
        self.asked.retain(|asked| asked != line);
        self.asked.insert(0, line.to_owned());
        self.asked.truncate(MOST);
    }
}
