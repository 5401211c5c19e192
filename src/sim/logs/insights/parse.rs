//! The query language: commands parted by `|`.

use regex::Regex;

use super::condition::{Condition, Tokens};
use super::names::{bare, field, fields};
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

impl Command {
    fn may_follow_stats(&self) -> bool {
        matches!(self, Self::Sort(_) | Self::Limit(_) | Self::Display(_))
    }
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
        // The columns of `stats`, once it has come.
        let mut measured: Vec<String> = Vec::new();
        for (from, part) in parts(text, '|') {
            let lead = part.len() - part.trim_start().len();
            let part = part.trim();
            if part.is_empty() || part.starts_with('#') {
                continue;
            }
            let (from, to) = (from + lead, from + lead + part.len());
            let command =
                command(part, &measured).map_err(|message| Malformed { message, from, to })?;
            if !measured.is_empty() && !command.may_follow_stats() {
                let message = "only sort, limit and display are simulated after stats".to_owned();
                return Err(Malformed { message, from, to });
            }
            if let Command::Stats { measures, by } = &command {
                measured = measures.iter().map(|(_, name)| name.clone()).collect();
                measured.extend(by.iter().map(Grouping::name));
            }
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

fn command(text: &str, measured: &[String]) -> Result<Command, String> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    match word.to_ascii_lowercase().as_str() {
        _ if rest.is_empty() => Err(format!("'{word}' needs more")),
        "fields" => Ok(Command::Fields(
            parts(rest, ',')
                .into_iter()
                .map(|(_, part)| {
                    let (own, name) = alias(part);
                    Ok((field(own)?, field(name.unwrap_or(own))?))
                })
                .collect::<Result<_, String>>()?,
        )),
        "display" => Ok(Command::Display(columns(rest, measured)?)),
        "filter" => Tokens::condition(rest).map(Command::Filter),
        "sort" => sort_command(rest, measured),
        "limit" | "head" => match rest.parse() {
            Ok(count @ 1..=100_000) => Ok(Command::Limit(count)),
            _ => Err(format!("'{rest}' is no limit between 1 and 100000")),
        },
        "dedup" => fields(parts(rest, ',')).map(Command::Dedup),
        "parse" => parse_command(rest),
        "stats" => stats_command(rest),
        _ => Err(format!("unexpected symbol found {word}")),
    }
}

/// Names of fields, or after `stats` those of its columns.
fn columns(text: &str, measured: &[String]) -> Result<Vec<String>, String> {
    let parts = parts(text, ',').into_iter();
    parts.map(|(_, part)| column(part, measured)).collect()
}

fn column(text: &str, measured: &[String]) -> Result<String, String> {
    let name = bare(text);
    match measured.contains(&name) {
        true => Ok(name),
        false => field(text),
    }
}

fn sort_command(text: &str, measured: &[String]) -> Result<Command, String> {
    let by = parts(text, ',').into_iter().map(|(_, part)| {
        let part = part.trim();
        let (name, descending) = match part.rsplit_once(char::is_whitespace) {
            Some((name, way)) if way.eq_ignore_ascii_case("desc") => (name, true),
            Some((name, way)) if way.eq_ignore_ascii_case("asc") => (name, false),
            _ => (part, false),
        };
        Ok((column(name, measured)?, descending))
    });
    by.collect::<Result<_, String>>().map(Command::Sort)
}

/// `@message "user=* took *" as user, took`, or `@message /(?<user>\w+)/`.
fn parse_command(text: &str) -> Result<Command, String> {
    let (of, rest) = match text.find(['"', '\'', '/']) {
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
    let mut names: Vec<String> = match alias(behind).1 {
        Some(names) => fields(parts(names, ','))?,
        None => Vec::new(),
    };
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
        field: self::field(of)?,
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
    fn after_stats_its_columns_are_sorted_by_the_names_that_they_have() {
        for good in [
            "stats count(*) by bin(5m) | sort bin(5m) desc | limit 3",
            "stats count(*) as n by `a b` | sort n, `a b` | display n",
            "stats count(*) | sort count(*) desc",
        ] {
            assert!(Plan::parse(good).is_ok(), "{good}");
        }
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
            "fields strlen(@message)",
            "fields ms / 1000",
            "sort abs(ms)",
            "stats count(*) by level | filter level = 1",
            "stats count(*) | stats count(*)",
            "stats count(*) by level | sort count(*) by x",
        ] {
            assert!(Plan::parse(bad).is_err(), "{bad}");
        }
    }
}
