//! The columns of a list, as data: the console draws them, filters look into them, rows are sorted by them.
//!
//! The invariant: what a column is filtered by is what it shows.

use std::cmp::Reverse;

use crate::app::model::filter::Filter;
use crate::app::model::list::Sort;
use crate::app::model::viewer::Style;
use crate::domain::Time;
use crate::text::{Align, Clean};

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// As wide as its widest cell, at most so many terminal columns.
    Fit(usize),
    /// What the others leave.
    Rest,
    /// It is not drawn: rows can be filtered and sorted by it.
    Hidden,
}

/// What a row is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// A word.
    Text(Clean),
    /// A number.
    Number(u64),
    /// A time; none comes first.
    Time(Option<Time>),
}

/// A column of a list whose rows are of one type.
pub struct Column<R> {
    /// Names it in filters, `name:value`, and in `sort`.
    pub name: &'static str,
    /// What stands above it.
    pub heading: &'static str,
    /// How wide it is.
    pub width: Width,
    /// At which side its cells stand.
    pub align: Align,
    /// From this width of the pane on it is drawn, in terminal columns.
    pub from: usize,
    /// Plain words of a filter look into it.
    pub filtered: bool,
    /// What it says of a row.
    pub text: fn(&R, Time) -> Clean,
    /// How that is meant.
    pub style: fn(&R) -> Style,
    /// What a row is sorted by; what it says, where nothing else is given.
    key: Option<fn(&R) -> SortKey>,
}

impl<R> Column<R> {
    /// A column as wide as its widest cell.
    pub(in crate::app) const fn new(
        name: &'static str,
        heading: &'static str,
        text: fn(&R, Time) -> Clean,
    ) -> Self {
        Self {
            name,
            heading,
            width: Width::Fit(usize::MAX),
            align: Align::Left,
            from: 0,
            filtered: false,
            text,
            style: |_| Style::Plain,
            key: None,
        }
    }

    /// So wide, from a width of the pane on.
    pub(in crate::app) const fn width(mut self, width: Width, from: usize) -> Self {
        self.width = width;
        self.from = from;
        self
    }

    /// Plain words of a filter look into it.
    pub(in crate::app) const fn filtered(mut self) -> Self {
        self.filtered = true;
        self
    }

    /// Its cells stand at the right.
    pub(in crate::app) const fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }

    /// How its cells are meant.
    pub(in crate::app) const fn style(mut self, style: fn(&R) -> Style) -> Self {
        self.style = style;
        self
    }

    /// What its rows are sorted by.
    pub(in crate::app) const fn key(mut self, key: fn(&R) -> SortKey) -> Self {
        self.key = Some(key);
        self
    }

    fn key_of(&self, row: &R, now: Time) -> SortKey {
        self.key
            .map_or_else(|| SortKey::Text((self.text)(row, now)), |key| key(row))
    }
}

/// The names of columns.
pub(in crate::app) fn names<R>(columns: &[Column<R>]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
}

/// Leaves the rows that a filter shows, sorted where somebody sorts them. Returns how many the filter hides.
pub(in crate::app) fn arrange<R>(
    rows: &mut Vec<R>,
    columns: &[Column<R>],
    filter: &Filter,
    sort: Option<Sort>,
    now: Time,
) -> usize {
    let all = rows.len();
    if !filter.is_empty() {
        let mut matching = filter.matching(&names(columns));
        rows.retain(|row| {
            let texts: Vec<(&Column<R>, Clean)> = columns
                .iter()
                .map(|column| (column, (column.text)(row, now)))
                .collect();
            let cells = |filtered: bool| -> Vec<(&str, &str)> {
                let cells = texts
                    .iter()
                    .filter(|(column, _)| column.filtered == filtered);
                cells
                    .map(|(column, text)| (column.name, text.as_str()))
                    .collect()
            };
            matching.shows_with(&cells(true), &cells(false))
        });
    }
    let by = sort.and_then(|sort| {
        let column = columns.iter().find(|column| column.name == sort.column)?;
        Some((column, sort.descending))
    });
    match by {
        Some((column, false)) => rows.sort_by_cached_key(|row| column.key_of(row, now)),
        Some((column, true)) => rows.sort_by_cached_key(|row| Reverse(column.key_of(row, now))),
        None => {}
    }
    all.saturating_sub(rows.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column<(&str, u64)>; 2] = [
        Column::new("name", "name", |row: &(&str, u64), _| Clean::new(row.0)).filtered(),
        Column::new("waiting", "waiting", |row: &(&str, u64), _| {
            Clean::new(&row.1.to_string())
        })
        .key(|row| SortKey::Number(row.1)),
    ];

    fn arranged(filter: &str, sort: Option<(&'static str, bool)>) -> (Vec<&'static str>, usize) {
        let mut rows = vec![("mails", 9), ("jobs", 10), ("audit", 9)];
        let sort = sort.map(|(column, descending)| Sort { column, descending });
        let filter = Filter::new(filter);
        let hidden = arrange(&mut rows, &COLUMNS, &filter, sort, Time::UNIX_EPOCH);
        (rows.into_iter().map(|row| row.0).collect(), hidden)
    }

    #[test]
    fn rows_are_sorted_by_what_a_column_means_and_else_stay_in_their_order() {
        assert_eq!(arranged("", None).0, ["mails", "jobs", "audit"]);
        assert_eq!(
            arranged("", Some(("name", false))).0,
            ["audit", "jobs", "mails"]
        );
        assert_eq!(
            arranged("", Some(("waiting", true))).0,
            ["jobs", "mails", "audit"],
            "10 is more than 9, and what is the same stays in its order"
        );
    }

    #[test]
    fn what_a_filter_hides_is_counted() {
        assert_eq!(arranged("name:j", None), (vec!["jobs"], 2));
        assert_eq!(arranged("waiting:10", None), (vec!["jobs"], 2));
        assert_eq!(
            arranged("10", None).1,
            3,
            "numbers are not looked into by plain words"
        );
    }
}
