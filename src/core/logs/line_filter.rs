//! Which lines of a log are shown.
//!
//! Words are joined by *and*: `word` keeps the lines that have it, `!word` those that have not, `"two words"` is one
//! word, `/expression/` a regular expression, `level:warn` keeps that level and worse, `container:web` one container.
//! Small letters match both; a capital asks for capitals. The engine takes linear time whatever the expression is.

use regex::{Regex, RegexBuilder};

use super::level::Level;
use crate::text::Clean;

/// Bytes that a compiled expression may take.
const EXPRESSION: usize = 1 << 20;

/// A filter as somebody typed it, ready to look at lines.
#[derive(Clone, Debug, Default)]
pub struct LineFilter {
    text: String,
    terms: Vec<Term>,
}

/// [`Regex`] compares not: two filters are the same when the same was typed.
impl PartialEq for LineFilter {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

#[derive(Clone, Debug)]
struct Term {
    without: bool,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Word(String),
    Expression(Regex),
    Level(Level),
    Container(String),
}

impl LineFilter {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// What is wrong with it: a level that does not exist, an expression that cannot be read, a quote that is not closed.
    pub fn new(text: &str) -> Result<Self, Clean> {
        let words = words(text)?;
        Ok(Self {
            text: text.trim().to_owned(),
            terms: words.iter().map(Term::new).collect::<Result<_, _>>()?,
        })
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether every line is shown.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a line of a container is shown. A line without a level passes no `level:`.
    pub fn shows(&self, line: &str, level: Option<Level>, container: &str) -> bool {
        self.terms.iter().all(|term| {
            let has = match &term.what {
                What::Word(word) => has(line, word),
                What::Expression(expression) => expression.is_match(line),
                What::Level(least) => level.is_some_and(|level| level >= *least),
                What::Container(name) => is_container(container, name),
            };
            has != term.without
        })
    }
}

impl Term {
    fn new(word: &Word) -> Result<Self, Clean> {
        let (without, text) = match word.text.strip_prefix('!').filter(|_| !word.quoted) {
            Some(rest) => (true, rest),
            None => (word.without, word.text.as_str()),
        };
        let expression = text
            .strip_prefix('/')
            .and_then(|text| text.strip_suffix('/'));
        let what = match (expression, text.split_once(':')) {
            _ if word.quoted => What::Word(text.to_owned()),
            (Some(expression), _) if !expression.is_empty() => {
                What::Expression(compiled(expression)?)
            }
            (_, Some(("level", name))) => What::Level(Level::named(name).ok_or_else(|| {
                let known: Vec<String> = Level::ALL
                    .iter()
                    .map(|level| level.word().to_lowercase())
                    .collect();
                let name = Clean::new(name);
                Clean::own(format!("no level {name} (available: {})", known.join(", ")))
            })?),
            (_, Some(("container", name))) => What::Container(name.to_owned()),
            _ => What::Word(text.to_owned()),
        };
        Ok(Self { without, what })
    }
}

fn compiled(expression: &str) -> Result<Regex, Clean> {
    RegexBuilder::new(expression)
        .case_insensitive(!expression.chars().any(char::is_uppercase))
        .size_limit(EXPRESSION)
        .build()
        .map_err(|error| {
            // The last line says what is wrong; those before draw where.
            let error = error.to_string();
            let why = error.lines().next_back().unwrap_or_default();
            let why = why.strip_prefix("error: ").unwrap_or(why);
            Clean::new(&format!("cannot read the expression /{expression}/: {why}"))
        })
}

/// Whether a container has a name. Beside the lines of several logs stands `LOG/CONTAINER`: either names it.
fn is_container(container: &str, name: &str) -> bool {
    container.eq_ignore_ascii_case(name)
        || container
            .split('/')
            .any(|part| part.eq_ignore_ascii_case(name))
}

/// Whether a text has a word. Small letters match both; a capital asks for capitals.
fn has(text: &str, word: &str) -> bool {
    if word.chars().any(char::is_uppercase) {
        text.contains(word)
    } else if word.is_ascii() {
        let (text, word) = (text.as_bytes(), word.as_bytes());
        word.is_empty()
            || text
                .windows(word.len())
                .any(|part| part.eq_ignore_ascii_case(word))
    } else {
        text.to_lowercase().contains(word)
    }
}

#[derive(Debug, Default)]
struct Word {
    text: String,
    quoted: bool,
    without: bool,
}

/// Words apart; what is in quotes is one, and so is an expression with its spaces.
fn words(text: &str) -> Result<Vec<Word>, Clean> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (without, inner) = match rest.strip_prefix('!') {
            Some(inner) => (true, inner),
            None => (false, rest),
        };
        if let Some(quoted) = inner.strip_prefix('"') {
            let Some((word, after)) = quoted.split_once('"') else {
                return Err(Clean::literal("a quote is not closed"));
            };
            words.push(Word {
                text: word.to_owned(),
                quoted: true,
                without,
            });
            rest = after.trim_start();
            continue;
        }
        let closing = inner.strip_prefix('/').and_then(|after| {
            after
                .find("/ ")
                .or_else(|| after.ends_with('/').then(|| after.len().saturating_sub(1)))
        });
        let end = closing.map_or_else(
            || rest.find(char::is_whitespace).unwrap_or(rest.len()),
            |closing| {
                rest.len()
                    .saturating_sub(inner.len())
                    .saturating_add(closing)
                    .saturating_add(2)
            },
        );
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if word != "!" {
            words.push(Word {
                text: word.to_owned(),
                ..Word::default()
            });
        }
        rest = after.trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(filter: &str, line: &str) -> bool {
        let filter = LineFilter::new(filter).unwrap();
        filter.shows(line, Level::of(line), "web")
    }

    #[test]
    fn words_are_joined_and_an_exclamation_mark_turns_one_round() {
        let line = "ERROR payment of order 12 failed";
        assert!(shows("", line) && shows("order failed", line) && shows("ERROR", line));
        assert!(!shows("order refund", line) && !shows("!order", line) && !shows("Order", line));
        assert!(shows("!refund !\"order 13\" \"order 12\"", line) && shows("!", line));
    }

    #[test]
    fn a_level_keeps_what_is_worse_and_lines_without_one_do_not_pass() {
        assert!(shows("level:warn", "ERROR a") && shows("level:WARNING", "WARN a"));
        assert!(!shows("level:warn", "INFO a") && !shows("level:trace", "plain"));
        assert!(shows("!level:warn", "INFO a") && shows("!level:warn", "plain"));
        assert!(shows("container:web", "a") && !shows("container:proxy", "a"));
        assert!(
            !shows("container:we", "a"),
            "a part of a name is another container's"
        );
    }

    #[test]
    fn an_expression_may_have_spaces_and_takes_linear_time() {
        assert!(shows("/order \\d+/ failed", "order 12 failed"));
        assert!(!shows("!/order \\d+/", "order 12 failed"));
        let evil = "a".repeat(5_000);
        assert!(!shows("/(a+)+$b/", &evil));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (text, why) in [
            (
                "level:loud",
                "no level loud (available: trace, debug, info, warn, error, fatal)",
            ),
            ("/(/", "cannot read the expression /(/: unclosed group"),
            ("\"open", "a quote is not closed"),
        ] {
            assert_eq!(LineFilter::new(text).unwrap_err(), *why);
        }
        let large = LineFilter::new("/a{1000}{1000}{1000}/").unwrap_err();
        assert!(large.contains("cannot read"), "{large}");
    }

    #[test]
    fn no_text_makes_it_fall_over() {
        for text in [
            "/", "//", "!//", "!\"\"", "level:", ":", "\u{130}/", "/a/b/ c/", "!!x",
        ] {
            let _ = LineFilter::new(text).map(|filter| filter.shows("a/b/ c", None, "web"));
        }
    }
}
