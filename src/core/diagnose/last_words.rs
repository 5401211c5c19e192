//! The last lines of a program's log: the one that says why it ended, and what that names.
//!
//! A line is quoted as it is, but what looks like a secret in it is masked. Nothing is guessed from a line that does
//! not complain.

use std::sync::LazyLock;

use regex::Regex;

use crate::logs::Level;
use crate::text::Clean;

/// A longer line is cut here, in characters.
const LONGEST: usize = 300;

/// The line that says why a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LastWords {
    /// The line, with secrets masked.
    pub(super) line: Clean,
    /// Environment variables that it names.
    pub(super) variables: Vec<Clean>,
}

/// How much a line tells, by its form: what it says of its level beside. The first form that fits counts.
static FORMS: LazyLock<Vec<(u32, Regex)>> = LazyLock::new(|| {
    [
        // The innermost cause of a chain of exceptions.
        (10, r"^Caused by: "),
        // Go, Rust, the JVM, Node, Ruby, .NET, Erlang: the runtime's own last words.
        (9, r"^(fatal error|panic): "),
        (9, r"^thread '.*' (\(\d+\) )?panicked at "),
        (9, r"^Exception in thread "),
        (9, r"(?i)\b(uncaught|unhandled) (exception|error|promise rejection|rejection)\b"),
        (9, r"exec format error|executable file not found|Cannot find module|No module named"),
        // The last line of a traceback.
        (8, r"^([A-Za-z_][\w$]*\.)*[A-Z]\w*(Error|Exception|Exit|Interrupt|Failure|Fault)\b(: |$)"),
        (8, r"^\S+\.rb:\d+:in .*\(.*(Error|Exception)\)"),
        (6, r"(?i)\b(is not set|not set|must be set|is required|is missing|missing required|environment variable)\b"),
        (5, r"(?i)\berror: "),
        (4, r"(?i)\b(cannot|can't|could not|couldn't|failed to|unable to|refused|denied|no such|not found|killed|segfault|segmentation fault|out of memory|address already in use)\b"),
    ]
    .into_iter()
    .filter_map(|(weight, form)| Some((weight, Regex::new(form).ok()?)))
    .collect()
});

/// What a loader, a logger or a person puts before the words: times, levels, names in brackets.
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S*\s+|\d\d:\d\d:\d\d\S*\s+|\[[^\]]{1,40}\]\s*)+").ok()
});

/// What must not be shown of a line.
static SECRETS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // The password of a URL, and of anything that is written like one.
        r"(?P<keep>[A-Za-z][A-Za-z0-9+.-]*://[^\s:/@]*:)[^\s@]+@",
        r#"(?i)(?P<keep>\b[\w.-]*(password|passwd|passphrase|pwd|secret|token|private|api[_-]?key|access[_-]?key|account[_-]?key|[_-]key|[_-]pass|credential|authorization|connection[_-]?string)[\w.-]*["']?\s*[:=]\s*["']?(bearer |basic )?)[^\s"',;&}]+"#,
        // An argument of a command.
        r"(?i)(?P<keep>--?(password|pass|passphrase|token|secret|api-key)[ =])\S+",
        r"(?i)(?P<keep>\bbearer )[\w.~+/=-]{8,}",
        r"\b(?P<keep>AKIA|ASIA|ghp_|gho_|ghs_|github_pat_|xox[a-z]-|sk-|eyJ)[\w.-]{8,}",
    ]
    .into_iter()
    .filter_map(|form| Regex::new(form).ok())
    .collect()
});

/// A name as environment variables have it: capitals with an underscore, or capitals in quotes.
static VARIABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b|['"`]([A-Z][A-Z0-9]{2,})['"`]"#).ok()
});

/// The line that tells most; of two that tell as much the later one. None where no line complains.
pub(super) fn telling(lines: &[Clean]) -> Option<LastWords> {
    let best = lines
        .iter()
        .enumerate()
        .filter_map(|(number, line)| Some((weight(line)?, number, line)))
        .max_by_key(|(weight, number, _)| (*weight, *number));
    let (_, number, line) = best?;
    // Rust tells the message on the line after the place.
    let next = lines
        .get(number + 1)
        .filter(|_| line.trim_end().ends_with(':'));
    let whole = match next {
        Some(next) => format!("{} {}", line.trim(), next.trim()),
        None => line.trim().to_owned(),
    };
    let shown = without_secrets(&whole);
    let cut: String = shown.chars().take(LONGEST).collect();
    Some(LastWords {
        variables: variables(&shown),
        line: Clean::new(&cut),
    })
}

/// A line without its time and brackets.
fn bare(line: &str) -> &str {
    let line = line.trim();
    let length = BEFORE.as_ref().and_then(|form| form.find(line));
    let rest = length
        .and_then(|found| line.get(found.end()..))
        .unwrap_or(line);
    // Rust's and Go's frames, Python's and Java's are indented or begin so.
    rest.trim_start()
}

fn weight(line: &str) -> Option<u32> {
    let words = bare(line);
    let frame = ["at ", "File \"", "Traceback "];
    if words.is_empty() || frame.iter().any(|start| words.starts_with(start)) {
        return None;
    }
    let form = FORMS.iter().find(|(_, form)| form.is_match(words));
    let level = match Level::of(line) {
        Some(Level::Fatal) => Some(7),
        Some(Level::Error) => Some(5),
        _ => None,
    };
    form.map(|(weight, _)| *weight).max(level)
}

/// A line in which what looks like a secret is masked.
pub(super) fn without_secrets(line: &str) -> String {
    SECRETS.iter().fold(line.to_owned(), |line, form| {
        form.replace_all(&line, |found: &regex::Captures<'_>| {
            let keep = found.name("keep").map_or("", |keep| keep.as_str());
            let at = if found.get(0).is_some_and(|all| all.as_str().ends_with('@')) {
                "@"
            } else {
                ""
            };
            format!("{keep}<masked>{at}")
        })
        .into_owned()
    })
}

fn variables(line: &str) -> Vec<Clean> {
    let Some(form) = VARIABLE.as_ref() else {
        return Vec::new();
    };
    let mut found: Vec<Clean> = Vec::new();
    for captures in form.captures_iter(line) {
        let name = captures.get(1).or_else(|| captures.get(2));
        let name = name.map(|name| Clean::new(name.as_str()));
        found.extend(name.filter(|name| !found.contains(name)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Option<(String, Vec<String>)> {
        let lines: Vec<Clean> = lines.iter().map(|line| Clean::new(line)).collect();
        let told = telling(&lines)?;
        let names = told.variables.iter().map(ToString::to_string).collect();
        Some((told.line.to_string(), names))
    }

    fn line(lines: &[&str]) -> String {
        of(lines).map_or_else(String::new, |(line, _)| line)
    }

    #[test]
    fn the_last_words_of_each_runtime_are_found_among_its_other_lines() {
        for (lines, said) in [
            (
                &[
                    "Traceback (most recent call last):",
                    "  File \"/app/main.py\", line 3, in <module>",
                    "    url = os.environ['REDIS_URL']",
                    "KeyError: 'REDIS_URL'",
                ][..],
                "KeyError: 'REDIS_URL'",
            ),
            (
                &[
                    "starting",
                    "panic: runtime error: index out of range [3]",
                    "",
                    "goroutine 1 [running]:",
                    "main.main()",
                    "exit status 2",
                ],
                "panic: runtime error: index out of range [3]",
            ),
            (
                &[
                    "thread 'main' panicked at src/main.rs:4:5:",
                    "no database",
                    "note: run with `RUST_BACKTRACE=1`",
                ],
                "thread 'main' panicked at src/main.rs:4:5: no database",
            ),
            (
                &[
                    "Exception in thread \"main\" java.lang.IllegalStateException: start failed",
                    "\tat com.acme.Main.main(Main.java:9)",
                    "Caused by: java.net.ConnectException: Connection refused",
                    "\t... 3 more",
                ],
                "Caused by: java.net.ConnectException: Connection refused",
            ),
            (
                &[
                    "node:internal/modules/cjs/loader:1228",
                    "  throw err;",
                    "Error: Cannot find module '/app/server.js'",
                    "    at Module._load (node:internal)",
                ],
                "Error: Cannot find module '/app/server.js'",
            ),
            (
                &["exec /usr/local/bin/docker-entrypoint.sh: exec format error"],
                "exec /usr/local/bin/docker-entrypoint.sh: exec format error",
            ),
            (
                &[
                    r#"{"level":"info","msg":"up"}"#,
                    r#"{"level":"fatal","msg":"no database"}"#,
                    r#"{"level":"info","msg":"bye"}"#,
                ],
                r#"{"level":"fatal","msg":"no database"}"#,
            ),
            (
                &[
                    "2026-11-30T09:00:00Z [main] FATAL: password authentication failed for user \"shop\"",
                ],
                "2026-11-30T09:00:00Z [main] FATAL: password authentication failed for user \"shop\"",
            ),
        ] {
            assert_eq!(line(lines), said, "{lines:?}");
        }
    }

    #[test]
    fn lines_that_do_not_complain_say_nothing() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["listening on 8080", "GET / 200", "bye"]), None);
    }

    #[test]
    fn the_variables_that_a_line_names_are_told() {
        let named = |text: &str| of(&[text]).map(|(_, names)| names).unwrap_or_default();
        assert_eq!(named("KeyError: 'REDIS_URL'"), ["REDIS_URL"]);
        assert_eq!(
            named("Error: DB_HOST and DB_PORT must be set"),
            ["DB_HOST", "DB_PORT"]
        );
        assert_eq!(
            named("Error: missing required environment variable \"TOKEN\""),
            ["TOKEN"]
        );
        assert_eq!(named("ERROR: HTTP GET failed"), [""; 0]);
    }

    #[test]
    fn what_looks_like_a_secret_is_masked() {
        for (text, hidden) in [
            (
                "Error: cannot connect to postgres://shop:hunter2@db:5432/shop",
                "hunter2",
            ),
            (
                "ERROR: login failed: password=hunter2, user=shop",
                "hunter2",
            ),
            (r#"FATAL {"api_key": "hunter2"}"#, "hunter2"),
            ("FATAL bad config DB_PASS=hunter2", "hunter2"),
            ("ERROR: MASTER_KEY: hunter2 is too short", "hunter2"),
            ("Error: AccountKey=hunter2;EndpointSuffix=x", "hunter2"),
            ("Error: mysql --password hunter2 failed", "hunter2"),
            (
                "Error: Authorization: Bearer abcdefgh12345678",
                "abcdefgh12345678",
            ),
            (
                "Error: key AKIAIOSFODNN7EXAMPLE is not valid",
                "IOSFODNN7EXAMPLE",
            ),
            (
                "Error: jwt eyJhbGciOiJIUzI1NiJ9.e30.x is expired",
                "hbGciOiJIUzI1NiJ9",
            ),
        ] {
            let shown = line(&[text]);
            assert!(
                shown.contains("<masked>") && !shown.contains(hidden),
                "{shown}"
            );
        }
        let plain = "Error: cannot connect to https://db.example:5432/shop";
        assert_eq!(line(&[plain]), plain);
        let plain = "KeyError: 'REDIS_URL'";
        assert_eq!(line(&[plain]), plain);
    }
}
