//! CloudWatch Logs Insights: what is asked, how far it is, and what it found.

use super::Time;
use crate::text::Clean;

/// CloudWatch's id of a query.
pub type QueryId = Clean;

/// A query over log groups of one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsightsQuery {
    /// In the language of Insights, as somebody wrote it. Not clean: it goes to AWS as it is.
    pub text: String,
    /// The groups, [`InsightsQuery::GROUPS`] at most.
    pub groups: Vec<Clean>,
    /// Where they are, where that is not the console's own region.
    pub region: Option<Clean>,
    /// Lines from this time on.
    pub start: Time,
    /// Lines up to this time.
    pub end: Time,
    /// Rows at most, where the query says no limit of its own; without one CloudWatch gives 10,000.
    pub limit: Option<u32>,
}

impl InsightsQuery {
    /// Log groups of one query at most (source: CloudWatch Logs API reference, StartQuery, logGroupNames).
    pub const GROUPS: usize = 50;
    /// Rows of one query at most (source: CloudWatch Logs API reference, StartQuery, limit).
    pub const ROWS: u32 = 100_000;
}

/// How far a query is. CloudWatch ends one after 60 minutes (source: CloudWatch Logs API reference, StartQuery).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryStatus {
    /// It waits for its turn.
    #[default]
    Scheduled,
    /// It runs; there may be rows already.
    Running,
    /// It is done.
    Complete,
    /// It broke off.
    Failed,
    /// Somebody stopped it.
    Cancelled,
    /// It took too long.
    Timeout,
    /// Nobody knows, AWS says.
    Unknown,
}

impl QueryStatus {
    /// Whether nothing more will come.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Complete | Self::Failed | Self::Cancelled | Self::Timeout
        )
    }
}

/// What a query has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueryStatistics {
    /// Bytes of the lines that were looked at: what is paid for.
    pub bytes_scanned: u64,
    /// Lines that were looked at.
    pub records_scanned: u64,
    /// Lines that the query was about.
    pub records_matched: u64,
}

/// What a query has found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryResults {
    /// How far it is.
    pub status: QueryStatus,
    /// What it has cost.
    pub statistics: QueryStatistics,
    /// The fields, in the order in which they first come.
    pub columns: Vec<Clean>,
    /// The rows, each with a place for each column: nothing where the row has no such field.
    pub rows: Vec<Vec<Option<Clean>>>,
}

impl QueryResults {
    /// Adds a row as CloudWatch gives it: the fields that it has. A row with a field that none had before adds a column.
    pub fn push(&mut self, row: Vec<(Clean, Clean)>) {
        let mut cells = vec![None; self.columns.len()];
        for (field, value) in row {
            let at = match self.columns.iter().position(|column| *column == field) {
                Some(at) => at,
                None => {
                    self.columns.push(field);
                    cells.push(None);
                    self.columns.len() - 1
                }
            };
            if let Some(cell) = cells.get_mut(at) {
                *cell = Some(value);
            }
        }
        self.rows.push(cells);
    }
}

/// What CloudWatch has against a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryProblem {
    /// In AWS's words.
    pub message: Clean,
    /// From which character on and up to which, where AWS says it.
    pub place: Option<(usize, usize)>,
}

/// How much a log group holds, as DescribeLogGroups tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogGroup {
    /// Its name.
    pub name: Clean,
    /// Bytes that are stored, where AWS says it. The number lags behind.
    pub stored: Option<u64>,
    /// When it was made.
    pub created: Option<Time>,
    /// How long lines are kept, in days; none: for ever.
    pub retention_days: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(fields: &[(&str, &str)]) -> Vec<(Clean, Clean)> {
        let clean = |(field, value): &(&str, &str)| (Clean::new(field), Clean::new(value));
        fields.iter().map(clean).collect()
    }

    #[test]
    fn each_value_stands_in_the_column_of_its_field_whatever_the_row_lacks() {
        let mut results = QueryResults::default();
        results.push(row(&[("level", "error"), ("n", "3")]));
        results.push(row(&[("n", "4"), ("code", "E1")]));
        assert_eq!(results.columns, ["level", "n", "code"]);
        let cells = |row: &Vec<Option<Clean>>| -> Vec<String> {
            let cells = row.iter().map(|cell| cell.clone().unwrap_or_default());
            cells.map(|cell| cell.to_string()).collect()
        };
        assert_eq!(cells(&results.rows[0]), ["error", "3"]);
        assert_eq!(cells(&results.rows[1]), ["", "4", "E1"]);
    }
}
