//! The rows of a query as a table that people go through: which columns, how wide, in which order.
//!
//! The invariant: the order names each row once, whatever it is sorted by.

use std::cmp::Ordering;

use super::show::shown_columns;
use crate::domain::QueryResults;
use crate::text::{Clean, width};

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// The field's name.
    pub name: Clean,
    /// Its place in each row.
    pub at: usize,
    /// Terminal columns that its widest cell needs, the heading among them.
    pub width: usize,
    /// All that stands in it are numbers.
    pub is_number: bool,
}

/// By which column a table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSort {
    /// The place of the column among those that are shown, from 0.
    pub column: usize,
    /// The greatest first.
    pub descending: bool,
}

/// How the rows of a query stand on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultTable {
    /// The columns, in CloudWatch's order.
    pub columns: Vec<TableColumn>,
    /// By what somebody sorted it; none: in CloudWatch's order.
    pub sort: Option<TableSort>,
    /// The places of the rows, in the order in which they stand.
    pub order: Vec<usize>,
}

impl ResultTable {
    /// Takes what the query has found so far, and keeps the order that somebody chose.
    pub fn take(&mut self, results: &QueryResults) {
        let columns = shown_columns(results).into_iter();
        self.columns = columns
            .map(|(at, name)| {
                let cells = || results.rows.iter().filter_map(move |row| cell(row, at));
                let widest = cells().map(|cell| width(&one_line(cell))).max();
                TableColumn {
                    name: name.clone(),
                    at,
                    width: widest.unwrap_or(0).max(width(name)),
                    is_number: cells().next().is_some()
                        && cells().all(|cell| number(cell).is_some()),
                }
            })
            .collect();
        self.arrange(results);
    }

    /// Sorts by the next column, or by the one before; behind the last one CloudWatch's order is back.
    pub fn sort_next(&mut self, results: &QueryResults, forward: bool) {
        let next = match (self.sort.map(|sort| sort.column), forward) {
            (None, true) => Some(0),
            (None, false) => self.columns.len().checked_sub(1),
            (Some(at), true) => at.checked_add(1),
            (Some(at), false) => at.checked_sub(1),
        };
        let next = next.filter(|at| *at < self.columns.len());
        self.sort = next.map(|column| TableSort {
            column,
            descending: false,
        });
        self.arrange(results);
    }

    /// Turns the order round. Gives whether there is one.
    pub fn reverse(&mut self, results: &QueryResults) -> bool {
        let Some(sort) = &mut self.sort else {
            return false;
        };
        sort.descending = !sort.descending;
        self.arrange(results);
        true
    }

    /// The name of the column that it is sorted by.
    pub fn sorted_by(&self) -> Option<&Clean> {
        let column = self.columns.get(self.sort?.column)?;
        Some(&column.name)
    }

    fn arrange(&mut self, results: &QueryResults) {
        self.order = (0..results.rows.len()).collect();
        let sorted = self.sort.and_then(|sort| {
            let column = self.columns.get(sort.column)?;
            Some((column.at, column.is_number, sort.descending))
        });
        let Some((at, is_number, descending)) = sorted else {
            return;
        };
        let of = |row: &usize| results.rows.get(*row).and_then(|row| cell(row, at));
        self.order.sort_by(|one, other| {
            let order = match (of(one), of(other)) {
                // What has no such field stands last, whichever way round.
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => return Ordering::Greater,
                (Some(_), None) => return Ordering::Less,
                (Some(one), Some(other)) if is_number => {
                    let (one, other) = (number(one), number(other));
                    one.partial_cmp(&other).unwrap_or(Ordering::Equal)
                }
                (Some(one), Some(other)) => one.cmp(other),
            };
            if descending { order.reverse() } else { order }
        });
    }
}

/// A cell in one line: a message of several is opened to be read.
pub fn one_line(cell: &Clean) -> Clean {
    Clean::new(cell)
}

fn cell(row: &[Option<Clean>], at: usize) -> Option<&Clean> {
    row.get(at)?.as_ref()
}

fn number(cell: &Clean) -> Option<f64> {
    cell.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(rows: &[&[(&str, &str)]]) -> QueryResults {
        let mut results = QueryResults::default();
        for row in rows {
            let clean = |(field, value): &(&str, &str)| (Clean::new(field), Clean::record(value));
            results.push(row.iter().map(clean).collect());
        }
        results
    }

    fn table(results: &QueryResults) -> ResultTable {
        let mut table = ResultTable::default();
        table.take(results);
        table
    }

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them_and_know_numbers() {
        let results = results(&[
            &[("@ptr", "x"), ("level", "error"), ("count", "3")],
            &[("level", "one\ntwo three"), ("count", "12.5")],
        ]);
        let found: Vec<(String, usize, bool)> = table(&results)
            .columns
            .iter()
            .map(|column| (column.name.to_string(), column.width, column.is_number))
            .collect();
        assert_eq!(
            found,
            [
                ("level".to_owned(), 13, false),
                ("count".to_owned(), 5, true)
            ],
            "a cell of several lines stands in one"
        );
    }

    #[test]
    fn numbers_are_sorted_as_numbers_and_what_is_missing_stands_last_both_ways() {
        let results = results(&[
            &[("n", "10"), ("word", "b")],
            &[("n", "9"), ("word", "a")],
            &[("word", "c")],
        ]);
        let mut table = table(&results);
        assert_eq!(table.order, [0, 1, 2]);
        table.sort_next(&results, true);
        assert_eq!(
            (table.order.as_slice(), table.sorted_by()),
            (&[1, 0, 2][..], Some(&Clean::new("n")))
        );
        assert!(table.reverse(&results));
        assert_eq!(table.order, [0, 1, 2]);
        table.sort_next(&results, true);
        assert_eq!(table.order, [1, 0, 2], "words by their letters");
        table.sort_next(&results, true);
        assert_eq!((table.sort, table.order.as_slice()), (None, &[0, 1, 2][..]));
        assert!(!table.reverse(&results), "there is no order to turn round");
        table.sort_next(&results, false);
        assert_eq!(table.sorted_by(), Some(&Clean::new("word")));
    }

    #[test]
    fn what_comes_later_takes_its_place_in_the_order_that_somebody_chose() {
        let mut first = results(&[&[("n", "10")], &[("n", "30")]]);
        let mut table = table(&first);
        table.sort_next(&first, true);
        first.push(vec![(Clean::new("n"), Clean::new("20"))]);
        table.take(&first);
        assert_eq!(table.order, [0, 2, 1]);
    }
}
