//! The journal for the page of an incident: one Markdown table, the same from the console and from the command line.

use super::Record;
use crate::domain::Time;

const HEAD: &str = "| at | who | account, region | what | target | result | why | request id |\n\
|---|---|---|---|---|---|---|---|\n";

/// A Markdown table of writes, the oldest first. It needs nothing around it.
pub fn markdown<'r>(records: impl IntoIterator<Item = &'r Record>) -> String {
    let mut text = HEAD.to_owned();
    for record in records {
        for cell in cells(record) {
            text.push_str("| ");
            escape(&cell, &mut text);
            text.push(' ');
        }
        text.push_str("|\n");
    }
    text
}

fn cells(record: &Record) -> [String; 8] {
    let target = &record.target;
    [
        moment(record.at),
        record.who.to_string(),
        format!("{}, {}", target.account, target.region),
        what(record),
        record.target_words(),
        record.result_words(),
        record.detail().map(ToString::to_string).unwrap_or_default(),
        record.request_ids().join(", "),
    ]
}

fn moment(at: Time) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn what(record: &Record) -> String {
    match record.change_words("->") {
        changes if changes.is_empty() => record.verb.to_string(),
        changes => format!("{}: {changes}", record.verb),
    }
}

/// Adds text that says in a cell of a Markdown table what it says anywhere else. What has a meaning to Markdown in the
/// middle of a line is escaped, and nothing ends the line.
fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        if c.is_control() {
            into.push(' ');
            continue;
        }
        if matches!(
            c,
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '&' | '~' | '$' | '#' | '!'
        ) {
            into.push('\\');
        }
        into.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Line, fold};
    use super::*;

    #[test]
    fn a_cell_cannot_break_out_of_its_table() {
        let mut cell = String::new();
        escape("a|b <c> *d*\n# e `f` ~~g~~ [h](i) \\ &amp;", &mut cell);
        assert_eq!(
            cell,
            r"a\|b \<c\> \*d\* \# e \`f\` \~\~g\~\~ \[h\](i) \\ \&amp;"
        );
    }

    #[test]
    fn each_write_is_a_row_with_who_where_what_and_why() {
        let history = fold(&[
            Line::intent("aaaa1111"),
            Line::ended("aaaa1111", "failed").with("detail", "because | of it\nand more"),
            Line::intent("bbbb2222"),
        ]);
        let table = markdown(history.records());
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows.len(), 4, "{table}");
        assert_eq!(
            rows[2],
            "| 2026-01-01T00:00:00Z | arn:aws:iam::1:user/ann (ann) | 1, r | scale: desired count 2 -\\> 3 \
             | service web | failed | because \\| of it and more | req-1 |"
        );
        assert!(rows[3].contains("| no outcome on record |"), "{table}");
        for row in &rows {
            assert_eq!(row.replace(r"\|", "").matches('|').count(), 9, "{row}");
        }
    }
}
