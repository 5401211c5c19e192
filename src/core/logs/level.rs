//! How bad a line of a log is, by its own words.
//!
//! Programs say it as a field of JSON or logfmt, as a word in capitals, in brackets, or with their runtime's own first
//! words. Only the beginning of a line is looked at: further on the words are about something else.

use std::fmt;

/// How bad a line is, by the program that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Every step.
    Trace,
    /// For who mends the program.
    Debug,
    /// What happens in the ordinary way.
    Info,
    /// Somebody should look.
    Warn,
    /// Something did not work.
    Error,
    /// The program cannot go on.
    Fatal,
}

/// Bytes of a line that are looked at.
const HEAD: usize = 240;
/// A level without capitals counts only so far from the line's beginning, in bytes.
const PREFIX: usize = 64;

/// What runtimes write first when a program fails.
const FIRST_WORDS: [&str; 6] = [
    "Traceback (most recent call last)",
    "panicked at",
    "Unhandled ",
    "Uncaught ",
    "Segmentation fault",
    "Exception in thread",
];

/// Names of the field that tells the level.
const FIELDS: [&str; 8] = [
    "level",
    "severity",
    "levelname",
    "lvl",
    "log.level",
    "loglevel",
    "log_level",
    "severity_text",
];

impl Level {
    /// All of them, the mildest first.
    pub const ALL: [Self; 6] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Warn,
        Self::Error,
        Self::Fatal,
    ];

    /// The word that is shown, at most five letters.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }

    /// The level of a name, in capitals or not.
    pub fn named(name: &str) -> Option<Self> {
        const NAMES: [(&str, Level); 20] = [
            ("trace", Level::Trace),
            ("verbose", Level::Trace),
            ("debug", Level::Debug),
            ("info", Level::Info),
            ("information", Level::Info),
            ("informational", Level::Info),
            ("notice", Level::Info),
            ("warn", Level::Warn),
            ("warning", Level::Warn),
            ("error", Level::Error),
            ("err", Level::Error),
            ("exception", Level::Error),
            ("severe", Level::Error),
            ("fatal", Level::Fatal),
            ("critical", Level::Fatal),
            ("crit", Level::Fatal),
            ("panic", Level::Fatal),
            ("alert", Level::Fatal),
            ("emerg", Level::Fatal),
            ("emergency", Level::Fatal),
        ];
        let known = NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, level)| *level)
    }

    /// The level of a number, as bunyan and pino write it: 10 is trace, 60 fatal.
    pub fn numbered(number: i64) -> Option<Self> {
        let at = usize::try_from(number)
            .ok()?
            .checked_div(10)?
            .checked_sub(1)?;
        Self::ALL.get(at).copied()
    }

    /// Whether a field of this name tells the level.
    pub(super) fn is_field(name: &str) -> bool {
        FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name))
    }

    /// The level that a line gives itself.
    pub fn of(line: &str) -> Option<Self> {
        let head = head(line);
        let told = if head.trim_start().starts_with('{') {
            in_json(line)
        } else {
            in_logfmt(head)
                .or_else(|| of_glog(head))
                .or_else(|| in_words(head))
        };
        told.or_else(|| {
            let fails = FIRST_WORDS.iter().any(|words| head.contains(words));
            (fails || is_error_name(head)).then_some(Self::Error)
        })
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The beginning of a line, cut between two characters.
fn head(line: &str) -> &str {
    let mut end = HEAD.min(line.len());
    while !line.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    line.get(..end).unwrap_or(line)
}

/// The level in JSON, without reading all of it: lines come by the million.
fn in_json(line: &str) -> Option<Level> {
    FIELDS.iter().find_map(|field| {
        let mut from = 0;
        while let Some(found) = memchr::memmem::find(line.as_bytes().get(from..)?, field.as_bytes())
        {
            let at = from.checked_add(found)?;
            let end = at.checked_add(field.len())?;
            from = end;
            let opened = at.checked_sub(1).and_then(|at| line.as_bytes().get(at)) == Some(&b'"');
            let Some(rest) = line.get(end..)?.strip_prefix('"').filter(|_| opened) else {
                continue;
            };
            let Some(value) = rest.trim_start().strip_prefix(':') else {
                continue;
            };
            return of_value(value.trim_start());
        }
        None
    })
}

/// The level of a value in JSON: a word in quotes, or a number.
fn of_value(value: &str) -> Option<Level> {
    if let Some(word) = value.strip_prefix('"') {
        return Level::named(word.split('"').next()?);
    }
    let number = value.split(|c: char| !c.is_ascii_digit()).next()?;
    Level::numbered(number.parse().ok()?)
}

/// The level in `level=warn`.
fn in_logfmt(head: &str) -> Option<Level> {
    head.split_ascii_whitespace().find_map(|word| {
        let (name, value) = word.split_once('=')?;
        Level::is_field(name).then(|| Level::named(value.trim_matches('"')))?
    })
}

/// The level as glog and klog write it: `E0131 12:00:00.000000`.
fn of_glog(head: &str) -> Option<Level> {
    let mut words = head.split_ascii_whitespace();
    let (first, second) = (words.next()?, words.next()?);
    let (letter, day) = first.split_at_checked(1)?;
    let is_stamp = day.len() == 4 && day.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = second.get(2..3) == Some(":");
    (is_stamp && is_time).then_some(())?;
    match letter {
        "I" => Some(Level::Info),
        "W" => Some(Level::Warn),
        "E" => Some(Level::Error),
        "F" => Some(Level::Fatal),
        _ => None,
    }
}

/// The level as a word in capitals; in small letters only in brackets, or before a colon near the beginning.
fn in_words(head: &str) -> Option<Level> {
    let is_word =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'.' | b'-');
    let bytes = head.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..)?;
        let length = rest.iter().take_while(|byte| is_word(**byte)).count();
        if length == 0 {
            at = at.checked_add(1)?;
            continue;
        }
        let end = at.checked_add(length)?;
        let word = head.get(at..end).unwrap_or_default().trim_end_matches('.');
        if let Some(level) = Level::named(word) {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
            let after = bytes.get(end).copied();
            let closed = matches!(
                (before, after),
                (Some(b'['), Some(b']')) | (Some(b'<'), Some(b'>')) | (Some(b'('), Some(b')'))
            );
            let capitals = word.bytes().all(|byte| byte.is_ascii_uppercase());
            if capitals || closed || (after == Some(b':') && at < PREFIX) {
                return Some(level);
            }
        }
        at = end;
    }
    None
}

/// Whether a line begins with the name of an error: `KeyError: 'x'`, `java.io.IOException: closed`.
fn is_error_name(head: &str) -> bool {
    let end = head.find([':', ' ']).unwrap_or(head.len());
    let (name, rest) = head.split_at_checked(end).unwrap_or((head, ""));
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$'));
    let ends = ["Error", "Exception"].iter().any(|end| name.ends_with(end));
    is_name && ends && name.len() > "Error".len() && (rest.is_empty() || rest.starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_read_in_every_form_in_which_programs_write_it() {
        for (line, level) in [
            ("ERROR render timed out", Level::Error),
            ("2026-01-01 12:00:00,123 WARNING app: slow", Level::Warn),
            ("2026-01-01 12:00:00 [error] upstream closed", Level::Error),
            ("[2026-01-01T12:00:00Z INFO  app] listening", Level::Info),
            ("app[12]: error: cannot bind", Level::Error),
            (r#"{"level":"fatal","msg":"x"}"#, Level::Fatal),
            (r#"{"msg":"level","severity": "WARNING"}"#, Level::Warn),
            (r#"{"time":1,"level":50,"msg":"x"}"#, Level::Error),
            (r#"{"log.level":"debug","message":"x"}"#, Level::Debug),
            ("time=2026 level=warn msg=\"x y\"", Level::Warn),
            ("E0131 12:00:00.000000 1 main.go:3] bad", Level::Error),
            ("thread 'main' panicked at src/main.rs:1:2:", Level::Error),
            ("Traceback (most recent call last):", Level::Error),
            ("KeyError: 'REDIS_URL'", Level::Error),
            ("java.lang.IllegalStateException: no", Level::Error),
            ("npm ERR! code 1", Level::Error),
        ] {
            assert_eq!(Level::of(line), Some(level), "{line}");
        }
    }

    #[test]
    fn ordinary_words_are_no_level() {
        for line in [
            "GET /terror 200",
            "GET /error 200",
            "found no error in 12 files",
            "the warning light is on",
            "ERROR_CODE is 0",
            r#"{"msg":"error while trying","code":2}"#,
            "an Exception to the rule: none",
            "Error",
            "",
        ] {
            assert_eq!(Level::of(line), None, "{line}");
        }
        assert_eq!(Level::of("INFO handled the ERROR"), Some(Level::Info));
        assert_eq!(Level::of("INFO 0 errors"), Some(Level::Info));
    }

    #[test]
    fn a_line_is_cut_between_characters() {
        let line = "\u{1f600}".repeat(100);
        assert_eq!(Level::of(&line), None);
    }
}
