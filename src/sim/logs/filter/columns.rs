//! Patterns for columns: `[ip, user, ..., status = 5*, bytes > 1000]`. Columns are parted
//! by spaces; what stands between quotes or brackets is one column.

use super::compare::{Operator, Wanted};
use super::refused::invalid;
use crate::wire::ApiError;

/// A pattern for lines of columns.
#[derive(Debug)]
pub(in crate::logs) struct Columns {
    columns: Vec<Column>,
}

#[derive(Debug)]
enum Column {
    /// Any of these lists of conditions must hold, each as a whole. None: anything goes.
    One(Vec<Vec<(Operator, Wanted)>>),
    /// `...`: any number of columns.
    Rest,
}

impl Columns {
    pub(super) fn parse(pattern: &str) -> Result<Self, ApiError> {
        let inner = pattern
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .ok_or_else(|| invalid("a [ is not closed"))?;
        let columns: Result<Vec<Column>, ApiError> = parts(inner, ",")
            .into_iter()
            .map(|part| Column::parse(part.trim()))
            .collect();
        let columns = columns?;
        let rests = columns
            .iter()
            .filter(|column| matches!(column, Column::Rest))
            .count();
        if rests > 1 {
            return Err(invalid("'...' may stand only once"));
        }
        Ok(Columns { columns })
    }

    pub(super) fn matches(&self, line: &str) -> bool {
        let fields = fields(line);
        let rest = self
            .columns
            .iter()
            .position(|column| matches!(column, Column::Rest));
        let holds = |(column, field): (&Column, &String)| column.holds(field);
        match rest {
            None => {
                self.columns.len() == fields.len() && self.columns.iter().zip(&fields).all(holds)
            }
            Some(at) => {
                let (front, back) = self.columns.split_at(at);
                let back = back.get(1..).unwrap_or_default();
                front.len() + back.len() <= fields.len()
                    && front.iter().zip(&fields).all(holds)
                    && back.iter().rev().zip(fields.iter().rev()).all(holds)
            }
        }
    }
}

impl Column {
    fn parse(text: &str) -> Result<Self, ApiError> {
        if text == "..." {
            return Ok(Column::Rest);
        }
        let mut any = Vec::new();
        for choice in parts(text, "||") {
            let mut all = Vec::new();
            for condition in parts(choice, "&&") {
                let condition = condition
                    .trim()
                    .trim_start_matches('(')
                    .trim_end_matches(')');
                let Some(at) = condition.find(['=', '<', '>', '!']) else {
                    continue;
                };
                let (name, rest) = condition.split_at(at);
                if name.trim().is_empty() {
                    return Err(invalid("a column has no name"));
                }
                let (operator, value) =
                    Operator::lead(rest).ok_or_else(|| invalid("an operator is missing"))?;
                all.push((operator, Wanted::parse(value)?));
            }
            any.push(all);
        }
        Ok(Column::One(any))
    }

    fn holds(&self, field: &str) -> bool {
        let Column::One(any) = self else {
            return true;
        };
        let all = |conditions: &Vec<(Operator, Wanted)>| {
            conditions
                .iter()
                .all(|(operator, wanted)| wanted.holds(*operator, field))
        };
        any.iter().any(all)
    }
}

/// Parts of a text between separators that do not stand in quotes or `%…%`.
fn parts<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut from, mut quote) = (Vec::new(), 0, None);
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '%' => quote = Some(c),
            None if text
                .get(at..)
                .is_some_and(|rest| rest.starts_with(separator)) =>
            {
                parts.push(text.get(from..at).unwrap_or_default());
                from = at + separator.len();
                skip_to = from;
            }
            None => {}
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

/// The columns of a line.
fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut open = None;
    for c in line.chars() {
        match open {
            Some(close) if c == close => open = None,
            Some(_) => field.push(c),
            None if c == '"' => open = Some('"'),
            None if c == '[' => open = Some(']'),
            None if c.is_whitespace() => {
                if !field.is_empty() {
                    fields.push(std::mem::take(&mut field));
                }
            }
            None => field.push(c),
        }
    }
    if !field.is_empty() {
        fields.push(field);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 404 1534";

    fn matches(pattern: &str) -> bool {
        Columns::parse(pattern).unwrap().matches(LINE)
    }

    #[test]
    fn brackets_and_quotes_hold_a_column_together() {
        assert!(matches("[ip, user_id, user, at, request, status, bytes]"));
        assert!(!matches("[ip, user, at, request, status, bytes]"));
        assert!(matches(
            "[ip, id, user, at, request = *index.html*, status, bytes]"
        ));
    }

    #[test]
    fn conditions_of_a_column_compare_text_and_numbers() {
        assert!(matches(
            "[ip, id, user, at, request, status = 4*, bytes > 1000]"
        ));
        assert!(!matches("[ip, id, user, at, request, status = 5*, bytes]"));
        assert!(matches(
            "[ip, id, user, at, request, status=404||status=410, bytes]"
        ));
        assert!(!matches(
            "[ip, id, user != frank, at, request, status, bytes]"
        ));
        assert!(matches("[ip=%127\\.0\\.0\\.[0-9]{1,3}%, ...]"));
    }

    #[test]
    fn an_ellipsis_stands_for_any_number_of_columns() {
        assert!(matches("[..., status = 404, bytes]") && matches("[ip, ..., bytes > 1]"));
        assert!(!matches("[..., status = 500, bytes]"));
        assert!(Columns::parse("[..., a, ...]").is_err());
        assert!(Columns::parse("[a, = 3]").is_err());
    }
}
