//! The rows of a query for people and for scripts.

use serde_json::{Map, Value};

use crate::domain::{QueryResults, Time};
use crate::text::Clean;

/// The field by which CloudWatch finds a line again. It says nothing to people.
const POINTER: &str = "@ptr";

/// The places and names of the columns that people look at.
pub fn shown_columns(results: &QueryResults) -> Vec<(usize, &Clean)> {
    let columns = results.columns.iter().enumerate();
    columns.filter(|(_, column)| **column != POINTER).collect()
}

/// The rows as objects: a member for each field that a row has, texts as CloudWatch gives them, moments in RFC 3339.
pub fn documents(results: &QueryResults) -> impl Iterator<Item = Value> {
    results.rows.iter().map(|row| {
        let cells = results.columns.iter().zip(row);
        let members = cells.filter_map(|(column, cell)| {
            let cell = cell.as_ref()?;
            let moment = is_moment(column).then(|| rfc3339(cell)).flatten();
            let text = moment.unwrap_or_else(|| cell.to_string());
            Some((column.to_string(), Value::String(text)))
        });
        Value::Object(members.collect::<Map<_, _>>())
    })
}

/// Whether CloudWatch writes a moment there: a line's own times, and the beginnings of stretches of time.
fn is_moment(column: &str) -> bool {
    matches!(column, "@timestamp" | "@ingestionTime")
        || column.starts_with("bin(")
        || column.starts_with("datefloor(")
}

/// `2026-11-30 12:00:00.000`, which is UTC (source: CloudWatch Logs user guide, "Supported logs and discovered fields").
fn rfc3339(text: &str) -> Option<String> {
    let time: Time = format!("{}Z", text.replacen(' ', "T", 1)).parse().ok()?;
    Some(time.to_string())
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

    #[test]
    fn a_script_gets_what_a_row_has_and_moments_in_its_own_form() {
        let results = results(&[
            &[
                ("@timestamp", "2026-11-30 12:00:00.250"),
                ("@message", "one\ntwo"),
                ("@ptr", "abc"),
            ],
            &[("bin(5m)", "2026-11-30 12:05:00.000"), ("@timestamp", "?")],
        ]);
        let documents: Vec<_> = documents(&results).map(|row| row.to_string()).collect();
        assert_eq!(
            documents,
            [
                r#"{"@timestamp":"2026-11-30T12:00:00.25Z","@message":"one\ntwo","@ptr":"abc"}"#,
                r#"{"@timestamp":"?","bin(5m)":"2026-11-30T12:05:00Z"}"#
            ]
        );
    }

    #[test]
    fn people_do_not_see_pointers() {
        let results = results(&[&[("@ptr", "abc"), ("level", "error")]]);
        assert_eq!(shown_columns(&results), [(1, &Clean::new("level"))]);
    }
}
