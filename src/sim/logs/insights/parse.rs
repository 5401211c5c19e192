//! The query language: commands parted by `|`.

use regex::Regex;

use super::condition::{Condition, Tokens};
use super::names::bare;
use super::stats::{Grouping, Measure};

/// What is wrong with a query, and from which character to which.
#[derive(Debug, PartialEq)]
pub(super) struct Malformed {
    pub(super) message: String,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// A command.
#[derive(Debug)]
pub(super) enum Command {
    /// Fields with the names under which they are shown.
    Fields(Vec<(String, String)>),
    Display(Vec<String>),
    Filter(Condition),
    /// Fields, each descending or not.
    Sort(Vec<(String, bool)>),
    Limit(usize),
    Dedup(Vec<String>),
    Parse {
        field: String,
        regex: Regex,
        names: Vec<String>,
    },
    Stats {
        measures: Vec<(Measure, String)>,
        by: Vec<Grouping>,
    },
}

/// The commands of a query, in order.
#[derive(Debug)]
pub(super) struct Plan(pub(super) Vec<Command>);

/// Parts of a text between separators outside of quotes, brackets and regular expressions,
/// each with where it begins.
pub(super) fn parts(text: &str, separator: char) -> Vec<(usize, &str)> {
    let (mut parts, mut from, mut open, mut depth) = (Vec::new(), 0, None, 0_i32);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match open {
            Some(close) if c == close && before != '\\' => open = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => open = Some(c),
            // A regular expression, not a division: after `like`, `=~` or a field.
            None if c == '/' && before == ' ' => open = Some('/'),
            None if matches!(c, '(' | '[') => depth += 1,
            None if matches!(c, ')' | ']') => depth -= 1,
            None if c == separator && depth <= 0 => {
                parts.push((from, text.get(from..at).unwrap_or_default()));
                from = at + c.len_utf8();
            }
            None => {}
        }
        before = c;
    }
    parts.push((from, text.get(from..).unwrap_or_default()));
    parts
}

/// A list of names.
fn names(text: &str) -> Vec<String> {
    parts(text, ',')
        .into_iter()
        .map(|(_, name)| bare(name))
        .collect()
}

/// What stands before and behind ` as `.
fn alias(text: &str) -> (&str, Option<&str>) {
    let lower = text.to_ascii_lowercase();
    match lower.rfind(" as ") {
        Some(at) => (
            text.get(..at).unwrap_or_default(),
            text.get(at + 4..).map(str::trim),
        ),
        None => (text, None),
    }
}

impl Plan {
    pub(super) fn parse(text: &str) -> Result<Self, Malformed> {
        let mut commands = Vec::new();
        for (from, part) in parts(text, '|') {
            let lead = part.len() - part.trim_start().len();
            let part = part.trim();
            if part.is_empty() || part.starts_with('#') {
                continue;
            }
            let (from, to) = (from + lead, from + lead + part.len());
            let command = command(part).map_err(|message| Malformed { message, from, to })?;
            commands.push(command);
        }
        if commands.is_empty() {
            let message = "the query is empty".to_owned();
            return Err(Malformed {
                message,
                from: 0,
                to: text.len(),
            });
        }
        Ok(Plan(commands))
    }
}

fn command(text: &str) -> Result<Command, String> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    match word.to_ascii_lowercase().as_str() {
        _ if rest.is_empty() => Err(format!("'{word}' needs more")),
        "fields" => Ok(Command::Fields(
            parts(rest, ',')
                .into_iter()
                .map(|(_, part)| {
                    let (field, name) = alias(part);
                    (bare(field), bare(name.unwrap_or(field)))
                })
                .collect(),
        )),
        "display" => Ok(Command::Display(names(rest))),
        "filter" => Tokens::condition(rest).map(Command::Filter),
        "sort" => Ok(Command::Sort(
            parts(rest, ',')
                .into_iter()
                .map(|(_, part)| {
                    let part = part.trim();
                    match part.rsplit_once(char::is_whitespace) {
                        Some((field, way)) if way.eq_ignore_ascii_case("desc") => {
                            (bare(field), true)
                        }
                        Some((field, way)) if way.eq_ignore_ascii_case("asc") => {
                            (bare(field), false)
                        }
                        _ => (bare(part), false),
                    }
                })
                .collect(),
        )),
        "limit" | "head" => match rest.parse() {
            Ok(count @ 1..=100_000) => Ok(Command::Limit(count)),
            _ => Err(format!("'{rest}' is no limit between 1 and 100000")),
        },
        "dedup" => Ok(Command::Dedup(names(rest))),
        "parse" => parse_command(rest),
        "stats" => stats_command(rest),
        _ => Err(format!("unexpected symbol found {word}")),
    }
}

/// `@message "user=* took *" as user, took`, or `@message /(?<user>\w+)/`.
fn parse_command(text: &str) -> Result<Command, String> {
    let (field, rest) = match text.find(['"', '\'', '/']) {
        Some(0) => ("@message", text),
        Some(at) => text.split_at(at),
        None => return Err("'parse' needs a pattern".to_owned()),
    };
    let quote = rest.chars().next().unwrap_or('"');
    let inner = rest.get(1..).unwrap_or_default();
    let end = inner
        .rfind(quote)
        .ok_or("the pattern of 'parse' is not closed")?;
    let (pattern, behind) = inner.split_at(end);
    let behind = behind.get(1..).unwrap_or_default();
    let mut names: Vec<String> = alias(behind).1.map(names).unwrap_or_default();
    let expression = if quote == '/' {
        pattern.replace("(?<", "(?P<")
    } else {
        regex::escape(pattern).replace(r"\*", "(.*?)") + "$"
    };
    let regex = Regex::new(&expression).map_err(|_| format!("'{pattern}' is no pattern"))?;
    if quote == '/' {
        names = regex.capture_names().flatten().map(str::to_owned).collect();
    }
    if names.is_empty() || names.len() + 1 != regex.captures_len() {
        return Err("the names of 'parse' do not fit its pattern".to_owned());
    }
    Ok(Command::Parse {
        field: bare(field),
        regex,
        names,
    })
}

fn stats_command(text: &str) -> Result<Command, String> {
    let lower = text.to_ascii_lowercase();
    let (measures, by) = match lower.rfind(" by ") {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let mut parsed = Vec::new();
    for (_, part) in parts(measures, ',') {
        let (call, name) = alias(part);
        let measure = Measure::parse(call.trim())?;
        parsed.push((measure, bare(name.unwrap_or(call))));
    }
    let mut groupings = Vec::new();
    if let Some(by) = by.get(4..) {
        for (_, part) in parts(by, ',') {
            groupings.push(Grouping::parse(part.trim())?);
        }
    }
    Ok(Command::Stats {
        measures: parsed,
        by: groupings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_of_the_handbook_is_read() {
        let text = "fields @timestamp, level, message, error.code\n| filter level = \"error\"\n\
                    | sort @timestamp desc\n| limit 20";
        let Plan(commands) = Plan::parse(text).unwrap();
        assert!(matches!(&commands[0], Command::Fields(fields) if fields[3].0 == "error.code"));
        assert!(
            matches!(&commands[2], Command::Sort(by) if *by == [("@timestamp".to_owned(), true)])
        );
        assert!(matches!(commands[3], Command::Limit(20)));
    }

    #[test]
    fn a_bar_in_a_regular_expression_parts_nothing() {
        let Plan(commands) = Plan::parse("filter @message like /a|b/ | limit 5").unwrap();
        assert_eq!(commands.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let error = Plan::parse("fields a | fitler b = 1").unwrap_err();
        assert_eq!((error.from, error.to), (11, 23));
        assert!(error.message.contains("fitler"));
        for bad in [
            "",
            "limit x",
            "filter",
            "stats median(a)",
            "parse @message \"*\" as a, b",
        ] {
            assert!(Plan::parse(bad).is_err(), "{bad}");
        }
    }
}
