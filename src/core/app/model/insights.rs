//! A query of CloudWatch Logs Insights, from the wish to its rows.
//!
//! The invariants: a query is started at most once for each time that somebody asked for it, and one that would cost
//! much only after a yes.

use super::log_target::LogTarget;
use crate::domain::{
    CloudError, InsightsQuery, LogGroup, QueryProblem, QueryResults, QueryStatus, Time,
};
use crate::logs::insights::{Expected, ResultTable, scanned_words};
use crate::text::Clean;

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryWish {
    /// What it is called, where the deck has a name for it.
    pub name: Option<Clean>,
    /// The query as it was written.
    pub text: String,
    /// Whose logs are searched.
    pub target: LogTarget,
    /// Lines from this time on.
    pub since: Time,
    /// Lines up to this time.
    pub until: Time,
    /// Rows at most.
    pub limit: Option<u32>,
}

/// A query from the wish to its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Insights {
    /// What was asked for.
    pub wish: QueryWish,
    /// How far it is.
    pub stage: QueryStage,
    /// What goes to AWS; none while the groups are looked for.
    pub query: Option<InsightsQuery>,
    /// What it can be expected to cost; none before that was looked up.
    pub expected: Option<Expected>,
    /// What it has found so far.
    pub results: QueryResults,
    /// How that stands on the screen.
    pub table: ResultTable,
    /// The place of the cursor among the rows, from 0.
    pub at: usize,
}

/// How far a query is.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryStage {
    /// Which groups the logs are in is not known yet, and why.
    Locating(Clean),
    /// How much the groups hold is read.
    Sizing,
    /// It would cost so much that somebody is to say yes first.
    Asking,
    /// AWS works at it.
    Running,
    /// It is over: see the status of its results.
    Over,
    /// There is no such log group.
    NoGroup(Clean),
    /// AWS does not understand it.
    Wrong(QueryProblem),
    /// It could not be started or followed to its end.
    Failed(CloudError),
    /// It cannot be asked like that.
    Impossible(Clean),
}

impl Insights {
    /// A query of which nothing is known but that it is wanted.
    pub(in crate::app) fn new(wish: QueryWish) -> Self {
        Self {
            wish,
            stage: QueryStage::Locating(Clean::default()),
            query: None,
            expected: None,
            results: QueryResults::default(),
            table: ResultTable::default(),
            at: 0,
        }
    }

    /// The groups are known.
    pub(in crate::app) fn locate(&mut self, groups: Vec<Clean>, region: Option<Clean>) {
        let wish = &self.wish;
        self.query = Some(InsightsQuery {
            text: wish.text.clone(),
            groups,
            region,
            start: wish.since,
            end: wish.until,
            limit: wish.limit,
        });
        self.stage = QueryStage::Sizing;
    }

    /// It is known how much the groups hold, or that this cannot be read.
    pub(in crate::app) fn size(&mut self, groups: Option<&[LogGroup]>, now: Time) {
        if self.stage != QueryStage::Sizing {
            return;
        }
        let expected = Expected::of(groups, (self.wish.since, self.wish.until), now);
        self.stage = if expected.is_worth_a_question() {
            QueryStage::Asking
        } else {
            QueryStage::Running
        };
        self.expected = Some(expected);
    }

    /// More of it has been found.
    pub(in crate::app) fn find(&mut self, results: QueryResults) {
        self.table.take(&results);
        self.results = results;
        self.at = self.at.min(self.table.order.len().saturating_sub(1));
    }

    /// What it found and what that costs: `2 rows: 40 of 1200 lines matched; scanned 1.3 MB: …`.
    pub fn told(&self) -> String {
        let told = &self.results.statistics;
        let rows = match self.results.rows.len() {
            0 => "no rows".to_owned(),
            1 => "1 row".to_owned(),
            many => format!("{many} rows"),
        };
        format!(
            "{rows}: {} of {} lines matched; {}",
            told.records_matched,
            told.records_scanned,
            scanned_words(told.bytes_scanned)
        )
    }

    /// What is searched: `/ecs/web`, `/ecs/web and /ecs/api`, `3 log groups`; the target's name before they are known.
    pub fn searched(&self) -> String {
        let groups = self.query.iter().flat_map(|query| &query.groups);
        let groups: Vec<&str> = groups.map(Clean::as_str).collect();
        match groups.as_slice() {
            [] => self.wish.target.name().to_string(),
            [one] => (*one).to_owned(),
            [one, two] => format!("{one} and {two}"),
            many => format!("{} log groups", many.len()),
        }
    }

    /// Somebody said yes to the price.
    pub(in crate::app) fn agree(&mut self) {
        if self.stage == QueryStage::Asking {
            self.stage = QueryStage::Running;
        }
    }

    /// The reading of it has ended.
    pub(in crate::app) fn end(&mut self, error: Option<CloudError>) {
        if self.stage == QueryStage::Running {
            self.stage = error.map_or(QueryStage::Over, QueryStage::Failed);
        }
    }

    /// Whether somebody is to say yes to its price.
    pub fn is_a_question(&self) -> bool {
        self.stage == QueryStage::Asking
    }

    /// Whether nothing more will come of it.
    pub fn is_over(&self) -> bool {
        !matches!(
            self.stage,
            QueryStage::Locating(_) | QueryStage::Sizing | QueryStage::Asking | QueryStage::Running
        )
    }

    /// Why the rows are not all that the query would have found, where it ended before its end.
    pub fn broken_off(&self) -> Option<&'static str> {
        if self.stage != QueryStage::Over {
            return None;
        }
        match self.results.status {
            QueryStatus::Complete => None,
            QueryStatus::Timeout => {
                Some("CloudWatch ended the query after 60 minutes: a shorter range is quicker")
            }
            QueryStatus::Cancelled => Some("somebody stopped the query"),
            QueryStatus::Failed => Some("CloudWatch broke the query off"),
            QueryStatus::Scheduled | QueryStatus::Running | QueryStatus::Unknown => {
                Some("CloudWatch does not say how the query ended")
            }
        }
    }
}
